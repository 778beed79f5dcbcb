//! 100 tasks lock one mutex N times in all, and give way to the others once while they hold it; the number inside is
//! read before and written after.
//!
//! In the shape of `contended_concurrent_multi` of tokio, benches/sync_semaphore.rs (Tokio's mutex is a semaphore of
//! one permit), which yields while it holds its permit, too. This is what Tokio's mutex is for: the standard library's
//! must not be held across an await.

use crate::contract::{Job, Sample};
use std::sync::Arc;
use std::time::Instant;
use tokio::sync::Mutex;
use tokio::task::yield_now;

const TASKS: u64 = 100;

pub async fn run(job: Job) -> Sample {
    let start = Instant::now();
    let each = job.size / TASKS;
    let number = Arc::new(Mutex::new(0u64));
    let tasks: Vec<_> = (0..TASKS).map(|_| tokio::spawn(adder(number.clone(), each))).collect();
    for task in tasks {
        task.await.expect("a task ends well");
    }
    let number = *number.lock().await;
    Sample::new(start.elapsed(), number)
}

async fn adder(number: Arc<Mutex<u64>>, count: u64) {
    for _ in 0..count {
        let mut number = number.lock().await;
        let before = *number;
        yield_now().await;
        *number = before + 1;
    }
}
