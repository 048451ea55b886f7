//! Two runs at the same moment on one account, which know nothing of each other: nothing is there
//! twice in the end, whoever did not reach what it declares says so, and one more run does.

use std::time::Duration;

use poolkeeper::engine::{Done, execute};
use poolkeeper::plan::work::Options;
use poolkeeper::sandbox::Settings;
use poolkeeper::survey::Survey;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use tokio_util::sync::CancellationToken;

use crate::all_kinds::{CODE, INVENTORY, STACK};
use crate::killed::inside;
use crate::lab::{Lab, address, show_plan, show_report};

/// How long calls take, and how far the second run is behind the first.
#[derive(Debug, Clone, Copy)]
struct Times {
    read: Duration,
    write: Duration,
    behind: Duration,
}

fn times() -> impl Strategy<Value = Times> {
    let milliseconds = |range: std::ops::Range<u64>| range.prop_map(Duration::from_millis);
    // Half of the time they begin so close to each other that both find nothing.
    let behind = prop_oneof![milliseconds(0..300), milliseconds(0..20_000)];
    (milliseconds(1..300), milliseconds(1..400), behind).prop_map(|(read, write, behind)| Times { read, write, behind })
}

/// How many pairs of runs each property is tried with.
const PAIRS: u32 = 12;

/// Holds for any times.
fn always(what: impl Fn(Times)) {
    let mut runner = TestRunner::new(Config { cases: PAIRS, failure_persistence: None, ..Config::default() });
    let held = runner.run(&times(), |times| {
        what(times);
        Ok(())
    });
    held.unwrap_or_else(|why| panic!("{why}"));
}

fn lab(times: Times) -> Lab {
    let lab = Lab::with(Settings { read_latency: times.read, write_latency: times.write, ..Settings::default() });
    lab.file(CODE.0, CODE.1);
    lab
}

/// One run, as a process of its own would make it. What it tells where it is not complete.
async fn attempt(lab: &Lab, text: &str, options: &Options) -> Result<(), String> {
    let surveyed = lab.survey(text, options).await;
    let (aws, stack, Survey { planned, packages, .. }) = surveyed.map_err(|error| format!("{error:?}"))?;
    if planned.plan.is_blocked() {
        return Err(show_plan(&planned.plan));
    }
    let Done { report, .. } = execute(&aws, &stack, planned, packages, CancellationToken::new()).await;
    if report.is_complete() { Ok(()) } else { Err(show_report(&report)) }
}

/// Two runs, the second a little behind.
async fn both(lab: &Lab, one: (&str, &Options), other: (&str, &Options), times: Times) -> [Result<(), String>; 2] {
    let second = async {
        tokio::time::sleep(times.behind).await;
        attempt(lab, other.0, other.1).await
    };
    // Boxed, since the tool's futures are large.
    tokio::join!(Box::pin(attempt(lab, one.0, one.1)), Box::pin(second)).into()
}

/// What is there more than once.
fn twice(lab: &Lab) -> Vec<String> {
    let inventory = lab.inventory();
    let pairs = inventory.windows(2).filter(|pair| pair[0] == pair[1]);
    pairs.map(|pair| pair[0].clone()).collect()
}

/// The stack with something new of most kinds, something changed, and something gone.
fn changed() -> String {
    STACK
        .replace("      readers: {precedence: 10}\n", "      writers: {precedence: 20}\n")
        .replace("{description: Admins, precedence: 0,", "{description: All rights, precedence: 1,")
        .replace("    clients:\n", "    clients:\n      mobile: {}\n      desk: {allowedOAuthFlowsUserPoolClient: true, allowedOAuthFlows: [code], allowedOAuthScopes: [openid], callbackUrls: [\"https://desk.example.com/\"]}\n")
        .replace("callbackUrls: [https://shop.example.com/]", "callbackUrls: [https://shop.example.com/in]")
        .replace("mfaConfiguration: OPTIONAL", "mfaConfiguration: \"ON\"")
        .replace("\nidentityPools:\n", "\nidentityPools:\n  second: {}\n")
}

/// What is there when a text is applied by itself.
fn alone(text: &str) -> Vec<String> {
    inside(async {
        let lab = Lab::new();
        lab.file(CODE.0, CODE.1);
        lab.apply(text).await;
        lab.inventory()
    })
}

/// After both are over one more run ends in the declared state.
async fn converges(lab: &Lab, text: &str, inventory: &[String], told: &[Result<(), String>; 2]) {
    assert_eq!(twice(lab), [""; 0], "{told:#?}");
    if told.iter().all(Result::is_ok) {
        lab.expect_no_changes(text).await;
    }
    let again = attempt(lab, text, &Options::default()).await;
    assert_eq!(again, Ok(()), "{told:#?}");
    assert_eq!(lab.inventory(), inventory, "{told:#?}");
    lab.expect_no_changes(text).await;
}

#[test]
fn two_first_runs_of_one_stack_make_it_once() {
    let inventory: Vec<String> = INVENTORY.iter().map(|line| (*line).to_owned()).collect();
    let options = Options::default();
    always(|times| {
        inside(async {
            let lab = lab(times);
            let told = both(&lab, (STACK, &options), (STACK, &options), times).await;
            converges(&lab, STACK, &inventory, &told).await;
        });
    });
}

#[test]
fn two_runs_with_the_same_changes_make_them_once() {
    let (text, options) = (changed(), Options::default());
    let inventory = alone(&text);
    always(|times| {
        inside(async {
            let lab = lab(times);
            lab.apply(STACK).await;
            let told = both(&lab, (&text, &options), (&text, &options), times).await;
            converges(&lab, &text, &inventory, &told).await;
        });
    });
}

#[test]
fn two_runs_with_different_changes_leave_what_one_more_run_sets_right() {
    let (text, options) = (changed(), Options::default());
    let inventory = alone(&text);
    always(|times| {
        inside(async {
            let lab = lab(times);
            lab.apply(STACK).await;
            let other = STACK.replace("description: Admins", "description: Root");
            let told = both(&lab, (&text, &options), (&other, &options), times).await;
            assert_eq!(twice(&lab), [""; 0], "{told:#?}");
            let again = attempt(&lab, &text, &options).await;
            assert_eq!(again, Ok(()), "{told:#?}");
            // Where one run takes out what the other makes anew at that moment, nobody's claim on it may
            // be left; it is not deleted then, but shown.
            let plan = lab.plan(&text).await.expect("a plan");
            assert!(!plan.has_changes(), "{told:#?}\n{}", show_plan(&plan));
            let found = lab.inventory();
            assert!(inventory.iter().all(|line| found.contains(line)), "{told:#?}\n{found:#?}");
            let over = found.iter().filter(|line| !inventory.contains(line)).count();
            assert_eq!(over, plan.unmanaged.len(), "{told:#?}\n{found:#?}");
        });
    });
}

#[test]
fn an_apply_and_a_destroy_leave_what_either_can_finish() {
    let (text, options) = (changed(), Options::default());
    let inventory = alone(&text);
    let destroy = Options {
        destroy: true,
        allow_delete: vec![address("userPools.customers"), address("identityPools.app")],
        ..Options::default()
    };
    always(|times| {
        inside(async {
            let lab = lab(times);
            lab.apply(STACK).await;
            let told = both(&lab, (&text, &options), (STACK, &destroy), times).await;
            assert_eq!(twice(&lab), [""; 0], "{told:#?}");
            let again = attempt(&lab, &text, &options).await;
            assert_eq!(again, Ok(()), "{told:#?}");
            assert_eq!(lab.inventory(), inventory, "{told:#?}");
            lab.expect_no_changes(&text).await;
        });
    });
}

/// A stack with a pool of a name that others use too.
fn shop(stack: &str) -> String {
    format!(
        "stack: {stack}\nuserPools:\n  shop: {{name: Shop, clients: {{web: {{}}}}}}\nidentityPools:\n  shop: {{name: Shop}}\n"
    )
}

#[test]
fn two_stacks_with_pools_of_one_name_keep_to_their_own() {
    let (one, other, options) = (shop("one"), shop("other"), Options::default());
    always(|times| {
        inside(async {
            let lab = lab(times);
            let told = both(&lab, (&one, &options), (&other, &options), times).await;
            for (text, told) in [&one, &other].into_iter().zip(&told) {
                match told {
                    Ok(()) => lab.expect_no_changes(text).await,
                    // The other was seen in time, and is not touched.
                    Err(why) => assert!(why.contains("with this name belongs to stack"), "{why}"),
                }
            }
            let made = told.iter().filter(|told| told.is_ok()).count();
            for kind in ["pool Shop", "pool Shop client web", "identity pool Shop"] {
                assert_eq!(lab.inventory().iter().filter(|line| *line == kind).count(), made, "{told:#?}");
            }
        });
    });
}

const POOL: &str = "stack: shop\nuserPools:\n  shop: {name: Shop}\n";
const CLIENTS: &str = "stack: shop\nuserPools:\n  shop: {name: Shop, clients: {web: {}, worker: {}}}\n";

#[tokio::test(start_paused = true)]
async fn of_two_clients_of_one_name_the_younger_goes_with_the_run_that_made_it() {
    let second = Duration::from_secs(1);
    let lab = lab(Times { read: second, write: second, behind: Duration::ZERO });
    lab.apply(POOL).await;
    let options = Options::default();
    let behind = Duration::from_millis(200);
    let times = Times { read: second, write: second, behind };
    let told = both(&lab, (CLIENTS, &options), (CLIENTS, &options), times).await;
    let made =
        lab.calls().iter().filter(|call| call.operation == "CreateUserPoolClient" && call.refused.is_none()).count();
    assert_eq!(made, 4, "they do not meet: {told:#?}");
    let clients = ["pool Shop", "pool Shop client web", "pool Shop client worker"];
    assert_eq!(lab.inventory(), clients, "{told:#?}");
    let [first, second] = &told;
    assert_eq!(*first, Ok(()), "what it made stays");
    let why = second.as_ref().expect_err("what it made went");
    assert!(why.contains("another run made an app client of this name at the same moment"), "{why}");
    lab.expect_no_changes(CLIENTS).await;
}

#[tokio::test(start_paused = true)]
async fn a_look_for_clients_of_one_name_takes_one_listing_and_only_where_some_were_made() {
    let lab = Lab::new();
    let listings = || lab.calls().iter().filter(|call| call.operation == "ListUserPoolClients").count();
    lab.apply(CLIENTS).await;
    assert_eq!(listings(), 1, "a pool that was not there is not listed to plan");
    lab.apply(&CLIENTS.replace("worker: {}", "worker: {accessTokenValidity: 2}")).await;
    assert_eq!(listings(), 1, "none was made, so the plan's is the only one");
    lab.apply(&CLIENTS.replace("worker: {}", "robot: {}")).await;
    assert_eq!(listings(), 2);
}
