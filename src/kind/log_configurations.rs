//! What a user pool logs, and where to: a list with at most one entry for each source of events,
//! which AWS replaces as a whole. In the canonical form it is sorted by source, and a log group's
//! ARN has no `:*` at its end, which AWS's own answers elsewhere put there.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::user_pool::texts;
use super::{Spec, arn};
use crate::diagnostic::Findings;
use crate::path::Path;

/// What a user pool logs. The file has its one property alone, in the pool.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(deny_unknown_fields)]
pub struct LogDelivery {
    /// What the pool logs, and where to: at most one entry for each `eventSource`. Absent: nothing is logged.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(extend("x-key" = "eventSource", "maxItems" = 2))]
    pub log_configurations: Vec<LogConfiguration>,
}

/// What is logged of one source of events, and where to.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(deny_unknown_fields, extend("required" = ["eventSource", "logLevel"]))]
pub struct LogConfiguration {
    /// What is logged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event_source: Option<EventSource>,
    /// How much of it: ERROR for `userNotification`, INFO for `userAuthEvents`. AWS takes nothing else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub log_level: Option<LogLevel>,
    /// To a log group of `CloudWatch` Logs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cloud_watch_logs_configuration: Option<CloudWatchLogsConfiguration>,
    /// To a bucket of S3. Only for `userAuthEvents`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub s3_configuration: Option<S3Configuration>,
    /// To a stream of Amazon Data Firehose. Only for `userAuthEvents`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub firehose_configuration: Option<FirehoseConfiguration>,
}

/// What is logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum EventSource {
    /// Emails and SMS that could not be delivered.
    UserNotification,
    /// What users do and how risky it looks. Needs the tier PLUS and threat protection.
    UserAuthEvents,
}

/// How much is logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
pub enum LogLevel {
    /// Errors alone: the level of `userNotification`.
    Error,
    /// Everything: the level of `userAuthEvents`.
    Info,
}

/// A log group of `CloudWatch` Logs.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(deny_unknown_fields, extend("required" = ["logGroupArn"]), transform = texts::required_have_no_default)]
pub struct CloudWatchLogsConfiguration {
    /// The ARN of the log group, in the pool's account and region and not encrypted with a KMS key. With or without `:*`
    /// at its end. A name that starts with `/aws/vendedlogs/` keeps clear of the size limit of the log's resource policy.
    #[serde(default)]
    #[schemars(schema_with = "arn::log_group")]
    pub log_group_arn: String,
}

/// A bucket of S3.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(deny_unknown_fields, extend("required" = ["bucketArn"]), transform = texts::required_have_no_default)]
pub struct S3Configuration {
    /// The ARN of the bucket.
    #[serde(default)]
    #[schemars(schema_with = "arn::bucket")]
    pub bucket_arn: String,
}

/// A stream of Amazon Data Firehose.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(deny_unknown_fields, extend("required" = ["streamArn"]), transform = texts::required_have_no_default)]
pub struct FirehoseConfiguration {
    /// The ARN of the stream.
    #[serde(default)]
    #[schemars(schema_with = "arn::delivery_stream")]
    pub stream_arn: String,
}

impl LogConfiguration {
    fn normalize(&mut self) {
        if let Some(logs) = &mut self.cloud_watch_logs_configuration
            && logs.log_group_arn.ends_with(":*")
        {
            logs.log_group_arn.truncate(logs.log_group_arn.len() - 2);
        }
        self.cloud_watch_logs_configuration.take_if(|logs| logs.log_group_arn.is_empty());
        self.s3_configuration.take_if(|s3| s3.bucket_arn.is_empty());
        self.firehose_configuration.take_if(|firehose| firehose.stream_arn.is_empty());
    }

    /// Where it may go, and whether it does.
    fn destinations(&self) -> [(&'static str, bool); 3] {
        [
            ("cloudWatchLogsConfiguration", self.cloud_watch_logs_configuration.is_some()),
            ("s3Configuration", self.s3_configuration.is_some()),
            ("firehoseConfiguration", self.firehose_configuration.is_some()),
        ]
    }

    fn check(&self, at: &Path, findings: &mut Findings) {
        let Some(event_source) = self.event_source else { return };
        let source = at.key("eventSource");
        let (name, level, level_name) = match event_source {
            EventSource::UserNotification => ("userNotification", LogLevel::Error, "ERROR"),
            EventSource::UserAuthEvents => ("userAuthEvents", LogLevel::Info, "INFO"),
        };
        if self.log_level.is_some_and(|given| given != level) {
            let message = format!("`{name}` is logged at the level {level_name}, and no other");
            let help = format!("set logLevel to {level_name}");
            findings.rule_at(&[at.key("logLevel"), source.clone()], message, Some(help));
        }
        let destinations = self.destinations();
        let given = destinations.iter().filter(|(_, given)| *given).count();
        // Which log group, bucket or stream it is does not matter here, so it may be unknown.
        match event_source {
            EventSource::UserNotification => {
                for (destination, _) in destinations[1..].iter().filter(|(_, given)| *given) {
                    let message = format!("`userNotification` goes to CloudWatch Logs alone, not to `{destination}`");
                    let help = "give cloudWatchLogsConfiguration instead".to_owned();
                    findings.rule_at(std::slice::from_ref(&source), message, Some(help));
                }
                if given == 0 {
                    let help = "add cloudWatchLogsConfiguration: {logGroupArn: <the ARN of a log group>}".to_owned();
                    findings.rule_at(&[source], "`userNotification` has no log group to go to", Some(help));
                }
            }
            EventSource::UserAuthEvents if given != 1 => {
                let message = match given {
                    0 => "`userAuthEvents` has nowhere to go to",
                    _ => "`userAuthEvents` goes to one place alone, and more are given",
                };
                let help = "give one of cloudWatchLogsConfiguration, s3Configuration and firehoseConfiguration";
                findings.rule_at(&[source], message, Some(help.to_owned()));
            }
            EventSource::UserAuthEvents => {}
        }
    }
}

impl Spec for LogDelivery {
    fn normalize(&mut self) {
        self.log_configurations.iter_mut().for_each(LogConfiguration::normalize);
        self.log_configurations.sort_by_key(|configuration| configuration.event_source);
    }

    fn check(&self, findings: &mut Findings) {
        let list = Path::root().key("logConfigurations");
        for (index, configuration) in self.log_configurations.iter().enumerate() {
            let at = list.index(index);
            configuration.check(&at, findings);
            let is_same = |earlier: &LogConfiguration| {
                earlier.event_source.is_some() && earlier.event_source == configuration.event_source
            };
            if let Some(twin) = self.log_configurations[..index].iter().position(is_same) {
                let paths = [at.key("eventSource"), list.index(twin).key("eventSource")];
                findings.rule_at(&paths, "a source of events is given twice", None);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::kind::Kind::LogConfigurations as Logs;
    use crate::kind::testing::{assert_differ, assert_faults, assert_same, canonical};

    const GROUP: &str = "arn:aws:logs:eu-west-1:123456789012:log-group:/aws/vendedlogs/pool";
    const BUCKET: &str = "arn:aws:s3:::example-logs";
    const STREAM: &str = "arn:aws:firehose:eu-west-1:123456789012:deliverystream/logs";

    fn undelivered() -> Value {
        json!({"eventSource": "userNotification", "logLevel": "ERROR", "cloudWatchLogsConfiguration": {"logGroupArn": GROUP}})
    }

    fn activity() -> Value {
        json!({"eventSource": "userAuthEvents", "logLevel": "INFO", "s3Configuration": {"bucketArn": BUCKET}})
    }

    fn logs(list: &[Value]) -> Value {
        json!({"logConfigurations": list})
    }

    fn with(mut configuration: Value, key: &str, value: Value) -> Value {
        configuration[key] = value;
        configuration
    }

    #[test]
    fn it_is_a_list_by_source() {
        let schema = &Logs.schema()["properties"]["logConfigurations"];
        assert_eq!((&schema["type"], &schema["x-key"]), (&json!("array"), &json!("eventSource")));
        assert_same(Logs, &logs(&[undelivered(), activity()]), &logs(&[activity(), undelivered()]));
        assert_differ(Logs, &logs(&[undelivered()]), &logs(&[activity()]));
        assert_eq!(canonical(Logs, &logs(&[])), json!({}));
    }

    #[test]
    fn a_log_group_has_two_spellings() {
        let starred = with(undelivered(), "cloudWatchLogsConfiguration", json!({"logGroupArn": format!("{GROUP}:*")}));
        assert_same(Logs, &logs(&[undelivered()]), &logs(std::slice::from_ref(&starred)));
        assert_same(Logs, &logs(&[activity()]), &logs(&[with(activity(), "firehoseConfiguration", json!({}))]));
        assert_eq!(crate::stack::check::check(Logs.schema(), &logs(&[starred]), &[]).findings, []);
    }

    #[test]
    fn each_source_has_its_level_and_its_places() {
        let firehose = json!({"streamArn": STREAM});
        let open = "\u{FDD0}var.x\u{FDD1}";
        let nowhere = |source: &str, level: &str| json!({"eventSource": source, "logLevel": level});
        assert_faults(
            Logs,
            [
                (logs(&[undelivered(), activity()]), ""),
                (logs(&[]), ""),
                (
                    logs(&[with(undelivered(), "logLevel", json!("INFO"))]),
                    "[0].logLevel: `userNotification` is logged at",
                ),
                (logs(&[with(activity(), "logLevel", json!("ERROR"))]), "[0].logLevel: `userAuthEvents` is logged at"),
                (logs(&[with(activity(), "logLevel", json!("DEBUG"))]), "[0].logLevel: must be one of"),
                (
                    logs(&[activity(), with(undelivered(), "firehoseConfiguration", firehose.clone())]),
                    "[1].eventSource: `userNotification` goes to CloudWatch Logs alone, not to `firehoseConfiguration`",
                ),
                (
                    logs(&[with(activity(), "firehoseConfiguration", firehose)]),
                    "[0].eventSource: `userAuthEvents` goes to one",
                ),
                (logs(&[nowhere("userAuthEvents", "INFO")]), "[0].eventSource: `userAuthEvents` has nowhere"),
                (logs(&[nowhere("userNotification", "ERROR")]), "[0].eventSource: `userNotification` has no log group"),
                (logs(&[activity(), activity()]), "[1].eventSource: a source of events is given twice"),
                (
                    logs(&[json!({"eventSource": "userAuthEvents", "s3Configuration": {"bucketArn": BUCKET}})]),
                    "`logLevel` is missing",
                ),
                (
                    logs(&[with(activity(), "s3Configuration", json!({"bucketArn": "example-logs"}))]),
                    "[0].s3Configuration.bucketArn",
                ),
                (logs(&[with(activity(), "s3Configuration", json!({"bucketArn": open}))]), ""),
                (logs(&[with(activity(), "eventSource", json!(open)), undelivered()]), ""),
            ],
        );
    }
}
