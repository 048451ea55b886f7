//! A rate and what is left of it at a moment, and how the rate gives way to others who use the same
//! quota: it is halved when AWS refuses a call, and grows back with every call that AWS takes.

use std::time::Duration;

use tokio::time::Instant;

/// How much of one second's quota may be used at once. AWS counts calls when they arrive, and on
/// their way some overtake others, so that what was spaced evenly arrives in bunches. With half a
/// second's quota in hand at most, what leaves within any time, and arrives up to half a second
/// sooner or later, is never more than AWS lets in at once (one second's quota) and in that time.
const AT_ONCE: f64 = 0.5;

/// The share of the full rate below which refusals do not slow a bucket down.
const SLOWEST: f64 = 0.1;

/// The calls in a second below which refusals do not slow a bucket down, however little of the quota
/// is used: a call that is refused has two minutes to get through.
const SLOWEST_RATE: f64 = 1.0 / 20.0;

/// The share of the full rate that a call which AWS takes gives back.
const REGAINED: f64 = 0.02;

/// Sums of fractions are not exact; a turn is not put off for that.
const NEARLY_ONE: f64 = 1.0 - 1e-6;

/// A rate of calls.
#[derive(Debug, Clone)]
pub(super) struct Bucket {
    /// Calls per second when nobody else is there.
    full: f64,
    /// Calls per second now.
    rate: f64,
    /// What could be used at once at the time of `counted`.
    left: f64,
    counted: Instant,
    slowed: Option<Instant>,
}

impl Bucket {
    /// A bucket that gives `full` calls per second.
    pub(super) fn new(full: f64, now: Instant) -> Self {
        let mut bucket = Self { full, rate: full, left: 0.0, counted: now, slowed: None };
        bucket.left = bucket.most();
        bucket
    }

    /// Calls per second now.
    pub(super) fn rate(&self) -> f64 {
        self.rate
    }

    /// What is left at most; never less than one call, without which there would be none at all.
    fn most(&self) -> f64 {
        (self.rate * AT_ONCE).max(1.0)
    }

    fn left(&self, now: Instant) -> f64 {
        let since = now.saturating_duration_since(self.counted).as_secs_f64();
        (self.left + since * self.rate).min(self.most())
    }

    /// When the next call may be made, which may be now.
    pub(super) fn ready(&self, now: Instant) -> Instant {
        let left = self.left(now);
        if left >= NEARLY_ONE { now } else { now + Duration::from_secs_f64((1.0 - left) / self.rate) }
    }

    /// Uses a call.
    pub(super) fn take(&mut self, now: Instant) {
        self.left = self.left(now) - 1.0;
        self.counted = now;
    }

    /// AWS refused a call that was made at `made`: half the rate, and nothing left. Calls that were
    /// under way together and are refused together are one reason to slow down, and not many.
    pub(super) fn refused(&mut self, made: Instant, now: Instant) {
        if self.slowed.is_some_and(|slowed| made < slowed) {
            return;
        }
        self.rate = (self.rate / 2.0).max(self.full * SLOWEST).max(self.full.min(SLOWEST_RATE));
        self.left = 0.0;
        self.counted = now;
        self.slowed = Some(now);
    }

    /// AWS took a call.
    pub(super) fn taken(&mut self, now: Instant) {
        if self.rate < self.full {
            self.left = self.left(now);
            self.counted = now;
            self.rate = (self.rate + self.full * REGAINED).min(self.full);
        }
    }
}
