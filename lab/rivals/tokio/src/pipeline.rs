//! A producer of jobs, four workers that all take from one channel of 64, and a collector behind another.
//!
//! Tokio has no channel that several may receive from, and publishes no benchmark of such. Its users take the crate
//! async-channel for the jobs, or an mpsc's receiver within a mutex; async-channel is no slower on two workers, and
//! three times as fast on one thread. For the results, which one task receives, it is Tokio's own mpsc.

use crate::contract::{Job, Sample};
use std::time::Instant;
use tokio::sync::mpsc;

const WORKERS: usize = 4;
const CAPACITY: usize = 64;

pub async fn run(job: Job) -> Sample {
    let start = Instant::now();
    let (tx, jobs) = async_channel::bounded(CAPACITY);
    let (result, mut results) = mpsc::channel(CAPACITY);
    tokio::spawn(async move {
        for n in 0..job.size {
            tx.send(n).await.expect("the workers wait for the last");
        }
    });
    for _ in 0..WORKERS {
        tokio::spawn(worker(jobs.clone(), result.clone()));
    }
    // The workers hold what is left of it: with the last of them the channel closes.
    drop(result);
    let collector = tokio::spawn(async move {
        let mut sum = 0;
        while let Some(n) = results.recv().await {
            sum += n;
        }
        sum
    });
    let sum: u64 = collector.await.expect("the collector ends well");
    Sample::new(start.elapsed(), sum)
}

async fn worker(jobs: async_channel::Receiver<u64>, results: mpsc::Sender<u64>) {
    while let Ok(n) = jobs.recv().await {
        results.send(n * n % 1_000_003).await.expect("the collector waits for the last");
    }
}
