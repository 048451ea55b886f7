//! Values in a few words, close to how YAML would write them. What cannot be seen is escaped, so
//! that no value can move the cursor, reorder what stands beside it or pass for something else.

use serde_json::Value;
use unicode_width::UnicodeWidthStr;

use crate::path::{Path, Segment};
use crate::reference;

/// How many characters of one text are shown.
pub(super) const LONGEST: usize = 300;

/// The text with references as `${…}` and every character that has no picture of its own escaped.
pub(super) fn visible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for char in reference::display(text).chars() {
        match char {
            '\n' => shown.push_str("\\n"),
            '\r' => shown.push_str("\\r"),
            '\t' => shown.push_str("\\t"),
            other if is_invisible(other) => shown.extend(other.escape_unicode()),
            other => shown.push(other),
        }
    }
    shown
}

/// Whether a character would move the cursor, turn the direction of writing, or not be seen.
fn is_invisible(char: char) -> bool {
    char.is_control()
        || matches!(char, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{fdd0}'..='\u{fdef}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}')
}

/// The path as text, with references in its keys as `${…}`.
pub(super) fn path(path: &Path) -> String {
    let shown = |segment: &Segment| match segment {
        Segment::Key(key) => Segment::Key(visible(key)),
        Segment::Index(index) => Segment::Index(*index),
    };
    path.segments().iter().map(shown).collect::<Path>().to_string()
}

/// A value on one line, in full.
pub(super) fn full(value: &Value) -> String {
    match value {
        Value::String(text) if needs_quotes(text, false) => quoted(text),
        Value::String(text) => visible(text),
        other => flow(other),
    }
}

/// A value on one line, cut where it is longer than anybody would read.
pub(super) fn short(value: &Value) -> String {
    cut(&full(value))
}

/// Two values on a line each. Where they are long and begin alike, only what is around the first
/// difference is shown.
pub(super) fn short_pair(left: &Value, right: &Value) -> (String, String) {
    let (left, right) = (full(left), full(right));
    let alike = left.chars().zip(right.chars()).take_while(|(left, right)| left == right).count();
    let skip = alike.saturating_sub(40);
    if skip == 0 || left.chars().count().max(right.chars().count()) <= LONGEST {
        return (cut(&left), cut(&right));
    }
    let tail = |text: String| cut(&format!("…{}", text.chars().skip(skip).collect::<String>()));
    (tail(left), tail(right))
}

/// The text, cut at [`LONGEST`] characters; what was cut ends in `…`.
pub(super) fn cut(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some(_) => text.chars().take(LONGEST - 1).chain(['…']).collect(),
        None => text.to_owned(),
    }
}

fn flow(value: &Value) -> String {
    match value {
        Value::String(text) if needs_quotes(text, true) => quoted(text),
        Value::String(text) => visible(text),
        Value::Array(items) => format!("[{}]", items.iter().map(flow).collect::<Vec<_>>().join(", ")),
        Value::Object(map) => {
            let entry = |(key, value): (&String, &Value)| {
                let key = if needs_quotes(key, true) { quoted(key) } else { visible(key) };
                format!("{key}: {}", flow(value))
            };
            format!("{{{}}}", map.iter().map(entry).collect::<Vec<_>>().join(", "))
        }
        other => other.to_string(),
    }
}

/// The text in double quotes.
pub(super) fn quoted(text: &str) -> String {
    format!("\"{}\"", visible(&text.replace('\\', "\\\\").replace('"', "\\\"")))
}

/// Whether a text would not be seen as what it is: it looks like another type, like words of ours,
/// or its ends are not clear.
fn needs_quotes(text: &str, inside: bool) -> bool {
    let shown = reference::display(text);
    let opens = shown.starts_with("${");
    shown.is_empty()
        || shown.trim() != shown
        || shown.starts_with(['"', '\'', '(', '…'])
        || (!opens && shown.starts_with(['[', '{']))
        || shown.contains(" → ")
        || shown.chars().any(is_invisible)
        || matches!(shown.as_str(), "true" | "false" | "null" | "~")
        || shown.parse::<f64>().is_ok()
        || (inside && (shown.contains(", ") || shown.contains(": ") || shown.ends_with(',')))
        || (inside && !opens && shown.contains(['[', ']', '{', '}']))
}

/// The text in pieces of at most `width` columns, broken at spaces. A longer word is broken where
/// the line ends if `hard`, and stays whole if not.
pub(super) fn wrap(text: &str, width: usize, hard: bool) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split_inclusive(' ') {
        if !line.is_empty() && line.width() + word.trim_end_matches(' ').width() > width {
            lines.push(std::mem::take(&mut line));
        }
        line.push_str(word);
        while hard && line.trim_end_matches(' ').width() > width {
            let tail = line.split_off(fitting(&line, width));
            lines.push(std::mem::replace(&mut line, tail));
        }
    }
    if !line.is_empty() || lines.is_empty() {
        lines.push(line);
    }
    lines
}

/// How many bytes of the text fit into `width` columns, at least one character. What is shown of a
/// character depends on those before it, so whole beginnings are measured; marks that take no place
/// count for a little, so that a text of nothing else comes to an end too.
fn fitting(text: &str, width: usize) -> usize {
    let ends = text.char_indices().map(|(at, char)| at + char.len_utf8());
    let fit = ends.take(width * 4).take_while(|end| text[..*end].width() <= width).last();
    fit.unwrap_or_else(|| text.chars().next().map_or(0, char::len_utf8))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    #[test]
    fn a_value_reads_as_what_it_is() {
        let open = crate::reference::Reference("userPools.customers.id".parse().expect("a path")).embed();
        let cases = [
            (json!(12), "12"),
            (json!("12"), "\"12\""),
            (json!("true"), "\"true\""),
            (json!(""), "\"\""),
            (json!(" a"), "\" a\""),
            (json!("(secret)"), "\"(secret)\""),
            (json!("http://localhost:8000/"), "http://localhost:8000/"),
            (json!("Hello, {username}"), "Hello, {username}"),
            (json!("a\u{1b}[2Jb"), "\"a\\u{1b}[2Jb\""),
            (json!("abc\u{202e}fed"), "\"abc\\u{202e}fed\""),
            (json!(["a", "b, c", {"k": [1, null]}]), "[a, \"b, c\", {k: [1, null]}]"),
            (json!(open), "${userPools.customers.id}"),
            (json!([open]), "[${userPools.customers.id}]"),
        ];
        for (value, shown) in cases {
            assert_eq!(full(&value), shown);
        }
    }

    #[test]
    fn two_long_texts_are_shown_where_they_differ() {
        let (left, right) = ("x".repeat(500) + "1", "x".repeat(500) + "2");
        let (left, right) = short_pair(&json!(left), &json!(right));
        assert_ne!(left, right);
        assert!(left.ends_with('1') && left.starts_with('…'), "{left}");
        assert!(short(&json!("y".repeat(1000))).ends_with('…'));
    }

    proptest! {
        #[test]
        fn wrapping_loses_nothing_and_keeps_to_the_width(text in any::<String>(), width in 2..40_usize) {
            let lines = wrap(&text, width, true);
            prop_assert_eq!(lines.concat(), text);
            for line in lines {
                let shown = line.trim_end_matches(' ');
                // A single character may be wider than the place for it.
                prop_assert!(shown.width() <= width || shown.chars().count() == 1, "{line:?}");
            }
        }
    }
}
