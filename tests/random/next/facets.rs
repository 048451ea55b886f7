//! What of the facets of a pool and of its clients AWS does not let go.

use serde_json::{Value, json};

use super::natural_key;
use crate::settle::facets::{key, settings};
use crate::settle::{each, take};
use crate::stack_file::entries;

/// Brings back what AWS does not let go of.
pub(super) fn allowed(pool: &mut Value, before: &Value, replace: bool) {
    for (key, before) in entries(before.get("clients")).into_iter().filter(|_| !replace) {
        let name = natural_key(&key, &before);
        let Some(clients) = pool.get_mut("clients").and_then(Value::as_object_mut) else { continue };
        let same = clients.iter_mut().find(|(key, client)| natural_key(key, client) == name);
        if let Some((_, client)) = same
            && let (Some(old), Some(new)) = (before.get("managedLoginBranding"), client.get_mut("managedLoginBranding"))
        {
            add(new, old);
        }
    }
    // A pool has one replica, so that a domain cannot turn from one to another at once.
    let region = |pool: &Value| Some(entries(pool.get("replicas")).first()?.0.clone());
    if region(before) != region(pool) && region(before).is_some() {
        for domain in each(pool, "domains") {
            take(domain, "routing");
        }
    }
}

/// Adds to a style what is in another one and not in it.
fn add(style: &mut Value, other: &Value) {
    let (mut own, others) = (settings(style), settings(other));
    if others != json!({}) {
        merge(&mut own, &others);
        style["settings"] = own;
        take(style, "useCognitoProvidedValues");
    }
    let images = |style: &Value| style.get("assets").and_then(Value::as_array).cloned().unwrap_or_default();
    let mut all = images(style);
    for image in images(other) {
        if !all.iter().any(|own| key(own) == key(&image)) {
            all.push(image);
        }
    }
    if !all.is_empty() {
        style["assets"] = json!(all);
    }
}

fn merge(own: &mut Value, other: &Value) {
    let (Value::Object(own), Value::Object(other)) = (own, other) else { return };
    for (key, value) in other {
        match own.get_mut(key) {
            Some(inner) => merge(inner, value),
            None => drop(own.insert(key.clone(), value.clone())),
        }
    }
}

/// Whether something is taken out of a client's style, which AWS cannot do.
pub(super) fn loses(before: &Value, after: &Value) -> bool {
    let style = "managedLoginBranding";
    let (Some(before), Some(after)) = (before.get(style), after.get(style)) else { return false };
    let images = |style: &Value| -> Vec<String> {
        style.get("assets").and_then(Value::as_array).into_iter().flatten().map(key).collect()
    };
    let left = images(after);
    lacks(&settings(after), &settings(before)) || images(before).iter().any(|image| !left.contains(image))
}

/// Whether something of an object is not in another one.
fn lacks(value: &Value, whole: &Value) -> bool {
    match (value, whole) {
        (Value::Object(value), Value::Object(whole)) => {
            whole.iter().any(|(key, inner)| value.get(key).is_none_or(|own| lacks(own, inner)))
        }
        _ => false,
    }
}
