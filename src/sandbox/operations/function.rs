//! Lambda functions: what is made of settings, the time that a change takes, and what a Get shows.
//! Versions, aliases, policies and tags are below.

use serde_json::{Value, json};

use super::super::refusal::Refusal;
use super::super::state::Function;
use super::page::Listing;
use super::world::World;
use name::{Named, named};

mod alias;
mod code;
mod name;
mod policy;
mod settings;
mod tags;
#[cfg(test)]
mod tests;
mod update;
mod version;

pub(super) use alias::{create_alias, delete_alias, get_alias, list_aliases, update_alias};
pub(super) use policy::{add_permission, get_policy, remove_permission};
pub(super) use tags::{list_tags, tag_resource, untag_resource};
pub(super) use update::{update_function_code, update_function_configuration};
pub(super) use version::{list_versions_by_function, publish_version};

/// The version that can be changed.
const LATEST: &str = "$LATEST";

/// The code of refusals of what is said.
const INVALID: &str = "InvalidParameterValueException";

fn invalid(message: impl Into<String>) -> Refusal {
    Refusal::of(INVALID, message)
}

fn conflict(message: impl Into<String>) -> Refusal {
    Refusal::new(409, "ResourceConflictException", message)
}

fn missing(message: impl Into<String>) -> Refusal {
    Refusal::new(404, "ResourceNotFoundException", message)
}

/// A `RevisionId` that is given has to be the current one.
fn check_revision(input: &Value, current: Option<&Value>) -> Result<(), Refusal> {
    match input.get("RevisionId").filter(|given| !given.is_null()) {
        Some(given) if Some(given) != current => Err(Refusal::new(
            412,
            "PreconditionFailedException",
            "The Revision Id provided does not match the latest Revision Id. Call the GetFunction/GetAlias API to \
             retrieve the latest Revision Id",
        )),
        _ => Ok(()),
    }
}

/// The function of a name.
fn find<'a>(world: &'a mut World<'_>, named: &Named) -> Result<&'a mut Function, Refusal> {
    let arn = named.qualified(world);
    world.region().functions.get_mut(&named.name).ok_or_else(|| missing(format!("Function not found: {arn}")))
}

/// `CreateFunction`.
pub(super) fn create_function(world: &mut World<'_>, input: &Value) -> Result<Value, Refusal> {
    let named = named(world, input)?;
    if named.qualifier.is_some() || named.name.len() > 64 {
        return Err(invalid(format!(
            "1 validation error detected: Value '{}' at 'functionName' failed to satisfy constraint: Member must have \
             length less than or equal to 64",
            named.name
        )));
    }
    let mut body = settings::new(world, &named, input)?;
    let code = code::given(world, input.get("Code").unwrap_or(&Value::Null), "CreateFunction")?;
    let tags = tags::given(input)?;
    if world.region().functions.contains_key(&named.name) {
        return Err(conflict(format!("Function already exist: {}", named.name)));
    }
    code.put(&mut body);
    settings::touch(world, &mut body);
    let arn = named.arn(world);
    let (now, ready) = (world.now, world.now + world.settings.function_delay.as_secs_f64());
    world.index(&arn, Some(&tags));
    let function = Function { body, tags, work: "Pending".to_owned(), ready, ..Function::default() };
    world.region().functions.insert(named.name.clone(), function);
    if input.get("Publish").and_then(Value::as_bool).unwrap_or_default() {
        return version::publish(world, &named, None);
    }
    Ok(configuration(find(world, &named)?, now))
}

/// `GetFunction`.
pub(super) fn get_function(world: &mut World<'_>, input: &Value) -> Result<Value, Refusal> {
    let named = named(world, input)?;
    let configuration = version::resolved(world, &named)?;
    let region = world.call.region.clone();
    let location = format!("https://awslambda-{region}-tasks.s3.{region}.amazonaws.com/snapshots/{}", named.name);
    let mut answer = json!({"Configuration": configuration, "Code": {"RepositoryType": "S3", "Location": location}});
    let tags = &find(world, &named)?.tags;
    if !tags.is_empty() {
        answer["Tags"] = super::tags::shown(tags);
    }
    Ok(answer)
}

/// `GetFunctionConfiguration`.
pub(super) fn get_function_configuration(world: &mut World<'_>, input: &Value) -> Result<Value, Refusal> {
    let named = named(world, input)?;
    version::resolved(world, &named)
}

/// `DeleteFunction`: the function with all that is on it, or one version.
pub(super) fn delete_function(world: &mut World<'_>, input: &Value) -> Result<Value, Refusal> {
    let named = named(world, input)?;
    if let Some(qualifier) = &named.qualifier {
        version::delete(world, &named, qualifier)?;
        return Ok(json!({}));
    }
    find(world, &named)?;
    world.region().functions.remove(&named.name);
    let arn = named.arn(world);
    world.index(&arn, None);
    Ok(json!({}))
}

/// `ListFunctions`. What is under way is not shown in a list.
pub(super) fn list_functions(world: &mut World<'_>, input: &Value) -> Result<Value, Refusal> {
    let all = input.get("FunctionVersion").and_then(Value::as_str) == Some("ALL");
    let functions = world.region().functions.values();
    let items = functions.flat_map(|function| {
        let versions = if all { version::in_order(function) } else { Vec::new() };
        std::iter::once(Value::Object(function.body.clone())).chain(versions)
    });
    page("Functions", input, items.collect())
}

/// A page of a list, which goes on at a marker.
fn page(items: &'static str, input: &Value, all: Vec<Value>) -> Result<Value, Refusal> {
    let listing = Listing { size: "MaxItems", token: "NextMarker", items, most: 50 };
    let mut asked = json!({"MaxItems": input.get("MaxItems")});
    if let Some(marker) = input.get("Marker").filter(|marker| !marker.is_null()) {
        asked["NextMarker"] = marker.clone();
    }
    listing.page(&asked, all).map_err(|refusal| invalid(refusal.message))
}

/// The newest configuration, with what is under way.
fn configuration(function: &Function, now: f64) -> Value {
    let mut body = function.body.clone();
    let reason = json!("The function is being created.");
    let mut set = |member: &str, value: Value| body.insert(member.to_owned(), value);
    match function.work.as_str() {
        "Pending" if now < function.ready => {
            set("State", json!("Pending"));
            set("StateReason", reason);
            set("StateReasonCode", json!("Creating"));
        }
        "InProgress" if now < function.ready => {
            set("State", json!("Active"));
            set("LastUpdateStatus", json!("InProgress"));
            set("LastUpdateStatusReason", reason);
            set("LastUpdateStatusReasonCode", json!("Creating"));
        }
        _ => {
            set("State", json!("Active"));
            set("LastUpdateStatus", json!("Successful"));
        }
    }
    Value::Object(body)
}

/// Refuses what cannot be done while something is under way.
fn check_idle(function: &Function, arn: &str, now: f64) -> Result<(), Refusal> {
    let message = "The operation cannot be performed at this time.";
    match function.work.as_str() {
        _ if now >= function.ready => Ok(()),
        "Pending" => Err(conflict(format!("{message} The function is currently in the following state: Pending"))),
        _ => Err(conflict(format!("{message} An update is in progress for resource: {arn}"))),
    }
}

/// What is not known of AWS for sure, and what is done here.
pub(super) const UNCONFIRMED: &[&str] = &[
    "A function can be deleted, tagged and given permissions while it is being made or changed; it cannot be changed again or published.",
    "UpdateFunctionCode without Architectures keeps them, as clients that send code alone rely on.",
    "The environment is measured as JSON against its 4 KB.",
    "Layers need not exist; more than five are refused.",
    "Memory up to 32768 MB and a timeout up to 5400 s are taken, as the API's model says; what an account may have is not looked at.",
    "Code comes as a zip file alone: buckets and images are said not to exist.",
    "A published version can be used at once.",
    "DeleteAlias of an alias that is not there is refused.",
    "A role of another account is refused; whether Lambda may assume one of this account is not looked at.",
];
