//! The calls that read, make, change and delete each kind of resource: between the specs and `aws`.
//! Every update sends the complete object: the wanted spec laid over the live body.

use serde_json::{Map, Value};

use crate::aws::shape::Shape;
use crate::aws::{Operation, body};
use crate::error::{AwsError, Error};
use crate::kind::Kind;
use crate::live::Live;

pub mod child;
pub mod facet;
pub mod function;
pub mod identity_pool;
pub mod permission;
pub mod root;
pub mod twin;
pub mod user_pool;
mod wait;

/// A request body from its parts, the later ones on top.
fn merge(parts: &[&Value]) -> Value {
    let mut merged = Map::new();
    for part in parts {
        for (key, value) in part.as_object().into_iter().flatten() {
            merged.insert(key.clone(), value.clone());
        }
    }
    Value::Object(merged)
}

/// What a create sends of a spec: what the file declares and what differs from AWS's defaults, so
/// that the rest gets AWS's own defaults, in canonical form.
fn for_create(kind: Kind, wanted: &Value, declared: &Value, shape: &Shape) -> Value {
    let defaults = kind.defaults();
    let declared_only: Map<String, Value> = wanted
        .as_object()
        .into_iter()
        .flatten()
        .filter(|(key, value)| declared.get(key.as_str()).is_some() || defaults.get(key.as_str()) != Some(*value))
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect();
    body::to_api(kind, &Value::Object(declared_only), shape)
}

/// The shape of what the answers to an operation hold under a name.
fn answered(operation: Operation, wrapper: &str) -> &'static Shape {
    let output = operation.output();
    output.member(wrapper).map_or(output, |(_, shape)| shape)
}

/// What a create whose answer did not come is taken for, once it was looked for: done where it was
/// found, else still not known.
fn found_after(looked: Result<Option<String>, Error>, error: Error) -> Result<String, Error> {
    match looked {
        Ok(Some(id)) => Ok(id),
        Ok(None) => Err(error.with_help("it was looked for and not found; apply again, which looks once more")),
        Err(why) => Err(error.with_help(format!("it was looked for, but: {why}; apply again, which looks once more"))),
    }
}

/// The id in the answer to a create. Where it has none the thing may be there all the same.
fn made(operation: Operation, response: &Value, pointer: &str) -> Result<String, Error> {
    text(response, pointer).map_err(|why| AwsError::unread(operation.name(), why.to_string()).into())
}

/// The text at a member of a response.
fn text(response: &Value, pointer: &str) -> Result<String, Error> {
    response
        .pointer(pointer)
        .and_then(Value::as_str)
        .map(str::to_owned)
        .ok_or_else(|| Error::refused(format!("AWS's answer has no `{}`", pointer.trim_start_matches('/'))))
}
