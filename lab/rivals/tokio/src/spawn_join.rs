//! Waves of 1,000 tasks: each is spawned, returns its number, and is joined.
//!
//! In the shape of `spawn_many_local` of tokio, benches/rt_current_thread.rs: one vector of handles that is filled and
//! drained for each wave. An expert who wants the results in no order would take a `JoinSet`; a vector is less work.

use crate::contract::{Job, Sample};
use std::time::Instant;

const WAVE: u64 = 1000;

pub async fn run(job: Job) -> Sample {
    let start = Instant::now();
    let mut sum = 0;
    let mut handles = Vec::with_capacity(WAVE as usize);
    for first in (0..job.size).step_by(WAVE as usize) {
        for i in first..job.size.min(first + WAVE) {
            handles.push(tokio::spawn(async move { i }));
        }
        for handle in handles.drain(..) {
            sum += handle.await.expect("a task that only returns does so");
        }
    }
    Sample::new(start.elapsed(), sum)
}
