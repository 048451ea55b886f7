//! Calls are paced, so that AWS has none to refuse, and no slower than that: a large stack within a
//! little more than what AWS's quotas and one write at a time per pool allow.

use std::collections::BTreeMap;
use std::time::Duration;

use poolkeeper::aws::{Aws, Settings};
use poolkeeper::engine::{self, Done};
use poolkeeper::event::Events;
use poolkeeper::plan::work::Options;
use poolkeeper::read::Shared;
use poolkeeper::sandbox::wire::Request;
use poolkeeper::sandbox::{ACCOUNT, Logged, Sandbox};
use poolkeeper::survey::{Survey, survey};
use serde_json::json;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use crate::lab::{Lab, REGION, show_plan, show_report};
use crate::scale::{LARGE, Latency, Measured, Size, USUAL, life};

fn latency(read: u64, write: u64) -> Latency {
    Latency { read: Duration::from_millis(read), write: Duration::from_millis(write) }
}

/// The tool's way into the sandbox, at a pace.
async fn connect(lab: &Lab, pace: u8) -> Aws {
    let settings = Settings {
        region: Some(REGION.to_owned()),
        sandbox: Some((lab.sandbox.clone(), ACCOUNT.to_owned())),
        pace: Some(pace),
        ..Settings::default()
    };
    Aws::connect(&settings, Events::default()).await.expect("an account")
}

async fn look(lab: &Lab, aws: &Aws, text: &str) -> Survey {
    survey(aws, &Shared::default(), &lab.stack(text), &Options::default()).await.expect("a plan")
}

async fn apply(lab: &Lab, aws: &Aws, text: &str) {
    let Survey { planned, packages, .. } = look(lab, aws, text).await;
    let Done { report, .. } = engine::execute(aws, &lab.stack(text), planned, packages, CancellationToken::new()).await;
    assert!(report.is_complete(), "{}", show_report(&report));
}

async fn plan(lab: &Lab, aws: &Aws, text: &str) {
    let Survey { planned, .. } = look(lab, aws, text).await;
    assert!(!planned.plan.has_changes(), "{}", show_plan(&planned.plan));
}

#[tokio::test(start_paused = true)]
async fn a_large_stack_comes_and_goes_unrefused_within_what_aws_allows() {
    for latency in [latency(10, 10), latency(50, 120), latency(300, 300), latency(20, 300)] {
        let lab = latency.lab();
        for (what, run, chain) in life(&lab, LARGE).await {
            assert_eq!(run.refused(), [""; 0], "{what} {latency:?}");
            let (bound, took) = (run.bound(latency, chain), run.took);
            assert!(took <= bound.mul_f64(1.15), "{what} {latency:?}: {took:?} of {bound:?}");
            assert!(took + Duration::from_secs(1) >= bound, "{what} {latency:?}: {took:?}, so {bound:?} is no bound");
        }
        assert_eq!(lab.inventory(), [""; 0]);
    }
}

#[tokio::test(start_paused = true)]
async fn no_call_is_made_that_is_not_needed() {
    let lab = USUAL.lab();
    let [(_, apply, _), (_, plan, _), (_, destroy, _)] = life(&lab, LARGE).await;
    let find = [("GetCallerIdentity", 1), ("GetResources", 1), ("ListUserPools", 1)];
    let list =
        [("ListUserPoolClients", 2), ("ListIdentityProviders", 1), ("ListResourceServers", 1), ("ListGroups", 1)];
    let of = |counts: &[&[(&'static str, usize)]]| counts.concat().into_iter().collect::<BTreeMap<_, _>>();
    let make = [
        // Once more, for another run that made the same one.
        ("ListUserPools", 2),
        // For another client with the name of one that was made.
        ("ListUserPoolClients", 2),
        ("CreateUserPool", 1),
        // Once more, right before it is noted what was applied.
        ("DescribeUserPool", 2),
        ("TagResource", 1),
        ("GetUserPoolMfaConfig", 1),
        ("CreateUserPoolClient", 100),
        ("DescribeUserPoolClient", 100),
        ("CreateGroup", 20),
        ("GetGroup", 20),
        ("CreateResourceServer", 20),
        ("DescribeResourceServer", 20),
        ("CreateIdentityProvider", 10),
        ("DescribeIdentityProvider", 10),
    ];
    assert_eq!(apply.counts(), of(&[&find, &make]));
    let read = [
        ("DescribeUserPool", 1),
        ("GetUserPoolMfaConfig", 1),
        ("DescribeUserPoolClient", 100),
        ("DescribeIdentityProvider", 10),
    ];
    assert_eq!(plan.counts(), of(&[&find, &list, &read]));
    assert_eq!(destroy.counts(), of(&[&find, &list, &[("DescribeUserPool", 1), ("DeleteUserPool", 1)]]));
}

#[tokio::test(start_paused = true)]
async fn a_new_domain_is_read_once_and_one_that_goes_until_it_is_gone() {
    let lab = USUAL.lab();
    let with = "stack: named\nuserPools: {main: {domains: {some-prefix: {}}}}";
    let made = Measured::of(&lab, async { drop(lab.apply(with).await) }).await;
    assert_eq!(made.counts()["DescribeUserPoolDomain"], 1);
    let options =
        Options { destroy: true, allow_delete: vec![crate::lab::address("userPools.main")], ..Options::default() };
    let gone = Measured::of(&lab, async { drop(lab.apply_with(with, options).await) }).await;
    assert_eq!(gone.counts()["DescribeUserPoolDomain"], 1);
}

/// Somebody else in the account, who uses a share of two categories, another one every second, and
/// does not care whether a call is refused. `seed` stands for who it is.
async fn others(sandbox: Sandbox, seed: u64) {
    let mut random = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    for number in 0.. {
        // Between 11 and 17 calls a second, of 15.
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        let rate = 11 + random % 7;
        for call in 0..rate {
            for operation in ["DescribeUserPoolClient", "DeleteUserPoolClient"] {
                // A pool of theirs has its own five calls a second.
                let pool = format!("us-east-1_others{}", (number + call) % 8);
                let request = Request {
                    method: "POST".to_owned(),
                    path: "/".to_owned(),
                    headers: vec![(
                        "x-amz-target".to_owned(),
                        format!("AWSCognitoIdentityProviderService.{operation}"),
                    )],
                    body: json!({"UserPoolId": pool, "ClientId": "1a2b3c"}).to_string().into_bytes(),
                };
                let sandbox = sandbox.clone();
                tokio::spawn(async move { sandbox.answer(request).await });
            }
            sleep(Duration::from_secs(1).div_f64(f64::from(u32::try_from(rate).expect("a few")))).await;
        }
    }
}

fn is_ours(call: &Logged) -> bool {
    call.input["UserPoolId"].as_str().is_none_or(|pool| !pool.contains("others"))
}

#[tokio::test(start_paused = true)]
async fn where_others_use_up_the_quota_it_slows_down_and_succeeds_and_is_fast_again_afterwards() {
    let size = Size { clients: 60, ..LARGE };
    for seed in 1..=4 {
        let lab = USUAL.lab();
        let (aws, text) = (connect(&lab, 100).await, size.stack("crowded"));
        let crowd = tokio::spawn(others(lab.sandbox.clone(), seed));
        sleep(Duration::from_secs(3)).await;
        let mut crowded = Measured::of(&lab, apply(&lab, &aws, &text)).await;
        crowded.calls.retain(is_ours);
        crowd.abort();
        let (refused, calls) = (crowded.refused().len(), crowded.calls.len());
        assert!(refused > 0, "{seed}: nobody was in the way");
        assert!(refused * 5 < calls, "{seed}: {refused} of {calls} refused");
        assert!(crowded.took < Duration::from_secs(90), "{seed}: {:?}", crowded.took);
        assert_eq!(aws.pacing().throttles, refused, "{seed}");
        // It has to find out that the others are gone.
        plan(&lab, &aws, &text).await;
        let alone = Measured::of(&lab, plan(&lab, &aws, &text)).await;
        assert_eq!(alone.refused(), [""; 0], "{seed}");
        let ratio = alone.ratio(USUAL, size.plan());
        assert!(ratio < 1.15, "{seed}: {:?} is {ratio} of the bound", alone.took);
    }
}

#[tokio::test(start_paused = true)]
async fn half_the_pace_takes_twice_as_long_and_leaves_the_other_half_to_others() {
    let lab = USUAL.lab();
    let text = LARGE.stack("half");
    apply(&lab, &connect(&lab, 100).await, &text).await;
    let mut took = Vec::new();
    for pace in [100, 50] {
        let aws = connect(&lab, pace).await;
        sleep(Duration::from_secs(10)).await;
        let run = Measured::of(&lab, plan(&lab, &aws, &text)).await;
        assert_eq!(run.refused(), [""; 0]);
        if pace == 50 {
            expect_half(&run.calls);
        }
        took.push(run.took.as_secs_f64());
    }
    assert!((1.8..2.2).contains(&(took[1] / took[0])), "{took:?}");
}

/// Whatever the time between two calls, those from the one to the other are no more than half of a
/// quota lets in at once and in that time.
#[track_caller]
fn expect_half(calls: &[Logged]) {
    let mut quotas: BTreeMap<&str, (f64, Vec<f64>)> = BTreeMap::new();
    for call in calls {
        for (name, rate) in &call.quotas {
            quotas.entry(name).or_insert((rate / 2.0, Vec::new())).1.push(call.at);
        }
    }
    for (name, (half, times)) in quotas {
        for (first, begin) in times.iter().enumerate() {
            let mut most = half.max(1.0) + 1e-3;
            for (last, end) in times.iter().enumerate().skip(first) {
                most -= 1.0;
                assert!(most + half * (end - begin) >= 0.0, "{name}: {first} to {last} in {}", end - begin);
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn the_stacks_of_a_run_share_the_pace() {
    // Five a second in each of four pools is more than the fifteen that all have together.
    let size = Size { clients: 60, groups: 1, servers: 1, providers: 1, ..LARGE };
    let stacks: Vec<String> = (0..4).map(|number| size.stack(&format!("stack-{number}"))).collect();
    for in_step in [true, false] {
        let lab = USUAL.lab();
        let first = connect(&lab, 100).await;
        let run = Measured::of(&lab, async {
            let runs = stacks.iter().map(|text| async {
                let aws = connect(&lab, 100).await;
                apply(&lab, &if in_step { aws.in_step_with(&first) } else { aws }, text).await;
            });
            futures_util::future::join_all(runs).await;
        })
        .await;
        assert_eq!(run.refused().is_empty(), in_step, "{:?}", run.refused());
        if in_step {
            let ratio = run.ratio(USUAL, Size::apply());
            assert!(ratio < 1.15, "{:?} is {ratio} of the bound", run.took);
        }
    }
}
