//! The permission that lets a user pool invoke the function of a trigger: a statement in the
//! function's policy. One statement serves all triggers of a pool that name the function. Whatever
//! statement lets the pool in will do; only poolkeeper's own is ever removed.

use serde_json::Value;

use crate::aws::{Aws, found};
use crate::error::Error;
use crate::live::Permission;
use crate::wildcard;

/// The id of the statement that poolkeeper adds for a pool.
fn statement_id(pool: &str) -> String {
    format!("poolkeeper-{pool}")
}

/// What the function's policy says of the pool.
pub async fn read(aws: &Aws, function: &str, pool: &str, pool_arn: &str) -> Result<Permission, Error> {
    let statements = aws.function_policy(function).await?;
    Ok(judge(&statements, &statement_id(pool), pool_arn, &aws.place().account))
}

/// What a policy says of the pool.
fn judge(statements: &[Value], ours: &str, pool_arn: &str, account: &str) -> Permission {
    let mut permission = Permission::default();
    for statement in statements {
        let allows = lets_in(statement, pool_arn, account);
        permission.allowed |= allows;
        permission.ours |= statement.get("Sid").and_then(Value::as_str) == Some(ours);
    }
    permission
}

/// Whether a statement lets the pool invoke the function. One with a condition that is not
/// understood does not count.
fn lets_in(statement: &Value, pool_arn: &str, account: &str) -> bool {
    let principal = statement.get("Principal");
    let service = principal.and_then(|principal| principal.get("Service")).or(principal);
    let names = |value: Option<&Value>, wanted: &[&str]| match value {
        Some(Value::Array(items)) => items.iter().any(|item| item.as_str().is_some_and(|item| wanted.contains(&item))),
        Some(Value::String(item)) => wanted.contains(&item.as_str()),
        _ => false,
    };
    let conditions = statement.get("Condition").and_then(Value::as_object).into_iter().flatten();
    let holds = conditions
        .flat_map(|(operator, tests)| {
            tests.as_object().into_iter().flatten().map(move |(key, value)| (operator, key, value))
        })
        .all(|(operator, key, value)| {
            let like = matches!(operator.as_str(), "ArnLike" | "StringLike" | "ArnEquals" | "StringEquals");
            let values: Vec<&str> = match value {
                Value::Array(items) => items.iter().filter_map(Value::as_str).collect(),
                other => other.as_str().into_iter().collect(),
            };
            like && match key.to_ascii_lowercase().as_str() {
                "aws:sourcearn" => values.iter().any(|pattern| wildcard::matches(pattern, pool_arn)),
                "aws:sourceaccount" => values.iter().any(|pattern| wildcard::matches(pattern, account)),
                _ => false,
            }
        });
    statement.get("Effect").and_then(Value::as_str) == Some("Allow")
        && names(service, &["cognito-idp.amazonaws.com", "*"])
        && names(statement.get("Action"), &["lambda:InvokeFunction", "lambda:Invoke*", "lambda:*", "*"])
        && holds
}

/// Lets the pool invoke the function. That the statement is there already is fine.
pub async fn add(aws: &Aws, function: &str, pool: &str, pool_arn: &str) -> Result<(), Error> {
    match aws.add_permission(function, &statement_id(pool), pool_arn).await {
        Err(error) if error.code() == Some("ResourceConflictException") => {
            let permission = read(aws, function, pool, pool_arn).await?;
            if permission.allowed { Ok(()) } else { Err(error) }
        }
        answer => answer,
    }
}

/// Takes poolkeeper's statement out of the function's policy. That it is gone already is fine.
pub async fn remove(aws: &Aws, function: &str, pool: &str) -> Result<(), Error> {
    found(aws.remove_permission(function, &statement_id(pool)).await).map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const POOL: &str = "arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_abc";

    fn allowed(principal: &Value, action: &str, condition: &Value) -> bool {
        let statement =
            json!({"Sid": "x", "Effect": "Allow", "Principal": principal, "Action": action, "Condition": condition});
        judge(&[statement], "poolkeeper-eu-west-1_abc", POOL, "123456789012").allowed
    }

    #[test]
    fn any_statement_that_lets_the_pool_in_will_do() {
        let cognito = json!({"Service": "cognito-idp.amazonaws.com"});
        let invoke = "lambda:InvokeFunction";
        for condition in [
            json!({}),
            json!({"ArnLike": {"AWS:SourceArn": POOL}}),
            json!({"ArnLike": {"AWS:SourceArn": "arn:aws:cognito-idp:*:123456789012:userpool/*"}}),
            json!({"StringEquals": {"AWS:SourceAccount": "123456789012"}, "ArnLike": {"AWS:SourceArn": POOL}}),
        ] {
            assert!(allowed(&cognito, invoke, &condition), "{condition}");
        }
        for condition in [
            json!({"ArnLike": {"AWS:SourceArn": "arn:aws:cognito-idp:eu-west-1:123456789012:userpool/other"}}),
            json!({"StringEquals": {"AWS:SourceAccount": "210987654321"}}),
            json!({"StringNotEquals": {"AWS:SourceAccount": "210987654321"}}),
            json!({"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}),
        ] {
            assert!(!allowed(&cognito, invoke, &condition), "{condition}");
        }
        assert!(!allowed(&json!({"Service": "s3.amazonaws.com"}), invoke, &json!({})));
        assert!(!allowed(&cognito, "lambda:GetFunction", &json!({})));
    }
}
