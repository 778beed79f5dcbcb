//! Counts tasks that pass, and tells when all have.

use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::AcqRel;
use std::sync::atomic::Ordering::Acquire;
use std::time::Duration;
use tokio::sync::Notify;
use tokio::time::sleep;

pub struct Turnstile {
    expected: u64,
    passed: AtomicU64,
    all: Notify,
}

impl Turnstile {
    pub fn new(expected: u64) -> Turnstile {
        Turnstile { expected, passed: AtomicU64::new(0), all: Notify::new() }
    }

    pub fn pass(&self) {
        if self.passed.fetch_add(1, AcqRel) + 1 == self.expected {
            self.all.notify_one();
        }
    }

    pub fn passed(&self) -> u64 {
        self.passed.load(Acquire)
    }

    /// Waits until all have passed.
    pub async fn all(&self) {
        if self.passed() < self.expected {
            self.all.notified().await;
        }
    }

    /// Waits until all have passed and are parked on what comes next in them. For that there is no event: it is given
    /// 10 ms.
    pub async fn all_parked(&self) {
        self.all().await;
        sleep(Duration::from_millis(10)).await;
    }
}
