//! An update of a pool where it has but a replica: the settings that are the region's own change, and
//! all others must be as they are.

use serde_json::{Value, json};

use super::super::super::refusal::Refusal;
use super::super::super::state::Body;
use super::super::world::{World, text};
use super::super::{replica, tags};
use super::rules::{self, Caller, Wanted};
use super::settings;

/// `UpdateUserPool` in the region of a replica.
pub(super) fn update(world: &mut World<'_>, input: &Value, home: &str) -> Result<Value, Refusal> {
    let fresh = tags::read(input.get("UserPoolTags"))?;
    let (now, id, caller) = (world.now, text(input, "UserPoolId"), Caller::of(world));
    let arn = world.arn("cognito-idp", &format!("userpool/{id}"));
    let pool = world.pool_of(home, id)?;
    let own = replica::idle(pool, home, &caller.region, now)?.clone();
    let before = replica::view(pool, &own, &arn);
    let body = settings::updated(input, &before.body, &caller.region)?;
    if let Some(member) = changed(&before.body, &body) {
        return Err(Refusal::invalid(format!(
            "{member} can only be changed in {home}, the primary Region of the user pool."
        )));
    }
    rules::check(&Wanted { body: &body, mfa: &before.mfa, old: Some(&before), now }, &caller)?;
    let replica = replica::idle(pool, home, &caller.region, now)?;
    let own = replica::REGIONAL.iter().filter_map(|member| Some(((*member).to_owned(), body.get(*member)?.clone())));
    replica.body = own.collect();
    replica.tags = tags::replace(&replica.tags, fresh);
    let tags = replica.tags.clone();
    world.index(&arn, Some(&tags));
    Ok(json!({}))
}

/// A setting of the primary's that would be another one.
fn changed<'a>(before: &'a Body, after: &'a Body) -> Option<&'a str> {
    let members = before.keys().chain(after.keys()).map(String::as_str);
    let mut primary = members.filter(|member| !replica::REGIONAL.contains(member) && *member != "LastModifiedDate");
    primary.find(|member| before.get(*member) != after.get(*member))
}
