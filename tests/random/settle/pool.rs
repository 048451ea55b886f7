//! What goes together in a user pool: tier, ways of sending, factors, triggers.

use serde_json::{Value, json};

use super::{each, retain, take, texts};

const FIRST: &str = "/policies/signInPolicy/allowedFirstAuthFactors";

/// Makes a pool's own properties go together.
pub(super) fn settle(pool: &mut Value) {
    if !texts(pool.get("usernameAttributes")).is_empty() {
        take(pool, "aliasAttributes");
    }
    tier(pool);
    sms(pool);
    factors(pool);
    verification(pool);
    triggers(pool);
}

fn tier(pool: &mut Value) {
    let tier = pool.get("userPoolTier").and_then(Value::as_str).unwrap_or("ESSENTIALS").to_owned();
    if tier != "PLUS" && pool.pointer("/userPoolAddOns").is_some() {
        pool["userPoolAddOns"] = json!({"advancedSecurityMode": "OFF"});
    }
    if tier != "LITE" {
        return;
    }
    retain(pool, FIRST, |factor| factor == "PASSWORD");
    if let Some(policy) = pool.pointer_mut("/policies/passwordPolicy") {
        take(policy, "passwordHistorySize");
    }
    take(pool, "emailMfaConfiguration");
    take(pool, "acrConfiguration");
    if let Some(passkeys) = pool.get_mut("webAuthnConfiguration") {
        take(passkeys, "factorConfiguration");
    }
    if let Some(version) = pool.pointer_mut("/triggers/preTokenGenerationConfig/lambdaVersion") {
        *version = json!("V1_0");
    }
    for domain in each(pool, "domains") {
        take(domain, "managedLoginVersion");
    }
}

/// To AWS the ways of sending SMS on the pool and for MFA are one.
fn sms(pool: &mut Value) {
    for property in ["smsConfiguration", "smsAuthenticationMessage"] {
        if let Some(on_pool) = pool.get(property).cloned()
            && let Some(in_mfa) = pool.pointer_mut(&format!("/smsMfaConfiguration/{property}"))
        {
            *in_mfa = on_pool;
        }
    }
}

pub(super) fn sends_sms(pool: &Value) -> bool {
    ["/smsConfiguration", "/smsMfaConfiguration/smsConfiguration"].iter().any(|at| pool.pointer(at).is_some())
}

fn factors(pool: &mut Value) {
    let mode = pool.get("mfaConfiguration").and_then(Value::as_str).unwrap_or("OFF").to_owned();
    if mode == "OFF" {
        take(pool, "smsMfaConfiguration");
        take(pool, "emailMfaConfiguration");
        if let Some(token) = pool.get_mut("softwareTokenMfaConfiguration") {
            *token = json!({"enabled": false});
        }
    } else {
        if !sends_sms(pool) {
            take(pool, "smsMfaConfiguration");
        }
        if pool.pointer("/emailConfiguration/emailSendingAccount") != Some(&json!("DEVELOPER")) {
            take(pool, "emailMfaConfiguration");
        }
        let others = ["smsMfaConfiguration", "emailMfaConfiguration"].iter().any(|factor| pool.get(factor).is_some());
        if !others {
            pool["softwareTokenMfaConfiguration"] = json!({"enabled": true});
        }
    }
    let sends = sends_sms(pool);
    retain(pool, FIRST, |factor| factor != "SMS_OTP" || sends);
    if mode == "ON" {
        retain(pool, FIRST, |factor| !["EMAIL_OTP", "SMS_OTP"].contains(&factor));
        if texts(pool.pointer(FIRST)).iter().any(|factor| factor == "WEB_AUTHN") {
            pool["webAuthnConfiguration"]["factorConfiguration"] = json!("MULTI_FACTOR_WITH_USER_VERIFICATION");
        }
    }
}

fn verification(pool: &mut Value) {
    let sends = sends_sms(pool);
    retain(pool, "/autoVerifiedAttributes", |attribute| attribute != "phone_number" || sends);
    let verified = texts(pool.get("autoVerifiedAttributes"));
    retain(pool, "/userAttributeUpdateSettings/attributesRequireVerificationBeforeUpdate", |attribute| {
        verified.iter().any(|verified| verified == attribute)
    });
    let ways = pool.pointer("/accountRecoverySetting/recoveryMechanisms").and_then(Value::as_array);
    let only_phone = ways.is_some_and(|ways| {
        !ways.is_empty() && ways.iter().all(|way| way.get("name") == Some(&json!("verified_phone_number")))
    });
    if only_phone && (!sends || pool.get("smsMfaConfiguration").is_some()) {
        pool["accountRecoverySetting"] = json!({"recoveryMechanisms": [{"priority": 1, "name": "verified_email"}]});
    }
    let no_domain = pool.get("domains").and_then(Value::as_object).is_none_or(serde_json::Map::is_empty);
    if no_domain && let Some(option) = pool.pointer_mut("/verificationMessageTemplate/defaultEmailOption") {
        *option = json!("CONFIRM_WITH_CODE");
    }
}

pub(super) fn triggers(pool: &mut Value) {
    let Some(triggers) = pool.get_mut("triggers") else { return };
    let has_key = triggers.get("kmsKeyId").is_some();
    if let Some(map) = triggers.as_object_mut() {
        // A function that is not there has left its version behind.
        map.retain(|_, trigger| trigger.is_string() || trigger.get("lambdaArn").is_some());
        map.retain(|name, _| has_key || !["customSmsSender", "customEmailSender"].contains(&name.as_str()));
    }
    if let Some(function) = triggers.pointer("/preTokenGenerationConfig/lambdaArn").cloned()
        && let Some(older) = triggers.get_mut("preTokenGeneration")
    {
        *older = function;
    }
}
