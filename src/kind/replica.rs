//! A replica of a user pool in another region. The region is its key in the file. Of the settings
//! that each region has of its own only what the file declares is compared: what a new replica
//! starts with is not documented.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Spec;
use super::tags::{self, Tags};
use super::user_pool::{self, EmailConfiguration, SmsConfiguration, Triggers};
use crate::diagnostic::Findings;

/// The same users and clients in a second region, which signs users in while the first one fails. The key is the region
/// (`us-west-2`); there can be one. The pool needs the tier ESSENTIALS or PLUS, an `issuerConfiguration` of type UPDATED
/// and a `keyConfiguration` with a multi-region key of yours that is replicated to the region. Most settings are the
/// pool's own; the rest, here, each region has for itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(deny_unknown_fields)]
pub struct Replica {
    /// Whether users can sign in there. A new replica starts INACTIVE, and AWS deletes none that is ACTIVE. Default:
    /// INACTIVE.
    #[serde(default)]
    pub status: ReplicaStatus,
    /// How the pool sends email there. Only what stands here is compared; absent, it is left as it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-compare" = "declared"))]
    pub email_configuration: Option<EmailConfiguration>,
    /// How the pool sends SMS there. Only what stands here is compared; absent, it is left as it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-compare" = "declared"))]
    pub sms_configuration: Option<SmsConfiguration>,
    /// The functions that the pool calls there (`LambdaConfig`). Their ARNs are of the replica's region, and the
    /// permissions to be called are for you to give: poolkeeper keeps those of the pool's own region alone. Only what
    /// stands here is compared; absent, they are left as they are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-compare" = "declared"))]
    pub triggers: Option<Triggers>,
    /// Tags of the replica (`UserPoolTags`), which are apart from the pool's. At most 50.
    #[serde(default, skip_serializing_if = "Tags::is_empty")]
    #[schemars(extend("maxProperties" = 50, "additionalProperties" = tags::value_schema()))]
    pub tags: Tags,
}

/// Whether users can sign in at a replica.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
pub enum ReplicaStatus {
    /// They can.
    Active,
    /// They cannot; administrators can set it up.
    #[default]
    Inactive,
}

impl Spec for Replica {
    const API_NAMES: &'static [(&'static str, &'static str)] =
        &[("tags", "UserPoolTags"), ("triggers", "LambdaConfig")];

    fn normalize(&mut self) {
        tags::keep_comparable(&mut self.tags);
        if let Some(sms) = &mut self.sms_configuration {
            sms.normalize();
        }
        self.sms_configuration.take_if(|sms| sms.is_empty());
        if let Some(triggers) = &mut self.triggers {
            triggers.normalize();
        }
        self.triggers.take_if(|triggers| *triggers == Triggers::default());
    }

    fn check(&self, findings: &mut Findings) {
        tags::check(&self.tags, findings);
        if let Some(email) = &self.email_configuration {
            user_pool::email_sender(email, findings);
        }
        if let Some(sms) = &self.sms_configuration {
            user_pool::sms_sender("smsConfiguration", sms, findings);
        }
        if let Some(triggers) = &self.triggers {
            user_pool::trigger_rules(triggers, findings);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::diff::fill;
    use crate::kind::Kind;
    use crate::kind::testing::{assert_differ, assert_faults, assert_same, canonical};

    const FUNCTION: &str = "arn:aws:lambda:us-west-2:123456789012:function:sender";
    const KEY: &str = "arn:aws:kms:us-west-2:123456789012:key/1";
    const ROLE: &str = "arn:aws:iam::123456789012:role/sms";

    fn filled(declared: &Value, live: &Value) -> Value {
        fill(&canonical(Kind::Replica, declared), &canonical(Kind::Replica, live), Kind::Replica.schema(), &[])
    }

    #[test]
    fn a_new_replica_is_inactive() {
        let live = json!({
            "regionName": "us-west-2", "role": "SECONDARY", "status": "INACTIVE",
            "smsConfiguration": {"snsCallerArn": ""}, "triggers": {}, "tags": {"aws:x": "y"},
        });
        assert_same(Kind::Replica, &json!({}), &live);
        assert_differ(Kind::Replica, &json!({}), &json!({"status": "ACTIVE"}));
    }

    #[test]
    fn only_what_is_declared_is_compared() {
        let live = json!({
            "emailConfiguration": {"emailSendingAccount": "COGNITO_DEFAULT"},
            "triggers": {"preSignUp": FUNCTION, "preTokenGeneration": FUNCTION},
        });
        assert_eq!(filled(&json!({}), &live), canonical(Kind::Replica, &live));
        let declared =
            json!({"triggers": {"preTokenGenerationConfig": {"lambdaVersion": "V1_0", "lambdaArn": FUNCTION}}});
        assert_eq!(filled(&declared, &live), canonical(Kind::Replica, &live));
        let changed = filled(&json!({"triggers": {"preSignUp": format!("{FUNCTION}:1")}}), &live);
        assert_eq!(changed["triggers"]["preSignUp"], format!("{FUNCTION}:1"));
        // Tags are the replica's own.
        let tagged = json!({"tags": {"team": "identity"}});
        assert_eq!(filled(&json!({}), &tagged), canonical(Kind::Replica, &json!({})));
    }

    #[test]
    fn the_pool_s_rules_hold_in_each_region() {
        let sender = json!({"lambdaVersion": "V1_0", "lambdaArn": FUNCTION});
        assert_faults(
            Kind::Replica,
            [
                (json!({"status": "ACTIVE", "tags": {"team": "identity"}}), ""),
                (json!({"status": "CREATING"}), "status: must be one of"),
                (json!({"tags": {"aws:x": "y"}}), "the tag `aws:x` cannot be set"),
                (
                    json!({"emailConfiguration": {"emailSendingAccount": "DEVELOPER"}}),
                    "emailConfiguration.emailSendingAccount: sending as DEVELOPER needs `sourceArn`",
                ),
                (json!({"smsConfiguration": {"snsCallerArn": ROLE}}), ""),
                (
                    json!({"smsConfiguration": {"externalId": "x"}}),
                    "smsConfiguration: `snsCallerArn` or `eumsSms` is missing",
                ),
                (
                    json!({"smsConfiguration": {"snsCallerArn": ROLE, "eumsSms": {"callerArn": ROLE}}}),
                    "smsConfiguration: `snsCallerArn` and `eumsSms` exclude each other",
                ),
                (json!({"triggers": {"customSmsSender": sender, "kmsKeyId": KEY}}), ""),
                (
                    json!({"triggers": {"customSmsSender": sender}}),
                    "triggers.customSmsSender.lambdaVersion: a custom sender",
                ),
            ],
        );
    }
}
