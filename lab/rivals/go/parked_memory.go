// parked-memory: goroutines parked on a receive, each from a mailbox of its own with room for 64 numbers.
//
// An actor in Go is a goroutine that ranges over a channel it owns. A channel's buffer is allocated whole when it is made, and a
// goroutine starts with a stack of 2 KB. It starts cold: what a warm-up leaves behind, stacks that wait to be used again, would be
// taken for free.

package main

import (
	"strconv"
	"sync/atomic"
	"time"
)

func init() { register("parked-memory", workload{cold: true, run: parkedMemory}) }

func parkedMemory(n int, _ params) (sample, error) {
	before, err := residentBytes()
	if err != nil {
		return sample{}, err
	}
	start := time.Now()
	var started, received atomic.Int64
	done := make(chan struct{})
	mailboxes := make([]chan int, n)
	for i := range mailboxes {
		mailbox := make(chan int, 64)
		mailboxes[i] = mailbox
		go func() {
			started.Add(1)
			<-mailbox
			if received.Add(1) == int64(n) {
				close(done)
			}
		}()
	}
	waitUntilParked(&started, n)
	values, err := memoryGrowth(before, n)
	if err != nil {
		return sample{}, err
	}
	for i, mailbox := range mailboxes {
		mailbox <- i
	}
	<-done
	return sample{elapsed: time.Since(start), check: strconv.FormatInt(received.Load(), 10), values: values}, nil
}
