//! Histograms of times, within 1 %: exact up to 255 ns, and above that each power of two is divided into 128 buckets
//! (log-linear, after HdrHistogram), up to 18 minutes.
//!
//! `Sharded` holds one for each worker of the runtime, so that recording touches no memory that another thread writes
//! to. They are merged when all is over.

use crate::contract::milliseconds;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;
use tokio::runtime::{Handle, worker_index};

const BITS: u32 = 7;
const PARTS: u64 = 1 << BITS;
const LONGEST: u64 = (1 << 40) - 1;
const BUCKETS: usize = bucket_of(LONGEST) + 1;

/// The most points a distribution is given to the runner with.
const POINTS: usize = 200;

#[derive(Clone)]
pub struct Histogram {
    buckets: Vec<u64>,
    pub count: u64,
    max: u64,
}

impl Histogram {
    pub fn new() -> Histogram {
        Histogram { buckets: vec![0; BUCKETS], count: 0, max: 0 }
    }

    pub fn record(&mut self, time: Duration) {
        let nanoseconds = time.as_nanos() as u64;
        self.buckets[bucket_of(nanoseconds)] += 1;
        self.count += 1;
        self.max = self.max.max(nanoseconds);
    }

    /// The longest time, exactly, in milliseconds.
    pub fn max(&self) -> f64 {
        milliseconds(Duration::from_nanos(self.max))
    }

    /// The time in milliseconds that a share of all, from 0 to 1, was not above: the upper end of its bucket.
    pub fn quantile(&self, share: f64) -> f64 {
        let wanted = ((share * self.count as f64).ceil() as u64).max(1);
        let found = self.cumulated().find(|&(_, below)| below >= wanted);
        found.map_or(0.0, |(bucket, _)| self.upper_end(bucket))
    }

    /// The distribution as JSON: pairs of a time in milliseconds and the share of all that was not above it.
    pub fn cdf(&self) -> String {
        let steps: Vec<_> = self.cumulated().collect();
        // Thinned out evenly along the buckets, which is evenly along a logarithmic axis; the last one is always among
        // them.
        let every = steps.len().div_ceil(POINTS).max(1);
        let points = steps.iter().rev().step_by(every).rev().map(|&(bucket, below)| {
            let share = below as f64 / self.count as f64;
            format!("[{},{share}]", self.upper_end(bucket))
        });
        format!("[{}]", points.collect::<Vec<_>>().join(","))
    }

    /// Each bucket with something in it, and how many times are in it or below.
    fn cumulated(&self) -> impl Iterator<Item = (usize, u64)> {
        let filled = self.buckets.iter().enumerate().filter(|&(_, &count)| count > 0);
        filled.scan(0, |below, (bucket, count)| {
            *below += count;
            Some((bucket, *below))
        })
    }

    fn upper_end(&self, bucket: usize) -> f64 {
        let bucket = bucket as u64;
        let shift = (bucket / PARTS).saturating_sub(1);
        let end = ((bucket - shift * PARTS + 1) << shift) - 1;
        milliseconds(Duration::from_nanos(end.min(self.max)))
    }
}

const fn bucket_of(nanoseconds: u64) -> usize {
    let time = if nanoseconds > LONGEST { LONGEST } else { nanoseconds };
    let magnitude = u64::BITS - (time | 1).leading_zeros();
    let shift = magnitude.saturating_sub(BITS + 1) as u64;
    (shift * PARTS + (time >> shift)) as usize
}

/// A histogram that all workers of a runtime record in.
pub struct Sharded(Vec<Shard>);

/// Written by one worker only. Atomic all the same, for another reads it in the end; but no addition needs to be.
struct Shard {
    buckets: Vec<AtomicU64>,
    max: AtomicU64,
}

impl Sharded {
    /// For the runtime that this is called in.
    pub fn new() -> Sharded {
        let workers = Handle::current().metrics().num_workers();
        Sharded((0..workers).map(|_| Shard::new()).collect())
    }

    /// To be called from a task of that runtime.
    pub fn record(&self, time: Duration) {
        let worker = worker_index().expect("a task runs on a worker");
        self.0[worker].record(time.as_nanos() as u64);
    }

    pub fn merged(&self) -> Histogram {
        let mut all = Histogram::new();
        for shard in &self.0 {
            for (sum, bucket) in all.buckets.iter_mut().zip(&shard.buckets) {
                *sum += bucket.load(Relaxed);
            }
            all.max = all.max.max(shard.max.load(Relaxed));
        }
        all.count = all.buckets.iter().sum();
        all
    }
}

impl Shard {
    fn new() -> Shard {
        Shard { buckets: (0..BUCKETS).map(|_| AtomicU64::new(0)).collect(), max: AtomicU64::new(0) }
    }

    fn record(&self, nanoseconds: u64) {
        let bucket = &self.buckets[bucket_of(nanoseconds)];
        bucket.store(bucket.load(Relaxed) + 1, Relaxed);
        if nanoseconds > self.max.load(Relaxed) {
            self.max.store(nanoseconds, Relaxed);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_time_is_told_within_one_percent() {
        for exponent in 0..39 {
            for nanoseconds in [1 << exponent, (1 << exponent) + (1 << exponent) / 3, (2 << exponent) - 1] {
                let mut histogram = Histogram::new();
                histogram.record(Duration::from_nanos(nanoseconds));
                histogram.record(Duration::from_nanos(LONGEST));
                let told = histogram.quantile(0.5) * 1e6;
                let error = (told - nanoseconds as f64) / nanoseconds as f64;
                assert!((-1e-9..0.01).contains(&error), "{nanoseconds} ns: {told}");
            }
        }
    }

    #[test]
    fn quantiles_and_the_maximum_are_those_of_the_times() {
        let mut histogram = Histogram::new();
        for microseconds in 1..=1000 {
            histogram.record(Duration::from_micros(microseconds));
        }
        for (share, expected) in [(0.0, 0.001), (0.5, 0.5), (0.99, 0.99), (0.999, 0.999), (1.0, 1.0)] {
            let told = histogram.quantile(share);
            assert!((told - expected).abs() <= 0.01 * expected, "{share}: {told}");
        }
        assert_eq!(histogram.max(), 1.0);
        assert_eq!(Histogram::new().quantile(0.5), 0.0);
    }

    #[test]
    fn the_distribution_rises_to_one_in_at_most_200_points() {
        let mut histogram = Histogram::new();
        for i in 0..100_000 {
            histogram.record(Duration::from_nanos(i * 37));
        }
        let cdf = histogram.cdf();
        let points: Vec<(f64, f64)> = cdf
            .trim_matches(['[', ']'])
            .split("],[")
            .map(|point| {
                let (ms, share) = point.split_once(',').unwrap();
                (ms.parse().unwrap(), share.parse().unwrap())
            })
            .collect();
        assert!(points.len() <= POINTS && points.len() > POINTS / 2, "{}", points.len());
        assert!(points.is_sorted_by(|a, b| a.0 < b.0 && a.1 < b.1));
        assert_eq!(points.last(), Some(&(histogram.max(), 1.0)));
    }
}
