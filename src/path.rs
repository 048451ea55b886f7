//! Paths into a stack file. A resource's address is its path in the file
//! (`userPools.customers.clients.web`), and what is inside a resource has a path too
//! (`policies.passwordPolicy.minimumLength`), so that one notation serves plans, references,
//! the command line and errors. A key that is not a plain word stands in brackets and quotes:
//! `userPools.customers.resourceServers["https://orders.example.com"]`.

use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};

/// One step of a [`Path`].
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Segment {
    /// The value under a key of a map.
    Key(String),
    /// The item of a list, counted from 0.
    Index(usize),
}

impl Segment {
    /// The key, if it is one.
    #[must_use]
    pub fn key(&self) -> Option<&str> {
        match self {
            Segment::Key(key) => Some(key),
            Segment::Index(_) => None,
        }
    }
}

/// Where something stands: in a stack file, or in one resource.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Path(Vec<Segment>);

impl Path {
    /// The path of the whole.
    #[must_use]
    pub fn root() -> Self {
        Self::default()
    }

    /// This path, one key further.
    #[must_use]
    pub fn key(&self, key: impl Into<String>) -> Self {
        let mut path = self.clone();
        path.0.push(Segment::Key(key.into()));
        path
    }

    /// This path, one list item further.
    #[must_use]
    pub fn index(&self, index: usize) -> Self {
        let mut path = self.clone();
        path.0.push(Segment::Index(index));
        path
    }

    /// This path followed by `tail`.
    #[must_use]
    pub fn join(&self, tail: &Path) -> Self {
        let mut path = self.clone();
        path.0.extend_from_slice(&tail.0);
        path
    }

    /// The path of what this one is directly inside of.
    #[must_use]
    pub fn parent(&self) -> Option<Self> {
        let (_, head) = self.0.split_last()?;
        Some(Self(head.to_vec()))
    }

    /// The steps from the outside in.
    #[must_use]
    pub fn segments(&self) -> &[Segment] {
        &self.0
    }

    /// The last key, if the last step is one.
    #[must_use]
    pub fn last_key(&self) -> Option<&str> {
        self.0.last()?.key()
    }

    /// Whether this is the path of the whole.
    #[must_use]
    pub fn is_root(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether `head` is this path or something that it is inside of.
    #[must_use]
    pub fn starts_with(&self, head: &Path) -> bool {
        self.0.starts_with(&head.0)
    }

    /// What is left of this path behind `head`, if it starts with it.
    #[must_use]
    pub fn strip_prefix(&self, head: &Path) -> Option<Self> {
        self.0.strip_prefix(head.0.as_slice()).map(|tail| Self(tail.to_vec()))
    }
}

impl FromIterator<Segment> for Path {
    fn from_iter<I: IntoIterator<Item = Segment>>(segments: I) -> Self {
        Self(segments.into_iter().collect())
    }
}

/// Whether a key needs no brackets: `[A-Za-z0-9][A-Za-z0-9_-]{0,62}`, which is also what the keys
/// of roots, environments and variables must look like.
#[must_use]
pub fn is_plain_word(key: &str) -> bool {
    let mut bytes = key.bytes();
    bytes.next().is_some_and(|first| first.is_ascii_alphanumeric())
        && bytes.all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-')
        && key.len() <= 63
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, segment) in self.0.iter().enumerate() {
            match segment {
                Segment::Index(index) => write!(f, "[{index}]")?,
                Segment::Key(key) if is_plain_word(key) => {
                    write!(f, "{}{key}", if position == 0 { "" } else { "." })?;
                }
                Segment::Key(key) => {
                    write!(f, "[\"{}\"]", key.replace('\\', "\\\\").replace('"', "\\\""))?;
                }
            }
        }
        Ok(())
    }
}

impl Serialize for Path {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Why a text is not a path.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not an address: {reason}")]
pub struct PathError {
    text: String,
    reason: &'static str,
}

impl FromStr for Path {
    type Err = PathError;

    fn from_str(text: &str) -> Result<Self, PathError> {
        let fail = |reason| PathError { text: text.to_owned(), reason };
        let mut segments = Vec::new();
        let mut rest = text;
        if rest.is_empty() {
            return Err(fail("it is empty"));
        }
        while !rest.is_empty() {
            if let Some(inside) = rest.strip_prefix("[\"") {
                let (key, tail) = quoted(inside).ok_or_else(|| fail("a `[\"` is not closed by `\"]`"))?;
                segments.push(Segment::Key(key));
                rest = tail;
            } else if let Some(inside) = rest.strip_prefix('[') {
                let (digits, tail) = inside.split_once(']').ok_or_else(|| fail("a `[` is not closed"))?;
                let index =
                    digits.parse().map_err(|_| fail("in brackets stands a number or a text in double quotes"))?;
                segments.push(Segment::Index(index));
                rest = tail;
            } else {
                let word = rest.strip_prefix('.').unwrap_or(rest);
                if segments.is_empty() != (word.len() == rest.len()) {
                    return Err(fail("keys are joined by single dots"));
                }
                let end = word.find(['.', '[']).unwrap_or(word.len());
                if !is_plain_word(&word[..end]) {
                    return Err(fail("a key that is not a plain word stands in brackets: [\"…\"]"));
                }
                segments.push(Segment::Key(word[..end].to_owned()));
                rest = &word[end..];
            }
        }
        Ok(Self(segments))
    }
}

/// The text up to the closing `"]`, with its escapes undone, and what follows.
fn quoted(text: &str) -> Option<(String, &str)> {
    let mut key = String::new();
    let mut chars = text.char_indices();
    while let Some((at, char)) = chars.next() {
        match char {
            '\\' => key.push(chars.next()?.1),
            '"' => return text[at + 1..].strip_prefix(']').map(|rest| (key, rest)),
            other => key.push(other),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_path_reads_back_as_written(keys in proptest::collection::vec(
            prop_oneof![
                any::<String>().prop_map(Segment::Key),
                "[a-z][a-z0-9-]{0,9}".prop_map(Segment::Key),
                (0..1000_usize).prop_map(Segment::Index),
            ], 1..6)) {
            let path: Path = keys.into_iter().collect();
            prop_assert_eq!(path.to_string().parse::<Path>(), Ok(path));
        }

        #[test]
        fn no_text_makes_the_parser_panic(text in any::<String>()) {
            let _ = text.parse::<Path>();
        }
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for text in ["", ".a", "a..b", "a.", "a b", "a[", "a[x]", "a[\"x]", "a[\"x\"b"] {
            assert!(text.parse::<Path>().is_err(), "{text}");
        }
    }
}
