//! Stacks for the tests of the rules, and what is found in them.

use std::path::PathBuf;
use std::sync::Arc;

use serde_json::{Map, Value, json};

use crate::diagnostic::Source;
use crate::kind::{Form, Kind, facet_key};
use crate::path::{Path, Segment};
use crate::reference::Reference;
use crate::stack::rules::check;
use crate::stack::{Resource, Stack, Unmanaged};

/// A stack of these resources, as the loader would give it: names filled in, `${…}` open.
pub(super) fn stack(file: &Value) -> Stack {
    let mut resources = Vec::new();
    for kind in Kind::ALL.iter().copied().filter(|kind| kind.parent().is_none()) {
        section(kind, &Path::root(), None, file, &mut resources);
    }
    Stack {
        name: "shop".to_owned(),
        environment: None,
        region: file.get("region").and_then(Value::as_str).map(str::to_owned),
        account: file.get("account").and_then(Value::as_str).map(str::to_owned),
        assume_role: None,
        resources,
        outputs: Vec::new(),
        source: Arc::new(Source { path: PathBuf::from("shop.yaml"), text: String::new() }),
        folder: PathBuf::from(file.get("folder").and_then(Value::as_str).unwrap_or(".")),
        secrets: Vec::new(),
    }
}

/// The resources of a kind in the entry at `holder`, which says `around`.
fn section(kind: Kind, holder: &Path, root: Option<&Path>, around: &Value, resources: &mut Vec<Resource>) {
    let at = holder.key(kind.section());
    match (kind.form(), around.get(kind.section())) {
        (_, None) => {}
        (Form::ByKey, Some(entries)) => {
            for (key, spec) in entries.as_object().expect("a map") {
                let key = opened_text(key);
                entry(kind, &key, &at.key(&key), root, spec, resources);
            }
        }
        (Form::One, Some(spec)) => entry(kind, "", &at, root, spec, resources),
        (Form::List, Some(list)) => entry(kind, "", &at, root, &json!({kind.section(): list}), resources),
    }
}

fn entry(kind: Kind, key: &str, address: &Path, root: Option<&Path>, spec: &Value, resources: &mut Vec<Resource>) {
    let mut declared = opened(spec);
    let map = declared.as_object_mut().expect("a map");
    kind.held().for_each(|child| drop(map.remove(child.section())));
    let id = map.remove("id").and_then(|id| id.as_str().map(str::to_owned));
    let shared = map.remove("unmanaged").is_some();
    let ignored = map.remove("ignoreChanges").unwrap_or_default();
    if kind == Kind::Client {
        map.entry("name").or_insert_with(|| json!(key));
    }
    if kind == Kind::IdentityProvider {
        map.entry("providerType").or_insert_with(|| json!(key));
    }
    let client = address.segments().windows(2).find_map(|pair| match pair {
        [Segment::Key(section), Segment::Key(client)] if section == Kind::Client.section() => Some(client.as_str()),
        _ => None,
    });
    resources.push(Resource {
        address: address.clone(),
        kind,
        key: if kind.is_facet() { facet_key(client, key) } else { key.to_owned() },
        parent: root.cloned(),
        id,
        renamed_from: None,
        declared,
        secrets: Vec::new(),
        ignore_changes: ignored.as_array().into_iter().flatten().map(path).collect(),
        unmanaged: if shared { Unmanaged::Ignore } else { Unmanaged::Report },
    });
    kind.held().for_each(|child| section(child, address, Some(root.unwrap_or(address)), spec, resources));
}

fn path(text: &Value) -> Path {
    text.as_str().and_then(|text| text.parse().ok()).expect("a path")
}

/// The value with each `${…}` as an open reference.
fn opened(value: &Value) -> Value {
    match value {
        Value::String(text) => Value::String(opened_text(text)),
        Value::Array(items) => items.iter().map(opened).collect(),
        Value::Object(map) => map.iter().map(|(key, value)| (opened_text(key), opened(value))).collect(),
        other => other.clone(),
    }
}

fn opened_text(text: &str) -> String {
    let mut parts = text.split("${");
    let mut done = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (name, rest) = part.split_once('}').expect("a closed reference");
        done += &Reference(name.parse().expect("a path")).embed();
        done += rest;
    }
    done
}

/// A pool with these children and properties.
pub(super) fn pool(properties: Value) -> Value {
    let pools = Value::Object(Map::from_iter([("p".to_owned(), properties)]));
    Value::Object(Map::from_iter([("userPools".to_owned(), pools)]))
}

pub(super) fn found(file: &Value) -> Vec<String> {
    check(&stack(file)).iter().map(|finding| format!("{}: {}", finding.path, finding.message)).collect()
}

/// Asserts for each row that exactly one thing is found, which holds the text; nothing where it is empty.
pub(super) fn assert_found(table: impl IntoIterator<Item = (Value, &'static str)>) {
    for (file, expected) in table {
        let found = found(&file);
        let as_expected = match expected {
            "" => found.is_empty(),
            expected => found.len() == 1 && found[0].contains(expected),
        };
        assert!(as_expected, "{file}\nexpected {expected:?}\nfound {found:#?}");
    }
}
