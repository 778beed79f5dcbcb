// sieve: a chain of goroutines, each of which drops the multiples of one prime.
//
// The prime sieve of Go's documentation and tests (test/chan/sieve1.go in Go's repository), as it stands there: every link is an
// unbuffered channel, and the goroutines of the chain are left parked when enough primes are known.

package main

func init() { register("sieve", timed(sieve)) }

func sieve(n int) int {
	numbers := make(chan int)
	go countFrom(2, numbers)
	var chain <-chan int = numbers
	prime := 0
	for range n {
		prime = <-chain
		rest := make(chan int)
		go dropMultiples(prime, chain, rest)
		chain = rest
	}
	return prime
}

func countFrom(first int, out chan<- int) {
	for i := first; ; i++ {
		out <- i
	}
}

func dropMultiples(prime int, in <-chan int, out chan<- int) {
	for number := range in {
		if number%prime != 0 {
			out <- number
		}
	}
}
