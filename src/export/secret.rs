//! Secrets, which stand in no file: each becomes a variable of the environment.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::{Secret, literal, name};
use crate::path::{Path, Segment};

/// The shortest secret that is looked for in other texts.
const SHORTEST: usize = 6;

/// The secrets that were found so far.
#[derive(Default)]
pub(super) struct Secrets {
    found: Vec<Secret>,
    taken: BTreeSet<String>,
}

impl Secrets {
    /// A spec as a file has it: what the schema marks as secret read from the environment, all else
    /// so that it stands for itself.
    pub(super) fn take(&mut self, spec: &Value, schema: &Value, at: &Path) -> Value {
        match spec {
            Value::String(text) if schema.get("x-secret") == Some(&Value::Bool(true)) => {
                let variable = self.name(at);
                let value = Some(text.clone()).filter(|text| !text.is_empty());
                self.found.push(Secret { variable: variable.clone(), at: at.clone(), value });
                format!("${{env:{variable}}}").into()
            }
            Value::String(text) => literal(text).into(),
            Value::Array(items) => {
                let schema = schema.get("items").unwrap_or(&Value::Null);
                items.iter().enumerate().map(|(index, item)| self.take(item, schema, &at.index(index))).collect()
            }
            Value::Object(map) => {
                let inner = |key: &str| {
                    let named = schema.get("properties").and_then(|properties| properties.get(key));
                    named.or_else(|| schema.get("additionalProperties")).unwrap_or(&Value::Null)
                };
                let entries = map.iter().map(|(key, value)| {
                    let key_as_written = literal(key);
                    let at = at.key(&key_as_written);
                    (key_as_written, self.take(value, inner(key), &at))
                });
                Value::Object(entries.collect::<Map<_, _>>())
            }
            other => other.clone(),
        }
    }

    /// A value in which no secret stands in the clear: where another text holds one, it is read from
    /// the environment there too.
    pub(super) fn hidden(&self, value: &Value) -> Value {
        match value {
            Value::String(text) => {
                let hide = |text: String, secret: &Secret| match &secret.value {
                    Some(value) if value.len() >= SHORTEST && !text.starts_with("${") => {
                        text.replace(&literal(value), &format!("${{env:{}}}", secret.variable))
                    }
                    _ => text,
                };
                self.found.iter().fold(text.clone(), hide).into()
            }
            Value::Array(items) => items.iter().map(|item| self.hidden(item)).collect(),
            Value::Object(map) => {
                Value::Object(map.iter().map(|(key, value)| (key.clone(), self.hidden(value))).collect())
            }
            other => other.clone(),
        }
    }

    pub(super) fn into_list(self) -> Vec<Secret> {
        self.found
    }

    /// A name made of the keys of the root, of the child and of the property.
    fn name(&mut self, at: &Path) -> String {
        let keys: Vec<&str> = at.segments().iter().filter_map(Segment::key).collect();
        let own = |(index, _): &(usize, &&str)| [1, 3].contains(index) || *index + 1 == keys.len();
        name::variable(keys.iter().enumerate().filter(own).map(|(_, key)| *key), &mut self.taken)
    }
}
