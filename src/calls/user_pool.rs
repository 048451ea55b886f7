//! The user pool itself: two bodies, the pool's and that of its multi-factor settings, which AWS
//! keeps apart and wants changed in the right order.
//!
//! A pool is created without triggers and with MFA off, since both need what can only be there
//! after the pool: the permission to invoke a function names the pool, and MFA is turned on by a
//! call of its own. What is still missing then is an ordinary update.

use serde_json::{Map, Value, json};

use super::{Kind, Live, answered, for_create, merge, text, twin};
use crate::aws::{Aws, Operation, body, found, is_ambiguous};
use crate::error::Error;
use crate::kind::user_pool::{CUSTOM, MFA_PROPERTIES, STANDARD_ATTRIBUTES, has_lower_tier};
use crate::live::{self, Listed, without};
use crate::ownership::{self, Tags};

/// Members of `DescribeUserPool` that no update may echo: the legacy messages mirror those of the
/// template, and `UnusedAccountValidityDays` mirrors the temporary password's validity and makes
/// AWS refuse the whole update.
pub const NEVER_ECHOED: &[&str] =
    &["SmsVerificationMessage", "EmailVerificationMessage", "EmailVerificationSubject", "UnusedAccountValidityDays"];

/// Attributes that one `AddCustomAttributes` takes.
const ATTRIBUTES_AT_ONCE: usize = 25;

/// A pool, if it is there.
pub async fn read(aws: &Aws, id: &str) -> Result<Option<Live>, Error> {
    let Some(mut live) = describe(aws, id).await? else { return Ok(None) };
    complete(aws, &mut live).await?;
    Ok(Some(live))
}

/// A pool without its multi-factor settings, if it is there: enough to see whose it is.
pub async fn describe(aws: &Aws, id: &str) -> Result<Option<Live>, Error> {
    let answer = found(aws.call(Operation::DescribeUserPool, json!({"UserPoolId": id})).await)?;
    let Some(mut response) = answer else { return Ok(None) };
    let body = response.get_mut("UserPool").map(Value::take).unwrap_or_default();
    let name = text(&body, "/Name")?;
    Live::read(Kind::UserPool, &name, id, body).map(Some)
}

/// Reads the multi-factor settings too.
pub async fn complete(aws: &Aws, live: &mut Live) -> Result<(), Error> {
    live.second = aws.call(Operation::GetUserPoolMfaConfig, json!({"UserPoolId": live.id})).await?;
    text(&live.second, "/MfaConfiguration")?;
    set_whole_spec(live)?;
    live.attributes = live::attributes(live, aws.place());
    Ok(())
}

/// The spec of a pool from both of its bodies.
pub fn set_whole_spec(live: &mut Live) -> Result<(), Error> {
    let mut body = live.body.clone();
    // Pools from before the template have only the legacy messages, which are the same texts.
    let legacy = [
        ("SmsVerificationMessage", "SmsMessage"),
        ("EmailVerificationMessage", "EmailMessage"),
        ("EmailVerificationSubject", "EmailSubject"),
    ];
    for (old, new) in legacy {
        let text = body.get(old).filter(|text| text.as_str().is_some_and(|text| !text.is_empty())).cloned();
        let template =
            body.as_object_mut().map(|body| body.entry("VerificationMessageTemplate").or_insert_with(|| json!({})));
        if let (Some(text), Some(Value::Object(template))) = (text, template) {
            template.entry(new).or_insert(text);
        }
    }
    let pool = body::from_api(Kind::UserPool, &body);
    let mfa = body::from_api(Kind::UserPool, &live.second);
    live.set_spec(merge(&[&pool, &mfa]))
}

/// Makes a pool, without triggers and with MFA off, and gives its id. After a failure that may have
/// had its effect all the same it looks for a pool with these tags.
pub async fn create(aws: &Aws, wanted: &Value, declared: &Value, tags: &Tags) -> Result<String, Error> {
    let body = create_body(wanted, declared, tags);
    let name = text(&body, "/PoolName")?;
    let answer = aws.call(Operation::CreateUserPool, body).await;
    match answer.and_then(|response| super::made(Operation::CreateUserPool, &response, "/UserPool/Id")) {
        Ok(id) => twin::settle(aws, Kind::UserPool, &id, &name, tags).await.map(|()| id),
        Err(error) if is_ambiguous(&error) => {
            super::found_after(twin::look_for(aws, Kind::UserPool, &name, tags).await, error)
        }
        Err(error) => Err(error),
    }
}

/// The body of a create.
#[must_use]
pub fn create_body(wanted: &Value, declared: &Value, tags: &Tags) -> Value {
    let first = without(wanted, &[&["triggers", "tags"], MFA_PROPERTIES].concat());
    let mut body = for_create(Kind::UserPool, &first, declared, Operation::CreateUserPool.input());
    if let Some(attributes) = body.get_mut("Schema").and_then(Value::as_array_mut) {
        // One that is called like a standard attribute would become that one here; it is added later.
        attributes
            .retain(|attribute| !STANDARD_ATTRIBUTES.iter().any(|name| attribute["Name"] == format!("{CUSTOM}{name}")));
        attributes.iter_mut().for_each(strip_prefix);
    }
    body["UserPoolTags"] = json!(tags);
    body
}

/// AWS puts `custom:` in front of a custom attribute's name by itself.
fn strip_prefix(attribute: &mut Value) {
    let Some(name) = attribute.get("Name").and_then(Value::as_str) else { return };
    let bare = name.strip_prefix("dev:").unwrap_or(name);
    attribute["Name"] = json!(bare.strip_prefix("custom:").unwrap_or(bare));
}

/// All there are in the account and region.
pub async fn list(aws: &Aws) -> Result<Vec<Listed>, Error> {
    let pools = aws.list(Operation::ListUserPools, json!({"MaxResults": 60}), "UserPools").await?;
    pools
        .iter()
        .map(|pool| {
            Ok(Listed {
                id: text(pool, "/Id")?,
                name: text(pool, "/Name")?,
                modified: pool.get("LastModifiedDate").and_then(Value::as_f64),
            })
        })
        .collect()
}

/// Brings a pool into line. `changed` are the top-level properties that differ; `tags` are all that
/// it is to carry.
pub async fn update(
    aws: &Aws,
    live: &Live,
    wanted: &Value,
    declared: &Value,
    tags: &Tags,
    changed: &[&str],
) -> Result<(), Error> {
    set_tags(aws, live, tags).await?;
    add_attributes(aws, live, wanted).await?;
    let pool =
        changed.iter().any(|property| !MFA_PROPERTIES.contains(property) && !["tags", "schema"].contains(property));
    let first = before_the_pool(live, wanted, changed);
    if first.is_some() && wanted.get("emailMfaConfiguration").is_some() && !sends_by_ses(&live.spec) {
        // The new factor needs the pool to send by SES, and the old one to go on sending until it is gone.
        let mut between = wanted.clone();
        if let Some(sms) = live.spec.get("smsConfiguration").filter(|_| wanted.get("smsConfiguration").is_none()) {
            between["smsConfiguration"] = sms.clone();
        }
        let body = update_body(live, &between, declared, tags, mfa_of(&live.spec));
        aws.call(Operation::UpdateUserPool, body).await?;
    } else if first.is_some() && has_lower_tier(&live.spec, wanted) {
        // The new factors may need the higher tier.
        let mut between = live.spec.clone();
        between["userPoolTier"] = wanted.get("userPoolTier").cloned().unwrap_or_default();
        let body = update_body(live, &between, &Value::Null, tags, mfa_of(&live.spec));
        aws.call(Operation::UpdateUserPool, body).await?;
    }
    if let Some(first) = &first {
        aws.call(Operation::SetUserPoolMfaConfig, mfa_body(live, first, declared)).await?;
    }
    let held = first.as_ref().unwrap_or(&live.spec);
    if pool {
        aws.call(Operation::UpdateUserPool, update_body(live, wanted, declared, tags, mfa_of(held))).await?;
    }
    if MFA_PROPERTIES.iter().any(|property| held.get(*property) != wanted.get(*property)) {
        aws.call(Operation::SetUserPoolMfaConfig, mfa_body(live, wanted, declared)).await?;
    }
    Ok(())
}

fn mfa_of(spec: &Value) -> &str {
    spec.get("mfaConfiguration").and_then(Value::as_str).unwrap_or("OFF")
}

fn sends_by_ses(spec: &Value) -> bool {
    spec.pointer("/emailConfiguration/emailSendingAccount").and_then(Value::as_str) == Some("DEVELOPER")
}

/// The multi-factor settings that must be in force before the pool changes, if any: a factor goes
/// before what it rests on, and a strict setting is loosened before the pool takes what it forbids.
/// Otherwise the pool goes first, so that a new factor finds what it needs.
fn before_the_pool(live: &Live, wanted: &Value, changed: &[&str]) -> Option<Value> {
    let differs = changed.iter().any(|property| MFA_PROPERTIES.contains(property));
    let no_sms = live.spec.get("smsConfiguration").is_some() && wanted.get("smsConfiguration").is_none();
    if mfa_of(&live.spec) == "OFF" || !(differs || no_sms) {
        return None;
    }
    let steps_down = mfa_of(wanted) == "OFF"
        || has_lower_tier(wanted, &live.spec)
        || no_sms
        || (sends_by_ses(&live.spec) && !sends_by_ses(wanted));
    let passkeys = "webAuthnConfiguration";
    // While users must have several factors, a passkey that they begin with has to be as good as two.
    let strict = mfa_of(&live.spec) == "ON" && mfa_of(wanted) == "ON";
    let held = if strict && begins_with_passkeys(&live.spec) { &live.spec } else { wanted };
    let passkeys_then = held.get(passkeys).cloned().unwrap_or_default();
    let loosens = mfa_of(&live.spec) == "ON" && (!strict || live.spec.get(passkeys) != Some(&passkeys_then));
    let mut first = if steps_down { wanted.clone() } else { live.spec.clone() };
    // What is required of all comes last, when the pool has let go of what that forbids.
    let stricter = mfa_of(wanted) == "ON" && mfa_of(&live.spec) != "ON";
    first["mfaConfiguration"] = json!(mfa_of(if stricter { &live.spec } else { wanted }));
    first[passkeys] = passkeys_then;
    (steps_down || loosens).then_some(first)
}

fn begins_with_passkeys(spec: &Value) -> bool {
    let factors = spec.pointer("/policies/signInPolicy/allowedFirstAuthFactors").and_then(Value::as_array);
    factors.is_some_and(|factors| factors.contains(&json!("WEB_AUTHN")))
}

/// The body of `UpdateUserPool`: the whole pool. `mfa` is the MFA setting that is live at that
/// moment, since it is changed by a call of its own.
#[must_use]
pub fn update_body(live: &Live, wanted: &Value, declared: &Value, tags: &Tags, mfa: &str) -> Value {
    let read = answered(Operation::DescribeUserPool, "UserPool");
    let input = Operation::UpdateUserPool.input();
    let mut body = body::complete(Kind::UserPool, wanted, &live.body, input, read, NEVER_ECHOED);
    body["UserPoolId"] = json!(live.id);
    body["MfaConfiguration"] = json!(mfa);
    body["UserPoolTags"] = json!(ownership::sendable(tags));
    let history = "/Policies/PasswordPolicy/PasswordHistorySize";
    let forget = live.body.pointer(history).is_some_and(|size| *size != 0) && body.pointer(history).is_none();
    if let Some(policy) = body.pointer_mut("/Policies/PasswordPolicy").filter(|_| forget) {
        policy["PasswordHistorySize"] = json!(0);
    }
    if let Some(members) = body.as_object_mut() {
        // An empty object removes all triggers; leaving it out is not sure to.
        members.entry("LambdaConfig").or_insert_with(|| json!({}));
        // An old pool without one behaves unlike any that can be written.
        if live.body.get("AccountRecoverySetting").is_none() && declared.get("accountRecoverySetting").is_none() {
            members.remove("AccountRecoverySetting");
        }
        // AWS shows its own values, which the lowest tier may not send.
        if members.get("AcrConfiguration").is_some_and(is_default_acr) || wanted["userPoolTier"] == "LITE" {
            members.remove("AcrConfiguration");
        }
    }
    body
}

fn is_default_acr(levels: &Value) -> bool {
    let levels = levels.as_object().into_iter().flatten();
    levels.into_iter().all(|(level, value)| {
        let number = level.trim_start_matches("Level");
        value.get("AcrValue").and_then(Value::as_str) == Some(&format!("urn:cognito:loa:{number}"))
    })
}

/// The body of `SetUserPoolMfaConfig`: all of it, since the call replaces all of it. AWS refuses
/// factors beside OFF. SMS is a factor only where it is declared: AWS goes on showing its settings
/// after it was turned off.
#[must_use]
pub fn mfa_body(live: &Live, wanted: &Value, declared: &Value) -> Value {
    let input = Operation::SetUserPoolMfaConfig.input();
    let read = Operation::GetUserPoolMfaConfig.output();
    let mut body = body::complete(Kind::UserPool, wanted, &live.second, input, read, &[]);
    let Some(members) = body.as_object_mut() else { return body };
    let off = mfa_of(wanted) == "OFF";
    let sms = declared.get("smsMfaConfiguration").is_some() && wanted.get("smsConfiguration").is_some();
    members.retain(|member, _| match member.as_str() {
        "SmsMfaConfiguration" => !off && sms,
        "SoftwareTokenMfaConfiguration" | "EmailMfaConfiguration" => !off,
        _ => true,
    });
    if let Some(factor) = members.get_mut("SmsMfaConfiguration").and_then(Value::as_object_mut) {
        // The pool and the factor share these; the spec keeps them on the pool.
        let shared = ["smsConfiguration", "smsAuthenticationMessage"];
        let shared: Map<String, Value> =
            shared.iter().filter_map(|key| Some(((*key).to_owned(), wanted.get(*key)?.clone()))).collect();
        let shared = body::to_api(Kind::UserPool, &Value::Object(shared), Operation::UpdateUserPool.input());
        factor.extend(shared.as_object().cloned().unwrap_or_default());
    }
    let defaults = Kind::UserPool.defaults();
    if live.second.get("WebAuthnConfiguration").is_none()
        && wanted.get("webAuthnConfiguration") == defaults.get("webAuthnConfiguration")
    {
        members.remove("WebAuthnConfiguration");
    }
    body["UserPoolId"] = json!(live.id);
    body
}

async fn add_attributes(aws: &Aws, live: &Live, wanted: &Value) -> Result<(), Error> {
    let named =
        |spec: &Value| -> Vec<Value> { spec.get("schema").and_then(Value::as_array).cloned().unwrap_or_default() };
    let before = named(&live.spec);
    // A standard attribute is always there; sent here it would become a custom one of that name.
    let is_new = |attribute: &Value| {
        let custom = attribute.get("name").and_then(Value::as_str).is_some_and(|name| name.contains(':'));
        custom && !before.iter().any(|old| old.get("name") == attribute.get("name"))
    };
    let new: Vec<Value> = named(wanted).into_iter().filter(is_new).collect();
    for some in new.chunks(ATTRIBUTES_AT_ONCE) {
        let input = Operation::CreateUserPool.input();
        let body = body::to_api(Kind::UserPool, &json!({"schema": some}), input);
        let mut attributes = body.get("Schema").cloned().unwrap_or_default();
        attributes.as_array_mut().into_iter().flatten().for_each(strip_prefix);
        let request = json!({"UserPoolId": live.id, "CustomAttributes": attributes});
        match aws.call(Operation::AddCustomAttributes, request).await {
            // Added by an earlier try whose answer was lost; whether it is the same is seen afterwards.
            Err(error) if error.to_string().contains("Existing attribute already has name") => {}
            answer => drop(answer?),
        }
    }
    Ok(())
}

/// Brings a pool's tags to these, whatever they are.
pub async fn set_tags(aws: &Aws, live: &Live, tags: &Tags) -> Result<(), Error> {
    let (set, remove) = ownership::tag_changes(&live.tags, tags);
    let arn = text(&live.body, "/Arn")?;
    let crowded = !ownership::have_room(&set, &live.tags);
    let set: Tags = set.into_iter().collect();
    // What another stack has claimed goes before the pool becomes this stack's own: were it cut off
    // in between, that would be taken for this stack's.
    let another = live.tags.get(ownership::STACK) != tags.get(ownership::STACK);
    let (first, last) = remove.split_at(if another || crowded { remove.len() } else { 0 });
    untag(aws, &arn, first).await?;
    if !set.is_empty() {
        aws.call(Operation::TagResource, json!({"ResourceArn": arn, "Tags": set})).await?;
    }
    untag(aws, &arn, last).await
}

async fn untag(aws: &Aws, arn: &str, keys: &[String]) -> Result<(), Error> {
    if keys.is_empty() {
        return Ok(());
    }
    aws.call(Operation::UntagResource, json!({"ResourceArn": arn, "TagKeys": keys})).await.map(drop)
}

/// Turns a pool's deletion protection off, and changes nothing else.
pub async fn unprotect(aws: &Aws, live: &Live) -> Result<(), Error> {
    let mut body = update_body(live, &live.spec, &live.spec, &live.tags, mfa_of(&live.spec));
    body["DeletionProtection"] = json!("INACTIVE");
    aws.call(Operation::UpdateUserPool, body).await.map(drop)
}

/// Deletes a pool. That it is gone already is fine.
pub async fn delete(aws: &Aws, id: &str) -> Result<(), Error> {
    found(aws.call(Operation::DeleteUserPool, json!({"UserPoolId": id})).await).map(drop)
}
