// oneshot: a request to a fresh goroutine, and its response, one after the other.
//
// Go has no oneshot: a channel of capacity 1 is the convention (net/rpc's Call.Done, "Effective Go", channels of
// channels). The capacity lets the one who answers leave without waiting for the one who asked.

package main

func init() { register("oneshot", timed(oneshot)) }

func oneshot(n int) int {
	sum := 0
	for i := range n {
		reply := make(chan int, 1)
		go func() { reply <- i + 1 }()
		sum += <-reply
	}
	return sum
}
