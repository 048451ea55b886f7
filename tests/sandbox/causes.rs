//! Why something is not as declared: the file changed, somebody changed it live, or both; and what
//! becomes of it when what was applied is not remembered any more.

use poolkeeper::plan::work::Options;
use poolkeeper::plan::{Action, Cause, Plan};
use poolkeeper::sandbox::model::Service;
use serde_json::{Value, json};

use crate::cycle::hand;
use crate::lab::{Lab, address, show_plan, writes};

const STACK: &str = r#"
stack: shop
functions:
  confirm: {runtime: python3.13, handler: index.handler, code: ./confirm, role: "arn:aws:iam::123456789012:role/confirm", timeout: 5}
userPools:
  customers:
    userPoolTier: PLUS
    triggers: {preSignUp: "${functions.confirm.arn}"}
    groups:
      admins: {description: Admins, precedence: 0}
    clients:
      web: {authSessionValidity: 5, callbackUrls: [https://shop.example.com/]}
identityPools:
  app:
    allowClassicFlow: false
    cognitoIdentityProviders:
      - {providerName: "${userPools.customers.providerName}", clientId: "${userPools.customers.clients.web.id}"}
"#;

const POOL: &str = "userPools.customers";
const CLIENT: &str = "userPools.customers.clients.web";
const GROUP: &str = "userPools.customers.groups.admins";
const IDENTITY_POOL: &str = "identityPools.app";
const FUNCTION: &str = "functions.confirm";

/// A sandbox in which the stack was applied.
async fn applied() -> Lab {
    let lab = Lab::new();
    lab.file("confirm/index.py", "def handler(event, context):\n    return event\n");
    lab.apply(STACK).await;
    lab.catch_up();
    lab.expect_no_changes(STACK).await;
    lab
}

/// The items that are not as declared, with why.
fn causes(plan: &Plan) -> Vec<(String, Option<Cause>)> {
    let mut found: Vec<_> = plan
        .items
        .iter()
        .filter(|item| item.action != Action::Keep)
        .map(|item| (item.address.to_string(), item.cause))
        .collect();
    found.sort_by(|one, other| one.0.cmp(&other.0));
    found
}

#[track_caller]
fn expect(plan: &Plan, expected: &[(&str, Cause)]) {
    let expected: Vec<_> = expected.iter().map(|(address, cause)| ((*address).to_owned(), Some(*cause))).collect();
    assert_eq!(causes(plan), expected, "{}", show_plan(plan));
}

async fn planned(lab: &Lab, text: &str) -> Plan {
    lab.plan(text).await.unwrap_or_else(|error| panic!("{error:#?}"))
}

/// The id of the one user pool.
fn pool(lab: &Lab) -> String {
    only(lab, |region| region.user_pools.keys().cloned().collect())
}

fn only(lab: &Lab, of: impl Fn(&poolkeeper::sandbox::state::Region) -> Vec<String>) -> String {
    let found = lab
        .sandbox
        .look(|state| state.accounts.values().flat_map(|account| account.values()).flat_map(of).collect::<Vec<_>>());
    assert_eq!(found.len(), 1, "{found:?}");
    found[0].clone()
}

/// Makes somebody else's call to a pool.
async fn call(lab: &Lab, operation: &str, members: Value) -> Value {
    let mut input = json!({"UserPoolId": pool(lab)});
    input.as_object_mut().expect("members").extend(members.as_object().cloned().expect("members"));
    let answer = hand::call(lab, Service::UserPools, operation, &input).await;
    lab.catch_up();
    answer.unwrap_or_else(|why| panic!("{why}"))
}

/// Changes a property behind the tool's back, to what this text says.
async fn change(lab: &Lab, text: &str, at: &str, property: &str) {
    let file: Value = serde_yaml::from_str(text).expect("YAML");
    hand::set(lab, &file, &address(at), property).await.unwrap_or_else(|why| panic!("{why}"));
    lab.catch_up();
}

/// A property of each kind of resource, with two other values than the stack has.
const PROPERTIES: &[(&str, &str, &str, [&str; 2])] = &[
    (POOL, "userPoolTier", "userPoolTier: PLUS", ["userPoolTier: LITE", "userPoolTier: ESSENTIALS"]),
    (GROUP, "precedence", "precedence: 0", ["precedence: 3", "precedence: 4"]),
    (CLIENT, "authSessionValidity", "authSessionValidity: 5", ["authSessionValidity: 7", "authSessionValidity: 9"]),
    (
        IDENTITY_POOL,
        "allowUnauthenticatedIdentities",
        "allowClassicFlow: false",
        ["allowUnauthenticatedIdentities: true", ""],
    ),
    (FUNCTION, "timeout", "timeout: 5", ["timeout: 9", "timeout: 11"]),
];

fn with(from: &str, to: &str) -> String {
    assert!(STACK.contains(from), "{from}");
    if to.is_empty() { STACK.to_owned() } else { STACK.replacen(from, to, 1) }
}

#[tokio::test(start_paused = true)]
async fn of_a_difference_it_is_known_who_made_it() {
    for (at, property, from, [one, other]) in PROPERTIES {
        let lab = applied().await;
        expect(&planned(&lab, &with(from, one)).await, &[(at, Cause::Pending)]);
        change(&lab, &with(from, one), at, property).await;
        expect(&planned(&lab, STACK).await, &[(at, Cause::Drift)]);
        if !other.is_empty() {
            expect(&planned(&lab, &with(from, other)).await, &[(at, Cause::Both)]);
        }
        // The same change on both sides is none; the ledger is rewritten by the next apply.
        let same = with(from, one);
        let plan = planned(&lab, &same).await;
        expect(&plan, &[]);
        assert!(
            plan.notes.iter().any(|note| note.contains(&format!("the ledger of {}", root_of(at)))),
            "{:?}",
            plan.notes
        );
        lab.calls();
        lab.apply(&same).await;
        assert_eq!(writes(&lab.calls()).len(), 1, "{at}");
        lab.expect_no_changes(&same).await;
        expect(&planned(&lab, STACK).await, &[(at, Cause::Pending)]);
    }
}

fn root_of(at: &str) -> String {
    at.split('.').take(2).collect::<Vec<_>>().join(".")
}

#[tokio::test(start_paused = true)]
async fn what_is_gone_was_deleted_or_never_made() {
    let lab = applied().await;
    let client = lab.sandbox.look(|state| {
        let pools =
            state.accounts.values().flat_map(|account| account.values()).flat_map(|region| region.user_pools.values());
        pools.flat_map(|pool| pool.clients.keys().cloned()).next().expect("a client")
    });
    call(&lab, "DeleteUserPoolClient", json!({"ClientId": client})).await;
    call(&lab, "DeleteGroup", json!({"GroupName": "admins"})).await;
    let text = STACK.replacen("      admins:", "      staff: {}\n      admins:", 1);
    let staff = "userPools.customers.groups.staff";
    let plan = planned(&lab, &text).await;
    // The identity pool trusts a client that is made anew, under an id that is not known yet.
    expect(
        &plan,
        &[
            (IDENTITY_POOL, Cause::Follows),
            (CLIENT, Cause::DeletedLive),
            (GROUP, Cause::DeletedLive),
            (staff, Cause::New),
        ],
    );
    lab.apply(&text).await;
    lab.catch_up();
    lab.expect_no_changes(&text).await;
    // Taken out of the file again.
    expect(&planned(&lab, STACK).await, &[(staff, Cause::Removed)]);
}

#[tokio::test(start_paused = true)]
async fn a_permission_that_somebody_took_away_was_deleted_live() {
    let lab = applied().await;
    let (path, id) = ("/2015-03-31/functions/shop-confirm/policy", pool(&lab));
    hand::lambda(&lab, "DELETE", &format!("{path}/poolkeeper-{id}"), &Value::Null)
        .await
        .unwrap_or_else(|why| panic!("{why}"));
    let plan = planned(&lab, STACK).await;
    assert_eq!(causes(&plan).into_iter().map(|(_, cause)| cause).collect::<Vec<_>>(), [Some(Cause::DeletedLive)]);
    lab.apply(STACK).await;
    lab.expect_no_changes(STACK).await;
}

#[tokio::test(start_paused = true)]
async fn a_root_that_is_not_live_was_never_applied_or_deleted() {
    let lab = Lab::new();
    lab.file("confirm/index.py", "pass\n");
    let plan = planned(&lab, STACK).await;
    assert!(causes(&plan).iter().all(|(_, cause)| *cause == Some(Cause::NotLive)), "{}", show_plan(&plan));
    let lab = applied().await;
    call(&lab, "DeleteUserPool", json!({})).await;
    let plan = planned(&lab, STACK).await;
    let of = |at: &str| plan.items.iter().find(|item| item.address == address(at)).expect("an item").cause;
    assert_eq!((of(POOL), of(CLIENT)), (Some(Cause::NotLive), Some(Cause::NotLive)));
}

#[tokio::test(start_paused = true)]
async fn a_create_that_was_cut_off_is_no_drift() {
    let lab = applied().await;
    let text = STACK.replacen("      admins:", "      staff: {}\n      admins:", 1);
    lab.faults(&["CreateGroup=denied"]);
    let report = lab.run(&text, &Options::default()).await.expect("it runs");
    assert!(!report.is_complete());
    lab.faults(&[]);
    expect(&planned(&lab, &text).await, &[("userPools.customers.groups.staff", Cause::New)]);
    // An answer that never came leaves the claim.
    lab.faults(&["CreateGroup=hang-before", "GetGroup=denied"]);
    let options = Options::default();
    let work = lab.run(&text, &options);
    let _ = tokio::time::timeout(std::time::Duration::from_secs(3), work).await;
    lab.faults(&[]);
    expect(&planned(&lab, &text).await, &[("userPools.customers.groups.staff", Cause::Interrupted)]);
}

/// Sets or removes a tag of the pool, as somebody else would.
fn tag(lab: &Lab, key: &str, value: Option<&str>) {
    lab.sandbox.meddle(|state| {
        let regions = state.accounts.values_mut().flat_map(|account| account.values_mut());
        for pool in regions.flat_map(|region| region.user_pools.values_mut()) {
            match value {
                Some(value) => drop(pool.tags.insert(key.to_owned(), value.to_owned())),
                None => drop(pool.tags.remove(key)),
            }
        }
    });
}

#[tokio::test(start_paused = true)]
async fn a_ledger_that_is_lost_or_damaged_deletes_nothing() {
    for value in [None, Some(""), Some("2.1.AAAAAA.BBBBBB..."), Some("3.1.x"), Some("nonsense")] {
        let lab = applied().await;
        tag(&lab, "poolkeeper:applied", value);
        let gone = STACK.replacen("    groups:\n      admins: {description: Admins, precedence: 0}\n", "", 1);
        for unmanaged in ["", "    unmanaged: delete\n"] {
            let text = gone.replacen("    triggers:", &format!("{unmanaged}    triggers:"), 1);
            let plan = planned(&lab, &text).await;
            assert_eq!(plan.count(Action::Delete), 0, "{value:?} {}", show_plan(&plan));
            assert_eq!(plan.unmanaged.len(), 1, "{value:?} {}", show_plan(&plan));
            expect(&plan, &[(CLIENT, Cause::Unknown)]);
            let told = |words: &str| plan.notes.iter().any(|note| note.contains(words));
            assert!(told("the ledger of userPools.customers is lost or damaged"), "{:?}", plan.notes);
            assert_eq!(told("`unmanaged: delete` of userPools.customers waits"), !unmanaged.is_empty());
        }
        lab.apply(&gone).await;
        let plan = planned(&lab, &gone).await;
        assert!(!plan.has_changes() && plan.notes.is_empty(), "{}: {:?}", show_plan(&plan), plan.notes);
        let plan = planned(&lab, &with("authSessionValidity: 5", "authSessionValidity: 7")).await;
        expect(&plan, &[(CLIENT, Cause::Pending), (GROUP, Cause::New)]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_part_of_a_plan_does_not_write_a_lost_ledger_anew() {
    let lab = applied().await;
    tag(&lab, "poolkeeper:applied", None);
    change(&lab, &with("authSessionValidity: 5", "authSessionValidity: 9"), CLIENT, "authSessionValidity").await;
    lab.calls();
    let only_drift = Options { only_drift: true, ..Options::default() };
    lab.apply_with(STACK, only_drift).await;
    assert_eq!(writes(&lab.calls()), [""; 0]);
    expect(&planned(&lab, STACK).await, &[(CLIENT, Cause::Unknown), (GROUP, Cause::Unknown)]);
    // What is changed alone takes along the claims on the rest.
    lab.apply_with(STACK, Options { targets: vec![address(CLIENT)], ..Options::default() }).await;
    expect(&planned(&lab, STACK).await, &[]);
    expect(&planned(&lab, &with("precedence: 0", "precedence: 3")).await, &[(GROUP, Cause::Unknown)]);
}

#[tokio::test(start_paused = true)]
async fn what_an_earlier_version_applied_is_its_own_and_its_causes_are_not_known() {
    let lab = applied().await;
    // Claims alone, as the first version wrote them.
    let claims = lab.sandbox.look(|state| {
        let pools =
            state.accounts.values().flat_map(|account| account.values()).flat_map(|region| region.user_pools.values());
        pools.map(|pool| pool.tags["poolkeeper:applied"].clone()).next().expect("a pool")
    });
    let entries = claims.split('.').nth(4).expect("what was applied");
    let first: String =
        entries.as_bytes().chunks(14).map(|entry| String::from_utf8_lossy(&entry[..8]).into_owned()).collect();
    tag(&lab, "poolkeeper:applied", Some(&format!("1.{first}")));
    lab.sandbox.meddle(|state| {
        for region in state.accounts.values_mut().flat_map(|account| account.values_mut()) {
            region.identity_pools.values_mut().for_each(|pool| drop(pool.tags.remove("poolkeeper:applied")));
            region.functions.values_mut().for_each(|function| drop(function.tags.remove("poolkeeper:applied")));
        }
    });
    let plan = planned(&lab, STACK).await;
    expect(&plan, &[]);
    let told = "an earlier version of poolkeeper applied functions.confirm, identityPools.app, userPools.customers,";
    assert!(plan.notes.iter().any(|note| note.starts_with(told)), "{:?}", plan.notes);
    expect(&planned(&lab, &with("precedence: 0", "precedence: 3")).await, &[(GROUP, Cause::Unknown)]);
    let gone = STACK.replacen("    groups:\n      admins: {description: Admins, precedence: 0}\n", "", 1);
    expect(&planned(&lab, &gone).await, &[(GROUP, Cause::Removed)]);
    lab.apply(STACK).await;
    lab.expect_no_changes(STACK).await;
    expect(&planned(&lab, &with("precedence: 0", "precedence: 3")).await, &[(GROUP, Cause::Pending)]);
}

#[tokio::test(start_paused = true)]
async fn an_apply_writes_the_ledger_at_most_twice_and_not_at_all_where_nothing_changes() {
    let lab = applied().await;
    let ledger = |calls: &[String]| calls.iter().filter(|call| call.contains("Tag")).count();
    lab.calls();
    lab.apply(STACK).await;
    assert_eq!(writes(&lab.calls()), [""; 0]);
    let changed = with("authSessionValidity: 5", "authSessionValidity: 7")
        .replacen("      admins: {description: Admins, precedence: 0}", "      staff: {}", 1)
        .replacen("userPoolTier: PLUS", "userPoolTier: ESSENTIALS", 1);
    lab.apply(&changed).await;
    let written = writes(&lab.calls());
    assert_eq!(ledger(&written), 2, "{written:?}");
    lab.apply(STACK.replacen("precedence: 0", "precedence: 1", 1).as_str()).await;
}

#[tokio::test(start_paused = true)]
async fn where_there_is_no_room_for_all_that_was_applied_the_claims_stay() {
    let tags: Vec<String> = (0..46).map(|number| format!("tag{number}: x")).collect();
    let groups: Vec<String> = (0..30).map(|number| format!("      g{number}: {{precedence: {number}}}\n")).collect();
    let groups = groups.concat();
    let text = format!("stack: full\nuserPools:\n  main:\n    tags: {{{}}}\n    groups:\n{groups}", tags.join(", "));
    let lab = Lab::new();
    lab.apply(&text).await;
    lab.catch_up();
    lab.expect_no_changes(&text).await;
    let plan =
        planned(&lab, &text.replace("precedence: 7}", "precedence: 70}").replace("precedence: 8}", "precedence: 80}"))
            .await;
    assert_eq!(plan.count(Action::Update), 2, "{}", show_plan(&plan));
    let less = text.replace("      g29: {precedence: 29}\n", "");
    assert_eq!(planned(&lab, &less).await.count(Action::Delete), 1);
}

/// A stack with so many tags and so many groups.
fn crowded(tags: usize, groups: usize) -> String {
    let tags: Vec<String> = (0..tags).map(|number| format!("tag{number}: x")).collect();
    let groups: Vec<String> =
        (0..groups).map(|number| format!("      g{number}: {{precedence: {number}}}\n")).collect();
    let groups = groups.concat();
    format!("stack: full\nuserPools:\n  main:\n    tags: {{{}}}\n    groups:\n{groups}", tags.join(", "))
}

#[tokio::test(start_paused = true)]
async fn tags_that_come_later_take_the_room_of_what_was_applied() {
    let lab = Lab::new();
    for tags in [0, 44, 0] {
        let text = crowded(tags, 100);
        lab.apply(&text).await;
        lab.catch_up();
        lab.expect_no_changes(&text).await;
    }
    // All of them go, and as many others come.
    for text in [crowded(40, 3), crowded(40, 3).replace("tag", "other").replace("others:", "tags:")] {
        lab.apply(&text).await;
        lab.catch_up();
        lab.expect_no_changes(&text).await;
    }
}

#[tokio::test(start_paused = true)]
async fn identity_pools_and_functions_get_many_other_tags_at_once() {
    let lab = Lab::new();
    lab.file("confirm/index.py", "pass\n");
    for name in ["one", "two"] {
        let tags: Vec<String> = (0..40).map(|number| format!("{name}{number}: x")).collect();
        let text = format!("{STACK}tags: {{{}}}\n", tags.join(", "));
        lab.apply(&text).await;
        lab.catch_up();
        lab.expect_no_changes(&text).await;
    }
}

#[tokio::test(start_paused = true)]
async fn tags_that_are_ignored_take_room_too() {
    let text = crowded(0, 40).replacen("    tags: {}\n", "    ignoreChanges: [tags]\n", 1);
    let lab = Lab::new();
    lab.apply(&text).await;
    for number in 0..47 {
        tag(&lab, &format!("tag{number}"), Some("x"));
    }
    lab.catch_up();
    lab.apply(&text).await;
    lab.catch_up();
    let plan = planned(&lab, &text).await;
    expect(&plan, &[]);
    assert!(plan.notes.iter().any(|note| note.contains("has no room for")), "{:?}", plan.notes);
}

#[tokio::test(start_paused = true)]
async fn what_somebody_deleted_is_remembered_until_it_is_made_anew() {
    let lab = applied().await;
    call(&lab, "DeleteGroup", json!({"GroupName": "admins"})).await;
    lab.faults(&["CreateGroup=denied"]);
    let report = lab.run(STACK, &Options::default()).await.expect("it runs");
    assert!(!report.is_complete());
    lab.faults(&[]);
    lab.catch_up();
    expect(&planned(&lab, STACK).await, &[(GROUP, Cause::DeletedLive)]);
    lab.apply(STACK).await;
    lab.catch_up();
    lab.expect_no_changes(STACK).await;
}

/// Makes a client with this name, as somebody else would; its id.
async fn namesake(lab: &Lab, name: &str) -> String {
    let made = call(lab, "CreateUserPoolClient", json!({"ClientName": name})).await;
    made["UserPoolClient"]["ClientId"].as_str().expect("an id").to_owned()
}

#[tokio::test(start_paused = true)]
async fn of_clients_with_one_name_it_is_not_known_what_was_applied_to_which() {
    let lab = Lab::new();
    lab.apply("stack: shop\nuserPools: {customers: {}}\n").await;
    let (one, two) = (namesake(&lab, "web").await, namesake(&lab, "web").await);
    let text = |first: u32, second: u32| {
        format!(
            "stack: shop\nuserPools:\n  customers:\n    clients:\n      web: {{id: {one}, authSessionValidity: \
             {first}}}\n      web-2: {{id: {two}, name: web, authSessionValidity: {second}}}\n"
        )
    };
    lab.apply(&text(5, 6)).await;
    lab.catch_up();
    lab.expect_no_changes(&text(5, 6)).await;
    expect(&planned(&lab, &text(7, 6)).await, &[(CLIENT, Cause::Unknown)]);
    expect(&planned(&lab, &text(5, 7)).await, &[("userPools.customers.clients.web-2", Cause::Unknown)]);
}

#[tokio::test(start_paused = true)]
async fn a_client_keeps_its_claim_when_another_with_its_name_is_deleted() {
    let lab = Lab::new();
    lab.apply("stack: shop\nuserPools: {customers: {clients: {web: {}}}}\n").await;
    let id = only(&lab, |region| region.user_pools.values().flat_map(|pool| pool.clients.keys().cloned()).collect());
    namesake(&lab, "web").await;
    let text =
        format!("stack: shop\nuserPools: {{customers: {{unmanaged: delete, clients: {{web: {{id: {id}}}}}}}}}\n");
    expect(&planned(&lab, &text).await, &[(CLIENT, Cause::Unmanaged)]);
    lab.apply(&text).await;
    lab.catch_up();
    lab.expect_no_changes(&text).await;
}

#[tokio::test(start_paused = true)]
async fn another_client_with_the_name_of_a_declared_one_is_noticed() {
    let lab = Lab::new();
    let text = "stack: shop\nuserPools: {customers: {clients: {web: {}}}}\n";
    lab.apply(text).await;
    lab.catch_up();
    namesake(&lab, "web").await;
    let plan = lab.survey(text, &Options { drift: true, ..Options::default() }).await.expect("a plan").2.planned.plan;
    expect(&plan, &[(CLIENT, Cause::Unknown)]);
    assert!(!poolkeeper::plan::drift::Drift::of(&plan).is_none());
}
