//! How a test asks the sandbox something: through its own protocol, without a socket.

use serde_json::Value;

use super::wire::Request;
use super::{Reply, Sandbox};

/// The prefix of operations of user pools.
pub(super) const USER_POOLS: &str = "AWSCognitoIdentityProviderService";

/// Calls an operation, as somebody in `us-east-1`; a refusal is its code and its message.
pub(super) async fn call(
    sandbox: &Sandbox,
    prefix: &str,
    operation: &str,
    input: &Value,
) -> Result<Value, (String, String)> {
    call_in(sandbox, "us-east-1", prefix, operation, input).await
}

/// The same, as somebody in any region.
pub(super) async fn call_in(
    sandbox: &Sandbox,
    region: &str,
    prefix: &str,
    operation: &str,
    input: &Value,
) -> Result<Value, (String, String)> {
    let scope = format!("AWS4-HMAC-SHA256 Credential=AKID/20260101/{region}/any/aws4_request");
    let request = Request {
        method: "POST".to_owned(),
        path: "/".to_owned(),
        headers: vec![
            ("x-amz-target".to_owned(), format!("{prefix}.{operation}")),
            ("authorization".to_owned(), scope),
        ],
        body: input.to_string().into_bytes(),
    };
    let Reply::Answer(answer) = sandbox.answer(request).await else { panic!("{operation} was cut off") };
    let body: Value = serde_json::from_slice(&answer.body).expect("JSON");
    if answer.status == 200 {
        return Ok(body);
    }
    let member = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
    Err((member("__type"), member("message")))
}
