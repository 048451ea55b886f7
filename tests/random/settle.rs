//! Makes the parts of a stack go together: what cannot be beside something else is taken out, what
//! must be is added, a reference to what is not there goes with what it stands in. A stack that
//! AWS would take is left as it is.

use std::collections::BTreeSet;

use poolkeeper::diff::value_at;
use poolkeeper::path::{Path, Segment};
use serde_json::{Map, Value, json};

use crate::stack_file::{entries, references};

pub(crate) mod client;
pub(crate) mod facets;
mod identity_pool;
mod pool;
mod provider;

/// Makes the parts of a stack go together.
pub(crate) fn settle(mut stack: Value) -> Value {
    structure(&mut stack);
    prune(&mut stack);
    let names: Vec<String> = entries(stack.get("userPools")).into_iter().map(|(key, _)| key).collect();
    for name in names {
        let pool = &mut stack["userPools"][&name];
        pool::settle(pool);
        provider::settle(pool);
        client::settle(&name, pool);
        facets::settle(pool);
        ignored(pool);
    }
    for pool in each(&mut stack, "identityPools") {
        identity_pool::settle(pool);
    }
    secrets(&mut stack);
    variables(&mut stack);
    stack
}

/// The entries of a section, to be changed.
pub(crate) fn each<'a>(value: &'a mut Value, section: &str) -> impl Iterator<Item = &'a mut Value> {
    value.get_mut(section).and_then(Value::as_object_mut).into_iter().flat_map(|map| map.values_mut())
}

/// Takes a property out.
pub(crate) fn take(value: &mut Value, property: &str) -> Option<Value> {
    value.as_object_mut()?.shift_remove(property)
}

/// The texts of a list.
pub(crate) fn texts(list: Option<&Value>) -> Vec<String> {
    let items = list.and_then(Value::as_array).into_iter().flatten();
    items.filter_map(|item| Some(item.as_str()?.to_owned())).collect()
}

/// Leaves of a list of texts what is wanted.
pub(crate) fn retain(value: &mut Value, pointer: &str, wanted: impl Fn(&str) -> bool) {
    if let Some(Value::Array(items)) = value.pointer_mut(pointer) {
        items.retain(|item| item.as_str().is_none_or(&wanted));
    }
}

/// The keys of a section.
pub(crate) fn keys(value: &Value, section: &str) -> Vec<String> {
    entries(value.get(section)).into_iter().map(|(key, _)| key).collect()
}

/// Which resources there are: a domain is of one pool, and a pool has one of each sort; users of a
/// provider could not come into a pool whose required attributes cannot be written.
fn structure(stack: &mut Value) {
    let mut seen = BTreeSet::new();
    for pool in each(stack, "userPools") {
        let mut sorts = BTreeSet::new();
        if let Some(domains) = pool.get_mut("domains").and_then(Value::as_object_mut) {
            domains.retain(|domain, _| !seen.contains(domain) && sorts.insert(domain.contains('.')));
            seen.extend(domains.keys().cloned());
        }
        let schema = pool.get("schema").and_then(Value::as_array).into_iter().flatten();
        let is = |attribute: &Value, property: &str, wanted: bool| attribute.get(property) == Some(&json!(wanted));
        if schema.into_iter().any(|attribute| is(attribute, "required", true) && is(attribute, "mutable", false)) {
            take(pool, "identityProviders");
        }
    }
}

/// Takes out what refers to resources that are not there.
fn prune(stack: &mut Value) {
    let mut there: BTreeSet<Path> = BTreeSet::new();
    for section in ["functions", "userPools", "identityPools"] {
        for (key, root) in entries(stack.get(section)) {
            let root_address = Path::root().key(section).key(key);
            for (section, children) in entries(Some(&root)).into_iter().filter(|_| section == "userPools") {
                let section = root_address.key(section);
                there.extend(entries(Some(&children)).into_iter().map(|(key, _)| section.key(key)));
            }
            there.insert(root_address);
        }
    }
    prune_value(stack, &there);
}

fn dangles(text: &str, there: &BTreeSet<Path>) -> bool {
    let roots = ["functions", "userPools", "identityPools"].map(|section| Path::root().key(section));
    references(text).iter().any(|reference| {
        roots.iter().any(|root| reference.starts_with(root))
            && reference.parent().is_none_or(|address| !there.contains(&address))
    })
}

fn prune_value(value: &mut Value, there: &BTreeSet<Path>) {
    let gone = |value: &Value| value.as_str().is_some_and(|text| dangles(text, there));
    match value {
        Value::Object(map) => {
            map.retain(|key, value| !dangles(key, there) && !gone(value));
            for value in map.values_mut() {
                prune_value(value, there);
            }
        }
        Value::Array(items) => {
            items.retain(|item| !gone(item));
            for item in items {
                prune_value(item, there);
            }
        }
        _ => {}
    }
}

/// Leaves of `ignoreChanges` what is about children that are there.
fn ignored(pool: &mut Value) {
    let children =
        ["clients", "uiCustomization", "riskConfiguration", "replicas"].map(|section| Path::root().key(section));
    let facets = ["riskConfiguration", "managedLoginBranding", "terms"];
    let there = pool.clone();
    retain(pool, "/ignoreChanges", |path| {
        let path: Path = path.parse().expect("a path");
        if !children.iter().any(|section| path.starts_with(section)) {
            return true;
        }
        // The resource is that of the innermost section.
        let keys: Vec<&str> = path.segments().iter().filter_map(Segment::key).collect();
        let deep = match keys.as_slice() {
            ["clients", _, "terms", ..] => 4,
            ["clients", _, facet, ..] if facets.contains(facet) => 3,
            ["clients" | "replicas", ..] => 2,
            _ => 1,
        };
        let owner = keys[..deep].iter().fold(Path::root(), |owner, key| owner.key(*key));
        value_at(&there, &owner).is_some()
    });
}

/// Only a client that has a secret can tell it.
fn secrets(stack: &mut Value) {
    let has = |text: &str| {
        references(text).iter().filter(|reference| reference.last_key() == Some("secret")).all(|reference| {
            let client = reference.parent().and_then(|address| value_at(stack, &address).cloned());
            client.is_some_and(|client| client::has_secret(&client))
        })
    };
    let lost: Vec<String> = entries(stack.get("outputs"))
        .into_iter()
        .filter(|(_, value)| value.as_str().is_some_and(|text| !has(text)))
        .map(|(key, _)| key)
        .collect();
    for key in lost {
        take(&mut stack["outputs"], &key);
    }
}

/// Declares the variables that are read.
fn variables(stack: &mut Value) {
    let text = stack.to_string();
    let defaults = [
        ("minimumLength", json!(9)),
        ("team", json!("shop")),
        ("providerSecret", json!({"secret": true, "default": "hush-hush-6"})),
    ];
    for (name, default) in defaults {
        if text.contains(&format!("${{var.{name}}}")) {
            let variables =
                stack.as_object_mut().expect("a stack").entry("variables").or_insert_with(|| Value::Object(Map::new()));
            variables.as_object_mut().expect("variables").entry(name).or_insert(default);
        }
    }
}
