//! Identity pools: their providers, and the role mappings and principal tags that are for these.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{Resource, did_you_mean, is_open};
use crate::diagnostic::Finding;
use crate::kind::identity_pool::LOGIN_PROVIDERS;
use crate::path::Path;
use crate::reference;
use crate::stack::suggest;

/// What the names of user pools begin with.
const USER_POOL: &str = "cognito-idp.";

pub(super) fn check(pool: &Resource, findings: &mut Vec<Finding>) {
    logins(pool, findings);
    clients_once(pool, findings);
    let providers = providers(pool);
    if has_open_lists(pool) {
        return;
    }
    tagged(pool, &providers, findings);
    for (provider, _) in pool.entries("roleMappings") {
        // In a pool that was there before the file AWS keeps what others took the provider of away.
        if pool.id.is_some() || providers.iter().any(|known| may_be(provider, known)) {
            continue;
        }
        let list =
            "`cognitoIdentityProviders`, `supportedLoginProviders`, `openIdConnectProviderArns` or `samlProviderArns`";
        let message = format!("`{provider}` is not a provider of this identity pool");
        let help = did_you_mean(provider, providers.iter().map(String::as_str))
            .unwrap_or_else(|| format!("add it to {list}; a user pool's client is `PROVIDERNAME:CLIENTID`"));
        let path = pool.path("roleMappings").key(provider);
        findings.push(Finding::new(path, message).at_key().help(help));
    }
}

fn logins(pool: &Resource, findings: &mut Vec<Finding>) {
    for (service, _) in pool.entries("supportedLoginProviders") {
        if !LOGIN_PROVIDERS.contains(&service.as_str()) && !is_open(service) {
            let path = pool.path("supportedLoginProviders").key(service);
            let message = format!("`{service}` is not a public service that AWS knows");
            let help = suggest::help(service, LOGIN_PROVIDERS);
            findings.push(Finding { help, ..Finding::new(path, message).at_key() });
        }
    }
}

fn clients_once(pool: &Resource, findings: &mut Vec<Finding>) {
    let list = pool.path("cognitoIdentityProviders");
    let mut seen = BTreeSet::new();
    for (index, client) in clients(pool).enumerate() {
        if client.is_some() && !seen.insert(client) {
            findings.push(Finding::new(list.index(index), "this client of this user pool is listed twice"));
        }
    }
}

/// Principal tags name a provider without the client. How AWS writes IAM's OIDC providers there is
/// not documented, so both their ARN and their name in it are taken.
fn tagged(pool: &Resource, providers: &BTreeSet<String>, findings: &mut Vec<Finding>) {
    let user_pools = clients(pool).flatten().map(|(name, _)| name);
    let others = providers.iter().map(String::as_str).filter(|provider| !provider.starts_with(USER_POOL));
    let short = pool.texts("openIdConnectProviderArns").filter_map(|(_, arn)| Some(arn.split_once('/')?.1));
    let names: BTreeSet<&str> =
        user_pools.chain(others).chain(short).chain(pool.text("developerProviderName")).collect();
    for (provider, _) in pool.entries("principalTags") {
        if names.iter().any(|name| may_be(provider, name)) {
            continue;
        }
        let path = pool.path("principalTags").key(provider);
        let message = format!("`{provider}` is not a provider of this identity pool");
        let help = did_you_mean(provider, names.iter().copied())
            .unwrap_or_else(|| "name one of its providers, a user pool as `${userPools.KEY.providerName}`".to_owned());
        findings.push(Finding::new(path, message).at_key().help(help));
    }
}

/// Whether two names of providers may be the same once all is known. What a user pool is called is
/// not known until it is made, but that it is called like one, and like no other.
fn may_be(one: &str, other: &str) -> bool {
    match (is_open(one), is_open(other)) {
        (false, false) => one == other,
        (true, true) => match (user_pool(one), user_pool(other)) {
            (Some((pool, client)), Some((other_pool, other_client))) => {
                let are_given = !client.is_empty() && !other_client.is_empty();
                pool == other_pool && (client == other_client || are_given && is_open(client) != is_open(other_client))
            }
            _ => true,
        },
        (true, false) => user_pool(one).is_none() || other.starts_with(USER_POOL),
        (false, true) => user_pool(other).is_none() || one.starts_with(USER_POOL),
    }
}

/// The user pool of the stack that a name begins with, and what stands behind it.
fn user_pool(name: &str) -> Option<(Path, &str)> {
    let first = reference::in_text(name).into_iter().next()?;
    let client = name.strip_prefix(first.embed().as_str())?;
    let (address, attribute) = first.split()?;
    (attribute == "providerName").then_some((address, client))
}

/// The user pools' clients, each by provider name and client id.
fn clients(pool: &Resource) -> impl Iterator<Item = Option<(&str, &str)>> {
    let list = pool.declared.get("cognitoIdentityProviders").and_then(Value::as_array).into_iter().flatten();
    list.map(|client| Some((client.get("providerName")?.as_str()?, client.get("clientId")?.as_str()?)))
}

/// The names of the pool's providers as role mappings write them.
fn providers(pool: &Resource) -> BTreeSet<String> {
    let clients = clients(pool).flatten().map(|(name, id)| format!("{name}:{id}"));
    let arns = ["openIdConnectProviderArns", "samlProviderArns"];
    let arns = arns.into_iter().flat_map(|property| pool.texts(property)).map(|(_, arn)| arn.to_owned());
    let logins = pool.entries("supportedLoginProviders").map(|(name, _)| name.clone());
    clients.chain(arns).chain(logins).collect()
}

/// Whether a whole list of providers is not known yet.
fn has_open_lists(pool: &Resource) -> bool {
    ["cognitoIdentityProviders", "supportedLoginProviders", "openIdConnectProviderArns", "samlProviderArns"].iter().any(
        |property| pool.declared.get(*property).is_some_and(|value| value.is_string() && reference::is_open(value)),
    )
}
