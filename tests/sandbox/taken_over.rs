//! `--take-over`: what another stack has becomes this stack's own, and nothing else that it had.

use std::collections::BTreeMap;

use poolkeeper::plan::target::slip;
use poolkeeper::plan::work::Options;
use poolkeeper::plan::{Action, Plan};
use poolkeeper::sandbox::state::Region;
use serde_json::{Value, json};

use crate::killed::quick;
use crate::lab::{Lab, address, show_plan, show_report, undone, writes};

const CODE: (&str, &str) = ("code/i.class", "x");

/// The same three roots for any stack; the pool with these children.
fn text(stack: &str, children: &str) -> String {
    format!(
        "stack: {stack}\nfunctions:\n  hook: {{name: hook, runtime: java21, handler: i.h, code: ./code, role: \
         \"arn:aws:iam::123456789012:role/hook\"}}\nuserPools:\n  customers:\n    name: Customers\n    {children}\n\
         identityPools:\n  app: {{name: App}}\n"
    )
}

const ROOTS: [&str; 3] = ["functions.hook", "userPools.customers", "identityPools.app"];

fn take_over(addresses: &[&str]) -> Options {
    Options { take_over: addresses.iter().map(|text| address(text)).collect(), ..Options::default() }
}

fn lab() -> Lab {
    let lab = Lab::with(quick());
    lab.file(CODE.0, CODE.1);
    lab
}

/// What a plan does, with what it says of it.
fn told(plan: &Plan) -> Vec<Value> {
    let items = plan.items.iter().filter(|item| item.action != Action::Keep);
    let told = |item: &poolkeeper::plan::Item| {
        let changes: Vec<String> = item.changes.iter().map(|change| change.path.to_string()).collect();
        json!([item.action.word_and_symbol().0, item.address.to_string(), changes, item.warnings.join("; ")])
    };
    items.map(told).collect()
}

fn regions<T>(lab: &Lab, look: impl Fn(&Region) -> T) -> Vec<T> {
    lab.sandbox.look(|state| state.accounts.values().flat_map(BTreeMap::values).map(look).collect())
}

fn ids(lab: &Lab) -> Vec<Vec<String>> {
    regions(lab, |region| {
        let clients = region.user_pools.values().flat_map(|pool| pool.clients.keys());
        region.user_pools.keys().chain(clients).chain(region.identity_pools.keys()).cloned().collect()
    })
}

#[tokio::test(start_paused = true)]
async fn each_kind_of_root_is_adopted_with_its_differences() {
    let lab = lab();
    let old = text("old", "deletionProtection: ACTIVE\n    groups: {staff: {}, gone: {}}\n    clients: {web: {}}");
    lab.apply(&old).await;
    let before = ids(&lab);
    let new = text("new", "groups: {staff: {precedence: 1}, more: {}}");

    let blocked = lab.plan_with(&new, &Options::default()).await;
    for (item, root) in blocked.items.iter().filter(|item| item.action == Action::Blocked).zip(ROOTS) {
        let why = item.blocked.join("; ");
        assert!(why.contains(&format!("belongs to stack old as {root}")), "{why}");
        assert!(why.contains(&format!("--take-over {root}")), "{why}");
    }
    assert_eq!(blocked.count(Action::Blocked), 3, "{}", show_plan(&blocked));

    let pool = "userPools.customers";
    let taken = |root: &str| {
        format!("it belongs to stack old as {root}, and is taken over: that stack's file must not declare it any more")
    };
    let planned = lab.plan_with(&new, &take_over(&ROOTS)).await;
    assert_eq!(
        told(&planned),
        [
            json!(["adopt", "functions.hook", [], taken("functions.hook")]),
            json!(["adopt", pool, ["deletionProtection"], taken(pool)]),
            json!(["adopt", format!("{pool}.groups.staff"), ["precedence"], ""]),
            json!(["create", format!("{pool}.groups.more"), [], ""]),
            json!(["adopt", "identityPools.app", [], taken("identityPools.app")]),
        ],
        "{}",
        show_plan(&planned)
    );
    lab.apply_with(&new, take_over(&ROOTS)).await;
    assert_eq!(ids(&lab), before);

    // The flag has done its work, and what the other stack had made is not this one's.
    lab.calls();
    for options in [Options::default(), take_over(&ROOTS)] {
        let after = lab.plan_with(&new, &options).await;
        let unmanaged: Vec<String> = after.unmanaged.iter().map(|child| child.address.to_string()).collect();
        assert!(!after.has_changes(), "{}", show_plan(&after));
        assert_eq!(unmanaged, [format!("{pool}.groups.gone"), format!("{pool}.clients.web")]);
    }
    let other = lab.plan_with(&old, &Options::default()).await;
    assert_eq!(other.count(Action::Blocked), 3, "{}", show_plan(&other));
    let gone = lab.plan_with("stack: old\n", &Options::default()).await;
    assert!(!gone.has_changes(), "{}", show_plan(&gone));
    assert_eq!(writes(&lab.calls()), [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn a_stack_with_another_name_takes_over_by_id_what_has_the_old_default_name() {
    let lab = lab();
    lab.apply("stack: shop\nuserPools: {customers: {groups: {staff: {}}}}\n").await;
    let id = ids(&lab).concat().remove(0);
    let text = format!("stack: shop-eu\nuserPools: {{customers: {{id: {id}, groups: {{staff: {{}}}}}}}}\n");
    let blocked = lab.plan_with(&text, &Options::default()).await;
    let why = blocked.items[0].blocked.join("; ");
    assert!(
        why.contains("belongs to stack shop as userPools.customers; make it") && why.contains("--take-over"),
        "{why}"
    );
    lab.apply_with(&text, take_over(&["userPools.customers"])).await;
    lab.expect_no_changes(&text).await;
    assert_eq!(lab.inventory(), ["pool shop-eu-customers", "pool shop-eu-customers group staff"]);
}

#[tokio::test(start_paused = true)]
async fn where_it_is_not_clear_what_is_taken_over_nothing_is() {
    let lab = lab();
    let flag = take_over(&["userPools.customers"]);
    let pool = |stack: &str| format!("stack: {stack}\nuserPools: {{customers: {{name: Customers}}}}\n");
    let nothing = lab.plan_with(&pool("new"), &flag).await;
    let why = nothing.items[0].blocked.join("; ");
    assert!(why.contains("there is nothing to take over: no live user pool has the name `Customers`"), "{why}");

    lab.apply(&pool("one")).await;
    lab.apply_with(&pool("two").replace("Customers", "Other"), Options::default()).await;
    lab.apply(&pool("two")).await;
    let several = lab.plan_with(&pool("new"), &flag).await;
    let why = several.items[0].blocked.join("; ");
    assert!(why.contains("several user pools with this name are live"), "{why}");
    assert!(ids(&lab).concat().iter().all(|id| why.contains(id)), "{why}");
}

#[tokio::test(start_paused = true)]
async fn a_take_over_that_is_cut_off_leaves_no_claims_of_the_other_stack() {
    // So many that the ledger takes more than one tag.
    let groups: Vec<String> = (0..70).map(|number| format!("g{number}: {{}}")).collect();
    let old = format!("stack: old\nuserPools: {{p: {{name: P, groups: {{{}}}}}}}\n", groups.join(", "));
    let new = "stack: new\nuserPools: {p: {name: P, groups: {g1: {}}}}\n";
    let flag = take_over(&["userPools.p"]);
    for fault in
        ["UntagResource=denied", "TagResource=denied", "UntagResource=lost", "TagResource#1=lost", "UpdateGroup=denied"]
    {
        let lab = lab();
        lab.apply(&old).await;
        lab.faults(&[fault]);
        drop(lab.run(new, &flag).await.expect("a report"));
        lab.faults(&[]);
        lab.apply_with(new, flag.clone()).await;
        let after = lab.plan_with(new, &Options::default()).await;
        assert!(!after.has_changes(), "{fault}: {}", show_plan(&after));
        assert_eq!(after.unmanaged.len(), 69, "{fault}");
        assert_eq!(lab.inventory().len(), 71, "{fault}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_slip_in_what_is_taken_over_is_told() {
    let lab = lab();
    let text = "stack: one\nuserPools: {a: {clients: {web: {}}}, b: {}}\n";
    lab.apply(text).await;
    let less = "stack: one\nuserPools: {a: {clients: {web: {}}}}\n";
    for (named, expected) in [
        ("userPools.c", "--take-over userPools.c names nothing that is declared or live"),
        ("userPools.b", "--take-over userPools.b names nothing that the file declares"),
        ("userPools.a.clients.web", "--take-over userPools.a.clients.web is of no use"),
    ] {
        let options = take_over(&[named]);
        let planned = lab.survey(less, &options).await.expect("a plan").2.planned;
        let told = slip(&options, &[&planned]).map(|error| error.to_string()).unwrap_or_default();
        assert!(told.contains(expected), "{told}");
    }
    let options = take_over(&["userPools.a"]);
    let one = lab.survey(less, &options).await.expect("a plan").2.planned;
    let two = lab.survey("stack: two\nuserPools: {a: {name: x}}\n", &options).await.expect("a plan").2.planned;
    let told = slip(&options, &[&one, &two]).map(|error| error.to_string()).unwrap_or_default();
    assert!(told.contains("is in several of these stacks: one, two"), "{told}");
    assert!(slip(&options, &[&one]).is_none());
}

#[tokio::test(start_paused = true)]
async fn what_another_stack_took_meanwhile_stays_with_it() {
    let lab = lab();
    lab.apply(&text("old", "groups: {staff: {}}")).await;
    let mut plans = Vec::new();
    for stack in ["one", "two"] {
        let text = text(stack, "groups: {staff: {precedence: 1}}");
        plans.push(lab.survey(&text, &take_over(&ROOTS)).await.expect("a plan"));
    }
    let mut reports = Vec::new();
    for (aws, stack, survey) in plans {
        let cancel = tokio_util::sync::CancellationToken::new();
        lab.calls();
        let done = poolkeeper::engine::execute(&aws, &stack, survey.planned, survey.packages, cancel).await;
        reports.push((done.report, writes(&lab.calls())));
    }
    let [(one, _), (two, written)] = &reports[..] else { panic!("two runs") };
    assert!(one.is_complete(), "{}", show_report(one));
    assert_eq!(written, &[""; 0], "{}", show_report(two));
    for root in ROOTS {
        assert!(undone(two).contains_key(root), "{}", show_report(two));
    }
    let told = show_report(two);
    assert!(told.contains("belongs to stack one as userPools.customers by now"), "{told}");
}
