//! The model's patterns are Java's; this makes Rust's of them. In Java `\w`, `\s` and `\d` are ASCII
//! only, the dot leaves out every line terminator, and a value must match from end to end. What
//! Rust's expressions cannot say, looking around, is rewritten in a table.

use std::fmt;
use std::sync::OnceLock;

use regex::Regex;
use serde::Deserialize;

/// A pattern, compiled when a value first meets it.
#[derive(Deserialize)]
#[serde(from = "String")]
pub(super) struct Pattern {
    text: String,
    compiled: OnceLock<Option<Compiled>>,
}

struct Compiled {
    matches: Regex,
    /// What a value must not match, beside.
    unless: Option<Regex>,
}

/// A pattern that looks around, and in its place one to match and one not to match.
const LOOKING_AROUND: [(&str, &str, &str); 2] = [
    ("(?!^[0-9]+$)([a-zA-Z0-9-_]+)", "[a-zA-Z0-9-_]+", "[0-9]+"),
    (r"[0-9A-Za-z\.\-_]*(?<!\.)", r"[0-9A-Za-z.\-_]*", r"(?s).*\."),
];

impl From<String> for Pattern {
    fn from(text: String) -> Self {
        Self { text, compiled: OnceLock::new() }
    }
}

impl Pattern {
    /// Whether the whole of `value` matches. A pattern that does not compile allows everything.
    pub(super) fn allows(&self, value: &str) -> bool {
        self.compiled().is_none_or(|compiled| {
            compiled.matches.is_match(value) && compiled.unless.as_ref().is_none_or(|unless| !unless.is_match(value))
        })
    }

    #[cfg(test)]
    pub(super) fn compiles(&self) -> bool {
        self.compiled().is_some()
    }

    /// What to match, as Rust writes it.
    #[cfg(test)]
    pub(super) fn rust(&self) -> String {
        let looking_around = LOOKING_AROUND.iter().find(|(java, ..)| *java == self.text);
        rust_of(looking_around.map_or(&self.text, |(_, matches, _)| matches))
    }

    fn compiled(&self) -> Option<&Compiled> {
        self.compiled.get_or_init(|| compile(&self.text)).as_ref()
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

fn compile(text: &str) -> Option<Compiled> {
    let looking_around = LOOKING_AROUND.iter().find(|(java, ..)| *java == text);
    let (matches, unless) = looking_around.map_or((text, None), |(_, matches, unless)| (*matches, Some(*unless)));
    let whole = |java: &str| Regex::new(&format!(r"\A(?:{})\z", rust_of(java))).ok();
    let unless = match unless {
        Some(unless) => Some(whole(unless)?),
        None => None,
    };
    Some(Compiled { matches: whole(matches)?, unless })
}

/// The same pattern in Rust's syntax.
fn rust_of(java: &str) -> String {
    let mut rust = String::with_capacity(java.len() * 2);
    let dot_is_all = java.starts_with("(?s)");
    let mut in_class = false;
    let mut characters = java.strip_prefix("(?s)").unwrap_or(java).chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => match characters.next() {
                Some('w') => rust.push_str(ascii(in_class, "[:word:]", "[[:word:]]")),
                Some('s') => rust.push_str(ascii(in_class, "[:space:]", "[[:space:]]")),
                Some('S') => rust.push_str(ascii(in_class, "[:^space:]", "[[:^space:]]")),
                Some('d') => rust.push_str("[0-9]"),
                Some(other) => rust.extend(['\\', other]),
                None => rust.push('\\'),
            },
            '[' if !in_class => {
                in_class = true;
                rust.push('[');
            }
            ']' if in_class => {
                in_class = false;
                rust.push(']');
            }
            '.' if !in_class && dot_is_all => rust.push_str(r"[\s\S]"),
            '.' if !in_class => rust.push_str(r"[^\n\r\u{85}\u{2028}\u{2029}]"),
            other => rust.push(other),
        }
    }
    rust
}

fn ascii(in_class: bool, inside: &'static str, outside: &'static str) -> &'static str {
    if in_class { inside } else { outside }
}
