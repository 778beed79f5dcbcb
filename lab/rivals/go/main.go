// The Go contestant of the lab: a program that does one of the lab's workloads once, and prints one line of JSON.
//
// Each workload is a file that registers itself, and depends on the standard library alone. The number of procs is what
// Go itself reads from the environment variable GOMAXPROCS; the collector and everything else stay as they are by
// default.
package main

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"runtime"
	"strconv"
	"strings"
	"time"
)

// A sample is what one run of a workload gives.
type sample struct {
	elapsed time.Duration
	check   string
	values  map[string]any
}

// params are the named numbers that some workloads take besides the size.
type params map[string]int

type workload struct {
	// cold says that the sample is the first thing the process does, without a warm-up.
	cold bool
	// defaults names the parameters, and what they are unless given.
	defaults params
	run      func(size int, p params) (sample, error)
}

var workloads = map[string]workload{}

func register(name string, w workload) { workloads[name] = w }

// timed makes a workload of a function whose whole call is the work, and whose result is the check.
func timed[T any](work func(size int) T) workload {
	return workload{run: func(size int, _ params) (sample, error) {
		start := time.Now()
		check := work(size)
		return sample{elapsed: time.Since(start), check: fmt.Sprint(check)}, nil
	}}
}

func main() {
	if err := run(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(args []string, out io.Writer) error {
	if len(args) < 2 {
		return fmt.Errorf("usage: <workload> <size> [<parameter>=<value> …]")
	}
	name := args[0]
	w, ok := workloads[name]
	if !ok {
		return missing(name, out)
	}
	size, err := strconv.Atoi(args[1])
	if err != nil || size < 0 {
		return fmt.Errorf("the size must be a whole number: %q", args[1])
	}
	p, err := w.parse(args[2:])
	if err != nil {
		return err
	}
	s, err := w.measure(size, p)
	if err == errNoMemory {
		return missing(name, out)
	}
	if err != nil {
		return err
	}
	return printSample(out, name, size, s)
}

// parse takes a parameter that it does not know for a mistake: what is measured would not be what was asked for.
func (w workload) parse(args []string) (params, error) {
	p := maps.Clone(w.defaults)
	for _, arg := range args {
		name, text, _ := strings.Cut(arg, "=")
		if _, known := p[name]; !known {
			return nil, fmt.Errorf("no such parameter: %q", arg)
		}
		value, err := strconv.Atoi(text)
		if err != nil || value < 1 {
			return nil, fmt.Errorf("a parameter must be a whole number of at least 1: %q", arg)
		}
		p[name] = value
	}
	return p, nil
}

func (w workload) measure(size int, p params) (sample, error) {
	if !w.cold {
		if _, err := w.run(max(1, size/10), p); err != nil {
			return sample{}, err
		}
		// As testing.B does before each run: the garbage of what went before is not part of the sample.
		runtime.GC()
	}
	return w.run(size, p)
}

func printSample(out io.Writer, name string, size int, s sample) error {
	if s.values == nil {
		s.values = map[string]any{}
	}
	return json.NewEncoder(out).Encode(struct {
		Workload string         `json:"workload"`
		Size     int            `json:"size"`
		Ms       float64        `json:"ms"`
		Check    string         `json:"check"`
		Values   map[string]any `json:"values"`
	}{name, size, milliseconds(s.elapsed), s.check, s.values})
}

func missing(name string, out io.Writer) error {
	return json.NewEncoder(out).Encode(struct {
		Workload string `json:"workload"`
		Missing  bool   `json:"missing"`
	}{name, true})
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
