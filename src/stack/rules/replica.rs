//! Replicas: what they need of their pool, where they can be, and domains that fail over to them.

use serde_json::Value;

use super::pool::Pool;
use super::{Resource, did_you_mean, is_open};
use crate::diagnostic::Finding;
use crate::kind::Kind;

/// What the ARN of a key that other regions can have as well has at its end, before the id's rest.
const MULTI_REGION: &str = ":key/mrk-";

/// The rules for a pool's replicas together, and for its key.
pub(super) fn check_pool(pool: &Pool, findings: &mut Vec<Finding>) {
    for extra in pool.children(Kind::Replica).skip(1) {
        let message = "a user pool has at most one replica, and this is another";
        findings.push(Finding::new(extra.address.clone(), message).at_key());
    }
    let key = pool.resource.declared.get("keyConfiguration").and_then(|key| key.get("kmsKeyArn")?.as_str());
    // What key an alias is of is not known here.
    if key.is_some_and(|arn| !is_open(arn) && arn.contains(":key/") && !arn.contains(MULTI_REGION))
        && pool.children(Kind::Replica).next().is_some()
    {
        let path = pool.resource.path("keyConfiguration").key("kmsKeyArn");
        let message = "a pool with a replica needs a multi-region key, and this is none";
        let help = "give the ARN of one, which ends in `key/mrk-…`; it must have a replica in the other region too";
        findings.push(Finding::new(path, message).help(help));
    }
}

/// The rules for one replica.
pub(super) fn check(pool: &Pool, replica: &Resource, findings: &mut Vec<Finding>) {
    let mut fault = |message: String, help: &str| {
        findings.push(Finding::new(replica.address.clone(), message).at_key().help(help));
    };
    if let Some(own) = pool.stack.region.as_deref().filter(|own| !is_open(own) && !is_open(&replica.key)) {
        if replica.key == own {
            let message = format!("`{own}` is the stack's own region, where the user pool itself is");
            fault(message, "the key is another region, in which the pool is to be as well");
        } else if partition(own) != partition(&replica.key) {
            let message =
                format!("`{}` is apart from the stack's region `{own}`, for AWS and all accounts", replica.key);
            fault(message, "name a region that the same account can use");
        }
    }
    if pool.is_lite() {
        let message = "a replica needs a higher tier: the user pool is in `userPoolTier: LITE`";
        fault(message.to_owned(), "set `userPoolTier: ESSENTIALS` on the pool");
    }
    let has_key = pool.setting(&["keyConfiguration", "kmsKeyArn"], "") != Some("");
    if !has_key && pool.setting(&["keyConfiguration", "keyType"], "AWS_OWNED_KEY") == Some("AWS_OWNED_KEY") {
        let message = "a replica needs a key of your own: the user pool's `keyConfiguration.keyType` is AWS_OWNED_KEY, as \
             it is where it is not given";
        let help = "set `keyConfiguration: {keyType: CUSTOMER_MANAGED_KEY, kmsKeyArn: <the ARN of a multi-region key>}` \
             on the pool";
        fault(message.to_owned(), help);
    }
}

/// Where a custom domain fails over to: a replica.
pub(super) fn check_domain(pool: &Pool, domain: &Resource, findings: &mut Vec<Finding>) {
    let failover = domain.declared.get("routing").and_then(|routing| routing.get("failover"));
    let region = failover.and_then(|failover| failover.get("secondaryRegion")).and_then(Value::as_str);
    let Some(region) = region.filter(|region| !is_open(region) && !pool.is_shared()) else { return };
    let declared = || pool.children(Kind::Replica).map(|replica| replica.key.as_str());
    if declared().any(|key| key == region || is_open(key)) {
        return;
    }
    let path = domain.path("routing").key("failover").key("secondaryRegion");
    let declare = || format!("declare it under `{}`", pool.resource.path(Kind::Replica.section()));
    let help = did_you_mean(region, declared()).unwrap_or_else(declare);
    let message = format!("the user pool has no replica in `{region}` in the file");
    findings.push(Finding::new(path, message).help(help));
}

/// The part of AWS that a region is in; accounts and keys are of one alone.
fn partition(region: &str) -> &str {
    ["cn-", "us-gov-", "us-iso", "eu-isoe-", "eusc-"].into_iter().find(|start| region.starts_with(start)).unwrap_or("")
}
