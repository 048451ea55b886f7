//! The sandbox's time. It runs with tokio's clock, so it stands still where that is paused, and it
//! can be moved on by hand; it never runs backwards, over restarts neither.

use std::sync::Mutex;
use std::sync::PoisonError;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::time::Instant;

/// A clock.
#[derive(Debug)]
pub struct Clock {
    /// Seconds since 1970 when this began.
    base: f64,
    begin: Instant,
    moved: Mutex<Duration>,
}

impl Clock {
    /// A clock that shows the system's time, but nothing before `earliest`.
    pub(super) fn starting_at(earliest: f64) -> Self {
        let system = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs_f64();
        Self { base: system.max(earliest), begin: Instant::now(), moved: Mutex::default() }
    }

    /// Seconds since 1970.
    pub fn now(&self) -> f64 {
        let moved = *self.moved.lock().unwrap_or_else(PoisonError::into_inner);
        self.base + (self.begin.elapsed() + moved).as_secs_f64()
    }

    /// Moves the time on.
    pub fn advance(&self, time: Duration) {
        *self.moved.lock().unwrap_or_else(PoisonError::into_inner) += time;
    }
}
