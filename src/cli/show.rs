//! How commands tell what came of them, in each of the formats.

use std::io;

use super::session::Trouble;
use super::{Exit, Format};
use crate::view::json::{self, Document};
use crate::view::printer::Printer;
use crate::view::{diagnostic, markdown, report};

/// The exit of a command whose last act was to write.
pub(super) fn written(result: &io::Result<()>) -> Exit {
    if result.is_ok() { Exit::Ok } else { Exit::Failure }
}

/// Tells what kept a command from its work.
pub(super) fn trouble(command: &'static str, trouble: &Trouble, format: Format, printer: &Printer) -> Exit {
    match format {
        Format::Text => tell(trouble, printer),
        Format::Json => {
            let mut document = Document::new(command);
            document.errors = errors(trouble);
            let _ = printer.document(&document);
        }
        Format::Markdown => {
            let _ = printer.data(&markdown::document(&[], &texts(trouble)));
            tell(trouble, printer);
        }
    }
    Exit::Failure
}

/// Tells of errors on stderr.
fn tell(trouble: &Trouble, printer: &Printer) {
    let style = printer.notes_style();
    if !trouble.diagnostics.is_empty() {
        printer.error(&diagnostic::render(&trouble.diagnostics, style.color));
    }
    for error in &trouble.errors {
        printer.error(&report::error(error, &style));
    }
}

/// All errors, for a document.
pub(super) fn errors(trouble: &Trouble) -> Vec<json::Error> {
    let diagnostics = trouble.diagnostics.iter().map(json::Error::from);
    diagnostics.chain(trouble.errors.iter().map(json::Error::from)).collect()
}

/// All errors, as text.
pub(super) fn texts(trouble: &Trouble) -> Vec<String> {
    let plain = crate::view::Style::default();
    let diagnostics = trouble.diagnostics.iter().map(|one| diagnostic::render(std::slice::from_ref(one), false));
    diagnostics.chain(trouble.errors.iter().map(|error| report::error(error, &plain))).collect()
}
