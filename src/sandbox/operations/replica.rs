//! Replicas of a user pool in a second region. A replica has the pool's id and shows what the pool
//! has, but for the few settings and the tags that are its region's own; it takes its time to come
//! and to go, and serves the pool's users only while it is active. Almost all writes are the
//! primary's.

use serde_json::{Value, json};

use super::super::refusal::Refusal;
use super::super::state::{Body, Replica, Tags, UserPool};
use super::page::Listing;
use super::world::{World, partition, text};
use super::{domain, tags};

#[cfg(test)]
mod tests;

/// Settings that a replica has of its own.
pub(super) const REGIONAL: [&str; 3] = ["EmailConfiguration", "SmsConfiguration", "LambdaConfig"];
/// The code of what only the primary does.
pub(super) const NOT_ENABLED: &str = "OperationNotEnabledException";
/// What this is called where a tier does not have it.
pub(super) const FEATURE: &str = "Multi-Region replication";
/// The least tier that has it.
pub(super) const TIER: &str = "ESSENTIALS";

/// Replicas of a pool beside itself.
const MOST: usize = 1;
const PAGES: Listing = Listing { size: "MaxResults", token: "NextToken", items: "UserPoolReplicas", most: 60 };

/// `CreateUserPoolReplica`.
pub(super) fn create(world: &mut World<'_>, input: &Value) -> Result<Value, Refusal> {
    let (now, id, region) = (world.now, text(input, "UserPoolId"), text(input, "RegionName"));
    let home = world.call.region.clone();
    let tags = tags::read(input.get("UserPoolTags"))?;
    let pool = world.pool()?;
    check_region(region, &home)?;
    if pool.body.get("UserPoolTier").is_some_and(|tier| tier == "LITE") {
        let message = format!("{FEATURE} requires the tier {TIER} or higher; the user pool's tier is LITE.");
        return Err(Refusal::of("FeatureUnavailableInTierException", message));
    }
    if !has_key(&pool.body) {
        return Err(Refusal::invalid("A replica needs a user pool with a customer managed multi-Region key."));
    }
    pool.replicas.retain(|_, replica| stands(replica, now));
    if pool.replicas.contains_key(region) {
        return Err(Refusal::invalid(format!("User pool {id} already has a replica in {region}.")));
    }
    if pool.replicas.len() >= MOST {
        let message = format!("The number of replicas exceeds the limit of {MOST}.");
        return Err(Refusal::of("LimitExceededException", message));
    }
    let ready = now + world.settings.replica_delay.as_secs_f64();
    let body = [("EmailConfiguration", json!({"EmailSendingAccount": "COGNITO_DEFAULT"})), ("LambdaConfig", json!({}))];
    let body = body.map(|(member, value)| (member.to_owned(), value)).into_iter().collect();
    let replica = Replica { body, tags, work: "CREATING".to_owned(), ready, active: false };
    let arn = arn(world, region, id);
    world.index_in(region, &arn, Some(&replica.tags), ready);
    let answer = json!({"UserPoolReplica": row(region, status(&replica, now), "SECONDARY", &arn)});
    world.pool()?.replicas.insert(region.to_owned(), replica);
    Ok(answer)
}

/// `ListUserPoolReplicas`: the pool itself comes first.
pub(super) fn list(world: &mut World<'_>, input: &Value) -> Result<Value, Refusal> {
    let (now, id) = (world.now, text(input, "UserPoolId"));
    let home = world.home(id)?.to_owned();
    let others: Vec<(String, &str)> =
        standing(world.pool()?, now).map(|(region, replica)| (region.clone(), status(replica, now))).collect();
    let mut rows = vec![row(&home, "ACTIVE", "PRIMARY", &arn(world, &home, id))];
    rows.extend(others.iter().map(|(region, status)| row(region, status, "SECONDARY", &arn(world, region, id))));
    PAGES.page(input, rows)
}

/// `UpdateUserPoolReplica`, which is done at once, in whichever of the two regions it is asked for.
pub(super) fn update(world: &mut World<'_>, input: &Value) -> Result<Value, Refusal> {
    let (now, id, region) = (world.now, text(input, "UserPoolId"), text(input, "RegionName"));
    let home = world.home(id)?.to_owned();
    let arn = arn(world, region, id);
    let replica = idle(world.pool_of(&home, id)?, &home, region, now)?;
    replica.active = text(input, "Status") == "ACTIVE";
    Ok(json!({"UserPoolReplica": row(region, status(replica, now), "SECONDARY", &arn)}))
}

/// `DeleteUserPoolReplica`.
pub(super) fn delete(world: &mut World<'_>, input: &Value) -> Result<Value, Refusal> {
    let (now, id, region) = (world.now, text(input, "UserPoolId"), text(input, "RegionName"));
    let home = world.call.region.clone();
    let ready = now + world.settings.replica_delay.as_secs_f64();
    let pool = world.pool()?;
    let routed = domain::standing(pool, now).find(|(_, domain)| domain::fails_over_to(domain, region));
    let routed = routed.map(|(name, _)| name.clone());
    let replica = idle(pool, &home, region, now)?;
    if replica.active {
        return Err(Refusal::invalid(format!("The replica in {region} must be INACTIVE before it can be deleted.")));
    }
    if let Some(name) = routed {
        return Err(Refusal::invalid(format!("The replica in {region} cannot be deleted: {name} fails over to it.")));
    }
    "DELETING".clone_into(&mut replica.work);
    replica.ready = ready;
    let status = status(replica, now);
    let arn = arn(world, region, id);
    world.index_in(region, &arn, None, ready);
    Ok(json!({"UserPoolReplica": row(region, status, "SECONDARY", &arn)}))
}

/// The replicas that a pool has now, those included that come or go.
pub(super) fn standing(pool: &UserPool, now: f64) -> impl Iterator<Item = (&String, &Replica)> {
    pool.replicas.iter().filter(move |(_, replica)| stands(replica, now))
}

fn stands(replica: &Replica, now: f64) -> bool {
    replica.work != "DELETING" || replica.ready > now
}

/// Whether its region knows of it: from when it is made until it is gone.
pub(super) fn is_there(replica: &Replica, now: f64) -> bool {
    stands(replica, now) && status(replica, now) != "CREATING"
}

/// Whether it is made, and not about to go.
pub(super) fn is_idle(replica: &Replica, now: f64) -> bool {
    is_there(replica, now) && status(replica, now) != "DELETING"
}

fn status(replica: &Replica, now: f64) -> &'static str {
    match replica.work.as_str() {
        "DELETING" => "DELETING",
        _ if replica.ready > now => "CREATING",
        _ if replica.active => "ACTIVE",
        _ => "INACTIVE",
    }
}

/// The replica in a region, with nothing under way.
pub(super) fn idle<'a>(pool: &'a mut UserPool, home: &str, region: &str, now: f64) -> Result<&'a mut Replica, Refusal> {
    if region == home {
        return Err(Refusal::invalid(format!("{region} is the primary Region of the user pool.")));
    }
    let replica = pool.replicas.get_mut(region).filter(|replica| stands(replica, now));
    let replica = replica.ok_or_else(|| Refusal::missing(format!("The user pool has no replica in {region}.")))?;
    if is_idle(replica, now) {
        return Ok(replica);
    }
    let busy = status(replica, now);
    Err(Refusal::invalid(format!("The replica in {region} cannot be changed while it is {busy}.")))
}

/// A pool as the region of its replica shows it.
pub(super) fn view(pool: &UserPool, replica: &Replica, arn: &str) -> UserPool {
    let mut view = pool.clone();
    view.body.insert("Arn".to_owned(), json!(arn));
    for member in REGIONAL {
        match replica.body.get(member) {
            Some(value) => view.body.insert(member.to_owned(), value.clone()),
            None => view.body.remove(member),
        };
    }
    view.tags.clone_from(&replica.tags);
    view.domains.retain(|_, domain| domain::is_custom(domain));
    view
}

/// The pools that the caller's region has, by their ids: its own, and those with a replica there.
pub(super) fn listed<'a>(world: &'a World<'_>) -> Vec<(&'a UserPool, Option<&'a Replica>)> {
    let (now, place) = (world.now, &world.call.region);
    let regions = world.state.accounts.get(&world.call.account).into_iter().flatten();
    let pools = regions.flat_map(|(region, own)| own.user_pools.iter().map(move |(id, pool)| (region, id, pool)));
    let mut found: Vec<_> = pools
        .filter_map(|(region, id, pool)| {
            let replica = pool.replicas.get(place).filter(|replica| is_there(replica, now));
            (region == place || replica.is_some()).then_some((id, pool, replica))
        })
        .collect();
    found.sort_by_key(|(id, ..)| *id);
    found.into_iter().map(|(_, pool, replica)| (pool, replica)).collect()
}

/// A member of a pool as a listing of it shows it: its replica's, where the caller's region has that.
pub(super) fn member<'a>(pool: &'a UserPool, replica: Option<&'a Replica>, name: &str) -> Option<&'a Value> {
    match replica.filter(|_| REGIONAL.contains(&name)) {
        Some(replica) => replica.body.get(name),
        None => pool.body.get(name),
    }
}

/// The tags of a pool, or of its replica in the caller's region, with nothing under way if they are
/// to be changed.
pub(super) fn tags<'a>(world: &'a mut World<'_>, id: &str) -> Result<&'a mut Tags, Refusal> {
    let (now, call) = (world.now, world.call);
    let home = world.home(id)?.to_owned();
    let pool = world.pool_of(&home, id)?;
    if home == call.region {
        return Ok(&mut pool.tags);
    }
    if !super::is_read(&call.operation) {
        return Ok(&mut idle(pool, &home, &call.region, now)?.tags);
    }
    let replica = pool.replicas.get_mut(&call.region);
    let replica = replica.ok_or_else(|| Refusal::missing(format!("User pool {id} does not exist.")))?;
    Ok(&mut replica.tags)
}

/// Whether a pool is encrypted with a key that other regions can have as well.
pub(super) fn has_key(body: &Body) -> bool {
    let key = body.get("KeyConfiguration");
    let member = |name: &str| key.and_then(|key| key.get(name)?.as_str()).unwrap_or_default();
    member("KeyType") == "CUSTOMER_MANAGED_KEY" && member("KmsKeyArn").contains(":key/mrk-")
}

/// What a region with but a replica says to what only the primary does.
pub(super) fn not_enabled(operation: &str, region: &str, home: &str) -> Refusal {
    let message = format!("{operation} is not enabled in {region}, as the primary Region of the user pool is {home}.");
    Refusal::of(NOT_ENABLED, message)
}

fn check_region(region: &str, home: &str) -> Result<(), Refusal> {
    if region == home {
        return Err(Refusal::invalid(format!("{region} is the primary Region of the user pool.")));
    }
    if !is_region(region) || partition(region) != partition(home) {
        return Err(Refusal::invalid(format!("{region} is not a Region in which the user pool can have a replica.")));
    }
    Ok(())
}

/// Whether it looks like a region: `eu-west-1`, `us-gov-east-1`.
fn is_region(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let small = |part: &&str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase());
    match parts.as_slice() {
        [area, middle @ .., number] => {
            let number = number.len() == 1 && number.bytes().all(|byte| byte.is_ascii_digit());
            area.len() == 2 && small(area) && (1..=2).contains(&middle.len()) && middle.iter().all(small) && number
        }
        _ => false,
    }
}

fn arn(world: &World<'_>, region: &str, id: &str) -> String {
    world.arn_in(region, "cognito-idp", &format!("userpool/{id}"))
}

fn row(region: &str, status: &str, role: &str, arn: &str) -> Value {
    json!({"RegionName": region, "Status": status, "Role": role, "UserPoolArn": arn})
}

/// What AWS's documents leave open here, and what was decided.
pub(super) const UNCONFIRMED: &[&str] = &[
    "A replica is made of a pool of either issuer type, since AWS recommends UPDATED and does not say that it is needed.",
    "Whether the multi-Region key has a replica in the other region, and whether Cognito may use it, is not looked at.",
    "A new replica has no triggers, no SmsConfiguration and COGNITO_DEFAULT for email, whatever the pool has; its tags are those of its own request.",
    "A replica takes 5 minutes to come and 5 to go; it is activated and deactivated at once, and to the status that it has already without a refusal.",
    "While a replica is created or deleted, its status, its settings and its tags cannot be changed, and it cannot be deleted.",
    "The other region does not know the pool while the replica is created, and knows it until the replica is gone.",
    "A second replica is refused with `LimitExceededException`; one in the region of the first, in the pool's own region, \
         in another partition or in what does not look like a region with `InvalidParameterException`.",
    "A status for the pool's own region, and a deletion there, are refused with `InvalidParameterException`.",
    "A replica that a domain fails over to cannot be deleted; it can be deactivated.",
    "A pool with a replica, whatever its status, cannot be deleted, cannot be LITE, and must keep a multi-Region key: \
         an update that leaves KeyConfiguration out would reset it, and is refused.",
    "`ReplicaRegions` in a listing of pools has the regions of replicas in any status, not the pool's own, and is left out where there are none.",
    "In the replica's region every write to the pool is refused with `OperationNotEnabledException`, but for UpdateUserPool, \
         UpdateUserPoolReplica and tags; those of identity providers and of client secrets too, though AWS's model does not name the code for them.",
    "UpdateUserPool in the replica's region is refused with `InvalidParameterException` where it would change a setting that is the primary's; \
         what it leaves out counts as AWS's default for it, as it does in the primary's region, so all settings must be repeated.",
    "UpdateUserPool in the replica's region holds the whole to the same rules as in the primary's: where phone numbers are verified, \
         the replica needs an SmsConfiguration of its own by then.",
    "What a replica's region shows of the key is the primary's: its ARN, in the primary's region.",
    "What is written to the primary shows in the replica's region at once.",
    "A prefix domain is not shown by the replica's region, and a description of it is refused there with \
         `OperationNotEnabledException`; a custom domain is described in both regions.",
    "One write at a time to a pool means one in both of its regions together.",
];
