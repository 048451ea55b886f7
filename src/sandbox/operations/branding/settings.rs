//! The settings of a style: a document of its own, of which only the outermost names are known here.

use serde_json::Value;

use super::super::super::refusal::Refusal;
use super::super::super::state::Body;

/// What may stand at the top.
const KNOWN: [&str; 3] = ["categories", "componentClasses", "components"];

/// Settings as they are sent.
pub(super) fn read(sent: &Value) -> Result<Body, Refusal> {
    // AWS fails at another type instead of refusing it.
    let broken = || Refusal::new(500, "InternalErrorException", "Something went wrong");
    let settings = sent.as_object().ok_or_else(broken)?;
    if let Some(name) = settings.keys().find(|name| !KNOWN.contains(&name.as_str())) {
        return Err(Refusal::invalid(format!("Invalid settings provided. UnknownProperty: {name}")));
    }
    if settings.values().any(|value| !value.is_object()) {
        return Err(broken());
    }
    Ok(settings.clone())
}

/// Settings over those that are there.
pub(super) fn joined(before: Option<Value>, fresh: Body) -> Value {
    let mut all = before.unwrap_or_else(|| Value::Object(Body::new()));
    merge(&mut all, Value::Object(fresh));
    sort(&mut all);
    all
}

fn merge(into: &mut Value, from: Value) {
    match (into, from) {
        (Value::Object(into), Value::Object(from)) => {
            for (name, value) in from {
                merge(into.entry(name).or_insert(Value::Null), value);
            }
        }
        (into, from) => *into = from,
    }
}

/// Brings the keys into AWS's order, which is not the caller's.
fn sort(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.sort_keys();
            members.values_mut().for_each(sort);
        }
        Value::Array(items) => items.iter_mut().for_each(sort),
        _ => {}
    }
}
