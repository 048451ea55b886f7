//! Tags: the three operations on a user pool by its ARN, and what holds for tags anywhere.

use serde_json::{Map, Value, json};

use super::super::refusal::Refusal;
use super::super::state::Tags;
use super::replica;
use super::world::{World, text};

/// How many tags a resource can have.
const MOST: usize = 50;

/// `TagResource` of user pools.
pub(super) fn tag_resource(world: &mut World<'_>, input: &Value) -> Result<Value, Refusal> {
    let (id, arn) = tagged_pool(world, input)?;
    let fresh = read(input.get("Tags"))?;
    change(world, &id, &arn, |tags| merge(tags, fresh))
}

/// `UntagResource` of user pools.
pub(super) fn untag_resource(world: &mut World<'_>, input: &Value) -> Result<Value, Refusal> {
    let (id, arn) = tagged_pool(world, input)?;
    change(world, &id, &arn, |tags| remove(tags, input.get("TagKeys")))
}

/// `ListTagsForResource` of user pools.
pub(super) fn list_tags_for_resource(world: &mut World<'_>, input: &Value) -> Result<Value, Refusal> {
    let (id, _) = tagged_pool(world, input)?;
    let tags = replica::tags(world, &id)?;
    Ok(json!({"Tags": shown(tags)}))
}

/// The id and the ARN of the pool, or of its replica in the caller's region, that the input names
/// by its ARN.
fn tagged_pool(world: &World<'_>, input: &Value) -> Result<(String, String), Refusal> {
    let arn = text(input, "ResourceArn");
    let id = arn.rsplit_once(":userpool/").map(|(_, id)| id.to_owned());
    let id = id.ok_or_else(|| Refusal::invalid(format!("Invalid resource ARN: {arn}")))?;
    if arn != world.arn("cognito-idp", &format!("userpool/{id}")) {
        return Err(Refusal::missing(format!("User pool {id} does not exist.")));
    }
    Ok((id, arn.to_owned()))
}

fn change(
    world: &mut World<'_>,
    id: &str,
    arn: &str,
    change: impl FnOnce(&Tags) -> Result<Tags, Refusal>,
) -> Result<Value, Refusal> {
    let own = replica::tags(world, id)?;
    let tags = change(own)?;
    own.clone_from(&tags);
    world.index(arn, Some(&tags));
    Ok(json!({}))
}

/// Tags of a request. What begins with `aws:` is AWS's own.
pub(super) fn read(tags: Option<&Value>) -> Result<Tags, Refusal> {
    let tags: Tags = tags
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
        .map(|(key, value)| (key.clone(), value.as_str().unwrap_or_default().to_owned()))
        .collect();
    if tags.keys().any(|key| reserved(key)) {
        return Err(Refusal::invalid("aws: prefixed tag key names are not allowed for external use."));
    }
    few(tags)
}

fn reserved(key: &str) -> bool {
    key.get(..4).is_some_and(|begin| begin.eq_ignore_ascii_case("aws:"))
}

fn few(tags: Tags) -> Result<Tags, Refusal> {
    if tags.keys().filter(|key| !reserved(key)).count() > MOST {
        return Err(Refusal::invalid(format!("The number of tags exceeds the limit of {MOST}.")));
    }
    Ok(tags)
}

/// The tags, and others over them.
pub(super) fn merge(tags: &Tags, fresh: Tags) -> Result<Tags, Refusal> {
    let mut tags = tags.clone();
    tags.extend(fresh);
    few(tags)
}

/// The tags without those whose keys are listed.
pub(super) fn remove(tags: &Tags, keys: Option<&Value>) -> Result<Tags, Refusal> {
    let keys: Vec<&str> = keys.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
    if keys.iter().any(|key| reserved(key)) {
        return Err(Refusal::invalid("aws: prefixed tag key names are not allowed for external use."));
    }
    Ok(tags.iter().filter(|(key, _)| !keys.contains(&key.as_str())).map(|(k, v)| (k.clone(), v.clone())).collect())
}

/// Other tags in place of those that are there; AWS's own stay.
pub(super) fn replace(tags: &Tags, mut fresh: Tags) -> Tags {
    fresh.extend(tags.iter().filter(|(key, _)| reserved(key)).map(|(key, value)| (key.clone(), value.clone())));
    fresh
}

/// Tags as an answer shows them.
pub(super) fn shown(tags: &Tags) -> Value {
    Value::Object(tags.iter().map(|(key, value)| (key.clone(), json!(value))).collect::<Map<_, _>>())
}

pub(super) const UNCONFIRMED: &[&str] =
    &["A tag over the fiftieth, and a key that begins with `aws:`, are refused with `InvalidParameterException`."];
