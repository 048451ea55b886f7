//! What the tests of the kinds share.

use serde_json::Value;

use super::Kind;
use crate::path::Path;

/// What the rules find, as `path: message`.
pub(crate) fn found(kind: Kind, declared: &Value) -> Vec<String> {
    let findings = kind.check(declared, &Path::root());
    findings.iter().map(|finding| format!("{}: {}", finding.path, finding.message)).collect()
}

/// Asserts for each row that the rules find exactly one thing, which holds the text; nothing where
/// the text is empty.
pub(crate) fn assert_rules(kind: Kind, table: impl IntoIterator<Item = (Value, &'static str)>) {
    for (declared, expected) in table {
        let found = found(kind, &declared);
        let as_expected = match expected {
            "" => found.is_empty(),
            expected => found.len() == 1 && found[0].contains(expected),
        };
        assert!(as_expected, "{declared}\nexpected {expected:?}\nfound {found:#?}");
    }
}

/// The canonical form, which is its own canonical form.
pub(crate) fn canonical(kind: Kind, value: &Value) -> Value {
    let once = kind.canonical(value).unwrap_or_else(|error| panic!("{value}: {error}"));
    assert_eq!(kind.canonical(&once).as_ref(), Ok(&once), "canonical once more");
    once
}

/// Asserts that what the file declares and what AWS answers are the same.
pub(crate) fn assert_same(kind: Kind, declared: &Value, live: &Value) {
    assert_eq!(canonical(kind, declared), canonical(kind, live), "{declared}\n{live}");
}

/// Asserts that they are not.
pub(crate) fn assert_differ(kind: Kind, one: &Value, other: &Value) {
    assert_ne!(canonical(kind, one), canonical(kind, other), "{one}\n{other}");
}

/// Asserts for each row that schema and rules find exactly one thing, which holds the text; nothing
/// where the text is empty.
pub(crate) fn assert_faults(kind: Kind, table: impl IntoIterator<Item = (Value, &'static str)>) {
    for (declared, expected) in table {
        let mut findings = crate::stack::check::check(kind.schema(), &declared, &[]).findings;
        findings.extend(kind.check(&declared, &Path::root()));
        let found: Vec<String> =
            findings.iter().map(|finding| format!("{}: {}", finding.path, finding.message)).collect();
        let as_expected = match expected {
            "" => found.is_empty(),
            expected => found.len() == 1 && found[0].contains(expected),
        };
        assert!(as_expected, "{declared}\nexpected {expected:?}\nfound {found:#?}");
    }
}
