//! A user pool: what the file says of the pool itself, without what lives inside it.
//!
//! AWS keeps this in three places. Most of it is in `CreateUserPool` and `UpdateUserPool`. The
//! properties of [`MFA_PROPERTIES`] are set by `SetUserPoolMfaConfig` and read by
//! `GetUserPoolMfaConfig`, and a call that leaves one of them out turns it off. `schema` is given
//! at creation and grows by `AddCustomAttributes`.
//!
//! In the canonical form every default of AWS is filled in, so that a bare pool and a file that
//! says nothing but the name are equal. What has no default stays absent. While MFA is off no
//! factor is in it, since AWS refuses factors there, even those that are switched off.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::tags::{self, Tags};
use super::{Spec, user_pool::schema::SchemaAttribute};
use crate::diagnostic::Findings;

mod email_sms;
mod messages;
mod mfa;
mod policies;
mod rules;
mod schema;
mod schema_rules;
#[cfg(test)]
mod tests;
pub(super) mod texts;
mod triggers;

pub use email_sms::{EmailConfiguration, EmailSendingAccount, EumsSmsConfiguration, SmsConfiguration};
pub use messages::{
    AdminCreateUserConfig, DefaultEmailOption, InviteMessageTemplate, UserAttributeUpdateSettings,
    VerificationMessageTemplate, VerifiedAttribute,
};
pub use mfa::{
    EmailMfaConfiguration, MfaConfiguration, SmsMfaConfiguration, SoftwareTokenMfaConfiguration, UserVerification,
    WebAuthnConfiguration, WebAuthnFactor,
};
pub use policies::{
    AccountRecoverySetting, AcrConfiguration, AcrLevel, AdvancedSecurityAdditionalFlows, AdvancedSecurityEnabledMode,
    AdvancedSecurityMode, AuthFactor, DeviceConfiguration, IssuerConfiguration, IssuerType, KeyConfiguration, KeyType,
    PasswordPolicy, Policies, RecoveryMechanism, RecoveryName, SignInPolicy, UserPoolAddOns,
};
pub(super) use rules::{email_sender, sms_sender, triggers as trigger_rules};
pub use schema::{
    AttributeDataType, Bound, CUSTOM, NumberAttributeConstraints, STANDARD_ATTRIBUTES, SchemaAttribute as Attribute,
    StringAttributeConstraints,
};
pub use triggers::{PreTokenGenerationConfig, PreTokenGenerationVersion, TriggerVersion, Triggers, VersionedTrigger};

/// The properties that `SetUserPoolMfaConfig` sets and `GetUserPoolMfaConfig` reads.
pub const MFA_PROPERTIES: &[&str] = &[
    "mfaConfiguration",
    "smsMfaConfiguration",
    "softwareTokenMfaConfiguration",
    "emailMfaConfiguration",
    "webAuthnConfiguration",
];

/// A user pool: a directory of users and the ways in which they sign in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(deny_unknown_fields)]
pub struct UserPool {
    /// What a person calls it (`PoolName`). 1 to 128 characters. Default: the stack, the environment and the key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(
        length(min = 1, max = 128),
        regex(pattern = r"^[A-Za-z0-9_ \t-\r+=,.@-]+$"),
        extend("x-pattern-help" = "letters, digits, spaces and _ + = , . @ -")
    )]
    pub name: Option<String>,
    /// Tags (`UserPoolTags`), at most 50.
    #[serde(default, skip_serializing_if = "Tags::is_empty")]
    #[schemars(extend("maxProperties" = 50, "additionalProperties" = tags::value_schema()))]
    pub tags: Tags,
    /// The feature plan, which decides what the pool can do and what it costs. Default: ESSENTIALS.
    #[serde(default)]
    pub user_pool_tier: Tier,
    /// Whether AWS refuses to delete the pool. Default: INACTIVE.
    #[serde(default)]
    pub deletion_protection: DeletionProtection,

    /// What users sign up and sign in with instead of a user name. Not together with `aliasAttributes`. Cannot be changed
    /// later.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    #[schemars(extend("x-change" = "create-only"))]
    pub username_attributes: BTreeSet<VerifiedAttribute>,
    /// What users may sign in with besides their user name. Not together with `usernameAttributes`. Cannot be changed
    /// later.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    #[schemars(extend("x-change" = "create-only"))]
    pub alias_attributes: BTreeSet<AliasAttribute>,
    /// How user names are compared. Cannot be changed later.
    #[serde(default)]
    #[schemars(extend("x-change" = "create-only"))]
    pub username_configuration: UsernameConfiguration,
    /// Attributes of users: standard ones that differ from what AWS makes, and custom ones as `custom:NAME`. Once the pool
    /// exists, custom ones can be added, and nothing else. At most 50 custom ones.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(extend("x-key" = "name", "x-change" = "add-only", "x-compare" = "declared"))]
    pub schema: Vec<SchemaAttribute>,

    /// The attributes that Cognito verifies by itself with a code or a link. Default: none.
    #[serde(default)]
    pub auto_verified_attributes: BTreeSet<VerifiedAttribute>,
    /// What happens when users change their attributes.
    #[serde(default)]
    pub user_attribute_update_settings: UserAttributeUpdateSettings,
    /// How users who forgot their password get back in.
    #[serde(default)]
    pub account_recovery_setting: AccountRecoverySetting,
    /// How users come into the pool: by themselves or by administrators.
    #[serde(default)]
    pub admin_create_user_config: AdminCreateUserConfig,
    /// The password and sign-in policy.
    #[serde(default)]
    pub policies: Policies,
    /// The messages that verify an email address or a phone number.
    #[serde(default)]
    pub verification_message_template: VerificationMessageTemplate,

    /// Whether users need a second factor. ON and OPTIONAL need at least one of `softwareTokenMfaConfiguration`,
    /// `smsMfaConfiguration`, `emailMfaConfiguration`. Default: OFF.
    #[serde(default)]
    pub mfa_configuration: MfaConfiguration,
    /// Codes of an authenticator app as a factor. Default: not enabled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub software_token_mfa_configuration: Option<SoftwareTokenMfaConfiguration>,
    /// Codes by SMS as a factor, sent as `smsConfiguration` says, here or on the pool (then `{}` is enough here). AWS does
    /// not tell whether it was taken away, so only what is declared is compared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-empty" = "on", "x-compare" = "declared"))]
    pub sms_mfa_configuration: Option<SmsMfaConfiguration>,
    /// Codes by email as a factor; `{}` turns it on with AWS's texts. Needs the tier ESSENTIALS or PLUS, and sending as
    /// DEVELOPER.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-empty" = "on"))]
    pub email_mfa_configuration: Option<EmailMfaConfiguration>,
    /// Passkeys.
    #[serde(default)]
    pub web_authn_configuration: WebAuthnConfiguration,

    /// How the pool sends email. Default: from Cognito's own account.
    #[serde(default)]
    pub email_configuration: EmailConfiguration,
    /// How the pool sends SMS. Absent: it does not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sms_configuration: Option<SmsConfiguration>,
    /// The SMS that carries a code of a sign-in, with `{####}` for it. 6 to 140 characters. Absent: AWS's text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(schema_with = "texts::sms_with_code")]
    pub sms_authentication_message: Option<String>,
    /// How devices are remembered; `{}` turns it on. Absent: not at all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-empty" = "on"))]
    pub device_configuration: Option<DeviceConfiguration>,
    /// Threat protection. Default: OFF.
    #[serde(default)]
    pub user_pool_add_ons: UserPoolAddOns,
    /// The key that encrypts the pool's data at rest. Default: one of AWS's own.
    #[serde(default)]
    pub key_configuration: KeyConfiguration,
    /// The issuer that tokens name. Default: ORIGINAL.
    #[serde(default)]
    pub issuer_configuration: IssuerConfiguration,
    /// Names of your own for the levels of authentication in the `acr` claim of tokens. Needs the tier ESSENTIALS or PLUS.
    /// Levels that are not given are left as they are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-compare" = "declared"))]
    pub acr_configuration: Option<AcrConfiguration>,

    /// Whether the permission to be called by the pool is added to each trigger's function and removed with the trigger.
    /// Default: manage.
    #[serde(default)]
    #[schemars(extend("x-compare" = "never"))]
    pub trigger_permissions: TriggerPermissions,
    /// The functions that the pool calls (`LambdaConfig`).
    #[serde(default)]
    pub triggers: Triggers,
}

/// The feature plan.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
pub enum Tier {
    /// The least: passwords, federation, the classic hosted UI.
    Lite,
    /// Managed login, passwordless sign-in, email MFA and shaped access tokens too.
    #[default]
    Essentials,
    /// Threat protection too.
    Plus,
}

/// Whether AWS refuses to delete the pool.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
pub enum DeletionProtection {
    /// It refuses.
    Active,
    /// It does not.
    #[default]
    Inactive,
}

/// An attribute that can stand in for the user name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AliasAttribute {
    /// The email address.
    Email,
    /// The phone number.
    PhoneNumber,
    /// The user name that the user prefers.
    PreferredUsername,
}

/// How user names are compared.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(deny_unknown_fields, extend("required" = ["caseSensitive"]), transform = texts::required_have_no_default)]
pub struct UsernameConfiguration {
    /// Whether `Ann` and `ann` are two users, also as email addresses and aliases. AWS's console chooses false. Without
    /// this block: true.
    #[serde(default = "case_sensitive")]
    pub case_sensitive: bool,
}

impl Default for UsernameConfiguration {
    fn default() -> Self {
        Self { case_sensitive: case_sensitive() }
    }
}

fn case_sensitive() -> bool {
    true
}

/// Who sees to it that the pool may call its triggers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum TriggerPermissions {
    /// poolkeeper.
    #[default]
    Manage,
    /// Somebody else.
    Ignore,
}

impl Spec for UserPool {
    const API_NAMES: &'static [(&'static str, &'static str)] = &[
        ("name", "PoolName"),
        ("name", "Name"),
        ("tags", "UserPoolTags"),
        ("schema", "Schema"),
        ("schema", "SchemaAttributes"),
        ("triggers", "LambdaConfig"),
    ];

    fn normalize(&mut self) {
        tags::keep_comparable(&mut self.tags);
        self.policies.normalize();
        schema::normalize(&mut self.schema);
        self.account_recovery_setting.normalize();
        self.triggers.normalize();
        self.normalize_mfa();
    }

    fn check(&self, findings: &mut Findings) {
        rules::check(self, findings);
    }
}

/// Whether poolkeeper keeps the permissions of a pool's triggers.
#[must_use]
pub fn manages_permissions(declared: &Value) -> bool {
    declared.get("triggerPermissions").and_then(Value::as_str) != Some("ignore")
}

/// The functions that triggers name, each once.
#[must_use]
pub fn trigger_arns(triggers: &Value) -> BTreeSet<String> {
    let values = triggers.as_object().into_iter().flatten().filter(|(key, _)| *key != "kmsKeyId");
    values
        .filter_map(|(_, value)| value.as_str().or_else(|| value.get("lambdaArn")?.as_str()))
        .map(str::to_owned)
        .collect()
}

/// Whether a pool with the first spec has a lower tier than one with the second.
#[must_use]
pub fn has_lower_tier(spec: &Value, than: &Value) -> bool {
    let rank = |spec: &Value| match spec.get("userPoolTier").and_then(Value::as_str) {
        Some("LITE") => 0,
        Some("PLUS") => 2,
        _ => 1,
    };
    rank(spec) < rank(than)
}
