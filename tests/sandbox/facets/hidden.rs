//! What AWS never shows is compared by what the ledger remembers of it: the logo of the classic
//! pages, and Apple's private key.

use std::collections::BTreeMap;

use poolkeeper::plan::{Action, Cause, Plan};
use serde_json::{Value, json};

use super::{CSS, by_hand, client_id, ground, lab, of_web, stack, steps};
use crate::lab::{Lab, show_plan, writes};

fn image(path: &str) -> Value {
    of_web(&json!({"uiCustomization": {"css": CSS, "imageFile": path}}))
}

/// Forgets what the pool's ledger says.
fn lose_the_ledger(lab: &Lab) {
    lab.sandbox.meddle(|state| {
        for pool in
            state.accounts.values_mut().flat_map(BTreeMap::values_mut).flat_map(|region| region.user_pools.values_mut())
        {
            pool.tags.retain(|key, _| !key.starts_with("poolkeeper:applied"));
        }
    });
    lab.catch_up();
}

fn not_compared(notes: &[String], what: &str) -> bool {
    notes.iter().any(|note| note.contains(what) && note.contains("is not compared"))
}

#[tokio::test(start_paused = true)]
async fn a_logo_is_compared_by_its_bytes() {
    let lab = lab();
    lab.apply(&stack(&[ground(), image("images/one.png")]).to_string()).await;
    // The same bytes under another path are the same.
    lab.bytes("elsewhere/logo.png", crate::cycle::run::IMAGES[0].1);
    let moved = stack(&[ground(), image("elsewhere/logo.png")]).to_string();
    lab.expect_no_changes(&moved).await;
    // Other bytes under the same path are not.
    lab.bytes("elsewhere/logo.png", crate::cycle::run::IMAGES[1].1);
    let plan = lab.plan(&moved).await.expect("a plan");
    let at = "userPools.main.clients.web.uiCustomization".to_owned();
    assert_eq!(steps(&plan), [(Action::Update, at)], "{}", show_plan(&plan));
    let item = plan.items.iter().find(|item| item.action == Action::Update).expect("an update");
    let paths: Vec<String> = item.changes.iter().map(|change| change.path.to_string()).collect();
    assert_eq!((item.cause, paths), (Some(Cause::Pending), vec!["imageFile".to_owned()]), "{}", show_plan(&plan));
    lab.calls();
    lab.apply(&moved).await;
    let calls = lab.calls();
    let sent = calls.iter().find(|call| call.operation == "SetUICustomization").expect("it is sent");
    assert!(sent.input["ImageFile"].is_string() && sent.input["CSS"] == CSS, "{}", sent.input);
    lab.expect_no_changes(&moved).await;
}

/// Logo and CSS are sent together, since each request replaces both.
#[tokio::test(start_paused = true)]
async fn a_logo_is_sent_along_with_other_css() {
    let lab = lab();
    lab.apply(&stack(&[ground(), image("images/one.png")]).to_string()).await;
    let other = of_web(
        &json!({"uiCustomization": {"css": ".banner-customizable {padding: 1px;}", "imageFile": "images/one.png"}}),
    );
    let text = stack(&[ground(), other]).to_string();
    lab.calls();
    lab.apply(&text).await;
    let calls = lab.calls();
    let sent = calls.iter().find(|call| call.operation == "SetUICustomization").expect("it is sent");
    assert!(sent.input["ImageFile"].is_string(), "{}", sent.input);
    lab.expect_no_changes(&text).await;
}

/// Nobody knows whether it is the file's, so the file's is sent.
#[tokio::test(start_paused = true)]
async fn an_adopted_logo_is_sent_once_and_that_is_told() {
    let lab = lab();
    lab.apply(&stack(&[ground()]).to_string()).await;
    let theirs = json!({"ClientId": client_id(&lab, "web"), "CSS": CSS, "ImageFile": "iVBORw0KGgo="});
    by_hand(&lab, "SetUICustomization", &theirs).await;
    lab.catch_up();
    let text = stack(&[ground(), image("images/one.png")]).to_string();
    let plan = lab.plan(&text).await.expect("a plan");
    let at = "userPools.main.clients.web.uiCustomization".to_owned();
    assert_eq!(steps(&plan), [(Action::Adopt, at)], "{}", show_plan(&plan));
    assert_eq!(changed(&plan), ["imageFile"]);
    assert!(plan.notes.iter().any(|note| note.starts_with("which image")), "{:?}", plan.notes);
    lab.apply(&text).await;
    lab.expect_no_changes(&text).await;
}

/// Of a logo that the file leaves to others nothing is known, and a change of the CSS would lose it.
#[tokio::test(start_paused = true)]
async fn a_logo_that_a_change_would_lose_blocks_it() {
    let lab = lab();
    lab.apply(&stack(&[ground()]).to_string()).await;
    let theirs = json!({"ClientId": client_id(&lab, "web"), "CSS": CSS, "ImageFile": "iVBORw0KGgo="});
    by_hand(&lab, "SetUICustomization", &theirs).await;
    lab.catch_up();
    let left = json!({"ignoreChanges": ["clients.web.uiCustomization.imageFile"]});
    let look = |css: &str| of_web(&json!({"uiCustomization": {"css": css}}));
    let same = stack(&[ground(), look(CSS), left.clone()]).to_string();
    lab.apply(&same).await;
    lab.expect_no_changes(&same).await;
    let other = stack(&[ground(), look(".banner-customizable {padding: 1px;}"), left]).to_string();
    let plan = lab.plan(&other).await.expect("a plan");
    let item = plan.items.iter().find(|item| item.action == Action::Blocked).expect("it is blocked");
    assert!(item.blocked[0].contains("would lose it"), "{:?}", item.blocked);
}

/// That the file has no logo any more is the file's change.
#[tokio::test(start_paused = true)]
async fn a_logo_is_taken_away_with_the_file_s_word() {
    let lab = lab();
    lab.apply(&stack(&[ground(), image("images/one.png")]).to_string()).await;
    let text = stack(&[ground(), of_web(&json!({"uiCustomization": {"css": CSS}}))]).to_string();
    let plan = lab.plan(&text).await.expect("a plan");
    let item = plan.items.iter().find(|item| item.action == Action::Update).expect("an update");
    assert_eq!((changed(&plan), item.cause), (vec!["imageFile".to_owned()], Some(Cause::Pending)));
    lab.apply(&text).await;
    lab.expect_no_changes(&text).await;
}

/// The paths of all changes of a plan.
fn changed(plan: &Plan) -> Vec<String> {
    plan.items.iter().flat_map(|item| &item.changes).map(|change| change.path.to_string()).collect()
}

fn apple(key: &str) -> Value {
    json!({"identityProviders": {"SignInWithApple": {"providerDetails": {
        "client_id": "id", "team_id": "team", "key_id": "key", "private_key": key, "authorize_scopes": "email"}}}})
}

#[tokio::test(start_paused = true)]
async fn apple_s_key_is_compared_by_what_was_sent() {
    let lab = lab();
    let text = stack(&[apple("one")]).to_string();
    lab.apply(&text).await;
    let plan = lab.plan(&text).await.expect("a plan");
    assert!(!plan.has_changes() && plan.notes.is_empty(), "{} {:?}", show_plan(&plan), plan.notes);
    let text = stack(&[apple("two")]).to_string();
    let plan = lab.plan(&text).await.expect("a plan");
    let item = plan.items.iter().find(|item| item.action == Action::Update).expect("an update");
    let [change] = item.changes.as_slice() else { panic!("{}", show_plan(&plan)) };
    assert_eq!(change.path.to_string(), "providerDetails.private_key");
    assert!(change.secret && item.cause == Some(Cause::Pending), "{}", show_plan(&plan));
    lab.calls();
    lab.apply(&text).await;
    assert!(writes(&lab.calls()).contains(&"UpdateIdentityProvider".to_owned()));
    let plan = lab.plan(&text).await.expect("a plan");
    assert!(!plan.has_changes() && plan.notes.is_empty(), "{} {:?}", show_plan(&plan), plan.notes);
}

/// Where nothing is remembered a key is taken for what the file says, and an image is sent again.
#[tokio::test(start_paused = true)]
async fn without_a_ledger_a_key_is_not_compared_and_a_logo_is_sent() {
    let lab = lab();
    let text = stack(&[ground(), apple("one"), image("images/one.png")]).to_string();
    lab.apply(&text).await;
    lose_the_ledger(&lab);
    let other = stack(&[ground(), apple("two"), image("images/two.png")]).to_string();
    let plan = lab.plan(&other).await.expect("a plan");
    assert!(not_compared(&plan.notes, "private key"), "{:?}", plan.notes);
    assert_eq!(changed(&plan), ["imageFile"], "{}", show_plan(&plan));
    lab.apply(&other).await;
    lab.expect_no_changes(&other).await;
}
