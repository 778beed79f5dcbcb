//! The headline: N messages across actors, each a task with a mailbox of its own that holds 64, and `inflight` of them
//! under way.
//!
//! The actor of Tokio's experts (A. Ryhl, "Actors with Tokio"): a task that owns the receiver of a bounded mpsc channel
//! and loops over `recv`; in the loop `send`, which waits while a mailbox is full. After tokio,
//! benches/rt_multi_threaded.rs, all of them are tasks of the runtime, a counter that all share tells when it is
//! enough, and who counts the last reports it by a channel. The senders are one slice that all actors share, so that an
//! actor is no more than a receiver and a pointer. Times are recorded in a histogram of the worker's own, and are those
//! of `std::time::Instant`.
//!
//! With more in flight than a mailbox holds, an actor may be named by the seed to itself while its own mailbox is full,
//! and then waits forever. With few actors it happens: while the thread of one is not run by the system, all messages
//! gather at it. With up to 64 it can't.

use crate::contract::{Job, Sample};
use crate::histogram::{Histogram, Sharded};
use crate::memory;
use crate::turnstile::Turnstile;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::Relaxed;
use std::time::{Duration, Instant};
use tokio::sync::mpsc::{self, Receiver, Sender};
use tokio::time::sleep;

const MAILBOX: usize = 64;

struct Message {
    sent: Instant,
    seed: u32,
}

struct World {
    mailboxes: Box<[Sender<Message>]>,
    parked: Turnstile,
    wanted: u64,
    received: Alone<AtomicU64>,
    latencies: Sharded,
    finished: Sender<Instant>,
}

/// In cache lines of its own: all workers write to it, while they read what would lie beside it. 128 bytes, for some
/// processors fetch lines in pairs.
#[repr(align(128))]
struct Alone<T>(T);

pub async fn run(job: Job) -> Sample {
    let actors = job.parameter("actors");
    let (finished, mut last_receipt) = mpsc::channel(1);
    let world = start(actors, job.size, finished);
    world.parked.all_parked().await;
    let parked = memory::resident();

    let start = Instant::now();
    for i in 0..job.parameter("inflight") {
        let message = Message { sent: Instant::now(), seed: step(i as u32) };
        // If a mailbox is full already, there is more in flight than the workload allows.
        world.mailboxes[(i % actors) as usize].try_send(message).expect("the mailboxes are empty at first");
    }
    let end = last_receipt.recv().await.expect("somebody receives the last message");

    let latencies = all_recorded(&world).await;
    Sample::new(end - start, latencies.count)
        .with("p50", Some(latencies.quantile(0.5)))
        .with("p99", Some(latencies.quantile(0.99)))
        .with("p999", Some(latencies.quantile(0.999)))
        .with("max", Some(latencies.max()))
        .with("cdf", Some(latencies.cdf()))
        .with("parked", parked)
        .with("peak", memory::peak())
}

fn start(actors: u64, wanted: u64, finished: Sender<Instant>) -> Arc<World> {
    let (mailboxes, receivers): (Vec<_>, Vec<_>) = (0..actors).map(|_| mpsc::channel(MAILBOX)).unzip();
    let world = Arc::new(World {
        mailboxes: mailboxes.into(),
        parked: Turnstile::new(actors),
        wanted,
        received: Alone(AtomicU64::new(0)),
        latencies: Sharded::new(),
        finished,
    });
    for receiver in receivers {
        tokio::spawn(actor(receiver, world.clone()));
    }
    world
}

async fn actor(mut mailbox: Receiver<Message>, world: Arc<World>) {
    world.parked.pass();
    while let Some(message) = mailbox.recv().await {
        let now = Instant::now();
        let before = world.received.0.fetch_add(1, Relaxed);
        if before >= world.wanted {
            return;
        }
        world.latencies.record(now - message.sent);
        if before + 1 == world.wanted {
            world.finished.try_send(now).expect("there is one last receipt");
            return;
        }
        let seed = step(message.seed);
        let next = (seed >> 8) as usize % world.mailboxes.len();
        // It fails if the receiver has stopped, and then it is over for this one too.
        if world.mailboxes[next].send(Message { sent: now, seed }).await.is_err() {
            return;
        }
    }
}

fn step(seed: u32) -> u32 {
    seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223)
}

/// The latencies, as soon as those are among them that another worker was about to record when the last was received.
async fn all_recorded(world: &World) -> Histogram {
    loop {
        let latencies = world.latencies.merged();
        if latencies.count >= world.wanted {
            return latencies;
        }
        sleep(Duration::from_millis(1)).await;
    }
}
