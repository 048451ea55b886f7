//! What AWS refuses for the moment is tried again until a deadline: too many calls, another write to
//! the same thing. A quota of resources does not pass, so it is told at once.

use std::time::Duration;

use poolkeeper::error::{AwsError, Error};
use poolkeeper::plan::StepResult;
use poolkeeper::plan::work::Options;
use poolkeeper::sandbox::{Sandbox, Settings};
use tokio::time::Instant;

use crate::all_kinds::{CODE, STACK};
use crate::lab::{Lab, show_report, undone};
use crate::scenario::Scenario;

/// How long the tool is patient with one call, and what it may be late by.
const PATIENCE: Duration = Duration::from_mins(2);
const PAUSE: Duration = Duration::from_secs(30);

/// How a run ends in which every call of an operation from one on has a fault: the first failure, how
/// often that operation was called, and how long it took.
async fn endless(scenario: &Scenario, operation: &str, fault: &str) -> (AwsError, usize, Duration) {
    let lab = scenario.lab();
    lab.faults(&[&format!("{operation}={fault}")]);
    let begin = Instant::now();
    let report = scenario.run(&lab).await.unwrap_or_else(|error| panic!("{operation}, {fault}: {error:#?}"));
    let took = begin.elapsed();
    let failed = undone(&report).into_values().find_map(|result| match result {
        StepResult::Failed(Error::Aws(error)) => Some(AwsError::clone(error)),
        _ => None,
    });
    let error = failed.unwrap_or_else(|| panic!("{operation}, {fault}: {}", show_report(&report)));
    assert_eq!(error.operation, operation, "{error:#?}");
    assert!(error.address.is_some() && !error.ambiguous, "{error:#?}");
    (error, calls(&lab, operation), took)
}

fn calls(lab: &Lab, operation: &str) -> usize {
    lab.calls().iter().filter(|call| call.operation == operation).count()
}

/// Each write of each run is refused some times, and then done.
async fn some_times(scenario: Scenario) {
    for (operation, count) in scenario.counts(false) {
        for fault in ["conflict", "throttled"] {
            let lab = scenario.lab();
            lab.faults(&[&format!("{operation}#1-5={fault}")]);
            let report = scenario.run(&lab).await.unwrap_or_else(|error| panic!("{operation}, {fault}: {error:#?}"));
            assert!(report.is_complete(), "{operation}, {fault}: {}", show_report(&report));
            assert_eq!(calls(&lab, &operation), count + 5, "{operation}, {fault}");
            scenario.expect_end(&lab, &format!("{operation}, {fault}")).await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_first_apply_outlasts_conflicts_and_throttles() {
    some_times(Scenario::create().await).await;
}

#[tokio::test(start_paused = true)]
async fn a_change_outlasts_conflicts_and_throttles() {
    some_times(Scenario::change().await).await;
}

#[tokio::test(start_paused = true)]
async fn a_destroy_outlasts_conflicts_and_throttles() {
    some_times(Scenario::destroy().await).await;
}

#[tokio::test(start_paused = true)]
async fn endless_conflicts_end_at_the_deadline() {
    let scenario = Scenario::create().await;
    for operation in
        ["CreateUserPool", "CreateGroup", "CreateUserPoolDomain", "SetUserPoolMfaConfig", "SetIdentityPoolRoles"]
    {
        let (error, calls, took) = endless(&scenario, operation, "conflict").await;
        assert_eq!(error.code.as_deref(), Some("ConcurrentModificationException"), "{error:#?}");
        assert!(took >= PATIENCE && took < scenario.took + PATIENCE + PAUSE, "{operation} took {took:?}");
        // The pauses grow: two minutes of short ones would be hundreds of calls for each.
        let of_each = calls / scenario.counts(false)[operation];
        assert!((10..100).contains(&of_each), "{operation} was called {of_each} times");
    }
}

#[tokio::test(start_paused = true)]
async fn endless_throttles_end_too() {
    let scenario = Scenario::create().await;
    for operation in ["CreateUserPool", "CreateGroup", "CreateIdentityPool"] {
        let (error, ..) = endless(&scenario, operation, "throttled").await;
        assert_eq!(error.code.as_deref(), Some("TooManyRequestsException"), "{error:#?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_quota_of_resources_is_told_at_once() {
    let scenario = Scenario::create().await;
    for (operation, count) in scenario.counts(false) {
        let (error, calls, _) = endless(&scenario, &operation, "quota").await;
        assert_eq!(error.code.as_deref(), Some("LimitExceededException"), "{error:#?}");
        assert!(calls <= count, "{operation} was called {calls} times");
    }
}

/// Somebody else changes all functions again and again, each time for `busy`.
async fn others(sandbox: Sandbox, busy: Duration, times: usize) {
    for _ in 0..times {
        let until = sandbox.clock().now() + busy.as_secs_f64();
        sandbox.meddle(|state| {
            let regions = state.accounts.values_mut().flat_map(|account| account.values_mut());
            for function in regions.flat_map(|region| region.functions.values_mut()) {
                "InProgress".clone_into(&mut function.work);
                function.ready = until;
            }
        });
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
}

/// A stack that is applied, with one change of its function to be made.
async fn function_to_change() -> (Lab, String) {
    let lab = Lab::with(Settings { read_latency: Duration::from_millis(300), ..Settings::default() });
    lab.file(CODE.0, CODE.1);
    lab.apply(STACK).await;
    lab.calls();
    (lab, STACK.replace("{KEY: value}", "{KEY: other}"))
}

#[tokio::test(start_paused = true)]
async fn a_function_that_others_change_is_changed_when_they_are_done() {
    let (lab, text) = function_to_change().await;
    let options = Options::default();
    let others = others(lab.sandbox.clone(), Duration::from_millis(250), 40);
    let ((), report) = tokio::join!(others, lab.run(&text, &options));
    let report = report.expect("a report");
    assert!(report.is_complete(), "{}", show_report(&report));
    let calls = lab.calls();
    let update = |code: Option<&str>| {
        let calls = calls.iter().filter(|call| call.operation == "UpdateFunctionConfiguration");
        calls.filter(|call| call.refused.as_deref() == code).count()
    };
    assert!(update(Some("ResourceConflictException")) > 0, "they never met");
    assert_eq!(update(None), 1);
    lab.expect_no_changes(&text).await;
}

#[tokio::test(start_paused = true)]
async fn a_function_that_never_comes_to_rest_ends_at_the_deadline() {
    let (lab, text) = function_to_change().await;
    let options = Options::default();
    let begin = Instant::now();
    let report = tokio::select! {
        () = others(lab.sandbox.clone(), Duration::from_secs(1), usize::MAX) => unreachable!("they go on"),
        report = lab.run(&text, &options) => report.expect("a report"),
    };
    let took = begin.elapsed();
    assert!(took >= PATIENCE && took < PATIENCE + PAUSE, "{took:?}");
    let undone = undone(&report);
    assert!(matches!(undone.get("functions.confirm"), Some(StepResult::Failed(_))), "{}", show_report(&report));
}
