//! Between specs and the API's bodies, by the rule of names alone: a spec's property and an API
//! member are the same where their names are equal without regard to case. What each side is made
//! of is looked up (the spec's JSON schema, the operation's [`Shape`]), so that members of
//! structures are renamed and keys of maps stay as they are. The few names that differ are each
//! kind's [`Kind::api_names`].

use serde_json::{Map, Value};

use super::shape::Shape;
use crate::kind::Kind;

/// The members of `shape` that a canonical spec gives. Properties that the shape does not have
/// belong to another operation and are left out.
#[must_use]
pub fn to_api(kind: Kind, spec: &Value, shape: &Shape) -> Value {
    let Value::Object(properties) = spec else { return Value::Object(Map::new()) };
    let members = properties.iter().filter_map(|(property, value)| {
        let (member, shape) = api_member(kind, property, shape)?;
        Some((member.to_owned(), rename_to_api(value, shape)))
    });
    Value::Object(members.collect())
}

/// The member that stands for a top-level property.
fn api_member<'a>(kind: Kind, property: &str, shape: &'a Shape) -> Option<(&'a str, &'a Shape)> {
    let mut others = kind.api_names().iter().filter(|(name, _)| *name == property).peekable();
    if others.peek().is_none() {
        return shape.member(property);
    }
    others.find_map(|(_, member)| shape.member(member))
}

fn rename_to_api(value: &Value, shape: &Shape) -> Value {
    match (value, shape) {
        (Value::Object(map), Shape::Struct(_)) => Value::Object(
            map.iter()
                .filter_map(|(key, value)| {
                    let (member, shape) = shape.member(key)?;
                    Some((member.to_owned(), rename_to_api(value, shape)))
                })
                .collect(),
        ),
        (Value::Object(map), Shape::Map(item)) => {
            Value::Object(map.iter().map(|(key, value)| (key.clone(), rename_to_api(value, item))).collect())
        }
        (Value::Array(items), Shape::List(item)) => items.iter().map(|value| rename_to_api(value, item)).collect(),
        _ => value.clone(),
    }
}

/// What a response says in the spec's names. Members that the spec does not have are left out.
#[must_use]
pub fn from_api(kind: Kind, body: &Value) -> Value {
    let Value::Object(members) = body else { return Value::Object(Map::new()) };
    let schema = kind.schema();
    let named = kind.api_names();
    let mut spec = Map::new();
    for (member, value) in members {
        let other = named.iter().find(|(_, name)| name == member).map(|(property, _)| *property);
        let Some((property, schema)) = property_of(schema, other.unwrap_or(member)) else { continue };
        // A property with a name of its own is not also read from a member that happens to match.
        if other.is_none() && named.iter().any(|(name, _)| *name == property) {
            continue;
        }
        if !says_nothing(value) {
            spec.insert(property.to_owned(), rename_from_api(value, schema));
        }
    }
    Value::Object(spec)
}

/// A member of a structure that is null or an empty text is one that is not set.
fn says_nothing(value: &Value) -> bool {
    value.is_null() || value.as_str() == Some("")
}

fn property_of<'a>(schema: &'a Value, name: &str) -> Option<(&'a str, &'a Value)> {
    let properties = schema.get("properties")?.as_object()?;
    let found = properties.iter().find(|(property, _)| property.eq_ignore_ascii_case(name))?;
    Some((found.0, found.1))
}

fn rename_from_api(value: &Value, schema: &Value) -> Value {
    match value {
        Value::Object(map) => {
            let free = schema.get("additionalProperties").filter(|inner| inner.is_object());
            let inside = map.iter().filter(|(_, value)| !value.is_null()).filter_map(|(key, value)| {
                match (property_of(schema, key), free) {
                    (_, Some(inner)) => Some((key.clone(), rename_from_api(value, inner))),
                    (Some(_), None) if says_nothing(value) => None,
                    (Some((property, inner)), None) => Some((property.to_owned(), rename_from_api(value, inner))),
                    (None, None) => None,
                }
            });
            Value::Object(inside.collect())
        }
        Value::Array(items) => {
            let inner = schema.get("items").unwrap_or(&Value::Null);
            items.iter().map(|item| rename_from_api(item, inner)).collect()
        }
        _ => value.clone(),
    }
}

/// The whole object for an update: what the spec says, and from live only what the format does not
/// model, nested members included. Members that an update does not take (`Id`, dates, create-only
/// ones) stay out, `left_out` by name; those that the SDK has never heard of stay in, since leaving
/// them out could reset them. `read` is the shape that the live body was read with.
#[must_use]
pub fn complete(kind: Kind, spec: &Value, live: &Value, update: &Shape, read: &Shape, left_out: &[&str]) -> Value {
    let Value::Object(mut body) = to_api(kind, spec, update) else { return Value::Null };
    let schema = kind.schema();
    for (member, value) in live.as_object().into_iter().flatten() {
        if left_out.contains(&member.as_str()) {
            continue;
        }
        let other = kind.api_names().iter().find(|(_, name)| name == member).map(|(property, _)| *property);
        if let Some((_, schema)) = property_of(schema, other.unwrap_or(member)) {
            if let Some(target) = update.member(member).and_then(|(name, _)| body.get_mut(name)) {
                keep_unmodelled(target, value, schema, left_out);
            }
        } else if read.member(member).is_none() || update.member(member).is_some() {
            body.entry(member.clone()).or_insert_with(|| value.clone());
        }
    }
    Value::Object(body)
}

/// Puts into `target` what live has and the format does not model.
fn keep_unmodelled(target: &mut Value, live: &Value, schema: &Value, left_out: &[&str]) {
    let free = schema.get("additionalProperties").is_some_and(Value::is_object);
    match (target, live) {
        (Value::Object(target), Value::Object(live)) if !free && schema.get("properties").is_some() => {
            for (member, value) in live {
                match property_of(schema, member) {
                    Some((_, schema)) => {
                        if let Some(inner) = target.get_mut(member) {
                            keep_unmodelled(inner, value, schema, left_out);
                        }
                    }
                    None if left_out.contains(&member.as_str()) => {}
                    None => {
                        target.entry(member.clone()).or_insert_with(|| value.clone());
                    }
                }
            }
        }
        _ => {}
    }
}
