// What the process holds in memory: the resident bytes now, and the most they ever were. Where the system does not say,
// readings are errNoMemory. How they are read is in memory_<system>.go.

package main

import (
	"errors"
	"sync/atomic"
	"time"
)

var errNoMemory = errors.New("this system does not say how much memory is resident")

// memoryGrowth says by how many bytes per task the resident memory grew since it was before.
func memoryGrowth(before, tasks int) (map[string]any, error) {
	now, err := residentBytes()
	if err != nil {
		return nil, err
	}
	return map[string]any{"bytes": float64(now-before) / float64(tasks)}, nil
}

// waitUntilParked returns when n tasks, each of which counts itself and then waits for something, all wait. Between the two
// a task has only a few instructions to go; the pause is long enough for those.
func waitUntilParked(started *atomic.Int64, n int) {
	for started.Load() < int64(n) {
		time.Sleep(time.Millisecond)
	}
	time.Sleep(5 * time.Millisecond)
}
