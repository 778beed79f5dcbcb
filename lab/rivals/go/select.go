// select, select-anew: one goroutine takes from four channels with a buffer of 64, each filled by a goroutine of its own.
//
// The shape is BenchmarkSelectAsyncContended and BenchmarkSelectProdCons of Go's own runtime/chan_test.go. The select
// statement is written out case by case: reflect.Select is for numbers of channels that are not known beforehand, and is
// much slower. A select statement is made anew each time it is come to, so that the two workloads are the same here.

package main

func init() {
	register("select", timed(selectFour))
	register("select-anew", timed(selectFour))
}

func selectFour(n int) int {
	quarter := n / 4
	a, b, c, d := counter(quarter), counter(quarter), counter(quarter), counter(quarter)
	sum := 0
	for range 4 * quarter {
		select {
		case number := <-a:
			sum += number
		case number := <-b:
			sum += number
		case number := <-c:
			sum += number
		case number := <-d:
			sum += number
		}
	}
	return sum
}

// counter gives 0 … n − 1. It isn't closed: who selects knows how many there are.
func counter(n int) <-chan int {
	numbers := make(chan int, 64)
	go func() {
		for i := range n {
			numbers <- i
		}
	}()
	return numbers
}
