//! Texts: as plain words where no reader of YAML can take them for anything else, in quotes where
//! one could, and in lines of their own where they are long.
//!
//! A text of several lines becomes a literal block (`|`), a long line a folded one (`>-`). What
//! these cannot hold, or an editor would spoil (spaces at the end of a line, carriage returns, what
//! is not to be seen), stands in double quotes with escapes, a line of the text to a line.

use std::fmt::Write as _;

/// Where a text stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Context {
    /// Alone behind a key or a hyphen.
    Line,
    /// Inside of brackets.
    Flow,
    /// It is a key.
    Key,
}

/// The longest text that is written in a line with others.
const SHORT: usize = 80;

/// Whether a text may stand in a line with others.
pub(super) fn is_short(text: &str) -> bool {
    text.chars().count() <= SHORT && !text.contains(['\n', '\r'])
}

/// Whether a character can be told from others, and is kept by every editor.
pub(super) fn is_shown(char: char) -> bool {
    let hidden = matches!(char,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{1680}' | '\u{180e}' | '\u{3000}' | '\u{feff}'
        | '\u{2000}'..='\u{200f}' | '\u{2028}'..='\u{202f}' | '\u{205f}'..='\u{206f}'
        | '\u{fdd0}'..='\u{fdef}' | '\u{fff0}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}');
    // The last two of each plane are no characters.
    matches!(char, ' '..='~' | '\u{a1}'..) && !hidden && u32::from(char) & 0xfffe != 0xfffe
}

/// A text in one line.
pub(super) fn inline(text: &str, context: Context) -> String {
    if is_plain(text, context) {
        text.to_owned()
    } else if text.contains(['"', '\\']) && !text.contains('\'') && text.chars().all(is_shown) {
        format!("'{text}'")
    } else {
        format!("\"{}\"", escaped(text))
    }
}

/// A text behind a key, in as many lines as it takes. `indent` is where its lines begin, and
/// `column` where the first one does.
pub(super) fn scalar(text: &str, indent: usize, column: usize, width: usize) -> String {
    if let Some(block) = literal(text, indent) {
        return block;
    }
    if let Some(lines) = folded(text, width.saturating_sub(indent)) {
        return block(">-", &lines, indent);
    }
    let line = inline(text, Context::Line);
    let inner = text.trim_end_matches('\n');
    if !inner.contains('\n') || column + line.chars().count() <= width {
        return line;
    }
    // A backslash at the end of a line takes the break and the indentation out again.
    let mut lines = text.split_inclusive('\n').map(|line| {
        let line = escaped(line);
        if line.starts_with(' ') { format!("\\{line}") } else { line }
    });
    let mut written = format!("\"{}", lines.next().unwrap_or_default());
    for line in lines {
        let _ = write!(written, "\\\n{}{line}", " ".repeat(indent));
    }
    written.push('"');
    written
}

/// The text as a literal block, where that keeps every character.
fn literal(text: &str, indent: usize) -> Option<String> {
    let body = text.strip_suffix('\n').unwrap_or(text);
    let lines: Vec<&str> = body.split('\n').collect();
    let fits = |line: &&str| !line.ends_with([' ', '\t']) && line.chars().all(|char| char == '\t' || is_shown(char));
    let bounds = [lines.first(), lines.last()];
    if !text.contains('\n') || bounds.iter().any(|line| line.is_none_or(|line| line.is_empty())) {
        return None;
    }
    if !lines.iter().all(fits) {
        return None;
    }
    // Where the first line is indented itself, the block's own indentation must be told.
    let told = if body.starts_with([' ', '\t']) { "2" } else { "" };
    let chomp = if text.ends_with('\n') { "" } else { "-" };
    Some(block(&format!("|{told}{chomp}"), &lines, indent))
}

/// A long line in several, broken at single spaces, if that makes it shorter.
fn folded(text: &str, width: usize) -> Option<Vec<&str>> {
    let edges = text.starts_with(' ') || text.ends_with(' ');
    if text.chars().count() <= width || edges || !text.chars().all(is_shown) {
        return None;
    }
    let mut lines = Vec::new();
    let (mut start, mut last) = (0, None);
    let bytes = text.as_bytes();
    let mut length = 0;
    for (at, char) in text.char_indices() {
        length += 1;
        let single = char == ' ' && bytes[at - 1] != b' ' && bytes.get(at + 1).is_some_and(|next| *next != b' ');
        if length > width
            && let Some(space) = last.take()
        {
            lines.push(&text[start..space]);
            start = space + 1;
            length = text[start..=at].chars().count().min(text.len());
        }
        if single {
            last = Some(at);
        }
    }
    lines.push(&text[start..]);
    (lines.len() > 1).then_some(lines)
}

fn block(head: &str, lines: &[&str], indent: usize) -> String {
    let mut block = head.to_owned();
    for line in lines {
        block.push('\n');
        if !line.is_empty() {
            block.push_str(&" ".repeat(indent));
            block.push_str(line);
        }
    }
    block
}

/// The text as it stands between double quotes.
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for char in text.chars() {
        let _ = match char {
            '"' => write!(escaped, "\\\""),
            '\\' => write!(escaped, "\\\\"),
            '\n' => write!(escaped, "\\n"),
            '\r' => write!(escaped, "\\r"),
            '\t' => write!(escaped, "\\t"),
            char if is_shown(char) => write!(escaped, "{char}"),
            char => match u32::from(char) {
                code @ ..=0xff => write!(escaped, "\\x{code:02x}"),
                code @ ..=0xffff => write!(escaped, "\\u{code:04x}"),
                code => write!(escaped, "\\U{code:08x}"),
            },
        };
    }
    escaped
}

/// Whether a text needs no quotes: to readers of older YAML neither.
fn is_plain(text: &str, context: Context) -> bool {
    let Some(first) = text.chars().next() else { return false };
    let begins = first.is_alphanumeric() || "/_$(+".contains(first);
    let around = text.ends_with([' ', ':']) || text.contains(": ") || text.contains(" #");
    let brackets = context != Context::Line && text.contains([',', '[', ']', '{', '}']);
    // What some readers stumble over in a key, and inside of brackets.
    let inside = context == Context::Key && text.contains(['"', '\'', '#', '?'])
        || context == Context::Flow && text.contains(":?");
    begins && !around && !brackets && !inside && text.chars().all(is_shown) && !is_word_of_yaml(text)
}

/// Whether some reader of YAML takes a text for a number, a date, a truth value or nothing.
fn is_word_of_yaml(text: &str) -> bool {
    let word = text.to_ascii_lowercase();
    let number = word.starts_with(|first: char| first.is_ascii_digit() || "+.".contains(first))
        && word.chars().all(|char| char.is_ascii_hexdigit() || "xo_:.+-tz ".contains(char));
    let number = number || !word.starts_with(|first: char| first.is_alphabetic()) && word.parse::<f64>().is_ok();
    number || ["true", "false", "yes", "no", "on", "off", "y", "n", "null", "nan", "inf", "+inf"].contains(&&*word)
}
