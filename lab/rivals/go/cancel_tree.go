// cancel-tree: a context with many children, made, and then cancelled by the parent.
//
// The shape is BenchmarkCommonParentCancel and BenchmarkCancelTree of Go's own context/benchmark_test.go, with one level and many children.
// To cancel marks every child before it returns; each is then asked by Err, as a loop that works would ask.

package main

import "context"

// A child keeps its own cancel as well: whoever makes a context has to call it when the work is done.
type child struct {
	ctx    context.Context
	cancel context.CancelFunc
}

func init() { register("cancel-tree", timed(cancelTree)) }

func cancelTree(n int) int {
	parent, cancel := context.WithCancel(context.Background())
	children := make([]child, n)
	for i := range children {
		ctx, stop := context.WithCancel(parent)
		children[i] = child{ctx, stop}
	}
	cancel()
	cancelled := 0
	for _, child := range children {
		if child.ctx.Err() != nil {
			cancelled++
		}
	}
	return cancelled
}
