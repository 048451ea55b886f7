//! What is taken out of the file goes, and what others made is told of and left.

use poolkeeper::plan::work::Options;
use poolkeeper::plan::{Action, Cause};
use serde_json::{Value, json};

use super::{
    CSS, by_hand, client_id, expect_as_fresh, ground, lab, of_client, of_pool, of_web, stack, steps, with_replica,
};
use crate::cycle::footprint::{state, told};
use crate::lab::{address, show_plan};

#[tokio::test(start_paused = true)]
async fn what_is_taken_out_of_the_file_goes_away() {
    let lab = lab();
    lab.apply(&stack(&[ground(), of_pool(), of_web(&of_client())]).to_string()).await;
    // A client's own go first: the pool's hold for it again.
    let text = stack(&[ground(), of_pool()]).to_string();
    let plan = lab.plan(&text).await.expect("a plan");
    let removed = plan.items.iter().filter(|item| item.action != Action::Keep);
    assert!(removed.clone().all(|item| item.cause == Some(Cause::Removed)), "{}", show_plan(&plan));
    let mut gone = steps(&plan);
    gone.sort_by(|one, other| one.1.cmp(&other.1));
    let at = |facet: &str| (Action::Delete, address(&format!("userPools.main.clients.web.{facet}")).to_string());
    let expected = [
        at("managedLoginBranding"),
        at("riskConfiguration"),
        at("terms.privacy-policy"),
        at("terms.terms-of-use"),
        at("uiCustomization"),
    ];
    assert_eq!(gone, expected, "{}", show_plan(&plan));
    lab.apply(&text).await;
    expect_as_fresh(&lab, &text).await;
    let text = stack(&[ground()]).to_string();
    lab.apply(&text).await;
    expect_as_fresh(&lab, &text).await;
    let logs = lab.sandbox.look(|state| {
        let region = state.accounts.values().next().and_then(|regions| regions.values().next()).expect("a region");
        region.user_pools.values().map(|pool| pool.log_delivery.len()).sum::<usize>()
    });
    assert_eq!(logs, 0);
}

/// What a facet rests on goes in the same apply: the domain, the add-ons, the tier.
#[tokio::test(start_paused = true)]
async fn what_it_rests_on_goes_along_in_one_apply() {
    let lab = lab();
    lab.apply(&stack(&[ground(), of_pool(), of_web(&of_client())]).to_string()).await;
    let text = stack(&[json!({"userPoolTier": "LITE", "clients": {"web": {}, "native": {}}})]).to_string();
    lab.apply(&text).await;
    expect_as_fresh(&lab, &text).await;
}

/// And comes with it.
#[tokio::test(start_paused = true)]
async fn what_it_rests_on_comes_along_in_one_apply() {
    let lab = lab();
    lab.apply(&stack(&[json!({"userPoolTier": "LITE", "clients": {"web": {}}})]).to_string()).await;
    let text = stack(&[ground(), of_pool(), of_web(&of_client())]).to_string();
    lab.apply(&text).await;
    expect_as_fresh(&lab, &text).await;
}

#[tokio::test(start_paused = true)]
async fn what_others_made_is_told_by_drift_and_left() {
    let text = stack(&[ground(), crate::cycle::replica::pool()]).to_string();
    let style = json!({"Settings": {"components": {"form": {"borderRadius": 8}}}});
    let terms = json!({"TermsName": "terms-of-use", "TermsSource": "LINK", "Enforcement": "NONE",
        "Links": {"cognito:default": "https://example.com/"}});
    let risk = json!({"RiskExceptionConfiguration": {"BlockedIPRangeList": ["192.0.2.0/24"]}});
    let logs = json!({"LogConfigurations": [{"EventSource": "userNotification", "LogLevel": "ERROR",
        "CloudWatchLogsConfiguration": {"LogGroupArn": "arn:aws:logs:us-east-1:123456789012:log-group:mail"}}]});
    let replica = json!({"RegionName": "us-west-2"});
    let cases: [(&str, Value, bool, &str); 8] = [
        ("SetRiskConfiguration", risk.clone(), false, "userPools.main.riskConfiguration"),
        ("SetRiskConfiguration", risk, true, "userPools.main.clients.web.riskConfiguration"),
        ("SetUICustomization", json!({"CSS": CSS}), false, "userPools.main.uiCustomization"),
        ("SetUICustomization", json!({"CSS": CSS}), true, "userPools.main.clients.web.uiCustomization"),
        ("SetLogDeliveryConfiguration", logs, false, "userPools.main.logConfigurations"),
        ("CreateManagedLoginBranding", style, true, "userPools.main.clients.web.managedLoginBranding"),
        ("CreateTerms", terms, true, "userPools.main.clients.web.terms.terms-of-use"),
        ("CreateUserPoolReplica", replica, false, "userPools.main.replicas.us-west-2"),
    ];
    for (operation, mut input, of_client, at) in cases {
        let lab = lab();
        lab.apply(&text).await;
        if of_client {
            input["ClientId"] = json!(client_id(&lab, "web"));
        }
        by_hand(&lab, operation, &input).await;
        lab.sandbox.clock().advance(std::time::Duration::from_mins(10));
        let before = state(&lab);
        lab.expect_no_changes(&text).await;
        let drift = lab.plan_with(&text, &Options { drift: true, ..Options::default() }).await;
        let found: Vec<String> = drift.unmanaged.iter().map(|child| child.address.to_string()).collect();
        assert_eq!((found, drift.has_changes()), (vec![at.to_owned()], false), "{}", show_plan(&drift));
        lab.apply(&text).await;
        assert!(state(&lab) == before, "{}", told(&before, &state(&lab)));
    }
}

/// What others made of a kind that the file has is adopted where it is declared, and no other.
#[tokio::test(start_paused = true)]
async fn what_others_made_is_adopted_where_it_is_declared() {
    let lab = lab();
    lab.apply(&stack(&[ground()]).to_string()).await;
    let risk = json!({"RiskExceptionConfiguration": {"BlockedIPRangeList": ["192.0.2.0/24"]}});
    by_hand(&lab, "SetRiskConfiguration", &risk).await;
    lab.catch_up();
    let text = stack(&[ground(), json!({"riskConfiguration": of_pool()["riskConfiguration"]})]).to_string();
    let plan = lab.plan(&text).await.expect("a plan");
    assert_eq!(steps(&plan), [(Action::Adopt, "userPools.main.riskConfiguration".to_owned())], "{}", show_plan(&plan));
    lab.apply(&text).await;
    expect_as_fresh(&lab, &text).await;
}

/// A facet that somebody took away live is made again.
#[tokio::test(start_paused = true)]
async fn what_others_took_away_is_made_again() {
    let lab = lab();
    let text = stack(&[ground(), of_pool(), of_web(&of_client()), with_replica()]).to_string();
    lab.apply(&text).await;
    let web = client_id(&lab, "web");
    for (operation, input) in [
        ("SetRiskConfiguration", json!({"ClientId": web})),
        ("SetUICustomization", json!({})),
        ("SetLogDeliveryConfiguration", json!({"LogConfigurations": []})),
    ] {
        by_hand(&lab, operation, &input).await;
    }
    lab.sandbox.meddle(|state| {
        let mut pools = state.accounts.values_mut().flat_map(|regions| regions.values_mut());
        let pool = pools.find_map(|region| region.user_pools.values_mut().next()).expect("a pool");
        let client = pool.clients.get_mut(&web).expect("a client");
        client.branding.clear();
        client.terms.remove("privacy-policy");
        pool.replicas.clear();
    });
    lab.catch_up();
    let plan = lab.plan(&text).await.expect("a plan");
    let mut made = steps(&plan);
    made.sort_by(|one, other| one.1.cmp(&other.1));
    let at = |facet: &str| (Action::Create, format!("userPools.main.{facet}"));
    let expected = [
        at("clients.web.managedLoginBranding"),
        at("clients.web.riskConfiguration"),
        at("clients.web.terms.privacy-policy"),
        at("logConfigurations"),
        at("replicas.us-west-2"),
        at("uiCustomization"),
    ];
    assert_eq!(made, expected, "{}", show_plan(&plan));
    let causes = plan.items.iter().filter(|item| item.action != Action::Keep).map(|item| item.cause);
    assert!(causes.clone().all(|cause| cause == Some(Cause::DeletedLive)), "{}", show_plan(&plan));
    lab.apply(&text).await;
    expect_as_fresh(&lab, &text).await;
}

#[tokio::test(start_paused = true)]
async fn a_facet_that_was_removed_may_stay() {
    let lab = lab();
    lab.apply(&stack(&[ground(), of_web(&of_client())]).to_string()).await;
    let kept = address("userPools.main.clients.web.riskConfiguration");
    let text = stack(&[ground()]).to_string();
    lab.apply_with(&text, Options { keep: vec![kept], ..Options::default() }).await;
    lab.expect_no_changes(&text).await;
    let drift = lab.plan_with(&text, &Options { drift: true, ..Options::default() }).await;
    let found: Vec<String> = drift.unmanaged.iter().map(|child| child.address.to_string()).collect();
    assert_eq!(found, ["userPools.main.clients.web.riskConfiguration"]);
}
