// wake: goroutines park on one channel, and each is given one message.
//
// The shape is a worker pool whose workers all wait on the channel of jobs; Go publishes no benchmark of it at this size
// (BenchmarkChanPopular of runtime/chan_test.go has a thousand on one channel). The channel has no buffer, so that every send
// takes the goroutine that waited longest off the channel's queue, hands it the value and makes it runnable. The time is that from
// the first message, when all are parked, until the last goroutine has run.

package main

import (
	"strconv"
	"sync/atomic"
	"time"
)

func init() { register("wake", workload{run: wake}) }

func wake(n int, _ params) (sample, error) {
	messages := make(chan int)
	var started, woken atomic.Int64
	done := make(chan struct{})
	for range n {
		go func() {
			started.Add(1)
			<-messages
			if woken.Add(1) == int64(n) {
				close(done)
			}
		}()
	}
	waitUntilParked(&started, n)
	start := time.Now()
	for i := range n {
		messages <- i
	}
	<-done
	return sample{elapsed: time.Since(start), check: strconv.FormatInt(woken.Load(), 10)}, nil
}
