//! One task sends N numbers to 8 receivers, and waits after each 512 until all have these.
//!
//! In the shape of tokio, benches/sync_broadcast.rs: receivers in tasks of their own, `recv` in a loop, and a sender
//! that is kept from overtaking them. There it waits after each message, by a counter and a `Notify`; here after each
//! 512, by a channel of credits.

use crate::contract::{Job, Sample};
use std::time::Instant;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{broadcast, mpsc};

const RECEIVERS: usize = 8;
const CAPACITY: usize = 1024;
const BATCH: u64 = 512;

pub async fn run(job: Job) -> Sample {
    let start = Instant::now();
    let (tx, _) = broadcast::channel(CAPACITY);
    let (credit, mut credits) = mpsc::channel(RECEIVERS);
    let receivers: Vec<_> = (0..RECEIVERS).map(|_| tokio::spawn(listener(tx.subscribe(), credit.clone()))).collect();
    let sender = tokio::spawn(async move {
        for n in 0..job.size {
            tx.send(n).expect("the receivers wait for the last");
            if (n + 1) % BATCH == 0 {
                for _ in 0..RECEIVERS {
                    credits.recv().await.expect("each receiver gives a credit");
                }
            }
        }
    });
    sender.await.expect("the sender ends well");
    let mut sum = 0;
    for receiver in receivers {
        sum += receiver.await.expect("a receiver ends well");
    }
    Sample::new(start.elapsed(), sum)
}

async fn listener(mut rx: broadcast::Receiver<u64>, credit: mpsc::Sender<()>) -> u64 {
    let (mut sum, mut received) = (0, 0);
    loop {
        match rx.recv().await {
            Ok(n) => sum += n,
            Err(RecvError::Closed) => return sum,
            Err(RecvError::Lagged(missed)) => panic!("{missed} messages were missed"),
        }
        received += 1;
        if received % BATCH == 0 {
            // The sender does not wait for the last credits if it ends before.
            let _ = credit.send(()).await;
        }
    }
}
