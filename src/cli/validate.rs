//! `validate`: the files alone.

use super::session::load_all;
use super::{Exit, Files, Format, MayLack, show};
use crate::view::json::{Document, Stack};
use crate::view::printer::Printer;

pub(super) fn run(files: &Files, format: Format, printer: &Printer) -> Exit {
    let stacks = match load_all(files, MayLack::All, printer) {
        Ok(stacks) => stacks,
        Err(trouble) => return show::trouble("validate", &trouble, format, printer),
    };
    let line = |stack: &crate::stack::Stack| {
        let count = stack.resources.len();
        let resources = if count == 1 { "resource" } else { "resources" };
        format!("{}: {count} {resources}, no fault found\n", stack.source.path.display())
    };
    let listed = |bullet: &str| stacks.iter().fold(String::new(), |text, stack| text + bullet + &line(stack));
    show::written(&match format {
        Format::Text => printer.data(&listed("")),
        Format::Markdown => printer.data(&listed("- ")),
        Format::Json => {
            let mut document = Document::new("validate");
            document.stacks = stacks.iter().map(|stack| Stack::new(stack.identity())).collect();
            printer.document(&document)
        }
    })
}
