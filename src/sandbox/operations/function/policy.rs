//! A function's policy, statement by statement: who may invoke it, or one of its versions or aliases.

use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::super::super::refusal::Refusal;
use super::super::world::{World, text};
use super::name::{Named, named};
use super::{LATEST, check_revision, conflict, find, invalid, missing, version};

/// How many bytes a policy may have.
const MOST: usize = 20_480;

/// Members of a permission, and the condition that each becomes.
const CONDITIONS: &[(&str, &str, &str)] = &[
    ("SourceAccount", "StringEquals", "AWS:SourceAccount"),
    ("SourceArn", "ArnLike", "AWS:SourceArn"),
    ("PrincipalOrgID", "StringEquals", "aws:PrincipalOrgID"),
    ("EventSourceToken", "StringEquals", "lambda:EventSourceToken"),
    ("FunctionUrlAuthType", "StringEquals", "lambda:FunctionUrlAuthType"),
    ("InvokedViaFunctionUrl", "Bool", "lambda:InvokedViaFunctionUrl"),
];

/// `AddPermission`.
pub(in super::super) fn add_permission(world: &mut World<'_>, input: &Value) -> Result<Value, Refusal> {
    let (named, key) = subject(world, input)?;
    let arn = named.qualified(world);
    let statement = statement(input, &arn)?;
    let function = find(world, &named)?;
    let statements = function.policies.get(&key).cloned().unwrap_or_default();
    check_revision(input, Some(&revision(&statements, &arn)))?;
    let id = text(input, "StatementId");
    if statements.iter().any(|own| text(own, "Sid") == id) {
        return Err(conflict(format!(
            "The statement id ({id}) provided already exists. Please provide a new statement id, or remove the existing \
             statement."
        )));
    }
    let statements: Vec<Value> = statements.into_iter().chain([statement.clone()]).collect();
    let size = policy(&statements).len();
    if size > MOST {
        return Err(Refusal::of(
            "PolicyLengthExceededException",
            format!("The final policy size ({size}) is bigger than the limit ({MOST})."),
        ));
    }
    function.policies.insert(key, statements);
    Ok(json!({"Statement": statement.to_string()}))
}

/// `RemovePermission`.
pub(in super::super) fn remove_permission(world: &mut World<'_>, input: &Value) -> Result<Value, Refusal> {
    let (named, key) = subject(world, input)?;
    let arn = named.qualified(world);
    let function = find(world, &named)?;
    let mut statements = function.policies.get(&key).cloned().unwrap_or_default();
    if statements.is_empty() {
        return Err(missing("No policy is associated with the given resource."));
    }
    check_revision(input, Some(&revision(&statements, &arn)))?;
    let (id, before) = (text(input, "StatementId"), statements.len());
    statements.retain(|statement| text(statement, "Sid") != id);
    if statements.len() == before {
        return Err(missing(format!("Statement {id} is not found in resource policy.")));
    }
    if statements.is_empty() {
        function.policies.remove(&key);
    } else {
        function.policies.insert(key, statements);
    }
    Ok(json!({}))
}

/// `GetPolicy`.
pub(in super::super) fn get_policy(world: &mut World<'_>, input: &Value) -> Result<Value, Refusal> {
    let (named, key) = subject(world, input)?;
    let arn = named.qualified(world);
    match find(world, &named)?.policies.get(&key) {
        Some(statements) => Ok(json!({"Policy": policy(statements), "RevisionId": revision(statements, &arn)})),
        None => Err(missing("The resource you requested does not exist.")),
    }
}

/// What a policy is about: the function, and the key of its statements.
fn subject(world: &mut World<'_>, input: &Value) -> Result<(Named, String), Refusal> {
    let named = named(world, input)?;
    let arn = named.qualified(world);
    let key = named.qualifier.clone().unwrap_or_default();
    if key == LATEST {
        return Err(invalid("We currently do not support adding policies for $LATEST."));
    }
    let function = find(world, &named)?;
    if !key.is_empty() && !version::exists(function, &key) {
        let number = key.bytes().all(|byte| byte.is_ascii_digit());
        let what = if number { "Function not found" } else { "Cannot find alias arn" };
        return Err(missing(format!("{what}: {arn}")));
    }
    Ok((named, key))
}

fn policy(statements: &[Value]) -> String {
    json!({"Version": "2012-10-17", "Id": "default", "Statement": statements}).to_string()
}

/// Which policy it is, as a GUID of what is in it.
fn revision(statements: &[Value], arn: &str) -> Value {
    let digest = Sha256::digest(format!("{arn} {}", policy(statements)));
    let hex: String = digest.iter().take(16).fold(String::new(), |text, byte| text + &format!("{byte:02x}"));
    json!(format!("{}-{}-4{}-a{}-{}", &hex[..8], &hex[8..12], &hex[13..16], &hex[17..20], &hex[20..]))
}

/// A statement as AWS writes it.
fn statement(input: &Value, arn: &str) -> Result<Value, Refusal> {
    let mut statement = json!({
        "Sid": text(input, "StatementId"),
        "Effect": "Allow",
        "Principal": principal(text(input, "Principal"))?,
        "Action": text(input, "Action"),
        "Resource": arn,
    });
    let mut conditions = Map::new();
    for (member, operator, key) in CONDITIONS {
        let value = match input.get(*member) {
            Some(Value::String(text)) if !text.is_empty() => text.clone(),
            Some(Value::Bool(value)) => value.to_string(),
            _ => continue,
        };
        let group = conditions.entry(*operator).or_insert_with(|| json!({}));
        group[*key] = json!(value);
    }
    if !conditions.is_empty() {
        statement["Condition"] = Value::Object(conditions);
    }
    Ok(statement)
}

/// Everybody, a service, an account or somebody in it.
fn principal(given: &str) -> Result<Value, Refusal> {
    let is_account = given.len() == 12 && given.bytes().all(|byte| byte.is_ascii_digit());
    if given == "*" {
        Ok(json!("*"))
    } else if is_account {
        Ok(json!({"AWS": format!("arn:aws:iam::{given}:root")}))
    } else if given.starts_with("arn:") {
        Ok(json!({"AWS": given}))
    } else if given.contains(".amazonaws.com") || given.ends_with(".amazon.com") {
        Ok(json!({"Service": given}))
    } else {
        Err(invalid("The provided principal was invalid. Please check the principal and try again."))
    }
}
