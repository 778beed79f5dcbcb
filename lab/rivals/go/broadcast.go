// broadcast: one goroutine sends every number to eight others.
//
// Go has no broadcast that carries values. What is written by hand everywhere is a loop that forwards each value to a channel per
// subscriber, as here: the hub of the chat example of gorilla/websocket and the broadcaster of "The Go Programming
// Language" (ch. 8.10) have this loop. No benchmark of it is published with Go. The capacity is 1,024, and after each 512 the
// sender takes a credit from every receiver, so that none is ever behind by more than that.

package main

const (
	subscribers = 8
	capacity    = 1024
	batch       = 512
)

func init() { register("broadcast", timed(broadcast)) }

func broadcast(n int) int {
	credits := make(chan struct{}, subscribers)
	sums := make(chan int, subscribers)
	channels := make([]chan int, subscribers)
	for i := range channels {
		channels[i] = make(chan int, capacity)
		go func() { sums <- subscribe(channels[i], credits) }()
	}
	forward(n, channels, credits)
	sum := 0
	for range channels {
		sum += <-sums
	}
	return sum
}

func forward(n int, channels []chan int, credits <-chan struct{}) {
	for i := range n {
		for _, channel := range channels {
			channel <- i
		}
		if (i+1)%batch == 0 {
			for range channels {
				<-credits
			}
		}
	}
	for _, channel := range channels {
		close(channel)
	}
}

func subscribe(numbers <-chan int, credits chan<- struct{}) int {
	sum, received := 0, 0
	for number := range numbers {
		sum += number
		received++
		if received%batch == 0 {
			credits <- struct{}{}
		}
	}
	return sum
}
