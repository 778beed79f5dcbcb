//! Filter and map over a stream that waits, gone through by a loop: that of stream_async.rs, with `while let` and `next`, as
//! in Tokio's tutorial (Streams, "Iteration").

use crate::contract::{Job, Sample};
use crate::stream_async::odd;
use std::time::Instant;
use tokio_stream::StreamExt;

pub async fn run(job: Job) -> Sample {
    let start = Instant::now();
    let mut numbers = odd(job.size);
    let sum = tokio::spawn(async move {
        let mut sum = 0;
        while let Some(n) = numbers.next().await {
            sum += n;
        }
        sum
    });
    let sum: u64 = sum.await.expect("the sum ends well");
    Sample::new(start.elapsed(), sum)
}
