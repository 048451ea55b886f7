//! From what the work is done with to the types of the document. Here secret values are left
//! behind, and values that are not known yet become `{"unknown": true}`.

use std::time::Duration;

use serde_json::{Value, json};

use super::{Change, Drift, Error, Item, Left, Outcome, Report, Stack, StackPlan, Summary, Unmanaged};
use crate::diagnostic::Diagnostic;
use crate::error;
use crate::kind::Kind;
use crate::plan::{self, Action, Cause, Plan, StepResult, drift};
use crate::reference;
use crate::stack::Output;
use crate::view::report::address_of;
use crate::view::text::goes_along;
use crate::view::value;

impl Stack {
    /// A stack of which only the name is told.
    pub fn new(stack: impl Into<String>) -> Self {
        Self { stack: stack.into(), region: None, account: None, plan: None, drift: None, report: None, outputs: None }
    }

    /// A stack with its plan, and how long it took to read what is live.
    #[must_use]
    pub fn of_plan(plan: &Plan, took: Duration) -> Self {
        let shown = plan.items.iter().filter(|item| item.action != Action::Keep);
        Self {
            region: Some(plan.region.clone()),
            account: Some(plan.account.clone()),
            plan: Some(StackPlan {
                items: shown.map(Item::from).collect(),
                unmanaged: plan.unmanaged.iter().map(|child| Unmanaged::of(child, plan)).collect(),
                left: plan
                    .left
                    .iter()
                    .map(|(address, cause)| Left { address: address.to_string(), cause: cause.word() })
                    .collect(),
                notes: plan.notes.clone(),
                summary: Summary::from(plan),
                calls: plan.calls,
                milliseconds: milliseconds(took),
            }),
            ..Self::new(&plan.stack)
        }
    }

    /// A stack with what others did live, and how long it took to read that.
    #[must_use]
    pub fn of_drift(plan: &Plan, took: Duration) -> Self {
        let drift = drift::Drift::of(plan);
        let items = |items: &[&plan::Item]| items.iter().map(|item| Item::from(*item)).collect();
        Self {
            region: Some(plan.region.clone()),
            account: Some(plan.account.clone()),
            drift: Some(Drift {
                drifted: !drift.is_none(),
                changed: items(&drift.changed),
                deleted: items(&drift.deleted),
                not_live: items(&drift.not_live),
                unknown: items(&drift.unknown),
                lost: drift.lost.iter().map(ToString::to_string).collect(),
                unmanaged: drift.unmanaged.iter().map(|child| Unmanaged::of(child, plan)).collect(),
                pending: items(&drift.pending),
                notes: plan.notes.clone(),
                calls: plan.calls,
                milliseconds: milliseconds(took),
            }),
            ..Self::new(&plan.stack)
        }
    }

    /// The same, with what an apply or a destroy did.
    #[must_use]
    pub fn with_report(mut self, report: &plan::Report, took: Duration) -> Self {
        self.report = Some(Report {
            complete: report.is_complete(),
            items: report.outcomes.iter().map(Outcome::from).collect(),
            calls: report.calls,
            milliseconds: milliseconds(took),
        });
        self
    }

    /// The same, with its outputs.
    #[must_use]
    pub fn with_outputs(mut self, outputs: &[Output]) -> Self {
        let value = |output: &Output| if output.secret { json!({"secret": true}) } else { known(&output.value) };
        self.outputs = Some(outputs.iter().map(|output| (output.name.clone(), value(output))).collect());
        self
    }
}

impl From<&plan::Item> for Item {
    fn from(item: &plan::Item) -> Self {
        Self {
            address: item.address.to_string(),
            kind: item.kind.map_or("invoke permission", Kind::title),
            action: item.action.word_and_symbol().0,
            cause: item.cause.map(Cause::word),
            id: item.id.clone(),
            changes: item.changes.iter().map(Change::from).collect(),
            blocked: item.blocked.clone(),
            warnings: item.warnings.clone(),
            with_parent: item.with_parent,
        }
    }
}

impl Change {
    /// What is live of something that nobody declared.
    fn live_of(change: &plan::Change) -> Self {
        let Self { path, declared, secret, .. } = Self::from(change);
        Self { path, live: declared, declared: None, secret }
    }
}

impl From<&plan::Change> for Change {
    fn from(change: &plan::Change) -> Self {
        let shown = |value: &Option<Value>| value.as_ref().filter(|_| !change.secret).map(known);
        Self {
            path: value::path(&change.path),
            live: shown(&change.live),
            declared: shown(&change.declared),
            secret: change.secret,
        }
    }
}

impl Unmanaged {
    fn of(child: &plan::UnmanagedChild, plan: &Plan) -> Self {
        Self {
            address: child.address.to_string(),
            kind: child.kind.title(),
            id: child.id.clone(),
            with_parent: goes_along(child, plan),
            properties: child.properties.iter().map(Change::live_of).collect(),
        }
    }
}

impl From<&Plan> for Summary {
    fn from(plan: &Plan) -> Self {
        Self {
            create: plan.count(Action::Create),
            update: plan.count(Action::Update),
            adopt: plan.count(Action::Adopt),
            replace: plan.count(Action::Replace),
            delete: plan.count(Action::Delete),
            release: plan.count(Action::Release),
            blocked: plan.count(Action::Blocked),
            keep: plan.count(Action::Keep),
        }
    }
}

impl From<&plan::Outcome> for Outcome {
    fn from(outcome: &plan::Outcome) -> Self {
        let (result, because, error) = match &outcome.result {
            StepResult::Done => ("done", None, None),
            StepResult::Failed(error) => ("failed", None, Some(Error::from(error))),
            StepResult::NotTried(cause) => ("not-tried", Some(cause.to_string()), None),
            StepResult::Interrupted => ("interrupted", None, None),
        };
        let action = outcome.action.word_and_symbol().0;
        Self { address: outcome.address.to_string(), action, result, because, error }
    }
}

impl From<&error::Error> for Error {
    fn from(error: &error::Error) -> Self {
        let address = address_of(error).map(ToString::to_string);
        match error {
            error::Error::Aws(error) => Self {
                message: error.message.clone(),
                address,
                operation: Some(error.operation),
                code: error.code.clone(),
                request_id: error.request_id.clone(),
                ambiguous: error.ambiguous,
                help: error.help.clone(),
                ..Self::default()
            },
            error::Error::Refused { message, help, .. } => {
                Self { message: message.clone(), address, help: help.clone(), ..Self::default() }
            }
        }
    }
}

impl From<&Diagnostic> for Error {
    fn from(diagnostic: &Diagnostic) -> Self {
        let place = diagnostic.span.as_ref().map(|_| diagnostic.line_column());
        Self {
            message: diagnostic.message.clone(),
            file: Some(diagnostic.source.path.display().to_string()),
            line: place.map(|(line, _)| line),
            column: place.map(|(_, column)| column),
            help: diagnostic.help.clone(),
            ..Self::default()
        }
    }
}

/// The value with `{"unknown": true}` for each part that is not known yet.
fn known(value: &Value) -> Value {
    match value {
        Value::String(_) if reference::is_open(value) => json!({"unknown": true}),
        Value::Array(items) => items.iter().map(known).collect(),
        Value::Object(map) => {
            Value::Object(map.iter().map(|(key, value)| (reference::display(key), known(value))).collect())
        }
        other => other.clone(),
    }
}

fn milliseconds(took: Duration) -> u64 {
    u64::try_from(took.as_millis()).unwrap_or(u64::MAX)
}
