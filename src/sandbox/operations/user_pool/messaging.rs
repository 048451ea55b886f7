//! What a pool sends, and through whom: verification messages and invitations, email by SES, text
//! messages by SNS or End User Messaging.

use serde_json::{Map, Value, json};

use super::super::super::refusal::Refusal;
use super::super::super::state::Body;
use super::settings::part;

/// Members of the template for verification messages, and the older members that show the same.
const MIRRORED: [(&str, &str); 3] = [
    ("SmsMessage", "SmsVerificationMessage"),
    ("EmailMessage", "EmailVerificationMessage"),
    ("EmailSubject", "EmailVerificationSubject"),
];

/// The template for verification messages, with the older members that mirror it.
pub(super) fn verification(input: &Value) -> Result<Body, Refusal> {
    let mut template = part(input, "VerificationMessageTemplate").unwrap_or_default();
    let mut members = Map::new();
    for (new, old) in MIRRORED {
        let sent = input.get(old).filter(|value| !value.is_null());
        match (template.get(new), sent) {
            (Some(text), Some(sent)) if text != sent => {
                return Err(Refusal::invalid(format!(
                    "{old} and the {new} of VerificationMessageTemplate must be the same."
                )));
            }
            (None, Some(sent)) => {
                template.insert(new.to_owned(), sent.clone());
            }
            _ => {}
        }
        members.extend(template.get(new).map(|text| (old.to_owned(), text.clone())));
    }
    template.entry("DefaultEmailOption").or_insert_with(|| json!("CONFIRM_WITH_CODE"));
    members.insert("VerificationMessageTemplate".to_owned(), Value::Object(template));
    Ok(members)
}

/// Whether invitations name the user and the password.
pub(super) fn invitation(invitations: &Body) -> Result<(), Refusal> {
    let template = invitations.get("InviteMessageTemplate");
    for member in ["SMSMessage", "EmailMessage"] {
        let message = template.and_then(|template| template.get(member)?.as_str());
        if message.is_some_and(|message| !message.contains("{username}") || !message.contains("{####}")) {
            return Err(Refusal::invalid(format!(
                "Invalid InviteMessageTemplate: {member} must contain both {{username}} and {{####}}."
            )));
        }
    }
    Ok(())
}

/// How email is sent.
pub(super) fn email(input: &Value) -> Value {
    let mut email = part(input, "EmailConfiguration").unwrap_or_default();
    email.entry("EmailSendingAccount").or_insert_with(|| json!("COGNITO_DEFAULT"));
    Value::Object(email)
}

/// Whether email can be sent so.
pub(super) fn check_email(email: &Value, account: &str, region: &str) -> Result<(), Refusal> {
    let own_identity = email.get("EmailSendingAccount").and_then(Value::as_str) == Some("DEVELOPER");
    match email.get("SourceArn").and_then(Value::as_str) {
        Some(source) => check_sender(source, account, region),
        None if own_identity => Err(Refusal::invalid("SourceArn is required when EmailSendingAccount is DEVELOPER.")),
        None => Ok(()),
    }
}

/// Whether an identity of SES can be a pool's sender.
pub(in super::super) fn check_sender(source: &str, account: &str, region: &str) -> Result<(), Refusal> {
    let mut parts = source.split(':').skip(3);
    let (own_region, own_account) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let allowed = ses_regions(region);
    if !allowed.contains(&own_region) {
        let allowed = allowed.join(", ");
        return Err(Refusal::invalid(format!(
            "Provided SourceArn must be in one of the following SES regions: {allowed}."
        )));
    }
    if own_account != account {
        return Err(Refusal::of("NotAuthorizedException", "Email arn does not belong to your account"));
    }
    Ok(())
}

/// Where the identity of a pool's sender may be.
fn ses_regions(region: &str) -> Vec<&str> {
    const OWN_ONLY: &[&str] = &["us-west-1", "eu-west-3", "eu-north-1", "eu-south-1", "me-south-1", "sa-east-1"];
    if OWN_ONLY.contains(&region) {
        return vec![region];
    }
    let mut regions = vec!["eu-west-1", "us-east-1", "us-west-2"];
    if !regions.contains(&region) {
        regions.push(region);
        regions.sort_unstable();
    }
    regions
}

/// How text messages are sent; the region of SNS is filled in.
pub(in super::super) fn sms(sent: Option<&Value>, region: &str) -> Result<Option<Value>, Refusal> {
    let Some(mut sms) = sent.and_then(Value::as_object).filter(|sms| !sms.is_empty()).cloned() else {
        return Ok(None);
    };
    let sns = sms.get("SnsCallerArn").and_then(Value::as_str).is_some_and(|arn| !arn.is_empty());
    let messaging = sms.get("EumsSms").is_some_and(Value::is_object);
    if sns && messaging {
        return Err(Refusal::invalid("SnsCallerArn cannot be combined with AWS End User Messaging (EumsSms)."));
    }
    if !sns && !messaging {
        return Err(Refusal::invalid("SnsCallerArn or EumsSms is required in SmsConfiguration."));
    }
    if sns {
        let allowed = sns_regions(region);
        let default = allowed.first().copied().unwrap_or(region);
        let own = sms.entry("SnsRegion").or_insert_with(|| json!(default));
        if !own.as_str().is_some_and(|own| allowed.contains(&own)) {
            let allowed = allowed.join(", ");
            return Err(Refusal::invalid(format!("Invalid snsRegion. Allowed SNS region for {region} is {allowed}")));
        }
    }
    Ok(Some(Value::Object(sms)))
}

/// Where a pool may send text messages from; first where it does so unless told.
fn sns_regions(region: &str) -> Vec<&str> {
    match region {
        "us-east-2" | "ca-central-1" => vec![region, "us-east-1"],
        "eu-central-1" | "eu-west-2" => vec![region, "eu-west-1"],
        "ap-south-1" => vec![region, "ap-southeast-1"],
        "ap-northeast-2" => vec!["ap-northeast-1"],
        _ => vec![region],
    }
}
