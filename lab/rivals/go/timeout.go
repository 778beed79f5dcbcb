// timeout: a goroutine asks another, and waits for each answer with a limit.
//
// The select of a receive and a timer is that of the documentation of time.After. The timer is reset for each wait, which
// Go 1.23 made safe without draining its channel, and is quicker than a timer anew for each.

package main

import "time"

func init() { register("timeout", timed(timeout)) }

func timeout(n int) int {
	questions, answers := make(chan int), make(chan int)
	go func() {
		for question := range questions {
			answers <- question + 1
		}
	}()
	const limit = time.Minute
	timer := time.NewTimer(limit)
	defer timer.Stop()
	sum := 0
	for i := range n {
		questions <- i
		timer.Reset(limit)
		select {
		case answer := <-answers:
			sum += answer
		case <-timer.C:
			panic("there was no answer within a minute")
		}
	}
	close(questions)
	return sum
}
