// headline: actors, each a goroutine with a mailbox of its own, pass messages on to each other.
//
// An actor is a goroutine that ranges over a channel with a buffer of 64, which is the form of every server goroutine in Go
// ("Share memory by communicating"). The messages are structs without pointers, and are copied into the channels: no allocation
// on the way, and nothing for the collector to look at. Go publishes no benchmark of this; as in those of runtime/chan_test.go, what
// all share is one atomic count. Its cache line is its own, for every proc writes to it.
//
// When enough receipts are counted, a message that arrives is dropped instead of passed on. So the run is over when every message in
// flight has been dropped, and nobody records any more when the histograms are merged. The time ends with the last receipt that counts.
//
// With more messages in flight than a mailbox holds, actors can come to wait for each other in a ring, most easily an actor for itself.
// The workload allows it, so nothing is done about it here: the runtime finds that all are asleep, and the process fails.

package main

import (
	"fmt"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

const mailboxCapacity = 64

func init() {
	register("headline", workload{
		cold:     true,
		defaults: params{"actors": 10_000, "inflight": 10_000},
		run:      headline,
	})
}

type message struct {
	sentAt time.Duration
	seed   uint32
}

type system struct {
	mailboxes []chan message
	receipts  int64
	start     time.Time
	latencies *recorder
	// When the last receipt was, since start.
	elapsed  time.Duration
	started  atomic.Int64
	inFlight sync.WaitGroup

	_        [128]byte
	received atomic.Int64
	_        [128]byte
}

func headline(receipts int, p params) (sample, error) {
	s := startActors(p["actors"], receipts)
	values := map[string]any{}
	addMemory(values, "parked", residentBytes)
	if err := s.send(p["inflight"]); err != nil {
		return sample{}, err
	}
	s.inFlight.Wait()
	addMemory(values, "peak", peakBytes)
	latencies := s.latencies.merged()
	values["p50"] = milliseconds(latencies.quantile(0.50))
	values["p99"] = milliseconds(latencies.quantile(0.99))
	values["p999"] = milliseconds(latencies.quantile(0.999))
	values["max"] = milliseconds(latencies.max)
	values["cdf"] = latencies.cdf(200)
	return sample{elapsed: s.elapsed, check: strconv.Itoa(latencies.count), values: values}, nil
}

func startActors(actors, receipts int) *system {
	s := &system{mailboxes: make([]chan message, actors), receipts: int64(receipts), latencies: newRecorder()}
	for i := range s.mailboxes {
		s.mailboxes[i] = make(chan message, mailboxCapacity)
	}
	for _, mailbox := range s.mailboxes {
		go s.actor(mailbox)
	}
	waitUntilParked(&s.started, actors)
	return s
}

// send starts the clock, and puts the first messages into the mailboxes.
func (s *system) send(inFlight int) error {
	s.inFlight.Add(inFlight)
	s.start = time.Now()
	for i := range inFlight {
		select {
		case s.mailboxes[i%len(s.mailboxes)] <- message{sentAt: time.Since(s.start), seed: step(uint32(i))}:
		default:
			return fmt.Errorf("the mailbox for message %d is full", i)
		}
	}
	return nil
}

func (s *system) actor(mailbox <-chan message) {
	s.started.Add(1)
	for m := range mailbox {
		now := time.Since(s.start)
		count := s.received.Add(1)
		if count > s.receipts {
			s.inFlight.Done()
			continue
		}
		s.latencies.record(now - m.sentAt)
		if count == s.receipts {
			s.elapsed = time.Since(s.start)
			s.inFlight.Done()
			continue
		}
		seed := step(m.seed)
		to := (seed >> 8) % uint32(len(s.mailboxes))
		s.mailboxes[to] <- message{sentAt: now, seed: seed}
	}
}

func step(seed uint32) uint32 { return seed*1_664_525 + 1_013_904_223 }
