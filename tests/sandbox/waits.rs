//! Custom domains, which AWS makes and deletes over minutes: an apply waits for them beside its other
//! work, up to an hour, and goes on where an earlier one ended.

use std::time::Duration;

use poolkeeper::plan::work::Options;
use poolkeeper::plan::{Action, StepResult};
use poolkeeper::sandbox::Settings;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::lab::{Lab, address, show_plan, show_report};

const STACK: &str = r#"
stack: waits
userPools:
  main:
    domains:
      login.example.com: {customDomainConfig: {certificateArn: "arn:aws:acm:us-east-1:123456789012:certificate/0a1b2c3d-0000-4000-8000-000000000000"}}
    clients: {one: {}, two: {}, three: {}}
outputs:
  target: ${userPools.main.domains["login.example.com"].cloudFrontDistribution}
"#;

fn lab(minutes: u64) -> Lab {
    Lab::with(Settings { domain_delay: Duration::from_mins(minutes), ..Settings::default() })
}

/// Applies, and interrupts it after so long.
async fn apply_for(lab: &Lab, time: Duration) -> poolkeeper::plan::Report {
    let cancel = CancellationToken::new();
    let interrupt = async {
        tokio::time::sleep(time).await;
        cancel.cancel();
    };
    let options = Options::default();
    let (report, ()) = tokio::join!(lab.run_until(STACK, &options, cancel.clone()), interrupt);
    report.expect("a report")
}

#[tokio::test(start_paused = true)]
async fn a_domain_is_waited_for_beside_other_work() {
    let lab = lab(59);
    let begin = Instant::now();
    let report = lab.apply(STACK).await;
    assert!(report.is_complete(), "{}", show_report(&report));
    assert!(begin.elapsed() >= Duration::from_mins(59), "{:?}", begin.elapsed());
    let calls = lab.calls();
    let of = |operation: &str| calls.iter().rposition(|call| call.operation == operation).expect("a call");
    assert!(of("CreateUserPoolClient") < of("DescribeUserPoolDomain"));
    lab.expect_no_changes(STACK).await;
}

#[tokio::test(start_paused = true)]
async fn after_an_hour_it_is_left_and_the_next_apply_goes_on() {
    let lab = lab(90);
    let report = lab.run(STACK, &Options::default()).await.expect("a report");
    let failed: Vec<String> = report
        .outcomes
        .iter()
        .filter_map(|outcome| match &outcome.result {
            StepResult::Failed(error) => Some(format!("{}: {error}", outcome.address)),
            _ => None,
        })
        .collect();
    let [failed] = failed.as_slice() else { panic!("{}", show_report(&report)) };
    assert!(failed.contains("domains") && failed.contains("after an hour"), "{failed}");
    // Nothing is to be changed, but the domain does not serve yet.
    let plan = lab.plan(STACK).await.expect("a plan");
    assert!(!plan.has_changes(), "{}", show_plan(&plan));
    assert!(plan.notes.iter().any(|note| note.contains("AWS is still making")), "{:?}", plan.notes);
    let begin = Instant::now();
    let report = lab.run(STACK, &Options::default()).await.expect("a report");
    assert!(report.is_complete(), "{}", show_report(&report));
    assert!(begin.elapsed() >= Duration::from_mins(29), "{:?}", begin.elapsed());
    lab.expect_no_changes(STACK).await;
}

#[tokio::test(start_paused = true)]
async fn a_domain_that_is_still_being_made_can_be_destroyed() {
    let lab = lab(10);
    let report = apply_for(&lab, Duration::from_mins(2)).await;
    assert!(!report.is_complete(), "{}", show_report(&report));
    // What was made is told as made, whatever of the ledger could not be written.
    let pool = report.outcomes.iter().find(|outcome| outcome.address == address("userPools.main")).expect("the pool");
    assert!(matches!((pool.action, &pool.result), (Action::Create, StepResult::Done)), "{}", show_report(&report));
    let options = Options { destroy: true, allow_delete: vec![address("userPools.main")], ..Options::default() };
    let report = lab.run(STACK, &options).await.expect("a report");
    assert!(report.is_complete(), "{}", show_report(&report));
    lab.catch_up();
    assert_eq!(lab.inventory(), [""; 0]);
}
