//! Finds what a request has beyond the model. AWS ignores it; a log may tell of it.

use serde_json::Value;

use super::check::under;
use super::shape::{Kind, Model, Shape};

/// Where there are members that this shape does not have.
pub(super) fn unknown(model: &Model, shape: &Shape, input: &Value) -> Vec<String> {
    let mut found = Vec::new();
    look(model, Some(shape), input, "", &mut found);
    found
}

fn look(model: &Model, shape: Option<&Shape>, value: &Value, path: &str, found: &mut Vec<String>) {
    let Some(shape) = shape else { return };
    let part = |name: &Option<String>| name.as_deref().and_then(|name| model.shape(name));
    match (shape.kind, value) {
        (Kind::Structure, Value::Object(members)) => {
            for (name, value) in members {
                let path = under(path, name);
                match shape.members.iter().find(|member| member.name == *name) {
                    Some(member) => look(model, model.shape(&member.shape), value, &path, found),
                    None => found.push(path),
                }
            }
        }
        (Kind::List, Value::Array(items)) => {
            for (index, value) in items.iter().enumerate() {
                look(model, part(&shape.item), value, &format!("{path}.{}", index + 1), found);
            }
        }
        (Kind::Map, Value::Object(entries)) => {
            for (name, value) in entries {
                look(model, part(&shape.value), value, &under(path, name), found);
            }
        }
        _ => {}
    }
}
