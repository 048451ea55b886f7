//! Aliases: names for versions.

use serde_json::{Value, json};

use super::super::super::refusal::Refusal;
use super::super::super::state::{Body, Function};
use super::super::world::{World, text};
use super::name::{Named, named};
use super::{LATEST, check_revision, conflict, find, invalid, missing, page, version};

/// `CreateAlias`.
pub(in super::super) fn create_alias(world: &mut World<'_>, input: &Value) -> Result<Value, Refusal> {
    let (named, name) = alias(world, input)?;
    let (arn, revision) = (named.at(&name).qualified(world), world.guid());
    let target = named.at(text(input, "FunctionVersion")).qualified(world);
    let function = find(world, &named)?;
    let mut body = Body::new();
    put(function, &mut body, input, &target)?;
    if function.aliases.contains_key(&name) {
        return Err(conflict(format!("Alias already exists: {arn}")));
    }
    body.entry("Description").or_insert_with(|| json!(""));
    body.insert("AliasArn".to_owned(), json!(arn));
    body.insert("Name".to_owned(), json!(name));
    body.insert("RevisionId".to_owned(), json!(revision));
    function.aliases.insert(name, body.clone());
    Ok(Value::Object(body))
}

/// `GetAlias`.
pub(in super::super) fn get_alias(world: &mut World<'_>, input: &Value) -> Result<Value, Refusal> {
    let (named, name) = alias(world, input)?;
    let arn = named.at(&name).qualified(world);
    let alias = find(world, &named)?.aliases.get(&name);
    alias.map(|alias| Value::Object(alias.clone())).ok_or_else(|| unknown(&arn))
}

/// `UpdateAlias`. What is not given stays.
pub(in super::super) fn update_alias(world: &mut World<'_>, input: &Value) -> Result<Value, Refusal> {
    let (named, name) = alias(world, input)?;
    let (arn, revision) = (named.at(&name).qualified(world), world.guid());
    let target = named.at(text(input, "FunctionVersion")).qualified(world);
    let function = find(world, &named)?;
    let mut body = function.aliases.get(&name).cloned().ok_or_else(|| unknown(&arn))?;
    check_revision(input, body.get("RevisionId"))?;
    put(function, &mut body, input, &target)?;
    body.insert("RevisionId".to_owned(), json!(revision));
    function.aliases.insert(name, body.clone());
    Ok(Value::Object(body))
}

/// `DeleteAlias`, with the alias's policy.
pub(in super::super) fn delete_alias(world: &mut World<'_>, input: &Value) -> Result<Value, Refusal> {
    let (named, name) = alias(world, input)?;
    let arn = named.at(&name).qualified(world);
    let function = find(world, &named)?;
    function.aliases.remove(&name).ok_or_else(|| unknown(&arn))?;
    function.policies.remove(&name);
    Ok(json!({}))
}

/// `ListAliases`, those of one version if one is given.
pub(in super::super) fn list_aliases(world: &mut World<'_>, input: &Value) -> Result<Value, Refusal> {
    let named = named(world, input)?;
    let version = input.get("FunctionVersion").filter(|version| !version.is_null());
    let aliases = find(world, &named)?.aliases.values();
    let fitting = aliases.filter(|alias| version.is_none_or(|version| alias.get("FunctionVersion") == Some(version)));
    page("Aliases", input, fitting.map(|alias| Value::Object(alias.clone())).collect())
}

/// The function and the name of the alias that the input names.
fn alias(world: &World<'_>, input: &Value) -> Result<(Named, String), Refusal> {
    Ok((named(world, input)?, text(input, "Name").to_owned()))
}

/// Puts what is given into an alias; `target` is the ARN of the version that is given.
fn put(function: &Function, body: &mut Body, input: &Value, target: &str) -> Result<(), Refusal> {
    let given = |member: &str| input.get(member).filter(|value| !value.is_null());
    let is_version = |version: &str| version::exists(function, version) && !function.aliases.contains_key(version);
    if let Some(version) = given("FunctionVersion") {
        if !version.as_str().is_some_and(is_version) {
            return Err(missing(format!("Function not found: {target}")));
        }
        body.insert("FunctionVersion".to_owned(), version.clone());
    }
    if let Some(description) = given("Description") {
        body.insert("Description".to_owned(), description.clone());
    }
    if let Some(routing) = given("RoutingConfig") {
        let weights = routing.get("AdditionalVersionWeights").and_then(Value::as_object);
        let weights = weights.filter(|weights| !weights.is_empty());
        if weights.is_some_and(|weights| !weights.keys().all(|version| version != LATEST && is_version(version))) {
            return Err(invalid("An additional version of an alias has to be a published one."));
        }
        match weights {
            Some(weights) => {
                body.insert("RoutingConfig".to_owned(), json!({"AdditionalVersionWeights": weights}));
            }
            None => {
                body.remove("RoutingConfig");
            }
        }
    }
    let routed = body.contains_key("RoutingConfig");
    if routed && body.get("FunctionVersion").is_some_and(|version| version == LATEST) {
        return Err(invalid("$LATEST is not supported for an alias pointing to more than 1 version"));
    }
    Ok(())
}

fn unknown(arn: &str) -> Refusal {
    missing(format!("Cannot find alias arn: {arn}"))
}
