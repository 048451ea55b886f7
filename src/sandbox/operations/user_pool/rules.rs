//! What a pool's settings may not be together, whoever asks for them: a new pool, an update, or the
//! settings of multi-factor authentication.

use serde_json::{Value, json};

use super::super::super::refusal::Refusal;
use super::super::super::state::{Body, UserPool};
use super::super::replica;
use super::super::world::World;
use super::{messaging, tier};

/// Settings as they would be.
pub(in super::super) struct Wanted<'a> {
    /// What a Describe would show.
    pub(in super::super) body: &'a Body,
    /// The factors of multi-factor authentication.
    pub(in super::super) mfa: &'a Body,
    /// The pool as it is, unless it is new.
    pub(in super::super) old: Option<&'a UserPool>,
    /// Seconds since 1970.
    pub(in super::super) now: f64,
}

/// Where the caller stands.
pub(in super::super) struct Caller {
    account: String,
    pub(in super::super) region: String,
}

impl Caller {
    pub(in super::super) fn of(world: &World<'_>) -> Self {
        Self { account: world.call.account.clone(), region: world.call.region.clone() }
    }
}

impl Wanted<'_> {
    /// A text of the settings.
    pub(super) fn text(&self, member: &str, inner: &str) -> &str {
        let value = self.body.get(member);
        let value = if inner.is_empty() { value } else { value.and_then(|value| value.get(inner)) };
        value.and_then(Value::as_str).unwrap_or_default()
    }

    /// Whether a list of the settings has a word in it.
    fn lists(&self, member: &str, word: &str) -> bool {
        self.body.get(member).and_then(Value::as_array).is_some_and(|items| items.contains(&json!(word)))
    }

    /// Whether users may begin a sign-in with a factor.
    fn first(&self, factor: &str) -> bool {
        first_factors(self.body).any(|own| own == factor)
    }

    fn sends_sms(&self) -> bool {
        self.body.contains_key("SmsConfiguration")
    }

    /// Whether text messages are a factor of multi-factor authentication.
    fn sms_factor(&self) -> bool {
        self.mfa.contains_key("SmsMfaConfiguration")
    }
}

/// The factors with which a sign-in may begin.
pub(in super::super) fn first_factors(body: &Body) -> impl Iterator<Item = &str> {
    let factors = body.get("Policies").and_then(|policies| policies.pointer("/SignInPolicy/AllowedFirstAuthFactors"));
    factors.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
}

fn refuse(when: bool, message: &str) -> Result<(), Refusal> {
    if when { Err(Refusal::invalid(message)) } else { Ok(()) }
}

/// Whether a pool that is made or updated may turn multi-factor authentication on by itself.
pub(super) fn turning_mfa_on(wanted: &Wanted<'_>) -> Result<(), Refusal> {
    let mode = wanted.text("MfaConfiguration", "");
    let before = wanted.old.and_then(|old| old.body.get("MfaConfiguration")?.as_str()).unwrap_or("OFF");
    if mode == "OFF" || before != "OFF" {
        return Ok(());
    }
    refuse(
        wanted.old.is_some() && mode == "ON",
        "Cannot turn MFA functionality ON, once the user pool has been created",
    )?;
    refuse(
        !wanted.sends_sms() || !wanted.lists("AutoVerifiedAttributes", "phone_number"),
        "SMS configuration and Auto verification for phone_number are required when MFA is required/optional",
    )
}

/// Whether the settings can be together.
pub(in super::super) fn check(wanted: &Wanted<'_>, caller: &Caller) -> Result<(), Refusal> {
    let body = wanted.body;
    refuse(
        body.contains_key("AliasAttributes") && body.contains_key("UsernameAttributes"),
        "Only one of the aliasAttributes or usernameAttributes can be set in a user pool.",
    )?;
    messaging::check_email(body.get("EmailConfiguration").unwrap_or(&Value::Null), &caller.account, &caller.region)?;
    refuse(
        wanted.lists("AutoVerifiedAttributes", "phone_number") && !wanted.sends_sms(),
        "SMS configuration is required when phone_number is selected for auto verification",
    )?;
    let settings = body.get("UserAttributeUpdateSettings");
    let first = settings.and_then(|settings| settings.get("AttributesRequireVerificationBeforeUpdate")?.as_array());
    refuse(
        first.into_iter().flatten().filter_map(Value::as_str).any(|name| !wanted.lists("AutoVerifiedAttributes", name)),
        "All attributes in AttributesRequireVerificationBeforeUpdate must exist in AutoVerifiedAttributes",
    )?;
    recovery(wanted)?;
    factors(wanted)?;
    second_factors(wanted)?;
    key(wanted)?;
    levels(body)?;
    tier::check(wanted)
}

/// How users may get their accounts back.
fn recovery(wanted: &Wanted<'_>) -> Result<(), Refusal> {
    let mechanisms = wanted.body.get("AccountRecoverySetting").and_then(|setting| setting.get("RecoveryMechanisms"));
    let mechanisms = mechanisms.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let names: Vec<&Value> = mechanisms.iter().filter_map(|mechanism| mechanism.get("Name")).collect();
    let repeated = mechanisms.iter().enumerate().any(|(index, one)| {
        mechanisms
            .iter()
            .skip(index + 1)
            .any(|other| one.get("Priority") == other.get("Priority") || one.get("Name") == other.get("Name"))
    });
    refuse(repeated, "Account Recovery Setting cannot have two mechanisms with the same name or priority.")?;
    refuse(
        names.len() > 1 && names.contains(&&json!("admin_only")),
        "Account Recovery Setting cannot use admin_only with any other recovery mechanisms.",
    )?;
    let by_phone_only = names == [&json!("verified_phone_number")];
    refuse(
        by_phone_only && !wanted.sends_sms(),
        "SMS configuration is required when verified_phone_number is the only recovery mechanism.",
    )?;
    refuse(
        by_phone_only && wanted.sms_factor(),
        "Account Recovery Setting cannot use verified_phone_number as its only mechanism when SMS MFA is enabled.",
    )
}

/// With which factors a sign-in may begin.
fn factors(wanted: &Wanted<'_>) -> Result<(), Refusal> {
    refuse(!wanted.first("PASSWORD"), "Password should be configured as one of the allowed first auth factors.")?;
    refuse(wanted.first("SOFTWARE_TOKEN"), "SOFTWARE_TOKEN is not allowed as a first auth factor.")?;
    refuse(
        wanted.first("SMS_OTP") && !wanted.sends_sms(),
        "SMS configuration is required when SMS_OTP is one of the allowed first auth factors.",
    )?;
    if wanted.text("MfaConfiguration", "") != "ON" {
        return Ok(());
    }
    refuse(
        wanted.first("EMAIL_OTP") || wanted.first("SMS_OTP"),
        "Only PASSWORD and WEB_AUTHN are allowed as first auth factors when MFA is required.",
    )?;
    let passkeys = wanted.mfa.get("WebAuthnConfiguration").and_then(|passkeys| passkeys.get("FactorConfiguration"));
    refuse(
        wanted.first("WEB_AUTHN") && passkeys != Some(&json!("MULTI_FACTOR_WITH_USER_VERIFICATION")),
        "WEB_AUTHN as a first auth factor needs MULTI_FACTOR_WITH_USER_VERIFICATION when MFA is required.",
    )
}

/// What the second factors need.
fn second_factors(wanted: &Wanted<'_>) -> Result<(), Refusal> {
    refuse(
        wanted.sms_factor() && !wanted.sends_sms(),
        "SMS configuration is required when SMS MFA is enabled for the user pool.",
    )?;
    refuse(
        wanted.mfa.contains_key("EmailMfaConfiguration")
            && wanted.text("EmailConfiguration", "EmailSendingAccount") != "DEVELOPER",
        "Email MFA requires an EmailConfiguration whose EmailSendingAccount is DEVELOPER.",
    )
}

/// Which key the pool is encrypted with.
fn key(wanted: &Wanted<'_>) -> Result<(), Refusal> {
    let own = wanted.text("KeyConfiguration", "KeyType") == "CUSTOMER_MANAGED_KEY";
    let named = !wanted.text("KeyConfiguration", "KmsKeyArn").is_empty();
    refuse(own && !named, "KmsKeyArn is required when KeyType is CUSTOMER_MANAGED_KEY.")?;
    refuse(!own && named, "KmsKeyArn is only allowed when KeyType is CUSTOMER_MANAGED_KEY.")?;
    let replicated = wanted.old.is_some_and(|old| replica::standing(old, wanted.now).next().is_some());
    refuse(
        replicated && !replica::has_key(wanted.body),
        "A user pool with replicas needs a customer managed multi-Region key.",
    )
}

/// Names of levels are different ones, the defaults with them.
fn levels(body: &Body) -> Result<(), Refusal> {
    let levels = body.get("AcrConfiguration").and_then(Value::as_object);
    let mut names: Vec<&str> =
        levels.into_iter().flatten().filter_map(|(_, level)| level.get("AcrValue")?.as_str()).collect();
    let all = names.len();
    names.sort_unstable();
    names.dedup();
    refuse(names.len() != all, "The ACR values of all levels must be unique.")
}
