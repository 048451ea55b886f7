//! The binary is killed at every call that the apply of a stack with all kinds makes: before the
//! call has an effect, and after it, when nobody was told of it. Whatever is left behind, the next
//! plan shows it, and the next apply ends where one that was never killed does.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use poolkeeper::path::Path;
use poolkeeper::plan::{Action, Plan};
use poolkeeper::sandbox::{Logged, Sandbox, Settings};
use serde_json::json;

use crate::all_kinds::{CODE, INVENTORY, STACK};
use crate::lab::{Lab, show_plan};
use crate::outside::Server;

/// How many runs go on side by side: they wait for their turns most of the time.
const SIDE_BY_SIDE: usize = 6;

/// The highest number of a call that is tried: far more than an apply needs.
const FAR_TOO_MANY: usize = 1_000;

/// A sandbox in which nothing takes time but the tag query's index, which lags as AWS's.
pub(crate) fn quick() -> Settings {
    Settings { domain_delay: Duration::ZERO, function_delay: Duration::ZERO, quotas: false, ..Settings::default() }
}

pub(crate) fn lab(settings: Settings) -> Lab {
    let lab = Lab::around(Sandbox::new(settings));
    lab.file(CODE.0, CODE.1);
    lab.file("stack.yaml", STACK);
    lab
}

/// Does something with the tool inside this process, in a time that is paused.
pub(crate) fn inside<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build();
    runtime.expect("a runtime").block_on(work)
}

/// The claims in the pools' ledgers.
pub(crate) fn claims(lab: &Lab) -> Vec<BTreeMap<String, String>> {
    lab.sandbox.look(|state| {
        let pools = state.accounts.values().flat_map(BTreeMap::values).flat_map(|region| region.user_pools.values());
        let ledger = |(key, _): &(&String, &String)| key.starts_with("poolkeeper:applied");
        pools
            .map(|pool| pool.tags.iter().filter(ledger).map(|(key, value)| (key.clone(), value.clone())).collect())
            .collect()
    })
}

/// The address of what a line of the inventory is about; none for a statement, which is a part.
fn address(line: &str) -> Option<Path> {
    let pool = Path::root().key("userPools").key("customers");
    let inside = [
        (" client ", "clients"),
        (" provider ", "identityProviders"),
        (" resource server ", "resourceServers"),
        (" group ", "groups"),
        (" domain ", "domains"),
    ];
    match line {
        "function all-kinds-confirm" => Some(Path::root().key("functions").key("confirm")),
        "identity pool all-kinds-app" => Some(Path::root().key("identityPools").key("app")),
        "pool all-kinds-customers" => Some(pool),
        _ => inside.iter().find_map(|(word, section)| {
            line.strip_prefix("pool all-kinds-customers")?.strip_prefix(word).map(|key| pool.key(*section).key(key))
        }),
    }
}

/// What is there although the plan would make it, or does not know of it.
fn overlooked(plan: &Plan, inventory: &[String]) -> Vec<String> {
    let met = |line: &&String| {
        let Some(address) = address(line) else { return !line.ends_with(" statement") };
        let known = [Action::Keep, Action::Update, Action::Adopt];
        plan.items.iter().any(|item| item.address == address && item.id.is_some() && known.contains(&item.action))
            || plan.unmanaged.iter().any(|child| child.address == address)
    };
    let permission = |item: &poolkeeper::plan::Item| item.kind.is_none() && item.action == Action::Create;
    let mut found: Vec<String> =
        inventory.iter().filter(|line| !line.ends_with(" statement")).filter(|line| !met(line)).cloned().collect();
    if inventory.iter().any(|line| line.ends_with(" statement")) && plan.items.iter().any(permission) {
        found.push("the permission".to_owned());
    }
    found
}

/// What must hold after a run was killed.
fn recovers(lab: &Lab, clean: &[BTreeMap<String, String>], what: &str) {
    inside(async {
        let inventory = lab.inventory();
        let plan = lab.plan(STACK).await.unwrap_or_else(|error| panic!("{what}: {error:#?}\n{inventory:#?}"));
        let overlooked = overlooked(&plan, &inventory);
        assert!(overlooked.is_empty(), "{what}: {overlooked:?} of {inventory:#?} are not in\n{}", show_plan(&plan));
        lab.apply(STACK).await;
        assert_eq!(lab.inventory(), INVENTORY, "{what}");
        assert_eq!(claims(lab), clean, "{what}");
        lab.expect_no_changes(STACK).await;
    });
}

/// Kills a run at this call, and looks at what comes after. False where the run ends before the call.
///
/// A call that is refused, as one that asks for what is not there, is answered all the same: where
/// it has no effect there is nothing after it.
fn kill_at(call: usize, effect: &str, clean: &[BTreeMap<String, String>]) -> bool {
    let lab = lab(quick());
    let what = format!("*#{call}={effect}");
    lab.faults(&[&what]);
    let server = Server::start(&lab.sandbox);
    let mut run = server.run(&lab, &["apply", "--yes", "stack.yaml"]);
    let hangs = server.wait_for_call(&mut run, |call| call.refused.as_deref() == Some(""));
    if hangs {
        run.kill();
    } else {
        run.end().expect(0);
    }
    drop(server);
    lab.faults(&[]);
    let calls = lab.calls();
    let operation = calls.get(call - 1).map(|call| call.operation.as_str());
    recovers(&lab, clean, &format!("{what} ({})", operation.unwrap_or("none")));
    operation.is_some()
}

/// What the ledgers hold after a run that nothing befell.
fn clean() -> Vec<BTreeMap<String, String>> {
    let lab = lab(quick());
    inside(async { lab.apply(STACK).await });
    assert_eq!(lab.inventory(), INVENTORY);
    claims(&lab)
}

fn killed_at_every_call(effect: &str) {
    let clean = clean();
    let (next, over) = (AtomicUsize::new(1), AtomicBool::new(false));
    thread::scope(|scope| {
        for _ in 0..SIDE_BY_SIDE {
            scope.spawn(|| {
                while !over.load(Ordering::SeqCst) {
                    let call = next.fetch_add(1, Ordering::SeqCst);
                    assert!(call < FAR_TOO_MANY, "it makes ever more calls");
                    if !kill_at(call, effect, &clean) {
                        over.store(true, Ordering::SeqCst);
                    }
                }
            });
        }
    });
}

#[test]
fn a_run_that_is_killed_before_a_call_is_finished_by_the_next() {
    killed_at_every_call("hang-before");
}

#[test]
fn a_run_that_is_killed_after_a_call_is_finished_by_the_next() {
    killed_at_every_call("hang-after");
}

#[test]
fn a_run_that_is_killed_while_aws_is_at_work_is_finished_by_the_next() {
    let clean = clean();
    let minute = Duration::from_mins(1);
    let function = Settings { function_delay: minute, ..quick() };
    let domain = Settings { domain_delay: minute, ..quick() };
    let works = [
        (function, "GetFunction", "/FunctionName", "all-kinds-confirm", "CreateFunction"),
        (domain, "DescribeUserPoolDomain", "/Domain", "login.example.com", "CreateUserPoolDomain"),
    ];
    for (settings, read, member, name, create) in works {
        let lab = lab(settings);
        let server = Server::start(&lab.sandbox);
        let mut run = server.run(&lab, &["apply", "--yes", "stack.yaml"]);
        assert!(server.wait_for_call(&mut run, |call| call.operation == create));
        let looks = |call: &Logged| call.operation == read && call.input.pointer(member) == Some(&json!(name));
        assert!(server.wait_for_call(&mut run, |call| looks(call) && call.refused.is_none()));
        run.kill();
        drop(server);
        recovers(&lab, &clean, &format!("killed in {read}"));
    }
}
