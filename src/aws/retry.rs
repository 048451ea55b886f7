//! Which failures are worth another try. The SDK tries nothing again, so that each attempt waits for
//! its turn and is counted.

use std::hash::{BuildHasher, RandomState};
use std::time::Duration;

use crate::error::AwsError;

/// How often a call is made where AWS or the connection is out of order.
pub(super) const ATTEMPTS: u32 = 4;

/// What is out of order stays so for longer than another call takes: it is waited for as if it had
/// been met this often already.
pub(super) const LONGER: u32 = 2;

/// The codes of a quota in calls per second.
const THROTTLES: &[&str] = &[
    "TooManyRequestsException",
    "ThrottlingException",
    "Throttling",
    "ThrottledException",
    "RequestThrottledException",
    "RequestLimitExceeded",
];

/// AWS refused the call without doing it, and may accept it later.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    /// There were too many calls.
    Throttled,
    /// Another call is at work on the same thing, or what the call needs is not known everywhere yet.
    NotNow,
}

impl Refusal {
    /// The refusal that a failure is. A quota of resources (`LimitExceededException`) is none: it
    /// does not pass by itself.
    pub(super) fn of(failure: &AwsError) -> Option<Self> {
        let code = failure.code.as_deref()?;
        let says = |text: &str| failure.message.contains(text);
        if code.contains("LimitExceededException") {
            None
        } else if THROTTLES.contains(&code) || says("Rate exceeded") {
            Some(Refusal::Throttled)
        } else {
            let conflict = code == "ConcurrentModificationException"
                || says("Only one request to update")
                || says("The operation cannot be performed at this time")
                // A role that was made moments ago is not known everywhere yet.
                || says("cannot be assumed by Lambda");
            conflict.then_some(Refusal::NotNow)
        }
    }
}

/// How long to wait before a call that was refused this often is tried again: somewhere between
/// nothing and a time that doubles, so that those who met do not meet again.
pub(super) fn back_off(refused: u32) -> Duration {
    let most = Duration::from_millis(250).saturating_mul(1 << refused.min(16)).min(Duration::from_secs(10));
    // The keys of a new hasher are random.
    let random = RandomState::new().hash_one(refused) % 1_024;
    most.mul_f64(f64::from(u16::try_from(random).unwrap_or_default()) / 1_024.0)
}
