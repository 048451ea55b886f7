//! Any stack to any stack, in a sandbox with AWS's rules.

use poolkeeper::engine::{self, Done};
use poolkeeper::plan::work::{Options, Planned};
use poolkeeper::plan::{Action, Report};
use poolkeeper::sandbox::Logged;
use proptest::strategy::Strategy;
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use crate::forbidden::Forbidden;
use crate::generate::triggers::FOREIGN;
use crate::lab::{Lab, show_plan, show_report, writes};
use crate::many::{many, pairs};
use crate::next::Next;
use crate::planned::{two_stacks, two_stacks_apart};
use crate::settle::{each, take};
use crate::stack_file::{REGION, StackFile};
use crate::written;

/// A sandbox that holds what the stacks name and do not make.
pub(crate) async fn lab() -> Result<Lab, String> {
    let lab = Lab { region: REGION, ..Lab::new() };
    let aws = lab.connect().await.map_err(|error| format!("{error:?}"))?;
    foreign(&lab);
    drop(aws);
    Ok(lab)
}

/// A function of other hands, with a version and an alias.
fn foreign(lab: &Lab) {
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

/// A stack without what AWS only takes where a pool has replicas, which this tool does not make.
fn without_replicas(mut file: StackFile) -> StackFile {
    for pool in each(&mut file.0, "userPools") {
        each(pool, "domains").for_each(|domain| drop(take(domain, "routing")));
    }
    file
}

/// A stack, and one to which AWS lets it go.
fn pair() -> impl Strategy<Value = (StackFile, Next)> {
    two_stacks().prop_map(|(first, next)| {
        (without_replicas(first), Next { stack: without_replicas(next.stack), options: next.options })
    })
}

/// A stack, and one to which AWS does not let it go.
fn pair_apart() -> impl Strategy<Value = (StackFile, Forbidden)> {
    two_stacks_apart().prop_map(|(first, forbidden)| {
        (without_replicas(first), Forbidden { stack: without_replicas(forbidden.stack.clone()), ..forbidden })
    })
}

/// The plan of a stack file.
async fn plan(lab: &Lab, file: &StackFile, options: &Options) -> Result<Planned, String> {
    file.write(lab.folder.path());
    let survey =
        lab.survey(&file.to_yaml(), options).await.map_err(|error| format!("it cannot be planned: {error:?}"))?;
    Ok(survey.2.planned)
}

/// Plans and applies a stack file; what was planned, and the calls that were made.
pub(crate) async fn apply(lab: &Lab, file: &StackFile, options: &Options) -> Result<(Planned, Vec<Logged>), String> {
    file.write(lab.folder.path());
    let survey = lab.survey(&file.to_yaml(), options).await;
    let (aws, stack, survey) = survey.map_err(|error| format!("it cannot be planned: {error:?}"))?;
    let planned = survey.planned.clone();
    if planned.plan.is_blocked() {
        return Err(format!("it is blocked:\n{}", show_plan(&planned.plan)));
    }
    lab.calls();
    let Done { report, .. } =
        engine::execute(&aws, &stack, survey.planned, survey.packages, CancellationToken::new()).await;
    let calls = lab.calls();
    complete(&report)?;
    Ok((planned, calls))
}

fn complete(report: &Report) -> Result<(), String> {
    if report.is_complete() { Ok(()) } else { Err(format!("not all was done:\n{}", show_report(report))) }
}

/// Applies a stack file, and expects that then there is nothing to do and that what was written is
/// what was planned.
async fn settle(lab: &Lab, file: &StackFile, options: &Options) -> Result<(), String> {
    let (planned, calls) = apply(lab, file, options).await?;
    lab.catch_up();
    let after = plan(lab, file, &Options::default()).await.map_err(|why| format!("once applied {why}"))?;
    if after.plan.has_changes() || !after.plan.unmanaged.is_empty() {
        return Err(format!("once applied there is more to do:\n{}", show_plan(&after.plan)));
    }
    written::compare(&planned, &after, &calls)
        .map_err(|why| format!("{why}\nbut the plan was:\n{}\n{:?}", show_plan(&planned.plan), writes(&calls)))
}

/// Destroys what a stack file declares, with what was protected, and expects that nothing is left.
async fn destroy(lab: &Lab, file: &StackFile) -> Result<(), String> {
    lab.sandbox.meddle(|state| {
        let regions = state.accounts.values_mut().flat_map(|account| account.values_mut());
        for pool in regions.flat_map(|region| region.user_pools.values_mut()) {
            pool.body.insert("DeletionProtection".to_owned(), json!("INACTIVE"));
        }
    });
    let roots = plan(lab, file, &Options::default()).await?.plan.items.into_iter().map(|item| item.address);
    let options = Options { destroy: true, allow_delete: roots.collect(), ..Options::default() };
    apply(lab, file, &options).await?;
    let left = lab.inventory();
    if left == ["function foreign"] { Ok(()) } else { Err(format!("destroyed, but there are {left:?}")) }
}

async fn goes_from_one_to_the_other(first: &StackFile, next: &Next) -> Result<(), String> {
    let lab = lab().await?;
    settle(&lab, first, &Options::default()).await.map_err(|why| format!("the first stack: {why}"))?;
    settle(&lab, &next.stack, &next.options).await.map_err(|why| format!("the second stack: {why}"))?;
    destroy(&lab, &next.stack).await.map_err(|why| format!("destroying the second stack: {why}"))
}

async fn is_blocked(first: &StackFile, forbidden: &Forbidden) -> Result<(), String> {
    let lab = lab().await?;
    apply(&lab, first, &Options::default()).await.map_err(|why| format!("the first stack: {why}"))?;
    lab.catch_up();
    lab.calls();
    let planned = plan(&lab, &forbidden.stack, &forbidden.options).await?;
    let blocked = planned.plan.items.iter().filter(|item| item.action == Action::Blocked);
    let blocked: Vec<String> = blocked.map(|item| item.address.to_string()).collect();
    let written = writes(&lab.calls());
    if blocked == [forbidden.address.to_string()] && written.is_empty() {
        return Ok(());
    }
    Err(format!("{} should be blocked, but {blocked:?} is; written: {written:?}", forbidden.address))
}

#[test]
fn any_stack_goes_to_any_that_aws_allows() {
    many(pairs(), pair, async |(first, next)| goes_from_one_to_the_other(first, next).await);
}

#[test]
fn what_aws_does_not_allow_is_blocked_and_nothing_is_written() {
    many(pairs(), pair_apart, async |(first, forbidden)| is_blocked(first, forbidden).await);
}
