//! Which of a pool's features its tier must pay for.

use serde_json::{Value, json};

use super::super::super::refusal::Refusal;
use super::super::super::state::Body;
use super::super::{domain, log_delivery, replica};
use super::rules::{Wanted, first_factors};

/// Tiers, the least first.
const TIERS: [&str; 3] = ["LITE", "ESSENTIALS", "PLUS"];

fn rank(tier: &str) -> usize {
    TIERS.iter().position(|own| *own == tier).unwrap_or_default()
}

/// Whether the tier has all that is used. One that is lowered below what is used is refused as such.
pub(super) fn check(wanted: &Wanted<'_>) -> Result<(), Refusal> {
    let tier = wanted.text("UserPoolTier", "");
    let before = wanted.old.and_then(|old| old.body.get("UserPoolTier")?.as_str());
    let Some((feature, needed)) = used(wanted).into_iter().find(|(_, needed)| rank(tier) < rank(needed)) else {
        return Ok(());
    };
    Err(match before.filter(|before| rank(tier) < rank(before)) {
        Some(before) => Refusal::of(
            "TierChangeNotAllowedException",
            format!("The tier cannot be changed from {before} to {tier}: {feature} requires {needed}."),
        ),
        None => Refusal::of(
            "FeatureUnavailableInTierException",
            format!("{feature} requires the tier {needed} or higher; the user pool's tier is {tier}."),
        ),
    })
}

/// The features in use that not every tier has, and the least tier that has them.
fn used(wanted: &Wanted<'_>) -> Vec<(&'static str, &'static str)> {
    let body = wanted.body;
    let at = |path: &str| pointer(body, path);
    let mut used = Vec::new();
    let mut need = |when: bool, feature: &'static str, tier: &'static str| {
        if when {
            used.push((feature, tier));
        }
    };
    let add_ons = at("UserPoolAddOns/AdvancedSecurityMode");
    need(add_ons.is_some_and(|mode| mode != "OFF"), "Threat protection", "PLUS");
    let custom_flows = at("UserPoolAddOns/AdvancedSecurityAdditionalFlows/CustomAuthMode");
    need(custom_flows.is_some(), "Threat protection of custom authentication", "PLUS");
    need(first_factors(body).any(|factor| factor != "PASSWORD"), "Passwordless sign-in", "ESSENTIALS");
    let version = at("LambdaConfig/PreTokenGenerationConfig/LambdaVersion");
    need(version.is_some_and(|version| version != "V1_0"), "Access token customization", "ESSENTIALS");
    need(wanted.mfa.contains_key("EmailMfaConfiguration"), "Email MFA", "ESSENTIALS");
    let passkeys = wanted.mfa.get("WebAuthnConfiguration").and_then(|passkeys| passkeys.get("FactorConfiguration"));
    need(passkeys == Some(&json!("MULTI_FACTOR_WITH_USER_VERIFICATION")), "Passkeys as two factors", "ESSENTIALS");
    need(at("Policies/PasswordPolicy/PasswordHistorySize").is_some(), "Password history", "ESSENTIALS");
    let renamed = (1..=4).any(|level| {
        at(&format!("AcrConfiguration/Level{level}/AcrValue"))
            .is_some_and(|name| *name != json!(format!("urn:cognito:loa:{level}")))
    });
    need(renamed, "Names of ACR levels", "ESSENTIALS");
    if let Some(old) = wanted.old {
        need(replica::standing(old, wanted.now).next().is_some(), replica::FEATURE, replica::TIER);
        let managed = domain::standing(old, wanted.now)
            .any(|(_, domain)| domain.body.get("ManagedLoginVersion") == Some(&json!(2)));
        let styled = old.clients.values().any(|client| !client.branding.is_empty());
        need(managed || styled, "Managed login", "ESSENTIALS");
        need(log_delivery::has_user_activity(&old.log_delivery), "Export of user activity", "PLUS");
        let choice = old.clients.values().any(|client| {
            let flows = client.body.get("ExplicitAuthFlows").and_then(Value::as_array);
            flows.is_some_and(|flows| flows.contains(&json!("ALLOW_USER_AUTH")))
        });
        need(choice, "Choice-based sign-in", "ESSENTIALS");
        let rotated = old.clients.values().any(|client| {
            let rotation = client.body.get("RefreshTokenRotation");
            rotation.and_then(|rotation| rotation.get("Feature")) == Some(&json!("ENABLED"))
        });
        need(rotated, "Refresh token rotation", "ESSENTIALS");
    }
    used
}

/// What stands under names in a body, unless it is null.
fn pointer<'a>(body: &'a Body, path: &str) -> Option<&'a Value> {
    let (first, rest) = path.split_once('/')?;
    body.get(first)?.pointer(&format!("/{rest}")).filter(|value| !value.is_null())
}
