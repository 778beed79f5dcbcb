//! One task selects over four channels that hold 64, each filled by a task of its own.
//!
//! `select!` in a loop over `recv`, which is cancel-safe, with `else` for when all are closed: the form of Tokio's
//! tutorial (Select, "Pattern matching"). It is the fair one, which is the default: which branch is polled first is
//! random. The channels are filled as in tokio, benches/sync_mpsc.rs. `select!` is made anew each time it is come to, so
//! that `select-anew` is the same.

use crate::contract::{Job, Sample};
use std::time::Instant;
use tokio::sync::mpsc::{self, Receiver};

pub async fn run(job: Job) -> Sample {
    let start = Instant::now();
    let each = job.size / 4;
    let receiver = tokio::spawn(async move {
        let [mut a, mut b, mut c, mut d] = [(); 4].map(|()| source(each));
        let mut sum = 0;
        loop {
            sum += tokio::select! {
                Some(n) = a.recv() => n,
                Some(n) = b.recv() => n,
                Some(n) = c.recv() => n,
                Some(n) = d.recv() => n,
                else => break sum,
            };
        }
    });
    let sum: u64 = receiver.await.expect("the receiver ends well");
    Sample::new(start.elapsed(), sum)
}

fn source(count: u64) -> Receiver<u64> {
    let (tx, rx) = mpsc::channel(64);
    tokio::spawn(async move {
        for n in 0..count {
            tx.send(n).await.expect("the receiver waits for the last");
        }
    });
    rx
}
