//! Finding one's way in a JSON schema: what it says of the property of a map or the item of a
//! list, which types it takes, and which values where it names them all.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, PoisonError};

use regex::Regex;
use serde_json::Value;

/// The alternatives (`anyOf`, `oneOf`) and parts (`allOf`) of a schema.
pub fn branches(schema: &Value) -> impl Iterator<Item = &Value> {
    ["allOf", "anyOf", "oneOf"].into_iter().filter_map(|word| schema.get(word)?.as_array()).flatten()
}

/// What a schema says of the property `key`; none where it has no such property.
#[must_use]
pub fn child<'a>(schema: &'a Value, key: &str) -> Option<&'a Value> {
    own_child(schema, key).or_else(|| branches(schema).find_map(|branch| child(branch, key)))
}

/// Like [`child`], without what stands in alternatives and parts.
#[must_use]
pub fn own_child<'a>(schema: &'a Value, key: &str) -> Option<&'a Value> {
    if let Some(found) = schema.get("properties").and_then(|properties| properties.get(key)) {
        return Some(found);
    }
    let patterns = schema.get("patternProperties").and_then(Value::as_object);
    let by_pattern = patterns.into_iter().flatten().find(|(pattern, _)| matches(pattern, key) == Some(true));
    if let Some((_, found)) = by_pattern {
        return Some(found);
    }
    schema.get("additionalProperties").filter(|rest| rest.is_object() || **rest == Value::Bool(true))
}

/// What a schema says of the items of a list.
#[must_use]
pub fn item(schema: &Value) -> Option<&Value> {
    schema.get("items").or_else(|| branches(schema).find_map(item))
}

/// The names of the properties that a schema lists, its alternatives' too.
#[must_use]
pub fn property_names(schema: &Value) -> Vec<&str> {
    let own = schema.get("properties").and_then(Value::as_object).into_iter().flatten();
    let mut names: Vec<&str> = own
        .filter(|(_, property)| property.get(super::schema::UNSUPPORTED).is_none())
        .map(|(name, _)| name.as_str())
        .collect();
    names.extend(branches(schema).flat_map(property_names));
    names
}

/// The types that a schema takes, in JSON schema's words; none where it takes anything.
#[must_use]
pub fn types(schema: &Value) -> Vec<&str> {
    match schema.get("type") {
        Some(Value::String(name)) => return vec![name],
        Some(Value::Array(names)) => return names.iter().filter_map(Value::as_str).collect(),
        _ => {}
    }
    if let Some(values) = schema.get("enum").and_then(Value::as_array) {
        return unique(values.iter().map(type_of));
    }
    if let Some(value) = schema.get("const") {
        return vec![type_of(value)];
    }
    if schema.get("properties").is_some() {
        return vec!["object"];
    }
    unique(branches(schema).flat_map(types))
}

fn unique<'a>(names: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut seen = Vec::new();
    for name in names {
        if !seen.contains(&name) {
            seen.push(name);
        }
    }
    seen
}

/// The type of a value, in JSON schema's words.
#[must_use]
pub fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "number",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

/// Whether a value has one of these types.
#[must_use]
pub fn fits(value: &Value, types: &[&str]) -> bool {
    let own = type_of(value);
    types.is_empty() || types.contains(&own) || (own == "integer" && types.contains(&"number"))
}

/// Whether a text that is not known yet may stand for a value of this schema.
#[must_use]
pub fn takes_scalar(schema: &Value) -> bool {
    let types = types(schema);
    types.is_empty() || types.iter().any(|name| !["array", "object"].contains(name))
}

/// The values that a schema takes, where it names them all.
#[must_use]
pub fn candidates(schema: &Value) -> Option<Vec<&Value>> {
    if let Some(value) = schema.get("const") {
        return Some(vec![value]);
    }
    if let Some(values) = schema.get("enum").and_then(Value::as_array) {
        return Some(values.iter().collect());
    }
    let options = schema.get("oneOf").or_else(|| schema.get("anyOf")).and_then(Value::as_array)?;
    let mut all = Vec::new();
    for option in options {
        all.extend(candidates(option)?);
    }
    Some(all)
}

/// Whether a text matches a pattern, anchored as the pattern is written; none where the pattern
/// cannot be read.
#[must_use]
pub fn matches(pattern: &str, text: &str) -> Option<bool> {
    static COMPILED: LazyLock<Mutex<HashMap<String, Option<Regex>>>> = LazyLock::new(Mutex::default);
    let mut compiled = COMPILED.lock().unwrap_or_else(PoisonError::into_inner);
    if !compiled.contains_key(pattern) {
        compiled.insert(pattern.to_owned(), Regex::new(pattern).ok());
    }
    compiled.get(pattern)?.as_ref().map(|regex| regex.is_match(text))
}
