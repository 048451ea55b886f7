//! Threat protection: what a pool does about risky sign-ins and leaked passwords, for all its clients
//! or for one. Each setting replaces the one before, and one without anything in it takes that away,
//! so that a client goes by its pool again.

use std::net::IpAddr;

use serde_json::{Value, json};

use super::super::refusal::Refusal;
use super::super::state::{Body, UserPool};
use super::client;
use super::user_pool::messaging;
use super::world::{World, text};

#[cfg(test)]
mod tests;

/// What can be set.
const BLOCKS: [&str; 3] =
    ["CompromisedCredentialsRiskConfiguration", "AccountTakeoverRiskConfiguration", "RiskExceptionConfiguration"];
/// The lists of `RiskExceptionConfiguration`.
const RANGES: [&str; 2] = ["BlockedIPRangeList", "SkippedIPRangeList"];

/// `SetRiskConfiguration`.
pub(super) fn set(world: &mut World<'_>, input: &Value) -> Result<Value, Refusal> {
    enabled(world.pool()?)?;
    let mut risk = given(world, input)?;
    if !risk.is_empty() {
        risk.insert("LastModifiedDate".to_owned(), world.date());
    }
    match input.get("ClientId").and_then(Value::as_str) {
        Some(_) => client::find(world, input)?.risk = risk,
        None => world.pool()?.risk = risk,
    }
    shown(world, input)
}

/// `DescribeRiskConfiguration`.
pub(super) fn describe(world: &mut World<'_>, input: &Value) -> Result<Value, Refusal> {
    enabled(world.pool()?)?;
    shown(world, input)
}

/// What holds for a client, or for the pool where no client is named.
fn shown(world: &mut World<'_>, input: &Value) -> Result<Value, Refusal> {
    let mut shown = Body::new();
    shown.insert("UserPoolId".to_owned(), json!(text(input, "UserPoolId")));
    let own = match input.get("ClientId").and_then(Value::as_str) {
        Some(_) => client::find(world, input)?.risk.clone(),
        None => Body::new(),
    };
    if own.is_empty() {
        shown.extend(world.pool()?.risk.clone());
    } else {
        shown.insert("ClientId".to_owned(), json!(text(input, "ClientId")));
        shown.extend(own);
    }
    Ok(json!({"RiskConfiguration": shown}))
}

/// Whether a pool looks for threats at all.
pub(super) fn is_enabled(pool: &UserPool) -> bool {
    let mode = pool.body.get("UserPoolAddOns").and_then(|add_ons| add_ons.get("AdvancedSecurityMode")?.as_str());
    mode.is_some_and(|mode| mode != "OFF")
}

fn enabled(pool: &UserPool) -> Result<(), Refusal> {
    if is_enabled(pool) {
        return Ok(());
    }
    let message = "User pool add-ons are not enabled: threat protection needs an AdvancedSecurityMode other than OFF.";
    Err(Refusal::of("UserPoolAddOnNotEnabledException", message))
}

/// The blocks that a request has, with their sets in order.
fn given(world: &World<'_>, input: &Value) -> Result<Body, Refusal> {
    let blocks = BLOCKS.iter().filter_map(|name| Some(((*name).to_owned(), input.get(*name)?.as_object()?)));
    let mut given = Body::new();
    for (name, block) in blocks {
        let mut block: Body = block.clone();
        block.retain(|_, value| !value.is_null());
        if name == "CompromisedCredentialsRiskConfiguration" {
            let filter = block.entry("EventFilter").or_insert_with(|| json!([]));
            *filter = set_of(filter);
        }
        let source = block.get("NotifyConfiguration").map_or("", |notify| text(notify, "SourceArn"));
        if !source.is_empty() {
            messaging::check_sender(source, &world.call.account, &world.call.region)?;
        }
        for list in RANGES {
            let Some(ranges) = block.get_mut(list) else { continue };
            *ranges = set_of(ranges);
            let mut each = ranges.as_array().into_iter().flatten().filter_map(Value::as_str);
            if !each.all(is_range) {
                return Err(Refusal::invalid("Incorrect CIDR format"));
            }
        }
        given.insert(name, Value::Object(block));
    }
    Ok(given)
}

/// A list whose order does not count, as it is shown.
fn set_of(list: &Value) -> Value {
    let mut items: Vec<&str> = list.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    items.sort_unstable();
    items.dedup();
    json!(items)
}

/// Whether it is a range of addresses, as in `203.0.113.0/24`.
fn is_range(text: &str) -> bool {
    let Some((address, bits)) = text.split_once('/') else { return false };
    let most = match address.parse::<IpAddr>() {
        Ok(IpAddr::V4(_)) => 32,
        Ok(IpAddr::V6(_)) => 128,
        Err(_) => return false,
    };
    bits.bytes().all(|byte| byte.is_ascii_digit()) && bits.parse::<u8>().is_ok_and(|bits| bits <= most)
}

/// What AWS's documents leave open here, and what was decided.
pub(super) const UNCONFIRMED: &[&str] = &[
    "A client without threat protection of its own shows the pool's, and no ClientId; one that nothing was set for shows \
         the pool's id alone.",
    "While `AdvancedSecurityMode` is OFF or not set, threat protection can neither be set nor described, in words that \
         are not AWS's; what was set before is there again once it is turned on.",
    "What all clients share is set without a ClientId; `ALL` is the id of no client, and refused as such.",
    "Events and address ranges come back sorted, each of them once.",
    "An empty block counts as set.",
    "Users may be notified without a `NotifyConfiguration`; its identity is judged by its ARN alone.",
    "Addresses of either version can be a range; one whose address has bits after the range is let in.",
];
