//! The settings of a function: what is refused, and what is made of those that are not given.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::super::super::refusal::Refusal;
use super::super::super::state::Body;
use super::super::world::{World, text};
use super::name::Named;
use super::{LATEST, invalid};

/// What the environment may measure.
const MOST_ENVIRONMENT: usize = 4096;
const MOST_LAYERS: usize = 5;

/// Settings that are shown as they are given.
const PLAIN: &[&str] = &[
    "AcceleratorConfig",
    "CapacityProviderConfig",
    "Description",
    "DurableConfig",
    "EphemeralStorage",
    "Handler",
    "MemorySize",
    "Role",
    "Runtime",
    "RuntimeConfig",
    "TenancyConfig",
    "Timeout",
    "TracingConfig",
];

/// Settings that an empty value takes away.
const CLEARED: &[&str] = &["DeadLetterConfig", "FileSystemConfigs", "KMSKeyArn"];

/// Names of the environment that are Lambda's own.
const RESERVED: &[&str] = &[
    "AWS_ACCESS_KEY_ID",
    "AWS_DEFAULT_REGION",
    "AWS_EXECUTION_ENV",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
    "AWS_LAMBDA_FUNCTION_NAME",
    "AWS_LAMBDA_FUNCTION_VERSION",
    "AWS_LAMBDA_INITIALIZATION_TYPE",
    "AWS_LAMBDA_LOG_GROUP_NAME",
    "AWS_LAMBDA_LOG_STREAM_NAME",
    "AWS_LAMBDA_RUNTIME_API",
    "AWS_REGION",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "LAMBDA_RUNTIME_DIR",
    "LAMBDA_TASK_ROOT",
    "_HANDLER",
    "_X_AMZN_TRACE_ID",
];

/// The configuration of a new function.
pub(super) fn new(world: &World<'_>, named: &Named, input: &Value) -> Result<Body, Refusal> {
    let zip = text(input, "PackageType") != "Image";
    if zip && (text(input, "Runtime").is_empty() || text(input, "Handler").is_empty()) {
        return Err(invalid(
            "Runtime and Handler are mandatory parameters for functions created with deployment packages.",
        ));
    }
    let defaults = json!({
        "FunctionName": named.name,
        "FunctionArn": named.arn(world),
        "Version": LATEST,
        "Description": "",
        "Timeout": 3,
        "MemorySize": 128,
        "PackageType": if zip { "Zip" } else { "Image" },
        "Architectures": ["x86_64"],
        "EphemeralStorage": {"Size": 512},
        "TracingConfig": {"Mode": "PassThrough"},
        "SnapStart": {"ApplyOn": "None", "OptimizationStatus": "Off"},
        "LoggingConfig": {"LogFormat": "Text", "LogGroup": format!("/aws/lambda/{}", named.name)},
    });
    let Value::Object(mut body) = defaults else { return Ok(Body::new()) };
    put(world, &mut body, input)?;
    put_architectures(&mut body, input);
    Ok(body)
}

/// The architectures that are given, if any.
pub(super) fn put_architectures(body: &mut Body, input: &Value) {
    let given = input.get("Architectures").filter(|given| given.as_array().is_some_and(|given| !given.is_empty()));
    if let Some(given) = given {
        body.insert("Architectures".to_owned(), given.clone());
    }
}

/// Marks a configuration as changed now.
pub(super) fn touch(world: &mut World<'_>, body: &mut Body) {
    let revision = world.guid();
    body.insert("RevisionId".to_owned(), json!(revision));
    body.insert("LastModified".to_owned(), json!(date(world.now)));
}

/// Puts the settings that are given into a configuration. The others stay.
pub(super) fn put(world: &World<'_>, body: &mut Body, input: &Value) -> Result<(), Refusal> {
    check(world, input)?;
    let given = |member: &str| input.get(member).filter(|value| !value.is_null());
    for member in PLAIN {
        if let Some(value) = given(member) {
            body.insert((*member).to_owned(), value.clone());
        }
    }
    for member in CLEARED {
        if let Some(value) = given(member) {
            put_or_remove(body, member, (!is_empty(value)).then(|| value.clone()));
        }
    }
    if let Some(environment) = given("Environment") {
        let variables = environment.get("Variables").and_then(Value::as_object).filter(|map| !map.is_empty());
        put_or_remove(body, "Environment", variables.map(|variables| json!({"Variables": variables})));
    }
    if let Some(layers) = given("Layers").and_then(Value::as_array) {
        let layers: Vec<Value> = layers.iter().map(|arn| json!({"Arn": arn, "CodeSize": 1})).collect();
        put_or_remove(body, "Layers", (!layers.is_empty()).then(|| Value::Array(layers)));
    }
    if let Some(network) = given("VpcConfig") {
        let ids = |member: &str| network.get(member).cloned().unwrap_or_else(|| json!([]));
        let (subnets, groups) = (ids("SubnetIds"), ids("SecurityGroupIds"));
        let some = !is_empty(&subnets);
        let shown = json!({"SubnetIds": subnets, "SecurityGroupIds": groups, "VpcId": "vpc-0"});
        put_or_remove(body, "VpcConfig", some.then_some(shown));
    }
    if let Some(start) = given("SnapStart") {
        let apply = start.get("ApplyOn").cloned().unwrap_or_else(|| json!("None"));
        body.insert("SnapStart".to_owned(), json!({"ApplyOn": apply, "OptimizationStatus": "Off"}));
    }
    if let Some(logging) = given("LoggingConfig").and_then(Value::as_object) {
        let shown = body.entry("LoggingConfig").or_insert_with(|| json!({}));
        if let Some(shown) = shown.as_object_mut() {
            shown.extend(logging.clone());
        }
    }
    Ok(())
}

fn put_or_remove(body: &mut Body, member: &str, value: Option<Value>) {
    match value {
        Some(value) => {
            body.insert(member.to_owned(), value);
        }
        None => {
            body.remove(member);
        }
    }
}

/// Whether a value is an empty text or list, or a structure of nothing else.
fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.values().all(is_empty),
        _ => false,
    }
}

fn check(world: &World<'_>, input: &Value) -> Result<(), Refusal> {
    if let Some(role) = input.get("Role").and_then(Value::as_str) {
        check_role(world, role)?;
    }
    if let Some(variables) = input.get("Environment").and_then(|all| all.get("Variables")).and_then(Value::as_object) {
        check_environment(variables)?;
    }
    check_layers(input)
}

fn check_role(world: &World<'_>, role: &str) -> Result<(), Refusal> {
    let parts: Vec<&str> = role.splitn(6, ':').collect();
    match parts.as_slice() {
        ["arn", _, "iam", "", account, resource] if resource.len() > 5 && resource.starts_with("role/") => {
            if *account == world.call.account {
                Ok(())
            } else {
                Err(Refusal::new(403, "AccessDeniedException", "Cross-account pass role is not allowed."))
            }
        }
        _ => Err(invalid("The role defined for the function cannot be assumed by Lambda.")),
    }
}

/// AWS repeats the values in its message; here they may be somebody's real secrets.
fn check_environment(variables: &Map<String, Value>) -> Result<(), Refusal> {
    let begin = "Lambda was unable to configure your environment variables because the environment variables you have \
                 provided";
    if json!(variables).to_string().len() > MOST_ENVIRONMENT {
        return Err(invalid(format!("{begin} exceeded the 4KB limit.")));
    }
    let reserved: Vec<&str> = variables.keys().map(String::as_str).filter(|key| RESERVED.contains(key)).collect();
    if reserved.is_empty() {
        return Ok(());
    }
    Err(invalid(format!(
        "{begin} contains reserved keys that are currently not supported for modification. Reserved keys used in this \
         request: {}",
        reserved.join(", ")
    )))
}

fn check_layers(input: &Value) -> Result<(), Refusal> {
    let layers = input.get("Layers").and_then(Value::as_array).into_iter().flatten();
    let layers: Vec<&str> = layers.filter_map(Value::as_str).collect();
    if layers.len() > MOST_LAYERS {
        return Err(invalid(format!("Cannot reference more than {MOST_LAYERS} layers.")));
    }
    let names: BTreeSet<&str> = layers.iter().map(|arn| arn.rsplit_once(':').map_or(*arn, |(name, _)| name)).collect();
    if names.len() < layers.len() {
        return Err(invalid(
            "Two different versions of the same layer are not allowed to be referenced in the same function.",
        ));
    }
    Ok(())
}

/// A time as Lambda writes it: `2026-01-31T23:59:59.000+0000`.
fn date(seconds: f64) -> String {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a time since 1970 is small and positive"
    )]
    let millis = (seconds * 1000.0) as u64;
    let (days, rest) = (millis / 86_400_000, millis % 86_400_000);
    // The civil calendar by eras of 400 years that begin in March.
    let day = days + 719_468;
    let (era, of_era) = (day / 146_097, day % 146_097);
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let date = of_year - (153 * month + 2) / 5 + 1;
    let (month, later) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
    let year = year + era * 400 + later;
    let (hour, minute, second) = (rest / 3_600_000, rest / 60_000 % 60, rest / 1000 % 60);
    format!("{year:04}-{month:02}-{date:02}T{hour:02}:{minute:02}:{second:02}.{:03}+0000", rest % 1000)
}

#[cfg(test)]
mod tests {
    use super::date;

    #[test]
    fn a_date_is_that_of_the_civil_calendar() {
        for (seconds, expected) in [
            (0.0, "1970-01-01T00:00:00.000+0000"),
            (951_782_400.0, "2000-02-29T00:00:00.000+0000"),
            (1_767_225_599.5, "2025-12-31T23:59:59.500+0000"),
            (1_772_323_200.0, "2026-03-01T00:00:00.000+0000"),
        ] {
            assert_eq!(date(seconds), expected);
        }
    }
}
