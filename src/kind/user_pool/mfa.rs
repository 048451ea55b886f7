//! Multi-factor authentication and passkeys: what AWS sets and reads by calls of their own. How to
//! send SMS and the text of the SMS with the code are one thing to AWS on the pool and in
//! `smsMfaConfiguration`. The canonical form has them on the pool; what stays in
//! `smsMfaConfiguration` is `{}`, the sign that SMS is a factor.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::email_sms::SmsConfiguration;
use super::{UserPool, texts};

/// Whether users need a second factor.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
pub enum MfaConfiguration {
    /// They do not, and cannot have one.
    #[default]
    Off,
    /// They choose.
    Optional,
    /// All of them do.
    On,
}

/// Codes of an authenticator app as a factor.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(deny_unknown_fields)]
pub struct SoftwareTokenMfaConfiguration {
    /// Whether it is on. Default: false.
    #[serde(default)]
    pub enabled: bool,
}

/// Codes by SMS as a factor.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(deny_unknown_fields)]
pub struct SmsMfaConfiguration {
    /// The SMS, with `{####}` for the code. The same as `smsAuthenticationMessage` of the pool: one of the two is enough.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(schema_with = "texts::sms_with_code")]
    pub sms_authentication_message: Option<String>,
    /// How to send SMS. The same as `smsConfiguration` of the pool: one of the two is enough.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sms_configuration: Option<SmsConfiguration>,
}

/// Codes by email as a factor.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(deny_unknown_fields)]
pub struct EmailMfaConfiguration {
    /// The email, with `{####}` for the code. 6 to 20000 characters. Absent: AWS's text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(schema_with = "texts::email_with_code")]
    pub message: Option<String>,
    /// Its subject. 1 to 140 characters. Absent: AWS's text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(schema_with = "texts::subject")]
    pub subject: Option<String>,
}

/// Passkeys.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(deny_unknown_fields)]
pub struct WebAuthnConfiguration {
    /// The host name that passkeys are bound to: a change makes registered ones useless. Default: the pool's domain,
    /// which is not compared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(
        length(min = 1, max = 127),
        regex(pattern = r"^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*$"),
        extend("x-compare" = "declared", "x-pattern-help" = "a host name alone, without scheme, port or path")
    )]
    pub relying_party_id: Option<String>,
    /// Whether the passkey must verify who uses it, by a fingerprint or a PIN, say. Default: preferred.
    #[serde(default)]
    pub user_verification: UserVerification,
    /// Whether a passkey counts as two factors. Default: `SINGLE_FACTOR`.
    #[serde(default)]
    pub factor_configuration: WebAuthnFactor,
}

/// Whether a passkey must verify who uses it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum UserVerification {
    /// Where it can.
    #[default]
    Preferred,
    /// Always.
    Required,
}

/// What a passkey counts as.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum WebAuthnFactor {
    /// One factor.
    #[default]
    SingleFactor,
    /// Two factors, where it verifies who uses it. Needs the tier ESSENTIALS or PLUS.
    MultiFactorWithUserVerification,
}

impl UserPool {
    /// How SMS are sent, from whichever of the two places it is written at.
    pub(super) fn sms_sending(&self) -> Option<&SmsConfiguration> {
        let inside = self.sms_mfa_configuration.as_ref().and_then(|sms| sms.sms_configuration.as_ref());
        self.sms_configuration.as_ref().or(inside).filter(|sms| !sms.is_empty())
    }

    /// Whether SMS is written down as a factor. An empty block is, where the pool says how to send.
    pub(super) fn has_sms_factor(&self) -> bool {
        let empty = SmsMfaConfiguration::default();
        self.sms_mfa_configuration.as_ref().is_some_and(|sms| *sms != empty || self.sms_sending().is_some())
    }

    /// Whether codes of an authenticator app are a factor.
    pub(super) fn has_software_token_factor(&self) -> bool {
        self.software_token_mfa_configuration.as_ref().is_some_and(|token| token.enabled)
    }

    /// Brings the factors into one form: SMS sending on the pool, no factor while MFA is off.
    pub(super) fn normalize_mfa(&mut self) {
        if let Some(sms) = &mut self.sms_mfa_configuration {
            let (sending, message) = (sms.sms_configuration.take(), sms.sms_authentication_message.take());
            self.sms_configuration = self.sms_configuration.take().or(sending);
            self.sms_authentication_message = self.sms_authentication_message.take().or(message);
        }
        if let Some(sms) = &mut self.sms_configuration {
            sms.normalize();
        }
        self.sms_configuration = self.sms_configuration.take().filter(|sms| !sms.is_empty());

        if self.mfa_configuration == MfaConfiguration::Off {
            self.software_token_mfa_configuration = None;
            self.email_mfa_configuration = None;
            self.sms_mfa_configuration = None;
        } else {
            self.software_token_mfa_configuration.get_or_insert_default();
            self.sms_mfa_configuration = self.sms_mfa_configuration.take().filter(|_| self.sms_configuration.is_some());
        }
    }
}
