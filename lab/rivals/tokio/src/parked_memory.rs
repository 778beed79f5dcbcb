//! N tasks, each parked on a receive from a mailbox of its own that holds 64; what is resident more than before, for
//! each.
//!
//! The actor of Tokio's experts (A. Ryhl, "Actors with Tokio"): a task that owns the receiver of an mpsc channel, and a
//! sender for who wants to write to it. The future is an `async` block over a receiver and one pointer, spawned without
//! keeping its handle: that is as small as it gets with the means of Tokio. A mailbox costs its first block of slots
//! from the start.

use crate::contract::{Job, Sample};
use crate::memory;
use crate::turnstile::Turnstile;
use std::sync::Arc;
use std::time::Instant;
use tokio::sync::mpsc::{self, Receiver};

const MAILBOX: usize = 64;

struct Shared {
    parked: Turnstile,
    received: Turnstile,
}

pub async fn run(job: Job) -> Sample {
    let before = memory::resident();
    let start = Instant::now();
    let shared = Arc::new(Shared { parked: Turnstile::new(job.size), received: Turnstile::new(job.size) });
    let mut mailboxes = Vec::with_capacity(job.size as usize);
    for _ in 0..job.size {
        let (tx, rx) = mpsc::channel(MAILBOX);
        tokio::spawn(actor(rx, shared.clone()));
        mailboxes.push(tx);
    }
    shared.parked.all_parked().await;
    let bytes = memory::growth(before, job.size);
    for (i, mailbox) in (0..).zip(&mailboxes) {
        mailbox.send(i).await.expect("each waits for its message");
    }
    shared.received.all().await;
    Sample::new(start.elapsed(), shared.received.passed()).with("bytes", bytes)
}

async fn actor(mut mailbox: Receiver<u64>, shared: Arc<Shared>) {
    shared.parked.pass();
    if mailbox.recv().await.is_some() {
        shared.received.pass();
    }
}
