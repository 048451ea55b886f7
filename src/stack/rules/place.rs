//! Where things are: that what the file names by id or ARN is in the stack's own region and
//! account. Functions and layers of other accounts can be used, roles, IAM's providers and identities of
//! SES cannot, nor can log groups.

use serde_json::Value;

use super::{Resource, is_open};
use crate::diagnostic::Finding;
use crate::kind::Kind;
use crate::path::{Path, Segment};
use crate::stack::Stack;

/// The properties that hold a role or providers of IAM, wherever in a resource.
const OF_IAM: [&str; 8] = [
    "role",
    "roleArn",
    "authenticated",
    "unauthenticated",
    "snsCallerArn",
    "callerArn",
    "samlProviderArns",
    "openIdConnectProviderArns",
];

pub(super) fn check(stack: &Stack, resource: &Resource, findings: &mut Vec<Finding>) {
    if let Some(region) = resource.id.as_deref().filter(|id| !is_open(id)).and_then(|id| id_region(resource.kind, id)) {
        findings.extend(region_fault(stack, resource.path("id"), region));
    }
    let analytics =
        resource.declared.get("analyticsConfiguration").and_then(|analytics| analytics.get("applicationArn"));
    if let Some(region) = analytics.and_then(Value::as_str).filter(|arn| !is_open(arn)).and_then(arn_region) {
        findings.extend(region_fault(stack, resource.path("analyticsConfiguration").key("applicationArn"), region));
    }
    let key = resource.declared.get("keyConfiguration").and_then(|key| key.get("kmsKeyArn")?.as_str());
    if let Some(region) = key.filter(|arn| !is_open(arn)).and_then(arn_region) {
        let fault = region_fault(stack, resource.path("keyConfiguration").key("kmsKeyArn"), region);
        findings.extend(fault.map(|fault| fault.help("a user pool's key is in the pool's own region")));
    }
    log_groups(stack, resource, findings);
    if let Some(account) = stack.account.as_deref().filter(|account| !is_open(account)) {
        let own = |(name, _): &(&String, &Value)| !["environment", "tags"].contains(&name.as_str());
        for (name, value) in resource.declared.as_object().into_iter().flatten().filter(own) {
            accounts(value, &resource.path(name), account, findings);
        }
    }
}

/// Where the log groups that a pool logs to are.
fn log_groups(stack: &Stack, resource: &Resource, findings: &mut Vec<Finding>) {
    let items = resource.declared.get("logConfigurations").and_then(Value::as_array).into_iter().flatten();
    for (index, item) in items.enumerate() {
        let arn = item.get("cloudWatchLogsConfiguration").and_then(|logs| logs.get("logGroupArn")?.as_str());
        if let Some(region) = arn.filter(|arn| !is_open(arn)).and_then(arn_region) {
            let item = resource.path("logConfigurations").index(index);
            let fault = region_fault(stack, item.key("cloudWatchLogsConfiguration").key("logGroupArn"), region);
            findings.extend(fault.map(|fault| fault.help("a user pool logs to log groups of its own region alone")));
        }
    }
}

/// The region in the id of a resource.
fn id_region(kind: Kind, id: &str) -> Option<&str> {
    match kind {
        Kind::UserPool => Some(id.rsplit_once('_')?.0),
        Kind::IdentityPool => Some(id.split_once(':')?.0),
        Kind::Function => arn_region(id),
        _ => None,
    }
}

/// The region in an ARN.
pub(super) fn arn_region(arn: &str) -> Option<&str> {
    arn.split(':').nth(3)
}

/// What is wrong with a region that is not the stack's. What does not look like a region, as in the
/// ids of some emulators, is none.
pub(super) fn region_fault(stack: &Stack, path: Path, region: &str) -> Option<Finding> {
    let own = stack.region.as_deref().filter(|own| !is_open(own))?;
    let is_region = region.contains('-') && region.ends_with(|char: char| char.is_ascii_digit());
    (is_region && region != own).then(|| {
        let message = format!("this is in the region `{region}`, and the stack is in `{own}`");
        Finding::new(path, message).help("a stack is in one region: give another region a stack file of its own")
    })
}

fn accounts(value: &Value, path: &Path, account: &str, findings: &mut Vec<Finding>) {
    match value {
        Value::String(arn) => {
            let property = path.segments().iter().rev().find_map(Segment::key);
            let parts: Vec<&str> = arn.splitn(6, ':').collect();
            let kept_apart = |service: &str| match property {
                Some("sourceArn") => service == "ses",
                Some("logGroupArn") => service == "logs",
                _ => service == "iam" && property.is_some_and(|property| OF_IAM.contains(&property)),
            };
            if let ["arn", _, service, _, other, _] = parts[..]
                && kept_apart(service)
                && other != account
                && other.bytes().all(|byte| byte.is_ascii_digit())
            {
                let message = format!("this is in the account {other}, and the stack is in {account}");
                findings.push(Finding::new(path.clone(), message).help("AWS takes only one of the same account"));
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                accounts(item, &path.index(index), account, findings);
            }
        }
        Value::Object(map) => {
            for (key, item) in map {
                accounts(item, &path.key(key), account, findings);
            }
        }
        _ => {}
    }
}
