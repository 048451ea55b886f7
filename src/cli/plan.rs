//! `plan`: what apply would do.

use super::session::{Prepared, Trouble, load_all, prepare};
use super::{Exit, Files, Format, MayLack, Place, show};
use crate::event::Events;
use crate::plan::work::Options;
use crate::view::json::{Document, Stack};
use crate::view::markdown::{self, Section};
use crate::view::printer::Printer;
use crate::view::{progress, text};

pub(super) async fn run(
    files: &Files,
    place: &Place,
    options: &Options,
    may_lack: MayLack,
    format: Format,
    printer: &Printer,
) -> Exit {
    let prepared = match planned(files, place, options, may_lack, printer).await {
        Ok(prepared) => prepared,
        Err(trouble) => return show::trouble("plan", &trouble, format, printer),
    };
    let shown = match format {
        Format::Text => show_text(&prepared, printer),
        Format::Json => {
            let mut document = Document::new("plan");
            document.stacks = prepared.iter().map(|one| Stack::of_plan(&one.planned.plan, one.took)).collect();
            printer.document(&document)
        }
        Format::Markdown => {
            let sections: Vec<Section> = prepared.iter().map(Prepared::section).collect();
            printer.data(&markdown::document(&sections, &[]))
        }
    };
    exit(&prepared).max(show::written(&shown))
}

/// The plans of all stacks, with progress shown while they are made.
pub(super) async fn planned(
    files: &Files,
    place: &Place,
    options: &Options,
    may_lack: MayLack,
    printer: &Printer,
) -> Result<Vec<Prepared>, Trouble> {
    let stacks = load_all(files, may_lack, printer)?;
    let (events, receiver) = Events::channel();
    // The events' channel closes when the clients that send them are gone, so what is prepared gets
    // clients that tell nobody; `apply` gives them a channel of their own.
    let work = async {
        let prepared = prepare(stacks, place, options, events, printer).await;
        prepared.map(|all| all.into_iter().map(Prepared::silent).collect())
    };
    tokio::join!(work, progress::show(receiver, printer)).0
}

/// Prints plans as text.
pub(super) fn show_text(prepared: &[Prepared], printer: &Printer) -> std::io::Result<()> {
    let style = printer.data_style();
    let texts: Vec<String> = prepared.iter().map(|one| text::plan(&one.planned.plan, one.took, &style)).collect();
    printer.data(&texts.join("\n"))
}

/// What plans end with: 1 where anything is blocked, else 2 where anything changes.
fn exit(prepared: &[Prepared]) -> Exit {
    let plans = || prepared.iter().map(|one| &one.planned.plan);
    if plans().any(crate::plan::Plan::is_blocked) {
        Exit::Failure
    } else if plans().any(crate::plan::Plan::has_changes) {
        Exit::Changes
    } else {
        Exit::Ok
    }
}
