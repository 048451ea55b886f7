//! What is not known yet. A reference to another resource (`${userPools.customers.id}`), to where
//! the run is (`${aws.account}`), or to a variable that `validate` may do without, stays in its
//! text until its value is known. It stands there between two characters that Unicode keeps out
//! of all text, so that no text of a user can be taken for one: specs stay plain values, and the
//! places that must know (checks, diff, execution) ask here.

use serde_json::{Map, Value};

use crate::path::{Path, Segment};

const OPEN: char = '\u{FDD0}';
const CLOSE: char = '\u{FDD1}';

/// The name of something whose value is known later: an attribute's path,
/// such as `userPools.customers.id`, `aws.account` or `var.domainPrefix`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Reference(pub Path);

impl Reference {
    /// The address of the resource and the attribute's name.
    #[must_use]
    pub fn split(&self) -> Option<(Path, &str)> {
        Some((self.0.parent()?, self.0.last_key()?))
    }

    /// Whether it is a value from outside that was not given: a variable, an environment variable or
    /// a file. These stay open only where they may be missing.
    #[must_use]
    pub fn is_not_given(&self) -> bool {
        matches!(self.0.segments(), [Segment::Key(source), _] if ["var", "env", "file"].contains(&source.as_str()))
    }

    /// The text that stands for the value until it is known.
    #[must_use]
    pub fn embed(&self) -> String {
        format!("{OPEN}{}{CLOSE}", self.0)
    }
}

/// Whether a text of a user holds one of the two characters that are kept for references.
#[must_use]
pub fn has_reserved(text: &str) -> bool {
    text.contains([OPEN, CLOSE])
}

/// Whether any part of the value (keys of maps too) is not known yet.
#[must_use]
pub fn is_open(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains(OPEN),
        Value::Array(items) => items.iter().any(is_open),
        Value::Object(map) => map.iter().any(|(key, value)| key.contains(OPEN) || is_open(value)),
        _ => false,
    }
}

/// The references in a text, in order.
#[must_use]
pub fn in_text(text: &str) -> Vec<Reference> {
    text.split(OPEN).skip(1).filter_map(|part| part.split(CLOSE).next()?.parse().ok().map(Reference)).collect()
}

/// The references in a value, each with the path of the text that it stands in.
#[must_use]
pub fn in_value(value: &Value) -> Vec<(Path, Reference)> {
    let mut found = Vec::new();
    collect(value, &Path::root(), &mut found);
    found
}

fn collect(value: &Value, at: &Path, found: &mut Vec<(Path, Reference)>) {
    match value {
        Value::String(text) => found.extend(in_text(text).into_iter().map(|reference| (at.clone(), reference))),
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                collect(item, &at.index(index), found);
            }
        }
        Value::Object(map) => {
            for (key, item) in map {
                let inside = at.key(key);
                found.extend(in_text(key).into_iter().map(|reference| (inside.clone(), reference)));
                collect(item, &inside, found);
            }
        }
        _ => {}
    }
}

/// The value with each reference that `known` has a text for replaced by it.
#[must_use]
pub fn substitute(value: &Value, known: &dyn Fn(&Reference) -> Option<String>) -> Value {
    match value {
        Value::String(text) => Value::String(substitute_text(text, known)),
        Value::Array(items) => items.iter().map(|item| substitute(item, known)).collect(),
        Value::Object(map) => Value::Object(
            map.iter().map(|(key, item)| (substitute_text(key, known), substitute(item, known))).collect::<Map<_, _>>(),
        ),
        other => other.clone(),
    }
}

/// The text with each reference that `known` has a text for replaced by it.
#[must_use]
pub fn substitute_text(text: &str, known: &dyn Fn(&Reference) -> Option<String>) -> String {
    let mut parts = text.split(OPEN);
    let mut done = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (name, rest) = part.split_once(CLOSE).unwrap_or((part, ""));
        match name.parse().ok().map(Reference).and_then(|reference| known(&reference)) {
            Some(value) => done.push_str(&value),
            None => done.extend([OPEN.to_string().as_str(), name, CLOSE.to_string().as_str()]),
        }
        done.push_str(rest);
    }
    done
}

/// The text as a person reads it: each reference as `${…}` again.
#[must_use]
pub fn display(text: &str) -> String {
    substitute_text(text, &|reference| Some(format!("${{{}}}", reference.0)))
}
