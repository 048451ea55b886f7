//! Secrets that were not given, in a plan that does without them: what needs one stays open and is
//! not compared. Some things must be known all the same, since without them nobody knows what to
//! read, or how.

use serde_json::Value;

use super::attributes;
use crate::diagnostic::Finding;
use crate::kind::Kind;
use crate::path::{Path, Segment};
use crate::reference;

/// Whether a value needs one that was not given.
#[must_use]
pub fn is_in(value: &Value) -> bool {
    reference::in_value(value).iter().any(|(_, reference)| reference.is_not_given())
}

/// What is wrong where a secret that was not given is needed, and the fix.
#[must_use]
pub fn fault() -> (String, Option<String>) {
    (
        "needs a secret that was not given, and without it nobody knows what to read".to_owned(),
        Some("write it without a secret, or give that secret".to_owned()),
    )
}

/// The places of a file that need a secret which was not given, and cannot do without it.
#[must_use]
pub fn needed(document: &Value) -> Vec<Finding> {
    let mut findings: Vec<Finding> = Vec::new();
    for (path, _) in reference::in_value(document).into_iter().filter(|(_, reference)| reference.is_not_given()) {
        if is_needed(&path) && findings.last().is_none_or(|last| last.path != path) {
            let (message, help) = fault();
            findings.push(Finding { help, ..Finding::new(path, message) });
        }
    }
    findings
}

/// Whether what stands at a path must be known before anything is read. That a key must not be a
/// secret is found elsewhere.
fn is_needed(path: &Path) -> bool {
    let segments = path.segments();
    let key = |at: usize| match segments.get(at) {
        Some(Segment::Key(key)) => Some(key.as_str()),
        _ => None,
    };
    match key(0) {
        Some("variables" | "outputs" | "tags" | "description") => false,
        Some("environments") => key(2) != Some("tags"),
        Some(section) if Kind::of_section(section).is_some() => attributes::starts(path).any(|address| {
            let property = key(address.segments().len());
            attributes::kind_at(&address).zip(property).is_some_and(|(kind, property)| says_which(kind, property))
        }),
        _ => true,
    }
}

/// Whether a property of a resource says which live one it is, or how it is kept.
fn says_which(kind: Kind, property: &str) -> bool {
    match property {
        "id" | "renamedFrom" | "ignoreChanges" | "unmanaged" | "triggerPermissions" | "code" => true,
        "name" => kind.parent().is_none() || kind == Kind::Client,
        _ => false,
    }
}
