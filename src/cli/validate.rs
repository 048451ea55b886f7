//! `validate`: the files alone.

use super::session::load_all;
use super::{Exit, Files, Format, show};
use crate::view::json::{Document, Stack};
use crate::view::printer::Printer;

pub(super) fn run(files: &Files, format: Format, printer: &Printer) -> Exit {
    let stacks = match load_all(files, true, printer) {
        Ok(stacks) => stacks,
        Err(trouble) => return show::trouble("validate", &trouble, format, printer),
    };
    let lines = stacks
        .iter()
        .map(|stack| format!("{}: {} resources, no fault found\n", stack.source.path.display(), stack.resources.len()));
    show::written(match format {
        Format::Text => printer.data(&lines.collect::<String>()),
        Format::Markdown => printer.data(&lines.map(|line| format!("- {line}")).collect::<String>()),
        Format::Json => {
            let mut document = Document::new("validate");
            document.stacks = stacks.iter().map(|stack| Stack::new(stack.identity())).collect();
            printer.document(&document)
        }
    })
}
