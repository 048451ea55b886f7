//! What a request makes of a pool's settings: AWS's defaults for what it leaves out, but for the few
//! members that an update keeps, and the members that AWS fills in from others.

use serde_json::{Map, Value, json};

use super::super::super::refusal::Refusal;
use super::super::super::state::Body;
use super::{messaging, triggers};

/// A request to make or change a pool.
pub(super) struct Change<'a> {
    /// What was sent.
    pub(super) input: &'a Value,
    /// The pool as it is.
    pub(super) old: Option<&'a Body>,
    pub(super) region: &'a str,
}

/// The names by which a pool's owner may have its users sign in, and the like: said once, when it is made.
const AT_CREATION: &[&str] = &["AliasAttributes", "UsernameAttributes", "UsernameConfiguration"];

/// The settings that an update leads to, with the members that no update changes.
pub(super) fn updated(input: &Value, old: &Body, region: &str) -> Result<Body, Refusal> {
    let mut body = of(&Change { input, old: Some(old), region })?;
    let outliving = old.iter().filter(|(member, _)| stays(member) && !body.contains_key(*member));
    let outliving: Body = outliving.map(|(member, value)| (member.clone(), value.clone())).collect();
    body.extend(outliving);
    Ok(body)
}

/// Whether a member outlives an update that says nothing about it because no update can say anything.
fn stays(member: &str) -> bool {
    const IDENTITY: &[&str] = &["Id", "Name", "Arn", "SchemaAttributes", "CreationDate", "EstimatedNumberOfUsers"];
    IDENTITY.contains(&member) || AT_CREATION.contains(&member)
}

/// A member that is an object.
pub(super) fn part(input: &Value, member: &str) -> Option<Body> {
    input.get(member)?.as_object().cloned()
}

/// The settings that a request leads to.
pub(super) fn of(change: &Change<'_>) -> Result<Body, Refusal> {
    let Change { input, old, region } = change;
    let given = |member: &str| input.get(member).filter(|value| !value.is_null()).cloned();
    let kept = |member: &str| given(member).or_else(|| old.and_then(|old| old.get(member)).cloned());
    let mut body = Map::new();
    let mut set = |member: &str, value: Option<Value>| {
        body.extend(value.map(|value| (member.to_owned(), value)));
    };
    if old.is_some() {
        set("Name", given("PoolName"));
    } else {
        for member in AT_CREATION {
            set(member, given(member).filter(filled));
        }
    }
    let policies = policies(input, *old);
    let days = policies.pointer("/PasswordPolicy/TemporaryPasswordValidityDays").cloned();
    set("AdminCreateUserConfig", Some(invitations(input, *old, days.as_ref())?));
    let days = unused_days(input).filter(|days| *days > 0).map(Value::from);
    set("Policies", Some(with_days(policies, days)));
    set("DeletionProtection", Some(given("DeletionProtection").unwrap_or_else(|| json!("INACTIVE"))));
    set("LambdaConfig", Some(Value::Object(triggers::of(input, region)?)));
    set("AutoVerifiedAttributes", given("AutoVerifiedAttributes").filter(filled));
    for (member, value) in messaging::verification(input)? {
        set(&member, Some(value));
    }
    set("SmsAuthenticationMessage", given("SmsAuthenticationMessage"));
    let verified_first = kept("UserAttributeUpdateSettings").unwrap_or_default();
    let verified_first = verified_first.get("AttributesRequireVerificationBeforeUpdate").cloned();
    let verified_first = verified_first.filter(Value::is_array).unwrap_or_else(|| json!([]));
    let verified_first = json!({"AttributesRequireVerificationBeforeUpdate": verified_first});
    set("UserAttributeUpdateSettings", Some(verified_first));
    set("MfaConfiguration", Some(kept("MfaConfiguration").unwrap_or_else(|| json!("OFF"))));
    set("DeviceConfiguration", given("DeviceConfiguration").map(devices));
    set("EmailConfiguration", Some(messaging::email(input)));
    set("SmsConfiguration", messaging::sms(input.get("SmsConfiguration"), region)?);
    set("UserPoolAddOns", given("UserPoolAddOns"));
    let recovery =
        given("AccountRecoverySetting").filter(|setting| setting.get("RecoveryMechanisms").is_some_and(filled));
    set(
        "AccountRecoverySetting",
        Some(recovery.unwrap_or_else(|| {
            json!({"RecoveryMechanisms": [
                {"Priority": 1, "Name": "verified_email"},
                {"Priority": 2, "Name": "verified_phone_number"},
            ]})
        })),
    );
    set("UserPoolTier", Some(given("UserPoolTier").unwrap_or_else(|| json!("ESSENTIALS"))));
    let with = |member: &str, inner: &str, default: &str| {
        let mut part = part(input, member).unwrap_or_default();
        part.entry(inner).or_insert_with(|| json!(default));
        Some(Value::Object(part))
    };
    set("KeyConfiguration", with("KeyConfiguration", "KeyType", "AWS_OWNED_KEY"));
    set("IssuerConfiguration", with("IssuerConfiguration", "Type", "ORIGINAL"));
    let mut levels = Map::new();
    for level in 1..=4 {
        levels.insert(format!("Level{level}"), json!({"AcrValue": format!("urn:cognito:loa:{level}")}));
    }
    levels.extend(part(input, "AcrConfiguration").unwrap_or_default());
    set("AcrConfiguration", Some(Value::Object(levels)));
    Ok(body)
}

/// Whether a list, or an object, has something in it.
fn filled(value: &Value) -> bool {
    value.as_array().is_none_or(|items| !items.is_empty())
        && value.as_object().is_none_or(|members| !members.is_empty())
}

/// The password policy and the sign-in policy. Each is replaced as a whole, and kept where it is
/// not named.
fn policies(input: &Value, old: Option<&Body>) -> Value {
    let sent = part(input, "Policies").unwrap_or_default();
    let old = |member: &str| old.and_then(|old| old.get("Policies")?.get(member).cloned());
    let password = match sent.get("PasswordPolicy").and_then(Value::as_object) {
        Some(sent) => password_policy(sent),
        None => old("PasswordPolicy").unwrap_or_else(|| {
            json!({
                "MinimumLength": 8,
                "RequireUppercase": true,
                "RequireLowercase": true,
                "RequireNumbers": true,
                "RequireSymbols": true,
                "TemporaryPasswordValidityDays": 7,
            })
        }),
    };
    let sign_in = sent.get("SignInPolicy").filter(|policy| policy.get("AllowedFirstAuthFactors").is_some_and(filled));
    let default = || json!({"AllowedFirstAuthFactors": ["PASSWORD"]});
    let sign_in = match sent.get("SignInPolicy") {
        Some(_) => sign_in.cloned(),
        None => old("SignInPolicy"),
    };
    json!({"PasswordPolicy": password, "SignInPolicy": sign_in.unwrap_or_else(default)})
}

/// A password policy that is sent requires nothing that it does not name.
fn password_policy(sent: &Body) -> Value {
    let mut policy = Map::new();
    let mut fill = |member: &str, default: Value| {
        let value = sent.get(member).filter(|value| !value.is_null()).cloned();
        policy.insert(member.to_owned(), value.unwrap_or(default));
    };
    fill("MinimumLength", json!(8));
    for class in ["RequireUppercase", "RequireLowercase", "RequireNumbers", "RequireSymbols"] {
        fill(class, json!(false));
    }
    if sent.get("PasswordHistorySize").is_some_and(|size| size.as_i64() != Some(0)) {
        fill("PasswordHistorySize", Value::Null);
    }
    fill("TemporaryPasswordValidityDays", json!(7));
    let mut policy = Value::Object(policy);
    if policy.get("TemporaryPasswordValidityDays").and_then(Value::as_i64) == Some(0) {
        policy = with_days(json!({"PasswordPolicy": policy}), Some(json!(7)))["PasswordPolicy"].take();
    }
    policy
}

/// The policies with another number of days that a temporary password holds.
fn with_days(mut policies: Value, days: Option<Value>) -> Value {
    if let (Some(days), Some(place)) = (days, policies.pointer_mut("/PasswordPolicy/TemporaryPasswordValidityDays")) {
        *place = days;
    }
    policies
}

/// The old name for the days that a temporary password holds.
fn unused_days(input: &Value) -> Option<i64> {
    input.pointer("/AdminCreateUserConfig/UnusedAccountValidityDays")?.as_i64()
}

/// How users are invited. The days of a temporary password show here once more.
fn invitations(input: &Value, old: Option<&Body>, days: Option<&Value>) -> Result<Value, Refusal> {
    let mut invitations = part(input, "AdminCreateUserConfig").unwrap_or_default();
    let unused = unused_days(input).filter(|days| *days > 0).map(Value::from);
    let named = input.pointer("/Policies/PasswordPolicy/TemporaryPasswordValidityDays").and_then(Value::as_i64);
    if unused.is_some() && (old.is_some() || named.is_some_and(|days| days > 0)) {
        return Err(Refusal::invalid(
            "Please use TemporaryPasswordValidityDays in PasswordPolicy instead of UnusedAccountValidityDays",
        ));
    }
    messaging::invitation(&invitations)?;
    invitations.entry("AllowAdminCreateUserOnly").or_insert(json!(false));
    let days = unused.or_else(|| days.cloned()).unwrap_or_else(|| json!(7));
    invitations.insert("UnusedAccountValidityDays".to_owned(), days);
    Ok(Value::Object(invitations))
}

/// Both flags of remembered devices; that they are there at all turns the feature on.
fn devices(mut sent: Value) -> Value {
    if let Some(flags) = sent.as_object_mut() {
        for flag in ["ChallengeRequiredOnNewDevice", "DeviceOnlyRememberedOnUserPrompt"] {
            flags.entry(flag).or_insert(json!(false));
        }
    }
    sent
}
