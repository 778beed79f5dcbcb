//go:build !linux && !darwin

// Resident memory where the standard library has no means to ask for it.

package main

func residentBytes() (int, error) { return 0, errNoMemory }

func peakBytes() (int, error) { return 0, errNoMemory }
