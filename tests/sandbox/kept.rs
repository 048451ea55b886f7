//! `--keep`: what was removed from the file is let go, and not deleted.

use std::collections::BTreeMap;

use poolkeeper::plan::target::slip;
use poolkeeper::plan::work::Options;
use poolkeeper::plan::{Action, Plan, StepResult};
use serde_json::{Value, json};

use crate::all_kinds::{INVENTORY, STACK};
use crate::killed::quick;
use crate::lab::{Lab, address, show_plan, undone, writes};

const CHILDREN: &str = "stack: shop\nuserPools:\n  p:\n    domains: {shop-login: {}}\n    groups: {staff: {}}\n    \
    resourceServers: {orders: {scopes: [{scopeName: read, scopeDescription: Read}]}}\n    clients: {web: {}}\n    \
    identityProviders: {Corp: {providerType: SAML, providerDetails: {MetadataURL: \"https://saml.example.com/metadata\"}}}\n";
const BARE: &str = "stack: shop\nuserPools:\n  p: {}\n";
const NAMES: [&str; 5] =
    ["identityProviders.Corp", "resourceServers.orders", "groups.staff", "domains.shop-login", "clients.web"];

fn keep(addresses: &[&str]) -> Options {
    Options { keep: addresses.iter().map(|text| address(text)).collect(), ..Options::default() }
}

fn told(plan: &Plan) -> Vec<Value> {
    let items = plan.items.iter().filter(|item| item.action != Action::Keep);
    items.map(|item| json!([item.action.word_and_symbol().0, item.address.to_string(), item.warnings])).collect()
}

/// The tags of all roots, by name.
fn tags(lab: &Lab) -> BTreeMap<String, Vec<String>> {
    lab.sandbox.look(|state| {
        let mut found = BTreeMap::new();
        for region in state.accounts.values().flat_map(BTreeMap::values) {
            let keys = |tags: &BTreeMap<String, String>| tags.keys().cloned().collect::<Vec<_>>();
            found.extend(region.user_pools.values().map(|pool| ("user pool".to_owned(), keys(&pool.tags))));
            found.extend(region.identity_pools.values().map(|pool| ("identity pool".to_owned(), keys(&pool.tags))));
            found.extend(region.functions.values().map(|function| ("function".to_owned(), keys(&function.tags))));
        }
        found
    })
}

#[tokio::test(start_paused = true)]
async fn each_kind_of_child_is_let_go() {
    let lab = crate::killed::lab(quick());
    lab.apply(CHILDREN).await;
    let before = lab.inventory();
    let all: Vec<String> = NAMES.iter().map(|name| format!("userPools.p.{name}")).collect();
    let options = keep(&all.iter().map(String::as_str).collect::<Vec<_>>());
    let planned = lab.plan_with(BARE, &options).await;
    let mut released: Vec<String> = planned
        .items
        .iter()
        .filter(|item| item.action == Action::Release)
        .map(|item| item.address.to_string())
        .collect();
    released.sort();
    let mut expected = all.clone();
    expected.sort();
    assert_eq!(released, expected, "{}", show_plan(&planned));
    assert!(planned.has_changes() && !planned.is_blocked() && planned.count(Action::Delete) == 0);

    lab.calls();
    let report = lab.apply_with(BARE, options.clone()).await;
    assert_eq!(report.outcomes.len(), NAMES.len(), "{report:?}");
    assert_eq!(writes(&lab.calls()), ["TagResource"], "the ledger is written, and nothing else is");
    assert_eq!(lab.inventory(), before);
    let after = lab.plan_with(BARE, &Options::default()).await;
    assert!(!after.has_changes() && after.notes.is_empty(), "{}", show_plan(&after));
    assert_eq!(after.unmanaged.len(), NAMES.len());
    // Where the file declares them again, they are adopted.
    let again = lab.plan_with(CHILDREN, &Options::default()).await;
    assert_eq!(again.count(Action::Adopt), NAMES.len(), "{}", show_plan(&again));
}

#[tokio::test(start_paused = true)]
async fn what_is_not_named_is_deleted_beside_it() {
    let lab = crate::killed::lab(quick());
    lab.apply("stack: shop\nuserPools: {p: {groups: {a: {}, b: {}}, clients: {web: {}}}}\n").await;
    let text = "stack: shop\nuserPools: {p: {groups: {c: {}}, clients: {web: {}}}}\n";
    let options = keep(&["userPools.p.groups.a"]);
    let planned = lab.plan_with(text, &options).await;
    let counts = [Action::Release, Action::Delete, Action::Create, Action::Keep].map(|action| planned.count(action));
    assert_eq!(counts, [1, 1, 1, 2], "{}", show_plan(&planned));
    lab.apply_with(text, options).await;
    assert_eq!(
        lab.inventory(),
        ["pool shop-p", "pool shop-p client web", "pool shop-p group a", "pool shop-p group c"]
    );
    let after = lab.plan_with(text, &Options::default()).await;
    assert!(!after.has_changes() && after.unmanaged.len() == 1, "{}", show_plan(&after));
}

#[tokio::test(start_paused = true)]
async fn each_kind_of_root_is_let_go_with_all_that_is_inside() {
    let lab = crate::killed::lab(quick());
    lab.apply(STACK).await;
    lab.catch_up();
    let roots = ["functions.confirm", "userPools.customers", "identityPools.app"];
    let empty = "stack: all-kinds\n";
    // Without a word both pools are blocked; with it nothing has to be allowed.
    assert!(lab.plan_with(empty, &Options::default()).await.is_blocked());
    let planned = lab.plan_with(empty, &keep(&roots)).await;
    let mut lines: Vec<String> = told(&planned).iter().map(ToString::to_string).collect();
    lines.sort();
    let expected = ["functions.confirm", "identityPools.app", "userPools.customers"];
    assert_eq!(lines, expected.map(|root| json!(["release", root, []]).to_string()), "{}", show_plan(&planned));

    lab.calls();
    lab.apply_with(empty, keep(&roots)).await;
    assert_eq!(writes(&lab.calls()), ["UntagResource"; 3]);
    assert_eq!(lab.inventory(), INVENTORY);
    let team = || vec!["team".to_owned()];
    let expected = [("function", team()), ("identity pool", team()), ("user pool", team())];
    assert_eq!(tags(&lab), expected.map(|(kind, tags)| (kind.to_owned(), tags)).into(), "the user's stay");
    let after = lab.plan_with(empty, &Options::default()).await;
    assert!(after.items.is_empty() && after.unmanaged.is_empty(), "{}", show_plan(&after));
    // As for what nobody owns, `id` adopts them again.
    let again = lab.plan_with(STACK, &Options::default()).await;
    assert_eq!(again.count(Action::Blocked), 3, "{}", show_plan(&again));
}

#[tokio::test(start_paused = true)]
async fn one_root_is_kept_and_another_goes() {
    let lab = crate::killed::lab(quick());
    lab.apply(STACK).await;
    lab.catch_up();
    let options = Options { allow_delete: vec![address("identityPools.app")], ..keep(&["userPools.customers"]) };
    let planned = lab.plan_with("stack: all-kinds\n", &options).await;
    assert!(!planned.is_blocked(), "{}", show_plan(&planned));
    let told = json!(told(&planned)).to_string();
    assert!(told.contains("its triggers name what is deleted: functions.confirm"), "{told}");
    lab.apply_with("stack: all-kinds\n", options).await;
    let left: Vec<&str> = INVENTORY.iter().copied().filter(|line| line.starts_with("pool ")).collect();
    assert_eq!(lab.inventory(), left);
}

#[tokio::test(start_paused = true)]
async fn a_target_can_be_kept() {
    let lab = crate::killed::lab(quick());
    lab.apply("stack: shop\nuserPools: {p: {groups: {a: {}, b: {}}}}\n").await;
    let targets = vec![address("userPools.p.groups.a")];
    let options = Options { targets, ..keep(&["userPools.p.groups.a"]) };
    let planned = lab.survey(BARE, &options).await.expect("a plan").2.planned;
    assert_eq!(told(&planned.plan), [json!(["release", "userPools.p.groups.a", []])]);
    assert!(slip(&options, &[&planned]).is_none());
    lab.apply_with(BARE, options).await;
    let after = lab.plan_with(BARE, &Options::default()).await;
    assert_eq!((after.count(Action::Delete), after.unmanaged.len()), (1, 1), "{}", show_plan(&after));
}

#[tokio::test(start_paused = true)]
async fn a_run_that_is_cut_off_is_finished_by_the_next() {
    for fault in ["TagResource=denied", "TagResource#1=lost", "TagResource#1=hang-after"] {
        let lab = crate::killed::lab(quick());
        lab.apply(CHILDREN).await;
        let before = lab.inventory();
        let options = keep(&["userPools.p.groups.staff"]);
        let text = CHILDREN.replace("    groups: {staff: {}}\n", "");
        lab.faults(&[fault]);
        let report = lab.run(&text, &options).await.expect("a report");
        lab.faults(&[]);
        if fault.ends_with("denied") {
            let undone = undone(&report);
            assert!(matches!(undone["userPools.p"], StepResult::Failed(_)), "{undone:?}");
            assert!(
                matches!(undone["userPools.p.groups.staff"], StepResult::NotTried(_)),
                "it is not let go: {undone:?}"
            );
        }
        lab.run(&text, &options).await.expect("a report");
        assert_eq!(lab.inventory(), before, "{fault}");
        let after = lab.plan_with(&text, &Options::default()).await;
        assert!(!after.has_changes() && after.unmanaged.len() == 1, "{fault}: {}", show_plan(&after));
    }
    for fault in ["UntagResource=denied", "UntagResource#1=lost"] {
        let lab = crate::killed::lab(quick());
        lab.apply(CHILDREN).await;
        let before = lab.inventory();
        let options = keep(&["userPools.p"]);
        lab.faults(&[fault]);
        lab.run("stack: shop\n", &options).await.expect("a report");
        lab.faults(&[]);
        lab.run("stack: shop\n", &options).await.expect("a report");
        assert_eq!(lab.inventory(), before, "{fault}");
        let after = lab.plan_with("stack: shop\n", &Options::default()).await;
        assert!(after.items.is_empty(), "{fault}: {}", show_plan(&after));
    }
}

#[tokio::test(start_paused = true)]
async fn a_slip_in_what_is_kept_is_told() {
    let lab = crate::killed::lab(quick());
    lab.apply("stack: shop\nuserPools: {p: {groups: {a: {}, b: {}}}, q: {clients: {web: {}}}}\n").await;
    let text = "stack: shop\nuserPools: {p: {groups: {a: {}}}}\n";
    let planned = |options: Options| {
        let lab = &lab;
        async move { (lab.survey(text, &options).await.expect("a plan").2.planned, options) }
    };
    for named in
        ["userPools.p", "userPools.p.groups.a", "userPools.p.groups.none", "userPools.none", "userPools.q.clients.web"]
    {
        let (planned, options) = planned(keep(&[named])).await;
        let told = slip(&options, &[&planned]).map(|error| error.to_string()).unwrap_or_default();
        assert!(told.contains(&format!("--keep {named} names nothing that would be deleted")), "{told}");
    }
    for named in ["userPools.p.groups.b", "userPools.q"] {
        let (planned, options) = planned(keep(&[named])).await;
        assert!(slip(&options, &[&planned]).is_none(), "{named}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_the_next_apply_deletes_all_the_same_is_told() {
    let lab = crate::killed::lab(quick());
    lab.apply("stack: shop\nuserPools: {p: {unmanaged: delete, groups: {staff: {}}}}\n").await;
    let plan =
        lab.plan_with("stack: shop\nuserPools: {p: {unmanaged: delete}}\n", &keep(&["userPools.p.groups.staff"])).await;
    let warning = "the next apply deletes it all the same, since the pool has `unmanaged: delete`";
    assert_eq!(told(&plan), [json!(["release", "userPools.p.groups.staff", [warning]])]);
}
