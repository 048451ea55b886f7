//! Who owns what, written on the resources themselves. A root (what AWS can tag) carries the stack
//! that it belongs to and its address. What lives inside a pool has no tags; which of it the stack
//! has made stands in the pool's *ledger*: one claim a child, written before the child is made and
//! taken out after it is deleted, so that a run killed anywhere keeps its claim.
//!
//! The ledger is tags too: `poolkeeper:applied`, `poolkeeper:applied.1`, …, a format version and
//! then the claims, 48 bits each, as base64url. A claim is a hash of the child's kind and natural
//! key. A ledger that cannot be read claims nothing: a damaged one never leads to a delete.

use std::collections::{BTreeMap, BTreeSet};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use crate::kind::Kind;

/// The tag that names the stack.
pub const STACK: &str = "poolkeeper:stack";
/// The tag that holds the address.
pub const RESOURCE: &str = "poolkeeper:resource";
/// The first of the tags that hold the ledger.
pub const APPLIED: &str = "poolkeeper:applied";

/// The ledger's format, in front of its first tag.
const FORMAT: &str = "1.";
/// Characters of a claim: 48 bits as base64url.
const CLAIM: usize = 8;
/// Characters that AWS takes in a tag's value.
const VALUE: usize = 256;
/// Tags that AWS takes on a resource.
const TAGS: usize = 50;

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

/// How many tags of the user's a declared root has.
#[must_use]
pub fn users_tags(declared: &Value) -> usize {
    declared.get("tags").and_then(Value::as_object).map_or(0, Map::len)
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

/// The children that a stack has made in a pool, or is about to make.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ledger {
    claims: BTreeSet<String>,
}

impl Ledger {
    /// The ledger in a pool's tags: empty where there is none, or one that cannot be read.
    #[must_use]
    pub fn read(tags: &Tags) -> Self {
        let Some(first) = tags.get(APPLIED).and_then(|value| value.strip_prefix(FORMAT)) else {
            return Self::default();
        };
        let more = (1..TAGS).map_while(|number| tags.get(&format!("{APPLIED}.{number}")));
        let values = std::iter::once(first).chain(more.map(String::as_str));
        let claims = values.flat_map(|value| value.as_bytes().chunks_exact(CLAIM)).filter_map(|claim| {
            let claim = std::str::from_utf8(claim).ok()?;
            URL_SAFE_NO_PAD.decode(claim).ok().map(|_| claim.to_owned())
        });
        Self { claims: claims.collect() }
    }

    /// The tags that hold it. A root without children has one too: it says that nothing is claimed.
    #[must_use]
    pub fn tags(&self) -> Tags {
        let text: String = FORMAT.chars().chain(self.claims.iter().flat_map(|claim| claim.chars())).collect();
        let (first, rest) = text.split_at(text.len().min(FORMAT.len() + (VALUE - FORMAT.len()) / CLAIM * CLAIM));
        let more =
            rest.as_bytes().chunks(VALUE).enumerate().map(|(number, chunk)| {
                (format!("{APPLIED}.{}", number + 1), String::from_utf8_lossy(chunk).into_owned())
            });
        std::iter::once((APPLIED.to_owned(), first.to_owned())).chain(more).collect()
    }

    /// Whether this stack has made the child.
    #[must_use]
    pub fn has(&self, kind: Kind, key: &str) -> bool {
        self.claims.contains(&claim(kind, key))
    }

    /// Writes a child in. Gives false where `users` tags of the user leave no room for it: such a
    /// child is never deleted for being taken out of the file.
    pub fn add(&mut self, kind: Kind, key: &str, users: usize) -> bool {
        self.insert(claim(kind, key), users)
    }

    fn insert(&mut self, claim: String, users: usize) -> bool {
        let tags = TAGS.saturating_sub(2 + users);
        let room = match tags {
            0 => 0,
            tags => (VALUE - FORMAT.len()) / CLAIM + (tags - 1) * (VALUE / CLAIM),
        };
        self.claims.contains(&claim) || (self.claims.len() < room && self.claims.insert(claim))
    }

    /// Writes in what `now` has and `before` had not: what another run has claimed in between.
    pub fn add_since(&mut self, before: &Ledger, now: &Ledger, users: usize) {
        for claim in now.claims.difference(&before.claims) {
            self.insert(claim.clone(), users);
        }
    }

    /// Takes a child out.
    pub fn remove(&mut self, kind: Kind, key: &str) {
        self.claims.remove(&claim(kind, key));
    }

    /// Whether anything is claimed that is none of these children: claims that a run left behind
    /// which was cut off.
    pub fn is_stale<'a>(&self, children: impl IntoIterator<Item = (Kind, &'a str)>) -> bool {
        let known: BTreeSet<String> = children.into_iter().map(|(kind, key)| claim(kind, key)).collect();
        !self.claims.is_subset(&known)
    }

    /// Lets go of all claims but those on these children.
    pub fn keep_only<'a>(&mut self, children: impl IntoIterator<Item = (Kind, &'a str)>) {
        let known: BTreeSet<String> = children.into_iter().map(|(kind, key)| claim(kind, key)).collect();
        self.claims.retain(|claim| known.contains(claim));
    }

    /// Whether nothing is claimed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.claims.is_empty()
    }
}

/// The hash of a child's kind and natural key.
fn claim(kind: Kind, key: &str) -> String {
    let digest = Sha256::digest(format!("{}\0{key}", kind.section()));
    URL_SAFE_NO_PAD.encode(&digest[..CLAIM * 6 / 8])
}

/// The tags that a request may carry: AWS's own cannot be sent.
#[must_use]
pub fn sendable(tags: &Tags) -> Tags {
    tags.iter().filter(|(key, _)| !key.starts_with("aws:")).map(|(key, value)| (key.clone(), value.clone())).collect()
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
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_ledger_reads_back_as_written(keys in proptest::collection::btree_set(".{1,30}", 0..200)) {
            let mut ledger = Ledger::default();
            for key in &keys {
                prop_assert!(ledger.add(Kind::Client, key, 3));
            }
            let tags = ledger.tags();
            prop_assert!(tags.values().all(|value| value.len() <= VALUE));
            prop_assert_eq!(Ledger::read(&tags), ledger.clone());
            for key in &keys {
                prop_assert!(ledger.has(Kind::Client, key) && !ledger.has(Kind::Group, key));
                ledger.remove(Kind::Client, key);
            }
            prop_assert!(ledger.is_empty());
        }

        #[test]
        fn a_damaged_ledger_claims_nothing_that_was_not_claimed(value in ".{0,256}") {
            let tags = Tags::from([(APPLIED.to_owned(), value)]);
            prop_assert!(!Ledger::read(&tags).has(Kind::Client, "web"));
        }
    }

    #[test]
    fn a_claim_that_does_not_fit_is_refused() {
        let mut ledger = Ledger::default();
        let fitting = (0..2000).take_while(|number| ledger.add(Kind::Client, &number.to_string(), 46)).count();
        assert_eq!(fitting, 31 + 32);
        assert_eq!(ledger.tags().len() + 46 + 2, TAGS);
    }

    #[test]
    fn foreign_tags_are_never_removed_by_name_of_aws() {
        let live = Tags::from([("aws:x".into(), "1".into()), ("old".into(), "1".into()), ("a".into(), "1".into())]);
        let wanted = Tags::from([("a".into(), "2".into())]);
        assert_eq!(tag_changes(&live, &wanted), (vec![("a".into(), "2".into())], vec!["old".into()]));
    }
}
