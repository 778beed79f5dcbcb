//! 1,000 tasks with N/1,000 sleeps each, all pending at once and then all cancelled by a message to each task.
//!
//! After tokio, benches/time_many_timers.rs: sleeps that are polled once, so that they are registered, and dropped
//! before they fire. For many of them in one task an expert takes `FuturesUnordered`, which polls only those that were
//! woken, in a `select!` with the channel that stops them: a oneshot, for it carries one message.
//!
//! The first poll is without Tokio's budget, of which each sleep takes a share: else only the first 128 would be
//! registered by it. A barrier tells that the sleeps of all tasks are pending.

use crate::contract::{Job, Sample};
use futures_util::poll;
use futures_util::stream::{FuturesUnordered, StreamExt};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::{Barrier, oneshot};
use tokio::task::unconstrained;
use tokio::time::sleep;

const TASKS: u64 = 1000;

pub async fn run(job: Job) -> Sample {
    let start = Instant::now();
    let each = job.size / TASKS;
    let pending = Arc::new(Barrier::new(TASKS as usize + 1));
    let tasks: Vec<_> = (0..TASKS)
        .map(|t| {
            let (stop, stopped) = oneshot::channel();
            (stop, tokio::spawn(sleeper(t, each, pending.clone(), stopped)))
        })
        .collect();
    pending.wait().await;
    let (stops, tasks): (Vec<_>, Vec<_>) = tasks.into_iter().unzip();
    for stop in stops {
        stop.send(()).expect("a task sleeps until it is stopped");
    }
    let mut stopped = 0;
    for task in tasks {
        stopped += u64::from(task.await.expect("a task ends well"));
    }
    Sample::new(start.elapsed(), stopped)
}

/// Returns whether it was the message that ended it.
async fn sleeper(t: u64, count: u64, pending: Arc<Barrier>, mut stopped: oneshot::Receiver<()>) -> bool {
    let mut sleeps: FuturesUnordered<_> = (0..count).map(|i| sleep(delay(t, i))).collect();
    if count > 0 {
        let first = unconstrained(async { poll!(sleeps.next()) }).await;
        assert!(first.is_pending(), "no sleep is over yet");
    }
    pending.wait().await;
    tokio::select! {
        message = &mut stopped => message.is_ok(),
        Some(()) = sleeps.next() => false,
    }
}

fn delay(t: u64, i: u64) -> Duration {
    Duration::from_millis(60_000 + (t * 7919 + i * 104_729) % 600_000)
}
