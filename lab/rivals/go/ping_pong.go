// ping-pong: two goroutines and two channels without a buffer; the ball is a number, to which each adds 1.
//
// The shape is the exchange in BenchmarkPingPongHog of Go's own runtime/proc_test.go, without the goroutine that hogs a
// proc: one goroutine answers on the second channel whatever it takes from the first.

package main

func init() { register("ping-pong", timed(pingPong)) }

func pingPong(n int) int {
	ping, pong := make(chan int), make(chan int)
	go func() {
		for ball := range ping {
			pong <- ball + 1
		}
	}()
	ball := 0
	for range n {
		ping <- ball + 1
		ball = <-pong
	}
	close(ping)
	return ball
}
