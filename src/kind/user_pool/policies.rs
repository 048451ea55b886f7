//! What a pool asks of those who sign in: password and sign-in policy, threat protection,
//! remembered devices, recovery of accounts, keys, issuer and levels of authentication.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::texts;
use crate::kind::arn;

/// The password and sign-in policy.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(deny_unknown_fields)]
pub struct Policies {
    /// What a password must look like. When it is given, all four `require…` must be given. Default: 8 characters of
    /// all four classes, temporary passwords valid for 7 days.
    #[serde(default)]
    pub password_policy: PasswordPolicy,
    /// What a sign-in may start with.
    #[serde(default)]
    pub sign_in_policy: SignInPolicy,
}

impl Policies {
    /// Brings the values that AWS reads as "not set" into their default.
    pub(super) fn normalize(&mut self) {
        let password = &mut self.password_policy;
        if password.temporary_password_validity_days == 0 {
            password.temporary_password_validity_days = default_validity();
        }
        password.password_history_size = password.password_history_size.filter(|size| *size > 0);
    }
}

/// What a password must look like.
// Four independent rules of AWS's own; an enum would hide its names.
#[allow(clippy::struct_excessive_bools)]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(deny_unknown_fields, extend("required" = ["requireLowercase", "requireUppercase", "requireNumbers", "requireSymbols"]), transform = texts::required_have_no_default)]
pub struct PasswordPolicy {
    /// The least number of characters, 6 to 99. Default: 8.
    #[serde(default = "default_length")]
    #[schemars(range(min = 6, max = 99))]
    pub minimum_length: i32,
    /// Whether a password needs a lowercase letter.
    #[serde(default)]
    pub require_lowercase: bool,
    /// Whether a password needs an uppercase letter.
    #[serde(default)]
    pub require_uppercase: bool,
    /// Whether a password needs a digit.
    #[serde(default)]
    pub require_numbers: bool,
    /// Whether a password needs a symbol.
    #[serde(default)]
    pub require_symbols: bool,
    /// How many former passwords a user may not use again, 0 to 24. Needs the tier ESSENTIALS or PLUS. Default: 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0, max = 24))]
    pub password_history_size: Option<i32>,
    /// For how many days the temporary password of a user made by an administrator is valid, 1 to 365. AWS reads 0 as
    /// the default. Default: 7.
    #[serde(default = "default_validity")]
    #[schemars(range(min = 0, max = 365))]
    pub temporary_password_validity_days: i32,
}

impl Default for PasswordPolicy {
    fn default() -> Self {
        Self {
            minimum_length: default_length(),
            require_lowercase: true,
            require_uppercase: true,
            require_numbers: true,
            require_symbols: true,
            password_history_size: None,
            temporary_password_validity_days: default_validity(),
        }
    }
}

fn default_length() -> i32 {
    8
}

fn default_validity() -> i32 {
    7
}

/// What a sign-in may start with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(deny_unknown_fields)]
pub struct SignInPolicy {
    /// The first factors that users may choose from. PASSWORD must be among them; all others need the tier ESSENTIALS
    /// or PLUS. Default: PASSWORD alone.
    #[serde(default = "default_factors")]
    #[schemars(length(max = 5))]
    pub allowed_first_auth_factors: BTreeSet<AuthFactor>,
}

impl Default for SignInPolicy {
    fn default() -> Self {
        Self { allowed_first_auth_factors: default_factors() }
    }
}

fn default_factors() -> BTreeSet<AuthFactor> {
    BTreeSet::from([AuthFactor::Password])
}

/// A first factor of a sign-in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AuthFactor {
    /// A password.
    Password,
    /// A one-time code by email.
    EmailOtp,
    /// A one-time code by SMS. Needs `smsConfiguration`.
    SmsOtp,
    /// A passkey.
    WebAuthn,
    /// A code of an authenticator app. AWS knows the name, but does not take it as a first factor.
    SoftwareToken,
}

/// Threat protection.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(deny_unknown_fields, extend("required" = ["advancedSecurityMode"]), transform = texts::required_have_no_default)]
pub struct UserPoolAddOns {
    /// What threat protection does at sign-ins with a password. AUDIT and ENFORCED need the tier PLUS.
    #[serde(default)]
    pub advanced_security_mode: AdvancedSecurityMode,
    /// What threat protection does at other kinds of sign-in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub advanced_security_additional_flows: Option<AdvancedSecurityAdditionalFlows>,
}

/// What threat protection does at sign-ins with a password.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
pub enum AdvancedSecurityMode {
    /// Nothing.
    #[default]
    Off,
    /// It logs the risks that it sees.
    Audit,
    /// It acts on them, as `riskConfiguration` says.
    Enforced,
}

/// Threat protection at other kinds of sign-in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(deny_unknown_fields)]
pub struct AdvancedSecurityAdditionalFlows {
    /// What threat protection does at sign-ins with challenges of your own triggers. Absent: nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub custom_auth_mode: Option<AdvancedSecurityEnabledMode>,
}

/// What threat protection does where it is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
pub enum AdvancedSecurityEnabledMode {
    /// It logs the risks that it sees.
    Audit,
    /// It acts on them.
    Enforced,
}

/// How devices are remembered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(deny_unknown_fields)]
pub struct DeviceConfiguration {
    /// Whether a remembered device stands in for the second factor. Default: false.
    #[serde(default)]
    pub challenge_required_on_new_device: bool,
    /// Whether a device is only remembered when the user says so. Default: false, always.
    #[serde(default)]
    pub device_only_remembered_on_user_prompt: bool,
}

/// How users who forgot their password get back in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(deny_unknown_fields)]
pub struct AccountRecoverySetting {
    /// The ways of recovery by priority. Default: the verified email address, then the verified phone number.
    #[serde(default = "default_mechanisms")]
    #[schemars(length(max = 2), extend("x-key" = "name"))]
    pub recovery_mechanisms: Vec<RecoveryMechanism>,
}

impl AccountRecoverySetting {
    /// Brings the mechanisms into the order of their priority.
    pub(super) fn normalize(&mut self) {
        self.recovery_mechanisms.sort_by_key(|mechanism| (mechanism.priority, mechanism.name));
    }
}

impl Default for AccountRecoverySetting {
    fn default() -> Self {
        Self { recovery_mechanisms: default_mechanisms() }
    }
}

fn default_mechanisms() -> Vec<RecoveryMechanism> {
    vec![
        RecoveryMechanism { priority: 1, name: RecoveryName::VerifiedEmail },
        RecoveryMechanism { priority: 2, name: RecoveryName::VerifiedPhoneNumber },
    ]
}

/// One way of recovery.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(deny_unknown_fields)]
pub struct RecoveryMechanism {
    /// 1 is tried before 2.
    #[schemars(range(min = 1, max = 2))]
    pub priority: i32,
    /// The way.
    pub name: RecoveryName,
}

/// A way of recovery.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RecoveryName {
    /// A code to the verified email address.
    VerifiedEmail,
    /// A code to the verified phone number.
    VerifiedPhoneNumber,
    /// Only an administrator resets passwords. Stands alone.
    AdminOnly,
}

/// The key that encrypts the pool's data at rest.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(deny_unknown_fields)]
pub struct KeyConfiguration {
    /// Whose key it is. Default: `AWS_OWNED_KEY`.
    #[serde(default)]
    pub key_type: KeyType,
    /// The ARN of your KMS key. Replicas of the pool need a multi-region key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(schema_with = "arn::kms_key")]
    pub kms_key_arn: Option<String>,
}

/// Whose key encrypts the pool's data.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum KeyType {
    /// AWS's own.
    #[default]
    AwsOwnedKey,
    /// Yours, in KMS.
    CustomerManagedKey,
}

/// The issuer that tokens name.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(deny_unknown_fields)]
pub struct IssuerConfiguration {
    /// Which form of issuer URL. A change of it changes `iss` in all tokens, and whoever verifies them must follow.
    /// Default: ORIGINAL.
    #[serde(default, rename = "type")]
    pub issuer_type: IssuerType,
}

/// The form of the issuer URL.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
pub enum IssuerType {
    /// `https://cognito-idp.REGION.amazonaws.com/POOL`
    #[default]
    Original,
    /// `https://issuer-cognito-idp.REGION.amazonaws.com/POOL`, the same keys from several regions.
    Updated,
}

/// Names of your own for the levels of authentication that the `acr` claim of tokens tells. Levels that are not given
/// are left as they are.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct AcrConfiguration {
    /// Level 1. AWS's name: `urn:cognito:loa:1`.
    #[serde(default, rename = "Level1", skip_serializing_if = "Option::is_none")]
    pub level1: Option<AcrLevel>,
    /// Level 2. AWS's name: `urn:cognito:loa:2`.
    #[serde(default, rename = "Level2", skip_serializing_if = "Option::is_none")]
    pub level2: Option<AcrLevel>,
    /// Level 3. AWS's name: `urn:cognito:loa:3`.
    #[serde(default, rename = "Level3", skip_serializing_if = "Option::is_none")]
    pub level3: Option<AcrLevel>,
    /// Level 4. AWS's name: `urn:cognito:loa:4`.
    #[serde(default, rename = "Level4", skip_serializing_if = "Option::is_none")]
    pub level4: Option<AcrLevel>,
}

impl AcrConfiguration {
    /// The levels in order, each with its number.
    pub(super) fn levels(&self) -> impl Iterator<Item = (usize, Option<&AcrLevel>)> {
        let levels = [&self.level1, &self.level2, &self.level3, &self.level4];
        (1..).zip(levels.map(Option::as_ref))
    }
}

/// One level of authentication.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(deny_unknown_fields)]
pub struct AcrLevel {
    /// Its name in the `acr` claim. 1 to 64 characters, different from the names of all other levels.
    #[schemars(
        length(min = 1, max = 64),
        regex(pattern = r"^[\x21\x23-\x5B\x5D-\x7E]+$"),
        extend("x-pattern-help" = "ASCII without spaces, double quotes and backslashes")
    )]
    pub acr_value: String,
}
