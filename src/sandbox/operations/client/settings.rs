//! A client's settings as a Describe shows them: defaults filled in where AWS fills them in, lists
//! sorted, and nothing of what is empty.

use serde_json::{Value, json};

use super::super::super::state::Body;

/// Lists, which AWS keeps as sets and shows sorted; an empty one is not shown.
const LISTS: &[&str] = &[
    "ReadAttributes",
    "WriteAttributes",
    "ExplicitAuthFlows",
    "SupportedIdentityProviders",
    "CallbackURLs",
    "LogoutURLs",
    "AllowedOAuthFlows",
    "AllowedOAuthScopes",
];

/// What is shown as it was given, and not at all where it was not.
const MIRRORED: &[&str] = &["ClientName", "DefaultRedirectURI", "PreventUserExistenceErrors", "AnalyticsConfiguration"];

/// The settings that a request leads to, if nothing of what was there is kept.
pub(super) fn given(input: &Value) -> Body {
    let mut body = Body::new();
    let mut put = |name: &str, value: Value| {
        body.insert(name.to_owned(), value);
    };
    for name in MIRRORED {
        if let Some(value) = input.get(*name).filter(|value| !value.is_null()) {
            put(name, value.clone());
        }
    }
    for name in LISTS {
        let entries = sorted(input.get(*name));
        if !entries.is_empty() {
            put(name, json!(entries));
        }
    }
    let number = |name: &str| input.get(name).and_then(Value::as_i64).filter(|number| *number != 0);
    put("RefreshTokenValidity", json!(number("RefreshTokenValidity").unwrap_or(super::tokens::REFRESH_DAYS)));
    for name in ["AccessTokenValidity", "IdTokenValidity"] {
        if let Some(value) = number(name) {
            put(name, json!(value));
        }
    }
    let units = input.get("TokenValidityUnits").filter(|units| units.is_object());
    put("TokenValidityUnits", units.cloned().unwrap_or_else(|| json!({})));
    put("AuthSessionValidity", json!(number("AuthSessionValidity").unwrap_or(3)));
    let flag = |name: &str| input.get(name).and_then(Value::as_bool);
    put("EnableTokenRevocation", json!(flag("EnableTokenRevocation").unwrap_or(true)));
    for name in ["AllowedOAuthFlowsUserPoolClient", "EnablePropagateAdditionalUserContextData"] {
        put(name, json!(flag(name).unwrap_or_default()));
    }
    if let Some(rotation) = input.get("RefreshTokenRotation").filter(|rotation| rotation.is_object()) {
        let grace = rotation.get("RetryGracePeriodSeconds").and_then(Value::as_i64).unwrap_or_default();
        put("RefreshTokenRotation", json!({"Feature": rotation.get("Feature"), "RetryGracePeriodSeconds": grace}));
    }
    body
}

/// What an update that does not mention it leaves of what was there.
pub(super) fn keep(body: &mut Body, before: &Body) {
    if let (false, Some(name)) = (body.contains_key("ClientName"), before.get("ClientName")) {
        body.insert("ClientName".to_owned(), name.clone());
    }
    if !body.contains_key("RefreshTokenRotation") && before.contains_key("RefreshTokenRotation") {
        let off = json!({"Feature": "DISABLED", "RetryGracePeriodSeconds": 0});
        body.insert("RefreshTokenRotation".to_owned(), off);
    }
}

fn sorted(list: Option<&Value>) -> Vec<&str> {
    let mut entries: Vec<&str> =
        list.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
    entries.sort_unstable();
    entries.dedup();
    entries
}
