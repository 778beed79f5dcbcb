//! Filter and map over a stream that waits: numbers come over a channel that holds 64, and are summed up.
//!
//! Rust has no async generators yet. What Tokio's users write in their place is a task that sends into a channel, the
//! channel of `contention_bounded_full` of tokio, benches/sync_mpsc.rs, and `ReceiverStream` of tokio-stream at its
//! other end.

use crate::contract::{Job, Sample};
use std::time::Instant;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tokio_stream::{Stream, StreamExt};

pub async fn run(job: Job) -> Sample {
    let start = Instant::now();
    let sum = tokio::spawn(odd(job.size).fold(0u64, |sum, n| sum + n));
    let sum = sum.await.expect("the sum ends well");
    Sample::new(start.elapsed(), sum)
}

pub fn odd(count: u64) -> impl Stream<Item = u64> + Unpin + Send {
    let (tx, rx) = mpsc::channel(64);
    tokio::spawn(async move {
        for n in 0..count {
            tx.send(n).await.expect("the receiver waits for the last");
        }
    });
    ReceiverStream::new(rx).filter(|n| n % 2 == 0).map(|n| n + 1)
}
