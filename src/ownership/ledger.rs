//! The ledger of a root: what the stack has made inside it, and what was applied. It is tags,
//! `poolkeeper:applied`, `poolkeeper:applied.1`, …, whose values make up one text:
//!
//! ```text
//! 2.TAGS.CHECKSUM.ROOT.APPLIED.CLAIMED.UNKNOWN
//! ```
//!
//! | part | what it is |
//! |---|---|
//! | `2` | the format's version |
//! | `TAGS` | how many tags hold it, so that what a longer one left behind is not read |
//! | `CHECKSUM` | of all that follows: one that was damaged is told from one that is whole |
//! | `ROOT` | the digest of what was applied to the root itself; empty before its first apply was over |
//! | `APPLIED` | for each child that was applied its claim, and the digest of what was |
//! | `CLAIMED` | the claims on children that were about to be made |
//! | `UNKNOWN` | the claims of which it is not known what was applied: there was no room, or an earlier version did it |
//!
//! A claim is a hash of the child's kind and natural key, 48 bits; a digest has 36
//! ([`super::digest`]). Both are base64url, each of one width, without anything between them.
//!
//! A ledger that is lost or damaged claims nothing, so it never leads to a delete. Version 1 had
//! claims only.

use std::collections::{BTreeMap, BTreeSet};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};

use super::Tags;
use crate::kind::Kind;

/// The first of the tags that hold the ledger.
pub const APPLIED: &str = "poolkeeper:applied";

/// What an earlier version wrote in front: claims and nothing else.
const FIRST_FORMAT: &str = "1.";
/// The format's version.
const FORMAT: &str = "2";
/// Characters of a claim: 48 bits as base64url.
const CLAIM: usize = 8;
/// Characters of a digest, and of the checksum: 36 bits as base64url.
const DIGEST: usize = 6;
/// Characters that AWS takes in a tag's value.
const VALUE: usize = 256;
/// Tags that AWS takes on a resource.
pub const TAGS: usize = 50;
/// The tags that say whose it is.
const MARKS: usize = 2;
/// Characters of a ledger besides its claims and their digests: `2.50.`, checksum, root and dots.
const OVERHEAD: usize = 5 + DIGEST + 1 + DIGEST + 3;

/// How many tags poolkeeper's own are on a root with so many claims at the least: whose it is, and
/// the ledger without digests.
#[must_use]
pub fn tags_for(claims: usize) -> usize {
    MARKS + (OVERHEAD + claims * CLAIM).div_ceil(VALUE)
}

/// Whether so many tags of a ledger have room beside so many of the user's.
#[must_use]
pub fn have_room(own: usize, users: usize) -> bool {
    MARKS + own + users <= TAGS
}

/// The tags that hold a ledger, or what is left of one.
#[must_use]
pub fn tags_of(tags: &Tags) -> Tags {
    let own = tags.iter().filter(|(key, _)| key.starts_with(APPLIED));
    own.map(|(key, value)| (key.clone(), value.clone())).collect()
}

/// What of a root can be claimed: a child, or that a function lets the pool in, by its ARN. What AWS never
/// shows of a child has a record of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Claimed<'a> {
    /// A child, by its kind and natural key.
    Child(Kind, &'a str),
    /// What AWS never shows of a child, by its kind and natural key.
    Hidden(Kind, &'a str),
    /// The permission to invoke a function, by the function as the trigger names it.
    Permission(&'a str),
}

impl Claimed<'_> {
    fn claim(self) -> String {
        let text = match self {
            Claimed::Child(kind, key) => format!("{}\0{key}", kind.section()),
            Claimed::Hidden(kind, key) => format!("hidden\0{}\0{key}", kind.section()),
            Claimed::Permission(function) => format!("triggerPermissions\0{function}"),
        };
        short(&text, CLAIM)
    }
}

/// A hash of a text: this many characters of base64url, six bits each, at most 32.
fn short(text: &str, characters: usize) -> String {
    let mut hash = URL_SAFE_NO_PAD.encode(&Sha256::digest(text)[..24]);
    hash.truncate(characters);
    hash
}

/// The digest of a text: what is remembered of what was applied.
pub(crate) fn digest_of(text: &str) -> String {
    short(text, DIGEST)
}

/// What is known of something that is claimed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Record {
    /// It was applied, with this digest.
    Applied(String),
    /// It was about to be made.
    Claimed,
    /// It is the stack's; what was applied is not known.
    Unknown,
}

/// How a ledger was found.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Condition {
    /// Whole.
    #[default]
    Sound,
    /// Written by an earlier version: its claims hold, what was applied is not in it.
    Older,
    /// Not there, damaged, or of a version that is not known: it says nothing.
    Lost,
}

/// What a stack has made in a root, or is about to make, and what was applied.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ledger {
    root: Option<String>,
    records: BTreeMap<String, Record>,
    condition: Condition,
}

impl Ledger {
    /// The ledger in a root's tags: one that claims nothing where there is none that can be read.
    #[must_use]
    pub fn read(tags: &Tags) -> Self {
        let lost = Self { condition: Condition::Lost, ..Self::default() };
        let Some(first) = tags.get(APPLIED) else { return lost };
        let more = |count: usize| (1..count).map(|number| tags.get(&name(number)).map(String::as_str));
        if let Some(claims) = first.strip_prefix(FIRST_FORMAT) {
            let rest = more(TAGS).map_while(|value| value);
            return Self::of_first_format(std::iter::once(claims).chain(rest));
        }
        let count = first.strip_prefix(FORMAT).and_then(|rest| rest.strip_prefix('.')?.split('.').next()?.parse().ok());
        let Some(count) = count.filter(|count| (1..=TAGS).contains(count)) else { return lost };
        let text: Option<String> = std::iter::once(Some(first.as_str())).chain(more(count)).collect();
        text.and_then(|text| Self::parse(&text)).unwrap_or(lost)
    }

    fn of_first_format<'a>(values: impl Iterator<Item = &'a str>) -> Self {
        let claims = values.flat_map(|value| chunks(value, CLAIM).unwrap_or_default());
        let records = claims.map(|claim| (claim.to_owned(), Record::Unknown)).collect();
        Self { root: None, records, condition: Condition::Older }
    }

    fn parse(text: &str) -> Option<Self> {
        let mut parts = text.splitn(4, '.').skip(2);
        let (checksum, body) = (parts.next()?, parts.next()?);
        if checksum != digest_of(body) {
            return None;
        }
        let [root, applied, claimed, unknown] = body.split('.').collect::<Vec<_>>().try_into().ok()?;
        let mut records = BTreeMap::new();
        for entry in chunks(applied, CLAIM + DIGEST)? {
            let (claim, digest) = entry.split_at(CLAIM);
            records.insert(claim.to_owned(), Record::Applied(digest.to_owned()));
        }
        records.extend(chunks(claimed, CLAIM)?.into_iter().map(|claim| (claim.to_owned(), Record::Claimed)));
        records.extend(chunks(unknown, CLAIM)?.into_iter().map(|claim| (claim.to_owned(), Record::Unknown)));
        let root = Some(root.to_owned()).filter(|root| !root.is_empty());
        Some(Self { root, records, condition: Condition::Sound })
    }

    /// The tags that hold it. A root of which nothing is claimed has one too: it says so.
    #[must_use]
    pub fn tags(&self) -> Tags {
        let body = self.body();
        let checksum = digest_of(&body);
        let text = |count: usize| format!("{FORMAT}.{count}.{checksum}.{body}");
        // How many there are is told in the first one, and takes room itself.
        let count = (1..=TAGS).find(|count| text(*count).len() <= count * VALUE).unwrap_or(TAGS);
        let text = text(count);
        let values = text.as_bytes().chunks(VALUE).map(|chunk| String::from_utf8_lossy(chunk).into_owned());
        values.enumerate().map(|(number, value)| (name(number), value)).collect()
    }

    fn body(&self) -> String {
        let of = |wanted: &dyn Fn(&Record) -> Option<String>| -> String {
            self.records.iter().filter_map(|(claim, record)| Some(format!("{claim}{}", wanted(record)?))).collect()
        };
        let applied = of(&|record| match record {
            Record::Applied(digest) => Some(digest.clone()),
            _ => None,
        });
        let bare = |wanted: Record| of(&|record| (*record == wanted).then(String::new));
        let root = self.root.as_deref().unwrap_or_default();
        format!("{root}.{applied}.{}.{}", bare(Record::Claimed), bare(Record::Unknown))
    }

    /// How it was found.
    #[must_use]
    pub fn condition(&self) -> Condition {
        self.condition
    }

    /// The digest of what was applied to the root itself, once an apply of it was over.
    #[must_use]
    pub fn root(&self) -> Option<&str> {
        self.root.as_deref()
    }

    /// Notes what was applied to the root itself.
    pub fn set_root(&mut self, digest: impl Into<String>) {
        self.root = Some(digest.into());
    }

    /// What is known of something that is claimed; none where it is not.
    #[must_use]
    pub fn record(&self, of: Claimed) -> Option<&Record> {
        self.records.get(&of.claim())
    }

    /// Whether this stack has made the child.
    #[must_use]
    pub fn has(&self, kind: Kind, key: &str) -> bool {
        self.record(Claimed::Child(kind, key)).is_some()
    }

    /// What is remembered of what AWS never shows of a child.
    #[must_use]
    pub fn hidden(&self, kind: Kind, key: &str) -> Option<&str> {
        match self.record(Claimed::Hidden(kind, key)) {
            Some(Record::Applied(digest)) => Some(digest),
            _ => None,
        }
    }

    /// Whether it holds claims on anything but these.
    #[must_use]
    pub fn has_others<'a>(&self, known: impl IntoIterator<Item = Claimed<'a>>) -> bool {
        let known: BTreeSet<String> = known.into_iter().map(Claimed::claim).collect();
        self.records.keys().any(|claim| !known.contains(claim))
    }

    /// Writes a claim, unless it is there.
    pub fn claim(&mut self, what: Claimed) {
        self.records.entry(what.claim()).or_insert(Record::Claimed);
    }

    /// Writes a claim on what is there, of which it is not known what was applied.
    pub fn doubt(&mut self, what: Claimed) {
        self.records.entry(what.claim()).or_insert(Record::Unknown);
    }

    /// Notes that what is claimed is about to be made, whatever was applied to it before.
    pub fn begin(&mut self, what: Claimed) {
        self.records.insert(what.claim(), Record::Claimed);
    }

    /// Notes what was applied.
    pub fn apply(&mut self, what: Claimed, digest: impl Into<String>) {
        self.records.insert(what.claim(), Record::Applied(digest.into()));
    }

    /// Notes that it is not known what was applied to what is claimed.
    pub fn forget(&mut self, what: Claimed) {
        self.records.entry(what.claim()).and_modify(|record| *record = Record::Unknown);
    }

    /// Takes a claim out.
    pub fn remove(&mut self, what: Claimed) {
        self.records.remove(&what.claim());
    }

    /// Takes over what another run has written between `before` and `now`.
    pub fn take_changes(&mut self, before: &Ledger, now: &Ledger) {
        for (claim, record) in now.records.iter().filter(|(claim, record)| before.records.get(*claim) != Some(record)) {
            self.records.insert(claim.clone(), record.clone());
        }
        if now.root.is_some() && now.root != before.root {
            self.root.clone_from(&now.root);
        }
    }

    /// The same, to be written anew.
    #[must_use]
    pub fn renewed(&self) -> Self {
        Self { condition: Condition::Sound, ..self.clone() }
    }

    /// Lets go of all claims but those on these.
    pub fn keep_only<'a>(&mut self, kept: impl IntoIterator<Item = Claimed<'a>>) {
        let known: BTreeSet<String> = kept.into_iter().map(Claimed::claim).collect();
        self.records.retain(|claim, _| known.contains(claim));
    }

    /// The same, made to fit beside `users` tags of the user: where there is no room for all,
    /// digests go before claims. What is not claimed any more is never deleted for being taken out
    /// of the file.
    #[must_use]
    pub fn fitted(mut self, users: usize) -> Self {
        let most = TAGS.saturating_sub(MARKS + users);
        let room = (most * VALUE).saturating_sub(OVERHEAD);
        let applied = |record: &Record| matches!(record, Record::Applied(_));
        let width_of = |record: &Record| if applied(record) { CLAIM + DIGEST } else { CLAIM };
        let mut width: usize = self.records.values().map(width_of).sum();
        for record in self.records.values_mut().rev().filter(|record| applied(record)) {
            if width <= room {
                break;
            }
            *record = Record::Unknown;
            width -= DIGEST;
        }
        while width > room && self.records.pop_last().is_some() {
            width -= CLAIM;
        }
        self
    }
}

/// The name of the tag that holds the part of a ledger with this number.
fn name(number: usize) -> String {
    if number == 0 { APPLIED.to_owned() } else { format!("{APPLIED}.{number}") }
}

/// A text of base64url in pieces of one width; none where it is no such text.
fn chunks(text: &str, width: usize) -> Option<Vec<&str>> {
    let known = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    if !text.bytes().all(known) || !text.len().is_multiple_of(width) {
        return None;
    }
    (0..text.len()).step_by(width).map(|at| text.get(at..at + width)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const GROUP: fn(&str) -> Claimed<'_> = |key| Claimed::Child(Kind::Group, key);

    fn records() -> impl Strategy<Value = Record> {
        prop_oneof![
            ".{0,9}".prop_map(|text| Record::Applied(digest_of(&text))),
            Just(Record::Claimed),
            Just(Record::Unknown)
        ]
    }

    fn ledgers() -> impl Strategy<Value = Ledger> {
        let entries = proptest::collection::btree_map(".{1,30}", records(), 0..300);
        (entries, proptest::option::of(".{0,9}")).prop_map(|(entries, root)| Ledger {
            root: root.map(|text| digest_of(&text)),
            records: entries.into_iter().map(|(key, record)| (GROUP(&key).claim(), record)).collect(),
            condition: Condition::Sound,
        })
    }

    proptest! {
        #[test]
        fn a_ledger_reads_back_as_written(ledger in ledgers()) {
            let tags = ledger.tags();
            prop_assert!(tags.len() <= TAGS && tags.values().all(|value| value.len() <= VALUE));
            prop_assert_eq!(Ledger::read(&tags), ledger);
        }

        #[test]
        fn what_a_longer_one_left_behind_is_not_read(long in ledgers(), short in ledgers()) {
            let mut tags = long.tags();
            tags.extend(short.tags());
            prop_assert_eq!(Ledger::read(&tags), short);
        }

        #[test]
        fn a_damaged_ledger_says_nothing(ledger in ledgers(), at in any::<usize>(), with in "[A-Za-z0-9_.-]{0,2}", tag in any::<usize>()) {
            let mut tags = ledger.tags();
            let name = tags.keys().nth(tag % tags.len()).expect("a tag").clone();
            let value = tags.get_mut(&name).expect("its value");
            let at = at % value.len();
            value.replace_range(at..=at, &with);
            let read = Ledger::read(&tags);
            prop_assert!(read == ledger || read.condition() != Condition::Sound, "{:?}", read);
            prop_assert!(read == ledger || read.records.is_empty() || tags[APPLIED].starts_with(FIRST_FORMAT));
        }

        #[test]
        fn whatever_stands_there_claims_nothing_that_was_not_claimed(value in ".{0,256}") {
            let tags = Tags::from([(APPLIED.to_owned(), value)]);
            prop_assert!(!Ledger::read(&tags).has(Kind::Client, "web"));
        }

        #[test]
        fn a_fitted_ledger_fits_and_digests_go_first(ledger in ledgers(), users in 30..60_usize) {
            let fitted = ledger.clone().fitted(users);
            let room = TAGS.saturating_sub(MARKS + users);
            prop_assert!(fitted.tags().len() <= room.max(1));
            let applied = fitted.records.values().any(|record| matches!(record, Record::Applied(_)));
            prop_assert!(fitted.records.len() == ledger.records.len() || !applied);
            prop_assert!(room < 20 || fitted == ledger, "{} records in {} tags", ledger.records.len(), room);
        }
    }

    #[test]
    fn there_is_no_ledger_where_no_tag_is() {
        assert_eq!(Ledger::read(&Tags::new()).condition(), Condition::Lost);
        let later = Tags::from([(APPLIED.to_owned(), "3.1.abcdef....".to_owned())]);
        assert_eq!(Ledger::read(&later).condition(), Condition::Lost);
    }

    #[test]
    fn the_claims_of_the_first_version_hold() {
        let tags = Tags::from([
            (APPLIED.to_owned(), format!("1.{}", GROUP("staff").claim())),
            (name(1), Claimed::Child(Kind::Client, "web").claim()),
        ]);
        let ledger = Ledger::read(&tags);
        assert_eq!(ledger.condition(), Condition::Older);
        assert_eq!(ledger.record(GROUP("staff")), Some(&Record::Unknown));
        assert!(ledger.has(Kind::Client, "web") && !ledger.has(Kind::Client, "staff"));
    }

    #[test]
    fn every_tag_in_use_leaves_no_room_for_claims() {
        let mut ledger = Ledger::default();
        ledger.claim(GROUP("staff"));
        assert_eq!(ledger.clone().fitted(47), ledger);
        assert!(!ledger.fitted(48).has(Kind::Group, "staff"));
    }
}
