//! Texts with references in them: `https://${var.host}/`. Inside a reference there may stand
//! another one, `${userPools.main.domains["${var.domain}"].url}`; `$${` is a plain `${`.

use crate::kind::Kind;

/// How deep references may stand in each other.
const MAX_DEPTH: usize = 8;

/// A part of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// Text as it is.
    Text(String),
    /// What stands between `${` and `}`.
    Reference(String),
}

/// Splits a text at its references.
///
/// # Errors
/// A `${` that is not closed, or holds others nested without reason: the text from there on.
pub fn parse(text: &str) -> Result<Vec<Piece>, String> {
    let mut pieces = Vec::new();
    let mut plain = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("${") {
        let (before, from) = rest.split_at(at);
        if let Some(escaped) = before.strip_suffix('$') {
            plain.push_str(escaped);
            plain.push_str("${");
            rest = &from[2..];
            continue;
        }
        plain.push_str(before);
        let inside = &from[2..];
        let end = closing(inside).ok_or_else(|| from.to_owned())?;
        if !plain.is_empty() {
            pieces.push(Piece::Text(std::mem::take(&mut plain)));
        }
        pieces.push(Piece::Reference(inside[..end].to_owned()));
        rest = &inside[end + 1..];
    }
    plain.push_str(rest);
    if !plain.is_empty() {
        pieces.push(Piece::Text(plain));
    }
    Ok(pieces)
}

/// A text as it is written in a file, where it is to stand for itself.
#[must_use]
pub fn escape(text: &str) -> String {
    text.replace("${", "$${")
}

/// Where the `}` is that closes a reference, other references inside of it skipped.
fn closing(text: &str) -> Option<usize> {
    let mut inner = 0_usize;
    let mut before = ' ';
    for (at, char) in text.char_indices() {
        match char {
            '{' if before == '$' && inner == MAX_DEPTH => return None,
            '{' if before == '$' => inner += 1,
            '}' if inner == 0 => return Some(at),
            '}' => inner -= 1,
            _ => {}
        }
        before = char;
    }
    None
}

/// Whether what stands between `${` and `}` has the form of a reference, so that it is no text of
/// its own.
#[must_use]
pub fn is_reference(inside: &str) -> bool {
    const SOURCES: &[&str] = &["var.", "stack.", "aws.", "env:", "file:", "ssm:", "secretsmanager:"];
    SOURCES.iter().any(|source| inside.starts_with(source))
        || inside
            .split_once(['.', '['])
            .and_then(|(section, _)| Kind::of_section(section))
            .is_some_and(|kind| kind.parent().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_split_at_their_references() {
        let text = |text: &str| Piece::Text(text.to_owned());
        let reference = |text: &str| Piece::Reference(text.to_owned());
        for (written, pieces) in [
            ("", vec![]),
            ("plain $5 {x}", vec![text("plain $5 {x}")]),
            ("${var.a}", vec![reference("var.a")]),
            ("a${var.b}c${d}", vec![text("a"), reference("var.b"), text("c"), reference("d")]),
            ("$${var.a}", vec![text("${var.a}")]),
            ("a$${${b}", vec![text("a${"), reference("b")]),
            ("${a[\"${var.b}\"].c}!", vec![reference("a[\"${var.b}\"].c"), text("!")]),
        ] {
            assert_eq!(parse(written), Ok(pieces), "{written}");
        }
        assert_eq!(parse("a ${var.b"), Err("${var.b".to_owned()));
        assert_eq!(parse("${a${b}"), Err("${a${b}".to_owned()));
    }
}
