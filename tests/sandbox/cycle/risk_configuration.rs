//! Threat protection's settings, of a pool and of a client.

use serde_json::{Value, json};

use super::row::{Row, Table, Without, row};
use super::run::run;

pub(crate) const OF_POOL: &str = "userPools.p.riskConfiguration";
pub(crate) const OF_CLIENT: &str = "userPools.p.clients.web.riskConfiguration";

fn identity(name: &str) -> String {
    format!("arn:aws:ses:us-east-1:123456789012:identity/{name}")
}

fn networks() -> Value {
    json!({"riskExceptionConfiguration": {"blockedIpRangeList": ["192.0.2.0/24"]}})
}

fn leaks() -> Value {
    json!({"compromisedCredentialsRiskConfiguration": {"actions": {"eventAction": "BLOCK"}}})
}

fn takeover() -> Value {
    json!({"accountTakeoverRiskConfiguration": {
        "notifyConfiguration": {"sourceArn": identity("example.com")},
        "actions": {"highAction": {"notify": true, "eventAction": "BLOCK"}},
    }})
}

pub(crate) fn table(address: &'static str) -> Table {
    let stack = json!({"stack": "cycle", "userPools": {"p": {
        "userPoolTier": "PLUS", "userPoolAddOns": {"advancedSecurityMode": "ENFORCED"}, "clients": {"web": {}},
    }}});
    let mut rows = vec![
        row(
            "compromisedCredentialsRiskConfiguration.eventFilter",
            json!(["SIGN_IN"]),
            json!(["SIGN_IN", "PASSWORD_CHANGE"]),
        )
        .with(leaks()),
        row("compromisedCredentialsRiskConfiguration.actions.eventAction", "BLOCK", "NO_ACTION").with(networks()),
        row("accountTakeoverRiskConfiguration.notifyConfiguration.from", "one@example.com", "two@example.com")
            .with(takeover()),
        row("accountTakeoverRiskConfiguration.notifyConfiguration.replyTo", "one@example.com", "two@example.com")
            .with(takeover()),
        row(
            "accountTakeoverRiskConfiguration.notifyConfiguration.sourceArn",
            identity("one.example.com"),
            identity("two.example.com"),
        )
        .with(takeover())
        .without(Without::Wrong),
        row(
            "riskExceptionConfiguration.blockedIpRangeList",
            json!(["192.0.2.0/24"]),
            json!(["192.0.2.0/24", "2001:db8::/32"]),
        )
        .with(leaks()),
        row("riskExceptionConfiguration.skippedIpRangeList", json!(["198.51.100.7/32"]), json!(["203.0.113.0/24"]))
            .with(networks()),
    ];
    rows.extend(actions());
    rows.extend(emails());
    Table { address, stack, rows }
}

fn actions() -> Vec<Row> {
    let mut rows = Vec::new();
    for (level, notify, action) in [
        (
            "lowAction",
            "accountTakeoverRiskConfiguration.actions.lowAction.notify",
            "accountTakeoverRiskConfiguration.actions.lowAction.eventAction",
        ),
        (
            "mediumAction",
            "accountTakeoverRiskConfiguration.actions.mediumAction.notify",
            "accountTakeoverRiskConfiguration.actions.mediumAction.eventAction",
        ),
        (
            "highAction",
            "accountTakeoverRiskConfiguration.actions.highAction.notify",
            "accountTakeoverRiskConfiguration.actions.highAction.eventAction",
        ),
    ] {
        let with = json!({"accountTakeoverRiskConfiguration": {"actions": {
            level: {"notify": false, "eventAction": "MFA_REQUIRED"}}}});
        rows.push(row(notify, false, true).with(takeover()).with(with.clone()).without(Without::Wrong));
        rows.push(row(action, "MFA_IF_CONFIGURED", "NO_ACTION").with(takeover()).with(with).without(Without::Wrong));
    }
    rows
}

fn emails() -> Vec<Row> {
    let mut rows = Vec::new();
    for (email, subject, html, text) in [
        (
            "blockEmail",
            "accountTakeoverRiskConfiguration.notifyConfiguration.blockEmail.subject",
            "accountTakeoverRiskConfiguration.notifyConfiguration.blockEmail.htmlBody",
            "accountTakeoverRiskConfiguration.notifyConfiguration.blockEmail.textBody",
        ),
        (
            "noActionEmail",
            "accountTakeoverRiskConfiguration.notifyConfiguration.noActionEmail.subject",
            "accountTakeoverRiskConfiguration.notifyConfiguration.noActionEmail.htmlBody",
            "accountTakeoverRiskConfiguration.notifyConfiguration.noActionEmail.textBody",
        ),
        (
            "mfaEmail",
            "accountTakeoverRiskConfiguration.notifyConfiguration.mfaEmail.subject",
            "accountTakeoverRiskConfiguration.notifyConfiguration.mfaEmail.htmlBody",
            "accountTakeoverRiskConfiguration.notifyConfiguration.mfaEmail.textBody",
        ),
    ] {
        let with = json!({"accountTakeoverRiskConfiguration": {"notifyConfiguration": {
            email: {"subject": "A sign-in", "htmlBody": "<p>Was it you?</p>", "textBody": "Was it you?"}}}});
        let of = |path, one: &str, two: &str| row(path, one, two).with(takeover()).with(with.clone());
        rows.push(of(subject, "One", "Two").without(Without::Wrong));
        rows.push(of(html, "<p>Somebody came.</p>", "<p>Somebody was here.</p>"));
        rows.push(of(text, "Somebody came.", "Somebody was here."));
    }
    rows
}

#[tokio::test(start_paused = true)]
async fn each_property_of_a_pool_s_threat_protection() {
    run(&table(OF_POOL)).await;
}

#[tokio::test(start_paused = true)]
async fn each_property_of_a_client_s_threat_protection() {
    run(&table(OF_CLIENT)).await;
}
