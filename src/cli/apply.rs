//! `apply` and `destroy`: plan, ask, do, and look at what came of it.

use std::io::IsTerminal;
use std::time::{Duration, Instant};

use tokio_util::sync::CancellationToken;

use super::confirm::{self, Signal, Signals};
use super::plan::{planned, show_text};
use super::session::{Prepared, Trouble};
use super::{Consent, Doing, Exit, Format, MayLack, show};
use crate::engine::{self, Done};
use crate::error::Error;
use crate::event::Events;
use crate::plan::known::Known;
use crate::plan::work::{Options, Work};
use crate::plan::{Plan, Report};
use crate::stack::{Output, Stack};
use crate::view::json::{self, Document};
use crate::view::markdown::{self, Section, Shown};
use crate::view::outputs::{Format as OutputForm, outputs};
use crate::view::printer::Printer;
use crate::view::{progress, report};

/// A stack whose plan was carried out, or had nothing in it.
struct Applied {
    plan: Plan,
    planning: Duration,
    report: Report,
    took: Duration,
    outputs: Vec<Output>,
}

pub(super) async fn run(command: &'static str, doing: Doing, options: &Options, printer: &Printer) -> Exit {
    let Doing { files, place, limits: _, consent } = doing;
    let signals = Signal::listen();
    // What goes is not compared.
    let may_lack = if options.destroy { MayLack::Secrets } else { MayLack::Nothing };
    // Nothing was written yet, so there is nothing to finish.
    let prepared = tokio::select! {
        biased;
        prepared = planned(&files, &place, options, may_lack, printer) => prepared,
        signal = signals.first() => {
            let trouble = Trouble::from(Error::refused("the run was interrupted, so nothing was done"));
            return show::trouble(command, &trouble, consent.format, printer).max(signal.into());
        }
    };
    let prepared = match prepared {
        Ok(prepared) => prepared,
        Err(trouble) => return show::trouble(command, &trouble, consent.format, printer),
    };
    let text = consent.format == Format::Text;
    let refusal = if text && show_text(&prepared, printer).is_err() {
        Some(Error::refused("the plan cannot be written, so nothing was done"))
    } else {
        refusal(command, &prepared, &consent, &signals, printer)
    };
    if let Some(error) = refusal {
        return refused(command, &prepared, error, consent.format, printer);
    }
    let work = async {
        let mut applied = Vec::new();
        for one in prepared {
            applied.push(carry_out(one, signals.token(), (options.destroy, consent.yes), printer).await);
        }
        applied
    };
    let notice = async {
        signals.first().await;
        printer.note("Interrupted: what is under way is finished, and nothing else begins. Once more ends it at once.");
        std::future::pending().await
    };
    let applied: Vec<Applied> = tokio::select! {
        biased;
        applied = work => applied,
        never = notice => never,
    };
    let complete = applied.iter().all(|one| one.report.is_complete());
    let shown = tell(command, &applied, consent.format, printer);
    let exit = match signals.received() {
        Some(signal) => signal.into(),
        None if complete => Exit::Ok,
        None => Exit::Failure,
    };
    exit.max(show::written(&shown))
}

/// Why the plans are not carried out, if they are not.
fn refusal(
    command: &str,
    prepared: &[Prepared],
    consent: &Consent,
    signals: &Signals,
    printer: &Printer,
) -> Option<Error> {
    let plans = || prepared.iter().map(|one| &one.planned.plan);
    if plans().any(Plan::is_blocked) {
        return Some(Error::refused("the plan is blocked, so nothing was done"));
    }
    if consent.yes || !plans().any(Plan::has_changes) {
        return None;
    }
    if !std::io::stdin().is_terminal() {
        return Some(
            Error::refused("nothing was done, since there is no terminal to ask on")
                .with_help(format!("say --yes to {command} without being asked")),
        );
    }
    match confirm::ask(command, signals, printer) {
        Ok(true) => None,
        _ => Some(Error::refused("nothing was done")),
    }
}

fn refused(command: &'static str, prepared: &[Prepared], error: Error, format: Format, printer: &Printer) -> Exit {
    let trouble = Trouble::from(error);
    match format {
        Format::Text => return show::trouble(command, &trouble, format, printer),
        Format::Json => {
            let mut document = Document::new(command);
            document.stacks = prepared.iter().map(|one| json::Stack::of_plan(&one.planned.plan, one.took)).collect();
            document.errors = show::errors(&trouble);
            let _ = printer.document(&document);
        }
        Format::Markdown => {
            let sections: Vec<Section> = prepared.iter().map(Prepared::section).collect();
            let _ = printer.data(&markdown::document(&sections, &show::texts(&trouble)));
        }
    }
    Exit::Failure
}

/// Carries out one plan, with progress shown meanwhile.
async fn carry_out(
    prepared: Prepared,
    cancel: CancellationToken,
    (destroy, yes): (bool, bool),
    printer: &Printer,
) -> Applied {
    let Prepared { aws, stack, planned, packages, took: planning } = prepared;
    let plan = planned.plan.clone();
    let begin = Instant::now();
    // A stale ledger is put right along the way; by itself it is no change that a yes is asked for.
    let stale = yes && planned.work.iter().any(|work| work.stale);
    let busy = planned.work.iter().any(Work::is_under_way);
    let (report, known) = if plan.has_changes() || stale || busy {
        let (events, receiver) = Events::channel();
        let aws = aws.telling(events);
        let work = async {
            let aws = aws;
            engine::execute(&aws, &stack, planned, packages, cancel).await
        };
        let (Done { report, known }, ()) = tokio::join!(work, progress::show(receiver, printer));
        (report, known)
    } else {
        (Report { outcomes: Vec::new(), calls: aws.calls() }, planned.known)
    };
    let outputs = if destroy || !report.is_complete() { Vec::new() } else { resolve(&stack, &known) };
    Applied { plan, planning, report, took: begin.elapsed(), outputs }
}

/// A stack's outputs with what is known filled in.
pub(super) fn resolve(stack: &Stack, known: &Known) -> Vec<Output> {
    stack.outputs.iter().map(|output| Output { value: known.fill_in(&output.value), ..output.clone() }).collect()
}

fn tell(command: &'static str, applied: &[Applied], format: Format, printer: &Printer) -> std::io::Result<()> {
    match format {
        Format::Text => {
            let style = printer.data_style();
            for one in applied {
                if one.plan.has_changes() || !one.report.is_complete() {
                    printer.data(&format!("\n{}", report::report(&one.report, &one.plan, one.took, &style)))?;
                }
                if !one.outputs.is_empty() {
                    printer.data(&format!("\n{}", outputs(&one.outputs, OutputForm::Text)))?;
                }
            }
            Ok(())
        }
        Format::Json => {
            let mut document = Document::new(command);
            document.stacks = applied
                .iter()
                .map(|one| {
                    json::Stack::of_plan(&one.plan, one.planning)
                        .with_report(&one.report, one.took)
                        .with_outputs(&one.outputs)
                })
                .collect();
            printer.document(&document)
        }
        Format::Markdown => {
            let sections: Vec<Section> = applied
                .iter()
                .map(|one| Section { plan: &one.plan, shown: Shown::Report(&one.report), took: one.took })
                .collect();
            printer.data(&markdown::document(&sections, &[]))
        }
    }
}
