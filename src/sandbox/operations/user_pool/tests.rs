//! Pools from the outside: what a request leads to, what an update leaves standing, what is refused,
//! and whether a pool shows what a real one with the same settings showed.

use serde_json::{Value, json};

use crate::sandbox::testing::{USER_POOLS, call};
use crate::sandbox::{Sandbox, Settings};

mod corpus;
mod mfa;
mod pools;
mod refusals;
mod schema;
mod update;

/// A sandbox that does not count calls.
pub(super) fn sandbox() -> Sandbox {
    Sandbox::new(Settings { quotas: false, ..Settings::default() })
}

/// Calls an operation of user pools.
pub(super) async fn ask(sandbox: &Sandbox, operation: &str, input: &Value) -> Result<Value, (String, String)> {
    call(sandbox, USER_POOLS, operation, input).await
}

/// Calls an operation that must be done.
pub(super) async fn done(sandbox: &Sandbox, operation: &str, input: &Value) -> Value {
    let answer = ask(sandbox, operation, input).await;
    answer.unwrap_or_else(|why| panic!("{operation} of {input} was refused: {why:?}"))
}

/// Makes a pool, and says what its id is.
pub(super) async fn pool(sandbox: &Sandbox, settings: &Value) -> String {
    let answer = done(sandbox, "CreateUserPool", &with(&json!({"PoolName": "pool"}), settings)).await;
    answer["UserPool"]["Id"].as_str().expect("an id").to_owned()
}

/// What a Describe shows of a pool.
pub(super) async fn described(sandbox: &Sandbox, id: &str) -> Value {
    done(sandbox, "DescribeUserPool", &json!({"UserPoolId": id})).await["UserPool"].take()
}

/// An object with the members of another over its own.
pub(super) fn with(object: &Value, others: &Value) -> Value {
    let mut all = object.as_object().expect("an object").clone();
    all.extend(others.as_object().expect("an object").clone());
    Value::Object(all)
}

/// A role that sends text messages.
pub(super) fn sms() -> Value {
    json!({"SnsCallerArn": "arn:aws:iam::123456789012:role/sms", "ExternalId": "id", "SnsRegion": "us-east-1"})
}

/// An identity of the caller's own that sends email.
pub(super) fn ses() -> Value {
    json!({
        "EmailSendingAccount": "DEVELOPER",
        "SourceArn": "arn:aws:ses:us-east-1:123456789012:identity/example.com",
    })
}
