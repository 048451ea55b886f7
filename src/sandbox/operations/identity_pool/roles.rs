//! The roles of an identity pool's identities, and the mappings from a provider's claims to roles.

use serde_json::{Map, Value, json};

use super::super::super::refusal::Refusal;
use super::super::super::state::Body;
use super::super::world::{World, text};
use super::providers;

/// How many providers may have a mapping, and how many rules each.
const MOST_MAPPINGS: usize = 10;
const MOST_RULES: usize = 25;

/// `GetIdentityPoolRoles`.
pub(in super::super) fn get_identity_pool_roles(world: &mut World<'_>, input: &Value) -> Result<Value, Refusal> {
    let mut answer = world.identity_pool()?.roles.clone();
    answer.insert("IdentityPoolId".to_owned(), json!(text(input, "IdentityPoolId")));
    Ok(Value::Object(answer))
}

/// `SetIdentityPoolRoles`, which replaces all that was set.
pub(in super::super) fn set_identity_pool_roles(world: &mut World<'_>, input: &Value) -> Result<Value, Refusal> {
    let account = world.call.account.clone();
    let pool = world.identity_pool()?;
    let roles = input.get("Roles").and_then(Value::as_object).cloned().unwrap_or_default();
    for (kind, role) in &roles {
        if !["authenticated", "unauthenticated"].contains(&kind.as_str()) {
            return Err(Refusal::invalid(format!("{kind} is not a valid role type.")));
        }
        check_role(role.as_str().unwrap_or_default(), &account)?;
    }
    let mappings = input.get("RoleMappings").and_then(Value::as_object).cloned().unwrap_or_default();
    if mappings.len() > MOST_MAPPINGS {
        return Err(Refusal::invalid(format!("The number of role mappings in the request exceeded {MOST_MAPPINGS}.")));
    }
    for (provider, mapping) in &mappings {
        check_mapping(&pool.body, provider, mapping, &account)?;
    }
    let mut set = Body::new();
    set.insert("Roles".to_owned(), Value::Object(roles));
    if !mappings.is_empty() {
        let mappings: Map<_, _> = mappings.into_iter().collect();
        set.insert("RoleMappings".to_owned(), Value::Object(mappings));
    }
    pool.roles = set;
    Ok(json!({}))
}

fn check_mapping(pool: &Body, provider: &str, mapping: &Value, account: &str) -> Result<(), Refusal> {
    if !providers::trusts(pool, provider, true) {
        return Err(Refusal::invalid(format!(
            "({provider}) is not a valid RoleMapping ProviderName or is not a configured provider."
        )));
    }
    if text(mapping, "AmbiguousRoleResolution").is_empty() {
        return Err(Refusal::invalid("AmbiguousRoleResolution is required for role mappings of type Token and Rules."));
    }
    let configuration = mapping.get("RulesConfiguration").filter(|configuration| !configuration.is_null());
    let rules = configuration.and_then(|configuration| configuration.get("Rules")).and_then(Value::as_array);
    match (text(mapping, "Type"), rules) {
        ("Rules", None) => Err(Refusal::invalid("RulesConfiguration is required for role mappings of type Rules.")),
        ("Rules", Some(rules)) if rules.is_empty() => {
            Err(Refusal::invalid("RulesConfiguration is required for role mappings of type Rules."))
        }
        ("Rules", Some(rules)) if rules.len() > MOST_RULES => {
            Err(Refusal::invalid(format!("The number of rules in the request exceeded {MOST_RULES}.")))
        }
        ("Rules", Some(rules)) => rules.iter().try_for_each(|rule| check_role(text(rule, "RoleARN"), account)),
        _ if configuration.is_some() => {
            Err(Refusal::invalid("RulesConfiguration is not allowed for role mappings of type Token."))
        }
        _ => Ok(()),
    }
}

/// A role can be passed on only inside its account.
fn check_role(arn: &str, account: &str) -> Result<(), Refusal> {
    let parts: Vec<&str> = arn.splitn(6, ':').collect();
    match parts.as_slice() {
        ["arn", _, "iam", "", own, resource] if resource.len() > 5 && resource.starts_with("role/") => {
            if *own == account {
                Ok(())
            } else {
                Err(Refusal::of("AccessDeniedException", "Cross-account pass role is not allowed."))
            }
        }
        _ => Err(Refusal::invalid(format!("{arn} is not a valid role ARN."))),
    }
}
