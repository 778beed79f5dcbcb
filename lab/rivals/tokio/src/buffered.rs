//! One task sends N numbers to another over a channel that holds 64.
//!
//! In the shape of `contention_bounded_full` of tokio, benches/sync_mpsc.rs, with one sender. An expert who may take
//! messages in batches would call `recv_many` (benches/sync_mpsc_recv_many.rs); here, as for all others, each is
//! received by itself.

use crate::contract::{Job, Sample};
use crate::rendezvous::transfer;
use std::time::Instant;

pub async fn run(job: Job) -> Sample {
    let start = Instant::now();
    let sum = transfer(job.size, 64).await;
    Sample::new(start.elapsed(), sum)
}
