//! One task sends N numbers to another over a channel that holds one: the smallest there is in Tokio, which has no
//! channel without a buffer.
//!
//! In the shape of `contention_bounded_full` of tokio, benches/sync_mpsc.rs, with one sender: `send` in a spawned task,
//! `recv` in a loop. It is what an expert writes: the channel closes itself when its sender is dropped, and `while let`
//! sees that.

use crate::contract::{Job, Sample};
use std::time::Instant;
use tokio::sync::mpsc;

pub async fn run(job: Job) -> Sample {
    let start = Instant::now();
    let sum = transfer(job.size, 1).await;
    Sample::new(start.elapsed(), sum)
}

/// Sends 0 … `count` − 1 through a channel, and returns their sum.
pub async fn transfer(count: u64, capacity: usize) -> u64 {
    let (tx, mut rx) = mpsc::channel(capacity);
    let sender = tokio::spawn(async move {
        for n in 0..count {
            tx.send(n).await.expect("the receiver waits for the last");
        }
    });
    let receiver = tokio::spawn(async move {
        let mut sum = 0;
        while let Some(n) = rx.recv().await {
            sum += n;
        }
        sum
    });
    sender.await.expect("the sender ends well");
    receiver.await.expect("the receiver ends well")
}
