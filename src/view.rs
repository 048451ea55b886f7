//! All that a user sees. The parts below are functions from values to text, but for [`printer`],
//! which is the only one that writes, and [`progress`], which draws while something is going on.
//!
//! | module | what it is about |
//! |---|---|
//! | [`printer`], [`scrub`] | stdout and stderr, colour, the question; keeping secrets out of both |
//! | [`progress`] | what happens, as it happens |
//! | [`text`], [`report`] | plans; what was done, and errors, as a person reads them |
//! | [`drift`] | what others did live |
//! | [`json`] | the same as one document for programs |
//! | [`markdown`] | the same as a comment on a pull request |
//! | [`outputs`] | a stack's outputs as text and for a shell |
//! | [`diagnostic`] | what is wrong with a file |
//!
//! Text is made in three layers: `value` turns a value into a few words, `change` one difference
//! into `line`s, and `text` a plan into blocks of lines. Markdown draws the same lines.

mod change;
pub mod diagnostic;
pub mod drift;
pub mod json;
mod line;
pub mod markdown;
pub mod outputs;
pub mod printer;
pub mod progress;
#[cfg(test)]
mod properties;
pub mod report;
#[cfg(test)]
mod sample;
pub mod scrub;
pub mod text;
mod value;

use std::time::Duration;

/// How text is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// Whether with colour. All that colour says stands there in words too.
    pub color: bool,
    /// How many columns there are. Addresses and ids are never cut or wrapped, whatever the width.
    pub width: usize,
}

impl Default for Style {
    fn default() -> Self {
        Self { color: false, width: 80 }
    }
}

/// A duration in the unit that a person would use: `340 ms`, `1.2 s`, `2 min 5 s`.
fn duration(took: Duration) -> String {
    let milliseconds = took.as_millis();
    match milliseconds {
        0..1_000 => format!("{milliseconds} ms"),
        1_000..60_000 => format!("{}.{} s", milliseconds / 1_000, milliseconds % 1_000 / 100),
        _ => format!("{} min {} s", milliseconds / 60_000, milliseconds % 60_000 / 1_000),
    }
}

/// A count with its noun: `1 API call`, `2 API calls`.
fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}
