//! The least that a file has to say of a resource, so that the plan sees what is live: what differs
//! from AWS's defaults, and of what AWS works out by itself what a person may have chosen.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::calls::child::COMPUTED_DETAILS;
use crate::kind::Kind;
use crate::kind::identity_provider::detail_names;
use crate::kind::user_pool::STANDARD_ATTRIBUTES;
use crate::live::{Live, Place};

/// The least spec of a live resource, in the order of its kind.
#[must_use]
pub(super) fn least(live: &Live, place: &Place) -> Value {
    let kind = live.kind;
    let mut spec = live.spec.clone();
    match kind {
        Kind::UserPool => user_pool(live, place, &mut spec),
        Kind::IdentityProvider => provider(live, &mut spec),
        // A secret of one's own looks like one that AWS made.
        Kind::Client => drop(take(&mut spec, "clientSecret")),
        _ => {}
    }
    let schema = take(&mut spec, "schema");
    let mut least = Least { kind, target: kind.canonical(&spec).unwrap_or_default() }.of(spec);
    if let Some(schema) = schema {
        least["schema"] = schema;
    }
    in_order(&least, kind.schema())
}

fn take(spec: &mut Value, property: &str) -> Option<Value> {
    spec.as_object_mut()?.shift_remove(property)
}

/// Takes out what only AWS says.
fn user_pool(live: &Live, place: &Place, spec: &mut Value) {
    let schema = spec.get("schema").and_then(Value::as_array).map(|attributes| least_schema(attributes));
    match schema {
        Some(schema) if !schema.is_empty() => spec["schema"] = Value::Array(schema),
        _ => drop(take(spec, "schema")),
    }
    if let Some(levels) = spec.get_mut("acrConfiguration").and_then(Value::as_object_mut) {
        levels.retain(|level, name| {
            let number = level.trim_start_matches("Level");
            name.get("acrValue").and_then(Value::as_str) != Some(&format!("urn:cognito:loa:{number}"))
        });
        if levels.is_empty() {
            take(spec, "acrConfiguration");
        }
    }
    // AWS binds passkeys to the pool's domain by itself.
    let host = |member: &str| live.text(member).map(str::to_owned);
    let prefix = host("Domain").map(|prefix| format!("{prefix}.auth.{}.amazoncognito.com", place.region));
    if let Some(passkeys) = spec.get_mut("webAuthnConfiguration").and_then(Value::as_object_mut) {
        let own = passkeys.get("relyingPartyId").and_then(Value::as_str).map(str::to_owned);
        if own.is_some_and(|own| [host("CustomDomain"), prefix].contains(&Some(own))) {
            passkeys.shift_remove("relyingPartyId");
        }
    }
    for (pointer, property) in [("/smsConfiguration", "snsRegion"), ("/smsConfiguration/eumsSms", "region")] {
        if let Some(sending) = spec.pointer_mut(pointer).and_then(Value::as_object_mut)
            && sending.get(property).and_then(Value::as_str) == Some(&place.region)
        {
            sending.shift_remove(property);
        }
    }
    if !is_sms_a_factor(spec) {
        take(spec, "smsMfaConfiguration");
    }
}

/// Whether codes by SMS are taken for a factor. AWS shows them as one after they were turned off
/// too; where something else says that they are, or are not, that is believed.
fn is_sms_a_factor(spec: &Value) -> bool {
    let ways = spec.pointer("/accountRecoverySetting/recoveryMechanisms").and_then(Value::as_array);
    let only_phone = ways.is_some_and(|ways| {
        !ways.is_empty() && ways.iter().all(|way| way.get("name") == Some(&json!("verified_phone_number")))
    });
    spec.get("smsMfaConfiguration").is_some() && !(only_phone && has_other_factor(spec))
}

/// Whether a pool has another second factor than SMS.
pub(super) fn has_other_factor(spec: &Value) -> bool {
    spec.pointer("/softwareTokenMfaConfiguration/enabled") == Some(&Value::Bool(true))
        || spec.get("emailMfaConfiguration").is_some()
}

/// The attributes that are not just as AWS makes them.
fn least_schema(attributes: &[Value]) -> Vec<Value> {
    let bare: Vec<Value> = STANDARD_ATTRIBUTES.iter().map(|name| json!({"name": name})).collect();
    let as_made = Kind::UserPool.canonical(&json!({"schema": bare})).unwrap_or_default();
    let as_made = as_made.get("schema").and_then(Value::as_array).cloned().unwrap_or_default();
    let attributes: Vec<&Value> = attributes.iter().filter(|attribute| !as_made.contains(attribute)).collect();
    let mut names = BTreeSet::new();
    // Of two with one name the last is the one that is compared.
    let mut kept: Vec<Value> =
        attributes.into_iter().rev().filter(|attribute| names.insert(attribute["name"].to_string())).cloned().collect();
    kept.reverse();
    let least = kept.into_iter().map(|attribute| {
        let spec = json!({"schema": [attribute]});
        let target = Kind::UserPool.canonical(&spec).unwrap_or_default();
        let mut least = Least { kind: Kind::UserPool, target }.inside(spec, "schema");
        let mut attribute = least.pointer_mut("/schema/0").map(Value::take).unwrap_or_default();
        for bounds in ["stringAttributeConstraints", "numberAttributeConstraints"] {
            for (_, bound) in attribute.get_mut(bounds).and_then(Value::as_object_mut).into_iter().flatten() {
                // AWS writes numbers as texts; one that is written otherwise stays one.
                let number = bound.as_str().and_then(|text| text.parse::<i64>().ok().filter(|n| n.to_string() == text));
                if let Some(number) = number {
                    *bound = number.into();
                }
            }
        }
        attribute
    });
    least.collect()
}

/// Takes out the details that AWS works out from others.
fn provider(live: &Live, spec: &mut Value) {
    let of_type = live.spec.get("providerType").and_then(Value::as_str).unwrap_or_default().to_owned();
    let Some(details) = spec.get_mut("providerDetails").and_then(Value::as_object_mut) else { return };
    let given = ["oidc_issuer", "authorize_url", "token_url", "attributes_url", "jwks_uri"];
    let by_url = details.get("MetadataURL").is_some();
    details.retain(|name, value| {
        let computed = COMPUTED_DETAILS.contains(&name.as_str()) && !(of_type == "OIDC" && given.contains(&&**name));
        let known = detail_names(&of_type).is_none_or(|names| names.contains(&name.as_str()));
        let empty = value.as_str() == Some("");
        let other = by_url && name == "MetadataFile";
        known && !computed && !empty && !other
    });
    if of_type == "SignInWithApple" {
        // AWS never shows it, and it is needed.
        details.entry("private_key").or_insert_with(|| "".into());
    }
}

/// Leaves of a spec what its canonical form rests on.
struct Least {
    kind: Kind,
    target: Value,
}

impl Least {
    fn of(&self, spec: Value) -> Value {
        // Most of it is AWS's default, and goes at once.
        let defaults = self.kind.defaults();
        let mut less = spec.clone();
        if let Some(properties) = less.as_object_mut() {
            properties.retain(|name, value| defaults.get(name) != Some(&*value));
        }
        let spec = if self.is_enough(&less) { less } else { spec };
        self.object(spec, &self.kind.schema().clone(), &|candidate| candidate)
    }

    /// Only what is inside of one property.
    fn inside(&self, mut spec: Value, property: &str) -> Value {
        let schema = self.kind.schema().pointer(&format!("/properties/{property}")).cloned().unwrap_or_default();
        let value = spec[property].take();
        spec[property] = self.value(value, &schema, &|inner| json!({property: inner}));
        spec
    }

    /// Whether a spec says the same as the whole one.
    fn is_enough(&self, candidate: &Value) -> bool {
        self.kind.canonical(candidate).is_ok_and(|canonical| canonical == self.target)
    }

    /// A value with all that can be left out of it; `around` puts it where it stands in the spec.
    fn value(&self, value: Value, schema: &Value, around: &dyn Fn(Value) -> Value) -> Value {
        match value {
            Value::Object(_) => self.object(value, schema, around),
            Value::Array(mut items) if items.iter().any(Value::is_object) => {
                let schema = schema.get("items").unwrap_or(&Value::Null);
                for index in 0..items.len() {
                    let item = items[index].clone();
                    let rest = items.clone();
                    items[index] = self.value(item, schema, &|inner| {
                        let mut items = rest.clone();
                        items[index] = inner;
                        around(Value::Array(items))
                    });
                }
                Value::Array(items)
            }
            other => other,
        }
    }

    fn object(&self, value: Value, schema: &Value, around: &dyn Fn(Value) -> Value) -> Value {
        let Value::Object(mut kept) = value else { return value };
        let required: Vec<&str> =
            schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
        let keys: Vec<String> = kept.keys().cloned().collect();
        for key in keys {
            let inner = schema.get("properties").and_then(|properties| properties.get(&key));
            let inner = inner.or_else(|| schema.get("additionalProperties")).unwrap_or(&Value::Null);
            if !required.contains(&key.as_str()) {
                let mut less = kept.clone();
                less.shift_remove(&key);
                if self.is_enough(&around(Value::Object(less.clone()))) {
                    kept = less;
                    continue;
                }
            }
            let value = kept.get(&key).cloned().unwrap_or_default();
            let rest = kept.clone();
            let least = self.value(value, inner, &|inner| {
                let mut map = rest.clone();
                map.insert(key.clone(), inner);
                around(Value::Object(map))
            });
            kept.insert(key, least);
        }
        Value::Object(kept)
    }
}

/// The properties in the order of the schema, and those that it does not name behind them.
fn in_order(value: &Value, schema: &Value) -> Value {
    let none = Map::new();
    let named = schema.get("properties").and_then(Value::as_object).unwrap_or(&none);
    let other = schema.get("additionalProperties").unwrap_or(&Value::Null);
    match value {
        Value::Object(map) => {
            let known = named.iter().filter_map(|(name, schema)| Some((name, map.get(name)?, schema)));
            let rest =
                map.iter().filter(|(name, _)| !named.contains_key(*name)).map(|(name, value)| (name, value, other));
            Value::Object(
                known.chain(rest).map(|(name, value, schema)| (name.clone(), in_order(value, schema))).collect(),
            )
        }
        Value::Array(items) => {
            let schema = schema.get("items").unwrap_or(&Value::Null);
            items.iter().map(|item| in_order(item, schema)).collect()
        }
        other => other.clone(),
    }
}
