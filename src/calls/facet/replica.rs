//! A replica: the pool in another region. Whether it is there, and whether it serves, the pool's own
//! region says; its settings for email, SMS, triggers and tags are the pool's as that other region
//! describes it, and are changed there. It is made and deleted over minutes.

use serde_json::{Map, Value, json};
use tokio_util::sync::CancellationToken;

use super::{Spot, object};
use crate::aws::{Aws, Operation, found, is_ambiguous};
use crate::calls::user_pool::{self, set_tags};
use crate::calls::wait::Wait;
use crate::calls::{Kind, Live};
use crate::error::Error;
use crate::ownership::Tags;
use crate::path::Path;

/// The settings that each region has for itself, and AWS's names for them.
const REGIONAL: [(&str, &str); 3] = [
    ("emailConfiguration", "EmailConfiguration"),
    ("smsConfiguration", "SmsConfiguration"),
    ("triggers", "LambdaConfig"),
];

/// What an update says that a description has under another name, or elsewhere.
const ADDRESSED: [&str; 4] = ["UserPoolId", "PoolName", "MfaConfiguration", "UserPoolTags"];

/// All replicas of a pool, as its own region tells of them.
pub(super) async fn list(aws: &Aws, pool: &str) -> Result<Vec<(String, Value)>, Error> {
    let rows = aws.list(Operation::ListUserPoolReplicas, json!({"UserPoolId": pool}), "UserPoolReplicas").await?;
    let secondary = rows.into_iter().filter(|row| row.get("Role").and_then(Value::as_str) != Some("PRIMARY"));
    secondary.map(|row| Ok((crate::calls::text(&row, "/RegionName")?, row))).collect()
}

pub(super) async fn read(aws: &Aws, spot: Spot<'_>) -> Result<Option<Live>, Error> {
    let row = list(aws, spot.pool).await?.into_iter().find(|(region, _)| region == spot.key);
    match row {
        Some((_, row)) => whole(aws, spot, row).await.map(Some),
        None => Ok(None),
    }
}

/// A replica with its own settings, by its row in the list.
pub(super) async fn whole(aws: &Aws, spot: Spot<'_>, row: Value) -> Result<Live, Error> {
    let there = match status(&row) {
        Some("CREATING" | "DELETING") => None,
        _ => user_pool::describe(&aws.in_region(spot.key), spot.pool).await?,
    };
    let mut spec = Map::new();
    let active = status(&row) == Some("ACTIVE");
    spec.insert("status".to_owned(), json!(if active { "ACTIVE" } else { "INACTIVE" }));
    if let Some(there) = &there {
        for (property, _) in REGIONAL {
            if let Some(value) = there.spec.get(property) {
                spec.insert(property.to_owned(), value.clone());
            }
        }
        spec.insert("tags".to_owned(), json!(there.tags));
    }
    let mut live = spot.live(Kind::Replica, spot.key, json!({}))?;
    live.set_spec(Value::Object(spec))?;
    live.body = row;
    live.second = there.map(|there| there.body).unwrap_or_default();
    Ok(live)
}

/// What AWS is doing with it.
fn status(row: &Value) -> Option<&str> {
    row.get("Status").and_then(Value::as_str)
}

/// What is sent to have one made.
pub(super) fn create_body(spot: Spot<'_>, wanted: &Value) -> Value {
    let tags = wanted.get("tags").cloned().unwrap_or_else(|| json!({}));
    json!({"RegionName": spot.key, "UserPoolTags": tags})
}

/// Brings a replica that is there into line: its settings before it serves, and after it stopped.
pub(super) async fn update(aws: &Aws, spot: Spot<'_>, live: &Live, wanted: &Value) -> Result<(), Error> {
    let before = live.spec.get("status");
    let to = wanted.get("status").filter(|to| Some(*to) != before);
    if to.is_some_and(|to| to == "INACTIVE") {
        set_status(aws, spot, "INACTIVE").await?;
    }
    settings(&aws.in_region(spot.key), spot, wanted).await?;
    if to.is_some_and(|to| to == "ACTIVE") {
        set_status(aws, spot, "ACTIVE").await?;
    }
    Ok(())
}

async fn set_status(aws: &Aws, spot: Spot<'_>, status: &str) -> Result<(), Error> {
    let request = json!({"UserPoolId": spot.pool, "RegionName": spot.key, "Status": status});
    aws.call(Operation::UpdateUserPoolReplica, request).await.map(drop)
}

/// Changes what differs of the pool's settings in the replica's region: all other members are sent
/// as they are there, since what is left out would be reset.
async fn settings(there: &Aws, spot: Spot<'_>, wanted: &Value) -> Result<(), Error> {
    let Some(live) = user_pool::read(there, spot.pool).await? else {
        return Err(Error::refused(format!("the pool is not in {} yet", spot.key)).with_help("apply again"));
    };
    let tags = wanted.get("tags").and_then(Value::as_object).into_iter().flatten();
    let mut tags: Tags = tags.filter_map(|(key, value)| Some((key.clone(), value.as_str()?.to_owned()))).collect();
    let foreign = live.tags.iter().filter(|(key, _)| key.starts_with("aws:"));
    tags.extend(foreign.map(|(key, value)| (key.clone(), value.clone())));
    set_tags(there, &live, &tags).await?;
    let mut spec = object(live.spec.clone());
    for (property, _) in REGIONAL {
        match wanted.get(property) {
            Some(value) => spec.insert(property.to_owned(), value.clone()),
            None => spec.shift_remove(property),
        };
    }
    // What is absent from a replica's spec may stand in a pool's as its default.
    let spec = live.kind.canonical(&Value::Object(spec)).map_err(Error::refused)?;
    if spec == live.spec {
        return Ok(());
    }
    let mfa = live.spec.get("mfaConfiguration").and_then(Value::as_str).unwrap_or("OFF");
    let mut body = object(user_pool::update_body(&live, &spec, &spec, &tags, mfa));
    // A default that AWS does not show would be a change of the primary's.
    let shown = |member: &str| live.body.get(member).is_some() || ADDRESSED.contains(&member);
    body.retain(|member, _| shown(member) || REGIONAL.iter().any(|(_, own)| own == member));
    there.call(Operation::UpdateUserPool, Value::Object(body)).await.map(drop)
}

/// Deletes a replica, which AWS does with none that serves.
pub(super) async fn delete(aws: &Aws, pool: &str, region: &str) -> Result<(), Error> {
    let spot = Spot { pool, client: None, key: region };
    let row = list(aws, pool).await?.into_iter().find(|(other, _)| other == region);
    let served = match row.as_ref().and_then(|(_, row)| status(row)) {
        None | Some("DELETING") => return Ok(()),
        status => status == Some("ACTIVE"),
    };
    if served {
        set_status(aws, spot, "INACTIVE").await?;
    }
    let request = json!({"UserPoolId": pool, "RegionName": region});
    let deleted = found(aws.call(Operation::DeleteUserPoolReplica, request).await).map(drop);
    if deleted.as_ref().is_err_and(|error| served && !is_ambiguous(error)) {
        // It stays, so it goes on serving.
        set_status(aws, spot, "ACTIVE").await?;
    }
    deleted
}

/// What AWS does with a replica over minutes: the status that it has meanwhile, and the word for it.
pub type Work = (&'static str, &'static str);

/// A replica is being made.
pub const MAKING: Work = ("CREATING", "made");

/// A replica is being deleted.
pub const DELETING: Work = ("DELETING", "deleted");

/// Waits until AWS is over with a work on a replica, if it is at it.
pub async fn until_over(
    aws: &Aws,
    pool: &str,
    region: &str,
    (busy, doing): Work,
    address: &Path,
    cancel: &CancellationToken,
) -> Result<(), Error> {
    let mut wait = Wait::new(aws, address, "the replica", doing, cancel);
    loop {
        let rows = list(aws, pool).await?;
        if !rows.iter().any(|(other, row)| other == region && status(row) == Some(busy)) {
            return Ok(());
        }
        wait.a_little().await?;
    }
}
