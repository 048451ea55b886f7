use serde_json::{Value, json};

use super::super::super::Sandbox;
use super::super::fixture::{INVALID, MISSING, POOL, add_client, change_pool, done, refused, sandbox};

/// A sandbox whose pool looks for threats.
fn guarded() -> Sandbox {
    let sandbox = sandbox();
    mode(&sandbox, "ENFORCED");
    sandbox
}

fn mode(sandbox: &Sandbox, mode: &str) {
    change_pool(sandbox, |pool| {
        pool.body.insert("UserPoolTier".into(), json!("PLUS"));
        pool.body.insert("UserPoolAddOns".into(), json!({"AdvancedSecurityMode": mode}));
    });
}

fn credentials(action: &str) -> Value {
    json!({"CompromisedCredentialsRiskConfiguration": {"Actions": {"EventAction": action}}})
}

fn of_client(id: &str, mut input: Value) -> Value {
    input["ClientId"] = json!(id);
    input
}

async fn shown(sandbox: &Sandbox, input: Value) -> Value {
    done(sandbox, "DescribeRiskConfiguration", input).await["RiskConfiguration"].take()
}

#[tokio::test]
async fn a_client_goes_by_its_pool_until_it_has_its_own() {
    let sandbox = guarded();
    let client = add_client(&sandbox).await;
    assert_eq!(shown(&sandbox, json!({})).await, json!({"UserPoolId": POOL}));
    let set = done(&sandbox, "SetRiskConfiguration", credentials("BLOCK")).await;
    let pools = shown(&sandbox, json!({})).await;
    assert_eq!(set["RiskConfiguration"], pools);
    assert!(pools["LastModifiedDate"].is_f64());
    let block = &pools["CompromisedCredentialsRiskConfiguration"];
    assert_eq!(*block, json!({"Actions": {"EventAction": "BLOCK"}, "EventFilter": []}));
    assert_eq!(shown(&sandbox, of_client(&client, json!({}))).await, pools);
    assert_eq!(pools.get("ClientId"), None);

    done(&sandbox, "SetRiskConfiguration", of_client(&client, credentials("NO_ACTION"))).await;
    let own = shown(&sandbox, of_client(&client, json!({}))).await;
    assert_eq!(own["ClientId"], json!(client));
    assert_eq!(own["CompromisedCredentialsRiskConfiguration"]["Actions"]["EventAction"], "NO_ACTION");
    assert_eq!(shown(&sandbox, json!({})).await, pools, "the pool's stays as it was");

    // Nothing set takes the client's own away, and then the pool's.
    let answer = done(&sandbox, "SetRiskConfiguration", of_client(&client, json!({}))).await;
    assert_eq!(answer["RiskConfiguration"], pools);
    done(&sandbox, "SetRiskConfiguration", json!({})).await;
    assert_eq!(shown(&sandbox, of_client(&client, json!({}))).await, json!({"UserPoolId": POOL}));
}

#[tokio::test]
async fn each_setting_replaces_the_one_before() {
    let sandbox = guarded();
    let takeover = json!({
        "Actions": {"HighAction": {"Notify": true, "EventAction": "MFA_REQUIRED"}},
        "NotifyConfiguration": {"SourceArn": "arn:aws:ses:us-east-1:123456789012:identity/a@example.com", "From": "a@example.com"},
    });
    let ranges = json!({"BlockedIPRangeList": ["203.0.113.0/24", "2001:db8::/32", "203.0.113.0/24"], "SkippedIPRangeList": null});
    let first = json!({"AccountTakeoverRiskConfiguration": takeover, "RiskExceptionConfiguration": ranges});
    done(&sandbox, "SetRiskConfiguration", first).await;
    let risk = shown(&sandbox, json!({})).await;
    assert_eq!(risk["AccountTakeoverRiskConfiguration"], takeover);
    let sorted = json!({"BlockedIPRangeList": ["2001:db8::/32", "203.0.113.0/24"]});
    assert_eq!(risk["RiskExceptionConfiguration"], sorted);

    let mut second = credentials("BLOCK");
    second["CompromisedCredentialsRiskConfiguration"]["EventFilter"] = json!(["SIGN_UP", "PASSWORD_CHANGE"]);
    done(&sandbox, "SetRiskConfiguration", second).await;
    let risk = shown(&sandbox, json!({})).await;
    let filter = &risk["CompromisedCredentialsRiskConfiguration"]["EventFilter"];
    assert_eq!(*filter, json!(["PASSWORD_CHANGE", "SIGN_UP"]));
    assert_eq!(risk.as_object().map(serde_json::Map::len), Some(3), "{risk}");
}

#[tokio::test]
async fn a_clients_own_goes_with_it() {
    let sandbox = guarded();
    let client = add_client(&sandbox).await;
    done(&sandbox, "SetRiskConfiguration", of_client(&client, credentials("BLOCK"))).await;
    done(&sandbox, "DeleteUserPoolClient", json!({"ClientId": client})).await;
    refused(&sandbox, "DescribeRiskConfiguration", json!({"ClientId": client}), MISSING, &client).await;
}

#[tokio::test]
async fn what_is_refused() {
    let sandbox = guarded();
    let range = |text: &str| json!({"RiskExceptionConfiguration": {"SkippedIPRangeList": [text]}});
    let sender = |arn: &str| {
        let notify = json!({"SourceArn": arn});
        json!({"AccountTakeoverRiskConfiguration": {"Actions": {}, "NotifyConfiguration": notify}})
    };
    let far = "arn:aws:ses:eu-central-1:123456789012:identity/a@example.com";
    let others = "arn:aws:ses:us-east-1:210987654321:identity/a@example.com";
    let table = [
        (of_client("none", credentials("BLOCK")), MISSING, "none"),
        (of_client("ALL", credentials("BLOCK")), MISSING, "ALL"),
        (json!({"UserPoolId": "us-east-1_none"}), MISSING, "us-east-1_none"),
        (range("203.0.113.7"), INVALID, "Incorrect CIDR format"),
        (range("203.0.113.0/33"), INVALID, "Incorrect CIDR format"),
        (range("203.0.113.0/+8"), INVALID, "Incorrect CIDR format"),
        (range("203.0.113/24"), INVALID, "Incorrect CIDR format"),
        (sender(far), INVALID, "one of the following SES regions"),
        (sender(others), "NotAuthorizedException", "does not belong to your account"),
        (credentials("MFA_REQUIRED"), INVALID, "enum value set: [BLOCK, NO_ACTION]"),
    ];
    for (input, code, words) in table {
        refused(&sandbox, "SetRiskConfiguration", input, code, words).await;
    }
    refused(&sandbox, "DescribeRiskConfiguration", json!({"ClientId": "none"}), MISSING, "none").await;
}

#[tokio::test]
async fn a_pool_that_looks_for_no_threats_has_none_of_it() {
    let sandbox = guarded();
    done(&sandbox, "SetRiskConfiguration", credentials("BLOCK")).await;
    mode(&sandbox, "OFF");
    let code = "UserPoolAddOnNotEnabledException";
    refused(&sandbox, "SetRiskConfiguration", json!({}), code, "not enabled").await;
    refused(&sandbox, "DescribeRiskConfiguration", json!({}), code, "not enabled").await;
    change_pool(&sandbox, |pool| drop(pool.body.remove("UserPoolAddOns")));
    refused(&sandbox, "SetRiskConfiguration", credentials("BLOCK"), code, "not enabled").await;
    mode(&sandbox, "AUDIT");
    let risk = shown(&sandbox, json!({})).await;
    assert_eq!(risk["CompromisedCredentialsRiskConfiguration"]["Actions"]["EventAction"], "BLOCK");
}
