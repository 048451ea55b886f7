//! Replicas from both of their regions: how they come and go, what each region shows and lets be
//! written, and where users are sent.

use std::time::Duration;

use serde_json::{Value, json};

use super::super::super::testing::{USER_POOLS, call_in};
use super::super::super::{Sandbox, Settings};
use super::super::fixture::{INVALID, MISSING};

mod domains;
mod regions;

const HOME: &str = "us-east-1";
const AWAY: &str = "eu-west-1";
const KEY: &str = "arn:aws:kms:us-east-1:123456789012:key/mrk-1234abcd12ab34cd56ef1234567890ab";
const DISABLED: &str = "OperationNotEnabledException";
/// How long a replica takes to come, and to go.
const DELAY: Duration = Duration::from_mins(5);
/// Nearly as long, and the rest.
const NEARLY: Duration = Duration::from_secs(299);
const REST: Duration = Duration::from_secs(1);

fn sandbox() -> Sandbox {
    Sandbox::new(Settings { quotas: false, ..Settings::default() })
}

async fn done(sandbox: &Sandbox, region: &str, operation: &str, input: Value) -> Value {
    let answer = call_in(sandbox, region, USER_POOLS, operation, &input).await;
    answer.unwrap_or_else(|why| panic!("{operation} of {input} in {region}: {why:?}"))
}

async fn refused(sandbox: &Sandbox, region: &str, operation: &str, input: Value, code: &str, words: &str) {
    let answer = call_in(sandbox, region, USER_POOLS, operation, &input).await;
    let (own, message) = answer.expect_err(&format!("{operation} of {input} in {region}"));
    assert_eq!(own, code, "{operation} of {input} in {region}: {message}");
    assert!(message.contains(words), "{operation} of {input} in {region}: {message}");
}

/// The settings of a pool that may have replicas.
fn settings() -> Value {
    json!({
        "PoolName": "pool",
        "KeyConfiguration": {"KeyType": "CUSTOMER_MANAGED_KEY", "KmsKeyArn": KEY},
        "AutoVerifiedAttributes": ["email"],
        "LambdaConfig": {"PreSignUp": "arn:aws:lambda:us-east-1:123456789012:function:sign-up"},
        "UserPoolTags": {"where": "home"},
    })
}

async fn pool(sandbox: &Sandbox, settings: Value) -> String {
    let answer = done(sandbox, HOME, "CreateUserPool", settings).await;
    answer["UserPool"]["Id"].as_str().expect("an id").to_owned()
}

/// A request about the replica.
fn replica(id: &str) -> Value {
    json!({"UserPoolId": id, "RegionName": AWAY})
}

fn to(id: &str, status: &str) -> Value {
    json!({"UserPoolId": id, "RegionName": AWAY, "Status": status})
}

fn arn(region: &str, id: &str) -> String {
    format!("arn:aws:cognito-idp:{region}:123456789012:userpool/{id}")
}

/// A pool with a replica that is made.
async fn replicated(sandbox: &Sandbox) -> String {
    let id = pool(sandbox, settings()).await;
    done(sandbox, HOME, "CreateUserPoolReplica", replica(&id)).await;
    sandbox.clock().advance(DELAY);
    id
}

async fn rows(sandbox: &Sandbox, region: &str, id: &str) -> Value {
    let listed = done(sandbox, region, "ListUserPoolReplicas", json!({"UserPoolId": id})).await;
    assert_eq!(listed.get("NextToken"), None);
    listed["UserPoolReplicas"].clone()
}

/// The replica's status as the primary tells it.
async fn status(sandbox: &Sandbox, id: &str) -> String {
    let rows = rows(sandbox, HOME, id).await;
    rows[1]["Status"].as_str().unwrap_or("gone").to_owned()
}

#[tokio::test]
async fn a_replica_comes_and_goes_in_its_time() {
    let sandbox = sandbox();
    let id = pool(&sandbox, settings()).await;
    let primary = json!({"RegionName": HOME, "Status": "ACTIVE", "Role": "PRIMARY", "UserPoolArn": arn(HOME, &id)});
    assert_eq!(rows(&sandbox, HOME, &id).await, json!([primary]));
    let answer = done(&sandbox, HOME, "CreateUserPoolReplica", replica(&id)).await;
    let mut own = json!({"RegionName": AWAY, "Status": "CREATING", "Role": "SECONDARY", "UserPoolArn": arn(AWAY, &id)});
    assert_eq!(answer["UserPoolReplica"], own);
    sandbox.clock().advance(NEARLY);
    assert_eq!(rows(&sandbox, HOME, &id).await, json!([primary, own]));
    for input in [to(&id, "ACTIVE"), to(&id, "INACTIVE")] {
        refused(&sandbox, HOME, "UpdateUserPoolReplica", input, INVALID, "while it is CREATING").await;
    }
    refused(&sandbox, HOME, "DeleteUserPoolReplica", replica(&id), INVALID, "while it is CREATING").await;
    refused(&sandbox, AWAY, "DescribeUserPool", json!({"UserPoolId": id}), MISSING, &id).await;
    refused(&sandbox, AWAY, "ListUserPoolReplicas", json!({"UserPoolId": id}), MISSING, &id).await;

    sandbox.clock().advance(REST);
    own["Status"] = json!("INACTIVE");
    assert_eq!(rows(&sandbox, HOME, &id).await, json!([primary, own]));
    own["Status"] = json!("ACTIVE");
    let answer = done(&sandbox, HOME, "UpdateUserPoolReplica", to(&id, "ACTIVE")).await;
    assert_eq!(answer["UserPoolReplica"], own);
    assert_eq!(rows(&sandbox, AWAY, &id).await, json!([primary, own]));
    refused(&sandbox, HOME, "DeleteUserPoolReplica", replica(&id), INVALID, "must be INACTIVE").await;
    // Its own region can switch it as well, but not delete it.
    done(&sandbox, AWAY, "UpdateUserPoolReplica", to(&id, "INACTIVE")).await;
    assert_eq!(status(&sandbox, &id).await, "INACTIVE");
    refused(&sandbox, AWAY, "DeleteUserPoolReplica", replica(&id), DISABLED, HOME).await;

    let answer = done(&sandbox, HOME, "DeleteUserPoolReplica", replica(&id)).await;
    own["Status"] = json!("DELETING");
    assert_eq!(answer["UserPoolReplica"], own);
    sandbox.clock().advance(NEARLY);
    assert_eq!(rows(&sandbox, AWAY, &id).await, json!([primary, own]));
    refused(&sandbox, HOME, "UpdateUserPoolReplica", to(&id, "ACTIVE"), INVALID, "while it is DELETING").await;
    refused(&sandbox, HOME, "DeleteUserPoolReplica", replica(&id), INVALID, "while it is DELETING").await;
    refused(&sandbox, HOME, "CreateUserPoolReplica", replica(&id), INVALID, "already has").await;
    sandbox.clock().advance(REST);
    assert_eq!(status(&sandbox, &id).await, "gone");
    refused(&sandbox, AWAY, "DescribeUserPool", json!({"UserPoolId": id}), MISSING, &id).await;
    refused(&sandbox, HOME, "DeleteUserPoolReplica", replica(&id), MISSING, "no replica in eu-west-1").await;
    done(&sandbox, HOME, "CreateUserPoolReplica", replica(&id)).await;
}

#[tokio::test]
async fn what_a_pool_needs_to_have_a_replica() {
    let sandbox = sandbox();
    let mut plain_key = settings();
    plain_key["KeyConfiguration"]["KmsKeyArn"] = json!(KEY.replace("mrk-", ""));
    let mut own_key = settings();
    own_key.as_object_mut().expect("members").remove("KeyConfiguration");
    let mut lite = settings();
    lite["UserPoolTier"] = json!("LITE");
    let table = [
        (plain_key, INVALID, "multi-Region key"),
        (own_key, INVALID, "multi-Region key"),
        (lite, "FeatureUnavailableInTierException", "LITE"),
    ];
    for (settings, code, words) in table {
        let id = pool(&sandbox, settings).await;
        refused(&sandbox, HOME, "CreateUserPoolReplica", replica(&id), code, words).await;
        assert_eq!(status(&sandbox, &id).await, "gone");
    }
}

#[tokio::test]
async fn what_is_refused() {
    let sandbox = sandbox();
    let id = pool(&sandbox, settings()).await;
    let at = |region: &str| json!({"UserPoolId": id, "RegionName": region});
    for region in ["Europe", "eu_west_1", "eu-west", "eu-west-", "e-west-1", "eu-west-1a", "-----", "\u{e9}u-west-1"] {
        refused(&sandbox, HOME, "CreateUserPoolReplica", at(region), INVALID, region).await;
    }
    refused(&sandbox, HOME, "CreateUserPoolReplica", at("cn-north-1"), INVALID, "cn-north-1").await;
    refused(&sandbox, HOME, "CreateUserPoolReplica", at(HOME), INVALID, "primary Region").await;
    refused(&sandbox, AWAY, "CreateUserPoolReplica", at("us-west-2"), MISSING, &id).await;
    let mut tagged = at(AWAY);
    tagged["UserPoolTags"] = json!({"aws:own": "no"});
    refused(&sandbox, HOME, "CreateUserPoolReplica", tagged, INVALID, "aws:").await;
    let nowhere = json!({"UserPoolId": "us-east-1_none", "RegionName": AWAY});
    for operation in ["CreateUserPoolReplica", "DeleteUserPoolReplica"] {
        refused(&sandbox, HOME, operation, nowhere.clone(), MISSING, "us-east-1_none").await;
    }
    let missing = "us-east-1_none";
    refused(&sandbox, HOME, "UpdateUserPoolReplica", to(missing, "ACTIVE"), MISSING, missing).await;
    refused(&sandbox, HOME, "ListUserPoolReplicas", json!({"UserPoolId": missing}), MISSING, missing).await;
    refused(&sandbox, HOME, "UpdateUserPoolReplica", to(&id, "ACTIVE"), MISSING, AWAY).await;
    refused(&sandbox, HOME, "UpdateUserPoolReplica", to(&id, "CREATING"), INVALID, "ACTIVE").await;

    done(&sandbox, HOME, "CreateUserPoolReplica", at(AWAY)).await;
    refused(&sandbox, HOME, "CreateUserPoolReplica", at("us-west-2"), "LimitExceededException", "1").await;
    sandbox.clock().advance(DELAY);
    refused(&sandbox, HOME, "CreateUserPoolReplica", at(AWAY), INVALID, "already has").await;
    refused(&sandbox, AWAY, "CreateUserPoolReplica", at("us-west-2"), DISABLED, HOME).await;
    for (operation, mut input) in [("UpdateUserPoolReplica", to(&id, "ACTIVE")), ("DeleteUserPoolReplica", at(AWAY))] {
        input["RegionName"] = json!(HOME);
        refused(&sandbox, HOME, operation, input, INVALID, "primary Region").await;
    }
}

#[tokio::test]
async fn what_a_pool_keeps_while_it_has_a_replica() {
    let sandbox = sandbox();
    let id = pool(&sandbox, settings()).await;
    done(&sandbox, HOME, "CreateUserPoolReplica", replica(&id)).await;
    let change = |change: fn(&mut Value)| {
        let mut all = settings();
        all["UserPoolId"] = json!(id);
        change(&mut all);
        all
    };
    let lite = change(|all| all["UserPoolTier"] = json!("LITE"));
    let other_key = change(|all| all["KeyConfiguration"] = json!({"KeyType": "AWS_OWNED_KEY"}));
    let no_key = change(|all| drop(all.as_object_mut().expect("members").remove("KeyConfiguration")));
    let plain_key = change(|all| all["KeyConfiguration"]["KmsKeyArn"] = json!(KEY.replace("mrk-", "")));
    for own in ["CREATING", "INACTIVE"] {
        assert_eq!(status(&sandbox, &id).await, own);
        refused(&sandbox, HOME, "DeleteUserPool", json!({"UserPoolId": id}), INVALID, "replica").await;
        let tier = "TierChangeNotAllowedException";
        refused(&sandbox, HOME, "UpdateUserPool", lite.clone(), tier, "Multi-Region replication").await;
        for key in [&other_key, &no_key, &plain_key] {
            refused(&sandbox, HOME, "UpdateUserPool", key.clone(), INVALID, "multi-Region key").await;
        }
        sandbox.clock().advance(DELAY);
    }
    done(&sandbox, HOME, "UpdateUserPool", change(|all| all["UserPoolTier"] = json!("PLUS"))).await;
    done(&sandbox, HOME, "DeleteUserPoolReplica", replica(&id)).await;
    refused(&sandbox, HOME, "DeleteUserPool", json!({"UserPoolId": id}), INVALID, "replica").await;
    sandbox.clock().advance(DELAY);
    done(&sandbox, HOME, "UpdateUserPool", no_key).await;
    done(&sandbox, HOME, "DeleteUserPool", json!({"UserPoolId": id})).await;
}

#[tokio::test]
async fn a_replica_is_kept_over_restarts() {
    let folder = tempfile::tempdir().expect("a folder");
    let open = || Sandbox::open(folder.path(), Settings::default()).expect("a sandbox");
    let (id, before) = {
        let sandbox = open();
        let id = replicated(&sandbox).await;
        done(&sandbox, AWAY, "UpdateUserPoolReplica", to(&id, "ACTIVE")).await;
        let tags = json!({"ResourceArn": arn(AWAY, &id), "Tags": {"where": "away"}});
        done(&sandbox, AWAY, "TagResource", tags).await;
        let before = done(&sandbox, AWAY, "DescribeUserPool", json!({"UserPoolId": id})).await;
        (id, before)
    };
    let sandbox = open();
    assert_eq!(status(&sandbox, &id).await, "ACTIVE");
    assert_eq!(done(&sandbox, AWAY, "DescribeUserPool", json!({"UserPoolId": id})).await, before);
    assert_eq!(before["UserPool"]["UserPoolTags"], json!({"where": "away"}));
}
