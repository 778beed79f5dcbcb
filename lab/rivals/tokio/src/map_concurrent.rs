//! Timers of 1 ms, 64 at once, and how long one alone takes.
//!
//! `buffer_unordered` over a stream of sleeps, the first thing that `futures` has for it; the order of the results is
//! of no account. It runs in one task, as it would in a program.

use crate::contract::{Job, Sample, milliseconds};
use futures_util::stream::{self, StreamExt};
use std::time::{Duration, Instant};
use tokio::time::sleep;

const NAP: Duration = Duration::from_millis(1);
const AT_ONCE: usize = 64;

pub async fn run(job: Job) -> Sample {
    let one = one_timer(job.size.div_ceil(AT_ONCE as u64)).await;
    let start = Instant::now();
    let ended = stream::iter(0..job.size).map(|_| sleep(NAP)).buffer_unordered(AT_ONCE).count().await;
    Sample::new(start.elapsed(), ended).with("timer", Some(milliseconds(one)))
}

/// The median of how long one takes.
async fn one_timer(rounds: u64) -> Duration {
    let mut times = Vec::new();
    for _ in 0..rounds {
        let start = Instant::now();
        sleep(NAP).await;
        times.push(start.elapsed());
    }
    times.sort();
    times[times.len() / 2]
}
