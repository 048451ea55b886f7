//! One difference as lines. Maps are taken apart into their leaves. What fits stands behind its
//! path; lists show which items come and go, texts of several lines which lines do, and long
//! values stand below their path.

use serde_json::{Map, Value};
use similar::{ChangeTag, TextDiff};
use unicode_width::UnicodeWidthStr;

use super::line::{Line, Role};
use super::{Style, value};
use crate::path::Path;
use crate::plan::Change;

/// Where a difference starts, and what stands below its path.
const INDENT: usize = 4;
const BELOW: usize = 6;

/// How many lines of one text or list are shown.
const MOST_LINES: usize = 60;

/// What differences are told for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// Something is made: nothing is live, so only what the file says is shown.
    Create,
    /// What is live becomes what the file says.
    Change,
    /// What the file says became what is live.
    Done,
}

/// The differences of one resource.
pub(super) fn lines(changes: &[Change], way: Way, style: &Style) -> Vec<Line> {
    changes.iter().flat_map(leaves).flat_map(|leaf| leaf.lines(way, style)).collect()
}

/// A difference that is not taken apart any further.
struct Leaf {
    path: String,
    live: Option<Value>,
    declared: Option<Value>,
    secret: bool,
}

fn leaves(change: &Change) -> Vec<Leaf> {
    let mut found = Vec::new();
    if change.secret {
        // The values stay behind here: nothing that draws a secret ever holds it.
        let known = |value: &Option<Value>| value.as_ref().map(|_| Value::Null);
        let (live, declared) = (known(&change.live), known(&change.declared));
        found.push(Leaf { path: value::path(&change.path), live, declared, secret: true });
    } else {
        collect(&change.path, change.live.as_ref(), change.declared.as_ref(), &mut found);
    }
    found
}

fn collect(path: &Path, live: Option<&Value>, declared: Option<&Value>, found: &mut Vec<Leaf>) {
    let maps = (as_map(live), as_map(declared));
    if let (Some(live), Some(declared)) = maps
        && !(live.is_empty() && declared.is_empty())
    {
        let gone = live.keys().filter(|key| !declared.contains_key(*key));
        for key in declared.keys().chain(gone) {
            let (live, declared) = (live.get(key), declared.get(key));
            if live != declared {
                collect(&path.key(key), live, declared, found);
            }
        }
    } else {
        found.push(Leaf { path: value::path(path), live: live.cloned(), declared: declared.cloned(), secret: false });
    }
}

/// The map that a value is; an absent one is an empty map, so that both sides can be compared.
fn as_map(value: Option<&Value>) -> Option<&Map<String, Value>> {
    static EMPTY: std::sync::LazyLock<Map<String, Value>> = std::sync::LazyLock::new(Map::new);
    value.map_or(Some(&*EMPTY), Value::as_object)
}

impl Leaf {
    fn lines(&self, way: Way, style: &Style) -> Vec<Line> {
        let new = way == Way::Create && self.live.is_none();
        // Which side comes to be: its items and lines are what is added.
        let text_diff = |live: &str, declared: &str| match way {
            Way::Done => text_diff(declared, live, style),
            _ => text_diff(live, declared, style),
        };
        match (&self.live, &self.declared) {
            _ if self.secret => {
                let words = if self.live.is_none() { "(secret)" } else { "(secret, changed)" };
                vec![self.head().push(Role::Quiet, words)]
            }
            (None, Some(declared)) if new => self.declared(declared, style),
            (Some(Value::String(live)), Some(Value::String(declared))) if is_long(live) || is_long(declared) => {
                self.under(text_diff(live, declared))
            }
            (None, Some(Value::String(declared))) if is_long(declared) => self.under(text_diff("", declared)),
            (Some(Value::String(live)), None) if is_long(live) => self.under(text_diff(live, "")),
            (live, declared) => match (as_list(live.as_ref()), as_list(declared.as_ref())) {
                (Some(live), Some(declared)) if has_other_items(live, declared) => {
                    let (before, after) = if way == Way::Done { (declared, live) } else { (live, declared) };
                    self.under(list_diff(before, after, style))
                }
                _ => self.pair(style),
            },
        }
    }

    /// What the file says of something that is not live.
    fn declared(&self, declared: &Value, style: &Style) -> Vec<Line> {
        match declared {
            Value::String(text) if is_long(text) => {
                let lines = text.lines().flat_map(|line| below(None, "", &line_of_text(line), style)).collect();
                self.under(at_most(lines))
            }
            declared => {
                let line = self.head().push(Role::Plain, value::full(declared));
                if line.width() <= style.width {
                    return vec![line];
                }
                match declared {
                    Value::Array(items) => self.under(list_diff(&[], items, style)),
                    declared => self.under(below(None, "", &value::short(declared), style)),
                }
            }
        }
    }

    /// Both sides, each with the word that says which it is.
    fn pair(&self, style: &Style) -> Vec<Line> {
        let (live, declared) = match (&self.live, &self.declared) {
            (Some(live), Some(declared)) => value::short_pair(live, declared),
            (live, declared) => (short_or_absent(live.as_ref()), short_or_absent(declared.as_ref())),
        };
        let beside = self.head().push(Role::Quiet, "live ").push(Role::Plain, &live);
        let beside = beside.push(Role::Quiet, " → file ").push(Role::Plain, &declared);
        if beside.width() <= style.width {
            return vec![beside];
        }
        let mut lines = below(None, "live ", &live, style);
        lines.extend(below(None, "file ", &declared, style));
        self.under(lines)
    }

    fn head(&self) -> Line {
        Line::at(INDENT).push(Role::Plain, format!("{}: ", self.path))
    }

    fn under(&self, lines: Vec<Line>) -> Vec<Line> {
        let head = Line::at(INDENT).push(Role::Plain, format!("{}:", self.path));
        std::iter::once(head).chain(lines).collect()
    }
}

fn short_or_absent(value: Option<&Value>) -> String {
    value.map_or_else(|| "(not set)".to_owned(), value::short)
}

/// Whether a text is shown line by line.
fn is_long(text: &str) -> bool {
    text.trim_end().contains('\n')
}

/// The list that a value is; an absent one is an empty list.
fn as_list(value: Option<&Value>) -> Option<&[Value]> {
    value.map_or(Some(&[]), |value| value.as_array().map(Vec::as_slice))
}

/// Whether one list has an item that the other has not; if not, only their order differs.
fn has_other_items(live: &[Value], declared: &[Value]) -> bool {
    !minus(live, declared).is_empty() || !minus(declared, live).is_empty()
}

/// The items that are left when those of the other list are taken away, one for one.
fn minus<'a>(items: &'a [Value], others: &[Value]) -> Vec<&'a Value> {
    let mut others: Vec<&Value> = others.iter().collect();
    let left = items.iter().filter(|item| match others.iter().position(|other| other == item) {
        Some(at) => {
            others.swap_remove(at);
            false
        }
        None => true,
    });
    left.collect()
}

fn list_diff(live: &[Value], declared: &[Value], style: &Style) -> Vec<Line> {
    let removed = minus(live, declared).into_iter().map(|item| ((Role::Removed, '-'), item));
    let added = minus(declared, live).into_iter().map(|item| ((Role::Added, '+'), item));
    at_most(removed.chain(added).flat_map(|(mark, item)| below(Some(mark), "", &value::short(item), style)).collect())
}

/// Which lines come and go, with a little of what is around them.
fn text_diff(live: &str, declared: &str, style: &Style) -> Vec<Line> {
    let diff = TextDiff::from_lines(live, declared);
    let mut lines = Vec::new();
    for group in diff.grouped_ops(2) {
        if !lines.is_empty() {
            lines.push(Line::at(BELOW).push(Role::Quiet, "…"));
        }
        for change in group.iter().flat_map(|op| diff.iter_changes(op)) {
            let mark = match change.tag() {
                ChangeTag::Delete => (Role::Removed, '-'),
                ChangeTag::Insert => (Role::Added, '+'),
                ChangeTag::Equal => (Role::Quiet, ' '),
            };
            let text = change.value();
            let mut shown = line_of_text(text.strip_suffix('\n').unwrap_or(text));
            if change.tag() != ChangeTag::Equal
                && !text.ends_with('\n')
                && live.ends_with('\n') != declared.ends_with('\n')
            {
                shown.push_str(" (no line end)");
            }
            lines.extend(below(Some(mark), "", &shown, style));
        }
    }
    at_most(lines)
}

/// A line of a text; one whose end cannot be seen stands in quotes.
fn line_of_text(line: &str) -> String {
    if line.ends_with(char::is_whitespace) {
        value::short(&Value::String(line.to_owned()))
    } else {
        value::cut(&value::visible(line))
    }
}

/// A value below its path, wrapped, with what says which side it is in front.
fn below(mark: Option<(Role, char)>, label: &str, text: &str, style: &Style) -> Vec<Line> {
    let ahead = label.width() + if mark.is_some() { 2 } else { 0 };
    let room = style.width.saturating_sub(BELOW + ahead).max(20);
    let role = mark.map_or(Role::Plain, |(role, _)| role);
    let pieces = value::wrap(text, room, true).into_iter().enumerate();
    let line = |(position, piece): (usize, String)| match (position, mark) {
        (0, Some((role, mark))) => Line::at(BELOW).mark(role, mark).push(role, piece),
        (0, None) => Line::at(BELOW).push(Role::Quiet, label).push(role, piece),
        _ => Line::at(BELOW + ahead).push(role, piece),
    };
    pieces.map(line).collect()
}

fn at_most(mut lines: Vec<Line>) -> Vec<Line> {
    if lines.len() > MOST_LINES {
        let more = lines.len() - MOST_LINES;
        lines.truncate(MOST_LINES);
        lines.push(Line::at(BELOW).push(Role::Quiet, format!("… {more} more lines")));
    }
    lines
}
