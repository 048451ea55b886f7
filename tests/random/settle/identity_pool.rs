//! What goes together in identity pools: roles and tags are for providers that the pool has.

use serde_json::Value;

use crate::stack_file::entries;

/// Makes an identity pool's properties go together.
pub(super) fn settle(pool: &mut Value) {
    if let Some(Value::Array(clients)) = pool.get_mut("cognitoIdentityProviders") {
        clients.retain(|client| client.get("providerName").is_some() && client.get("clientId").is_some());
    }
    let text = |value: &Value, key: &str| value.get(key).and_then(Value::as_str).map(str::to_owned);
    let clients: Vec<(String, String)> = pool
        .get("cognitoIdentityProviders")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(|client| Some((text(client, "providerName")?, text(client, "clientId")?)))
        .collect();
    let logins: Vec<String> = entries(pool.get("supportedLoginProviders")).into_iter().map(|(key, _)| key).collect();
    let open_id = super::texts(pool.get("openIdConnectProviderArns"));
    let arns = [open_id.clone(), super::texts(pool.get("samlProviderArns"))].concat();
    let known = |provider: &String| logins.contains(provider) || arns.contains(provider);
    if let Some(Value::Object(mappings)) = pool.get_mut("roleMappings") {
        mappings.retain(|provider, _| {
            known(provider) || clients.iter().any(|(name, id)| *provider == format!("{name}:{id}"))
        });
    }
    if let Some(Value::Object(tags)) = pool.get_mut("principalTags") {
        tags.retain(|provider, _| {
            known(provider)
                || clients.iter().any(|(name, _)| name == provider)
                || open_id.iter().any(|arn| arn.split_once('/').is_some_and(|(_, short)| short == provider))
        });
    }
}
