// mutex: a hundred goroutines add to a number behind a lock.
//
// The shape is BenchmarkMutexSlack of Go's own sync/mutex_test.go: many more goroutines than procs on one sync.Mutex. An
// atomic number would be faster, and is what Go would use for a count alone; the lock is what is measured.

package main

import "sync"

func init() { register("mutex", timed(mutex)) }

func mutex(n int) int {
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
				number++
				lock.Unlock()
			}
		})
	}
	done.Wait()
	return number
}
