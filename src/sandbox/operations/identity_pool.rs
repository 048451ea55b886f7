//! Identity pools: the providers that a pool trusts, what an update keeps and what it takes away.
//! Roles and principal tags, which have calls of their own, are below.

use serde_json::{Value, json};

use super::super::refusal::Refusal;
use super::super::state::{Body, IdentityPool, Tags};
use super::page::Listing;
use super::tags as tag_set;
use super::world::{World, text};

mod principal_tags;
mod providers;
mod roles;
mod tags;
#[cfg(test)]
mod tests;

pub(super) use principal_tags::{get_principal_tag_attribute_map, set_principal_tag_attribute_map};
pub(super) use roles::{get_identity_pool_roles, set_identity_pool_roles};
pub(super) use tags::{list_tags_for_resource, tag_resource, untag_resource};

/// How many identity pools a region has room for.
const MOST: usize = 1000;

const LISTING: Listing = Listing { size: "MaxResults", token: "NextToken", items: "IdentityPools", most: 60 };

/// `CreateIdentityPool`.
pub(super) fn create_identity_pool(world: &mut World<'_>, input: &Value) -> Result<Value, Refusal> {
    let mut body = settings(world, input)?;
    let tags = tags::of_pool(input)?.unwrap_or_default();
    if world.region().identity_pools.len() >= MOST {
        return Err(Refusal::of("LimitExceededException", "You have reached the limit of identity pools."));
    }
    let id = format!("{}:{}", world.call.region, world.guid());
    body.insert("IdentityPoolId".to_owned(), json!(id));
    body.entry("AllowClassicFlow").or_insert(Value::Bool(false));
    let answer = described(&body, &tags);
    index(world, &id, Some(&tags));
    world.region().identity_pools.insert(id, IdentityPool { body, tags, ..IdentityPool::default() });
    Ok(answer)
}

/// `DescribeIdentityPool`.
pub(super) fn describe_identity_pool(world: &mut World<'_>, _: &Value) -> Result<Value, Refusal> {
    let pool = world.identity_pool()?;
    Ok(described(&pool.body, &pool.tags))
}

/// `UpdateIdentityPool`. The classic flow, the developer provider and the tags stay where they are
/// not given; the providers go.
pub(super) fn update_identity_pool(world: &mut World<'_>, input: &Value) -> Result<Value, Refusal> {
    world.identity_pool()?;
    let mut body = settings(world, input)?;
    let tags = tags::of_pool(input)?;
    let pool = world.identity_pool()?;
    let (set, given) = (pool.body.get("DeveloperProviderName"), body.get("DeveloperProviderName"));
    if set.is_some() && given.is_some() && set != given {
        return Err(Refusal::invalid("DeveloperProviderName cannot be changed once it is set."));
    }
    for member in ["IdentityPoolId", "AllowClassicFlow", "DeveloperProviderName"] {
        if let Some(value) = pool.body.get(member) {
            body.entry(member).or_insert_with(|| value.clone());
        }
    }
    pool.body = body;
    if let Some(tags) = tags {
        pool.tags = tag_set::replace(&pool.tags, tags);
    }
    let (id, tags) = (text(input, "IdentityPoolId"), pool.tags.clone());
    let answer = described(&pool.body, &tags);
    index(world, id, Some(&tags));
    Ok(answer)
}

/// `DeleteIdentityPool`.
pub(super) fn delete_identity_pool(world: &mut World<'_>, input: &Value) -> Result<Value, Refusal> {
    world.identity_pool()?;
    let id = text(input, "IdentityPoolId");
    world.region().identity_pools.remove(id);
    index(world, id, None);
    Ok(json!({}))
}

/// `ListIdentityPools`.
pub(super) fn list_identity_pools(world: &mut World<'_>, input: &Value) -> Result<Value, Refusal> {
    let pools = world.region().identity_pools.values().map(
        |pool| json!({"IdentityPoolId": pool.body["IdentityPoolId"], "IdentityPoolName": pool.body["IdentityPoolName"]}),
    );
    LISTING.page(input, pools.collect())
}

/// The members that a Describe shows, as far as they are given. What is empty is not shown.
fn settings(world: &World<'_>, input: &Value) -> Result<Body, Refusal> {
    let mut body = Body::new();
    for member in ["IdentityPoolName", "AllowUnauthenticatedIdentities", "AllowClassicFlow", "DeveloperProviderName"] {
        if let Some(value) = input.get(member).filter(|value| !value.is_null()) {
            body.insert(member.to_owned(), value.clone());
        }
    }
    for (member, value) in providers::given(world, input)? {
        body.insert(member.to_owned(), value);
    }
    Ok(body)
}

fn described(body: &Body, tags: &Tags) -> Value {
    let mut answer = body.clone();
    answer.insert("IdentityPoolTags".to_owned(), tag_set::shown(tags));
    Value::Object(answer)
}

/// Lets the tag query know of a pool's tags.
fn index(world: &mut World<'_>, id: &str, tags: Option<&Tags>) {
    let arn = world.arn("cognito-identity", &format!("identitypool/{id}"));
    world.index(&arn, tags);
}

/// What is not known of AWS for sure, and what is done here.
pub(super) const UNCONFIRMED: &[&str] = &[
    "A developer provider's name that an update does not give stays; another one is refused.",
    "Tags that UpdateIdentityPool does not give stay; given ones replace all.",
    "The user pools and clients that an identity pool trusts need not exist, as Terraform's tests on AWS show.",
    "Providers are listed in an order of AWS's own, whatever order they were given in; empty lists are not shown.",
    "The same user pool client twice is refused, and so is a login provider that Cognito does not name.",
    "An ARN of an OpenID Connect provider may belong to another account; one of a SAML provider may not.",
    "A pool whose roles were never set has no member Roles in the answer.",
    "Roles of other accounts are refused, as AWS does wherever a role is passed.",
    "Role mappings of a provider stay when the pool does not trust it any more; they cannot be set again.",
    "Principal tags can be set only for a provider that the pool trusts, an OpenID Connect provider by its ARN or its name in it; they stay when it does not any more.",
    "For a provider whose principal tags were never set the answer is UseDefaults false and no tags.",
    "UseDefaults that is not given is false; UseDefaults together with other tags than the defaults is refused.",
];
