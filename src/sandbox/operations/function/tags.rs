//! The tags of a function. Versions and aliases have none.

use serde_json::{Value, json};

use super::super::super::refusal::Refusal;
use super::super::super::state::Tags;
use super::super::tags;
use super::super::world::{World, text};
use super::name::{Named, parse};
use super::{INVALID, find, invalid};

/// `TagResource`: puts tags to those that are there.
pub(in super::super) fn tag_resource(world: &mut World<'_>, input: &Value) -> Result<Value, Refusal> {
    let named = tagged(world, input)?;
    let fresh = given(input)?;
    let tags = tags::merge(&find(world, &named)?.tags, fresh).map_err(in_words_of_lambda)?;
    set(world, &named, tags)
}

/// `UntagResource`. A tag that is not there is no fault.
pub(in super::super) fn untag_resource(world: &mut World<'_>, input: &Value) -> Result<Value, Refusal> {
    let named = tagged(world, input)?;
    let tags = tags::remove(&find(world, &named)?.tags, input.get("TagKeys")).map_err(in_words_of_lambda)?;
    set(world, &named, tags)
}

/// The tags that are given.
pub(super) fn given(input: &Value) -> Result<Tags, Refusal> {
    tags::read(input.get("Tags")).map_err(in_words_of_lambda)
}

/// What is wrong with tags is the same everywhere, and has another code here.
fn in_words_of_lambda(refusal: Refusal) -> Refusal {
    Refusal { code: INVALID.to_owned(), ..refusal }
}

/// `ListTags`.
pub(in super::super) fn list_tags(world: &mut World<'_>, input: &Value) -> Result<Value, Refusal> {
    let named = tagged(world, input)?;
    Ok(json!({"Tags": tags::shown(&find(world, &named)?.tags)}))
}

fn set(world: &mut World<'_>, named: &Named, tags: Tags) -> Result<Value, Refusal> {
    let arn = named.arn(world);
    world.index(&arn, Some(&tags));
    find(world, named)?.tags = tags;
    Ok(json!({}))
}

/// The function that an ARN names.
fn tagged(world: &World<'_>, input: &Value) -> Result<Named, Refusal> {
    let named = parse(world, text(input, "Resource"))?;
    match named.qualifier {
        Some(_) => Err(invalid(
            "Tags on function aliases and versions are not supported. Please specify either a function name or an unqualified function ARN.",
        )),
        None => Ok(named),
    }
}
