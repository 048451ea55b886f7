//! Where a pool sends its logs: what could not be delivered to users, and what users did. All of it is
//! set at once, and an empty list ends it.

use serde_json::{Value, json};

use super::super::refusal::Refusal;
use super::super::state::UserPool;
use super::risk;
use super::world::{World, text};

#[cfg(test)]
mod tests;

/// What users did.
const ACTIVITY: &str = "userAuthEvents";
/// Each kind of destination, its ARN's member, and the service that the ARN is of.
const DESTINATIONS: [(&str, &str, &str); 3] = [
    ("CloudWatchLogsConfiguration", "LogGroupArn", "logs"),
    ("S3Configuration", "BucketArn", "s3"),
    ("FirehoseConfiguration", "StreamArn", "firehose"),
];

/// `SetLogDeliveryConfiguration`.
pub(super) fn set(world: &mut World<'_>, input: &Value) -> Result<Value, Refusal> {
    let configurations: Vec<Value> = given(input).map(without_nulls).collect();
    check_whole(&configurations)?;
    let place = (world.call.region.clone(), world.call.account.clone());
    let pool = world.pool()?;
    for configuration in &configurations {
        check_destination(configuration, &place.0, &place.1)?;
        if text(configuration, "EventSource") == ACTIVITY {
            check_pool(pool)?;
        }
    }
    pool.log_delivery = configurations;
    get(world, input)
}

/// `GetLogDeliveryConfiguration`.
pub(super) fn get(world: &mut World<'_>, input: &Value) -> Result<Value, Refusal> {
    let configurations = &world.pool()?.log_delivery;
    let shown = json!({"UserPoolId": text(input, "UserPoolId"), "LogConfigurations": configurations});
    Ok(json!({"LogDeliveryConfiguration": shown}))
}

/// Whether it is logged what users do.
pub(super) fn has_user_activity(configurations: &[Value]) -> bool {
    configurations.iter().any(|configuration| text(configuration, "EventSource") == ACTIVITY)
}

/// The configurations that are sent; AWS passes over what is null.
fn given(input: &Value) -> impl Iterator<Item = &Value> {
    input.get("LogConfigurations").and_then(Value::as_array).into_iter().flatten().filter(|entry| !entry.is_null())
}

fn without_nulls(configuration: &Value) -> Value {
    let members = configuration.as_object().into_iter().flatten().filter(|(_, value)| !value.is_null());
    Value::Object(members.map(|(name, value)| (name.clone(), value.clone())).collect())
}

/// The ARNs that a configuration sends to, each with the service that it should be of.
fn destinations(configuration: &Value) -> Vec<(&str, &'static str)> {
    let each = DESTINATIONS.iter().filter_map(|(kind, member, service)| {
        let arn = configuration.get(*kind)?.get(*member)?.as_str()?;
        Some((arn, *service))
    });
    each.collect()
}

/// Refuses what is missing or doubled, all of it in one message. AWS's spelling is its own.
fn check_whole(configurations: &[Value]) -> Result<(), Refusal> {
    let (mut nowhere, mut seen, mut twice) = (Vec::new(), Vec::new(), Vec::new());
    for configuration in configurations {
        let source = text(configuration, "EventSource");
        if destinations(configuration).is_empty() && !nowhere.contains(&source) {
            nowhere.push(source);
        }
        if seen.contains(&source) {
            twice.push(source);
        }
        seen.push(source);
    }
    let mut message = String::new();
    for (sources, what) in [(nowhere, "in request have no destination"), (twice, "appear more then once in a request")]
    {
        if !sources.is_empty() {
            message = format!("{message} Following event sources {what}: [{}].", sources.join(", "));
        }
    }
    if message.is_empty() { Ok(()) } else { Err(Refusal::invalid(format!("Request validation Failed.{message}"))) }
}

/// Whether this can be logged at this level to there.
fn check_destination(configuration: &Value, region: &str, account: &str) -> Result<(), Refusal> {
    let source = text(configuration, "EventSource");
    let level = if source == ACTIVITY { "INFO" } else { "ERROR" };
    if text(configuration, "LogLevel") != level {
        return Err(Refusal::invalid(format!("Request validation Failed. The log level of {source} must be {level}.")));
    }
    let destinations = destinations(configuration);
    let [(arn, service)] = destinations.as_slice() else {
        let message = format!("Request validation Failed. {source} must have exactly one destination.");
        return Err(Refusal::invalid(message));
    };
    if source != ACTIVITY && *service != "logs" {
        let message = format!("Request validation Failed. {source} can be sent to CloudWatch Logs only.");
        return Err(Refusal::invalid(message));
    }
    let parts: Vec<&str> = arn.splitn(6, ':').collect();
    let ["arn", _, own_service, own_region, own_account, resource] = parts.as_slice() else {
        return Err(Refusal::invalid("ARN is not valid"));
    };
    if own_service != service || (*service == "logs" && !resource.starts_with("log-group:")) {
        return Err(Refusal::invalid(format!("ARN is not of the service {service}")));
    }
    if *service == "logs" && *own_region != region {
        return Err(Refusal::invalid("ARN does not belong to current region"));
    }
    if *service == "logs" && *own_account != account {
        return Err(Refusal::invalid("ARN does not belong to current account"));
    }
    Ok(())
}

/// Whether a pool can log what users do.
fn check_pool(pool: &UserPool) -> Result<(), Refusal> {
    let tier = pool.body.get("UserPoolTier").and_then(Value::as_str).unwrap_or_default();
    if tier != "PLUS" {
        return Err(Refusal::of(
            "FeatureUnavailableInTierException",
            format!("The following feature is not available for the {tier} pricing tier configured: Log Streaming"),
        ));
    }
    if !risk::is_enabled(pool) {
        return Err(Refusal::invalid(
            "User activity can only be logged while AdvancedSecurityMode is AUDIT or ENFORCED.",
        ));
    }
    Ok(())
}

/// What AWS's documents leave open here, and what was decided.
pub(super) const UNCONFIRMED: &[&str] = &[
    "A level that an event source does not have, a second destination, and one that the event source cannot be sent to are \
         refused as invalid parameters, in words that are not AWS's.",
    "A configuration whose destination names no ARN has none.",
    "User activity is refused as an invalid parameter while `AdvancedSecurityMode` is OFF or not set; it is not looked at \
         when that is turned off later.",
    "A tier below PLUS is refused while user activity is logged.",
    "A log group is of the pool's account and region, and is shown as it was named; a bucket and a stream may be \
         anywhere. Whether any of them is there is not looked at.",
];
