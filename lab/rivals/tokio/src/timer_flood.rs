//! How much too late a sleep of 1 ms ends while two tasks exchange numbers without end.
//!
//! Tokio publishes no such benchmark; the flood is the channel of `contention_bounded_full` (tokio,
//! benches/sync_mpsc.rs). No task gives way by itself: it is Tokio's budget that keeps them from starving the timer,
//! and an expert relies on it. Tokio's timers count in milliseconds and round up.

use crate::contract::{Job, Sample};
use crate::histogram::Histogram;
use std::hint::black_box;
use std::time::{Duration, Instant};
use tokio::sync::mpsc;
use tokio::time::sleep;

const ASKED: Duration = Duration::from_millis(1);

pub async fn run(job: Job) -> Sample {
    let start = Instant::now();
    let (tx, mut rx) = mpsc::channel(64);
    let sender = tokio::spawn(async move {
        for n in 0u64.. {
            if tx.send(n).await.is_err() {
                break;
            }
        }
    });
    let receiver = tokio::spawn(async move {
        let mut sum = 0u64;
        while let Some(n) = rx.recv().await {
            sum = black_box(sum.wrapping_add(n));
        }
    });
    let sleeper = tokio::spawn(async move {
        let mut lateness = Histogram::new();
        for _ in 0..job.size {
            let asked = Instant::now() + ASKED;
            sleep(ASKED).await;
            lateness.record(asked.elapsed());
        }
        lateness
    });
    let lateness = sleeper.await.expect("the sleeper ends well");
    let elapsed = start.elapsed();
    receiver.abort();
    sender.await.expect("the sender ends with its receiver");
    Sample::new(elapsed, lateness.count)
        .with("p50", Some(lateness.quantile(0.5)))
        .with("p99", Some(lateness.quantile(0.99)))
        .with("max", Some(lateness.max()))
}
