//! The prime sieve of Go's documentation: a chain of tasks, one filter for each prime found, on channels that hold one.
//!
//! Tokio publishes no sieve; this is the Go program with `mpsc` for channels, of the smallest capacity, and a
//! `JoinSet`, which is how an expert ends tasks that never end themselves. The clock stops with the last prime, before
//! that.

use crate::contract::{Job, Sample};
use std::time::Instant;
use tokio::sync::mpsc::{self, Receiver, Sender};
use tokio::task::JoinSet;

pub async fn run(job: Job) -> Sample {
    let start = Instant::now();
    let sieve = tokio::spawn(async move {
        let mut tasks = JoinSet::new();
        let (tx, mut numbers) = mpsc::channel(1);
        tasks.spawn(naturals(tx));
        let mut prime = 0;
        for _ in 0..job.size {
            prime = numbers.recv().await.expect("there is always another prime");
            let (tx, rx) = mpsc::channel(1);
            tasks.spawn(filter(numbers, tx, prime));
            numbers = rx;
        }
        (prime, start.elapsed(), tasks)
    });
    let (prime, elapsed, mut tasks) = sieve.await.expect("the sieve ends well");
    tasks.shutdown().await;
    Sample::new(elapsed, prime)
}

async fn naturals(to: Sender<u64>) {
    for n in 2.. {
        if to.send(n).await.is_err() {
            break;
        }
    }
}

async fn filter(mut from: Receiver<u64>, to: Sender<u64>, prime: u64) {
    while let Some(n) = from.recv().await {
        if n % prime != 0 && to.send(n).await.is_err() {
            break;
        }
    }
}
