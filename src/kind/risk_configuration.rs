//! What threat protection does, for all clients of a user pool or for one of them. AWS sets it as a
//! whole and, read back, names no event where all of them count, so all three are the same as none.

use std::collections::BTreeSet;
use std::net::IpAddr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::user_pool::texts;
use super::{Spec, arn};
use crate::diagnostic::Findings;
use crate::path::Path;

#[cfg(test)]
mod tests;

/// What threat protection does where it sees a risk. It acts where the pool's
/// `userPoolAddOns.advancedSecurityMode` is ENFORCED; AUDIT only logs. On a client it stands in for the pool's as a
/// whole.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(deny_unknown_fields)]
pub struct RiskConfiguration {
    /// What happens to users whose password is known from a leak. Absent: what AWS does by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub compromised_credentials_risk_configuration: Option<CompromisedCredentialsRiskConfiguration>,
    /// What happens at a sign-in that does not look like the user's. Absent: what AWS does by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account_takeover_risk_configuration: Option<AccountTakeoverRiskConfiguration>,
    /// Networks whose requests are always blocked or never judged. Absent: none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub risk_exception_configuration: Option<RiskExceptionConfiguration>,
}

/// What happens to users whose password is known from a leak.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(deny_unknown_fields, extend("required" = ["actions"]), transform = texts::required_have_no_default)]
pub struct CompromisedCredentialsRiskConfiguration {
    /// When passwords are checked. Absent, or all three: at all of them.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub event_filter: BTreeSet<EventFilter>,
    /// What happens then.
    #[serde(default)]
    pub actions: CompromisedCredentialsActions,
}

/// When passwords are checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum EventFilter {
    /// When a user signs in.
    SignIn,
    /// When a user changes the password.
    PasswordChange,
    /// When a user signs up.
    SignUp,
}

/// What happens to a user whose password is known from a leak.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(deny_unknown_fields, extend("required" = ["eventAction"]), transform = texts::required_have_no_default)]
pub struct CompromisedCredentialsActions {
    /// Whether the user may go on.
    #[serde(default)]
    pub event_action: CompromisedCredentialsEventAction,
}

/// Whether a user whose password is known from a leak may go on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum CompromisedCredentialsEventAction {
    /// No: the user needs another password first.
    Block,
    /// Yes. It is only logged.
    #[default]
    NoAction,
}

/// What happens at a sign-in that does not look like the user's.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(deny_unknown_fields, extend("required" = ["actions"]), transform = texts::required_have_no_default)]
pub struct AccountTakeoverRiskConfiguration {
    /// The emails that tell users of a risk. Needed where an action has `notify: true`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notify_configuration: Option<NotifyConfiguration>,
    /// What is done, by how great the risk is.
    #[serde(default)]
    pub actions: AccountTakeoverActions,
}

/// What is done, by how great the risk is.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(deny_unknown_fields)]
pub struct AccountTakeoverActions {
    /// What is done at a low risk. Absent: nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub low_action: Option<AccountTakeoverAction>,
    /// What is done at a medium risk. Absent: nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub medium_action: Option<AccountTakeoverAction>,
    /// What is done at a high risk. Absent: nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub high_action: Option<AccountTakeoverAction>,
}

/// What is done at one level of risk.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(deny_unknown_fields, extend("required" = ["notify", "eventAction"]), transform = texts::required_have_no_default)]
pub struct AccountTakeoverAction {
    /// Whether the user gets an email, as `notifyConfiguration` says.
    #[serde(default)]
    pub notify: bool,
    /// What becomes of the sign-in.
    #[serde(default)]
    pub event_action: AccountTakeoverEventAction,
}

/// What becomes of a sign-in at a risk.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AccountTakeoverEventAction {
    /// It is refused.
    Block,
    /// A second factor is asked for; users who have none, and cannot set one up, get in without.
    MfaIfConfigured,
    /// A second factor is asked for; users who have none are refused.
    MfaRequired,
    /// It goes on as if nothing were.
    #[default]
    NoAction,
}

/// The emails that tell users of a risk. They are sent by SES.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(deny_unknown_fields, extend("required" = ["sourceArn"]), transform = texts::required_have_no_default)]
pub struct NotifyConfiguration {
    /// The sender: an address that SES has verified, or one of a domain that it has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 131_072))]
    pub from: Option<String>,
    /// Where replies go: an address, or a name with its address, as in `Shop <shop@example.com>`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 131_072))]
    pub reply_to: Option<String>,
    /// The ARN of the SES identity that allows Cognito to send as `from`. Which regions it may be in depends on the
    /// pool's.
    #[serde(default)]
    #[schemars(schema_with = "arn::any")]
    pub source_arn: String,
    /// The email where the sign-in was refused. Absent: AWS's texts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub block_email: Option<NotifyEmail>,
    /// The email where nothing was done. Absent: AWS's texts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub no_action_email: Option<NotifyEmail>,
    /// The email where a second factor was asked for. Absent: AWS's texts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mfa_email: Option<NotifyEmail>,
}

/// An email that tells a user of a risk. It has a body as HTML, as plain text, or both.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(deny_unknown_fields, extend("required" = ["subject"]), transform = texts::required_have_no_default)]
pub struct NotifyEmail {
    /// The subject. 1 to 140 characters.
    #[serde(default)]
    #[schemars(schema_with = "texts::subject")]
    pub subject: String,
    /// The body as HTML. 6 to 20000 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(schema_with = "texts::email")]
    pub html_body: Option<String>,
    /// The body as plain text. 6 to 20000 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(schema_with = "texts::email")]
    pub text_body: Option<String>,
}

/// Networks whose requests are always blocked or never judged.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(deny_unknown_fields)]
pub struct RiskExceptionConfiguration {
    /// Networks that nobody signs in from, in CIDR notation: `192.0.2.0/24`, `2001:db8::/32`. Up to 200.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 200), extend("items" = range(), "uniqueItems" = true))]
    pub blocked_ip_range_list: Vec<String>,
    /// Networks that no risk is looked for in, in CIDR notation. Up to 200.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 200), extend("items" = range(), "uniqueItems" = true))]
    pub skipped_ip_range_list: Vec<String>,
}

/// A network in CIDR notation, as far as a pattern tells.
fn range() -> Value {
    json!({
        "type": "string",
        "pattern": r"^([0-9.]+/([0-9]|[12][0-9]|3[0-2])|[0-9A-Fa-f.]*:[0-9A-Fa-f:.]*/([0-9]|[1-9][0-9]|1[01][0-9]|12[0-8]))$",
        "x-pattern-help": "a network in CIDR notation, such as 192.0.2.0/24 or 2001:db8::/32; one address is 192.0.2.7/32",
    })
}

/// Whether a text has the form of a network, whose address may still be none.
fn has_form(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_hexdigit() || b".:/".contains(&byte)) && text.contains(['.', ':'])
}

/// The address and the length of its prefix.
fn parsed(text: &str) -> Option<(IpAddr, u8)> {
    let (address, length) = text.split_once('/')?;
    Some((address.parse().ok()?, length.parse().ok()?))
}

impl CompromisedCredentialsRiskConfiguration {
    fn normalize(&mut self) {
        if self.event_filter.len() == 3 {
            self.event_filter.clear();
        }
    }
}

impl NotifyConfiguration {
    fn emails(&self) -> [(&'static str, Option<&NotifyEmail>); 3] {
        [
            ("blockEmail", self.block_email.as_ref()),
            ("noActionEmail", self.no_action_email.as_ref()),
            ("mfaEmail", self.mfa_email.as_ref()),
        ]
    }

    fn normalize(&mut self) {
        self.from.take_if(|text| text.is_empty());
        self.reply_to.take_if(|text| text.is_empty());
        for email in [&mut self.block_email, &mut self.no_action_email, &mut self.mfa_email].into_iter().flatten() {
            email.html_body.take_if(|text| text.is_empty());
            email.text_body.take_if(|text| text.is_empty());
        }
    }
}

impl Spec for RiskConfiguration {
    fn normalize(&mut self) {
        if let Some(compromised) = &mut self.compromised_credentials_risk_configuration {
            compromised.normalize();
        }
        if let Some(takeover) = &mut self.account_takeover_risk_configuration
            && let Some(notify) = &mut takeover.notify_configuration
        {
            notify.normalize();
        }
        if let Some(exception) = &mut self.risk_exception_configuration {
            for ranges in [&mut exception.blocked_ip_range_list, &mut exception.skipped_ip_range_list] {
                ranges.sort();
                ranges.dedup();
            }
        }
        self.risk_exception_configuration.take_if(|exception| *exception == RiskExceptionConfiguration::default());
    }

    fn check(&self, findings: &mut Findings) {
        let blocks = [
            self.compromised_credentials_risk_configuration.is_some(),
            self.account_takeover_risk_configuration.is_some(),
            self.risk_exception_configuration.is_some(),
        ];
        if blocks == [false; 3] {
            findings.rule_with_help(
                &[""],
                "says nothing: AWS would take it for the wish to have none",
                "add compromisedCredentialsRiskConfiguration, accountTakeoverRiskConfiguration or \
                 riskExceptionConfiguration",
            );
        }
        if let Some(takeover) = &self.account_takeover_risk_configuration {
            check_takeover(takeover, findings);
        }
        if let Some(exception) = &self.risk_exception_configuration {
            check_ranges(exception, findings);
        }
    }
}

fn check_takeover(takeover: &AccountTakeoverRiskConfiguration, findings: &mut Findings) {
    const NOTIFY: &str = "accountTakeoverRiskConfiguration.notifyConfiguration";
    let Some(notify) = &takeover.notify_configuration else {
        let actions = &takeover.actions;
        for (name, action) in [
            ("lowAction", &actions.low_action),
            ("mediumAction", &actions.medium_action),
            ("highAction", &actions.high_action),
        ] {
            if action.as_ref().is_some_and(|action| action.notify) {
                let path = format!("accountTakeoverRiskConfiguration.actions.{name}.notify");
                findings.rule_with_help(
                    &[&path, NOTIFY],
                    "`notify: true` needs `notifyConfiguration`, the emails to users",
                    "add notifyConfiguration: {sourceArn: <the ARN of the SES identity to send from>}",
                );
            }
        }
        return;
    };
    for (name, email) in notify.emails() {
        if email.is_some_and(|email| email.html_body.is_none() && email.text_body.is_none()) {
            let path = format!("{NOTIFY}.{name}");
            // What the subject is does not matter here, so it may be unknown.
            findings.rule_with_help(
                &[&format!("{path}.htmlBody"), &format!("{path}.textBody")],
                format!("`{name}` has no body"),
                "add htmlBody or textBody, or both",
            );
        }
    }
}

fn check_ranges(exception: &RiskExceptionConfiguration, findings: &mut Findings) {
    let lists = [
        ("blockedIpRangeList", &exception.blocked_ip_range_list),
        ("skippedIpRangeList", &exception.skipped_ip_range_list),
    ];
    let at = |name: &str, index: usize| Path::root().key("riskExceptionConfiguration").key(name).index(index);
    for (name, ranges) in lists {
        for (index, text) in ranges.iter().enumerate() {
            if has_form(text) && text.contains('/') && parsed(text).is_none() {
                let help = "such as 192.0.2.0/24 or 2001:db8::/32".to_owned();
                findings.rule_at(&[at(name, index)], format!("`{text}` is no network in CIDR notation"), Some(help));
            }
        }
    }
    let [(blocked, first), (skipped, second)] = lists;
    for (index, text) in second.iter().enumerate() {
        let is_same = |other: &String| other == text || parsed(text).is_some_and(|range| parsed(other) == Some(range));
        if let Some(twin) = first.iter().position(is_same) {
            let message = format!("`{text}` is in `{blocked}` too: it is either always blocked or never judged");
            findings.rule_at(&[at(skipped, index), at(blocked, twin)], message, None);
        }
    }
}
