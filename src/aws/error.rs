//! From what the SDK says of a failed call to what a person needs: AWS's own code and message, the
//! request id, and whether the call may have had its effect all the same.

use std::error::Error as StdError;

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;

use crate::error::AwsError;

/// What came of a call.
pub(super) enum Answer<T> {
    /// The response, and AWS's request id.
    Success(T, Option<String>),
    /// AWS refused it.
    Failure(AwsError),
    /// AWS or the connection was out of order, which may pass.
    Disorder(AwsError),
}

/// What a failed call says.
pub(super) fn explain<T, E>(operation: &'static str, error: &SdkError<E, HttpResponse>) -> Answer<T>
where
    E: StdError + ProvideErrorMetadata + 'static,
{
    let told = describe(operation, error);
    if is_disorder(error) { Answer::Disorder(told) } else { Answer::Failure(told) }
}

/// Whether AWS or the connection was out of order. Where a connection is refused nobody is there.
fn is_disorder<E>(error: &SdkError<E, HttpResponse>) -> bool {
    let timed_out = |response: &HttpResponse| response.status().as_u16() == 408;
    match error {
        SdkError::TimeoutError(_) | SdkError::ResponseError(_) => true,
        SdkError::DispatchFailure(failure) => {
            let unheard = failure.is_timeout() || failure.is_io();
            unheard && !failure.as_connector_error().is_some_and(|error| is_refused(error))
        }
        SdkError::ServiceError(context) => context.raw().status().is_server_error() || timed_out(context.raw()),
        _ => false,
    }
}

fn is_refused(error: &(dyn StdError + 'static)) -> bool {
    let io = error.downcast_ref::<std::io::Error>();
    io.is_some_and(|io| io.kind() == std::io::ErrorKind::ConnectionRefused) || error.source().is_some_and(is_refused)
}

/// What a failed call says.
fn describe<E>(operation: &'static str, error: &SdkError<E, HttpResponse>) -> AwsError
where
    E: StdError + ProvideErrorMetadata + 'static,
{
    let mut told = AwsError::unread(operation, String::new());
    if let Some(response) = error.raw_response() {
        told.request_id = response.headers().get("x-amzn-requestid").map(str::to_owned);
    }
    match error {
        SdkError::ServiceError(context) => {
            let meta = context.err().meta();
            told.code = meta.code().map(str::to_owned);
            let raw = context.raw();
            told.message = match (meta.code(), meta.message()) {
                (_, Some(message)) => message.to_owned(),
                (Some(_), None) => "AWS gave no message".to_owned(),
                (None, None) => format!(
                    "the answer is not one of AWS: HTTP status {}, {}",
                    raw.status(),
                    raw.headers().get("content-type").unwrap_or("of no type")
                ),
            };
            told.ambiguous = context.raw().status().is_server_error();
        }
        SdkError::ConstructionFailure(_) => {
            told.message = causes(error);
            told.ambiguous = false;
        }
        SdkError::DispatchFailure(failure) => {
            told.message = causes(error);
            told.ambiguous = !failure.is_user();
            if told.message.contains("credentials") {
                told.ambiguous = false;
                told.help = Some(
                    "give credentials as the AWS CLI takes them: environment variables, a profile (--profile), or a role"
                        .to_owned(),
                );
            }
        }
        SdkError::TimeoutError(_) => "no answer came in time".clone_into(&mut told.message),
        _ => told.message = format!("the answer could not be read: {}", causes(error)),
    }
    // What only reads has no effect to be in doubt about.
    told.ambiguous &= !is_read(operation);
    told
}

/// Whether an operation only reads.
pub(super) fn is_read(operation: &str) -> bool {
    ["Describe", "List", "Get"].iter().any(|verb| operation.starts_with(verb))
}

/// The innermost causes, which say what happened; the outer ones only say that something did.
fn causes(error: &dyn StdError) -> String {
    let mut texts = Vec::new();
    let mut cause = error.source();
    while let Some(inner) = cause {
        let text = inner.to_string();
        if texts.last() != Some(&text) {
            texts.push(text);
        }
        cause = inner.source();
    }
    if texts.is_empty() { error.to_string() } else { texts.join(": ") }
}
