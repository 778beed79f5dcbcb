// stream-async, stream-loop: filter and map over what another goroutine produces, added up.
//
// The source is a goroutine with a channel with a buffer of 64, as in "Go Concurrency Patterns: Pipelines and cancellation" on
// the blog of Go. Filter and map are the adapters of stream-sync, over the channel as a sequence: they compute and never wait,
// so a goroutine and a channel for each, as before iterators, would only add two hand-overs to each item. It is also what
// Tokio does: one task produces, and the adapters run in the one that consumes. What adds up is a loop, in both workloads.

package main

import "iter"

func init() {
	register("stream-async", timed(streamAsync))
	register("stream-loop", timed(streamAsync))
}

func streamAsync(n int) int {
	sum := 0
	for number := range mapped(filter(received(produce(n)), isEven), addOne) {
		sum += number
	}
	return sum
}

func produce(n int) <-chan int {
	numbers := make(chan int, 64)
	go func() {
		defer close(numbers)
		for i := range n {
			numbers <- i
		}
	}()
	return numbers
}

func received[T any](items <-chan T) iter.Seq[T] {
	return func(yield func(T) bool) {
		for item := range items {
			if !yield(item) {
				return
			}
		}
	}
}
