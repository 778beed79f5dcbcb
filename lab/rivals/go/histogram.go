// A histogram of times that takes a fixed 18 KB, and no allocation per value.
//
// Log-linear: nanoseconds below 256 have a bucket each, and from there on each power of two is divided into 128. So a bucket is
// at most 1/128 of its value wide, and what is read from it within 1 %, from 1 ns to 18 minutes. The form is that of HdrHistogram
// and of runtime/metrics of Go (runtime/histogram.go), whose buckets are too wide for the lab.

package main

import (
	"math"
	"math/bits"
	"sync"
	"time"
)

const (
	bucketBits = 7
	parts      = 1 << bucketBits
	// Times of 2^maxBits ns or more are counted in the last bucket.
	maxBits = 40
	buckets = (maxBits - bucketBits + 1) * parts
)

type histogram struct {
	counts [buckets]uint32
	count  int
	max    time.Duration
}

func (h *histogram) record(d time.Duration) {
	h.counts[bucketOf(d)]++
	h.count++
	h.max = max(h.max, d)
}

func (h *histogram) add(other *histogram) {
	for i, count := range other.counts {
		h.counts[i] += count
	}
	h.count += other.count
	h.max = max(h.max, other.max)
}

// quantile gives the time that a part q of all was not above: the upper end of its bucket.
func (h *histogram) quantile(q float64) time.Duration {
	left := nearestRank(h.count, q)
	for i, count := range h.counts {
		left -= int(count)
		if left <= 0 {
			return min(upperEnd(i), h.max)
		}
	}
	return h.max
}

// cdf gives at most limit points [ms, share], at about even distances on a logarithmic scale; the last is the longest time.
func (h *histogram) cdf(limit int) [][2]float64 {
	points := [][2]float64{}
	sum := 0
	for i, count := range h.counts {
		if count > 0 {
			sum += int(count)
			points = append(points, [2]float64{milliseconds(min(upperEnd(i), h.max)), float64(sum) / float64(h.count)})
		}
	}
	step := (len(points) + limit - 1) / limit
	if step <= 1 {
		return points
	}
	thinned := points[:0]
	// From the end, so that the last point is one of those that stay.
	for i := (len(points) - 1) % step; i < len(points); i += step {
		thinned = append(thinned, points[i])
	}
	return thinned
}

func bucketOf(d time.Duration) int {
	nanoseconds := uint64(max(d, 0))
	shift := max(0, bits.Len64(nanoseconds)-1-bucketBits)
	return min(shift*parts+int(nanoseconds>>shift), buckets-1)
}

func upperEnd(bucket int) time.Duration {
	if bucket < 2*parts {
		return time.Duration(bucket)
	}
	shift := bucket/parts - 1
	return time.Duration((bucket-shift*parts+1)<<shift - 1)
}

// nearestRank says how many of n the part q is, at least one.
func nearestRank(n int, q float64) int { return max(1, int(math.Ceil(q*float64(n)))) }

// A recorder keeps a histogram for each proc, so that those who record don't wait for each other.
//
// Go has no storage per proc to offer, but sync.Pool has one inside: what is put back is what the same proc gets next, without a
// lock. The collector may empty the pool, so all histograms are also on a list.
type recorder struct {
	pool sync.Pool
	lock sync.Mutex
	all  []*histogram
}

func newRecorder() *recorder {
	r := &recorder{}
	r.pool.New = func() any {
		h := new(histogram)
		r.lock.Lock()
		defer r.lock.Unlock()
		r.all = append(r.all, h)
		return h
	}
	return r
}

func (r *recorder) record(d time.Duration) {
	h := r.pool.Get().(*histogram)
	h.record(d)
	r.pool.Put(h)
}

// merged must not be called before all recording has ended.
func (r *recorder) merged() *histogram {
	sum := new(histogram)
	for _, h := range r.all {
		sum.add(h)
	}
	return sum
}
