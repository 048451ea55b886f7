//! A document as YAML text: our own small part of YAML, since what is written for people has
//! comments, empty lines and texts in the style that reads best. What is written reads back as the
//! same value, character by character.
//!
//! Lists and maps that are short and hold nothing long stand in a line, as `[a, b]` and `{a: 1}`;
//! all others, and those that [`Document`] says, have a line for each entry.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::path::Path;

#[cfg(test)]
mod tests;
mod text;

use text::{Context, inline, is_short, scalar};

/// How wide a line may be, but for what cannot be broken.
const WIDTH: usize = 100;

/// How deep maps and lists in one line go.
const DEPTH: usize = 2;

/// A value with what is written around it.
#[derive(Default)]
pub(super) struct Document {
    /// Comments at the top, a line each.
    pub head: Vec<String>,
    /// The value: a map. Its texts are written as they are, so what is no reference is escaped.
    pub value: Value,
    /// What is written around single entries, by their paths.
    pub around: BTreeMap<Path, Around>,
}

/// What is written around an entry.
#[derive(Default)]
pub(super) struct Around {
    /// Whether an empty line stands before it.
    pub apart: bool,
    /// Whether it has a line for each of its own entries, however short it is.
    pub by_line: bool,
    /// Comments above it, a line each.
    pub comments: Vec<String>,
}

impl Document {
    /// What is written around the entry at a path, to be added to.
    pub(super) fn around(&mut self, path: &Path) -> &mut Around {
        self.around.entry(path.clone()).or_default()
    }

    /// The text.
    #[must_use]
    pub(super) fn render(&self) -> String {
        let mut page = String::new();
        for line in &self.head {
            comment(line, 0, &mut page);
        }
        self.map(&self.value, &Path::root(), 0, &mut page);
        page
    }

    fn map(&self, value: &Value, at: &Path, indent: usize, page: &mut String) {
        for (key, value) in value.as_object().into_iter().flatten() {
            let path = at.key(key);
            if let Some(around) = self.around.get(&path) {
                if around.apart {
                    page.push('\n');
                }
                for line in &around.comments {
                    comment(line, indent, page);
                }
            }
            let key = inline(key, Context::Key);
            page.push_str(&" ".repeat(indent));
            page.push_str(&key);
            page.push(':');
            self.entry(value, &path, indent, indent + key.chars().count() + 1, page);
        }
    }

    /// What stands behind a key or a hyphen; `column` is where that ends.
    fn entry(&self, value: &Value, at: &Path, indent: usize, column: usize, page: &mut String) {
        if let Some(line) = self.in_a_line(value, at, 0).filter(|line| column + 1 + line.chars().count() <= WIDTH) {
            page.extend([" ", line.as_str(), "\n"]);
            return;
        }
        match value {
            Value::Object(map) if map.is_empty() => page.push_str(" {}\n"),
            Value::Array(items) if items.is_empty() => page.push_str(" []\n"),
            Value::Object(_) => {
                page.push('\n');
                self.map(value, at, indent + 2, page);
            }
            Value::Array(items) => {
                page.push('\n');
                for (index, item) in items.iter().enumerate() {
                    self.item(item, &at.index(index), indent + 2, page);
                }
            }
            Value::String(text) => {
                page.extend([" ", scalar(text, indent + 2, column + 1, WIDTH).as_str(), "\n"]);
            }
            other => page.extend([" ", other.to_string().as_str(), "\n"]),
        }
    }

    fn item(&self, value: &Value, at: &Path, indent: usize, page: &mut String) {
        let hyphen = format!("{}-", " ".repeat(indent));
        let fits = self.in_a_line(value, at, 0).is_some_and(|line| indent + 2 + line.chars().count() <= WIDTH);
        if fits || value.as_object().is_none_or(serde_json::Map::is_empty) {
            page.push_str(&hyphen);
            self.entry(value, at, indent, indent + 1, page);
            return;
        }
        // The first entry of a map stands behind the hyphen.
        let mut map = String::new();
        self.map(value, at, indent + 2, &mut map);
        page.push_str(&hyphen);
        page.push_str(map.strip_prefix(&" ".repeat(indent + 1)).unwrap_or(&map));
    }

    /// The value in one line, if it may be written so.
    fn in_a_line(&self, value: &Value, at: &Path, depth: usize) -> Option<String> {
        let is_plain = |path: &Path| self.around.get(path).is_none_or(|around| !around.by_line);
        match value {
            Value::Object(map) if map.is_empty() => Some("{}".to_owned()),
            Value::Array(items) if items.is_empty() => Some("[]".to_owned()),
            Value::Object(_) | Value::Array(_) if depth == DEPTH || !is_plain(at) => None,
            Value::Object(map) => {
                let entries = map.iter().map(|(key, value)| {
                    let path = at.key(key);
                    if self.around.contains_key(&path) {
                        return None;
                    }
                    Some(format!("{}: {}", inline(key, Context::Key), self.in_a_line(value, &path, depth + 1)?))
                });
                Some(format!("{{{}}}", entries.collect::<Option<Vec<_>>>()?.join(", ")))
            }
            Value::Array(items) => {
                let items =
                    items.iter().enumerate().map(|(index, item)| self.in_a_line(item, &at.index(index), depth + 1));
                Some(format!("[{}]", items.collect::<Option<Vec<_>>>()?.join(", ")))
            }
            Value::String(text) => {
                let context = if depth == 0 { Context::Line } else { Context::Flow };
                is_short(text).then(|| inline(text, context))
            }
            other => Some(other.to_string()),
        }
    }
}

/// A line of comment; what would end it is taken out.
fn comment(line: &str, indent: usize, page: &mut String) {
    let line: String = line.chars().map(|char| if text::is_shown(char) { char } else { ' ' }).collect();
    page.push_str(format!("{}# {line}", " ".repeat(indent)).trim_end());
    page.push('\n');
}
