// rendezvous: one goroutine sends numbers to another over a channel without a buffer.
//
// The shape is BenchmarkChanProdCons0 of Go's own runtime/chan_test.go, with one producer and one consumer, and a
// consumer that adds up. It is what anybody who writes Go would write first: the producer closes, the consumer ranges.

package main

func init() { register("rendezvous", timed(rendezvous)) }

func rendezvous(n int) int { return produceAndConsume(n, 0) }

func produceAndConsume(n, buffer int) int {
	numbers := make(chan int, buffer)
	go func() {
		defer close(numbers)
		for i := range n {
			numbers <- i
		}
	}()
	sum := 0
	for number := range numbers {
		sum += number
	}
	return sum
}
