//! `output`: what the stacks give to others, from what is live.

use super::apply::resolve;
use super::plan::planned;
use super::session::Trouble;
use super::{Exit, Files, Format, MayLack, OutputFormat, Place, show};
use crate::error::Error;
use crate::plan::work::Options;
use crate::reference;
use crate::stack::Output;
use crate::view::json::{Document, Stack};
use crate::view::outputs::Format as Form;
use crate::view::printer::Printer;

pub(super) async fn run(files: &Files, place: &Place, format: OutputFormat, printer: &Printer) -> Exit {
    let other = if format == OutputFormat::Json { Format::Json } else { Format::Text };
    let prepared = match planned(files, place, &Options::default(), MayLack::Secrets, printer).await {
        Ok(prepared) => prepared,
        Err(trouble) => return show::trouble("output", &trouble, other, printer),
    };
    let all: Vec<(String, Vec<Output>)> =
        prepared.iter().map(|one| (one.stack.identity(), resolve(&one.stack, &one.planned.known))).collect();
    let mut trouble = Trouble::default();
    for (stack, outputs) in &all {
        let open = outputs.iter().filter(|output| reference::is_open(&output.value));
        let (lacking, open): (Vec<&Output>, Vec<&Output>) = open.partition(|output| {
            reference::in_value(&output.value).iter().any(|(_, reference)| reference.is_not_given())
        });
        let (lacking, open) = (names(&lacking), names(&open));
        if !lacking.is_empty() {
            trouble.errors.push(Error::refused(format!(
                "outputs of stack {stack} need secrets that are not given: {}",
                lacking.join(", ")
            )));
        }
        if !open.is_empty() {
            trouble.errors.push(
                Error::refused(format!("stack {stack} is not live as far as these outputs need: {}", open.join(", ")))
                    .with_help("apply it first"),
            );
        }
    }
    let written = show::written(&match format {
        OutputFormat::Json => {
            let mut document = Document::new("output");
            document.stacks =
                all.iter().map(|(stack, outputs)| Stack::new(stack.clone()).with_outputs(outputs)).collect();
            document.errors = show::errors(&trouble);
            printer.document(&document)
        }
        OutputFormat::Text => all.iter().try_for_each(|(_, outputs)| printer.outputs(outputs, Form::Text)),
        OutputFormat::Env => all.iter().try_for_each(|(_, outputs)| printer.outputs(outputs, Form::Env)),
    });
    if trouble.is_none() {
        return written;
    }
    // What is known is printed all the same.
    if format != OutputFormat::Json {
        show::trouble("output", &trouble, other, printer);
    }
    Exit::Failure
}

fn names<'a>(outputs: &[&'a Output]) -> Vec<&'a str> {
    outputs.iter().map(|output| output.name.as_str()).collect()
}
