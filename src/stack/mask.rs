//! Keeps secrets that stand in a file as they are out of what is shown of the file. They are
//! covered in the text that diagnostics show, byte for byte, so that places stay what they are.

use std::collections::BTreeSet;
use std::ops::Range;

use super::template;

/// The text with the bytes in `spans` covered, and each occurrence of one of `texts`. What is
/// nothing but a reference stays: it says where the secret is, not what it is.
#[must_use]
pub fn cover(text: &str, spans: &[Range<usize>], texts: &BTreeSet<String>) -> String {
    let mut spans: Vec<Range<usize>> = spans
        .iter()
        .filter(|span| text.get((*span).clone()).is_some_and(|slice| !is_reference(slice)))
        .cloned()
        .collect();
    for secret in texts.iter().flat_map(|secret| secret.lines()).map(str::trim).filter(|line| line.len() > 2) {
        spans.extend(text.match_indices(secret).map(|(at, found)| at..at + found.len()));
    }
    spans.sort_by_key(|span| (span.start, span.end));
    let mut covered = String::with_capacity(text.len());
    let mut done = 0;
    for span in spans {
        let span = span.start.max(done)..span.end.max(done);
        let (Some(before), Some(slice)) = (text.get(done..span.start), text.get(span.clone())) else { continue };
        covered.push_str(before);
        covered.push_str(&stars(slice));
        done = span.end;
    }
    covered.push_str(text.get(done..).unwrap_or_default());
    covered
}

/// The text of a file that cannot be read, so that nobody can tell which values are secrets: of
/// each line the key is left, if it begins with one.
#[must_use]
pub fn keys_only(text: &str) -> String {
    let mut covered = String::with_capacity(text.len());
    // How far in the key stands whose value may go on in the lines below it.
    let mut inside: Option<usize> = None;
    // The quote that a value has open.
    let mut open: Option<char> = None;
    for line in text.split_inclusive('\n') {
        let (indent, key) = (line.len() - line.trim_start_matches([' ', '-']).len(), key_end(line));
        if let Some(quote) = open {
            if line.contains(quote) {
                open = None;
            }
            covered.push_str(&stars(line));
            continue;
        }
        let spaces = line.len() - line.trim_start_matches(' ').len();
        if inside.is_some_and(|key| spaces > key || line.trim().is_empty()) {
            covered.push_str(&stars(line));
            continue;
        }
        let (kept, value) = line.split_at(key.unwrap_or(indent));
        let begin = value.trim_start();
        let (goes_on, from) =
            (!begin.is_empty() && !begin.starts_with(['#', '&']), if key.is_some() { indent } else { spaces });
        inside = goes_on.then_some(from);
        open = begin
            .chars()
            .next()
            .filter(|first| ['"', '\''].contains(first) && !begin.get(1..).unwrap_or_default().contains(*first));
        covered.push_str(kept);
        covered.push_str(&value_covered(value, begin));
    }
    covered
}

/// A value, covered but for the sign that it begins with: that one is often what is wrong.
fn value_covered(value: &str, begin: &str) -> String {
    let shown = usize::from(begin.starts_with(['"', '\'', '[', '{', '|', '>', '#']));
    let at = value.len() - begin.len() + shown;
    let (sign, rest) = value.split_at(at);
    match begin.trim_end() {
        "---" | "..." | "{}" | "[]" | "|" | ">" => value.to_owned(),
        _ => format!("{sign}{}", stars(rest)),
    }
}

/// Where the key with which a line begins ends, its colon included.
fn key_end(line: &str) -> Option<usize> {
    let start = line.len() - line.trim_start_matches([' ', '\t', '-']).len();
    let rest = &line[start..];
    let quote = rest.chars().next().filter(|first| ['"', '\''].contains(first));
    let word = match quote {
        Some(quote) => rest[1..].find(quote)? + 2,
        None => rest
            .char_indices()
            .find(|(at, char)| {
                char.is_whitespace() || (*char == ':' && rest[at + 1..].starts_with(char::is_whitespace))
            })
            .map_or(rest.len(), |(at, _)| at),
    };
    if quote.is_none() && rest.starts_with(['{', '[', '}', ']', '!', '&', '*', '|', '>']) {
        return None;
    }
    let colon = word + rest[word..].len() - rest[word..].trim_start_matches(' ').len();
    let after = rest[colon..].strip_prefix(':')?;
    (after.is_empty() || after.starts_with(char::is_whitespace)).then_some(start + colon + 1)
}

fn is_reference(text: &str) -> bool {
    let text = text.trim_matches(['"', '\'']);
    let inside = text.strip_prefix("${").and_then(|rest| rest.strip_suffix('}'));
    inside.is_some_and(|inside| !inside.contains('}') && template::is_reference(inside))
}

fn stars(text: &str) -> String {
    let mut stars = String::with_capacity(text.len());
    for char in text.chars() {
        if char.is_whitespace() {
            stars.push(char);
        } else {
            stars.extend(std::iter::repeat_n('*', char.len_utf8()));
        }
    }
    stars
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_covered_and_places_stay() {
        let text = "a: geheim\nclient_secret: ${var.s}\nb: a-geheim-b ${geheim}\n";
        let texts = BTreeSet::from(["geheim".to_owned()]);
        assert_eq!(cover(text, &[3..9, 25..33], &texts), text.replace("geheim", "******"));
        assert_eq!(cover("s: ${wort} x", &[3..10, 11..12], &BTreeSet::new()), "s: ******* *");
    }

    #[test]
    fn of_an_unreadable_text_only_keys_are_left() {
        for (text, shown) in [
            ("stack: shop\n", "stack: ****\n"),
            ("a:\n  - b: geheim\n  - geheim\n", "a:\n  - b: ******\n  - ******\n"),
            ("x: {id: 1, s: geheim\n", "x: {*** ** ** ******\n"),
            ("\"k v\": \"geheim\n geheim: x\"\nb: 1\n", "\"k v\": \"******\n ******* **\nb: *\n"),
            ("k: |\n  geheim: geheim\n\n  geheim\nb: 1", "k: |\n  ******* ******\n\n  ******\nb: *"),
            ("A=geheim\nä: ö\n---\n", "********\nä: **\n---\n"),
            ("k: 'geheim\nb: geheim\n'\nc: 1\n", "k: '******\n** ******\n*\nc: *\n"),
            ("- |\n  geheim: x\n- b: 1\n  c: 2\n", "- |\n  ******* *\n- b: *\n  c: *\n"),
            ("k: !geheim\n", "k: *******\n"),
        ] {
            assert_eq!(keys_only(text), shown);
            assert_eq!(keys_only(text).len(), text.len());
        }
    }
}
