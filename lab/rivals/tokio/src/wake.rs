//! N tasks are parked; then each is given one message, until the last has run.
//!
//! Tokio's mpsc has one receiver, so they wait for the permits of one semaphore that has none, and a message is a
//! permit that is forgotten. A `Notify` would do too, but one that nobody waits for yet would be lost. In the shape of
//! `notify_one` of tokio, benches/sync_notify.rs: a counter tells that all have run. The clock starts when all are
//! parked.

use crate::contract::{Job, Sample};
use crate::turnstile::Turnstile;
use std::sync::Arc;
use std::time::Instant;
use tokio::sync::Semaphore;

struct Shared {
    messages: Semaphore,
    parked: Turnstile,
    woken: Turnstile,
}

pub async fn run(job: Job) -> Sample {
    let shared = Arc::new(Shared {
        messages: Semaphore::new(0),
        parked: Turnstile::new(job.size),
        woken: Turnstile::new(job.size),
    });
    for _ in 0..job.size {
        tokio::spawn(waiter(shared.clone()));
    }
    shared.parked.all_parked().await;
    let start = Instant::now();
    for _ in 0..job.size {
        shared.messages.add_permits(1);
    }
    shared.woken.all().await;
    Sample::new(start.elapsed(), shared.woken.passed())
}

async fn waiter(shared: Arc<Shared>) {
    shared.parked.pass();
    shared.messages.acquire().await.expect("the semaphore is never closed").forget();
    shared.woken.pass();
}
