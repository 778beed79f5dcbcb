// Resident memory on macOS: getrusage knows the most it ever was, in bytes, and not what it is.

package main

import "syscall"

func residentBytes() (int, error) { return 0, errNoMemory }

func peakBytes() (int, error) {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		return 0, errNoMemory
	}
	return int(usage.Maxrss), nil
}
