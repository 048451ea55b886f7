//! Identity providers. What is kept is what was sent; what AWS adds is added when it is shown.

use serde_json::{Map, Value, json};

use super::super::refusal::Refusal;
use super::super::state::{Body, UserPool};
use super::page::Listing;
use super::world::{World, text};

mod details;
mod saml;
#[cfg(test)]
mod tests;

/// Providers of a pool.
const PROVIDERS: usize = 300;
/// Members that a call may leave out.
const OPTIONAL: [&str; 4] = ["ProviderDetails", "AttributeMapping", "IdpIdentifiers", "AcrMapping"];

const PAGES: Listing = Listing { size: "MaxResults", token: "NextToken", items: "Providers", most: 60 };

/// `CreateIdentityProvider`.
pub(super) fn create(world: &mut World<'_>, input: &Value) -> Result<Value, Refusal> {
    let now = world.date();
    let pool = world.pool()?;
    let (name, kind) = (text(input, "ProviderName"), text(input, "ProviderType"));
    if pool.providers.contains_key(name) {
        let id = text(input, "UserPoolId");
        let message = format!("{name} already exists in user pool {id}");
        return Err(Refusal::of("DuplicateProviderException", message));
    }
    if pool.providers.len() >= PROVIDERS {
        return Err(Refusal::of("LimitExceededException", "The number of identity providers exceeds the limit."));
    }
    check_name(name, kind)?;
    let mut body = Body::new();
    for member in ["UserPoolId", "ProviderName", "ProviderType"] {
        body.insert(member.into(), json!(text(input, member)));
    }
    body.insert("CreationDate".into(), now.clone());
    change(&mut body, input, now);
    check(pool, &body, input)?;
    let mut answer = shown(&body);
    if !body.contains_key("IdpIdentifiers") {
        answer.remove("IdpIdentifiers");
    }
    pool.providers.insert(name.to_owned(), body);
    Ok(json!({"IdentityProvider": answer}))
}

/// `DescribeIdentityProvider`.
pub(super) fn describe(world: &mut World<'_>, input: &Value) -> Result<Value, Refusal> {
    let body = find(world.pool()?, input)?;
    Ok(json!({"IdentityProvider": shown(body)}))
}

/// `GetIdentityProviderByIdentifier`.
pub(super) fn by_identifier(world: &mut World<'_>, input: &Value) -> Result<Value, Refusal> {
    let identifier = text(input, "IdpIdentifier");
    let pool = world.pool()?;
    let body = pool.providers.values().find(|body| identifiers(body).any(|own| own == identifier));
    let body = body
        .ok_or_else(|| Refusal::missing(format!("Identity provider with identifier {identifier} does not exist.")))?;
    Ok(json!({"IdentityProvider": shown(body)}))
}

/// `UpdateIdentityProvider`. What is not said stays; details are replaced as a whole.
pub(super) fn update(world: &mut World<'_>, input: &Value) -> Result<Value, Refusal> {
    let now = world.date();
    let pool = world.pool()?;
    let mut body = find(pool, input)?.clone();
    change(&mut body, input, now);
    check(pool, &body, input)?;
    let answer = shown(&body);
    pool.providers.insert(text(input, "ProviderName").to_owned(), body);
    Ok(json!({"IdentityProvider": answer}))
}

/// `DeleteIdentityProvider`.
pub(super) fn delete(world: &mut World<'_>, input: &Value) -> Result<Value, Refusal> {
    let name = text(input, "ProviderName");
    let pool = world.pool()?;
    find(pool, input)?;
    let named = pool.clients.values().any(|client| {
        let supported = client.body.get("SupportedIdentityProviders").and_then(Value::as_array);
        supported.is_some_and(|supported| supported.iter().any(|own| own == name))
    });
    if named {
        return Err(Refusal::invalid(format!("Identity provider {name} is still supported by a user pool client.")));
    }
    pool.providers.remove(name);
    Ok(json!({}))
}

/// `ListIdentityProviders`.
pub(super) fn list(world: &mut World<'_>, input: &Value) -> Result<Value, Refusal> {
    let items = world.pool()?.providers.values().map(|body| {
        let members = ["ProviderName", "ProviderType", "LastModifiedDate", "CreationDate"];
        let members = members.iter().filter_map(|name| Some(((*name).to_owned(), body.get(*name)?.clone())));
        Value::Object(members.collect())
    });
    let items = items.collect();
    PAGES.page(input, items)
}

fn find<'a>(pool: &'a UserPool, input: &Value) -> Result<&'a Body, Refusal> {
    let name = text(input, "ProviderName");
    let body = pool.providers.get(name);
    body.ok_or_else(|| Refusal::missing(format!("Identity provider {name} does not exist.")))
}

/// Takes over what a call says.
fn change(body: &mut Body, input: &Value, now: Value) {
    for member in OPTIONAL {
        if let Some(value) = input.get(member).filter(|value| !value.is_null()) {
            body.insert(member.into(), value.clone());
        }
    }
    body.insert("LastModifiedDate".into(), now);
}

/// A provider as a Describe shows it.
fn shown(body: &Body) -> Body {
    let kind = body.get("ProviderType").and_then(Value::as_str).unwrap_or_default();
    let mut shown = body.clone();
    shown.insert("ProviderDetails".into(), Value::Object(details::shown(body, kind)));
    shown.insert("AttributeMapping".into(), Value::Object(mapping(body, kind)));
    shown.entry("IdpIdentifiers").or_insert_with(|| json!([]));
    shown
}

/// What attributes are filled from: what was said, and where the user's name comes from.
fn mapping(body: &Body, kind: &str) -> Map<String, Value> {
    let mut mapping = members(body, "AttributeMapping").cloned().unwrap_or_default();
    let username = match kind {
        "Google" | "SignInWithApple" => Some("sub"),
        "OIDC" if !mapping.is_empty() => Some("sub"),
        "Facebook" => Some("id"),
        "LoginWithAmazon" => Some("user_id"),
        _ => None,
    };
    if let Some(claim) = username {
        mapping.entry("username").or_insert_with(|| json!(claim));
    }
    mapping
}

/// A social provider is named as its type, and no other is.
fn check_name(name: &str, kind: &str) -> Result<(), Refusal> {
    let reserved = details::SOCIAL.contains(&name) || name.eq_ignore_ascii_case("cognito");
    if name != kind && (details::SOCIAL.contains(&kind) || reserved) {
        return Err(Refusal::invalid(format!("Provider {name} cannot be of type {kind}.")));
    }
    Ok(())
}

/// Whether a provider may be as it would be now.
fn check(pool: &UserPool, body: &Body, input: &Value) -> Result<(), Refusal> {
    let kind = body.get("ProviderType").and_then(Value::as_str).unwrap_or_default();
    if let Some(details) = input.get("ProviderDetails").and_then(Value::as_object) {
        details::check(details, kind)?;
    }
    if kind != "OIDC" && input.get("AcrMapping").is_some_and(|mapping| !mapping.is_null()) {
        return Err(Refusal::invalid("AcrMapping is supported only for OIDC identity providers."));
    }
    check_mapping(pool, &mapping(body, kind))?;
    check_identifiers(pool, body)
}

/// Attributes of the pool that can be filled, and all that must be.
fn check_mapping(pool: &UserPool, mapping: &Map<String, Value>) -> Result<(), Refusal> {
    let schema = pool.body.get("SchemaAttributes").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let wrong: Vec<&str> = mapping.keys().map(String::as_str).filter(|name| !can_be_filled(schema, name)).collect();
    if !wrong.is_empty() {
        return Err(Refusal::invalid(format!("AttributeMapping contains invalid mapping: [{}]", wrong.join(", "))));
    }
    let required = schema.iter().filter(|attribute| is(attribute, "Required")).map(|attribute| text(attribute, "Name"));
    let missing: Vec<&str> = required.filter(|name| *name != "sub" && !mapping.contains_key(*name)).collect();
    if !missing.is_empty() {
        let missing = missing.join(", ");
        return Err(Refusal::invalid(format!("The attribute mapping is missing required attributes [{missing}]")));
    }
    Ok(())
}

fn can_be_filled(schema: &[Value], name: &str) -> bool {
    match (name, schema.iter().find(|attribute| text(attribute, "Name") == name)) {
        ("username", _) => true,
        ("sub" | "identities", _) | (_, None) => false,
        (_, Some(attribute)) => !name.contains(':') || is(attribute, "Mutable"),
    }
}

fn is(attribute: &Value, member: &str) -> bool {
    attribute.get(member).and_then(Value::as_bool).unwrap_or_default()
}

/// An identifier says which provider is meant, so it is there once.
fn check_identifiers(pool: &UserPool, body: &Body) -> Result<(), Refusal> {
    let name = body.get("ProviderName");
    let others = pool.providers.values().filter(|other| other.get("ProviderName") != name);
    let mut known: Vec<&str> = others.flat_map(identifiers).collect();
    for identifier in identifiers(body) {
        if known.contains(&identifier) {
            return Err(Refusal::invalid(format!("The identifier {identifier} is already in use in the user pool.")));
        }
        known.push(identifier);
    }
    Ok(())
}

fn identifiers(body: &Body) -> impl Iterator<Item = &str> {
    let list = body.get("IdpIdentifiers").and_then(Value::as_array);
    list.into_iter().flatten().filter_map(Value::as_str)
}

fn members<'a>(body: &'a Body, member: &str) -> Option<&'a Map<String, Value>> {
    body.get(member).and_then(Value::as_object)
}

/// What AWS's documents leave open here, and what was decided.
pub(super) const UNCONFIRMED: &[&str] = &[
    "Nothing is fetched: neither an issuer's discovery document nor SAML metadata behind a MetadataURL.",
    "Addresses that an OIDC issuer's discovery document has are not shown, only those that were sent.",
    "A SAML provider with a MetadataURL shows no SSORedirectBindingURI, as the metadata is not fetched.",
    "The private_key of SignInWithApple is never shown, and must be sent with every change of the details.",
    "A detail that is known neither as one to send nor as one of AWS's own is refused for every type.",
    "AWS's own addresses of a social provider may be sent back, but what is shown stays AWS's own.",
    "An update that has ProviderDetails must have all that a creation needs.",
    "A mapping gets a username for every social type, even if it is emptied; for OIDC if it has anything else; for SAML never.",
    "An AcrMapping that an update leaves out stays, as the other parts do.",
    "No OIDC or SAML provider may have the name of a social type, or be named Cognito.",
    "An identifier that another provider of the pool has is refused.",
    "A mapping to a custom attribute that cannot change is refused; one to a standard attribute that cannot change is not.",
    "Attributes that the pool requires must be mapped whenever a provider is created or changed.",
    "A provider that a client still supports cannot be deleted.",
];
