//! Draws what is wrong with a file.

use crate::diagnostic::Diagnostic;

/// The findings, each with its place in the text.
#[must_use]
pub fn render(diagnostics: &[Diagnostic], _color: bool) -> String {
    diagnostics.iter().fold(String::new(), |text, diagnostic| text + &diagnostic.message + "\n")
}
