//! A read that fails is an error with the operation, and where it is about a resource its address.
//! It never means that something is absent: nothing is made, changed or deleted for it.

use std::collections::BTreeMap;

use poolkeeper::error::Error;

use crate::all_kinds::STACK;
use crate::lab::{is_read, writes};
use crate::scenario::Scenario;

/// What can go wrong with a read. Each is about all calls from one on, so that no other try helps.
const FAILURES: [(&str, Option<&str>); 5] = [
    ("denied", Some("AccessDeniedException")),
    ("expired", Some("ExpiredTokenException")),
    ("error-before", Some("InternalErrorException")),
    ("cut-before", None),
    ("garbled", None),
];

/// Reads that are about no single resource: who is there, what there is.
const OF_ALL: [&str; 2] = ["GetCallerIdentity", "GetResources"];

#[tokio::test(start_paused = true)]
async fn a_read_that_fails_before_a_first_apply_stops_it() {
    check(Scenario::create().await, &["ListUserPools", "ListIdentityPools", "GetFunction"]).await;
}

#[tokio::test(start_paused = true)]
async fn a_read_that_fails_before_a_change_stops_it() {
    let some = ["DescribeUserPool", "DescribeUserPoolClient", "DescribeUserPoolDomain", "ListGroups", "GetPolicy"];
    check(Scenario::change().await, &some).await;
}

#[tokio::test(start_paused = true)]
async fn a_read_that_fails_before_a_destroy_stops_it() {
    check(Scenario::destroy().await, &["DescribeUserPool", "DescribeIdentityPool", "ListUserPoolClients"]).await;
}

/// Puts each failure into each read that a run makes before its first write. `some` are reads of
/// which it is known that it makes them.
async fn check(scenario: Scenario, some: &[&str]) {
    let mut seen = BTreeMap::<&str, usize>::new();
    for call in scenario.calls.iter().take_while(|call| is_read(call)) {
        let operation = call.operation.as_str();
        let number = seen.entry(operation).or_default();
        *number += 1;
        for (failure, code) in FAILURES {
            let is_allowed = (operation, failure) == ("GetResources", "denied");
            // What is refused anyway, since it is not there, has no answer to garble.
            if is_allowed || (failure == "garbled" && call.refused.is_some()) {
                continue;
            }
            let rule = format!("{operation}#{number}-={failure}");
            let lab = scenario.lab();
            lab.faults(&[&rule]);
            let result = scenario.run(&lab).await;
            assert_eq!(writes(&lab.calls()), [""; 0], "{}, {rule}", scenario.name);
            expect(result.err(), operation, code, &rule);
        }
    }
    assert!(some.iter().all(|operation| seen.contains_key(operation)), "{seen:?}");
}

/// Expects an error that names what failed and how.
fn expect(error: Option<Error>, operation: &str, code: Option<&str>, rule: &str) {
    let Some(Error::Aws(told)) = error else { panic!("{rule}: {error:#?}") };
    assert_eq!((told.operation, told.code.as_deref()), (operation, code), "{rule}: {told:#?}");
    assert!(told.to_string().contains(operation) && !told.message.is_empty(), "{rule}: {told}");
    assert!(told.address.is_some() || OF_ALL.contains(&operation), "{rule}: {told:#?}");
}

/// Where the tag query is refused the rest is found without it, and what is not looked for is told.
#[tokio::test(start_paused = true)]
async fn a_refused_tag_query_is_told_and_changes_nothing_else() {
    let scenario = Scenario::destroy().await;
    let lab = scenario.lab();
    lab.faults(&["GetResources=denied"]);
    let plan = lab.plan(STACK).await.expect("a plan");
    assert!(!plan.has_changes() && plan.unmanaged.is_empty(), "{}", crate::lab::show_plan(&plan));
    let told = |note: &String| note.contains("GetResources") && note.contains("AccessDeniedException");
    assert!(plan.notes.iter().any(told), "{:?}", plan.notes);
    let report = scenario.run(&lab).await.expect("a report");
    assert!(report.is_complete() && lab.inventory().is_empty(), "{}", crate::lab::show_report(&report));
}
