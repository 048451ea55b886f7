//! Any stack to any stack, in a sandbox with AWS's rules.

use poolkeeper::aws::Aws;
use poolkeeper::engine::{self, Done};
use poolkeeper::path::Path;
use poolkeeper::plan::work::{Options, Planned};
use poolkeeper::plan::{Action, Cause, Plan, Report};
use poolkeeper::read::Shared;
use poolkeeper::stack::{Resource, Stack};
use poolkeeper::survey::{Survey, survey};
use poolkeeper::view::diagnostic;
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use crate::forbidden::Forbidden;
use crate::generate::triggers::FOREIGN;
use crate::lab::{Lab, show_plan, show_report, writes};
use crate::many::{many, pairs};
use crate::next::Next;
use crate::planned::{two_stacks, two_stacks_apart};
use crate::stack_file::{REGION, StackFile};
use crate::written;

/// A function of other hands, with a version and an alias.
pub(crate) fn foreign(lab: &Lab) {
    use poolkeeper::sandbox::ACCOUNT;
    use poolkeeper::sandbox::state::Function;
    let body = |more: Value| {
        let mut body = json!({
            "FunctionName": "foreign", "FunctionArn": FOREIGN, "Runtime": "python3.13", "Handler": "index.handler",
            "Role": "arn:aws:iam::123456789012:role/foreign", "Version": "$LATEST", "RevisionId": "1",
        });
        body.as_object_mut().expect("a body").extend(more.as_object().cloned().unwrap_or_default());
        body.as_object().cloned().unwrap_or_default()
    };
    lab.sandbox.meddle(|state| {
        let region = state.accounts.entry(ACCOUNT.to_owned()).or_default().entry(REGION.to_owned()).or_default();
        let mut function = Function { body: body(json!({})), published: 7, ..Function::default() };
        let version = body(json!({"FunctionArn": format!("{FOREIGN}:7"), "Version": "7"}));
        function.versions.insert("7".to_owned(), version);
        let alias = body(json!({"AliasArn": format!("{FOREIGN}:live"), "Name": "live", "FunctionVersion": "7"}));
        function.aliases.insert("live".to_owned(), alias);
        region.functions.insert("foreign".to_owned(), function);
    });
}

/// A sandbox, and the tool's way into it.
pub(crate) struct Trial {
    pub(crate) lab: Lab,
    aws: Aws,
}

impl Trial {
    /// One that holds what the stacks name and do not make.
    pub(crate) async fn new() -> Result<Self, String> {
        let lab = Lab { region: REGION, ..Lab::new() };
        let aws = lab.connect().await.map_err(|error| format!("{error:?}"))?;
        foreign(&lab);
        Ok(Self { lab, aws })
    }

    /// The stack of a file, if it is without fault.
    pub(crate) fn load(&self, file: &StackFile) -> Result<Stack, String> {
        file.write(self.lab.folder.path());
        self.lab.load(&file.to_yaml()).map_err(|diagnostics| diagnostic::render(&diagnostics, false))
    }

    async fn survey(&self, stack: &Stack, options: &Options) -> Result<Survey, String> {
        let survey = survey(&self.aws, &Shared::default(), stack, options).await;
        survey.map_err(|error| format!("it cannot be planned: {error:?}"))
    }

    async fn plan(&self, stack: &Stack, options: &Options) -> Result<Planned, String> {
        Ok(self.survey(stack, options).await?.planned)
    }

    /// Plans and applies; what was planned, and how it came out.
    pub(crate) async fn apply(&self, stack: &Stack, options: &Options) -> Result<(Planned, Report), String> {
        let Survey { planned, packages, .. } = self.survey(stack, options).await?;
        if planned.plan.is_blocked() {
            return Err(format!("it is blocked:\n{}", show_plan(&planned.plan)));
        }
        self.lab.calls();
        let Done { report, .. } =
            engine::execute(&self.aws, stack, planned.clone(), packages, CancellationToken::new()).await;
        Ok((planned, report))
    }

    async fn apply_all(&self, stack: &Stack, options: &Options) -> Result<Planned, String> {
        let (planned, report) = self.apply(stack, options).await?;
        if report.is_complete() { Ok(planned) } else { Err(format!("not all was done:\n{}", show_report(&report))) }
    }

    /// Applies, and expects that then there is nothing to do and that what was written is what was
    /// planned. Gives the addresses of all that is there.
    async fn settle(&self, before: Option<&Stack>, stack: &Stack, options: &Options) -> Result<Vec<Path>, String> {
        let planned = self.apply_all(stack, options).await?;
        only_the_file_changed(&planned.plan, before, stack)?;
        let calls = self.lab.calls();
        self.lab.catch_up();
        let after = self.plan(stack, &Options::default()).await.map_err(|why| format!("once applied {why}"))?;
        let stale = after.plan.notes.iter().any(|note| note.contains("ledger"));
        if after.plan.has_changes() || !after.plan.unmanaged.is_empty() || stale {
            let notes = &after.plan.notes;
            return Err(format!("once applied there is more to do:\n{}\n{notes:?}", show_plan(&after.plan)));
        }
        written::compare(&planned, &after, &calls)
            .map_err(|why| format!("{why}\nbut the plan was:\n{}\n{:?}", show_plan(&planned.plan), writes(&calls)))?;
        Ok(after.plan.items.into_iter().map(|item| item.address).collect())
    }

    /// Destroys a stack, with what was protected, and expects that nothing is left.
    async fn destroy(&self, stack: &Stack, all: Vec<Path>) -> Result<(), String> {
        self.lab.sandbox.meddle(|state| {
            let regions = state.accounts.values_mut().flat_map(|account| account.values_mut());
            for pool in regions.flat_map(|region| region.user_pools.values_mut()) {
                pool.body.insert("DeletionProtection".to_owned(), json!("INACTIVE"));
            }
        });
        self.apply_all(stack, &Options { destroy: true, allow_delete: all, ..Options::default() }).await?;
        let mut left = self.lab.inventory();
        // Permissions that a stack says it does not manage are left where they are.
        if stack.resources.iter().any(|resource| resource.declared.get("triggerPermissions") == Some(&json!("ignore")))
        {
            left.retain(|left| left != "function foreign statement");
        }
        if left == ["function foreign"] { Ok(()) } else { Err(format!("destroyed, but there are {left:?}")) }
    }
}

/// That nobody but the file is said to have changed anything. Of secrets, and of what was ignored,
/// nothing is remembered, and who changed it is not known.
fn only_the_file_changed(plan: &Plan, before: Option<&Stack>, stack: &Stack) -> Result<(), String> {
    let ignored = |stack: Option<&Stack>, address| Some(stack?.resource(address)?.ignore_changes.clone());
    // Principal tags that are none are only read where the file names their provider.
    let names_tags = |address| before.is_some_and(|stack| stack.resource(address).is_some_and(has_principal_tags));
    let wrong = plan.items.iter().find(|item| match item.cause {
        Some(Cause::Both) if names_tags(&item.address) => false,
        Some(Cause::Both) => ignored(before, &item.address) == ignored(Some(stack), &item.address),
        Some(Cause::Unknown) => !item.changes.iter().all(|change| change.secret),
        Some(cause) => !cause.is_pending() && cause != Cause::NotLive,
        None => item.action != Action::Keep && item.action != Action::Replace,
    });
    wrong.map_or(Ok(()), |item| Err(format!("{} is said to be {:?}:\n{}", item.address, item.cause, show_plan(plan))))
}

fn has_principal_tags(resource: &Resource) -> bool {
    resource.declared.get("principalTags").is_some()
}

async fn goes_from_one_to_the_other(first: &StackFile, next: &Next) -> Result<(), String> {
    let trial = Trial::new().await?;
    let (before, after) = (trial.load(first)?, trial.load(&next.stack)?);
    trial.settle(None, &before, &Options::default()).await.map_err(|why| format!("the first stack: {why}"))?;
    let all =
        trial.settle(Some(&before), &after, &next.options).await.map_err(|why| format!("the second stack: {why}"))?;
    trial.destroy(&after, all).await.map_err(|why| format!("destroying the second stack: {why}"))
}

async fn is_blocked(first: &StackFile, forbidden: &Forbidden) -> Result<(), String> {
    let trial = Trial::new().await?;
    let (before, after) = (trial.load(first)?, trial.load(&forbidden.stack)?);
    trial.apply_all(&before, &Options::default()).await.map_err(|why| format!("the first stack: {why}"))?;
    trial.lab.catch_up();
    trial.lab.calls();
    let planned = trial.plan(&after, &forbidden.options).await?;
    let blocked = planned.plan.items.iter().filter(|item| item.action == Action::Blocked);
    let blocked: Vec<String> = blocked.map(|item| item.address.to_string()).collect();
    let written = writes(&trial.lab.calls());
    if blocked == [forbidden.address.to_string()] && written.is_empty() {
        return Ok(());
    }
    Err(format!("{} should be blocked, but {blocked:?} is; written: {written:?}", forbidden.address))
}

#[test]
fn any_stack_goes_to_any_that_aws_allows() {
    many(pairs(), two_stacks, async |(first, next)| goes_from_one_to_the_other(first, next).await);
}

#[test]
fn what_aws_does_not_allow_is_blocked_and_nothing_is_written() {
    many(pairs() / 4, two_stacks_apart, async |(first, forbidden)| is_blocked(first, forbidden).await);
}
