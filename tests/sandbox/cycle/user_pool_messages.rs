//! What a pool writes to its users, and how it sends.

use serde_json::{Value, json};

use super::row::{Row, Table, Without, row};
use super::run::run;
use super::user_pool::stack;

const INVITE: (&str, &str) = ("Hello {username}, {####} is yours", "{####} for {username}");
const CODE: (&str, &str) = ("Your code is {####}", "{####} is your code");
const LINK: (&str, &str) = ("Please {##verify##} it", "{##Click here##}, please");

pub(crate) fn role(name: &str) -> String {
    format!("arn:aws:iam::123456789012:role/{name}")
}

fn identity(name: &str) -> String {
    format!("arn:aws:ses:us-east-1:123456789012:identity/{name}")
}

/// Email by SES, as codes by email need it.
pub(crate) fn by_ses() -> Value {
    json!({"emailConfiguration": {"emailSendingAccount": "DEVELOPER", "sourceArn": identity("example.com")}})
}

/// Text messages by SNS.
pub(crate) fn by_sns() -> Value {
    json!({"smsConfiguration": {"snsCallerArn": role("sms"), "externalId": "shop"}})
}

pub(crate) fn by_end_user_messaging() -> Value {
    json!({"smsConfiguration": {"eumsSms": {"callerArn": role("sms")}}})
}

pub(crate) fn table() -> Table {
    let mut rows = vec![
        row("autoVerifiedAttributes", json!(["email"]), json!(["email", "phone_number"])).with(by_sns()),
        row(
            "userAttributeUpdateSettings.attributesRequireVerificationBeforeUpdate",
            json!(["email"]),
            json!(["email", "phone_number"]),
        )
        .with(by_sns())
        .with(json!({"autoVerifiedAttributes": ["email", "phone_number"]})),
        row("adminCreateUserConfig.inviteMessageTemplate.smsMessage", INVITE.0, INVITE.1),
        row("adminCreateUserConfig.inviteMessageTemplate.emailMessage", INVITE.0, INVITE.1),
        row("adminCreateUserConfig.inviteMessageTemplate.emailSubject", "One", "Two"),
        row("verificationMessageTemplate.defaultEmailOption", "CONFIRM_WITH_LINK", "CONFIRM_WITH_CODE")
            .with(json!({"domains": {"cycle-link": {}}})),
        row("verificationMessageTemplate.smsMessage", CODE.0, CODE.1).members(&["SmsVerificationMessage"]),
        row("verificationMessageTemplate.emailMessage", CODE.0, CODE.1).members(&["EmailVerificationMessage"]),
        row("verificationMessageTemplate.emailSubject", "One", "Two").members(&["EmailVerificationSubject"]),
        row("verificationMessageTemplate.emailMessageByLink", LINK.0, LINK.1),
        row("verificationMessageTemplate.emailSubjectByLink", "One", "Two"),
        row(
            "emailConfiguration",
            json!({"emailSendingAccount": "COGNITO_DEFAULT"}),
            by_ses()["emailConfiguration"].clone(),
        )
        .shows("emailConfiguration.emailSendingAccount", "COGNITO_DEFAULT", "DEVELOPER")
        .shows("emailConfiguration.sourceArn", Value::Null, identity("example.com"))
        .covers(&["emailConfiguration.emailSendingAccount"])
        .no_hand(),
        row("emailConfiguration.sourceArn", identity("one.example.com"), identity("two.example.com"))
            .with(by_ses())
            .without(Without::Wrong),
        row("emailConfiguration.from", "one@example.com", "Two <two@example.com>").with(by_ses()),
        row("emailConfiguration.replyToEmailAddress", "one@example.com", "two@example.com"),
        row("emailConfiguration.configurationSet", "one", "two").with(by_ses()),
        row("smsAuthenticationMessage", CODE.0, CODE.1),
    ];
    rows.extend(sms());
    Table { address: "userPools.p", stack: stack(), rows }
}

fn sms() -> Vec<Row> {
    vec![
        row("smsConfiguration.snsCallerArn", role("one"), role("two")).with(by_sns()).without(Without::Wrong),
        row("smsConfiguration.externalId", "one", "two").with(by_sns()),
        row("smsConfiguration.eumsSms.callerArn", role("one"), role("two")).with(by_end_user_messaging()),
        row("smsConfiguration.eumsSms.externalId", "one", "two").with(by_end_user_messaging()),
        row("smsConfiguration.eumsSms.originationIdentity", "+441234567890", "SHOP").with(by_end_user_messaging()),
        row("smsConfiguration.eumsSms.configurationSetName", "one", "two").with(by_end_user_messaging()),
        row("smsConfiguration.eumsSms.inEntityId", "1101", "1102").with(by_end_user_messaging()),
        row("smsConfiguration.eumsSms.inTemplateId", "1201", "1202").with(by_end_user_messaging()),
    ]
}

#[tokio::test(start_paused = true)]
async fn each_property_of_what_a_user_pool_sends() {
    run(&table()).await;
}
