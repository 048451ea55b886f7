//! What a pool writes to its users: verification messages and invitations.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::texts;

/// The messages that verify an email address or a phone number.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(deny_unknown_fields)]
pub struct VerificationMessageTemplate {
    /// Whether emails carry a code or a link. Links need a domain. Default: `CONFIRM_WITH_CODE`.
    #[serde(default)]
    pub default_email_option: DefaultEmailOption,
    /// The SMS, with `{####}` for the code. 6 to 140 characters. Absent: AWS's text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(schema_with = "texts::sms_with_code")]
    pub sms_message: Option<String>,
    /// The email that carries a code, with `{####}` for it. 6 to 20000 characters. Used where SES sends. Absent: AWS's text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(schema_with = "texts::email_with_code")]
    pub email_message: Option<String>,
    /// The subject of the email that carries a code. 1 to 140 characters. Absent: AWS's text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(schema_with = "texts::subject")]
    pub email_subject: Option<String>,
    /// The email that carries a link, with `{##Click here##}` for it, in words of your own. 6 to 20000 characters.
    /// Absent: AWS's text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(schema_with = "texts::email_with_link")]
    pub email_message_by_link: Option<String>,
    /// The subject of the email that carries a link. 1 to 140 characters. Absent: AWS's text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(schema_with = "texts::subject")]
    pub email_subject_by_link: Option<String>,
}

/// What verification emails carry.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum DefaultEmailOption {
    /// A code to type in.
    #[default]
    ConfirmWithCode,
    /// A link to follow.
    ConfirmWithLink,
}

/// How users come into the pool.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(deny_unknown_fields)]
pub struct AdminCreateUserConfig {
    /// Whether only administrators make users, and nobody signs up. Default: false.
    #[serde(default)]
    pub allow_admin_create_user_only: bool,
    /// The invitation to users whom an administrator made. Absent: AWS's texts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invite_message_template: Option<InviteMessageTemplate>,
}

/// The invitation to users whom an administrator made.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(deny_unknown_fields)]
pub struct InviteMessageTemplate {
    /// The SMS (`SMSMessage`), with `{username}` and `{####}` for the temporary password. 6 to 140 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(schema_with = "texts::sms_invitation")]
    pub sms_message: Option<String>,
    /// The email, with `{username}` and `{####}` for the temporary password. 6 to 20000 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(schema_with = "texts::email_invitation")]
    pub email_message: Option<String>,
    /// The subject of the email. 1 to 140 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(schema_with = "texts::subject")]
    pub email_subject: Option<String>,
}

/// What happens when users change their attributes.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(deny_unknown_fields)]
pub struct UserAttributeUpdateSettings {
    /// The attributes whose new value counts only once it is verified. They must be in `autoVerifiedAttributes` too.
    #[serde(default)]
    pub attributes_require_verification_before_update: BTreeSet<VerifiedAttribute>,
}

/// An attribute that Cognito can verify.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum VerifiedAttribute {
    /// The email address.
    Email,
    /// The phone number. Needs `smsConfiguration`.
    PhoneNumber,
}
