//! A stylesheet's outermost parts, as far as the rules for AWS's sign-in pages need them: what
//! stands before each block, and what stands outside of any. It takes any text.

use std::iter::Peekable;
use std::str::CharIndices;

/// An outermost part of a stylesheet.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// A block, by what stands before it.
    Rule(String),
    /// Text that no block follows.
    Statement(String),
    /// Something without an end.
    Open(&'static str),
}

/// The outermost parts of a stylesheet, in order, without comments.
pub(super) fn parts(text: &str) -> Vec<Part> {
    let mut found = Vec::new();
    let (bare, is_open) = without_comments(text);
    let mut prelude = String::new();
    let mut chars = bare.char_indices().peekable();
    while let Some((at, char)) = chars.next() {
        match char {
            '{' => {
                found.push(Part::Rule(std::mem::take(&mut prelude).trim().to_owned()));
                if !skip_block(&mut chars) {
                    found.push(Part::Open("a block"));
                }
            }
            ';' => statement(&mut found, &mut prelude),
            '}' => {
                statement(&mut found, &mut prelude);
                found.push(Part::Statement("}".to_owned()));
            }
            '"' | '\'' => {
                let end = skip_text(char, &mut chars).unwrap_or(bare.len());
                prelude.push_str(bare.get(at..end).unwrap_or_default());
            }
            char => prelude.push(char),
        }
    }
    statement(&mut found, &mut prelude);
    if is_open {
        found.push(Part::Open("a comment"));
    }
    found
}

fn statement(found: &mut Vec<Part>, prelude: &mut String) {
    let text = std::mem::take(prelude).trim().to_owned();
    if !text.is_empty() {
        found.push(Part::Statement(text));
    }
}

/// The text with a space for each comment, and whether the last one has no end.
fn without_comments(text: &str) -> (String, bool) {
    let mut bare = String::new();
    let mut chars = text.char_indices().peekable();
    while let Some((at, char)) = chars.next() {
        match char {
            '/' if chars.peek().is_some_and(|(_, next)| *next == '*') => {
                let Some(length) = text.get(at + 2..).and_then(|rest| rest.find("*/")) else { return (bare, true) };
                let end = at + 2 + length + 2;
                while chars.peek().is_some_and(|(next, _)| *next < end) {
                    chars.next();
                }
                bare.push(' ');
            }
            '"' | '\'' => {
                let end = skip_text(char, &mut chars).unwrap_or(text.len());
                bare.push_str(text.get(at..end).unwrap_or_default());
            }
            char => bare.push(char),
        }
    }
    (bare, false)
}

/// Goes to the end of a quoted text, which a line's end closes too, and says where that is.
fn skip_text(quote: char, chars: &mut Peekable<CharIndices>) -> Option<usize> {
    while let Some((_, char)) = chars.next() {
        match char {
            '\\' => drop(chars.next()),
            char if char == quote || char == '\n' => break,
            _ => {}
        }
    }
    chars.peek().map(|(at, _)| *at)
}

/// Goes behind the end of a block; whether it has one.
fn skip_block(chars: &mut Peekable<CharIndices>) -> bool {
    let mut depth = 1_usize;
    while let Some((_, char)) = chars.next() {
        match char {
            '{' => depth += 1,
            '}' if depth == 1 => return true,
            '}' => depth -= 1,
            '"' | '\'' => drop(skip_text(char, chars)),
            _ => {}
        }
    }
    false
}
