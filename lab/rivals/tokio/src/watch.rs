//! One task sets a watched number to 1 … N, and 4 watchers wait for changes until they see N.
//!
//! In the shape of tokio, benches/sync_watch.rs: `changed` in a loop, then a look at the value; with
//! `borrow_and_update`, as Tokio's documentation advises for a loop, so that what was seen does not count as a change
//! again.

use crate::contract::{Job, Sample};
use std::time::Instant;
use tokio::sync::watch;
use tokio::task::yield_now;

const WATCHERS: usize = 4;

pub async fn run(job: Job) -> Sample {
    let start = Instant::now();
    let (tx, _) = watch::channel(0);
    let watchers: Vec<_> = (0..WATCHERS).map(|_| tokio::spawn(watcher(tx.subscribe(), job.size))).collect();
    let setter = tokio::spawn(async move {
        for n in 1..=job.size {
            tx.send(n).expect("the watchers wait for the last");
            yield_now().await;
        }
    });
    setter.await.expect("the setter ends well");
    let (mut saw_last, mut violations) = (0, 0);
    for watcher in watchers {
        let (last, falls) = watcher.await.expect("a watcher ends well");
        saw_last += u64::from(last == job.size);
        violations += falls;
    }
    Sample::new(start.elapsed(), format!("{saw_last}/{violations}"))
}

/// Returns the last number it saw, and how many were not greater than the one before.
async fn watcher(mut rx: watch::Receiver<u64>, until: u64) -> (u64, u64) {
    let (mut last, mut violations) = (0, 0);
    while last != until && rx.changed().await.is_ok() {
        let n = *rx.borrow_and_update();
        violations += u64::from(n <= last);
        last = n;
    }
    (last, violations)
}
