//! What the taggable kinds say of their tags.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::diagnostic::Findings;
use crate::path::Path;

/// Tags by key, the largest set that AWS takes being 50.
pub type Tags = BTreeMap<String, String>;

/// The beginnings of keys that are not the user's: AWS's own and poolkeeper's.
const RESERVED: [&str; 2] = ["aws:", "poolkeeper:"];

/// Leaves the tags that are compared with the file.
pub fn keep_comparable(tags: &mut Tags) {
    tags.retain(|key, _| !is_reserved(key));
}

/// The rules that keys of declared tags follow.
pub fn check(tags: &Tags, findings: &mut Findings) {
    for key in tags.keys() {
        let path = Path::root().key("tags").key(key);
        if is_reserved(key) {
            let message = format!(
                "the tag `{key}` cannot be set: keys that start with `aws:` are AWS's own, those with `poolkeeper:` poolkeeper's"
            );
            findings.rule_at(&[path], message, None);
        } else if key.is_empty() || key.chars().count() > 128 {
            findings.rule_at(&[path], "a tag's key has 1 to 128 characters", None);
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

fn is_reserved(key: &str) -> bool {
    RESERVED.iter().any(|start| key.starts_with(start))
}
