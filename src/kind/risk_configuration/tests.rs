use serde_json::{Value, json};

use crate::kind::Kind;
use crate::kind::testing::{assert_differ, assert_faults, assert_same, canonical};

const IDENTITY: &str = "arn:aws:ses:eu-west-1:123456789012:identity/example.com";

fn leaked(events: &Value) -> Value {
    json!({"compromisedCredentialsRiskConfiguration": {"eventFilter": events, "actions": {"eventAction": "BLOCK"}}})
}

fn takeover(notify: bool, configuration: &Value) -> Value {
    json!({"accountTakeoverRiskConfiguration": {
        "notifyConfiguration": configuration,
        "actions": {"highAction": {"notify": notify, "eventAction": "MFA_REQUIRED"}},
    }})
}

fn networks(blocked: &[&str], skipped: &[&str]) -> Value {
    json!({"riskExceptionConfiguration": {"blockedIpRangeList": blocked, "skippedIpRangeList": skipped}})
}

#[test]
fn all_events_are_none() {
    assert_same(
        Kind::RiskConfiguration,
        &leaked(&json!(["SIGN_UP", "SIGN_IN", "PASSWORD_CHANGE"])),
        &leaked(&json!([])),
    );
    assert_differ(Kind::RiskConfiguration, &leaked(&json!(["SIGN_UP"])), &leaked(&json!([])));
    assert_same(
        Kind::RiskConfiguration,
        &leaked(&json!(["SIGN_UP", "SIGN_IN"])),
        &leaked(&json!(["SIGN_IN", "SIGN_UP"])),
    );
}

#[test]
fn what_aws_answers_is_what_was_declared() {
    let email = json!({"subject": "Blocked", "htmlBody": "<p>Blocked</p>", "textBody": ""});
    let live = json!({
        "userPoolId": "eu-west-1_A",
        "clientId": "ALL",
        "accountTakeoverRiskConfiguration": {
            "notifyConfiguration": {"from": "a@example.com", "replyTo": "", "sourceArn": IDENTITY, "blockEmail": email},
            "actions": {"highAction": {"notify": true, "eventAction": "BLOCK"}},
        },
        "riskExceptionConfiguration": {"blockedIpRangeList": [], "skippedIpRangeList": []},
        "lastModifiedDate": 1,
    });
    let declared = json!({"accountTakeoverRiskConfiguration": {
        "notifyConfiguration": {
            "from": "a@example.com", "sourceArn": IDENTITY,
            "blockEmail": {"subject": "Blocked", "htmlBody": "<p>Blocked</p>"},
        },
        "actions": {"highAction": {"notify": true, "eventAction": "BLOCK"}},
    }});
    assert_same(Kind::RiskConfiguration, &declared, &live);
    assert_eq!(canonical(Kind::RiskConfiguration, &live), declared);
}

#[test]
fn networks_are_sets() {
    assert_same(
        Kind::RiskConfiguration,
        &networks(&["198.51.100.0/24", "192.0.2.0/24"], &[]),
        &json!({"riskExceptionConfiguration": {"blockedIPRangeList": [], "blockedIpRangeList": ["192.0.2.0/24", "198.51.100.0/24"]}}),
    );
    assert_differ(Kind::RiskConfiguration, &networks(&["192.0.2.0/24"], &[]), &networks(&[], &["192.0.2.0/24"]));
}

#[test]
fn the_rules_hold() {
    let sender = json!({"sourceArn": IDENTITY});
    let mail = |mail: Value| json!({"sourceArn": IDENTITY, "mfaEmail": mail});
    assert_faults(
        Kind::RiskConfiguration,
        [
            (json!({}), "says nothing"),
            (json!({"riskExceptionConfiguration": {"blockedIpRangeList": []}}), "says nothing"),
            (leaked(&json!([])), ""),
            (leaked(&json!(["SIGN_OUT"])), "eventFilter[0]: must be one of"),
            (
                json!({"compromisedCredentialsRiskConfiguration": {"eventFilter": ["SIGN_IN"], "actions": {}}}),
                "compromisedCredentialsRiskConfiguration.actions.eventAction: `eventAction` is missing",
            ),
            (takeover(true, &sender), ""),
            (takeover(false, &json!({})), "notifyConfiguration.sourceArn: `sourceArn` is missing"),
            (takeover(true, &mail(json!({"subject": "Risk", "textBody": "A risk"}))), ""),
            (takeover(true, &mail(json!({"subject": "Risk"}))), "`mfaEmail` has no body"),
            (takeover(true, &mail(json!({"textBody": "A risk"}))), "mfaEmail.subject: `subject` is missing"),
            (takeover(true, &mail(json!({"subject": "Risk", "textBody": "short"}))), "mfaEmail.textBody"),
            (
                json!({"accountTakeoverRiskConfiguration": {"actions": {"lowAction": {"notify": true, "eventAction": "BLOCK"}}}}),
                "accountTakeoverRiskConfiguration.actions.lowAction.notify: `notify: true` needs `notifyConfiguration`",
            ),
            (
                json!({"accountTakeoverRiskConfiguration": {"actions": {"lowAction": {"eventAction": "BLOCK"}}}}),
                "lowAction.notify: `notify` is missing",
            ),
            (networks(&["192.0.2.7/32", "0.0.0.0/0"], &["2001:db8::/32", "::/0"]), ""),
            (
                networks(&["192.0.2.0/24"], &["198.51.100.0/24", "192.0.2.0/24"]),
                "skippedIpRangeList[1]: `192.0.2.0/24` is in",
            ),
            (networks(&["2001:db8::/32"], &["2001:DB8:0::/32"]), "skippedIpRangeList[0]: `2001:DB8:0::/32` is in"),
            (networks(&["192.0.2.256/24"], &[]), "blockedIpRangeList[0]: `192.0.2.256/24` is no network"),
            (networks(&["2001:db8::1::/32"], &[]), "blockedIpRangeList[0]: `2001:db8::1::/32` is no network"),
            (networks(&["192.0.2.0/33"], &[]), "blockedIpRangeList[0]"),
            (networks(&["2001:db8::/129"], &[]), "blockedIpRangeList[0]"),
            (networks(&["192.0.2.7"], &[]), "blockedIpRangeList[0]"),
            (networks(&["office"], &[]), "blockedIpRangeList[0]"),
        ],
    );
}

#[test]
fn what_is_not_known_yet_is_not_judged() {
    let open = "\u{FDD0}var.x\u{FDD1}";
    assert_faults(
        Kind::RiskConfiguration,
        [
            (
                json!({"accountTakeoverRiskConfiguration": {"actions": {"lowAction": {"notify": open, "eventAction": open}}}}),
                "",
            ),
            (networks(&[open], &[open]), ""),
            (json!({"compromisedCredentialsRiskConfiguration": {"actions": {"eventAction": open}}}), ""),
        ],
    );
}
