// pipeline: jobs to four workers, and their results to one collector.
//
// The shape is the fan-out and fan-in of "Go Concurrency Patterns: Pipelines and cancellation" on the blog of Go: who sends on a
// channel closes it, the workers range over the same channel, and a WaitGroup knows when the last of them is done.

package main

import "sync"

const (
	pipelineWorkers = 4
	modulus         = 1_000_003
)

func init() { register("pipeline", timed(pipeline)) }

func pipeline(n int) int {
	jobs := produce(n)
	results := make(chan int, 64)
	var working sync.WaitGroup
	for range pipelineWorkers {
		working.Go(func() {
			for job := range jobs {
				results <- job * job % modulus
			}
		})
	}
	go func() {
		working.Wait()
		close(results)
	}()
	sum := 0
	for result := range results {
		sum += result
	}
	return sum
}
