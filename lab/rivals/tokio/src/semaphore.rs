//! 100 tasks take one of 10 permits N times in all, and give way to the others once while they hold it.
//!
//! In the shape of `contended_concurrent_multi` of tokio, benches/sync_semaphore.rs: a semaphore behind an `Arc`, a
//! permit that is given back when it is dropped. How many are held is counted beside it, in atomics.

use crate::contract::{Job, Sample};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Instant;
use tokio::sync::Semaphore;
use tokio::task::yield_now;

const TASKS: u64 = 100;
const PERMITS: usize = 10;

struct Shared {
    permits: Semaphore,
    held: AtomicU64,
    most: AtomicU64,
}

pub async fn run(job: Job) -> Sample {
    let start = Instant::now();
    let each = job.size / TASKS;
    let shared =
        Arc::new(Shared { permits: Semaphore::new(PERMITS), held: AtomicU64::new(0), most: AtomicU64::new(0) });
    let tasks: Vec<_> = (0..TASKS).map(|_| tokio::spawn(worker(shared.clone(), each))).collect();
    let mut sum = 0;
    for task in tasks {
        sum += task.await.expect("a task ends well");
    }
    Sample::new(start.elapsed(), format!("{sum}/{}", shared.most.load(Relaxed)))
}

async fn worker(shared: Arc<Shared>, times: u64) -> u64 {
    let mut count = 0;
    for _ in 0..times {
        let _permit = shared.permits.acquire().await.expect("the semaphore is never closed");
        let held = shared.held.fetch_add(1, Relaxed) + 1;
        shared.most.fetch_max(held, Relaxed);
        count += 1;
        yield_now().await;
        shared.held.fetch_sub(1, Relaxed);
    }
    count
}
