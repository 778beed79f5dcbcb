// watch: one goroutine sets a number, and four others wait for it to change.
//
// Go has no watch. What is customary is a mutex around the value and a channel that is closed, and replaced, when the value changes:
// "Rethinking Classical Concurrency Patterns" (Bryan C. Mills, GopherCon 2018) has it in place of sync.Cond, since a channel can
// also stand in a select. A sync.Cond, as in BenchmarkCond4 of Go's own sync/cond_test.go, was tried: about a tenth slower on one
// proc, and a tenth to a fifth faster on two.

package main

import (
	"fmt"
	"runtime"
	"sync"
)

const watchers = 4

func init() { register("watch", timed(watch)) }

func watch(n int) string {
	w := &watched{changed: make(chan struct{})}
	reports := make(chan report, watchers)
	for range watchers {
		go func() { reports <- w.watch(n) }()
	}
	for i := range n {
		w.set(i + 1)
		runtime.Gosched()
	}
	saw, violations := 0, 0
	for range watchers {
		r := <-reports
		violations += r.violations
		if r.seen == n {
			saw++
		}
	}
	return fmt.Sprintf("%d/%d", saw, violations)
}

type watched struct {
	lock    sync.Mutex
	value   int
	changed chan struct{}
}

func (w *watched) set(value int) {
	w.lock.Lock()
	defer w.lock.Unlock()
	w.value = value
	close(w.changed)
	w.changed = make(chan struct{})
}

// get gives the value, and the channel that is closed when there is another.
func (w *watched) get() (int, <-chan struct{}) {
	w.lock.Lock()
	defer w.lock.Unlock()
	return w.value, w.changed
}

// A report says what a watcher saw last, and how often that was not greater than what it saw before.
type report struct{ seen, violations int }

func (w *watched) watch(last int) report {
	var r report
	seen, changed := w.get()
	for seen < last {
		<-changed
		before := seen
		seen, changed = w.get()
		if seen <= before {
			r.violations++
		}
	}
	r.seen = seen
	return r
}
