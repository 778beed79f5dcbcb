// timers: a thousand goroutines with as many pending timers each, all of which are cancelled by one message to each goroutine.
//
// The shape is BenchmarkStartStop1000 and BenchmarkStop/impl=func of Go's own time/sleep_test.go. The timers are made by
// AfterFunc, and not by NewTimer: since Go 1.23, a timer with a channel is in the runtime's heap of timers only while
// somebody is blocked on that channel, so that a million of those would not be pending at all.

package main

import (
	"sync"
	"sync/atomic"
	"time"
)

const timerTasks = 1000

func init() { register("timers", timed(timers)) }

func timers(n int) int64 {
	var set, done sync.WaitGroup
	var stopped atomic.Int64
	set.Add(timerTasks)
	messages := make([]chan struct{}, timerTasks)
	for t := range messages {
		message := make(chan struct{})
		messages[t] = message
		done.Go(func() {
			pending := setTimers(t, n/timerTasks)
			set.Done()
			<-message
			if stopAll(pending) {
				stopped.Add(1)
			}
		})
	}
	set.Wait()
	for _, message := range messages {
		message <- struct{}{}
	}
	done.Wait()
	return stopped.Load()
}

func setTimers(t, n int) []*time.Timer {
	pending := make([]*time.Timer, n)
	for i := range pending {
		delay := 60_000 + (t*7919+i*104_729)%600_000
		pending[i] = time.AfterFunc(time.Duration(delay)*time.Millisecond, func() {})
	}
	return pending
}

// stopAll says whether none had expired.
func stopAll(pending []*time.Timer) bool {
	all := true
	for _, timer := range pending {
		all = timer.Stop() && all
	}
	return all
}
