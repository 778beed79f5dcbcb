//! Two tasks and two channels that hold one; a number goes to and fro N times, and each adds 1 before it sends it back.
//!
//! After `ping_pong` of tokio, benches/rt_multi_threaded.rs, which exchanges one ball over two oneshots; for a ball
//! that keeps going, mpsc with the smallest capacity is what an expert takes, for a oneshot would have to be made anew
//! for each flight.

use crate::contract::{Job, Sample};
use std::time::Instant;
use tokio::sync::mpsc;

pub async fn run(job: Job) -> Sample {
    let start = Instant::now();
    let (there, mut here) = mpsc::channel::<u64>(1);
    let (back, mut returned) = mpsc::channel::<u64>(1);
    let ponger = tokio::spawn(async move {
        while let Some(ball) = here.recv().await {
            back.send(ball + 1).await.expect("the other waits for it");
        }
    });
    let pinger = tokio::spawn(async move {
        let mut ball = 0;
        for _ in 0..job.size {
            there.send(ball + 1).await.expect("the other waits for it");
            ball = returned.recv().await.expect("the other sends it back");
        }
        ball
    });
    let ball = pinger.await.expect("the game ends well");
    ponger.await.expect("the game ends well");
    Sample::new(start.elapsed(), ball)
}
