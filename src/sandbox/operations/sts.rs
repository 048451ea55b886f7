//! Who a caller is, and how to become somebody else. An access key that ends in twelve digits
//! belongs to the account that they name; an assumed role's key is made so.

use serde_json::{Value, json};

use super::super::refusal::Refusal;
use super::world::{MIXED, World, text};

/// `GetCallerIdentity`.
// Every operation may refuse; this one never does.
#[allow(clippy::unnecessary_wraps)]
pub(super) fn get_caller_identity(world: &mut World<'_>, _: &Value) -> Result<Value, Refusal> {
    let account = &world.call.account;
    Ok(json!({
        "Arn": format!("arn:aws:iam::{account}:user/sandbox"),
        "UserId": "AIDASANDBOX",
        "Account": account,
    }))
}

/// `AssumeRole`.
pub(super) fn assume_role(world: &mut World<'_>, input: &Value) -> Result<Value, Refusal> {
    let role = text(input, "RoleArn");
    let session = text(input, "RoleSessionName");
    let parts: Vec<&str> = role.splitn(6, ':').collect();
    let (Some(account), Some(name)) = (parts.get(4), parts.get(5).and_then(|rest| rest.strip_prefix("role/"))) else {
        return Err(Refusal::of("ValidationError", format!("{role} is invalid")));
    };
    if account.len() != 12 || !account.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Refusal::of("ValidationError", format!("{role} is invalid")));
    }
    let secret = world.fresh(MIXED, 40);
    Ok(json!({
        "Credentials": {
            "AccessKeyId": format!("ASIA{account}"),
            "SecretAccessKey": secret,
            "SessionToken": "sandbox",
            "Expiration": "2099-01-01T00:00:00Z",
        },
        "AssumedRoleUser": {
            "AssumedRoleId": format!("AROASANDBOX:{session}"),
            "Arn": format!("arn:aws:sts::{account}:assumed-role/{name}/{session}"),
        },
    }))
}
