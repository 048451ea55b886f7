//! What AWS is asked of facets: a plan asks for those that are declared or in the ledger, drift and
//! export for those that can matter.

use std::collections::BTreeMap;

use poolkeeper::export::read::{Selection, read};
use poolkeeper::plan::work::Options;
use poolkeeper::sandbox::Logged;
use serde_json::{Value, json};

use super::{counts, ground, lab, of_client, of_pool, of_web, stack, with_replica};
use crate::lab::Lab;

/// The operations that read facets.
const READS: [&str; 7] = [
    "DescribeRiskConfiguration",
    "GetUICustomization",
    "GetLogDeliveryConfiguration",
    "DescribeManagedLoginBrandingByClient",
    "ListTerms",
    "DescribeTermsByClient",
    "ListUserPoolReplicas",
];

/// How often each of them was called by what is done.
fn asked(lab: &Lab) -> BTreeMap<String, usize> {
    // One that was throttled is tried again.
    let throttled = |call: &Logged| call.refused.as_deref() == Some("TooManyRequestsException");
    let calls: Vec<_> = lab.calls().into_iter().filter(|call| !throttled(call)).collect();
    let counted = counts(&calls).into_iter().filter(|(operation, _)| READS.contains(operation));
    counted.map(|(operation, count)| (operation.to_owned(), count)).collect()
}

fn expected<const N: usize>(counts: [(&str, usize); N]) -> BTreeMap<String, usize> {
    counts.into_iter().map(|(operation, count)| (operation.to_owned(), count)).collect()
}

async fn asked_by_plan(lab: &Lab, text: &str) -> BTreeMap<String, usize> {
    lab.calls();
    lab.plan(text).await.expect("a plan");
    asked(lab)
}

async fn asked_by_drift(lab: &Lab, text: &str) -> BTreeMap<String, usize> {
    lab.calls();
    lab.plan_with(text, &Options { drift: true, ..Options::default() }).await;
    asked(lab)
}

async fn asked_by_export(lab: &Lab) -> BTreeMap<String, usize> {
    let aws = lab.connect().await.expect("a connection");
    lab.calls();
    read(&aws, &Selection::All).await.expect("all there is");
    asked(lab)
}

#[tokio::test(start_paused = true)]
async fn a_plan_without_facets_asks_for_nothing_of_them() {
    let lab = lab();
    let text = stack(&[ground()]).to_string();
    lab.apply(&text).await;
    lab.catch_up();
    lab.calls();
    lab.expect_no_changes(&text).await;
    let calls = lab.calls();
    let expected = BTreeMap::from([
        ("DescribeUserPool", 1),
        ("DescribeUserPoolClient", 2),
        ("DescribeUserPoolDomain", 2),
        ("GetCallerIdentity", 1),
        ("GetResources", 1),
        ("GetUserPoolMfaConfig", 1),
        ("ListGroups", 1),
        ("ListIdentityProviders", 1),
        ("ListResourceServers", 1),
        ("ListUserPoolClients", 1),
        ("ListUserPools", 1),
    ]);
    assert_eq!(counts(&calls), expected);
}

#[tokio::test(start_paused = true)]
async fn a_plan_asks_for_what_is_declared_or_in_the_ledger() {
    let lab = lab();
    let without = stack(&[ground()]).to_string();
    lab.apply(&without).await;
    let facets = [
        ("riskConfiguration", "DescribeRiskConfiguration", 1),
        ("uiCustomization", "GetUICustomization", 1),
        ("managedLoginBranding", "DescribeManagedLoginBrandingByClient", 1),
        ("terms", "DescribeTermsByClient", 2),
    ];
    for (property, operation, times) in facets {
        let with = stack(&[ground(), of_web(&json!({property: of_client()[property]}))]).to_string();
        assert_eq!(asked_by_plan(&lab, &with).await, expected([(operation, times)]), "declared");
        lab.apply(&with).await;
        assert_eq!(asked_by_plan(&lab, &with).await, expected([(operation, times)]), "declared and claimed");
        assert_eq!(asked_by_plan(&lab, &without).await, expected([(operation, times)]), "claimed");
        lab.apply(&without).await;
        assert_eq!(asked_by_plan(&lab, &without).await, expected([]), "gone");
    }
    for (property, operation) in [
        ("riskConfiguration", "DescribeRiskConfiguration"),
        ("uiCustomization", "GetUICustomization"),
        ("logConfigurations", "GetLogDeliveryConfiguration"),
    ] {
        let with = stack(&[ground(), json!({property: of_pool()[property]})]).to_string();
        lab.apply(&with).await;
        assert_eq!(asked_by_plan(&lab, &with).await, expected([(operation, 1)]), "declared and claimed");
        assert_eq!(asked_by_plan(&lab, &without).await, expected([(operation, 1)]), "claimed");
        lab.apply(&without).await;
        assert_eq!(asked_by_plan(&lab, &without).await, expected([]), "gone");
    }
}

#[tokio::test(start_paused = true)]
async fn a_plan_asks_for_replicas_where_there_can_be_one() {
    let lab = lab();
    let without = stack(&[crate::cycle::replica::pool()]).to_string();
    lab.apply(&without).await;
    assert_eq!(asked_by_plan(&lab, &without).await, expected([]));
    let with = stack(&[with_replica()]).to_string();
    lab.apply(&with).await;
    let once = expected([("ListUserPoolReplicas", 1)]);
    assert_eq!((asked_by_plan(&lab, &with).await, asked_by_plan(&lab, &without).await), (once.clone(), once.clone()));
    assert_eq!(
        (
            asked_by_drift(&lab, &with).await["ListUserPoolReplicas"],
            asked_by_export(&lab).await["ListUserPoolReplicas"]
        ),
        (1, 1)
    );
}

/// What can matter depends on the pool: which of its settings give a facet something to act on.
#[tokio::test(start_paused = true)]
async fn drift_and_export_ask_for_what_can_matter() {
    let plain = || json!({"clients": {"web": {}, "native": {}}});
    let domain = |version: i64| json!({"domains": {"facets-app": {"managedLoginVersion": version}}});
    let protected = json!({"userPoolTier": "PLUS", "userPoolAddOns": {"advancedSecurityMode": "AUDIT"}});
    let always = [("GetLogDeliveryConfiguration", 1), ("ListTerms", 1)];
    let of = |more: &[(&str, usize)]| -> BTreeMap<String, usize> {
        always.iter().chain(more).map(|(operation, count)| ((*operation).to_owned(), *count)).collect()
    };
    let cases: [(Value, BTreeMap<String, usize>); 4] = [
        (json!({}), of(&[])),
        (protected, of(&[("DescribeRiskConfiguration", 3)])),
        (domain(1), of(&[("GetUICustomization", 3)])),
        (domain(2), of(&[("DescribeManagedLoginBrandingByClient", 2)])),
    ];
    for (more, expected) in cases {
        let lab = lab();
        let text = stack(&[plain(), more]).to_string();
        lab.apply(&text).await;
        assert_eq!(asked_by_drift(&lab, &text).await, expected, "drift of {text}");
        assert_eq!(asked_by_export(&lab).await, expected, "export of {text}");
    }
    let lab = lab();
    let documents = json!({"terms": {"terms-of-use": of_client()["terms"]["terms-of-use"]}});
    let text = stack(&[plain(), of_web(&documents)]).to_string();
    lab.apply(&text).await;
    assert_eq!(asked_by_export(&lab).await, of(&[("DescribeTermsByClient", 2)]), "a document by that name");
}
