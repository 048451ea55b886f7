//! Multi-factor authentication and passkeys of a pool, set all at once. What text messages say and
//! how they are sent is the pool's own setting, shown here once more.

use serde_json::{Map, Value, json};

use super::super::refusal::Refusal;
use super::super::state::{Body, UserPool};
use super::domain;
use super::user_pool::messaging;
use super::user_pool::rules::{self, Caller, Wanted};
use super::world::World;

/// `GetUserPoolMfaConfig`.
pub(super) fn get(world: &mut World<'_>, _: &Value) -> Result<Value, Refusal> {
    let pool = world.seen()?;
    Ok(shown(&pool))
}

/// What a Get shows: text messages as long as the pool can send them, whether they are a factor or not.
fn shown(pool: &UserPool) -> Value {
    let mut answer = Map::new();
    if let Some(configuration) = pool.body.get("SmsConfiguration") {
        let mut sms = Map::new();
        let message = pool.body.get("SmsAuthenticationMessage");
        sms.extend(message.map(|message| ("SmsAuthenticationMessage".to_owned(), message.clone())));
        sms.insert("SmsConfiguration".to_owned(), configuration.clone());
        answer.insert("SmsMfaConfiguration".to_owned(), Value::Object(sms));
    }
    for factor in ["SoftwareTokenMfaConfiguration", "EmailMfaConfiguration"] {
        answer.extend(pool.mfa.get(factor).map(|factor_set| (factor.to_owned(), factor_set.clone())));
    }
    let mode = pool.body.get("MfaConfiguration").cloned();
    answer.insert("MfaConfiguration".to_owned(), mode.unwrap_or_else(|| json!("OFF")));
    let passkeys = pool.mfa.get("WebAuthnConfiguration").cloned();
    let passkeys = passkeys.unwrap_or_else(|| json!({"FactorConfiguration": "SINGLE_FACTOR"}));
    answer.insert("WebAuthnConfiguration".to_owned(), passkeys);
    Value::Object(answer)
}

/// `SetUserPoolMfaConfig`.
pub(super) fn set(world: &mut World<'_>, input: &Value) -> Result<Value, Refusal> {
    let caller = Caller::of(world);
    let (now, date) = (world.now, world.date());
    let pool = world.pool()?;
    let mode = input.get("MfaConfiguration").and_then(Value::as_str).unwrap_or("OFF");
    let mfa = factors(input, mode)?;
    let mut body = pool.body.clone();
    if let Some(sms) = input.get("SmsMfaConfiguration").and_then(Value::as_object) {
        if let Some(configuration) = messaging::sms(sms.get("SmsConfiguration"), &caller.region)? {
            body.insert("SmsConfiguration".to_owned(), configuration);
        }
        body.remove("SmsAuthenticationMessage");
        let message = sms.get("SmsAuthenticationMessage").filter(|message| !message.is_null());
        body.extend(message.map(|message| ("SmsAuthenticationMessage".to_owned(), message.clone())));
    }
    body.insert("MfaConfiguration".to_owned(), json!(mode));
    body.insert("LastModifiedDate".to_owned(), date);
    dropping_sms(pool, &mfa, mode)?;
    rules::check(&Wanted { body: &body, mfa: &mfa, old: Some(pool), now }, &caller)?;
    pool.body = body;
    pool.mfa = mfa;
    Ok(shown(pool))
}

/// The factors that a request sets, in place of all that were there.
fn factors(input: &Value, mode: &str) -> Result<Body, Refusal> {
    let block = |member: &str| input.get(member).filter(|block| block.is_object());
    let factors = ["SmsMfaConfiguration", "SoftwareTokenMfaConfiguration", "EmailMfaConfiguration"];
    let named = factors.iter().any(|factor| block(factor).is_some());
    let mut mfa = Map::new();
    if mode == "OFF" {
        if named {
            return Err(Refusal::invalid(
                "Invalid MFA configuration given, can't turn off MFA and configure an MFA together",
            ));
        }
    } else {
        if !named {
            return Err(Refusal::invalid("SMS MFA, Email MFA, or Software Token MFA must be enabled"));
        }
        let software = block("SoftwareTokenMfaConfiguration");
        let by_token = software.and_then(|token| token.get("Enabled")?.as_bool()).unwrap_or_default();
        if !by_token && block("SmsMfaConfiguration").is_none() && block("EmailMfaConfiguration").is_none() {
            return Err(Refusal::invalid(
                "Invalid MFA configuration given, can't disable all MFAs with a required or optional configuration",
            ));
        }
        if software.is_some() {
            mfa.insert("SoftwareTokenMfaConfiguration".to_owned(), json!({"Enabled": by_token}));
        }
        // What the messages say and how they are sent is the pool's.
        mfa.extend(block("SmsMfaConfiguration").map(|_| ("SmsMfaConfiguration".to_owned(), json!({}))));
        let email = block("EmailMfaConfiguration").cloned();
        mfa.extend(email.map(|email| ("EmailMfaConfiguration".to_owned(), email)));
    }
    if let Some(mut passkeys) = block("WebAuthnConfiguration").and_then(Value::as_object).cloned() {
        let relying = passkeys.get("RelyingPartyId").and_then(Value::as_str);
        if relying.is_some_and(|host| !domain::is_host_name(&host.to_ascii_lowercase())) {
            return Err(Refusal::invalid("RelyingPartyId must be a host name, without a scheme, a port or a path."));
        }
        passkeys.entry("UserVerification").or_insert_with(|| json!("preferred"));
        passkeys.entry("FactorConfiguration").or_insert_with(|| json!("SINGLE_FACTOR"));
        mfa.insert("WebAuthnConfiguration".to_owned(), Value::Object(passkeys));
    }
    Ok(mfa)
}

/// Text messages cannot be taken from the factors while the pool sends them for something else.
fn dropping_sms(pool: &UserPool, mfa: &Body, mode: &str) -> Result<(), Refusal> {
    let dropped = pool.mfa.contains_key("SmsMfaConfiguration") && !mfa.contains_key("SmsMfaConfiguration");
    let verified = pool.body.get("AutoVerifiedAttributes").and_then(Value::as_array);
    let used = verified.is_some_and(|names| names.contains(&json!("phone_number")))
        || rules::first_factors(&pool.body).any(|factor| factor == "SMS_OTP");
    if mode != "OFF" && dropped && used {
        return Err(Refusal::invalid("Can't turn off SMS_MFA when SMS configuration is set for the user pool"));
    }
    Ok(())
}

pub(super) const UNCONFIRMED: &[&str] = &[
    "What is said of passkeys is replaced with the factors: where a request does not name it, it is reset.",
    "A pool where nothing was said of passkeys shows them with `SINGLE_FACTOR` alone; `UserVerification` is `preferred` unless said.",
    "Text messages are refused to be taken from the factors only where the pool verifies phone numbers by them or a sign-in may begin with them, and not by OFF.",
    "A `RelyingPartyId` that is no bare host name is refused, in words that are not AWS's; whose host it is is not looked at.",
    "Text messages as a factor without a text for them reset the pool's `SmsAuthenticationMessage`.",
];
