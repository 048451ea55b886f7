//! How a pool sends: email and SMS.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::texts;

/// How the pool sends email.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(deny_unknown_fields)]
pub struct EmailConfiguration {
    /// Who sends. Default: `COGNITO_DEFAULT`.
    #[serde(default)]
    pub email_sending_account: EmailSendingAccount,
    /// The ARN of the SES identity to send from. DEVELOPER needs one. Which regions it may be in depends on the pool's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(schema_with = "texts::arn")]
    pub source_arn: Option<String>,
    /// The sender: an address, or a name with its address, as in `Shop <shop@example.com>`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1))]
    pub from: Option<String>,
    /// Where replies go.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(
        regex(pattern = r"^\S+@\S+$"),
        extend("x-pattern-help" = "an email address")
    )]
    pub reply_to_email_address: Option<String>,
    /// The SES configuration set to send with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(
        length(min = 1, max = 64),
        regex(pattern = r"^[a-zA-Z0-9_-]+$"),
        extend("x-pattern-help" = "letters, digits, _ and -")
    )]
    pub configuration_set: Option<String>,
}

/// Who sends the pool's email.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum EmailSendingAccount {
    /// Cognito itself, a limited number of mails a day.
    #[default]
    CognitoDefault,
    /// Your account, through SES.
    Developer,
}

/// How the pool sends SMS: by SNS (`snsCallerArn`), or by AWS End User Messaging (`eumsSms`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(deny_unknown_fields)]
pub struct SmsConfiguration {
    /// The ARN of the IAM role that Cognito takes on to send by SNS.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(schema_with = "texts::arn")]
    pub sns_caller_arn: Option<String>,
    /// The external id that the role's trust policy asks for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 131_072))]
    pub external_id: Option<String>,
    /// The region of SNS, where AWS offers another than the pool's. Default: AWS's choice, which is not compared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 5, max = 32), extend("x-compare" = "declared"))]
    pub sns_region: Option<String>,
    /// Sends by AWS End User Messaging SMS, instead of SNS.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub eums_sms: Option<EumsSmsConfiguration>,
}

impl SmsConfiguration {
    /// Takes out the empty role that AWS gives where there is none.
    pub(in crate::kind) fn normalize(&mut self) {
        self.sns_caller_arn = self.sns_caller_arn.take().filter(|arn| !arn.is_empty());
    }

    /// Whether nothing is set.
    pub(in crate::kind) fn is_empty(&self) -> bool {
        *self == Self { sns_caller_arn: None, external_id: None, sns_region: None, eums_sms: None }
    }
}

/// Sending by AWS End User Messaging SMS.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(deny_unknown_fields, extend("required" = ["callerArn"]), transform = texts::required_have_no_default)]
pub struct EumsSmsConfiguration {
    /// The ARN of the IAM role that Cognito takes on to send.
    #[serde(default)]
    #[schemars(schema_with = "texts::arn")]
    pub caller_arn: String,
    /// The external id that the role's trust policy asks for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
    /// What messages come from: a phone number, or the ARN of a phone number, sender id or pool. Some countries need one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origination_identity: Option<String>,
    /// The configuration set to send with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub configuration_set_name: Option<String>,
    /// The principal entity id that India's rules for SMS ask for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_entity_id: Option<String>,
    /// The template id that India's rules for SMS ask for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_template_id: Option<String>,
    /// The pool's own region, the only one that AWS takes. Default: that one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 5, max = 32), extend("x-compare" = "declared"))]
    pub region: Option<String>,
}
