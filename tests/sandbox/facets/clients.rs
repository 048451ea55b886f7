//! What becomes of facets with their client: it is deleted, made anew, renamed, or its style is.

use poolkeeper::plan::Action;
use poolkeeper::plan::work::Options;
use serde_json::json;

use super::{client_id, expect_as_fresh, ground, lab, of_client, of_pool, of_web, stack, steps};
use crate::cycle::row::lay_over;
use crate::lab::{address, show_plan, writes};

#[tokio::test(start_paused = true)]
async fn a_client_that_is_deleted_takes_its_facets_along() {
    let lab = lab();
    lab.apply(&stack(&[ground(), of_pool(), of_web(&of_client())]).to_string()).await;
    let mut without = stack(&[ground(), of_pool()]);
    without["userPools"]["main"]["clients"] = json!({"native": {}});
    let text = without.to_string();
    lab.calls();
    lab.apply(&text).await;
    let written = writes(&lab.calls());
    assert!(written.iter().any(|call| call == "DeleteUserPoolClient"), "{written:?}");
    expect_as_fresh(&lab, &text).await;
}

#[tokio::test(start_paused = true)]
async fn a_client_that_is_made_anew_gets_its_facets_anew() {
    let lab = lab();
    lab.apply(&stack(&[ground(), of_pool(), of_web(&of_client())]).to_string()).await;
    let before = client_id(&lab, "web");
    let mut facets = of_client();
    facets["generateSecret"] = json!(true);
    let text = stack(&[ground(), of_pool(), of_web(&facets)]).to_string();
    let replace = Options { replace: vec![address("userPools.main.clients.web")], ..Options::default() };
    lab.apply_with(&text, replace).await;
    assert_ne!(client_id(&lab, "web"), before);
    expect_as_fresh(&lab, &text).await;
}

#[tokio::test(start_paused = true)]
async fn a_client_that_is_renamed_keeps_its_facets() {
    let lab = lab();
    lab.apply(&stack(&[ground(), of_pool(), of_web(&of_client())]).to_string()).await;
    let before = client_id(&lab, "web");
    let mut renamed = stack(&[ground(), of_pool()]);
    let mut site = of_client();
    site["renamedFrom"] = json!("userPools.main.clients.web");
    renamed["userPools"]["main"]["clients"] = json!({"site": site, "native": {}});
    let text = renamed.to_string();
    let plan = lab.plan(&text).await.expect("a plan");
    let deletes = |(action, _): &(Action, String)| matches!(action, Action::Delete | Action::Create);
    assert!(!steps(&plan).iter().any(deletes), "{}", show_plan(&plan));
    lab.calls();
    lab.apply(&text).await;
    let written = writes(&lab.calls());
    assert!(
        written.iter().all(|call| ["TagResource", "UntagResource", "UpdateUserPoolClient"].contains(&call.as_str())),
        "{written:?}"
    );
    assert_eq!(client_id(&lab, "site"), before);
    lab.expect_no_changes(&text).await;
    // Without a word of what was, too.
    renamed["userPools"]["main"]["clients"] = json!({"site": of_client(), "native": {}});
    expect_as_fresh(&lab, &renamed.to_string()).await;
}

#[tokio::test(start_paused = true)]
async fn facets_change_while_their_client_is_renamed() {
    let lab = lab();
    lab.apply(&stack(&[ground(), of_pool(), of_web(&of_client())]).to_string()).await;
    let mut renamed = stack(&[ground(), of_pool()]);
    let mut site = of_client();
    site["riskConfiguration"]["compromisedCredentialsRiskConfiguration"]["actions"]["eventAction"] = json!("NO_ACTION");
    site["terms"].as_object_mut().expect("terms").remove("privacy-policy");
    site.as_object_mut().expect("facets").remove("uiCustomization");
    let mut with = site.clone();
    with["renamedFrom"] = json!("userPools.main.clients.web");
    renamed["userPools"]["main"]["clients"] = json!({"site": with, "native": {}});
    lab.apply(&renamed.to_string()).await;
    lab.expect_no_changes(&renamed.to_string()).await;
    renamed["userPools"]["main"]["clients"] = json!({"site": site, "native": {}});
    expect_as_fresh(&lab, &renamed.to_string()).await;
}

/// AWS takes nothing out of a style, so it is made anew where that is allowed.
#[tokio::test(start_paused = true)]
async fn what_is_taken_out_of_a_style_needs_another_one() {
    let style = address("userPools.main.clients.web.managedLoginBranding");
    let whole = of_client()["managedLoginBranding"].clone();
    let mut without_image = whole.clone();
    without_image["assets"].as_array_mut().expect("assets").pop();
    let mut without_images = whole.clone();
    without_images.as_object_mut().expect("a style").remove("assets");
    let mut other_setting = whole.clone();
    other_setting["settings"] = json!({"categories": {"global": {"colorSchemeMode": "DARK"}}});
    for other in [without_image, without_images, other_setting] {
        let lab = lab();
        lab.apply(&stack(&[ground(), of_web(&json!({"managedLoginBranding": whole}))]).to_string()).await;
        let text = stack(&[ground(), of_web(&json!({"managedLoginBranding": other}))]).to_string();
        let plan = lab.plan(&text).await.expect("a plan");
        assert_eq!(steps(&plan), [(Action::Blocked, style.to_string())], "{}", show_plan(&plan));
        lab.apply_with(&text, Options { replace: vec![style.clone()], ..Options::default() }).await;
        expect_as_fresh(&lab, &text).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_style_is_aws_s_own_or_one_s_own() {
    let lab = lab();
    let own = json!({"managedLoginBranding": {"settings": {"components": {"form": {"borderRadius": 8}}}}});
    let aws = json!({"managedLoginBranding": {"useCognitoProvidedValues": true}});
    let text = |style| stack(&[ground(), of_web(style)]).to_string();
    lab.apply(&text(&aws)).await;
    lab.expect_no_changes(&text(&aws)).await;
    lab.apply(&text(&own)).await;
    expect_as_fresh(&lab, &text(&own)).await;
    let replace = vec![address("userPools.main.clients.web.managedLoginBranding")];
    lab.apply_with(&text(&aws), Options { replace, ..Options::default() }).await;
    expect_as_fresh(&lab, &text(&aws)).await;
}

#[tokio::test(start_paused = true)]
async fn a_target_takes_along_what_a_facet_lives_in() {
    let facet = address("userPools.main.clients.web.riskConfiguration");
    let lab = lab();
    let mut pool = ground();
    lay_over(&mut pool, &json!({"groups": {"staff": {}}}));
    let text = stack(&[pool, of_pool(), of_web(&of_client())]).to_string();
    let target = Options { targets: vec![facet], ..Options::default() };
    let plan = lab.plan_with(&text, &target).await;
    let made: Vec<String> = steps(&plan).into_iter().map(|(_, address)| address).collect();
    let expected = ["userPools.main", "userPools.main.clients.web", "userPools.main.clients.web.riskConfiguration"];
    assert_eq!(made, expected, "{}", show_plan(&plan));
    lab.apply_with(&text, target).await;
    lab.apply(&text).await;
    expect_as_fresh(&lab, &text).await;
}
