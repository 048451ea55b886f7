//! What AWS refuses of a client's settings: what contradicts itself, and what its pool does not
//! have.

use serde_json::Value;

use super::super::super::refusal::Refusal;
use super::Wanted;
use super::{oauth, tokens};

/// What no client may write, although the pool has it.
const NEVER_WRITTEN: &[&str] = &["email_verified", "phone_number_verified", "sub"];

/// Refuses what cannot be.
pub(super) fn check(wanted: &Wanted<'_>) -> Result<(), Refusal> {
    tokens::check(wanted)?;
    attributes(wanted)?;
    auth_flows(wanted)?;
    rotation(wanted)?;
    providers(wanted)?;
    oauth::check(wanted)?;
    analytics(wanted)?;
    if wanted.flag("EnablePropagateAdditionalUserContextData") && !wanted.confidential {
        return Err(Refusal::invalid(
            "Client Secret is required to set EnablePropagateAdditionalUserContextData as true",
        ));
    }
    Ok(())
}

fn attributes(wanted: &Wanted<'_>) -> Result<(), Refusal> {
    let schema: Vec<&Value> =
        wanted.pool.body.get("SchemaAttributes").and_then(Value::as_array).into_iter().flatten().collect();
    let name = |attribute: &Value| attribute.get("Name").and_then(Value::as_str).unwrap_or_default().to_owned();
    let known: Vec<String> = schema.iter().map(|attribute| name(attribute)).collect();
    let invalid = |what: &str| {
        Err(Refusal::invalid(format!("Invalid {what} attributes specified while {} a client", wanted.doing)))
    };
    let is_known = |own: &&str| known.iter().any(|name| name == own);
    if !wanted.list("ReadAttributes").iter().all(is_known) {
        return invalid("read");
    }
    let written = wanted.list("WriteAttributes");
    if written.is_empty() {
        return Ok(());
    }
    let required = schema.iter().filter(|attribute| attribute.get("Required") == Some(&Value::Bool(true)));
    let mut required = required.map(|attribute| name(attribute)).filter(|own| !NEVER_WRITTEN.contains(&own.as_str()));
    if written.iter().any(|own| NEVER_WRITTEN.contains(own) || !is_known(own))
        || required.any(|own| !written.contains(&own.as_str()))
    {
        return invalid("write");
    }
    Ok(())
}

fn auth_flows(wanted: &Wanted<'_>) -> Result<(), Refusal> {
    let flows = wanted.list("ExplicitAuthFlows");
    let modern = flows.iter().filter(|flow| flow.starts_with("ALLOW_")).count();
    if modern > 0 && modern < flows.len() {
        return Err(Refusal::invalid("Auth flow name with prefix 'ALLOW' cannot be used with legacy auth flow names."));
    }
    if flows.contains(&"ALLOW_USER_AUTH") { needs_essentials(wanted, "ALLOW_USER_AUTH") } else { Ok(()) }
}

fn rotation(wanted: &Wanted<'_>) -> Result<(), Refusal> {
    let rotation = wanted.body.get("RefreshTokenRotation");
    let feature = rotation.and_then(|rotation| rotation.get("Feature")).and_then(Value::as_str);
    if feature != Some("ENABLED") {
        return Ok(());
    }
    let flows = wanted.list("ExplicitAuthFlows");
    if flows.is_empty() || flows.contains(&"ALLOW_REFRESH_TOKEN_AUTH") {
        return Err(Refusal::invalid(
            "Refresh token rotation cannot be enabled along with the ALLOW_REFRESH_TOKEN_AUTH auth flow.",
        ));
    }
    needs_essentials(wanted, "Refresh token rotation")
}

/// Refuses in a pool of the lowest tier.
fn needs_essentials(wanted: &Wanted<'_>, what: &str) -> Result<(), Refusal> {
    if wanted.pool.body.get("UserPoolTier").and_then(Value::as_str) == Some("LITE") {
        let message = format!("{what} is not available in the LITE tier of a user pool.");
        return Err(Refusal::of("FeatureUnavailableInTierException", message));
    }
    Ok(())
}

fn providers(wanted: &Wanted<'_>) -> Result<(), Refusal> {
    let named = wanted.list("SupportedIdentityProviders");
    match named.iter().find(|name| **name != "COGNITO" && !wanted.pool.providers.contains_key(**name)) {
        Some(name) => {
            let pool = wanted.pool_id;
            Err(Refusal::invalid(format!("The provider {name} does not exist for User Pool {pool}.")))
        }
        None => Ok(()),
    }
}

fn analytics(wanted: &Wanted<'_>) -> Result<(), Refusal> {
    let Some(analytics) = wanted.body.get("AnalyticsConfiguration") else { return Ok(()) };
    let given = |member: &str| analytics.get(member).and_then(Value::as_str).is_some();
    let of_id = ["ApplicationId", "RoleArn", "ExternalId"].iter().filter(|member| given(member)).count();
    let Some(arn) = analytics.get("ApplicationArn").and_then(Value::as_str) else {
        return if of_id == 3 { Ok(()) } else { Err(mixed()) };
    };
    if of_id > 0 {
        return Err(mixed());
    }
    match arn.split(':').nth(3).filter(|region| *region != wanted.region) {
        Some(region) => Err(Refusal::invalid(format!(
            "The integration with Pinpoint is not supported for the requested {region} region."
        ))),
        None => Ok(()),
    }
}

fn mixed() -> Refusal {
    Refusal::invalid(
        "Invalid analytics configuration given, either <application arn> or \
         <application id, role arn, external id> are valid",
    )
}
