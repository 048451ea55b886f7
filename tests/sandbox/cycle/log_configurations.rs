//! Where a pool's logs go: a list by source of events.

use serde_json::{Value, json};

use super::row::{Row, Table, Without, row};
use super::run::run;

fn group(name: &str) -> String {
    format!("arn:aws:logs:us-east-1:123456789012:log-group:/aws/vendedlogs/{name}")
}

fn bucket(name: &str) -> String {
    format!("arn:aws:s3:::{name}")
}

fn stream(name: &str) -> String {
    format!("arn:aws:firehose:us-east-1:123456789012:deliverystream/{name}")
}

fn messages(name: &str) -> Value {
    json!({"eventSource": "userNotification", "logLevel": "ERROR",
        "cloudWatchLogsConfiguration": {"logGroupArn": group(name)}})
}

fn events(to: &str, arn: &str) -> Value {
    let (block, member) = to.split_once('.').expect("a destination");
    json!({"eventSource": "userAuthEvents", "logLevel": "INFO", block: {member: arn}})
}

/// A list whose first entry is changed. Its item in the plan is known by its source.
fn of(path: &'static str, shown: &str, one: String, two: String, entry: &Value) -> Row {
    row(path, one.clone(), two.clone())
        .with(json!({"logConfigurations": [entry]}))
        .shows(shown, one, two)
        .members(&["log_delivery"])
        .without(Without::Wrong)
}

pub(crate) fn table() -> Table {
    let stack = json!({"stack": "cycle", "userPools": {"p": {
        "userPoolTier": "PLUS", "userPoolAddOns": {"advancedSecurityMode": "AUDIT"},
    }}});
    let bucket_of_events = || events("s3Configuration.bucketArn", &bucket("one"));
    let rows = vec![
        row("logConfigurations", json!([messages("one")]), json!([bucket_of_events()]))
            .shows("logConfigurations.userAuthEvents", Value::Null, bucket_of_events())
            .shows("logConfigurations.userNotification", messages("one"), Value::Null)
            .covers(&["logConfigurations[0].eventSource", "logConfigurations[0].logLevel"])
            .members(&["log_delivery"]),
        row("logConfigurations", json!([messages("one")]), json!([messages("one"), bucket_of_events()]))
            .shows("logConfigurations.userAuthEvents", Value::Null, bucket_of_events())
            .members(&["log_delivery"]),
        of(
            "logConfigurations[0].cloudWatchLogsConfiguration.logGroupArn",
            "logConfigurations.userNotification.cloudWatchLogsConfiguration.logGroupArn",
            group("one"),
            group("two"),
            &messages("one"),
        ),
        of(
            "logConfigurations[0].cloudWatchLogsConfiguration.logGroupArn",
            "logConfigurations.userAuthEvents.cloudWatchLogsConfiguration.logGroupArn",
            group("one"),
            group("two"),
            &events("cloudWatchLogsConfiguration.logGroupArn", &group("one")),
        ),
        of(
            "logConfigurations[0].s3Configuration.bucketArn",
            "logConfigurations.userAuthEvents.s3Configuration.bucketArn",
            bucket("one"),
            bucket("two"),
            &bucket_of_events(),
        ),
        of(
            "logConfigurations[0].firehoseConfiguration.streamArn",
            "logConfigurations.userAuthEvents.firehoseConfiguration.streamArn",
            stream("one"),
            stream("two"),
            &events("firehoseConfiguration.streamArn", &stream("one")),
        ),
    ];
    Table { address: "userPools.p.logConfigurations", stack, rows }
}

#[tokio::test(start_paused = true)]
async fn each_property_of_log_delivery() {
    run(&table()).await;
}
