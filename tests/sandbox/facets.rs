//! Facets: settings of a pool or client that AWS keeps apart. `cycle` has each of their properties;
//! here is what holds for them as a whole.
//!
//! | module | what it is about |
//! |---|---|
//! | `asked` | what a plan, a drift and an export ask AWS of them |
//! | `clients` | what becomes of them with their client |
//! | `gone` | what is taken out of the file, and what others made |
//! | `hidden` | what AWS never shows: a logo, Apple's private key |
//! | `replicas` | what takes minutes, and is interrupted |

mod asked;
mod clients;
mod gone;
mod hidden;
mod replicas;

use std::collections::BTreeMap;

use poolkeeper::plan::work::Options;
use poolkeeper::plan::{Action, Plan};
use poolkeeper::sandbox::Logged;
use serde_json::{Value, json};

use crate::cycle::footprint::{State, anonymous, told};
use crate::cycle::hand;
use crate::cycle::replica;
use crate::cycle::row::lay_over;
use crate::cycle::run::lab;
use crate::fixed_point::hold;
use crate::lab::{Lab, writes};

const CSS: &str = ".submitButton-customizable {background-color: #111;}";

/// A stack with one pool, of these and with this beside it.
fn stack(parts: &[Value]) -> Value {
    let mut pool = json!({});
    for part in parts {
        lay_over(&mut pool, part);
    }
    json!({"stack": "facets", "userPools": {"main": pool}})
}

/// What facets rest on: threat protection, a domain for either kind of pages, two clients.
fn ground() -> Value {
    json!({
        "userPoolTier": "PLUS",
        "userPoolAddOns": {"advancedSecurityMode": "ENFORCED"},
        "domains": {
            "facets-app": {"managedLoginVersion": 2},
            "login.example.com": {
                "managedLoginVersion": 1,
                "customDomainConfig": {"certificateArn": "arn:aws:acm:us-east-1:123456789012:certificate/one"},
            },
        },
        "clients": {"web": {}, "native": {}},
    })
}

/// A client's facets, all of them.
fn of_client() -> Value {
    json!({
        "riskConfiguration": {"compromisedCredentialsRiskConfiguration": {"actions": {"eventAction": "BLOCK"}}},
        "uiCustomization": {"css": CSS, "imageFile": "images/two.png"},
        "managedLoginBranding": {
            "settings": {"components": {"form": {"borderRadius": 8}}},
            "assets": [
                {"category": "PAGE_HEADER_LOGO", "colorMode": "LIGHT", "bytes": "images/one.png"},
                {"category": "FAVICON_SVG", "colorMode": "DYNAMIC", "bytes": "images/one.svg"},
            ],
        },
        "terms": {
            "terms-of-use": {"links": {"cognito:default": "https://example.com/terms"}},
            "privacy-policy": {"links": {"cognito:default": "https://example.com/privacy"}},
        },
    })
}

/// A pool's facets but for replicas.
fn of_pool() -> Value {
    json!({
        "riskConfiguration": {"riskExceptionConfiguration": {"blockedIpRangeList": ["192.0.2.0/24"]}},
        "uiCustomization": {"css": CSS},
        "logConfigurations": [{"eventSource": "userNotification", "logLevel": "ERROR",
            "cloudWatchLogsConfiguration": {"logGroupArn": "arn:aws:logs:us-east-1:123456789012:log-group:mail"}}],
    })
}

/// Facets of the client `web`.
fn of_web(facets: &Value) -> Value {
    json!({"clients": {"web": facets}})
}

/// A replica that serves, and what the pool needs for it.
fn with_replica() -> Value {
    let mut pool = replica::pool();
    pool["replicas"] = json!({"us-west-2": {"status": "ACTIVE", "tags": {"team": "identity"}}});
    pool
}

/// Everything there is.
fn rich() -> Value {
    stack(&[ground(), of_pool(), of_web(&of_client()), with_replica()])
}

/// How often each operation was called.
fn counts(calls: &[Logged]) -> BTreeMap<&str, usize> {
    let mut counts = BTreeMap::new();
    for call in calls {
        *counts.entry(call.operation.as_str()).or_default() += 1;
    }
    counts
}

/// The addresses of what a plan does, with what it is.
fn steps(plan: &Plan) -> Vec<(Action, String)> {
    let items = plan.items.iter().filter(|item| item.action != Action::Keep);
    items.map(|item| (item.action, item.address.to_string())).collect()
}

/// The state is that of a stack that was applied to nothing, its ledger too.
async fn expect_as_fresh(lab: &Lab, text: &str) {
    lab.expect_no_changes(text).await;
    let now = lab.sandbox.clock().now();
    lab.sandbox.meddle(|state| {
        // What is gone is in the state until something comes to its place.
        for region in state.accounts.values_mut().flat_map(BTreeMap::values_mut) {
            for pool in region.user_pools.values_mut() {
                pool.replicas.retain(|_, replica| replica.work != "DELETING" || replica.ready > now);
                pool.domains.retain(|_, domain| domain.work != "DELETING" || domain.ready > now);
            }
        }
    });
    let fresh = self::lab();
    fresh.apply(text).await;
    let (there, made): (State, State) = (anonymous(lab), anonymous(&fresh));
    assert!(there == made, "{}", told(&made, &there));
    assert_eq!(crate::killed::claims(lab), crate::killed::claims(&fresh), "the ledger is another one");
}

/// Makes somebody else's call to the one pool.
async fn by_hand(lab: &Lab, operation: &str, input: &Value) {
    let mut input = input.clone();
    input["UserPoolId"] = json!(pool_id(lab));
    let service = poolkeeper::sandbox::model::Service::UserPools;
    hand::call(lab, service, operation, &input).await.unwrap_or_else(|why| panic!("{why}"));
}

fn pool_id(lab: &Lab) -> String {
    lab.sandbox.look(|state| {
        let regions = state.accounts.values().flat_map(BTreeMap::values);
        regions.flat_map(|region| region.user_pools.keys()).next().expect("a pool").clone()
    })
}

fn client_id(lab: &Lab, name: &str) -> String {
    lab.sandbox.look(|state| {
        let pools = state.accounts.values().flat_map(BTreeMap::values).flat_map(|region| region.user_pools.values());
        let mut clients = pools.flat_map(|pool| &pool.clients);
        clients.find(|(_, client)| client.body["ClientName"] == name).expect("a client").0.clone()
    })
}

#[tokio::test(start_paused = true)]
async fn all_of_them_live_and_die_together() {
    let lab = lab();
    let text = rich().to_string();
    lab.apply(&text).await;
    lab.calls();
    lab.expect_no_changes(&text).await;
    assert_eq!(writes(&lab.calls()), [""; 0]);
    let drift = lab.plan_with(&text, &Options { drift: true, ..Options::default() }).await;
    assert_eq!((steps(&drift), drift.unmanaged.len()), (vec![], 0));

    lab.catch_up();
    lab.apply_with(&text, destroy()).await;
    assert_eq!(lab.inventory(), [""; 0]);
}

fn destroy() -> Options {
    let allow_delete = vec!["userPools.main".parse().expect("an address")];
    Options { destroy: true, allow_delete, ..Options::default() }
}

#[tokio::test(start_paused = true)]
async fn all_of_them_are_exported_and_adopted() {
    let lab = lab();
    let text = rich().to_string();
    lab.apply(&text).await;
    lab.sandbox.meddle(|state| {
        // To whom it belonged is forgotten.
        for region in state.accounts.values_mut().flat_map(BTreeMap::values_mut) {
            region.user_pools.values_mut().for_each(|pool| pool.tags.clear());
            region.tag_index.clear();
        }
    });
    let export = hold(&lab).await.unwrap_or_else(|why| panic!("{why}"));
    assert_eq!(export.images.len(), 2, "{}", export.text);
    let logo = |note: &String| note.contains("the logo of client web is not exported");
    assert!(export.notes.iter().any(logo), "{:?}", export.notes);
}
