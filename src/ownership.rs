//! Who owns what, written on the resources themselves. A root (what AWS can tag) carries the stack
//! that it belongs to and its address. What lives inside a pool has no tags; which of it the stack
//! has made stands in the pool's *ledger* ([`ledger`]): one claim a child, written before the child
//! is made and taken out after it is deleted, so that a run killed anywhere keeps its claim. Beside
//! each claim, and for the root itself, stands a short hash of what was applied ([`digest`]), by
//! which a change that somebody made live is told from one of the file.

use std::collections::BTreeMap;

use serde_json::Value;

pub mod digest;
pub mod hidden;
pub mod ledger;

pub use ledger::{APPLIED, Claimed, Condition, Ledger, Record};

/// The tag that names the stack.
pub const STACK: &str = "poolkeeper:stack";
/// The tag that holds the address.
pub const RESOURCE: &str = "poolkeeper:resource";

/// A resource's tags.
pub type Tags = BTreeMap<String, String>;

/// Whether a tag is the user's own, and so compared: not AWS's, and not poolkeeper's.
#[must_use]
pub fn is_users(key: &str) -> bool {
    !key.starts_with("aws:") && !is_own(key)
}

/// Whether a tag is poolkeeper's own.
#[must_use]
pub fn is_own(key: &str) -> bool {
    key.starts_with("poolkeeper:")
}

/// The tags of the user's that a declared root has.
#[must_use]
pub fn users_tags(declared: &Value) -> Tags {
    let tags = declared.get("tags").and_then(Value::as_object).into_iter().flatten();
    tags.filter_map(|(key, value)| Some((key.clone(), value.as_str()?.to_owned()))).collect()
}

/// The tags that make a root this stack's own.
#[must_use]
pub fn marks(stack: &str, address: &str) -> Tags {
    Tags::from([(STACK.to_owned(), stack.to_owned()), (RESOURCE.to_owned(), address.to_owned())])
}

/// Whether two resources' tags name the same stack and address.
#[must_use]
pub fn same_marks(one: &Tags, other: &Tags) -> bool {
    [STACK, RESOURCE].iter().all(|tag| one.contains_key(*tag) && one.get(*tag) == other.get(*tag))
}

/// The tags that a request may carry: AWS's own cannot be sent.
#[must_use]
pub fn sendable(tags: &Tags) -> Tags {
    tags.iter().filter(|(key, _)| !key.starts_with("aws:")).map(|(key, value)| (key.clone(), value.clone())).collect()
}

/// Whether new tags have room beside all that are there, those that go too. AWS's own do not count.
#[must_use]
pub fn have_room(set: &[(String, String)], live: &Tags) -> bool {
    let there = live.keys().filter(|key| !key.starts_with("aws:")).count();
    there + set.iter().filter(|(key, _)| !live.contains_key(key)).count() <= ledger::TAGS
}

/// What to set and what to remove to bring tags from `live` to `wanted`.
#[must_use]
pub fn tag_changes(live: &Tags, wanted: &Tags) -> (Vec<(String, String)>, Vec<String>) {
    let set = wanted.iter().filter(|(key, value)| live.get(*key) != Some(value));
    let removed = live.keys().filter(|key| !wanted.contains_key(*key) && !key.starts_with("aws:"));
    (set.map(|(key, value)| (key.clone(), value.clone())).collect(), removed.cloned().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foreign_tags_are_never_removed_by_name_of_aws() {
        let live = Tags::from([("aws:x".into(), "1".into()), ("old".into(), "1".into()), ("a".into(), "1".into())]);
        let wanted = Tags::from([("a".into(), "2".into())]);
        assert_eq!(tag_changes(&live, &wanted), (vec![("a".into(), "2".into())], vec!["old".into()]));
    }
}
