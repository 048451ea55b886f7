//! An answer that never comes, or says that a call failed that had its effect, leaves nothing twice:
//! for each write of each run, and each way in which its answer can go wrong.

use std::collections::BTreeMap;

use poolkeeper::sandbox::Logged;

use crate::lab::show_report;
use crate::scenario::{Scenario, key};

/// The faults that leave it open whether a call had its effect. It had.
const AFTERWARDS: [&str; 4] = ["error-after", "lost", "hang-after", "garbled"];

#[tokio::test(start_paused = true)]
async fn what_was_made_although_the_answer_was_lost_is_not_made_again() {
    check(Scenario::create().await, &["CreateUserPool", "CreateGroup", "AddPermission"]).await;
}

#[tokio::test(start_paused = true)]
async fn what_was_changed_although_the_answer_was_lost_is_as_declared() {
    check(Scenario::change().await, &["AddCustomAttributes", "UpdateUserPool", "TagResource", "SetIdentityPoolRoles"])
        .await;
}

#[tokio::test(start_paused = true)]
async fn what_was_renamed_although_the_answer_was_lost_is_kept() {
    check(Scenario::rename().await, &["UpdateUserPool", "UpdateUserPoolClient", "TagResource"]).await;
}

#[tokio::test(start_paused = true)]
async fn what_was_deleted_although_the_answer_was_lost_is_gone() {
    check(Scenario::destroy().await, &["DeleteUserPool", "DeleteIdentityPool", "DeleteFunction"]).await;
}

/// Puts each fault into each write of a run. `some` are writes of which it is known that it makes
/// them, so that this does not come to be about nothing.
async fn check(scenario: Scenario, some: &[&str]) {
    let writes = scenario.counts(false);
    assert!(some.iter().all(|operation| writes.contains_key(*operation)), "{writes:?}");
    for (operation, count) in &writes {
        for number in 1..=*count {
            for fault in AFTERWARDS {
                let rule = format!("{operation}#{number}={fault}");
                one(&scenario, &rule).await;
            }
        }
    }
}

/// One run with a fault, and where that is not all of it, one more without.
async fn one(scenario: &Scenario, rule: &str) {
    let (name, lab) = (scenario.name, scenario.lab());
    lab.faults(&[rule]);
    let first = scenario.run(&lab).await.unwrap_or_else(|error| panic!("{name}, {rule}: {error:#?}"));
    lab.faults(&[]);
    lab.catch_up();
    if !first.is_complete() {
        let more = scenario.run(&lab).await.unwrap_or_else(|error| panic!("{name}, {rule}: {error:#?}"));
        assert!(more.is_complete(), "{name}, {rule}: {}\nthen {}", show_report(&first), show_report(&more));
    }
    let calls = lab.calls();
    assert!(calls.iter().any(|call| call.refused.is_some()), "{name}, {rule}: nothing went wrong");
    for (made, times) in made(&calls) {
        assert_eq!(times, 1, "{name}, {rule}: {made} was made {times} times");
    }
    scenario.expect_end(&lab, rule).await;
}

/// How often each thing was made, by operation and natural key: the creates that had their effect,
/// whatever the answer said.
fn made(calls: &[Logged]) -> BTreeMap<String, usize> {
    let mut made = BTreeMap::new();
    let creates = calls.iter().filter(|call| call.operation.starts_with("Create") || call.operation.starts_with("Add"));
    for call in creates.filter(|call| matches!(call.refused.as_deref(), None | Some("" | "InternalErrorException"))) {
        *made.entry(key(call)).or_default() += 1;
    }
    made
}
