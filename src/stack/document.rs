//! From YAML text to plain values. Anchors and merge keys are followed; what JSON and the format
//! have no place for (tags, keys that are no text, numbers that are no numbers) is found here.

use serde::de::{Deserialize, Deserializer, EnumAccess, Error as _, MapAccess, SeqAccess, VariantAccess, Visitor};
use serde_json::{Map, Number};
use serde_yaml::value::{Tag, TaggedValue};

use crate::diagnostic::Finding;
use crate::path::Path;
use crate::reference::Reference;

/// Why a text gives no value at all, and where, as a byte offset.
#[derive(Debug)]
pub struct Unreadable {
    /// What is wrong.
    pub message: String,
    /// Where, if that is known.
    pub offset: Option<usize>,
}

/// Reads a text. Of a key that is given twice the first value counts (the other one is found with
/// the spans), so that the rest of the file can still be checked.
///
/// # Errors
/// What makes the text unreadable.
pub fn read(text: &str) -> Result<(serde_json::Value, Vec<Finding>), Unreadable> {
    let unreadable = |error: &serde_yaml::Error| Unreadable {
        offset: error.location().map(|location| location.index()),
        message: error.to_string(),
    };
    let FirstWins(mut value) = serde_yaml::from_str(text).map_err(|error| unreadable(&error))?;
    value.apply_merge().map_err(|error| unreadable(&error))?;
    let mut findings = Vec::new();
    let value = to_json(&value, &Path::root(), &mut findings);
    Ok((value, findings))
}

fn to_json(value: &serde_yaml::Value, at: &Path, findings: &mut Vec<Finding>) -> serde_json::Value {
    use serde_json::Value;
    match value {
        serde_yaml::Value::Null => Value::Null,
        serde_yaml::Value::Bool(bool) => Value::Bool(*bool),
        serde_yaml::Value::String(text) => {
            if crate::reference::has_reserved(text) {
                findings.push(Finding::new(at.clone(), "holds the character U+FDD0 or U+FDD1, which no text may hold"));
                return Value::String(text.replace(['\u{FDD0}', '\u{FDD1}'], "\u{FFFD}"));
            }
            Value::String(text.clone())
        }
        serde_yaml::Value::Number(number) => json_number(number).map_or_else(
            || {
                findings.push(Finding::new(at.clone(), format!("`{number}` is not a number that can be used here")));
                // Nothing else is to be said of it.
                Value::from(Reference(Path::root().key("unusable")).embed())
            },
            Value::Number,
        ),
        serde_yaml::Value::Sequence(items) => {
            items.iter().enumerate().map(|(index, item)| to_json(item, &at.index(index), findings)).collect()
        }
        serde_yaml::Value::Mapping(entries) => {
            let mut map = Map::new();
            for (key, value) in entries {
                let name = match key {
                    serde_yaml::Value::String(name) if !crate::reference::has_reserved(name) => name.clone(),
                    serde_yaml::Value::String(_) => {
                        let message = "a key holds the character U+FDD0 or U+FDD1, which no text may hold";
                        findings.push(Finding::new(at.clone(), message));
                        continue;
                    }
                    serde_yaml::Value::Number(number) => not_text(&number.to_string(), at, findings),
                    serde_yaml::Value::Bool(bool) => not_text(&bool.to_string(), at, findings),
                    serde_yaml::Value::Null => not_text("null", at, findings),
                    _ => {
                        findings.push(Finding::new(at.clone(), "a key must be a text"));
                        continue;
                    }
                };
                let value = to_json(value, &at.key(&name), findings);
                map.insert(name, value);
            }
            Value::Object(map)
        }
        serde_yaml::Value::Tagged(tagged) => {
            let finding = Finding::new(at.clone(), format!("the tag `{}` means nothing here", tagged.tag));
            findings.push(finding.help("leave the tag out; texts are quoted with \"…\""));
            to_json(&tagged.value, at, findings)
        }
    }
}

fn not_text(key: &str, at: &Path, findings: &mut Vec<Finding>) -> String {
    let finding = Finding::new(at.key(key), format!("the key `{key}` is not a text")).at_key();
    findings.push(finding.help(format!("quote it: \"{key}\"")));
    key.to_owned()
}

fn json_number(number: &serde_yaml::Number) -> Option<Number> {
    if let Some(whole) = number.as_i64() {
        Some(whole.into())
    } else if let Some(whole) = number.as_u64() {
        Some(whole.into())
    } else {
        Number::from_f64(number.as_f64()?)
    }
}

/// A YAML value in which the first of two entries with one key counts.
struct FirstWins(serde_yaml::Value);

impl<'de> Deserialize<'de> for FirstWins {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(FirstWinsVisitor).map(FirstWins)
    }
}

struct FirstWinsVisitor;

impl<'de> Visitor<'de> for FirstWinsVisitor {
    type Value = serde_yaml::Value;

    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("a YAML value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Self::Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Self::Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Self::Value, E> {
        Ok(value.into())
    }

    fn visit_i128<E>(self, value: i128) -> Result<Self::Value, E> {
        Ok(value.to_string().into())
    }

    fn visit_u128<E>(self, value: u128) -> Result<Self::Value, E> {
        Ok(value.to_string().into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Self::Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Self::Value, E> {
        Ok(value.into())
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(serde_yaml::Value::Null)
    }

    fn visit_none<E>(self) -> Result<Self::Value, E> {
        Ok(serde_yaml::Value::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        FirstWins::deserialize(deserializer).map(|value| value.0)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
        let mut list = Vec::new();
        while let Some(FirstWins(item)) = items.next_element()? {
            list.push(item);
        }
        Ok(serde_yaml::Value::Sequence(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Self::Value, A::Error> {
        let mut map = serde_yaml::Mapping::new();
        while let Some((FirstWins(key), FirstWins(value))) = entries.next_entry()? {
            if !map.contains_key(&key) {
                map.insert(key, value);
            }
        }
        Ok(serde_yaml::Value::Mapping(map))
    }

    fn visit_enum<A: EnumAccess<'de>>(self, data: A) -> Result<Self::Value, A::Error> {
        let (tag, contents) = data.variant::<String>()?;
        if tag.is_empty() {
            return Err(A::Error::custom("a tag has no name"));
        }
        let FirstWins(value) = contents.newtype_variant()?;
        Ok(serde_yaml::Value::Tagged(Box::new(TaggedValue { tag: Tag::new(tag), value })))
    }
}
