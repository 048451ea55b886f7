//! A step that fails fails what depends on it and nothing else; the report says what was done, what
//! failed and why, and what was not tried; the next apply goes on.

use std::collections::BTreeSet;

use poolkeeper::engine::{self, Done};
use poolkeeper::error::Error;
use poolkeeper::path::Path;
use poolkeeper::plan::graph::{self, Step};
use poolkeeper::plan::work::Planned;
use poolkeeper::plan::{Action, Report, StepResult};
use poolkeeper::stack::Stack;
use poolkeeper::survey::Survey;
use tokio_util::sync::CancellationToken;

use crate::lab::{Lab, show_plan, show_report};
use crate::scenario::Scenario;

#[tokio::test(start_paused = true)]
async fn what_is_refused_at_a_first_apply_stops_what_depends_on_it_alone() {
    Box::pin(check(Scenario::create().await)).await;
}

#[tokio::test(start_paused = true)]
async fn what_is_refused_at_a_change_stops_what_depends_on_it_alone() {
    Box::pin(check(Scenario::change().await)).await;
}

#[tokio::test(start_paused = true)]
async fn what_is_refused_at_a_rename_stops_what_depends_on_it_alone() {
    Box::pin(check(Scenario::rename().await)).await;
}

#[tokio::test(start_paused = true)]
async fn what_is_refused_at_a_destroy_stops_what_depends_on_it_alone() {
    Box::pin(check(Scenario::destroy().await)).await;
}

/// Denies each write of a run, one at a time.
async fn check(scenario: Scenario) {
    let mut not_tried = 0;
    for (operation, count) in scenario.counts(false) {
        for number in 1..=count {
            let rule = format!("{}, {operation}#{number}=denied", scenario.name);
            let lab = scenario.lab();
            lab.faults(&[&format!("{operation}#{number}=denied")]);
            let survey = lab.survey(&scenario.text, &scenario.options).await;
            let (aws, stack, Survey { planned, packages, .. }) =
                survey.unwrap_or_else(|error| panic!("{rule}: {error:#?}"));
            let Done { report, .. } =
                engine::execute(&aws, &stack, planned.clone(), packages, CancellationToken::new()).await;
            expect(&stack, &planned, &report, &operation, &rule);
            not_tried += report.outcomes.iter().filter(|one| matches!(one.result, StepResult::NotTried(_))).count();
            lab.catch_up();
            expect_seen(&scenario, &lab, &report, &rule).await;
            let more = scenario.run(&lab).await.unwrap_or_else(|error| panic!("{rule}: {error:#?}"));
            assert!(more.is_complete(), "{rule}: {}", show_report(&more));
            scenario.expect_end(&lab, &rule).await;
        }
    }
    assert!(not_tried > 0, "{}: nothing depends on anything", scenario.name);
}

/// Expects one failure that says what was refused, that what rests on it was not tried, and that all
/// the rest was done.
fn expect(stack: &Stack, planned: &Planned, report: &Report, operation: &str, rule: &str) {
    let shown = show_report(report);
    assert!(!report.is_complete(), "{rule}: {shown}");
    let failed: Vec<_> = report.outcomes.iter().filter(|one| matches!(one.result, StepResult::Failed(_))).collect();
    let [failure] = failed.as_slice() else { panic!("{rule}: {shown}") };
    let StepResult::Failed(Error::Aws(told)) = &failure.result else { panic!("{rule}: {shown}") };
    assert_eq!(told.operation, operation, "{rule}: {shown}");
    assert_eq!(told.code.as_deref(), Some("AccessDeniedException"), "{rule}: {shown}");
    assert_eq!(told.address.as_ref(), Some(&failure.address), "{rule}: {shown}");
    let mut not_tried = BTreeSet::new();
    for outcome in &report.outcomes {
        match &outcome.result {
            StepResult::NotTried(on) => {
                assert_eq!(on, &failure.address, "{rule}: {shown}");
                let tied = is_tied(stack, planned, &outcome.address, on);
                assert!(tied, "{rule}: {} has nothing to do with it: {shown}", outcome.address);
                not_tried.insert(outcome.address.clone());
            }
            StepResult::Interrupted => panic!("{rule}: {shown}"),
            StepResult::Done | StepResult::Failed(_) => {}
        }
    }
    // Which of its steps failed is not told; what waits for one of them, and no more, was not tried.
    let steps = graph::steps(stack, planned);
    let own = (0..steps.len()).filter(|step| planned.plan.items[steps[*step].item].address == failure.address);
    let possible: Vec<BTreeSet<Path>> = own.map(|step| needing(planned, &steps, step)).collect();
    assert!(possible.contains(&not_tried), "{rule}: {shown}\nand not one of {possible:#?}");
}

/// The addresses of the items that need a step, directly or not, but for its own.
fn needing(planned: &Planned, steps: &[Step], step: usize) -> BTreeSet<Path> {
    let mut found = BTreeSet::from([step]);
    loop {
        let more = (0..steps.len()).filter(|one| !found.contains(one) && !steps[*one].needs.is_disjoint(&found));
        let more: Vec<usize> = more.collect();
        if more.is_empty() {
            let items = found.iter().map(|step| steps[*step].item).filter(|item| *item != steps[step].item);
            return items.map(|item| planned.plan.items[item].address.clone()).collect();
        }
        found.extend(more);
    }
}

/// Whether one of two depends on the other, directly or not: by what the file refers to and names. A
/// permission depends on its pool, and stands for it.
fn is_tied(stack: &Stack, planned: &Planned, one: &Path, other: &Path) -> bool {
    let of = |address: &Path| {
        let item = planned.plan.items.iter().position(|item| &item.address == address).expect("it is in the plan");
        let pool = planned.work[item].pool.clone();
        pool.filter(|_| planned.plan.items[item].kind.is_none()).unwrap_or_else(|| address.clone())
    };
    let (one, other) = (of(one), of(other));
    let reaches = |from: &Path, to: &Path| {
        let (mut open, mut seen) = (vec![from.clone()], BTreeSet::new());
        while let Some(address) = open.pop() {
            if seen.insert(address.clone()) {
                open.extend(stack.resource(&address).into_iter().flat_map(|found| graph::dependencies(stack, found)));
                open.extend(address.parent().and_then(|parent| parent.parent()));
            }
        }
        seen.contains(to)
    };
    reaches(&one, &other) || reaches(&other, &one)
}

/// Expects that what is said to be done is as declared, and shown as nothing to do.
async fn expect_seen(scenario: &Scenario, lab: &Lab, report: &Report, rule: &str) {
    lab.faults(&[]);
    let survey = lab.survey(&scenario.text, &scenario.options).await;
    let plan = survey.unwrap_or_else(|error| panic!("{rule}: {error:#?}")).2.planned.plan;
    for outcome in report.outcomes.iter().filter(|outcome| matches!(outcome.result, StepResult::Done)) {
        let item = plan.items.iter().find(|item| item.address == outcome.address);
        let kept = item.is_none_or(|item| item.action == Action::Keep);
        assert!(kept, "{rule}: {} is done, but\n{}", outcome.address, show_plan(&plan));
    }
}
