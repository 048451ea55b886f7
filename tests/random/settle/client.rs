//! What goes together in app clients, and with what their pool has.

use serde_json::{Value, json};

use super::{keys, retain, take, texts};
use crate::stack_file::{entries, reference};

const STANDARD_SCOPES: [&str; 5] = ["openid", "email", "phone", "profile", "aws.cognito.signin.user.admin"];

/// Makes the clients of the pool with this key go together with it.
pub(super) fn settle(key: &str, pool: &mut Value) {
    let around = Around::of(key, pool);
    for name in keys(pool, "clients") {
        let client = &mut pool["clients"][name];
        let named = |text: &str| around.with_keys(text);
        providers(client, &around, named);
        scopes(client, &around, named);
        attributes(client, &around, named);
        oauth(client, &around, named);
        flows(client, &around);
        validities(client);
        if !has_secret(client) {
            take(client, "enablePropagateAdditionalUserContextData");
        }
    }
}

/// Whether it has a secret, AWS's or its own.
pub(crate) fn has_secret(client: &Value) -> bool {
    client.get("clientSecret").is_some() || client.get("generateSecret") == Some(&json!(true))
}

/// What a client may name.
struct Around {
    lite: bool,
    /// The texts that stand for natural keys, with these.
    keys: Vec<(String, String)>,
    providers: Vec<(String, Value)>,
    scopes: Vec<String>,
    custom: Vec<String>,
    required: Vec<String>,
}

impl Around {
    fn of(key: &str, pool: &Value) -> Self {
        let mut keys = Vec::new();
        for (section, attribute) in [("identityProviders", "name"), ("resourceServers", "identifier")] {
            for (child, _) in entries(pool.get(section)) {
                keys.push((reference(&["userPools", key, section, &child], attribute), child));
            }
        }
        let scopes = entries(pool.get("resourceServers")).into_iter().flat_map(|(server, declared)| {
            let scopes = declared.get("scopes").and_then(Value::as_array).cloned().unwrap_or_default();
            scopes.into_iter().filter_map(move |scope| Some(format!("{server}/{}", scope.get("scopeName")?.as_str()?)))
        });
        let schema = pool.get("schema").and_then(Value::as_array).cloned().unwrap_or_default();
        let name = |attribute: &Value| Some(attribute.get("name")?.as_str()?.to_owned());
        Self {
            lite: pool.get("userPoolTier") == Some(&json!("LITE")),
            scopes: scopes.collect(),
            providers: entries(pool.get("identityProviders")),
            keys,
            custom: schema
                .iter()
                .filter(|attribute| attribute.get("developerOnlyAttribute") != Some(&json!(true)))
                .filter_map(name)
                .filter(|name| name.starts_with("custom:"))
                .collect(),
            required: schema
                .iter()
                .filter(|attribute| attribute.get("required") == Some(&json!(true)))
                .filter_map(name)
                .collect(),
        }
    }

    fn with_keys(&self, text: &str) -> String {
        self.keys.iter().fold(text.to_owned(), |text, (reference, key)| text.replace(reference, key))
    }
}

/// Leaves each thing once, by whatever text it is named.
fn once(client: &mut Value, property: &str, named: impl Fn(&str) -> String) {
    let mut seen = std::collections::BTreeSet::new();
    if let Some(Value::Array(items)) = client.get_mut(property) {
        items.retain(|item| item.as_str().is_some_and(|text| seen.insert(named(text))));
    }
}

fn providers(client: &mut Value, around: &Around, named: impl Fn(&str) -> String) {
    retain(client, "/supportedIdentityProviders", |text| {
        let name = named(text);
        name == "COGNITO" || around.providers.iter().any(|(key, _)| *key == name)
    });
    once(client, "supportedIdentityProviders", named);
}

fn scopes(client: &mut Value, around: &Around, named: impl Fn(&str) -> String) {
    retain(client, "/allowedOAuthScopes", |text| {
        let name = named(text);
        STANDARD_SCOPES.contains(&name.as_str()) || around.scopes.contains(&name)
    });
    once(client, "allowedOAuthScopes", named);
}

/// What is read and written is there; what is written holds what providers map and users must have.
fn attributes(client: &mut Value, around: &Around, named: impl Fn(&str) -> String) {
    for property in ["readAttributes", "writeAttributes"] {
        retain(client, &format!("/{property}"), |name| {
            !name.starts_with("custom:") || around.custom.iter().any(|custom| custom == name)
        });
    }
    let used: Vec<String> = texts(client.get("supportedIdentityProviders")).iter().map(|text| named(text)).collect();
    let mapped = around.providers.iter().filter(|(key, _)| used.contains(key));
    let mapped = mapped.flat_map(|(_, provider)| entries(provider.get("attributeMapping"))).map(|(target, _)| target);
    let needed: Vec<String> = mapped.chain(around.required.iter().cloned()).collect();
    if let Some(Value::Array(written)) = client.get_mut("writeAttributes") {
        for name in needed {
            if !written.contains(&json!(name)) {
                written.push(json!(name));
            }
        }
    }
    for property in ["readAttributes", "writeAttributes"] {
        if client.get(property) == Some(&json!([])) {
            take(client, property);
        }
    }
}

fn oauth(client: &mut Value, around: &Around, named: impl Fn(&str) -> String) {
    let custom: Vec<String> = texts(client.get("allowedOAuthScopes"))
        .into_iter()
        .filter(|text| around.scopes.contains(&named(text)))
        .collect();
    // Machines have no user whose standard scopes could be granted.
    if texts(client.get("allowedOAuthFlows")) == ["client_credentials"] {
        if has_secret(client) && !custom.is_empty() {
            client["allowedOAuthScopes"] = json!(custom);
        } else {
            client["allowedOAuthFlows"] = json!(["code"]);
        }
    }
    if client.get("allowedOAuthFlowsUserPoolClient") == Some(&json!(true)) {
        for (property, least) in [("allowedOAuthFlows", "code"), ("allowedOAuthScopes", "openid")] {
            if texts(client.get(property)).is_empty() {
                client[property] = json!([least]);
            }
        }
    }
    let for_users = texts(client.get("allowedOAuthFlows")).iter().any(|flow| flow != "client_credentials");
    if for_users && texts(client.get("callbackUrls")).is_empty() {
        client["callbackUrls"] = json!(["https://shop.example.com/"]);
    }
    let urls = texts(client.get("callbackUrls"));
    let default = client.get("defaultRedirectUri").and_then(Value::as_str);
    if default.is_some_and(|default| !urls.iter().any(|url| url == default)) {
        match urls.first() {
            Some(first) => client["defaultRedirectUri"] = json!(first),
            None => drop(take(client, "defaultRedirectUri")),
        }
    }
}

fn flows(client: &mut Value, around: &Around) {
    if around.lite {
        retain(client, "/explicitAuthFlows", |flow| flow != "ALLOW_USER_AUTH");
        take(client, "refreshTokenRotation");
    }
    let rotates = client.pointer("/refreshTokenRotation/feature") == Some(&json!("ENABLED"));
    let flows = texts(client.get("explicitAuthFlows"));
    if rotates {
        let left: Vec<String> =
            flows.into_iter().filter(|flow| flow.starts_with("ALLOW_") && flow != "ALLOW_REFRESH_TOKEN_AUTH").collect();
        client["explicitAuthFlows"] = if left.is_empty() { json!(["ALLOW_USER_SRP_AUTH"]) } else { json!(left) };
    } else if flows.is_empty() {
        take(client, "explicitAuthFlows");
    }
}

/// No token lives longer than the refresh token.
fn validities(client: &mut Value) {
    let seconds = |client: &Value, token: &str, unit: &str, default: u64| {
        let unit = client.pointer(&format!("/tokenValidityUnits/{token}")).and_then(Value::as_str).unwrap_or(unit);
        let size = match unit {
            "seconds" => 1,
            "minutes" => 60,
            "hours" => 60 * 60,
            _ => 24 * 60 * 60,
        };
        match client.get(format!("{token}Validity")).and_then(Value::as_u64) {
            None | Some(0) => default,
            Some(validity) => validity * size,
        }
    };
    let refresh = seconds(client, "refreshToken", "days", 30 * 24 * 60 * 60);
    for token in ["accessToken", "idToken"] {
        if seconds(client, token, "hours", 60 * 60) > refresh {
            take(client, &format!("{token}Validity"));
            take(&mut client["tokenValidityUnits"], token);
        }
    }
}
