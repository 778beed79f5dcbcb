//! The table of all workloads: the name that the runner knows, and what does it.

use crate::contract::{Job, Sample};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;

pub struct Workload {
    pub id: &'static str,
    /// Whether it is first done once for nothing. What measures resident memory starts cold: pages that a warm-up
    /// touched and gave back to the allocator would not be counted again.
    pub warms_up: bool,
    pub run: Run,
}

pub type Run = fn(Job) -> BoxFuture<'static, Sample>;

pub fn find(id: &str) -> Option<&'static Workload> {
    WORKLOADS.iter().find(|workload| workload.id == id)
}

pub static WORKLOADS: &[Workload] = &[
    cold("headline", |job| crate::headline::run(job).boxed()),
    cold("empty", |job| crate::empty::run(job).boxed()),
    warm("rendezvous", |job| crate::rendezvous::run(job).boxed()),
    warm("buffered", |job| crate::buffered::run(job).boxed()),
    warm("ping-pong", |job| crate::ping_pong::run(job).boxed()),
    warm("spawn-join", |job| crate::spawn_join::run(job).boxed()),
    warm("oneshot", |job| crate::oneshot::run(job).boxed()),
    warm("select", |job| crate::select::run(job).boxed()),
    warm("select-anew", |job| crate::select::run(job).boxed()),
    warm("timers", |job| crate::timers::run(job).boxed()),
    warm("timeout", |job| crate::timeout::run(job).boxed()),
    warm("mutex", |job| crate::mutex::run(job).boxed()),
    warm("mutex-held", |job| crate::mutex_held::run(job).boxed()),
    warm("semaphore", |job| crate::semaphore::run(job).boxed()),
    warm("broadcast", |job| crate::broadcast::run(job).boxed()),
    warm("watch", |job| crate::watch::run(job).boxed()),
    warm("stream-sync", |job| crate::stream_sync::run(job).boxed()),
    warm("stream-async", |job| crate::stream_async::run(job).boxed()),
    warm("stream-loop", |job| crate::stream_loop::run(job).boxed()),
    warm("map-concurrent", |job| crate::map_concurrent::run(job).boxed()),
    warm("sieve", |job| crate::sieve::run(job).boxed()),
    warm("pipeline", |job| crate::pipeline::run(job).boxed()),
    warm("wake", |job| crate::wake::run(job).boxed()),
    warm("cancel-tree", |job| crate::cancel_tree::run(job).boxed()),
    cold("parked-memory", |job| crate::parked_memory::run(job).boxed()),
    cold("parked-task", |job| crate::parked_task::run(job).boxed()),
    warm("timer-flood", |job| crate::timer_flood::run(job).boxed()),
];

const fn warm(id: &'static str, run: Run) -> Workload {
    Workload { id, warms_up: true, run }
}

const fn cold(id: &'static str, run: Run) -> Workload {
    Workload { id, warms_up: false, run }
}
