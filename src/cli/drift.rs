//! `drift`: whether anybody changed live what was applied.

use super::plan::planned;
use super::{Exit, Files, Format, MayLack, Place, show};
use crate::plan::drift::Drift;
use crate::plan::work::Options;
use crate::view::drift;
use crate::view::json::{Document, Stack};
use crate::view::markdown::{self, Section, Shown};
use crate::view::printer::Printer;

pub(super) async fn run(files: &Files, place: &Place, format: Format, printer: &Printer) -> Exit {
    let options = Options { drift: true, ..Options::default() };
    let prepared = match planned(files, place, &options, MayLack::Secrets, printer).await {
        Ok(prepared) => prepared,
        Err(trouble) => return show::trouble("drift", &trouble, format, printer),
    };
    let shown = match format {
        Format::Text => {
            let style = printer.data_style();
            let texts = prepared.iter().map(|one| drift::drift(&one.planned.plan, one.took, &style));
            printer.data(&texts.collect::<Vec<String>>().join("\n"))
        }
        Format::Json => {
            let mut document = Document::new("drift");
            document.stacks = prepared.iter().map(|one| Stack::of_drift(&one.planned.plan, one.took)).collect();
            printer.document(&document)
        }
        Format::Markdown => {
            let section = |plan, took| Section { plan, shown: Shown::Drift, took };
            let sections: Vec<Section> = prepared.iter().map(|one| section(&one.planned.plan, one.took)).collect();
            printer.data(&markdown::document(&sections, &[]))
        }
    };
    let none = prepared.iter().all(|one| Drift::of(&one.planned.plan).is_none());
    if none { show::written(&shown) } else { Exit::Drift.max(show::written(&shown)) }
}
