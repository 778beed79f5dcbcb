// mutex-held: a hundred goroutines add to a number behind a lock, and give way to others while they hold it.
//
// The shape is BenchmarkMutexWorkSlack of Go's own sync/mutex_test.go: more goroutines than procs, and something to do under the
// lock, which here is runtime.Gosched.

package main

import (
	"runtime"
	"sync"
)

func init() { register("mutex-held", timed(mutexHeld)) }

func mutexHeld(n int) int {
	const tasks = 100
	var (
		lock   sync.Mutex
		number int
		done   sync.WaitGroup
	)
	for range tasks {
		done.Go(func() {
			for range n / tasks {
				lock.Lock()
				before := number
				runtime.Gosched()
				number = before + 1
				lock.Unlock()
			}
		})
	}
	done.Wait()
	return number
}
