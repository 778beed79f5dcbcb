//! N tasks, all parked on one `Notify`; what is resident more than before, for each.
//!
//! In the shape of `notify_waiters` of tokio, benches/sync_notify.rs. Tokio's mpsc has one receiver; for many tasks
//! that wait for one thing a `Notify` is the smallest there is: the place in its queue is within the task's own future.

use crate::contract::{Job, Sample};
use crate::memory;
use crate::turnstile::Turnstile;
use std::sync::Arc;
use std::time::Instant;
use tokio::sync::Notify;

struct Shared {
    bell: Notify,
    parked: Turnstile,
    woken: Turnstile,
}

pub async fn run(job: Job) -> Sample {
    let before = memory::resident();
    let start = Instant::now();
    let shared =
        Arc::new(Shared { bell: Notify::new(), parked: Turnstile::new(job.size), woken: Turnstile::new(job.size) });
    for _ in 0..job.size {
        tokio::spawn(waiter(shared.clone()));
    }
    shared.parked.all_parked().await;
    let bytes = memory::growth(before, job.size);
    shared.bell.notify_waiters();
    shared.woken.all().await;
    Sample::new(start.elapsed(), shared.woken.passed()).with("bytes", bytes)
}

async fn waiter(shared: Arc<Shared>) {
    // Made before it is counted: who holds it hears the bell, polled or not.
    let bell = shared.bell.notified();
    shared.parked.pass();
    bell.await;
    shared.woken.pass();
}
