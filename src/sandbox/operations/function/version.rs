//! Versions of a function: the newest one, which can be changed, and those that were published.

use serde_json::{Value, json};

use super::super::super::refusal::Refusal;
use super::super::super::state::{Body, Function};
use super::super::world::{World, text};
use super::name::{Named, named};
use super::{LATEST, check_idle, check_revision, configuration, conflict, find, invalid, missing, page};

/// What differs between two versions although nothing was changed.
const OWN: &[&str] = &["Description", "FunctionArn", "LastModified", "RevisionId", "Version"];

/// `PublishVersion`.
pub(in super::super) fn publish_version(world: &mut World<'_>, input: &Value) -> Result<Value, Refusal> {
    let named = named(world, input)?;
    let (arn, now) = (named.arn(world), world.now);
    let function = find(world, &named)?;
    check_revision(input, function.body.get("RevisionId"))?;
    check_idle(function, &arn, now)?;
    let (given, own) = (text(input, "CodeSha256"), function.body.get("CodeSha256").and_then(Value::as_str));
    if let Some(own) = own.filter(|own| !given.is_empty() && given != *own) {
        return Err(invalid(format!(
            "CodeSHA256 ({given}) is different from current CodeSHA256 in $LATEST ({own}). Please try again with the \
             CodeSHA256 in $LATEST."
        )));
    }
    publish(world, &named, input.get("Description").and_then(Value::as_str))
}

/// Makes a version of what the function is now, unless the last one is the same.
pub(super) fn publish(world: &mut World<'_>, named: &Named, description: Option<&str>) -> Result<Value, Refusal> {
    let (arn, revision) = (named.arn(world), world.guid());
    let function = find(world, named)?;
    let mut body = function.body.clone();
    let last = function.versions.get(&function.published.to_string());
    if let Some(last) = last.filter(|last| essence(last) == essence(&body)) {
        return Ok(usable(last));
    }
    function.published += 1;
    let number = function.published.to_string();
    body.insert("Version".to_owned(), json!(number));
    body.insert("FunctionArn".to_owned(), json!(format!("{arn}:{number}")));
    body.insert("RevisionId".to_owned(), json!(revision));
    if let Some(description) = description {
        body.insert("Description".to_owned(), json!(description));
    }
    let answer = usable(&body);
    function.versions.insert(number, body);
    Ok(answer)
}

fn essence(body: &Body) -> Body {
    body.iter().filter(|(name, _)| !OWN.contains(&name.as_str())).map(|(k, v)| (k.clone(), v.clone())).collect()
}

/// A published version can be used at once.
fn usable(body: &Body) -> Value {
    let mut body = body.clone();
    body.insert("State".to_owned(), json!("Active"));
    body.insert("LastUpdateStatus".to_owned(), json!("Successful"));
    Value::Object(body)
}

/// `ListVersionsByFunction`: the newest one first, then those that were published, by number.
pub(in super::super) fn list_versions_by_function(world: &mut World<'_>, input: &Value) -> Result<Value, Refusal> {
    let named = named(world, input)?;
    let function = find(world, &named)?;
    let mut latest = function.body.clone();
    let arn = format!("{}:{LATEST}", latest.get("FunctionArn").and_then(Value::as_str).unwrap_or_default());
    latest.insert("FunctionArn".to_owned(), json!(arn));
    let mut all = vec![Value::Object(latest)];
    all.extend(in_order(function));
    page("Versions", input, all)
}

/// Published versions by number.
pub(super) fn in_order(function: &Function) -> Vec<Value> {
    let mut versions: Vec<(u64, &Body)> =
        function.versions.iter().filter_map(|(number, body)| Some((number.parse().ok()?, body))).collect();
    versions.sort_by_key(|(number, _)| *number);
    versions.into_iter().map(|(_, body)| Value::Object(body.clone())).collect()
}

/// The configuration that a name with its qualifier stands for, with what is under way.
pub(super) fn resolved(world: &mut World<'_>, named: &Named) -> Result<Value, Refusal> {
    let (arn, now) = (named.qualified(world), world.now);
    let function = find(world, named)?;
    let Some(qualifier) = named.qualifier.as_deref() else { return Ok(configuration(function, now)) };
    let alias = function.aliases.get(qualifier);
    let version = alias.and_then(|alias| alias.get("FunctionVersion")).and_then(Value::as_str).unwrap_or(qualifier);
    let mut body = match (version, function.versions.get(version)) {
        (LATEST, _) => configuration(function, now),
        (_, Some(body)) => usable(body),
        _ => return Err(missing(format!("Function not found: {arn}"))),
    };
    body["FunctionArn"] = json!(arn);
    Ok(body)
}

/// Whether there is a version or alias of this name.
pub(super) fn exists(function: &Function, qualifier: &str) -> bool {
    qualifier == LATEST || function.versions.contains_key(qualifier) || function.aliases.contains_key(qualifier)
}

/// Deletes a published version that no alias points to.
pub(super) fn delete(world: &mut World<'_>, named: &Named, qualifier: &str) -> Result<(), Refusal> {
    let arn = named.qualified(world);
    let function = find(world, named)?;
    if qualifier == LATEST {
        return Err(invalid("$LATEST version cannot be deleted without deleting the function."));
    }
    if function.aliases.contains_key(qualifier) {
        return Err(invalid("DeleteFunction takes a version, not an alias. Use DeleteAlias."));
    }
    if !function.versions.contains_key(qualifier) {
        return Err(missing(format!("Function not found: {arn}")));
    }
    let pointing = function.aliases.iter().filter(|(_, alias)| points_to(alias, qualifier));
    let aliases: Vec<&str> = pointing.map(|(name, _)| name.as_str()).collect();
    if !aliases.is_empty() {
        return Err(conflict(format!(
            "Cannot delete version {qualifier}: it is referenced by the aliases {}.",
            aliases.join(", ")
        )));
    }
    function.versions.remove(qualifier);
    function.policies.remove(qualifier);
    Ok(())
}

fn points_to(alias: &Body, version: &str) -> bool {
    let weights = alias.get("RoutingConfig").and_then(|routing| routing.get("AdditionalVersionWeights"));
    alias.get("FunctionVersion").is_some_and(|own| own == version)
        || weights.and_then(Value::as_object).is_some_and(|weights| weights.contains_key(version))
}
