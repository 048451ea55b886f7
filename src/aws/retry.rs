//! Which failures are worth another try. The SDK's standard mode repeats reads, and writes that can
//! be repeated, where AWS or the connection was out of order. What AWS refuses for the moment is
//! tried again here and never by the SDK, so that each of these calls waits for its turn.

use std::hash::{BuildHasher, RandomState};
use std::time::Duration;

use aws_smithy_runtime_api::client::interceptors::context::InterceptorContext;
use aws_smithy_runtime_api::client::retries::classifiers::{ClassifyRetry, RetryAction, RetryClassifierPriority};
use serde_json::Value;

use crate::error::AwsError;

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

fn is_refused(error: &(dyn std::error::Error + 'static)) -> bool {
    let io = error.downcast_ref::<std::io::Error>();
    io.is_some_and(|io| io.kind() == std::io::ErrorKind::ConnectionRefused) || error.source().is_some_and(is_refused)
}

/// Keeps the SDK from trying again what AWS refused: a throttle waits for its turn here, and a quota
/// of resources, which the SDK takes for a throttle, does not pass. Nor a connection that is refused:
/// nobody is there.
#[derive(Debug)]
pub(super) struct RefusedIsRefused;

impl ClassifyRetry for RefusedIsRefused {
    fn classify_retry(&self, context: &InterceptorContext) -> RetryAction {
        let response = context.response();
        let code = response.and_then(|response| {
            let header = response.headers().get("x-amzn-errortype").map(str::to_owned);
            header.or_else(|| {
                let body: Value = serde_json::from_slice(response.body().bytes()?).ok()?;
                Some(body.get("__type")?.as_str()?.to_owned())
            })
        });
        let nobody_there = match context.output_or_error() {
            Some(Err(error)) => error.as_connector_error().is_some_and(|error| is_refused(error)),
            _ => false,
        };
        // The code may stand behind a namespace, and before an address.
        let code = code.unwrap_or_default();
        let refused =
            code.contains("LimitExceededException") || THROTTLES.iter().any(|throttle| code.contains(throttle));
        let too_many = response.is_some_and(|response| response.status().as_u16() == 429);
        if nobody_there || refused || too_many { RetryAction::RetryForbidden } else { RetryAction::NoActionIndicated }
    }

    fn name(&self) -> &'static str {
        "RefusedIsRefused"
    }

    fn priority(&self) -> RetryClassifierPriority {
        RetryClassifierPriority::run_after(RetryClassifierPriority::transient_error_classifier())
    }
}
