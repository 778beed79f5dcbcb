//! Requests, one after the other: for each a fresh task with a oneshot, by which it answers.
//!
//! In the shape of tokio, benches/sync_mpsc_oneshot.rs, but that the one who answers is spawned for each request, as in
//! `ping_pong` of benches/rt_multi_threaded.rs. The handle of the task is dropped: the oneshot is the answer.

use crate::contract::{Job, Sample};
use std::time::Instant;
use tokio::sync::oneshot;

pub async fn run(job: Job) -> Sample {
    let start = Instant::now();
    let mut sum = 0;
    for i in 0..job.size {
        let (answer, answered) = oneshot::channel();
        tokio::spawn(async move { answer.send(i + 1) });
        sum += answered.await.expect("each request is answered");
    }
    Sample::new(start.elapsed(), sum)
}
