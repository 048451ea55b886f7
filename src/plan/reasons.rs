//! What AWS cannot do, what a change loses, and what a reviewer must not miss: the words of a plan.

use serde_json::{Value, json};

use super::Change;
use crate::diff::{Difference, Rule};
use crate::kind::Kind;
use crate::kind::user_pool::MFA_PROPERTIES;
use crate::live::Live;
use crate::path::{Path, Segment};

/// Whether AWS has no way to make this change in place.
pub(super) fn is_stuck(kind: Kind, live: &Live, difference: &Difference) -> bool {
    let Change { path, declared, live: before, .. } = &difference.change;
    let top = path.segments().first().map(|segment| Path::from_iter([segment.clone()]).to_string());
    match (kind, top.as_deref()) {
        // Only custom attributes are ever added; a standard one is as it was made.
        (Kind::UserPool, Some("schema")) => {
            let name = path.segments().get(1).map(|segment| Path::from_iter([segment.clone()]));
            let custom = name.is_some_and(|name| {
                name.last_key().is_some_and(|name| name.starts_with("custom:") || name.starts_with("dev:"))
            });
            !custom || path.segments().len() > 2 || before.is_some()
        }
        // A group's members are only ever set, never cleared.
        (Kind::Group, _) => declared.is_none(),
        // The secret cannot be told from none when AWS does not show it.
        (Kind::Client, Some("clientSecret")) if live.body.get("ClientSecret").is_none() => false,
        _ => difference.rule == Rule::CreateOnly,
    }
}

/// Why changes cannot be made, and what can be done.
pub(super) fn why_stuck(kind: Kind, address: &Path, stuck: &[&Change]) -> Vec<String> {
    let (cleared, changed): (Vec<&Change>, Vec<&Change>) =
        stuck.iter().partition(|change| change.live.is_some() && change.declared.is_none());
    let told = |what: &str, changes: &[&Change]| {
        let names: Vec<String> = changes.iter().map(|change| format!("`{}`", change.path)).collect();
        format!("{what} {} of a live {}; {}", names.join(", "), kind.title(), way_out(kind, address))
    };
    // Of a pool each has its own way out.
    let portions = if kind.parent().is_some() { usize::MAX } else { 1 };
    let cleared = cleared.chunks(portions).map(|changes| told("AWS has no way to clear", changes));
    cleared.chain(changed.chunks(portions).map(|changes| told("AWS cannot change", changes))).collect()
}

/// What can be done about a change that AWS cannot make.
fn way_out(kind: Kind, address: &Path) -> String {
    match kind {
        Kind::UserPool | Kind::IdentityPool => {
            "a pool is never replaced: go back to the live value, or add it to `ignoreChanges`".to_owned()
        }
        Kind::Function => "go back to the live value, or declare it under another key".to_owned(),
        _ => format!(
            "go back to the live value, or have it replaced: --replace {} ({})",
            quote(address),
            what_is_lost(kind)
        ),
    }
}

/// What deleting one loses.
pub(super) fn what_is_lost(kind: Kind) -> &'static str {
    match kind {
        Kind::Client => "its client id and secret, which apps are configured with, and all refresh tokens are lost",
        Kind::Domain => "its addresses stop working, and another account may take a prefix",
        Kind::IdentityProvider => "users of this provider cannot sign in while it is missing",
        Kind::ResourceServer => "tokens with its scopes are no longer issued",
        Kind::Group => "its memberships are lost",
        Kind::Function => "the function, its versions and its policy are lost",
        Kind::UserPool => "all users and everything in the pool are lost for good",
        Kind::IdentityPool => "the identity ids of all its users are lost for good",
        Kind::UiCustomization => "the classic sign-in pages look as AWS has them, or as the pool does",
        Kind::RiskConfiguration => "risky sign-ins are treated as AWS has it, or as the pool does",
        Kind::LogConfigurations => "nothing is logged any more",
        Kind::ManagedLoginBranding => "while it is missing, the client's managed login pages are unavailable",
        Kind::Terms => "managed login does not link to it any more",
        Kind::Replica => "nobody can sign in there any more, and its own settings are lost",
    }
}

/// Changes that can be made, and that a reviewer must not miss.
pub(super) fn warnings(live: &Live, declared: &Value, differences: &[Difference]) -> Vec<String> {
    let kind = live.kind;
    let changes = |path: &str| differences.iter().find(|found| found.change.path.to_string() == path);
    let mut warnings = Vec::new();
    if kind == Kind::UserPool && changes("issuerConfiguration.type").is_some() {
        warnings.push("the `iss` of all tokens changes, so whoever verifies them must know the new issuer".to_owned());
    }
    if kind == Kind::UserPool && changes("webAuthnConfiguration.relyingPartyId").is_some() {
        warnings.push("passkeys that were registered for the old relying party stop working".to_owned());
    }
    if kind == Kind::Replica && changes("status").is_some_and(|found| found.change.declared == Some(json!("INACTIVE")))
    {
        warnings.push("nobody can sign in there any more".to_owned());
    }
    let classic = changes("allowClassicFlow").is_some_and(|found| found.change.declared == Some(json!(true)));
    if kind == Kind::IdentityPool && classic {
        warnings.push("the classic flow lets the client choose the role, past the role mappings".to_owned());
    }
    let top = |difference: &Difference| difference.change.path.segments().first().cloned();
    let mfa = |difference: &Difference| {
        MFA_PROPERTIES.iter().any(|property| top(difference) == Some(Segment::Key((*property).to_owned())))
    };
    let sms = "smsMfaConfiguration";
    if differences.iter().any(mfa) && live.spec.get(sms).is_some() && declared.get(sms).is_none() {
        warnings
            .push(format!("AWS shows SMS settings for MFA; without `{sms}` in the file SMS is no factor afterwards"));
    }
    warnings
}

/// That something had another address.
pub(super) fn it_was(former: &Path) -> String {
    format!("it was {former} before")
}

/// That what had another address is not there.
pub(super) fn it_was_nowhere(former: &Path) -> String {
    format!("`renamedFrom: {former}` names nothing that is live, so a new one is made")
}

/// That something is taken over from another stack.
pub(super) fn it_belongs_to((stack, address): (&str, &str)) -> String {
    format!(
        "it belongs to stack {stack} as {address}, and is taken over: that stack's file must not declare it any more"
    )
}

/// An address as it is typed in a shell.
pub(super) fn quote(address: &Path) -> String {
    let text = address.to_string();
    if text.contains(['[', '"']) { format!("'{text}'") } else { text }
}
