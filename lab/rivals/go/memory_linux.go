// Resident memory on Linux: VmRSS and VmHWM of /proc/self/status.

package main

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
)

func residentBytes() (int, error) { return status("VmRSS:") }

func peakBytes() (int, error) { return status("VmHWM:") }

func status(key string) (int, error) {
	text, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0, errNoMemory
	}
	_, rest, found := bytes.Cut(text, []byte("\n"+key))
	fields := bytes.Fields(rest)
	if !found || len(fields) == 0 {
		return 0, errNoMemory
	}
	kilobytes, err := strconv.Atoi(string(fields[0]))
	if err != nil {
		return 0, fmt.Errorf("%s %w", key, err)
	}
	return kilobytes * 1024, nil
}
