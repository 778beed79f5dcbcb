// parked-task: goroutines parked on a receive from one common channel, which is then closed.
//
// To close a channel on which all wait is how Go tells many goroutines at once (a done channel, context.Done). It starts cold, as
// parked-memory does, and for the same reason.

package main

import (
	"strconv"
	"sync/atomic"
	"time"
)

func init() { register("parked-task", workload{cold: true, run: parkedTask}) }

func parkedTask(n int, _ params) (sample, error) {
	before, err := residentBytes()
	if err != nil {
		return sample{}, err
	}
	start := time.Now()
	var started, woken atomic.Int64
	common, done := make(chan struct{}), make(chan struct{})
	for range n {
		go func() {
			started.Add(1)
			<-common
			if woken.Add(1) == int64(n) {
				close(done)
			}
		}()
	}
	waitUntilParked(&started, n)
	values, err := memoryGrowth(before, n)
	if err != nil {
		return sample{}, err
	}
	close(common)
	<-done
	return sample{elapsed: time.Since(start), check: strconv.FormatInt(woken.Load(), 10), values: values}, nil
}
