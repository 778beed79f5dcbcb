//! A token with N children: they are made, then cancelled by their parent, and each is asked whether it knows.
//!
//! `CancellationToken` of tokio-util with `child_token` is what an expert takes; no benchmark of it is published. The
//! children are let go of after the clock has stopped.

use crate::contract::{Job, Sample};
use std::time::Instant;
use tokio_util::sync::CancellationToken;

pub async fn run(job: Job) -> Sample {
    let start = Instant::now();
    let parent = CancellationToken::new();
    let children: Vec<_> = (0..job.size).map(|_| parent.child_token()).collect();
    parent.cancel();
    let cancelled = children.iter().filter(|child| child.is_cancelled()).count();
    Sample::new(start.elapsed(), cancelled)
}
