// map-concurrent: timers of 1 ms, so many at once.
//
// A goroutine for each, and a channel with a buffer of 64 that holds back whoever starts them: the "limited" form of a counting
// semaphore in "Effective Go", and what SetLimit of golang.org/x/sync/errgroup does. A timer is a sleep.

package main

import (
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

const (
	nap    = time.Millisecond
	atOnce = 64
)

func init() { register("map-concurrent", workload{run: mapConcurrent}) }

func mapConcurrent(n int, _ params) (sample, error) {
	one := oneTimer((n + atOnce - 1) / atOnce)
	start := time.Now()
	var ended atomic.Int64
	var all sync.WaitGroup
	slots := make(chan struct{}, atOnce)
	for range n {
		slots <- struct{}{}
		all.Go(func() {
			time.Sleep(nap)
			ended.Add(1)
			<-slots
		})
	}
	all.Wait()
	elapsed := time.Since(start)
	values := map[string]any{"timer": milliseconds(one)}
	return sample{elapsed: elapsed, check: strconv.FormatInt(ended.Load(), 10), values: values}, nil
}

// oneTimer is the median of how long one alone takes.
func oneTimer(rounds int) time.Duration {
	times := make([]time.Duration, rounds)
	for i := range times {
		start := time.Now()
		time.Sleep(nap)
		times[i] = time.Since(start)
	}
	slices.Sort(times)
	return times[rounds/2]
}
