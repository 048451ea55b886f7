//! The providers that an identity pool trusts.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::super::super::refusal::Refusal;
use super::super::super::state::Body;
use super::super::world::{World, text};

/// How many user pool clients an identity pool may trust.
const MOST_USER_POOLS: usize = 50;

/// The login providers that Cognito has a name for.
const LOGINS: &[&str] = &[
    "accounts.google.com",
    "api.twitter.com",
    "appleid.apple.com",
    "graph.facebook.com",
    "www.amazon.com",
    "www.digits.com",
];

/// What is given of each sort of providers, but for what is empty.
pub(super) fn given(world: &World<'_>, input: &Value) -> Result<Vec<(&'static str, Value)>, Refusal> {
    let mut given = Vec::new();
    if let Some(logins) = logins(input)? {
        given.push(("SupportedLoginProviders", logins));
    }
    for (member, kind) in [("OpenIdConnectProviderARNs", "oidc-provider"), ("SamlProviderARNs", "saml-provider")] {
        let arns = arns(world, input, member, kind)?;
        if !arns.is_empty() {
            given.push((member, json!(arns)));
        }
    }
    let pools = user_pools(world, input)?;
    if !pools.is_empty() {
        given.push(("CognitoIdentityProviders", json!(pools)));
    }
    Ok(given)
}

fn logins(input: &Value) -> Result<Option<Value>, Refusal> {
    let Some(logins) = input.get("SupportedLoginProviders").and_then(Value::as_object) else { return Ok(None) };
    if let Some(unknown) = logins.keys().find(|name| !LOGINS.contains(&name.as_str())) {
        return Err(Refusal::invalid(format!("{unknown} is not a supported login provider.")));
    }
    let sorted: BTreeMap<&String, &Value> = logins.iter().collect();
    Ok((!sorted.is_empty()).then(|| json!(sorted)))
}

/// ARNs of IAM's providers, each once.
fn arns<'a>(world: &World<'_>, input: &'a Value, member: &str, kind: &str) -> Result<BTreeSet<&'a str>, Refusal> {
    let items = input.get(member).and_then(Value::as_array).into_iter().flatten();
    let arns: BTreeSet<&str> = items.filter_map(Value::as_str).collect();
    for arn in &arns {
        let parts: Vec<&str> = arn.splitn(6, ':').collect();
        let (["arn", _, "iam", "", account, resource], true) = (parts.as_slice(), parts.len() == 6) else {
            return Err(Refusal::invalid(format!("{arn} is not a valid ARN of a provider.")));
        };
        if !resource.strip_prefix(kind).is_some_and(|rest| rest.len() > 1 && rest.starts_with('/')) {
            return Err(Refusal::invalid(format!("{arn} is not a valid ARN of a provider.")));
        }
        if kind == "saml-provider" && *account != world.call.account {
            return Err(Refusal::invalid(format!("SAML provider {arn} does not belong to this account.")));
        }
    }
    Ok(arns)
}

/// User pools with their clients, from the last to the first by name.
fn user_pools(world: &World<'_>, input: &Value) -> Result<Vec<Value>, Refusal> {
    let items = input.get("CognitoIdentityProviders").and_then(Value::as_array).into_iter().flatten();
    let mut pools: BTreeMap<(&str, &str), Value> = BTreeMap::new();
    for item in items {
        let (name, client) = (text(item, "ProviderName"), text(item, "ClientId"));
        if !is_user_pool(world, name) {
            return Err(Refusal::invalid(format!(
                "Invalid Cognito Identity Provider: '{name}' is not the endpoint of a user pool."
            )));
        }
        if client.is_empty() {
            return Err(Refusal::invalid(format!("Invalid Cognito Identity Provider: {name} has no ClientId.")));
        }
        let check = item.get("ServerSideTokenCheck").and_then(Value::as_bool).unwrap_or_default();
        let provider = json!({"ProviderName": name, "ClientId": client, "ServerSideTokenCheck": check});
        if pools.insert((name, client), provider).is_some() {
            return Err(Refusal::invalid(format!("Duplicate Cognito Identity Provider: {name}:{client}.")));
        }
    }
    if pools.len() > MOST_USER_POOLS {
        return Err(Refusal::of(
            "LimitExceededException",
            "You have reached the limit of user pool providers of an identity pool.",
        ));
    }
    Ok(pools.into_values().rev().collect())
}

/// Whether a name is `cognito-idp.<region>.<suffix>/<region>_<id>`.
fn is_user_pool(world: &World<'_>, name: &str) -> bool {
    let suffix = if world.call.region.starts_with("cn-") { ".amazonaws.com.cn" } else { ".amazonaws.com" };
    let parts = name.strip_prefix("cognito-idp.").and_then(|rest| rest.split_once('/'));
    parts.is_some_and(|(host, pool)| {
        let rest = host.strip_suffix(suffix).and_then(|region| pool.strip_prefix(region)?.strip_prefix('_'));
        rest.is_some_and(|id| !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_alphanumeric()))
    })
}

/// Whether a pool trusts a provider under this name. A user pool goes by its endpoint; where roles
/// are concerned, with a client behind it. Elsewhere one of IAM's OIDC providers may go by its URL.
pub(super) fn trusts(pool: &Body, name: &str, with_client: bool) -> bool {
    let list = |member: &str| pool.get(member).and_then(Value::as_array).into_iter().flatten();
    let arns = ["OpenIdConnectProviderARNs", "SamlProviderARNs"];
    let logins = pool.get("SupportedLoginProviders").and_then(Value::as_object).map(Map::keys);
    logins.into_iter().flatten().any(|own| own == name)
        || arns.iter().any(|member| list(member).any(|own| own == name))
        || (!with_client
            && list(arns[0]).filter_map(|arn| arn.as_str()?.split_once('/')).any(|(_, short)| short == name))
        || list("CognitoIdentityProviders").any(|own| {
            let (endpoint, client) = (text(own, "ProviderName"), text(own, "ClientId"));
            format!("{endpoint}:{client}") == name || (!with_client && endpoint == name)
        })
}
