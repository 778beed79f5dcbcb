// stream-sync: filter, map and take over a range, added up.
//
// Since Go 1.23 a lazy sequence is an iter.Seq, a function that a for loop ranges over, and slices and maps of the standard library
// make and take them. The adapters themselves are not in it; these three have the form of those that were proposed for it
// (golang/go issue 61898, package x/exp/xiter: Filter, Map, Limit).

package main

import "iter"

func init() { register("stream-sync", timed(streamSync)) }

func streamSync(n int) int {
	sum := 0
	for number := range take(mapped(filter(naturals(), isEven), addOne), n/2) {
		sum += number
	}
	return sum
}

func isEven(number int) bool { return number%2 == 0 }

func addOne(number int) int { return number + 1 }

func naturals() iter.Seq[int] {
	return func(yield func(int) bool) {
		for i := 0; yield(i); i++ {
		}
	}
}

func filter[T any](items iter.Seq[T], keep func(T) bool) iter.Seq[T] {
	return func(yield func(T) bool) {
		for item := range items {
			if keep(item) && !yield(item) {
				return
			}
		}
	}
}

func mapped[T, U any](items iter.Seq[T], change func(T) U) iter.Seq[U] {
	return func(yield func(U) bool) {
		for item := range items {
			if !yield(change(item)) {
				return
			}
		}
	}
}

// take does not ask for an item more than it gives.
func take[T any](items iter.Seq[T], n int) iter.Seq[T] {
	return func(yield func(T) bool) {
		if n < 1 {
			return
		}
		left := n
		for item := range items {
			left--
			if !yield(item) || left == 0 {
				return
			}
		}
	}
}
