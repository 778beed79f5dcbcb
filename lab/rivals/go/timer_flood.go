// timer-flood: how late sleeps of 1 ms end while two goroutines keep the procs busy with a channel.
//
// The shape is BenchmarkParallelTimerLatency of Go's own time/sleep_test.go, which notes how much later than asked a timer of 1 ms
// comes, with the channel traffic of BenchmarkChanProdCons100 (runtime/chan_test.go) besides, and time.Sleep, which is what people call.

package main

import (
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

func init() { register("timer-flood", workload{run: timerFlood}) }

func timerFlood(n int, _ params) (sample, error) {
	start := time.Now()
	stop := flood()
	late := make([]time.Duration, 0, n)
	for range n {
		asleep := time.Now()
		time.Sleep(time.Millisecond)
		late = append(late, time.Since(asleep)-time.Millisecond)
	}
	stop()
	elapsed := time.Since(start)
	slices.Sort(late)
	return sample{elapsed: elapsed, check: strconv.Itoa(len(late)), values: map[string]any{
		"p50": milliseconds(rank(late, 0.50)),
		"p99": milliseconds(rank(late, 0.99)),
		"max": milliseconds(rank(late, 1)),
	}}, nil
}

// flood lets two goroutines exchange numbers until it is told to stop.
func flood() (stop func()) {
	var stopped atomic.Bool
	var both sync.WaitGroup
	numbers := make(chan int, 64)
	both.Go(func() {
		defer close(numbers)
		for i := 0; !stopped.Load(); i++ {
			numbers <- i
		}
	})
	both.Go(func() {
		sum := 0
		for number := range numbers {
			sum += number
		}
	})
	return func() {
		stopped.Store(true)
		both.Wait()
	}
}

// rank gives the least of the sorted that a part q of all is not above.
func rank(sorted []time.Duration, q float64) time.Duration {
	if len(sorted) == 0 {
		return 0
	}
	return sorted[nearestRank(len(sorted), q)-1]
}
