//! Keeps secrets that stand in a file as they are out of what is shown of the file. They are
//! covered in the text that diagnostics show, byte for byte, so that places stay what they are.

use std::ops::Range;

use super::check::sounds_secret;

/// The text with the bytes in `spans` covered. What is nothing but a reference stays: it says
/// where the secret is, not what it is.
#[must_use]
pub fn cover(text: &str, spans: &[Range<usize>]) -> String {
    let mut covered = text.to_owned();
    for span in spans {
        let Some(slice) = text.get(span.clone()) else { continue };
        if !is_reference(slice) {
            covered.replace_range(span.clone(), &stars(slice));
        }
    }
    covered
}

/// The text of a file that cannot be read, so that nobody can tell which values are secrets: all
/// that stands behind a key that sounds like one is covered.
#[must_use]
pub fn cover_by_sound(text: &str) -> String {
    let mut covered = String::with_capacity(text.len());
    // How far in the key stands whose value may go on in the lines below it.
    let mut inside: Option<usize> = None;
    for line in text.split_inclusive('\n') {
        let indent = line.len() - line.trim_start().len();
        if inside.is_some_and(|key| indent > key || line.trim().is_empty()) {
            covered.push_str(&stars(line));
            continue;
        }
        let secret_from = line.match_indices(':').map(|(at, _)| at).find(|at| {
            let key = line[..*at].rsplit(['{', ',', ' ', '\t']).next().unwrap_or_default();
            sounds_secret(key)
        });
        inside = secret_from.is_some().then_some(indent);
        match secret_from.map(|at| line.split_at(at + 1)) {
            Some((key, value)) if !is_reference(value.trim()) => {
                covered.push_str(key);
                covered.push_str(&stars(value));
            }
            _ => covered.push_str(line),
        }
    }
    covered
}

fn is_reference(text: &str) -> bool {
    let text = text.trim_matches(['"', '\'']);
    text.starts_with("${") && text.find('}') == Some(text.len() - 1)
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
        let text = "a: geheim\nclient_secret: ${var.s}\nprivate_key: |\n  eins\n  zwei\nb: 1\n";
        assert_eq!(cover(text, &[3..9, 25..33]), text.replace("geheim", "******"));
        let covered = cover_by_sound(text);
        assert_eq!(covered.len(), text.len());
        assert!(covered.contains("${var.s}") && covered.ends_with("b: 1\n"), "{covered}");
        assert!(!covered.contains("eins") && !covered.contains("zwei"), "{covered}");
        assert!(!cover_by_sound("x: {id: 1, clientSecret: geheim\n").contains("geheim"));
    }
}
