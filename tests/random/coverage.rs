//! The generator leaves nothing out: every property of the format comes up, and every value of
//! those that have a few.

use std::collections::BTreeSet;

use poolkeeper::stack::shape::{branches, property_names};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use serde_json::Value;

use crate::generate;

/// How many stacks are looked at.
const STACKS: usize = 2000;

/// What stacks made at random never say, with all that is inside.
const LEFT_OUT: [&str; 12] = [
    // They adopt or rename what is live already, and nothing is.
    "functions.*.id",
    "userPools.*.id",
    "userPools.*.clients.*.id",
    "identityPools.*.id",
    "functions.*.renamedFrom",
    "userPools.*.renamedFrom",
    "userPools.*.clients.*.renamedFrom",
    "identityPools.*.renamedFrom",
    // They are about who runs the tool and how, not about what is kept.
    "assumeRole",
    "environments",
    // Further details of providers and further public services, whatever they may be called.
    "userPools.*.identityProviders.*.providerDetails.*",
    // Kept for what knows no better; AWS does not take it.
    "userPools.*.policies.signInPolicy.allowedFirstAuthFactors[]=SOFTWARE_TOKEN",
];

/// The parts of a schema that say what its values look like.
fn parts(schema: &Value) -> Vec<&Value> {
    let mut found = vec![schema];
    found.extend(branches(schema).flat_map(parts));
    found
}

/// All that a schema names below `at`.
fn named(schema: &Value, at: &str, found: &mut BTreeSet<String>) {
    let inside = |name: &str| if at.is_empty() { name.to_owned() } else { format!("{at}.{name}") };
    for name in property_names(schema) {
        if let Some(property) = poolkeeper::stack::shape::own_child(schema, name) {
            found.insert(inside(name));
            named(property, &inside(name), found);
        }
    }
    for part in parts(schema) {
        if let Some(rest) = part.get("additionalProperties").filter(|rest| rest.is_object()) {
            found.insert(inside("*"));
            named(rest, &inside("*"), found);
        }
        if let Some(items) = part.get("items") {
            found.insert(format!("{at}[]"));
            named(items, &format!("{at}[]"), found);
        }
        if let Some(value) = part.get("const").and_then(Value::as_str) {
            found.insert(format!("{at}={value}"));
        }
    }
}

/// What a value says, in the same words.
fn said(value: &Value, at: &str, known: &BTreeSet<String>, found: &mut BTreeSet<String>) {
    found.insert(at.to_owned());
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                let inside = |name: &str| if at.is_empty() { name.to_owned() } else { format!("{at}.{name}") };
                let own = inside(key);
                said(value, &if known.contains(&own) { own } else { inside("*") }, known, found);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| said(item, &format!("{at}[]"), known, found)),
        Value::String(text) => {
            found.insert(format!("{at}={text}"));
        }
        _ => {}
    }
}

#[test]
fn every_property_and_every_named_value_comes_up() {
    let schema: Value = serde_json::from_str(include_str!("../../schema.json")).expect("a schema");
    let mut wanted = BTreeSet::new();
    named(&schema, "", &mut wanted);
    assert!(wanted.len() > 300, "the schema is read: {wanted:?}");
    // Always the same stacks, so that a gap is found by whoever made it.
    let mut runner = TestRunner::deterministic();
    let stacks = generate::stack();
    let mut found = BTreeSet::new();
    for _ in 0..STACKS {
        let stack = stacks.new_tree(&mut runner).expect("a stack").current();
        said(&stack.0, "", &wanted, &mut found);
    }
    let left_out = |path: &String| {
        LEFT_OUT.iter().any(|left_out| {
            path.strip_prefix(left_out).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[', '=']))
        })
    };
    for path in LEFT_OUT {
        assert!(wanted.contains(path) && !found.contains(path), "{path} comes up, or is no more");
    }
    let missing: Vec<&String> = wanted.difference(&found).filter(|path| !left_out(path)).collect();
    assert!(missing.is_empty(), "{} never come up:\n{missing:#?}", missing.len());
}
