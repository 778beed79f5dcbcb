// buffered: one goroutine sends numbers to another over a channel with a buffer of 64.
//
// The shape is BenchmarkChanProdCons100 of Go's own runtime/chan_test.go, with the lab's buffer, one producer and one
// consumer. In Go only the capacity tells this from the rendezvous, so the code is the same.

package main

func init() { register("buffered", timed(buffered)) }

func buffered(n int) int { return produceAndConsume(n, 64) }
