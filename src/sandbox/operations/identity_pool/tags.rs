//! The tags of an identity pool, by its ARN.

use serde_json::{Value, json};

use super::super::super::refusal::Refusal;
use super::super::super::state::{IdentityPool, Tags};
use super::super::tags;
use super::super::world::{World, text};
use super::index;

/// `TagResource`: puts tags to those that are there.
pub(in super::super) fn tag_resource(world: &mut World<'_>, input: &Value) -> Result<Value, Refusal> {
    let fresh = tags::read(input.get("Tags"))?;
    change(world, input, |own| tags::merge(own, fresh))
}

/// `UntagResource`. A tag that is not there is no fault.
pub(in super::super) fn untag_resource(world: &mut World<'_>, input: &Value) -> Result<Value, Refusal> {
    change(world, input, |own| tags::remove(own, input.get("TagKeys")))
}

/// `ListTagsForResource`.
pub(in super::super) fn list_tags_for_resource(world: &mut World<'_>, input: &Value) -> Result<Value, Refusal> {
    let (_, pool) = tagged(world, input)?;
    Ok(json!({"Tags": tags::shown(&pool.tags)}))
}

fn change(
    world: &mut World<'_>,
    input: &Value,
    change: impl FnOnce(&Tags) -> Result<Tags, Refusal>,
) -> Result<Value, Refusal> {
    let (id, pool) = tagged(world, input)?;
    let tags = change(&pool.tags)?;
    pool.tags.clone_from(&tags);
    index(world, &id, Some(&tags));
    Ok(json!({}))
}

/// The pool that an ARN names.
fn tagged<'a>(world: &'a mut World<'_>, input: &Value) -> Result<(String, &'a mut IdentityPool), Refusal> {
    let arn = text(input, "ResourceArn");
    let prefix = world.arn("cognito-identity", "identitypool/");
    let id = arn.strip_prefix(&prefix).unwrap_or_default().to_owned();
    match world.region().identity_pools.get_mut(&id) {
        Some(pool) => Ok((id, pool)),
        None => Err(Refusal::missing(format!("Resource {arn} not found."))),
    }
}

/// The tags that are given with a pool.
pub(super) fn of_pool(input: &Value) -> Result<Option<Tags>, Refusal> {
    let given = input.get("IdentityPoolTags").filter(|given| !given.is_null());
    given.map(|given| tags::read(Some(given))).transpose()
}
