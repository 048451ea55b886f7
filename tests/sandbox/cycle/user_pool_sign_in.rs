//! Second factors and passkeys: what AWS keeps apart from the pool, and sets all at once.

use serde_json::{Value, json};

use super::row::{Row, Table, Without, lay_over, row};
use super::run::run;
use super::user_pool::stack;
use super::user_pool_messages::{by_ses, by_sns, role};

const CODE: (&str, &str) = ("Your code is {####}", "{####} is your code");

/// A pool with all three factors.
fn all_factors() -> Value {
    let mut all = json!({
        "mfaConfiguration": "OPTIONAL",
        "softwareTokenMfaConfiguration": {"enabled": true},
        "smsMfaConfiguration": {},
        "emailMfaConfiguration": {},
    });
    lay_over(&mut all, &by_ses());
    lay_over(&mut all, &by_sns());
    all
}

pub(crate) fn table() -> Table {
    let mut rows = vec![
        row("mfaConfiguration", "OPTIONAL", "ON").with(all_factors()).without(Without::Wrong),
        row("mfaConfiguration", "ON", "OPTIONAL").with(all_factors()).without(Without::Wrong),
        row("softwareTokenMfaConfiguration.enabled", true, false).with(all_factors()),
        row("softwareTokenMfaConfiguration.enabled", false, true).with(all_factors()),
        row("emailMfaConfiguration.message", CODE.0, CODE.1).with(all_factors()),
        row("emailMfaConfiguration.subject", "One", "Two").with(all_factors()),
        row("webAuthnConfiguration.relyingPartyId", "one.example.com", "two.example.com").without(Without::Kept),
        row("webAuthnConfiguration.userVerification", "required", "preferred"),
        row("webAuthnConfiguration.userVerification", "preferred", "required").with(all_factors()),
        row("webAuthnConfiguration.factorConfiguration", "MULTI_FACTOR_WITH_USER_VERIFICATION", "SINGLE_FACTOR"),
        row("webAuthnConfiguration.factorConfiguration", "SINGLE_FACTOR", "MULTI_FACTOR_WITH_USER_VERIFICATION")
            .with(json!({"mfaConfiguration": "ON"}))
            .with(all_factors()),
    ];
    rows.extend(sms());
    Table { address: "userPools.p", stack: stack(), rows }
}

/// SMS as a factor, with how they are sent said there and not on the pool.
fn sms() -> Vec<Row> {
    let optional = || json!({"mfaConfiguration": "OPTIONAL"});
    let sns = || json!({"smsMfaConfiguration": {"smsConfiguration": {"snsCallerArn": role("sms")}}});
    let end_user = || json!({"smsMfaConfiguration": {"smsConfiguration": {"eumsSms": {"callerArn": role("sms")}}}});
    let mut rows = vec![
        row("smsMfaConfiguration.smsAuthenticationMessage", CODE.0, CODE.1)
            .with(sns())
            .shows_at("smsAuthenticationMessage")
            .members(&["SmsAuthenticationMessage"]),
        row("smsMfaConfiguration.smsConfiguration.snsCallerArn", role("one"), role("two"))
            .shows_at("smsConfiguration.snsCallerArn")
            .members(&["SmsConfiguration"])
            .without(Without::Wrong),
        row("smsMfaConfiguration.smsConfiguration.externalId", "one", "two")
            .with(sns())
            .shows_at("smsConfiguration.externalId")
            .members(&["SmsConfiguration"]),
        row("smsMfaConfiguration.smsConfiguration.eumsSms.callerArn", role("one"), role("two"))
            .shows_at("smsConfiguration.eumsSms.callerArn")
            .members(&["SmsConfiguration"])
            .without(Without::Wrong),
    ];
    for (path, shown) in [
        ("smsMfaConfiguration.smsConfiguration.eumsSms.externalId", "smsConfiguration.eumsSms.externalId"),
        (
            "smsMfaConfiguration.smsConfiguration.eumsSms.originationIdentity",
            "smsConfiguration.eumsSms.originationIdentity",
        ),
        (
            "smsMfaConfiguration.smsConfiguration.eumsSms.configurationSetName",
            "smsConfiguration.eumsSms.configurationSetName",
        ),
        ("smsMfaConfiguration.smsConfiguration.eumsSms.inEntityId", "smsConfiguration.eumsSms.inEntityId"),
        ("smsMfaConfiguration.smsConfiguration.eumsSms.inTemplateId", "smsConfiguration.eumsSms.inTemplateId"),
    ] {
        rows.push(row(path, "1101", "1102").with(end_user()).shows_at(shown).members(&["SmsConfiguration"]));
    }
    rows.into_iter().map(|row| row.with(optional())).collect()
}

#[tokio::test(start_paused = true)]
async fn each_property_of_how_users_of_a_pool_sign_in() {
    run(&table()).await;
}
