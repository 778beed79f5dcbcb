// spawn-join: waves of 1,000 goroutines, each of which returns its number.
//
// The shape is BenchmarkCreateGoroutinesSingle of Go's own runtime/proc_test.go: go, and a WaitGroup. A goroutine has no
// handle and returns nothing, so each writes into a place of its own in a slice, which needs no lock and, unlike a
// channel of results, keeps which result is whose. That is how golang.org/x/sync/errgroup is used as well.

package main

import "sync"

const wave = 1000

func init() { register("spawn-join", timed(spawnJoin)) }

func spawnJoin(n int) int {
	sum := 0
	results := make([]int, wave)
	for first := 0; first < n; first += wave {
		joined := results[:min(wave, n-first)]
		spawnWave(first, joined)
		for _, result := range joined {
			sum += result
		}
	}
	return sum
}

func spawnWave(first int, results []int) {
	var running sync.WaitGroup
	running.Add(len(results))
	for i := range results {
		go func() {
			results[i] = first + i
			running.Done()
		}()
	}
	running.Wait()
}
