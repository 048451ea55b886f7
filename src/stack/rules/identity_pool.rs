//! Identity pools: role mappings and the providers that they are for.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{Resource, did_you_mean, is_open};
use crate::diagnostic::Finding;
use crate::reference;

pub(super) fn check(pool: &Resource, findings: &mut Vec<Finding>) {
    let providers = providers(pool);
    let any_open = providers.iter().any(|provider| is_open(provider)) || has_open_lists(pool);
    for (provider, _) in pool.entries("roleMappings") {
        if providers.contains(provider) || is_open(provider) || any_open {
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

/// The names of the pool's providers as role mappings write them.
fn providers(pool: &Resource) -> BTreeSet<String> {
    let clients = pool.declared.get("cognitoIdentityProviders").and_then(Value::as_array).into_iter().flatten();
    let clients = clients.filter_map(|client| {
        let [name, id] = ["providerName", "clientId"].map(|property| client.get(property).and_then(Value::as_str));
        Some(format!("{}:{}", name?, id?))
    });
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
