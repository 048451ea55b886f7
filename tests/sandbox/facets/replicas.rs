//! A replica comes and goes over minutes: what is interrupted then is continued by the next apply.

use std::time::Duration;

use poolkeeper::plan::Action;
use poolkeeper::plan::work::Options;
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use super::{counts, destroy, expect_as_fresh, lab, stack, steps, with_replica};
use crate::cycle::replica::pool;
use crate::lab::{Lab, address, show_plan, show_report, writes};

const AT: &str = "userPools.main.replicas.us-west-2";

/// How a run ends before its time.
#[derive(Clone, Copy, PartialEq)]
enum End {
    /// It ends what is under way, and notes what came of it.
    Interrupted,
    /// It is gone in the middle of what it does.
    Killed,
}

const ENDS: [End; 2] = [End::Interrupted, End::Killed];

/// Applies, and ends before its time.
async fn cut_off(lab: &Lab, text: &str, after: Duration, end: End) {
    cut_off_with(lab, text, after, end, &Options::default()).await;
}

async fn cut_off_with(lab: &Lab, text: &str, after: Duration, end: End, options: &Options) {
    if end == End::Killed {
        assert!(tokio::time::timeout(after, lab.run(text, options)).await.is_err(), "it was over before");
        return;
    }
    let cancel = CancellationToken::new();
    let (report, ()) = tokio::join!(lab.run_until(text, options, cancel.clone()), async {
        tokio::time::sleep(after).await;
        cancel.cancel();
    });
    let report = report.unwrap_or_else(|error| panic!("{error:?}"));
    assert!(!report.is_complete(), "it was not interrupted");
}

/// What its own region says of the replica.
fn status(lab: &Lab) -> Option<(String, bool)> {
    lab.sandbox.look(|state| {
        let now = lab.sandbox.clock().now();
        let pools =
            state.accounts.values().flat_map(|regions| regions.values()).flat_map(|region| region.user_pools.values());
        let mut replicas = pools.flat_map(|pool| pool.replicas.values());
        let replica = replicas.find(|replica| replica.work != "DELETING" || replica.ready > now)?;
        Some((if replica.ready > now { replica.work.clone() } else { String::new() }, replica.active))
    })
}

#[tokio::test(start_paused = true)]
async fn a_replica_that_is_being_made_is_waited_for_by_the_next_apply() {
    for end in ENDS {
        let lab = lab();
        let text = stack(&[with_replica()]).to_string();
        cut_off(&lab, &text, Duration::from_mins(2), end).await;
        assert_eq!(status(&lab), Some(("CREATING".to_owned(), false)));
        let plan = lab.plan(&text).await.expect("a plan");
        assert_eq!(steps(&plan).iter().map(|(_, at)| at.as_str()).collect::<Vec<_>>(), [AT], "{}", show_plan(&plan));
        assert_ne!(steps(&plan)[0].0, Action::Create, "{}", show_plan(&plan));
        lab.calls();
        lab.apply(&text).await;
        assert_eq!(counts(&lab.calls()).get("CreateUserPoolReplica"), None);
        assert_eq!(status(&lab), Some((String::new(), true)));
        expect_as_fresh(&lab, &text).await;
    }
}

/// One that is as declared once it is made is waited for as well.
#[tokio::test(start_paused = true)]
async fn a_plain_replica_that_is_being_made_is_no_difference_for_ever() {
    for end in ENDS {
        let lab = lab();
        let mut plain = pool();
        plain["replicas"] = json!({"us-west-2": {}});
        let text = stack(&[plain]).to_string();
        cut_off(&lab, &text, Duration::from_mins(2), end).await;
        lab.apply(&text).await;
        lab.sandbox.clock().advance(Duration::from_mins(10));
        expect_as_fresh(&lab, &text).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_replica_that_is_taken_out_of_the_file_is_stopped_deleted_and_waited_for() {
    let lab = lab();
    lab.apply(&stack(&[with_replica()]).to_string()).await;
    lab.calls();
    let text = stack(&[pool()]).to_string();
    lab.apply(&text).await;
    let calls = lab.calls();
    let written: Vec<String> = writes(&calls).into_iter().filter(|call| call.contains("Replica")).collect();
    assert_eq!(written, ["UpdateUserPoolReplica", "DeleteUserPoolReplica"]);
    assert_eq!(status(&lab), None);
    expect_as_fresh(&lab, &text).await;
}

#[tokio::test(start_paused = true)]
async fn a_replica_that_is_being_deleted_is_waited_for_by_the_next_apply() {
    for end in ENDS {
        let lab = lab();
        lab.apply(&stack(&[with_replica()]).to_string()).await;
        lab.catch_up();
        let without = stack(&[pool()]).to_string();
        cut_off(&lab, &without, Duration::from_mins(2), end).await;
        assert_eq!(status(&lab).map(|(work, _)| work), Some("DELETING".to_owned()));
        lab.apply(&without).await;
        assert_eq!(status(&lab), None);
        expect_as_fresh(&lab, &without).await;
    }
}

/// One that is wanted again while it goes is made anew once it is gone.
#[tokio::test(start_paused = true)]
async fn a_replica_that_is_wanted_again_is_made_when_the_old_one_is_gone() {
    for end in ENDS {
        let lab = lab();
        let text = stack(&[with_replica()]).to_string();
        lab.apply(&text).await;
        lab.catch_up();
        cut_off(&lab, &stack(&[pool()]).to_string(), Duration::from_mins(2), end).await;
        lab.apply(&text).await;
        assert_eq!(status(&lab), Some((String::new(), true)));
        expect_as_fresh(&lab, &text).await;
    }
}

fn failing_over() -> Value {
    let mut pool = with_replica();
    pool["domains"] = json!({"login.example.com": {
        "customDomainConfig": {"certificateArn": "arn:aws:acm:us-east-1:123456789012:certificate/one"},
        "routing": {"failover": {"secondaryRegion": "us-west-2",
            "primaryRoute53HealthCheckId": "abcdef11-2222-3333-4444-555566667777"}},
    }});
    pool
}

#[tokio::test(start_paused = true)]
async fn a_pool_with_a_replica_and_a_domain_that_fails_over_is_destroyed() {
    for pool in [with_replica(), failing_over()] {
        let lab = lab();
        let text = stack(&[pool]).to_string();
        lab.apply(&text).await;
        lab.expect_no_changes(&text).await;
        lab.catch_up();
        lab.apply_with(&text, destroy()).await;
        assert_eq!(lab.inventory(), [""; 0]);
    }
}

/// And one whose destroy was interrupted is destroyed by the next.
#[tokio::test(start_paused = true)]
async fn a_destroy_that_is_interrupted_is_finished_by_the_next() {
    for (minutes, end) in [1, 4, 7].into_iter().flat_map(|minutes| ENDS.map(|end| (minutes, end))) {
        let lab = lab();
        let text = stack(&[failing_over()]).to_string();
        lab.apply(&text).await;
        lab.catch_up();
        cut_off_with(&lab, &text, Duration::from_mins(minutes), end, &destroy()).await;
        lab.catch_up();
        lab.apply_with(&text, destroy()).await;
        assert_eq!(lab.inventory(), [""; 0]);
    }
}

/// The domain lets go of the replica first, and the key goes last.
#[tokio::test(start_paused = true)]
async fn what_rests_on_a_replica_lets_go_of_it_in_the_same_apply() {
    let lab = lab();
    lab.apply(&stack(&[failing_over()]).to_string()).await;
    lab.catch_up();
    let text = stack(&[json!({"domains": {"login.example.com": {
        "customDomainConfig": {"certificateArn": "arn:aws:acm:us-east-1:123456789012:certificate/one"}}}})])
    .to_string();
    lab.apply(&text).await;
    lab.expect_no_changes(&text).await;
    assert_eq!(status(&lab), None);
}

/// A pool has one replica, so the old one goes before the new one comes.
#[tokio::test(start_paused = true)]
async fn a_replica_moves_to_another_region() {
    let lab = lab();
    lab.apply(&stack(&[with_replica()]).to_string()).await;
    lab.catch_up();
    let mut moved = pool();
    moved["replicas"] = json!({"us-east-2": {"status": "ACTIVE"}});
    let text = stack(&[moved]).to_string();
    lab.apply(&text).await;
    expect_as_fresh(&lab, &text).await;
}

/// Nothing that is done to the pool in its own region touches what the replica's has of its own.
#[tokio::test(start_paused = true)]
async fn a_change_of_the_pool_leaves_the_replica_alone() {
    let lab = lab();
    lab.apply(&stack(&[with_replica()]).to_string()).await;
    lab.catch_up();
    let text = stack(&[with_replica(), json!({"name": "other", "tags": {"app": "shop"}})]).to_string();
    let report = lab.run(&text, &Options::default()).await.expect("a report");
    assert!(report.is_complete(), "{}", show_report(&report));
    expect_as_fresh(&lab, &text).await;
    let target = Options { targets: vec![address(AT)], ..Options::default() };
    assert!(!lab.plan_with(&text, &target).await.has_changes());
}
