use serde_json::{Value, json};

use super::super::super::Sandbox;
use super::super::fixture::{INVALID, MISSING, POOL, change_pool, done, refused, sandbox};

const GROUP: &str = "arn:aws:logs:us-east-1:123456789012:log-group:/pools/shop";

fn plus(sandbox: &Sandbox, mode: &str) {
    change_pool(sandbox, |pool| {
        pool.body.insert("UserPoolTier".into(), json!("PLUS"));
        pool.body.insert("UserPoolAddOns".into(), json!({"AdvancedSecurityMode": mode}));
    });
}

fn to_logs(source: &str, level: &str, group: &str) -> Value {
    json!({"EventSource": source, "LogLevel": level, "CloudWatchLogsConfiguration": {"LogGroupArn": group}})
}

fn notification() -> Value {
    to_logs("userNotification", "ERROR", GROUP)
}

fn activity(member: &str, inner: &str, arn: &str) -> Value {
    json!({"EventSource": "userAuthEvents", "LogLevel": "INFO", member: {inner: arn}})
}

fn all(configurations: &[Value]) -> Value {
    json!({"LogConfigurations": configurations})
}

async fn shown(sandbox: &Sandbox) -> Value {
    let answer = done(sandbox, "GetLogDeliveryConfiguration", json!({})).await;
    assert_eq!(answer["LogDeliveryConfiguration"]["UserPoolId"], POOL);
    answer["LogDeliveryConfiguration"]["LogConfigurations"].clone()
}

#[tokio::test]
async fn all_of_it_is_set_at_once() {
    let sandbox = sandbox();
    plus(&sandbox, "AUDIT");
    assert_eq!(shown(&sandbox).await, json!([]));
    let stream = "arn:aws:firehose:eu-west-1:123456789012:deliverystream/users";
    let both = [activity("FirehoseConfiguration", "StreamArn", stream), notification()];
    let answer = done(&sandbox, "SetLogDeliveryConfiguration", all(&both)).await;
    assert_eq!(answer["LogDeliveryConfiguration"]["LogConfigurations"], json!(both));
    assert_eq!(shown(&sandbox).await, json!(both));
    let bucket = activity("S3Configuration", "BucketArn", "arn:aws:s3:::users");
    done(&sandbox, "SetLogDeliveryConfiguration", all(std::slice::from_ref(&bucket))).await;
    assert_eq!(shown(&sandbox).await, json!([bucket]));
    let mut odd = notification();
    odd["S3Configuration"] = Value::Null;
    done(&sandbox, "SetLogDeliveryConfiguration", all(&[Value::Null, odd])).await;
    assert_eq!(shown(&sandbox).await, json!([notification()]));
    done(&sandbox, "SetLogDeliveryConfiguration", all(&[])).await;
    assert_eq!(shown(&sandbox).await, json!([]));
}

#[tokio::test]
async fn what_is_refused_changes_nothing() {
    let sandbox = sandbox();
    plus(&sandbox, "ENFORCED");
    done(&sandbox, "SetLogDeliveryConfiguration", all(&[notification()])).await;
    let bare = json!({"EventSource": "userNotification", "LogLevel": "ERROR"});
    let mut two = activity("S3Configuration", "BucketArn", "arn:aws:s3:::users");
    two["CloudWatchLogsConfiguration"] = json!({"LogGroupArn": GROUP});
    let mut stored = bare.clone();
    stored["S3Configuration"] = json!({"BucketArn": "arn:aws:s3:::users"});
    let nowhere =
        "Request validation Failed. Following event sources in request have no destination: [userNotification].";
    let twice = "Following event sources appear more then once in a request: [userNotification].";
    let group = |arn: &str| all(&[to_logs("userNotification", "ERROR", arn)]);
    let function = "arn:aws:lambda:us-east-1:123456789012:function:log-group";
    let odd_stream = activity("FirehoseConfiguration", "StreamArn", GROUP);
    let table = [
        (all(std::slice::from_ref(&bare)), INVALID, nowhere.to_owned()),
        (all(&[notification(), notification()]), INVALID, format!("Request validation Failed. {twice}")),
        (all(&[bare.clone(), bare]), INVALID, format!("{nowhere} {twice}")),
        (all(&[to_logs("userNotification", "INFO", GROUP)]), INVALID, "must be ERROR".to_owned()),
        (all(&[to_logs("userAuthEvents", "ERROR", GROUP)]), INVALID, "must be INFO".to_owned()),
        (all(&[two]), INVALID, "exactly one destination".to_owned()),
        (all(&[stored]), INVALID, "CloudWatch Logs only".to_owned()),
        (group(&GROUP.replace("us-east-1", "eu-west-1")), INVALID, "ARN does not belong to current region".to_owned()),
        (group(&GROUP.replace("1234", "4321")), INVALID, "ARN does not belong to current account".to_owned()),
        (group(function), INVALID, "not of the service logs".to_owned()),
        (group("arn:aws:logs:us-east-1:123456789012:stream:a"), INVALID, "not of the service logs".to_owned()),
        (all(&[odd_stream]), INVALID, "not of the service firehose".to_owned()),
        (all(&[to_logs("userNotification", "TRACE", GROUP)]), INVALID, "enum value set: [ERROR, INFO]".to_owned()),
        (json!({}), INVALID, "Member must not be null".to_owned()),
        (json!({"LogConfigurations": [], "UserPoolId": "us-east-1_none"}), MISSING, "us-east-1_none".to_owned()),
    ];
    for (input, code, words) in table {
        refused(&sandbox, "SetLogDeliveryConfiguration", input, code, &words).await;
    }
    assert_eq!(shown(&sandbox).await, json!([notification()]));
}

#[tokio::test]
async fn user_activity_needs_the_highest_tier_and_threat_protection() {
    let sandbox = sandbox();
    let input = all(&[activity("CloudWatchLogsConfiguration", "LogGroupArn", GROUP)]);
    let set = "SetLogDeliveryConfiguration";
    let words = "The following feature is not available for the ESSENTIALS pricing tier configured: Log Streaming";
    refused(&sandbox, set, input.clone(), "FeatureUnavailableInTierException", words).await;
    done(&sandbox, set, all(&[notification()])).await;
    plus(&sandbox, "OFF");
    refused(&sandbox, set, input.clone(), INVALID, "AdvancedSecurityMode").await;
    plus(&sandbox, "AUDIT");
    done(&sandbox, set, input).await;
    let lower = json!({"UserPoolTier": "ESSENTIALS"});
    refused(&sandbox, "UpdateUserPool", lower.clone(), "TierChangeNotAllowedException", "user activity").await;
    done(&sandbox, set, all(&[notification()])).await;
    done(&sandbox, "UpdateUserPool", lower).await;
}
