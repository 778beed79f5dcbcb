// semaphore: a hundred goroutines share ten permits.
//
// The shape is BenchmarkChanSem of Go's own runtime/chan_test.go, and of "Effective Go": a channel whose capacity is the number
// of permits; to send is to take one, to receive is to give it back. golang.org/x/sync/semaphore is for weights other than 1.

package main

import (
	"fmt"
	"runtime"
	"sync/atomic"
)

func init() { register("semaphore", timed(semaphore)) }

func semaphore(n int) string {
	const tasks, total = 100, 10
	permits := make(chan struct{}, total)
	counts := make(chan int, tasks)
	var held holders
	for range tasks {
		go func() {
			count := 0
			for range n / tasks {
				permits <- struct{}{}
				held.enter()
				count++
				runtime.Gosched()
				held.leave()
				<-permits
			}
			counts <- count
		}()
	}
	sum := 0
	for range tasks {
		sum += <-counts
	}
	return fmt.Sprintf("%d/%d", sum, held.most.Load())
}

// holders counts those who hold a permit, and keeps the most there were at once.
type holders struct{ now, most atomic.Int64 }

func (h *holders) enter() {
	now := h.now.Add(1)
	for most := h.most.Load(); now > most; most = h.most.Load() {
		if h.most.CompareAndSwap(most, now) {
			return
		}
	}
}

func (h *holders) leave() { h.now.Add(-1) }
