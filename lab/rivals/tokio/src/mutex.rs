//! 100 tasks lock one mutex N times in all, and add 1 to the number inside.
//!
//! In the shape of `contended_concurrent_multi` of tokio, benches/sync_semaphore.rs (Tokio's mutex is a semaphore of
//! one permit). An expert would guard a mere number with the standard library's mutex, as Tokio's documentation
//! advises; what is compared here is the lock that may be held across an await.

use crate::contract::{Job, Sample};
use std::sync::Arc;
use std::time::Instant;
use tokio::sync::Mutex;

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
        *number.lock().await += 1;
    }
}
