//! The Tokio contestant: `<workload> <size> [<parameter>=<value> …]`, and one line of JSON.
//!
//! The environment variable `WORKERS` chooses the runtime: with 1 it is Tokio's `current_thread`, with another number
//! its `multi_thread` with that many workers, and without it what `#[tokio::main]` would start. All other settings are
//! Tokio's own.
//!
//! A workload runs in a spawned task, never in the future given to `block_on`: that one is polled by the thread that
//! blocks and not by the scheduler, so that waking it costs more than waking a task. Tokio's benchmarks of its
//! schedulers spawn as well (tokio, benches/rt_multi_threaded.rs).

mod contract;
mod histogram;
mod memory;
#[cfg(test)]
mod tests;
mod turnstile;
mod workloads;

mod broadcast;
mod buffered;
mod cancel_tree;
mod empty;
mod headline;
mod map_concurrent;
mod mutex;
mod mutex_held;
mod oneshot;
mod parked_memory;
mod parked_task;
mod ping_pong;
mod pipeline;
mod rendezvous;
mod select;
mod semaphore;
mod sieve;
mod spawn_join;
mod stream_async;
mod stream_loop;
mod stream_sync;
mod timeout;
mod timer_flood;
mod timers;
mod wake;
mod watch;

use contract::{Job, Sample};
use std::process::ExitCode;
use tokio::runtime::{Builder, Runtime};
use workloads::Workload;

fn main() -> ExitCode {
    match answer() {
        Ok(line) => {
            println!("{line}");
            ExitCode::SUCCESS
        }
        Err(problem) => {
            eprintln!("{problem}");
            ExitCode::from(2)
        }
    }
}

fn answer() -> Result<String, String> {
    let mut arguments = std::env::args().skip(1);
    let id = arguments.next().ok_or("usage: <workload> <size> [<parameter>=<value> …]")?;
    let Some(workload) = workloads::find(&id) else {
        return Ok(contract::missing(&id));
    };
    let job = Job::parse(arguments)?;
    let size = job.size;
    let sample = sample(&runtime(workers()?), workload, job);
    Ok(sample.to_json(&id, size))
}

/// How many threads shall work; none if that is left to Tokio.
fn workers() -> Result<Option<usize>, String> {
    match std::env::var("WORKERS") {
        Err(_) => Ok(None),
        Ok(text) => match text.parse() {
            Ok(count) if count > 0 => Ok(Some(count)),
            _ => Err(format!("WORKERS is a number of threads, not {text:?}")),
        },
    }
}

fn runtime(workers: Option<usize>) -> Runtime {
    let mut builder = match workers {
        Some(1) => Builder::new_current_thread(),
        _ => Builder::new_multi_thread(),
    };
    if let Some(count @ 2..) = workers {
        builder.worker_threads(count);
    }
    builder.enable_all().build().expect("the runtime starts")
}

/// Warms up, unless the workload must start cold, and then takes the sample.
fn sample(runtime: &Runtime, workload: &Workload, job: Job) -> Sample {
    let run = workload.run;
    let warm_up = workload.warms_up.then(|| job.warm_up());
    let task = runtime.spawn(async move {
        if let Some(job) = warm_up {
            run(job).await;
        }
        run(job).await
    });
    runtime.block_on(task).expect("the workload ends well")
}
