//! One task asks another over channels that hold one, and waits for each answer with a limit: `timeout` around `recv`,
//! as in the documentation of `tokio::time`. The channels are those of ping_pong.rs.

use crate::contract::{Job, Sample};
use std::time::{Duration, Instant};
use tokio::sync::mpsc;
use tokio::time::timeout;

const PATIENCE: Duration = Duration::from_secs(60);

pub async fn run(job: Job) -> Sample {
    let start = Instant::now();
    let (ask, mut asked) = mpsc::channel::<u64>(1);
    let (answer, mut answers) = mpsc::channel::<u64>(1);
    let answering = tokio::spawn(async move {
        while let Some(question) = asked.recv().await {
            answer.send(question + 1).await.expect("the other waits for it");
        }
    });
    let asking = tokio::spawn(async move {
        let mut sum = 0;
        for i in 0..job.size {
            ask.send(i).await.expect("the other waits for it");
            let answer = timeout(PATIENCE, answers.recv()).await.expect("it comes in time");
            sum += answer.expect("the other answers");
        }
        sum
    });
    let sum: u64 = asking.await.expect("all is answered");
    answering.await.expect("all is answered");
    Sample::new(start.elapsed(), sum)
}
