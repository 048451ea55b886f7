//! A pool's triggers: that each is a Lambda function, in the region of the stack, or of the replica that
//! calls it. A function of another account can be one.

use serde_json::Value;

use super::{Resource, is_open, place};
use crate::diagnostic::Finding;
use crate::kind::Kind;
use crate::path::Path;
use crate::reference;
use crate::stack::Stack;

/// The property of `triggers` that is a key, not a function.
const KEY: &str = "kmsKeyId";

/// What a replica's triggers must be.
const IN_ITS_REGION: &str = "a replica calls functions, and uses a key, of its own region: write the ARN of one there";

/// How long the name of a function may be.
const LONGEST: usize = 64;

/// How long the name of a version or an alias may be.
const LONGEST_QUALIFIER: usize = 128;

/// The triggers of a pool or of its replica.
pub(super) fn check(stack: &Stack, pool: &Resource, findings: &mut Vec<Finding>) {
    let replica = (pool.kind == Kind::Replica).then_some(pool.key.as_str());
    for (name, value) in pool.entries("triggers") {
        let path = pool.path("triggers").key(name);
        let (path, arn) = match value {
            Value::String(arn) => (path, arn.as_str()),
            _ => match value.get("lambdaArn").and_then(Value::as_str) {
                Some(arn) => (path.key("lambdaArn"), arn),
                None => continue,
            },
        };
        findings.extend(if is_open(arn) {
            reference_fault(stack, replica, name, path, arn)
        } else {
            literal_fault(name, path.clone(), arn).or_else(|| region_fault(stack, replica, path, arn))
        });
    }
}

/// What is wrong with a text that begins with what another resource of the stack has to tell.
fn reference_fault(stack: &Stack, replica: Option<&str>, name: &str, path: Path, text: &str) -> Option<Finding> {
    let reference = reference::in_text(text).into_iter().next().filter(|first| text.starts_with(&first.embed()))?;
    let (address, attribute) = reference.split()?;
    let resource = stack.resource(&address)?;
    let shown = format!("${{{}}}", reference.0);
    if name == KEY {
        return Some(Finding::new(path, format!("`{shown}` is not the ARN of a KMS key")));
    }
    if let Some(region) = replica.filter(|_| resource.kind == Kind::Function) {
        let message = format!("`{shown}` is a function in the stack's region, and the replica is in `{region}`");
        return Some(Finding::new(path, message).help(IN_ITS_REGION));
    }
    if resource.kind == Kind::Function && attribute == "arn" {
        return None;
    }
    let finding = Finding::new(path, format!("`{shown}` is not the ARN of a function, which a trigger is"));
    Some(match resource.kind {
        Kind::Function => finding.help(format!("write `${{{}}}`", address.key("arn"))),
        _ => finding,
    })
}

/// What is wrong with the region of an ARN.
fn region_fault(stack: &Stack, replica: Option<&str>, path: Path, arn: &str) -> Option<Finding> {
    let region = place::arn_region(arn)?;
    let Some(own) = replica else { return place::region_fault(stack, path, region) };
    (!is_open(own) && region != own).then(|| {
        let message = format!("this is in the region `{region}`, and the replica is in `{own}`");
        Finding::new(path, message).help(IN_ITS_REGION)
    })
}

/// What is wrong with an ARN: that it is one of something else.
fn literal_fault(name: &str, path: Path, arn: &str) -> Option<Finding> {
    let mut parts = arn.splitn(6, ':').skip(2);
    let (service, rest) = (parts.next()?, parts.nth(2)?);
    let (fits, what) = if name == KEY {
        (service == "kms" && (rest.starts_with("key/") || rest.starts_with("alias/")), "a KMS key")
    } else {
        (service == "lambda" && rest.strip_prefix("function:").is_some_and(is_function), "a Lambda function")
    };
    (!fits).then(|| Finding::new(path, format!("`{arn}` is not the ARN of {what}")))
}

/// Whether a text is the name of a function, with or without a version or alias behind it.
fn is_function(text: &str) -> bool {
    let (name, qualifier) = text.split_once(':').map_or((text, None), |(name, qualifier)| (name, Some(qualifier)));
    let is_word = |word: &str, longest: usize, more: &str| {
        (1..=longest).contains(&word.len())
            && word.chars().all(|char| char.is_ascii_alphanumeric() || more.contains(char))
    };
    is_word(name, LONGEST, "-_") && qualifier.is_none_or(|qualifier| is_word(qualifier, LONGEST_QUALIFIER, "$-_"))
}
