//! `renamedFrom` beside a new key: what is live is kept, and gets the new address.

use std::collections::BTreeMap;

use poolkeeper::plan::work::Options;
use poolkeeper::plan::{Action, Plan};
use serde_json::{Value, json};

use crate::all_kinds::{CODE, STACK};
use crate::killed::{claims, quick};
use crate::lab::{Lab, address, is_read, show_plan, writes};

/// The stack of all kinds with another key for each thing that can have one.
pub(crate) fn renamed() -> String {
    let changes = [
        ("  confirm: {", "  check: {name: all-kinds-confirm, renamedFrom: functions.confirm, "),
        ("${functions.confirm.arn}", "${functions.check.arn}"),
        ("  customers:\n", "  people:\n    renamedFrom: userPools.customers\n"),
        ("${userPools.customers.", "${userPools.people."),
        ("      web:\n", "      site:\n        renamedFrom: userPools.customers.clients.web\n"),
        (".clients.web.id}", ".clients.site.id}"),
        ("  app:\n", "  apps:\n    renamedFrom: identityPools.app\n"),
    ];
    changes.iter().fold(STACK.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "{from}");
        text.replace(from, to)
    })
}

/// A text without a word of what was.
fn forgotten(text: &str) -> String {
    let text = text.replace(" renamedFrom: functions.confirm,", "");
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim_start().starts_with("renamedFrom:")).collect();
    lines.join("\n")
}

fn lab() -> Lab {
    let lab = Lab::with(quick());
    lab.file(CODE.0, CODE.1);
    lab
}

/// The ids of all there is.
fn ids(lab: &Lab) -> Vec<String> {
    lab.sandbox.look(|state| {
        let mut ids = Vec::new();
        for region in state.accounts.values().flat_map(BTreeMap::values) {
            for (id, pool) in &region.user_pools {
                ids.push(id.clone());
                ids.extend(pool.clients.keys().cloned());
            }
            ids.extend(region.identity_pools.keys().cloned());
            ids.extend(region.functions.keys().cloned());
        }
        ids
    })
}

/// What a plan does, with the warnings.
fn told(plan: &Plan) -> Vec<Value> {
    let items = plan.items.iter().filter(|item| item.action != Action::Keep);
    items
        .map(|item| {
            let changes: Vec<String> = item.changes.iter().map(|change| change.path.to_string()).collect();
            json!([item.action.word_and_symbol().0, item.address.to_string(), changes, item.warnings])
        })
        .collect()
}

/// Why a text is blocked, by address.
async fn blocked(lab: &Lab, text: &str) -> Vec<(String, String)> {
    let plan = lab.plan(text).await.expect("a plan");
    let items = plan.items.iter().filter(|item| item.action != Action::Keep);
    items.map(|item| (item.address.to_string(), item.blocked.join("; "))).collect()
}

#[tokio::test(start_paused = true)]
async fn each_kind_is_kept_under_its_new_key() {
    let lab = lab();
    lab.apply(STACK).await;
    let before = ids(&lab);
    let plan = lab.plan(&renamed()).await.expect("a plan");
    assert_eq!(
        told(&plan),
        [
            json!(["update", "functions.check", [], ["it was functions.confirm before"]]),
            json!(["update", "userPools.people", ["name"], ["it was userPools.customers before"]]),
            json!([
                "update",
                "userPools.people.clients.site",
                ["name"],
                ["it was userPools.people.clients.web before"]
            ]),
            json!(["update", "identityPools.apps", ["name"], ["it was identityPools.app before"]]),
        ],
        "{}",
        show_plan(&plan)
    );
    assert!(!plan.is_blocked() && plan.unmanaged.is_empty() && plan.notes.is_empty(), "{}", show_plan(&plan));

    lab.calls();
    lab.apply(&renamed()).await;
    let calls = lab.calls();
    let written = writes(&calls);
    assert!(!written.iter().any(|call| call.starts_with("Create") || call.starts_with("Delete")), "{written:?}");
    let first_claim = calls.iter().position(|call| call.operation == "TagResource").expect("a claim");
    let renamed_at = calls.iter().position(|call| call.operation == "UpdateUserPoolClient").expect("a rename");
    assert!(first_claim < renamed_at, "the new name is claimed before the client has it");
    assert_eq!(ids(&lab), before);
    lab.expect_no_changes(&renamed()).await;
    lab.expect_no_changes(&forgotten(&renamed())).await;

    // All is as if it had had these keys from the beginning.
    let fresh = Lab::with(quick());
    fresh.file(CODE.0, CODE.1);
    fresh.apply(&forgotten(&renamed())).await;
    assert_eq!(lab.inventory(), fresh.inventory());
    assert_eq!(claims(&lab), claims(&fresh));
}

const SMALL: &str = "stack: shop\nuserPools:\n  a:\n    clients:\n      web: {}\n    groups:\n      staff: {}\n";

/// The small stack with other keys for its pool and its client, and what they were before.
fn small((pool, pool_was): (&str, &str), (client, client_was): (&str, &str)) -> String {
    let was = |address: &str| if address.is_empty() { String::new() } else { format!("renamedFrom: {address}") };
    let pool_was = was(pool_was);
    SMALL
        .replace("  a:\n", &format!("  {pool}:\n    {pool_was}\n"))
        .replace("      web: {}\n", &format!("      {client}: {{{}}}\n", was(client_was)))
}

#[tokio::test(start_paused = true)]
async fn it_is_renamed_once_more_while_the_tag_query_lags_behind() {
    let lab = lab();
    lab.apply(SMALL).await;
    let before = ids(&lab);
    let steps = [
        small(("b", "userPools.a"), ("site", "userPools.a.clients.web")),
        small(("c", "userPools.b"), ("site", "")),
        small(("c", ""), ("web", "userPools.c.clients.site")),
        small(("a", "userPools.c"), ("web", "")),
    ];
    for text in &steps {
        lab.apply(text).await;
        lab.expect_no_changes(text).await;
        assert_eq!(ids(&lab), before, "{text}");
    }
    lab.catch_up();
    lab.expect_no_changes(SMALL).await;
}

#[tokio::test(start_paused = true)]
async fn a_client_that_the_stack_has_not_made_is_its_own_once_it_is_renamed() {
    let lab = lab();
    lab.apply(SMALL).await;
    let before = ids(&lab);
    lab.sandbox.meddle(|state| {
        let pools = state
            .accounts
            .values_mut()
            .flat_map(BTreeMap::values_mut)
            .flat_map(|region| region.user_pools.values_mut());
        pools.for_each(|pool| pool.tags.retain(|key, _| !key.starts_with("poolkeeper:applied")));
    });
    let text = SMALL.replace("web: {}", "site: {renamedFrom: userPools.a.clients.web}");
    let plan = lab.plan(&text).await.expect("a plan");
    assert_eq!((plan.count(Action::Update), plan.count(Action::Create)), (1, 0), "{}", show_plan(&plan));
    lab.apply(&text).await;
    assert_eq!(ids(&lab), before);
    let plan = lab.plan(&SMALL.replace("      web: {}\n", "").replace("    clients:\n", "")).await.expect("a plan");
    let deleted: Vec<String> =
        plan.items.iter().filter(|item| item.action == Action::Delete).map(|item| item.address.to_string()).collect();
    assert_eq!(deleted, ["userPools.a.clients.site"]);
}

#[tokio::test(start_paused = true)]
async fn of_several_clients_with_the_former_name_none_is_renamed() {
    let lab = lab();
    lab.apply(SMALL).await;
    lab.sandbox.meddle(|state| {
        let regions = state.accounts.values_mut().flat_map(BTreeMap::values_mut);
        let pool = regions.flat_map(|region| region.user_pools.values_mut()).next().expect("a pool");
        let mut twin = pool.clients.values().next().expect("a client").clone();
        twin.body.insert("ClientId".to_owned(), json!("twin"));
        pool.clients.insert("twin".to_owned(), twin);
    });
    let found = blocked(&lab, &SMALL.replace("web: {}", "site: {renamedFrom: userPools.a.clients.web}")).await;
    let [(at, why)] = found.as_slice() else { panic!("{found:?}") };
    assert!(
        at == "userPools.a.clients.site" && why.contains("several live app clients are named `web`"),
        "{at}: {why}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_target_is_named_by_its_new_address() {
    let lab = lab();
    lab.apply(STACK).await;
    let targets = vec![address("userPools.people.clients.site")];
    let (.., survey) = lab.survey(&renamed(), &Options { targets, ..Options::default() }).await.expect("a plan");
    let named: Vec<Value> = told(&survey.planned.plan);
    assert!(named.iter().any(|item| item[1] == "userPools.people.clients.site"), "{named:?}");
    assert!(!named.iter().any(|item| item[1] == "identityPools.apps"), "{named:?}");
}

#[tokio::test(start_paused = true)]
async fn what_is_live_at_both_addresses_is_blocked() {
    let lab = lab();
    let two = "stack: shop\nuserPools: {a: {}, b: {}}\nidentityPools: {a: {}, b: {}}\n";
    lab.apply(two).await;
    lab.catch_up();
    let text =
        "stack: shop\nuserPools: {b: {renamedFrom: userPools.a}}\nidentityPools: {b: {renamedFrom: identityPools.a}}\n";
    let blocked_now = blocked(&lab, text).await;
    let all = ids(&lab);
    assert_eq!(blocked_now.len(), 2, "what was renamed is not deleted: {blocked_now:?}");
    for (address, why) in &blocked_now {
        let kind = address.split('.').next().expect("a section");
        assert!(why.contains(&format!("{kind}.a, which it had before, are live: take `renamedFrom` out")), "{why}");
        assert_eq!(all.iter().filter(|id| why.contains(id.as_str())).count(), 2, "{why}");
    }

    let clients = "stack: one\nuserPools: {p: {clients: {a: {}, b: {}}}}\n";
    lab.apply(clients).await;
    let text = "stack: one\nuserPools: {p: {clients: {b: {renamedFrom: userPools.p.clients.a}}}}\n";
    let blocked_now = blocked(&lab, text).await;
    let all = ids(&lab);
    let [(at, why)] = blocked_now.as_slice() else { panic!("{blocked_now:?}") };
    assert!(at == "userPools.p.clients.b" && why.contains("take `renamedFrom` out"), "{at}: {why}");
    assert_eq!(all.iter().filter(|id| why.contains(id.as_str())).count(), 2, "{why}");
}

#[tokio::test(start_paused = true)]
async fn what_another_stack_owns_is_not_renamed() {
    let lab = lab();
    lab.apply("stack: other\nuserPools: {a: {name: Shop}}\n").await;
    let found = blocked(&lab, "stack: shop\nuserPools: {b: {name: Shop, renamedFrom: userPools.a}}\n").await;
    assert!(found.len() == 1 && found[0].1.contains("belongs to stack other as userPools.a"), "{found:?}");
    // Where nothing was live before, it is made.
    let plan = lab.plan("stack: shop\nuserPools: {b: {renamedFrom: userPools.a}}\n").await.expect("a plan");
    assert_eq!(told(&plan).len(), 1);
    assert_eq!(plan.count(Action::Create), 1, "{}", show_plan(&plan));
}

#[tokio::test(start_paused = true)]
async fn who_forgets_to_say_it_is_told_of_it() {
    let lab = lab();
    lab.apply("stack: shop\nuserPools: {a: {name: Shop, clients: {web: {}}}}\n").await;
    let found = blocked(&lab, "stack: shop\nuserPools: {b: {name: Shop}}\n").await;
    assert!(found.iter().any(|(_, why)| why.contains("write `renamedFrom: userPools.a`")), "{found:?}");
    let plan = lab.plan("stack: shop\nuserPools: {a: {name: Shop, clients: {site: {}}}}\n").await.expect("a plan");
    let told = json!(told(&plan)).to_string();
    assert!(told.contains("write `renamedFrom: userPools.a.clients.web` at its new name"), "{told}");
}

#[tokio::test(start_paused = true)]
async fn a_destroy_takes_what_was_not_renamed_yet() {
    let lab = lab();
    lab.apply(STACK).await;
    let allow_delete = vec![address("userPools.people"), address("identityPools.apps")];
    lab.apply_with(&renamed(), Options { destroy: true, allow_delete, ..Options::default() }).await;
    assert_eq!(lab.inventory(), [""; 0]);
    assert!(lab.calls().iter().any(|call| !is_read(call)));
}

#[tokio::test(start_paused = true)]
async fn a_former_address_at_which_nothing_is_live_is_told() {
    let lab = lab();
    let plan = lab.plan(&renamed()).await.expect("a plan");
    let told: Vec<String> = plan.items.iter().flat_map(|item| item.warnings.clone()).collect();
    let former = ["functions.confirm", "identityPools.app", "userPools.customers", "userPools.people.clients.web"];
    let mut told: Vec<&str> = told.iter().map(String::as_str).collect();
    told.sort_unstable();
    let nowhere = |at| format!("`renamedFrom: {at}` names nothing that is live, so a new one is made");
    assert_eq!(told, former.map(nowhere));
}
