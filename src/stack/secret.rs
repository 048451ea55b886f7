//! Which values of a file must never be shown: those that come from a secret source, those that
//! the schema marks, and those that stand where such a one was most likely meant. A slip (a list
//! where a text belongs, a key with two letters swapped) must not put a secret on the screen, so
//! what is in doubt and near a secret counts as one.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::{shape, suggest, variables};
use crate::path::Path;
use crate::reference;

/// The paths of all values of a file, maps and lists among them, of which nothing may be shown.
/// `known` are those of values from secret sources.
#[must_use]
pub fn paths(schema: &Value, document: &Value, known: &[Path]) -> Vec<Path> {
    let mut search = Search { known: known.iter().collect(), found: Vec::new() };
    search.walk(schema, document, &Path::root());
    search.variables(document);
    search.found
}

/// Whether a path is one of `secrets`, or inside of one.
#[must_use]
pub fn is_inside(path: &Path, secrets: &BTreeSet<Path>) -> bool {
    let mut around = Some(path.clone());
    while let Some(path) = around {
        if secrets.contains(&path) {
            return true;
        }
        around = path.parent();
    }
    false
}

/// The texts at these paths that are worth keeping out of all that is shown, wherever they stand.
/// Short ones are words that stand anywhere, and what is a key of the file is no secret.
#[must_use]
pub fn texts(document: &Value, secrets: &[Path]) -> BTreeSet<String> {
    const SHORTEST: usize = 6;
    let mut keys = BTreeSet::new();
    collect_keys(document, &mut keys);
    let mut texts = BTreeSet::new();
    for path in secrets {
        if let Some(value) = at(document, path) {
            collect_texts(value, &mut texts);
        }
    }
    texts.retain(|text| {
        text.len() >= SHORTEST && !text.contains("${") && !keys.contains(text.as_str()) && !is_boolean_word(text)
    });
    texts
}

/// Whether a key that no schema knows is likely to have a secret beside it.
#[must_use]
pub fn sounds_secret(key: &str) -> bool {
    let key = key.to_lowercase();
    ["secret", "sercet", "password", "private", "token", "credential"].iter().any(|word| key.contains(word))
}

/// What people write for `true` and `false`.
#[must_use]
pub fn is_boolean_word(text: &str) -> bool {
    ["true", "false", "yes", "no", "on", "off", "y", "n"].contains(&text.to_lowercase().as_str())
}

struct Search<'a> {
    known: BTreeSet<&'a Path>,
    found: Vec<Path>,
}

impl Search<'_> {
    fn walk(&mut self, schema: &Value, value: &Value, at: &Path) {
        let misfit = || !shape::fits(value, &shape::types(schema)) && holds_secret(schema);
        if is_marked(schema) || self.known.contains(at) || misfit() {
            self.found.push(at.clone());
        } else {
            match value {
                Value::Object(map) => self.map(schema, map, at),
                Value::Array(items) => {
                    let inner = shape::item(schema).unwrap_or(&Value::Null);
                    for (index, item) in items.iter().enumerate() {
                        self.walk(inner, item, &at.index(index));
                    }
                }
                _ => {}
            }
        }
    }

    fn map(&mut self, schema: &Value, map: &Map<String, Value>, at: &Path) {
        for (key, value) in map {
            let inside = at.key(key);
            let named = schema.get("properties").is_some_and(|properties| properties.get(key).is_some());
            let inner = shape::child(schema, key);
            match inner {
                Some(inner) if named => self.walk(inner, value, &inside),
                // A map of any keys knows all of them; beside named ones a stranger may be a slip.
                Some(inner) if schema.get("properties").is_none() && inner.is_object() => {
                    self.walk(inner, value, &inside);
                }
                _ if self.known.contains(&inside) || meant_secret(schema, key) || has_secret_key(value) => {
                    self.found.push(inside);
                }
                inner => self.walk(inner.unwrap_or(&Value::Null), value, &inside),
            }
        }
    }

    /// The values of secret variables, and of those that may be meant to be.
    fn variables(&mut self, document: &Value) {
        let section = Path::root().key("variables");
        let mut secret = BTreeSet::new();
        let mut strangers = 0;
        let mut names = BTreeSet::new();
        match document.get("variables") {
            Some(Value::Object(entries)) => {
                for (name, entry) in entries {
                    names.insert(name.as_str());
                    if variables::is_secret(entry) {
                        secret.insert(name.as_str());
                        self.variable(entry, &section.key(name));
                    }
                }
            }
            Some(_) => self.found.push(section),
            None => {}
        }
        let section = Path::root().key("environments");
        match document.get("environments") {
            Some(Value::Object(environments)) => {
                for (environment, value) in environments {
                    let section = section.key(environment);
                    match value.get("variables") {
                        Some(Value::Object(values)) => {
                            for (name, _) in values {
                                let is_secret = if names.contains(name.as_str()) {
                                    secret.contains(name.as_str())
                                } else {
                                    strangers += 1;
                                    strangers > suggest::MOST_HINTS
                                        || suggest::nearest(name, names.iter().copied())
                                            .is_some_and(|name| secret.contains(name))
                                };
                                if is_secret {
                                    self.found.push(section.key("variables").key(name));
                                }
                            }
                        }
                        Some(_) => self.found.push(section.key("variables")),
                        None if value.is_object() => {}
                        None => self.found.push(section),
                    }
                }
            }
            Some(_) => self.found.push(section),
            None => {}
        }
    }

    fn variable(&mut self, entry: &Value, at: &Path) {
        let Value::Object(words) = entry else {
            self.found.push(at.clone());
            return;
        };
        let faulty = variables::is_faulty(entry);
        for (word, value) in words {
            let harmless = match word.as_str() {
                "default" => false,
                "secret" => value.is_boolean() || value.as_str().is_some_and(is_boolean_word),
                _ => !faulty,
            };
            if !harmless {
                self.found.push(at.key(word));
            }
        }
    }
}

/// Whether the schema says of the value itself that it must never be shown.
#[must_use]
pub fn is_marked(schema: &Value) -> bool {
    schema.get("x-secret") == Some(&Value::Bool(true)) || shape::branches(schema).any(is_marked)
}

/// Whether a value of this schema may have a secret in it.
fn holds_secret(schema: &Value) -> bool {
    let Value::Object(words) = schema else { return false };
    is_marked(schema)
        || ["properties", "patternProperties"]
            .iter()
            .filter_map(|word| words.get(*word)?.as_object())
            .flatten()
            .any(|(_, inner)| holds_secret(inner))
        || ["items", "additionalProperties"].iter().filter_map(|word| words.get(*word)).any(holds_secret)
        || shape::branches(schema).any(holds_secret)
}

/// Whether a key that the schema does not name is likely to have a secret beside it.
fn meant_secret(schema: &Value, key: &str) -> bool {
    let names = shape::property_names(schema);
    let near = suggest::nearest(key, names.iter().copied());
    sounds_secret(key) || near.and_then(|name| shape::child(schema, name)).is_some_and(holds_secret)
}

fn has_secret_key(value: &Value) -> bool {
    match value {
        Value::Object(map) => map.iter().any(|(key, value)| sounds_secret(key) || has_secret_key(value)),
        Value::Array(items) => items.iter().any(has_secret_key),
        _ => false,
    }
}

fn at<'a>(document: &'a Value, path: &Path) -> Option<&'a Value> {
    use crate::path::Segment;
    path.segments().iter().try_fold(document, |value, segment| match segment {
        Segment::Key(key) => value.get(key),
        Segment::Index(index) => value.get(index),
    })
}

fn collect_keys<'a>(value: &'a Value, keys: &mut BTreeSet<&'a str>) {
    match value {
        Value::Object(map) => map.iter().for_each(|(key, value)| {
            keys.insert(key);
            collect_keys(value, keys);
        }),
        Value::Array(items) => items.iter().for_each(|item| collect_keys(item, keys)),
        _ => {}
    }
}

fn collect_texts(value: &Value, texts: &mut BTreeSet<String>) {
    match value {
        Value::Object(map) => map.iter().for_each(|(_, value)| collect_texts(value, texts)),
        Value::Array(items) => items.iter().for_each(|item| collect_texts(item, texts)),
        Value::String(text) if !reference::has_reserved(text) => {
            texts.insert(text.clone());
        }
        Value::Number(number) => {
            texts.insert(number.to_string());
        }
        _ => {}
    }
}
