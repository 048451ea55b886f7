//! What the taggable kinds say of their tags.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use regex::Regex;
use serde_json::{Value, json};

use crate::diagnostic::Findings;
use crate::path::Path;
use crate::reference;

/// Tags by key, the largest set that AWS takes being 50.
pub type Tags = BTreeMap<String, String>;

/// The beginnings of keys that are not the user's: AWS's own and poolkeeper's.
const RESERVED: [&str; 2] = ["aws:", "poolkeeper:"];

/// Leaves the tags that are compared with the file.
pub fn keep_comparable(tags: &mut Tags) {
    tags.retain(|key, _| !is_reserved(key));
}

/// What a key or a value is made of. It stands in no schema: the patterns there are such that every
/// editor can read them, and not every one knows the classes of Unicode.
static CHARACTERS: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"^[\p{L}\p{Z}\p{N}_.:/=+@-]*$").ok());

/// The rules that declared tags follow.
pub fn check(tags: &Tags, findings: &mut Findings) {
    for (key, value) in tags {
        let path = Path::root().key("tags").key(key);
        if is_reserved(key) {
            let message = format!(
                "the tag `{key}` cannot be set: keys that start with `aws:` are AWS's own, those with `poolkeeper:` poolkeeper's"
            );
            findings.rule_at(&[path], message, None);
        } else if key.is_empty() || key.chars().count() > 128 {
            findings.rule_at(&[path], "a tag's key has 1 to 128 characters", None);
        } else {
            for (what, text) in [("key", key), ("value", value)] {
                if !is_made_of_what_aws_takes(text) {
                    let rule = "letters, digits, spaces and _ . : / = + - @";
                    findings.rule_at(std::slice::from_ref(&path), format!("a tag's {what} is made of {rule}"), None);
                }
            }
        }
    }
}

/// The schema of a tag's value.
#[must_use]
pub fn value_schema() -> Value {
    json!({
        "type": "string",
        "maxLength": 256,
        "pattern": r"^[^\x00-\x1f\x7f]*$",
        "x-pattern-help": "no control characters",
    })
}

/// Whether it is; what is not known yet may be.
fn is_made_of_what_aws_takes(text: &str) -> bool {
    !reference::in_text(text).is_empty() || CHARACTERS.as_ref().is_none_or(|characters| characters.is_match(text))
}

fn is_reserved(key: &str) -> bool {
    RESERVED.iter().any(|start| key.starts_with(start))
}
