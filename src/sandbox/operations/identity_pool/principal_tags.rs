//! Principal tags: which of a provider's claims become tags of a session.

use serde_json::{Value, json};

use super::super::super::refusal::Refusal;
use super::super::super::state::Body;
use super::super::world::{World, text};
use super::providers;

/// `SetPrincipalTagAttributeMap`, which replaces what was set for the provider.
pub(in super::super) fn set_principal_tag_attribute_map(
    world: &mut World<'_>,
    input: &Value,
) -> Result<Value, Refusal> {
    let pool = world.identity_pool()?;
    let provider = text(input, "IdentityProviderName");
    if !providers::trusts(&pool.body, provider, false) {
        return Err(Refusal::invalid(format!("{provider} is not a configured provider of this identity pool.")));
    }
    let given = input.get("PrincipalTags").cloned().unwrap_or_else(|| json!({}));
    let defaults = json!({"username": "sub", "client": "aud"});
    let use_defaults = input.get("UseDefaults").and_then(Value::as_bool).unwrap_or_default();
    let tags = match (use_defaults, given.as_object().is_none_or(serde_json::Map::is_empty)) {
        (true, false) if given != defaults => {
            return Err(Refusal::invalid("PrincipalTags cannot be given together with UseDefaults."));
        }
        (true, _) => defaults,
        (false, _) => given,
    };
    let mut map = Body::new();
    map.insert("UseDefaults".to_owned(), Value::Bool(use_defaults));
    map.insert("PrincipalTags".to_owned(), tags);
    pool.principal_tags.insert(provider.to_owned(), map);
    get_principal_tag_attribute_map(world, input)
}

/// `GetPrincipalTagAttributeMap`.
pub(in super::super) fn get_principal_tag_attribute_map(
    world: &mut World<'_>,
    input: &Value,
) -> Result<Value, Refusal> {
    let pool = world.identity_pool()?;
    let provider = text(input, "IdentityProviderName");
    let mut answer = pool.principal_tags.get(provider).cloned().unwrap_or_else(|| {
        Body::from_iter([("UseDefaults".to_owned(), json!(false)), ("PrincipalTags".to_owned(), json!({}))])
    });
    answer.insert("IdentityPoolId".to_owned(), json!(text(input, "IdentityPoolId")));
    answer.insert("IdentityProviderName".to_owned(), json!(provider));
    Ok(Value::Object(answer))
}
