//! The pacer beside a model of what AWS does: a bucket for each quota that holds one second's calls
//! and is filled evenly. Time is paused, so that minutes pass in no time, and exactly.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::time::Duration;

use proptest::prelude::*;
use serde_json::json;
use tokio::task::LocalSet;
use tokio::time::{Instant, sleep};

use super::{Pacer, Request, Turn, UNDER_WAY};
use crate::aws::Operation;

/// An operation, the quota that it counts for with its calls per second, and the calls per second
/// of the operation in one pool: as AWS has them in its documentation.
type Quota = (Operation, (&'static str, f64), Option<f64>);

const QUOTAS: &[Quota] = &[
    (Operation::CreateUserPoolClient, ("UserPoolClientUpdate", 15.0), Some(5.0)),
    (Operation::DeleteUserPoolClient, ("UserPoolClientUpdate", 15.0), Some(5.0)),
    (Operation::DescribeUserPoolClient, ("UserPoolClientRead", 15.0), Some(5.0)),
    (Operation::CreateGroup, ("UserPoolResourceUpdate", 15.0), Some(5.0)),
    (Operation::CreateResourceServer, ("UserPoolResourceUpdate", 15.0), Some(5.0)),
    (Operation::CreateIdentityProvider, ("UserPoolResourceUpdate", 15.0), Some(5.0)),
    (Operation::SetUserPoolMfaConfig, ("UserPoolResourceUpdate", 15.0), Some(5.0)),
    (Operation::GetGroup, ("UserPoolResourceRead", 20.0), Some(5.0)),
    (Operation::DescribeIdentityProvider, ("UserPoolResourceRead", 20.0), Some(5.0)),
    (Operation::UpdateUserPool, ("UserPoolUpdate", 15.0), None),
    (Operation::DescribeUserPool, ("UserPoolRead", 15.0), None),
];

fn quota(operation: Operation) -> &'static Quota {
    QUOTAS.iter().find(|quota| quota.0 == operation).expect("an operation of the table")
}

fn request(operation: Operation, pool: usize) -> Request {
    Request::of(operation, &json!({"UserPoolId": format!("eu-west-1_{pool}")}))
}

/// A quota as AWS counts it.
struct Allowance {
    rate: f64,
    left: f64,
    at: Duration,
}

impl Allowance {
    fn admits(&mut self, at: Duration) -> bool {
        self.left = (self.left + at.saturating_sub(self.at).as_secs_f64() * self.rate).min(self.rate);
        self.at = at;
        self.left -= 1.0;
        self.left > -1e-6
    }
}

/// The first call that AWS would have refused, of calls in the order in which they came.
fn refused(arrivals: &[(Duration, Operation, usize)]) -> Option<(Duration, Operation, usize)> {
    let mut allowances: HashMap<(String, Option<usize>), Allowance> = HashMap::new();
    let mut count = |name: String, pool: Option<usize>, rate: f64, at: Duration| {
        let new = || Allowance { rate, left: rate, at };
        allowances.entry((name, pool)).or_insert_with(new).admits(at)
    };
    arrivals.iter().copied().find(|(at, operation, pool)| {
        let (_, (category, rate), own) = quota(*operation);
        let own = own.is_none_or(|rate| count(format!("{operation:?}"), Some(*pool), rate, *at));
        !(count((*category).to_owned(), None, *rate, *at) && own)
    })
}

/// A call that a run makes.
#[derive(Debug, Clone)]
struct Call {
    operation: Operation,
    pool: usize,
    /// When the run would like to make it.
    wanted: Duration,
    /// How long it is on its way to AWS.
    there: Duration,
    /// How long it takes from there.
    takes: Duration,
}

/// What came of calls.
#[derive(Default)]
struct Seen {
    arrivals: Vec<(Duration, Operation, usize)>,
    under_way: usize,
    most_under_way: usize,
    writes: HashMap<usize, usize>,
    most_writes: usize,
    took: Duration,
}

/// Runs a future with paused time.
fn paused<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
    runtime.expect("a runtime").block_on(work)
}

/// Makes all calls, each as soon as the pacer lets it.
fn make(calls: &[Call], share: f64) -> Seen {
    let seen = Rc::new(RefCell::new(Seen::default()));
    paused(LocalSet::new().run_until(async {
        let (pacer, begin) = (Pacer::new(share), Instant::now());
        let made = calls.iter().cloned().map(|call| {
            let (pacer, seen) = (pacer.clone(), seen.clone());
            async move {
                sleep(call.wanted).await;
                let turn = pacer.turn(&request(call.operation, call.pool), None).await;
                {
                    let mut seen = seen.borrow_mut();
                    seen.under_way += 1;
                    seen.most_under_way = seen.most_under_way.max(seen.under_way);
                    if !call.operation.is_read() {
                        *seen.writes.entry(call.pool).or_default() += 1;
                        seen.most_writes = seen.most_writes.max(seen.writes[&call.pool]);
                    }
                }
                sleep(call.there).await;
                seen.borrow_mut().arrivals.push((begin.elapsed(), call.operation, call.pool));
                sleep(call.takes).await;
                turn.taken();
                let mut seen = seen.borrow_mut();
                seen.under_way -= 1;
                if !call.operation.is_read() {
                    *seen.writes.entry(call.pool).or_default() -= 1;
                }
                drop(seen);
                drop(turn);
            }
        });
        futures_util::future::join_all(made).await;
        seen.borrow_mut().took = begin.elapsed();
    }));
    seen.take()
}

fn calls(operation: Operation, pool: usize, count: usize, takes: Duration) -> impl Iterator<Item = Call> {
    let call = Call { operation, pool, wanted: Duration::ZERO, there: Duration::ZERO, takes };
    std::iter::repeat_n(call, count)
}

fn millis(range: std::ops::Range<u64>) -> impl Strategy<Value = Duration> {
    range.prop_map(Duration::from_millis)
}

fn any_calls() -> impl Strategy<Value = Vec<Call>> {
    let operation = proptest::sample::select(QUOTAS).prop_map(|quota| quota.0);
    // Together, in bunches, or all over the time.
    let wanted = prop_oneof![Just(Duration::ZERO), (0..8_u64).prop_map(Duration::from_secs), millis(0..10_000)];
    let call = (operation, 0..4_usize, wanted, millis(0..100), millis(0..400));
    let call = call.prop_map(|(operation, pool, wanted, there, takes)| Call { operation, pool, wanted, there, takes });
    proptest::collection::vec(call, 1..300)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn aws_has_nothing_to_refuse(calls in any_calls()) {
        let seen = make(&calls, 1.0);
        prop_assert_eq!(seen.arrivals.len(), calls.len());
        prop_assert_eq!(refused(&seen.arrivals), None);
        prop_assert!(seen.most_writes <= 1);
        prop_assert!(seen.most_under_way <= UNDER_WAY);
    }
}

#[test]
fn the_model_refuses_what_is_not_paced() {
    let at_once: Vec<_> = (0..6).map(|_| (Duration::ZERO, Operation::CreateGroup, 0)).collect();
    assert!(refused(&at_once).is_some());
    assert!(refused(&at_once[1..]).is_none());
}

#[test]
fn where_there_is_always_work_a_quota_is_used_up() {
    let takes = Duration::from_millis(150);
    for (operation, pools, rate) in [
        (Operation::CreateUserPoolClient, 1, 5.0),
        (Operation::DescribeUserPoolClient, 1, 5.0),
        (Operation::DescribeUserPoolClient, 2, 10.0),
        (Operation::DescribeUserPoolClient, 9, 15.0),
        (Operation::GetGroup, 9, 20.0),
        (Operation::DescribeUserPool, 3, 15.0),
    ] {
        let all: Vec<Call> = (0..pools).flat_map(|pool| calls(operation, pool, 600 / pools, takes)).collect();
        let took = make(&all, 1.0).took.as_secs_f64();
        #[expect(clippy::cast_precision_loss, reason = "hundreds")]
        let least = all.len() as f64 / rate;
        assert!(took <= least * 1.05, "{operation:?} in {pools} pools: {took} s where {least} s would do");
    }
}

#[test]
fn a_large_pool_is_made_in_the_time_that_quotas_and_single_writes_allow() {
    for takes in [5, 50, 90, 110, 127, 150, 300] {
        let takes = Duration::from_millis(takes);
        let parts = [
            (Operation::CreateIdentityProvider, 10),
            (Operation::CreateResourceServer, 20),
            (Operation::CreateGroup, 20),
            (Operation::CreateUserPoolClient, 100),
        ];
        let all: Vec<Call> = parts.iter().flat_map(|(operation, count)| calls(*operation, 0, *count, takes)).collect();
        let seen = make(&all, 1.0);
        assert_eq!(refused(&seen.arrivals), None, "{takes:?}");
        // All clients but the five that are let in at once, and every write after the other.
        let least = (takes * 150).max(Duration::from_secs(19));
        assert!(seen.took <= least.mul_f64(1.15), "{takes:?}: {:?} where {least:?} would do", seen.took);
    }
}

#[test]
fn many_large_pools_use_up_their_quotas() {
    let takes = Duration::from_millis(150);
    let parts = [
        (Operation::CreateIdentityProvider, 10),
        (Operation::CreateResourceServer, 20),
        (Operation::CreateGroup, 20),
        (Operation::CreateUserPoolClient, 100),
        (Operation::DescribeUserPoolClient, 100),
    ];
    let pools = 0..20;
    let all =
        pools.flat_map(|pool| parts.iter().flat_map(move |(operation, count)| calls(*operation, pool, *count, takes)));
    let seen = make(&all.collect::<Vec<_>>(), 1.0);
    assert_eq!(refused(&seen.arrivals), None);
    let least = 20.0 * 100.0 / 15.0;
    assert!(seen.took.as_secs_f64() <= least * 1.05, "{:?} where {least} s would do", seen.took);
}

#[test]
fn a_share_of_the_quota_is_a_share_of_the_pace() {
    let all: Vec<Call> = calls(Operation::DescribeUserPool, 0, 150, Duration::ZERO).collect();
    let (whole, part) = (make(&all, 1.0).took.as_secs_f64(), make(&all, 0.2).took.as_secs_f64());
    assert!((whole - 10.0).abs() < 0.6, "{whole}");
    assert!((part - 50.0).abs() < 1.0, "{part}");
    let few: Vec<Call> = calls(Operation::CreateGroup, 0, 4, Duration::ZERO).collect();
    let slowest = make(&few, 0.01).took.as_secs_f64();
    assert!((slowest - 60.0).abs() < 0.1, "one call in twenty seconds: {slowest}");
}

/// Waits for a turn, and says how long that took.
async fn turn(pacer: &Pacer, operation: Operation, pool: usize) -> (Turn, Duration) {
    let begin = Instant::now();
    let turn = pacer.turn(&request(operation, pool), None).await;
    (turn, begin.elapsed())
}

/// Has many calls wait, whose turns are given back at once.
fn crowd(pacer: &Pacer, operation: Operation, pool: usize, count: usize) {
    for _ in 0..count {
        let (pacer, request) = (pacer.clone(), request(operation, pool));
        tokio::spawn(async move { drop(pacer.turn(&request, None).await) });
    }
}

#[tokio::test(start_paused = true)]
async fn who_waits_blocks_nobody_else() {
    let pacer = Pacer::new(1.0);
    crowd(&pacer, Operation::CreateGroup, 0, 100);
    crowd(&pacer, Operation::DescribeUserPoolClient, 0, 100);
    sleep(Duration::from_secs(3)).await;
    // Other operations of the same quota in the same pool, and the same operation in another pool.
    for (operation, pool) in [
        (Operation::CreateResourceServer, 0),
        (Operation::CreateIdentityProvider, 0),
        (Operation::CreateGroup, 1),
        (Operation::DescribeUserPoolClient, 1),
        (Operation::GetGroup, 0),
    ] {
        let (_, waited) = turn(&pacer, operation, pool).await;
        assert_eq!(waited, Duration::ZERO, "{operation:?} in pool {pool}");
    }
    let seen = pacer.seen();
    assert!(seen.waits > 20 && seen.waited > Duration::from_secs(20), "{seen:?}");
}

#[tokio::test(start_paused = true)]
async fn a_pool_is_written_by_one_call_at_a_time_and_read_beside_it() {
    let pacer = Pacer::new(1.0);
    let (write, _) = turn(&pacer, Operation::UpdateUserPool, 0).await;
    let (read, waited) = turn(&pacer, Operation::DescribeUserPool, 0).await;
    assert_eq!(waited, Duration::ZERO);
    let (other, waited) = turn(&pacer, Operation::UpdateUserPool, 1).await;
    assert_eq!(waited, Duration::ZERO);
    let release = async {
        sleep(Duration::from_secs(7)).await;
        drop((write, read, other));
    };
    let arn = json!({"ResourceArn": "arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_0"});
    let tags = async {
        let begin = Instant::now();
        let turn = pacer.turn(&Request::of(Operation::TagResource, &arn), None).await;
        (turn, begin.elapsed())
    };
    let ((), (_, waited)) = tokio::join!(release, tags);
    assert_eq!(waited, Duration::from_secs(7));
}

#[tokio::test(start_paused = true)]
async fn a_function_is_the_same_by_its_name_and_its_arn() {
    let pacer = Pacer::new(1.0);
    let update = pacer.turn(&Request::of_function("UpdateFunctionCode", "confirm"), None).await;
    let arn = "arn:aws:lambda:eu-west-1:123456789012:function:confirm:live";
    let permission = Request::of_function("AddPermission", arn);
    let waits = tokio::time::timeout(Duration::from_secs(5), pacer.turn(&permission, None)).await;
    assert!(waits.is_err());
    drop(update);
    let begin = Instant::now();
    drop(pacer.turn(&permission, None).await);
    assert_eq!(begin.elapsed(), Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn who_gives_up_waiting_takes_nothing_along() {
    let pacer = Pacer::new(1.0);
    let held = turn(&pacer, Operation::CreateGroup, 0).await;
    for _ in 0..50 {
        let waits = turn(&pacer, Operation::CreateGroup, 0);
        assert!(tokio::time::timeout(Duration::from_millis(100), waits).await.is_err());
    }
    drop(held);
    let (_, waited) = turn(&pacer, Operation::CreateGroup, 0).await;
    assert_eq!(waited, Duration::ZERO);
}

/// The calls per second of an operation in one pool, over some seconds.
async fn speed(pacer: &Pacer, seconds: u64) -> f64 {
    let begin = Instant::now();
    let mut count = 0.0;
    while begin.elapsed() < Duration::from_secs(seconds) {
        // Nobody tells how it went: the pace stays.
        drop(turn(pacer, Operation::DescribeUserPoolClient, 0).await);
        count += 1.0;
    }
    count / begin.elapsed().as_secs_f64()
}

#[tokio::test(start_paused = true)]
async fn a_refusal_halves_the_pace_and_success_brings_it_back() {
    let pacer = Pacer::new(1.0);
    for pace in [2.5, 1.25, 0.625, 0.5, 0.5] {
        turn(&pacer, Operation::DescribeUserPoolClient, 0).await.0.refused();
        // Right after a refusal there is nothing in hand.
        let (_, waited) = turn(&pacer, Operation::DescribeUserPoolClient, 0).await;
        assert!((waited.as_secs_f64() - 1.0 / pace).abs() < 0.01, "{waited:?} at a pace of {pace}");
        let speed = speed(&pacer, 100).await;
        assert!((speed - pace).abs() < pace * 0.03, "{speed} at a pace of {pace}");
    }
    assert_eq!(pacer.seen().throttles, 5);
    // Another operation in the pool shares the quota, and not the pool's own limit.
    let begin = Instant::now();
    for _ in 0..50 {
        turn(&pacer, Operation::DescribeUserPoolClient, 0).await.0.taken();
    }
    assert!(begin.elapsed() < Duration::from_secs(30), "{:?}", begin.elapsed());
    let speed = speed(&pacer, 100).await;
    assert!((speed - 5.0).abs() < 0.2, "{speed}");
}

#[tokio::test(start_paused = true)]
async fn calls_that_are_refused_together_halve_the_pace_once() {
    let pacer = Pacer::new(1.0);
    let (first, _) = turn(&pacer, Operation::DescribeUserPoolClient, 0).await;
    let (second, _) = turn(&pacer, Operation::DescribeUserPoolClient, 0).await;
    sleep(Duration::from_millis(50)).await;
    first.refused();
    sleep(Duration::from_millis(50)).await;
    second.refused();
    drop((first, second));
    let speed = speed(&pacer, 100).await;
    assert!((speed - 2.5).abs() < 0.1, "{speed}");
}

#[tokio::test(start_paused = true)]
async fn who_was_refused_comes_back_to_the_front() {
    let pacer = Pacer::new(1.0);
    let (first, _) = turn(&pacer, Operation::DescribeUserPoolClient, 0).await;
    crowd(&pacer, Operation::DescribeUserPoolClient, 0, 500);
    first.refused();
    let (place, begin) = (first.place(), Instant::now());
    drop(first);
    drop(pacer.turn(&request(Operation::DescribeUserPoolClient, 0), Some(place)).await);
    assert!(begin.elapsed() < Duration::from_secs(1), "{:?}", begin.elapsed());
}
