//! What an apply or a destroy did, and errors, as a person reads them: what was done, what failed
//! with all that AWS said about it, and what was not tried because of that.

use std::time::Duration;

use super::line::{Line, Role, draw, paragraph};
use super::text::{Block, calls, head, joined, spaced, title};
use super::{Style, value};
use crate::error::Error;
use crate::export::Export;
use crate::path::Path;
use crate::plan::{Action, Outcome, Plan, Report, StepResult};

/// What an apply or a destroy did.
#[must_use]
pub fn report(report: &Report, plan: &Plan, took: Duration, style: &Style) -> String {
    let outcomes = spaced(outcomes(report, plan, style).into_iter().map(|block| block.lines).collect());
    let role = if report.is_complete() { Role::Plain } else { Role::Fault };
    let sums = Line::default().push(role, summary(report));
    joined(&[vec![head(plan)], outcomes, vec![sums, calls(report.calls, took)]], style)
}

/// What is good to know of an exported file, a paragraph each.
#[must_use]
pub fn export(export: &Export) -> Vec<String> {
    let mut notes = export.notes.clone();
    if !export.secrets.is_empty() {
        let names: Vec<&str> = export.secrets.iter().map(|secret| secret.variable.as_str()).collect();
        let what = if names.len() == 1 { "this variable" } else { "these variables" };
        notes.push(format!("set {what} of the environment before a plan: {}", names.join(", ")));
    }
    notes
}

/// One error: what it is about, what AWS said, the way out.
#[must_use]
pub fn error(error: &Error, style: &Style) -> String {
    let address = address_of(error).map_or(String::new(), |address| format!("{}: ", value::path(address)));
    let mut lines = paragraph(0, "error: ", Role::Fault, &(address + &headline(error)), style);
    lines.extend(details(error, 2, style));
    draw(&lines, style)
}

/// What became of the resources that had something to do.
pub(super) fn outcomes(report: &Report, plan: &Plan, style: &Style) -> Vec<Block> {
    report.outcomes.iter().map(|outcome| Block { items: 1, lines: self::outcome(outcome, plan, style) }).collect()
}

fn outcome(outcome: &Outcome, plan: &Plan, style: &Style) -> Vec<Line> {
    let id = plan.items.iter().find(|item| item.address == outcome.address).and_then(|item| item.id.as_deref());
    let (word, symbol) = outcome.action.word_and_symbol();
    let titled = |symbol, word, role, suffix: &str| {
        title(symbol, &format!("{word:<9}"), role, &outcome.address, id, suffix, style)
    };
    match &outcome.result {
        StepResult::Done => titled(symbol, past(outcome.action), Role::of(outcome.action), ""),
        StepResult::Failed(error) => {
            let mut lines = titled('!', "failed", Role::Fault, &format!("to {word}"));
            lines.extend(paragraph(4, "", Role::Plain, &headline(error), style));
            lines.extend(details(error, 4, style));
            lines
        }
        StepResult::NotTried(cause) => {
            let mut lines = titled('·', "not tried", Role::Quiet, &format!("to {word}"));
            lines.push(Line::at(4).push(Role::Plain, format!("because {} failed", value::path(cause))));
            lines
        }
        StepResult::Interrupted => {
            titled('·', "not tried", Role::Quiet, &format!("to {word}: the run was interrupted"))
        }
    }
}

/// What a run came to, in one sentence.
pub(super) fn summary(report: &Report) -> String {
    let count = |wanted: &dyn Fn(&Outcome) -> bool| report.outcomes.iter().filter(|outcome| wanted(outcome)).count();
    let done = |action| count(&|outcome| outcome.action == action && matches!(outcome.result, StepResult::Done));
    let parts: Vec<String> = [
        (done(Action::Create), "created"),
        (done(Action::Update), "updated"),
        (done(Action::Adopt), "adopted"),
        (done(Action::Replace), "replaced"),
        (done(Action::Delete), "deleted"),
        (done(Action::Release), "released"),
        (count(&|outcome| matches!(outcome.result, StepResult::Failed(_))), "failed"),
        (count(&|outcome| matches!(outcome.result, StepResult::NotTried(_))), "not tried"),
        (count(&|outcome| matches!(outcome.result, StepResult::Interrupted)), "not started"),
    ]
    .into_iter()
    .filter(|(count, _)| *count > 0)
    .map(|(count, word)| format!("{count} {word}"))
    .collect();
    if parts.is_empty() { "Nothing to do.".to_owned() } else { format!("{}.", parts.join(", ")) }
}

/// The word for an action that was done.
pub(super) fn past(action: Action) -> &'static str {
    match action {
        Action::Keep => "kept",
        Action::Create => "created",
        Action::Update => "updated",
        Action::Adopt => "adopted",
        Action::Replace => "replaced",
        Action::Delete => "deleted",
        Action::Release => "released",
        Action::Blocked => "blocked",
    }
}

/// The resource that an error is about.
pub(super) fn address_of(error: &Error) -> Option<&Path> {
    match error {
        Error::Aws(error) => error.address.as_ref(),
        Error::Refused { address, .. } => address.as_ref(),
    }
}

/// What went wrong, without the request id, which stands on a line of its own.
fn headline(error: &Error) -> String {
    match error {
        Error::Aws(error) => match &error.code {
            Some(code) => format!("{} failed with {code}: {}", error.operation, error.message),
            None => format!("{} failed: {}", error.operation, error.message),
        },
        Error::Refused { message, .. } => message.clone(),
    }
}

fn details(error: &Error, indent: usize, style: &Style) -> Vec<Line> {
    let (request_id, ambiguous, help) = match error {
        Error::Aws(error) => (error.request_id.as_deref(), error.ambiguous, error.help.as_deref()),
        Error::Refused { help, .. } => (None, false, help.as_deref()),
    };
    let mut lines = Vec::new();
    if ambiguous {
        lines.push(Line::at(indent).push(Role::Plain, "The call may have had its effect all the same."));
    }
    lines.extend(request_id.into_iter().flat_map(|id| paragraph(indent, "request id: ", Role::Quiet, id, style)));
    lines.extend(help.into_iter().flat_map(|help| paragraph(indent, "help: ", Role::Help, help, style)));
    lines
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    #[test]
    fn a_report_says_what_was_done_and_what_was_not() {
        let text = report(&sample::report(), &sample::full(), sample::TOOK, &Style::default());
        insta::assert_snapshot!(text, @r#"
        shop/prod in us-east-2, account 123456789012

        ~ updated    userPools.customers (us-east-2_AbCdEfGhI)

        ! failed     userPools.customers.clients.web, to create
            CreateUserPoolClient failed with InvalidParameterException: 1 validation
              error detected: Value '[ALLOW_REFRESH_TOKEN_AUTH]' at 'explicitAuthFlows'
              cannot be used with refresh token rotation
            request id: f5b1a9d2-6a1e-4c0e-9f55-0c2f3e0b7a11
            help: take ALLOW_REFRESH_TOKEN_AUTH out, or turn `refreshTokenRotation`
              off

        + created    userPools.customers.groups.admins

        · not tried  identityPools.app, to update
            because userPools.customers.clients.web failed

        · not tried  userPools.old (us-east-2_StUvWxYzA)
            to delete: the run was interrupted

        1 created, 1 updated, 1 failed, 1 not tried, 1 not started.
        31 API calls in 1.2 s.
        "#);
    }

    #[test]
    fn an_error_of_aws_is_told_in_full() {
        insta::assert_snapshot!(error(&sample::aws_error(), &Style::default()), @r#"
        error: userPools.customers.clients.web: CreateUserPoolClient failed with
          InvalidParameterException: 1 validation error detected: Value
          '[ALLOW_REFRESH_TOKEN_AUTH]' at 'explicitAuthFlows' cannot be used with
          refresh token rotation
          request id: f5b1a9d2-6a1e-4c0e-9f55-0c2f3e0b7a11
          help: take ALLOW_REFRESH_TOKEN_AUTH out, or turn `refreshTokenRotation` off
        "#);
    }
}
