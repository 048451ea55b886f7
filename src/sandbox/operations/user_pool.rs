//! User pools: made, shown, changed, deleted and listed. What a request makes of a pool's settings
//! stands in `settings`, and what settings may not stand together in `rules`.

use serde_json::{Value, json};

use super::super::refusal::Refusal;
use super::super::state::{Body, Replica, UserPool};
use super::page::Listing;
use super::world::{MIXED, World, text};
use super::{domain, replica, schema, tags};
use rules::{Caller, Wanted};
use settings::Change;

pub(super) mod messaging;
mod regional;
pub(super) mod rules;
mod settings;
#[cfg(test)]
mod tests;
mod tier;
mod triggers;

/// How many pools an account can have in a region.
const MOST: usize = 1000;

/// `CreateUserPool`.
pub(super) fn create(world: &mut World<'_>, input: &Value) -> Result<Value, Refusal> {
    if world.region().user_pools.len() >= MOST {
        return Err(Refusal::of("LimitExceededException", format!("An account can have at most {MOST} user pools.")));
    }
    let change = Change { input, old: None, region: &world.call.region };
    let mut body = settings::of(&change)?;
    let attributes = schema::of_new_pool(input.get("Schema"))?;
    let tags = tags::read(input.get("UserPoolTags"))?;
    let mut pool = UserPool { tags, ..UserPool::default() };
    if body.get("MfaConfiguration") != Some(&json!("OFF")) {
        pool.mfa.insert("SmsMfaConfiguration".to_owned(), json!({}));
    }
    let wanted = Wanted { body: &body, mfa: &pool.mfa, old: None, now: world.now };
    rules::turning_mfa_on(&wanted)?;
    rules::check(&wanted, &Caller::of(world))?;
    let id = format!("{}_{}", world.call.region, world.fresh(MIXED, 9));
    let arn = world.arn("cognito-idp", &format!("userpool/{id}"));
    let date = world.date();
    body.insert("Id".to_owned(), json!(id));
    body.insert("Name".to_owned(), json!(text(input, "PoolName")));
    body.insert("Arn".to_owned(), json!(arn));
    body.insert("SchemaAttributes".to_owned(), Value::Array(attributes));
    body.insert("CreationDate".to_owned(), date.clone());
    body.insert("LastModifiedDate".to_owned(), date);
    body.insert("EstimatedNumberOfUsers".to_owned(), json!(0));
    pool.body.clone_from(&body);
    world.index(&arn, Some(&pool.tags));
    if !pool.tags.is_empty() {
        body.insert("UserPoolTags".to_owned(), tags::shown(&pool.tags));
    }
    world.region().user_pools.insert(id, pool);
    Ok(json!({"UserPool": body}))
}

/// `DescribeUserPool`.
pub(super) fn describe(world: &mut World<'_>, _: &Value) -> Result<Value, Refusal> {
    let now = world.now;
    let pool = world.seen()?;
    let mut body = pool.body.clone();
    let attributes = pool.body.get("SchemaAttributes").and_then(Value::as_array).map(Vec::as_slice);
    body.insert("SchemaAttributes".to_owned(), Value::Array(schema::described(attributes.unwrap_or_default())));
    body.insert("EstimatedNumberOfUsers".to_owned(), json!(pool.users.len()));
    body.insert("UserPoolTags".to_owned(), tags::shown(&pool.tags));
    for (name, domain) in domain::standing(&pool, now) {
        let member = if domain::is_custom(domain) { "CustomDomain" } else { "Domain" };
        body.insert(member.to_owned(), json!(name));
    }
    Ok(json!({"UserPool": body}))
}

/// `UpdateUserPool`.
pub(super) fn update(world: &mut World<'_>, input: &Value) -> Result<Value, Refusal> {
    let home = world.home(text(input, "UserPoolId"))?.to_owned();
    if home != world.call.region {
        return regional::update(world, input, &home);
    }
    let fresh = tags::read(input.get("UserPoolTags"))?;
    let caller = Caller::of(world);
    let (now, date) = (world.now, world.date());
    let pool = world.pool()?;
    let mut body = settings::updated(input, &pool.body, &caller.region)?;
    body.insert("LastModifiedDate".to_owned(), date);
    let mut mfa = pool.mfa.clone();
    let off = json!("OFF");
    if body.get("MfaConfiguration") == Some(&off) {
        mfa.retain(|factor, _| factor == "WebAuthnConfiguration");
    } else if pool.body.get("MfaConfiguration") == Some(&off) {
        mfa.insert("SmsMfaConfiguration".to_owned(), json!({}));
    }
    let wanted = Wanted { body: &body, mfa: &mfa, old: Some(pool), now };
    rules::turning_mfa_on(&wanted)?;
    rules::check(&wanted, &caller)?;
    pool.body = body;
    pool.mfa = mfa;
    pool.tags = tags::replace(&pool.tags, fresh);
    let tags = pool.tags.clone();
    world.index(&world.arn("cognito-idp", &format!("userpool/{}", text(input, "UserPoolId"))), Some(&tags));
    Ok(json!({}))
}

/// `DeleteUserPool`.
pub(super) fn delete(world: &mut World<'_>, input: &Value) -> Result<Value, Refusal> {
    let now = world.now;
    let pool = world.pool()?;
    if pool.body.get("DeletionProtection") == Some(&json!("ACTIVE")) {
        return Err(Refusal::invalid(
            "The user pool cannot be deleted because deletion protection is activated. \
             Deletion protection must be inactivated first.",
        ));
    }
    if domain::standing(pool, now).next().is_some() {
        return Err(Refusal::invalid(
            "User pool cannot be deleted. It has a domain configured that should be deleted first.",
        ));
    }
    if replica::standing(pool, now).next().is_some() {
        return Err(Refusal::invalid(
            "User pool cannot be deleted. It has a replica in another region that should be deleted first.",
        ));
    }
    let id = text(input, "UserPoolId");
    world.region().user_pools.remove(id);
    world.index(&world.arn("cognito-idp", &format!("userpool/{id}")), None);
    Ok(json!({}))
}

/// `ListUserPools`.
pub(super) fn list(world: &mut World<'_>, input: &Value) -> Result<Value, Refusal> {
    const LISTED: [&str; 5] = ["Id", "Name", "LambdaConfig", "LastModifiedDate", "CreationDate"];
    let listing = Listing { size: "MaxResults", token: "NextToken", items: "UserPools", most: 60 };
    let now = world.now;
    let item = |(pool, replica): (&UserPool, Option<&Replica>)| {
        let shown = |member: &&str| Some(((*member).to_owned(), replica::member(pool, replica, member)?.clone()));
        let mut members: Body = LISTED.iter().filter_map(shown).collect();
        let regions: Vec<&String> = replica::standing(pool, now).map(|(region, _)| region).collect();
        if !regions.is_empty() {
            members.insert("ReplicaRegions".to_owned(), json!(regions));
        }
        Value::Object(members)
    };
    listing.page(input, replica::listed(world).into_iter().map(item).collect())
}

pub(super) const UNCONFIRMED: &[&str] = &[
    "An update resets what it does not name, but for the name, `Policies` with each of its two parts, \
         `MfaConfiguration` and `UserAttributeUpdateSettings`. Measured are only some of the others: that \
         `DeletionProtection`, `UserPoolTier`, `UserPoolTags`, the configurations of email, text messages, devices, \
         keys, issuer and ACR levels, invitations, recovery and all messages are reset is assumed.",
    "Tags that begin with `aws:` are refused, and those that are there outlive an update.",
    "`COGNITO_DEFAULT` with a `SourceArn` is taken: AWS refuses it unless the identity's own policy lets Cognito use it, \
         which is not known here.",
    "An empty `SmsConfiguration` is none; without an SNS region it gets the pool's own.",
    "`KmsKeyArn` is refused where `KeyType` is not `CUSTOMER_MANAGED_KEY`.",
    "`SOFTWARE_TOKEN` is refused among the first factors; `EMAIL_OTP` works with `COGNITO_DEFAULT`.",
    "A trigger's function is taken as it is named: whether there is one, and whether the pool may call it, is not looked at.",
    "A password history needs the tier ESSENTIALS.",
    "A tier below a feature in use is refused: with `TierChangeNotAllowedException` where the tier is lowered, \
         with `FeatureUnavailableInTierException` otherwise.",
    "`UnusedAccountValidityDays` of 0 is always taken; another number only by a new pool that does not say how long \
         a temporary password holds.",
    "An older verification message that differs from the template's is refused.",
    "A new pool, or an update from OFF to OPTIONAL, turns text messages on as a second factor, and is refused \
         without `SmsConfiguration` or without verification of `phone_number`.",
    "An update may turn multi-factor authentication off; the factors are forgotten, passkeys are not.",
    "Recovery by `verified_phone_number` alone is refused without `SmsConfiguration`; beside another it is not.",
    "An update that leaves `SmsConfiguration` out while text messages are a second factor is refused.",
];
