//! What goes together in the facets of a pool and of its clients, and what the pool must have for them.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{each, pool, take, texts};
use crate::stack_file::entries;

/// What a pool has that facets rest on.
struct Grounds {
    domain: bool,
    managed_login: bool,
    protection: bool,
}

/// Makes the facets of a pool and of its clients go together with it.
pub(super) fn settle(pool: &mut Value) {
    let is = |pointer: &str, wanted: &str| pool.pointer(pointer) == Some(&json!(wanted));
    let mode = "/userPoolAddOns/advancedSecurityMode";
    let lite = is("/userPoolTier", "LITE");
    let grounds = Grounds {
        domain: !entries(pool.get("domains")).is_empty(),
        managed_login: !lite,
        protection: is(mode, "AUDIT") || is(mode, "ENFORCED"),
    };
    let own_key = is("/keyConfiguration/keyType", "CUSTOMER_MANAGED_KEY");
    looks(pool, &grounds);
    for client in each(pool, "clients") {
        looks(client, &grounds);
        if !grounds.managed_login {
            take(client, "managedLoginBranding");
        }
        if let Some(style) = client.get_mut("managedLoginBranding") {
            branding(style);
        }
        if let Some(Value::Object(terms)) = client.get_mut("terms") {
            // Links to what is not there are taken out, and without any it is no document.
            terms.retain(|_, document| !entries(document.get("links")).is_empty());
        }
        without_empty(client, "terms");
    }
    logs(pool, &grounds);
    replicas(pool, own_key && !lite);
}

/// The facets that a pool and a client may have alike.
fn looks(holder: &mut Value, grounds: &Grounds) {
    if !grounds.domain {
        take(holder, "uiCustomization");
    }
    if !grounds.protection {
        take(holder, "riskConfiguration");
    }
    if let Some(takeover) = holder.pointer_mut("/riskConfiguration/accountTakeoverRiskConfiguration") {
        notification(takeover);
    }
    if let Some(exceptions) = holder.pointer_mut("/riskConfiguration/riskExceptionConfiguration") {
        // A network is blocked or skipped.
        let blocked = texts(exceptions.get("blockedIpRangeList"));
        super::retain(exceptions, "/skippedIpRangeList", |range| !blocked.iter().any(|other| other == range));
        for list in ["blockedIpRangeList", "skippedIpRangeList"] {
            without_empty(exceptions, list);
        }
    }
    if let Some(risk) = holder.get_mut("riskConfiguration") {
        let takeover = risk.get("accountTakeoverRiskConfiguration");
        if takeover.is_some_and(|takeover| {
            entries(takeover.get("actions")).is_empty() && takeover.get("notifyConfiguration").is_none()
        }) {
            take(risk, "accountTakeoverRiskConfiguration");
        }
        without_empty(risk, "riskExceptionConfiguration");
    }
    without_empty(holder, "riskConfiguration");
    without_empty(holder, "uiCustomization");
}

/// Who is told of something needs a sender.
fn notification(takeover: &mut Value) {
    let tells = entries(takeover.get("actions")).iter().any(|(_, action)| action["notify"] == json!(true));
    if tells && takeover.get("notifyConfiguration").is_none() {
        for action in each(takeover, "actions") {
            action["notify"] = json!(false);
        }
    }
}

/// Takes a property out that says nothing.
fn without_empty(value: &mut Value, property: &str) {
    let says_nothing = match value.get(property) {
        Some(Value::Object(map)) => map.is_empty(),
        Some(Value::Array(items)) => items.is_empty(),
        _ => false,
    };
    if says_nothing {
        take(value, property);
    }
}

/// AWS's own look, or one's own.
fn branding(style: &mut Value) {
    if entries(Some(&settings(style))).is_empty() {
        take(style, "settings");
        style["useCognitoProvidedValues"] = json!(true);
    } else if style.get("useCognitoProvidedValues") == Some(&json!(true)) {
        take(style, "useCognitoProvidedValues");
    }
    let mut seen = BTreeSet::new();
    if let Some(Value::Array(images)) = style.get_mut("assets") {
        images.retain(|image| seen.insert(key(image)));
    }
}

/// Which of a style's images it is.
pub(crate) fn key(image: &Value) -> String {
    format!("{} {}", image["category"], image["colorMode"])
}

/// The settings of a style, which may stand there as a text, without what says nothing.
pub(crate) fn settings(style: &Value) -> Value {
    let document = match style.get("settings") {
        Some(Value::String(text)) => serde_json::from_str(text).expect("a document"),
        Some(settings) => settings.clone(),
        None => json!({}),
    };
    let empty = |value: &Value| *value == json!({}) || *value == json!([]);
    let sections = entries(Some(&document)).into_iter().map(|(name, section)| {
        let said = entries(Some(&section)).into_iter().filter(|(_, value)| !empty(value));
        (name, said.collect::<Value>())
    });
    sections.filter(|(_, section)| !empty(section)).collect()
}

fn logs(pool: &mut Value, grounds: &Grounds) {
    if let Some(Value::Array(logs)) = pool.get_mut("logConfigurations") {
        logs.retain(|log| grounds.protection || log["eventSource"] != json!("userAuthEvents"));
    }
    without_empty(pool, "logConfigurations");
}

/// There is one replica, where there can be any, and domains fail over to no other.
fn replicas(holder: &mut Value, can_be: bool) {
    if !can_be {
        take(holder, "replicas");
    }
    if let Some(Value::Object(replicas)) = holder.get_mut("replicas") {
        let mut number = 0..;
        replicas.retain(|_, _| number.next() == Some(0));
    }
    without_empty(holder, "replicas");
    let regions = super::keys(holder, "replicas");
    for domain in each(holder, "domains") {
        let region = domain.pointer("/routing/failover/secondaryRegion").and_then(Value::as_str);
        if region.is_none_or(|region| !regions.iter().any(|known| known == region)) {
            take(domain, "routing");
        }
    }
    let sms = pool::sends_sms(holder);
    let by_mail = holder.get("emailMfaConfiguration").is_some();
    for (region, replica) in
        holder.get_mut("replicas").and_then(Value::as_object_mut).into_iter().flat_map(|replicas| replicas.iter_mut())
    {
        pool::triggers(replica);
        // In each region the pool must be able to send what it sends.
        let set = ["emailConfiguration", "smsConfiguration", "triggers"].iter().any(|own| replica.get(own).is_some());
        if set && sms && replica.get("smsConfiguration").is_none() {
            replica["smsConfiguration"] = json!({"snsCallerArn": crate::generate::role("sms"), "snsRegion": region});
        }
        let developer = replica.pointer("/emailConfiguration/emailSendingAccount") == Some(&json!("DEVELOPER"));
        if set && by_mail && !developer {
            let identity = "arn:aws:ses:us-west-2:123456789012:identity/example.com";
            replica["emailConfiguration"] = json!({"emailSendingAccount": "DEVELOPER", "sourceArn": identity});
        }
    }
}
