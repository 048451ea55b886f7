//! Which failures are worth another try. The SDK's standard mode does the reads and the writes that
//! can be repeated; a rule of ours overrides it where it is wrong for Cognito.

use aws_smithy_runtime_api::client::interceptors::context::InterceptorContext;
use aws_smithy_runtime_api::client::retries::classifiers::{ClassifyRetry, RetryAction, RetryClassifierPriority};
use serde_json::Value;

use crate::error::AwsError;

/// AWS refused these without doing anything: the same call may be made again later.
const REFUSED_FOR_NOW: &[&str] =
    &["TooManyRequestsException", "ThrottlingException", "Throttling", "ConcurrentModificationException"];

/// Whether AWS refused the call without doing it, and may accept it later.
pub(super) fn is_refused_for_now(failure: &AwsError) -> bool {
    let code = failure.code.as_deref().unwrap_or_default();
    REFUSED_FOR_NOW.contains(&code)
        // A role that was made moments ago is not known everywhere yet.
        || failure.message.contains("cannot be assumed by Lambda")
        || failure.message.contains("The operation cannot be performed at this time")
}

fn is_refused(error: &(dyn std::error::Error + 'static)) -> bool {
    let io = error.downcast_ref::<std::io::Error>();
    io.is_some_and(|io| io.kind() == std::io::ErrorKind::ConnectionRefused) || error.source().is_some_and(is_refused)
}

/// Never lets the SDK retry a quota: it takes `LimitExceededException` for a throttle, which for
/// Cognito and Lambda it is not. Nor a connection that is refused: nobody is there.
#[derive(Debug)]
pub(super) struct QuotaIsNotThrottle;

impl ClassifyRetry for QuotaIsNotThrottle {
    fn classify_retry(&self, context: &InterceptorContext) -> RetryAction {
        let code = context.response().and_then(|response| {
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
        match code {
            _ if nobody_there => RetryAction::RetryForbidden,
            Some(code) if code.contains("LimitExceededException") => RetryAction::RetryForbidden,
            _ => RetryAction::NoActionIndicated,
        }
    }

    fn name(&self) -> &'static str {
        "QuotaIsNotThrottle"
    }

    fn priority(&self) -> RetryClassifierPriority {
        RetryClassifierPriority::run_after(RetryClassifierPriority::transient_error_classifier())
    }
}
