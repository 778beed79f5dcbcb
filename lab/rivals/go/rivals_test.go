package main

import (
	"bytes"
	"encoding/json"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// What each workload must compute, worked out by hand from the lab's table.
var expected = []struct {
	name  string
	size  int
	check string
}{
	{"empty", 0, "0"},
	{"headline", 20_000, "20000"},
	{"rendezvous", 1000, "499500"},
	{"buffered", 1000, "499500"},
	{"ping-pong", 1000, "2000"},
	{"spawn-join", 10_000, "49995000"},
	{"spawn-join", 1500, "1124250"},
	{"oneshot", 1000, "500500"},
	{"select", 1000, "124500"},
	{"select-anew", 1000, "124500"},
	{"timers", 10_000, "1000"},
	{"timeout", 1000, "500500"},
	{"mutex", 10_000, "10000"},
	{"mutex-held", 10_000, "10000"},
	{"semaphore", 10_000, "10000/10"},
	{"broadcast", 2000, "15992000"},
	{"broadcast", 512, "1046528"},
	{"watch", 10_000, "4/0"},
	{"stream-sync", 10_000, "25000000"},
	{"stream-async", 10_000, "25000000"},
	{"stream-loop", 10_000, "25000000"},
	{"map-concurrent", 1000, "1000"},
	{"sieve", 100, "541"},
	{"pipeline", 1000, "332833500"},
	{"wake", 10_000, "10000"},
	{"cancel-tree", 10_000, "10000"},
	{"parked-memory", 10_000, "10000"},
	{"parked-task", 10_000, "10000"},
	{"timer-flood", 20, "20"},
}

func TestEachWorkloadComputesWhatItMust(t *testing.T) {
	for _, e := range expected {
		t.Run(e.name, func(t *testing.T) {
			w, ok := workloads[e.name]
			if !ok {
				t.Fatal("it is not registered")
			}
			s, err := w.run(e.size, w.defaults)
			if err == errNoMemory {
				t.Skip(err)
			}
			if err != nil {
				t.Fatal(err)
			}
			if s.check != e.check {
				t.Errorf("got %q, want %q", s.check, e.check)
			}
		})
	}
	for name := range workloads {
		if !slices.ContainsFunc(expected, func(e struct {
			name  string
			size  int
			check string
		}) bool {
			return e.name == name
		}) {
			t.Errorf("%s is not tested", name)
		}
	}
}

func TestHeadline(t *testing.T) {
	for _, p := range []params{
		{"actors": 10_000, "inflight": 1000},
		{"actors": 100, "inflight": 60},
		{"actors": 7, "inflight": 3},
		{"actors": 10, "inflight": 60},
	} {
		s, err := headline(50_000, p)
		if err != nil {
			t.Fatal(err)
		}
		if s.check != "50000" {
			t.Errorf("%v: %s receipts", p, s.check)
		}
		v := s.values
		p50, p99, p999, most := v["p50"].(float64), v["p99"].(float64), v["p999"].(float64), v["max"].(float64)
		if !(0 <= p50 && p50 <= p99 && p99 <= p999 && p999 <= most && most <= milliseconds(s.elapsed)) {
			t.Errorf("%v: %v", p, v)
		}
		cdf := v["cdf"].([][2]float64)
		if len(cdf) > 200 || cdf[len(cdf)-1] != [2]float64{most, 1} {
			t.Errorf("%v: the distribution ends with %v", p, cdf[len(cdf)-1])
		}
	}
}

func TestHeadlineDoesNotWaitAtTheStart(t *testing.T) {
	s := &system{mailboxes: []chan message{make(chan message, mailboxCapacity)}}
	if err := s.send(mailboxCapacity + 1); err == nil {
		t.Error("more messages were sent than the mailbox holds")
	}
}

func TestStep(t *testing.T) {
	for seed, next := range map[uint32]uint32{0: 1_013_904_223, 1: 1_015_568_748, 1 << 31: 1_013_904_223 + 1<<31} {
		if got := step(seed); got != next {
			t.Errorf("step(%d) = %d, want %d", seed, got, next)
		}
	}
}

func TestHistogramIsWithinOnePercent(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	h := new(histogram)
	exact := make([]time.Duration, 100_000)
	for i := range exact {
		exact[i] = time.Duration(math.Exp(random.Float64() * 24))
		h.record(exact[i])
	}
	slices.Sort(exact)
	for _, q := range []float64{0, 0.001, 0.5, 0.9, 0.99, 0.999, 1} {
		got, want := h.quantile(q), rank(exact, q)
		if math.Abs(float64(got-want)) > 0.01*float64(want) {
			t.Errorf("quantile %v: %v, want %v", q, got, want)
		}
	}
	points := h.cdf(200)
	if len(points) < 100 || len(points) > 200 {
		t.Errorf("%d points", len(points))
	}
	for _, point := range points {
		below, _ := slices.BinarySearch(exact, time.Duration(math.Round(point[0]*1e6))+1)
		if math.Abs(point[1]-float64(below)/float64(len(exact))) > 1e-9 {
			t.Errorf("%v of the times are at most %v ms, not %v", float64(below)/float64(len(exact)), point[0], point[1])
		}
	}
}

func TestBucketsLeaveNoGap(t *testing.T) {
	for i := range buckets {
		if got := bucketOf(upperEnd(i)); got != i {
			t.Fatalf("the upper end of bucket %d is in bucket %d", i, got)
		}
		if got := bucketOf(upperEnd(i) + 1); got != min(i+1, buckets-1) {
			t.Fatalf("what comes after bucket %d is in bucket %d", i, got)
		}
	}
	if bucketOf(-1) != 0 || bucketOf(math.MaxInt64) != buckets-1 {
		t.Error("times out of range have no bucket")
	}
}

func TestRecorderLosesNothing(t *testing.T) {
	r := newRecorder()
	var all sync.WaitGroup
	for range 100 {
		all.Go(func() {
			for i := range 1000 {
				r.record(time.Duration(i))
			}
		})
	}
	all.Wait()
	if h := r.merged(); h.count != 100_000 || h.max != 999 {
		t.Errorf("%d times, the longest %d", h.count, h.max)
	}
}

func TestOutput(t *testing.T) {
	var out bytes.Buffer
	if err := run([]string{"rendezvous", "1000"}, &out); err != nil {
		t.Fatal(err)
	}
	if strings.Count(out.String(), "\n") != 1 {
		t.Errorf("not one line: %q", out.String())
	}
	var line map[string]any
	if err := json.Unmarshal(out.Bytes(), &line); err != nil {
		t.Fatal(err)
	}
	if line["ms"].(float64) <= 0 {
		t.Errorf("no time: %v", line)
	}
	delete(line, "ms")
	if got, _ := json.Marshal(line); string(got) != `{"check":"499500","size":1000,"values":{},"workload":"rendezvous"}` {
		t.Errorf("%s", got)
	}
}

func TestMissing(t *testing.T) {
	var out bytes.Buffer
	if err := run([]string{"no-such", "1000", "some=1"}, &out); err != nil {
		t.Fatal(err)
	}
	if out.String() != `{"workload":"no-such","missing":true}`+"\n" {
		t.Errorf("%q", out.String())
	}
}

func TestWrongArguments(t *testing.T) {
	for _, args := range [][]string{
		nil,
		{"rendezvous"},
		{"rendezvous", "many"},
		{"rendezvous", "-1"},
		{"rendezvous", "10", "actors=10"},
		{"headline", "10", "actor=10"},
		{"headline", "10", "actors"},
		{"headline", "10", "actors=0"},
	} {
		var out bytes.Buffer
		if err := run(args, &out); err == nil || out.Len() > 0 {
			t.Errorf("%q: error %v, output %q", args, err, out.String())
		}
	}
}
