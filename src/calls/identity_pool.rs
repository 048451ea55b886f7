//! An identity pool: the pool itself, its roles and role mappings, and the principal tags of each of
//! its providers, three bodies that make up one spec.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::{Kind, Live, for_create, merge, text, twin};
use crate::aws::{Aws, Operation, body, found, is_ambiguous};
use crate::error::Error;
use crate::live::{self, Listed, without};
use crate::ownership::{self, Tags};

/// Properties that are set by calls of their own.
const ROLES: &[&str] = &["roles", "roleMappings"];
const PRINCIPAL_TAGS: &str = "principalTags";

/// An identity pool, if it is there. `providers` are those whose principal tags the file declares;
/// those of the pool's own providers are read in any case.
pub async fn read(aws: &Aws, id: &str, providers: &[String]) -> Result<Option<Live>, Error> {
    let Some(mut live) = describe(aws, id).await? else { return Ok(None) };
    complete(aws, &mut live, providers).await?;
    Ok(Some(live))
}

/// An identity pool without roles and principal tags, if it is there: enough to see whose it is.
pub async fn describe(aws: &Aws, id: &str) -> Result<Option<Live>, Error> {
    let request = json!({"IdentityPoolId": id});
    let Some(body) = found(aws.call(Operation::DescribeIdentityPool, request).await)? else { return Ok(None) };
    let name = text(&body, "/IdentityPoolName")?;
    Live::read(Kind::IdentityPool, &name, id, body).map(Some)
}

/// Reads roles and principal tags too.
pub async fn complete(aws: &Aws, live: &mut Live, providers: &[String]) -> Result<(), Error> {
    let request = json!({"IdentityPoolId": live.id});
    let names: BTreeSet<String> = provider_names(&live.spec).chain(providers.iter().cloned()).collect();
    let (roles, tags) = tokio::join!(
        aws.call(Operation::GetIdentityPoolRoles, request),
        futures_util::future::join_all(names.iter().map(|name| principal_tags(
            aws,
            &live.id,
            name,
            providers.contains(name)
        ))),
    );
    let mut spec =
        merge(&[&body::from_api(Kind::IdentityPool, &live.body), &body::from_api(Kind::IdentityPool, &roles?)]);
    let mut maps = Map::new();
    for (name, map) in names.iter().zip(tags) {
        if let Some(map) = map? {
            maps.insert(name.clone(), map);
        }
    }
    spec[PRINCIPAL_TAGS] = Value::Object(maps);
    live.set_spec(spec)?;
    live.attributes = live::attributes(live, aws.place());
    Ok(())
}

/// Reads the principal tags under names that providers may go by as well: IAM's OIDC providers by the
/// end of their ARN, and the pool's own developers.
pub async fn complete_by_other_names(aws: &Aws, live: &mut Live) -> Result<(), Error> {
    let arns = live.spec.get("openIdConnectProviderArns").and_then(Value::as_array).into_iter().flatten();
    let ends = arns.filter_map(|arn| Some(arn.as_str()?.split_once('/')?.1.to_owned()));
    let developers = live.spec.get("developerProviderName").and_then(Value::as_str).map(str::to_owned);
    let names: BTreeSet<String> = ends.chain(developers).filter(|name| name.chars().count() <= LONGEST_NAME).collect();
    let maps = names.iter().map(|name| principal_tags(aws, &live.id, name, false));
    let maps = futures_util::future::join_all(maps).await;
    for (name, map) in names.into_iter().zip(maps) {
        match map {
            Ok(Some(map)) => live.spec[PRINCIPAL_TAGS][name] = map,
            // It is a guess, and nothing is set for what AWS does not take for a provider.
            Ok(None) => {}
            Err(error) if error.code() == Some("InvalidParameterException") => {}
            Err(error) => return Err(error),
        }
    }
    live.spec = Kind::IdentityPool.canonical(&live.spec).map_err(Error::refused)?;
    Ok(())
}

/// The longest name of a provider that can have principal tags.
const LONGEST_NAME: usize = 128;

/// The providers that a pool trusts, by the names that principal tags go by.
fn provider_names(spec: &Value) -> impl Iterator<Item = String> {
    let pools = spec.get("cognitoIdentityProviders").and_then(Value::as_array).into_iter().flatten();
    let pools = pools.filter_map(|provider| provider.get("providerName"));
    let lists = ["openIdConnectProviderArns", "samlProviderArns"].into_iter();
    let lists = lists.filter_map(|list| spec.get(list)?.as_array()).flatten();
    let logins = spec.get("supportedLoginProviders").and_then(Value::as_object).into_iter().flatten();
    let logins = logins.map(|(name, _)| name.clone());
    let names = pools.chain(lists).filter_map(|name| name.as_str().map(str::to_owned)).chain(logins);
    // The ARNs of IAM's providers can be longer than what AWS takes here; nothing is set for those.
    names.filter(|name| name.chars().count() <= LONGEST_NAME)
}

/// What is set for a provider. What AWS answers for one that was never set is not documented; an
/// answer without tags is taken for that where the file does not name the provider.
async fn principal_tags(aws: &Aws, id: &str, provider: &str, declared: bool) -> Result<Option<Value>, Error> {
    let request = json!({"IdentityPoolId": id, "IdentityProviderName": provider});
    let Some(body) = found(aws.call(Operation::GetPrincipalTagAttributeMap, request).await)? else { return Ok(None) };
    let mut map = Map::new();
    for (member, property) in [("UseDefaults", "useDefaults"), ("PrincipalTags", "principalTags")] {
        if let Some(value) = body.get(member).filter(|value| !value.is_null()) {
            map.insert(property.to_owned(), value.clone());
        }
    }
    let tags = body.get("PrincipalTags").and_then(Value::as_object).is_some_and(|tags| !tags.is_empty());
    Ok((tags || declared && !map.is_empty()).then_some(Value::Object(map)))
}

/// Makes an identity pool, without roles and principal tags, and gives its id. After a failure that
/// may have had its effect all the same it looks for one with these tags.
pub async fn create(aws: &Aws, wanted: &Value, declared: &Value, tags: &Tags) -> Result<String, Error> {
    let spec = without(wanted, &["tags"]);
    let mut body = for_create(Kind::IdentityPool, &spec, declared, Operation::CreateIdentityPool.input());
    body["IdentityPoolTags"] = json!(tags);
    if body.get("AllowUnauthenticatedIdentities").is_none() {
        // AWS wants to be told.
        body["AllowUnauthenticatedIdentities"] = Value::Bool(false);
    }
    let name = text(&body, "/IdentityPoolName")?;
    let answer = aws.call(Operation::CreateIdentityPool, body).await;
    match answer.and_then(|response| super::made(Operation::CreateIdentityPool, &response, "/IdentityPoolId")) {
        Ok(id) => twin::settle(aws, Kind::IdentityPool, &id, &name, tags).await.map(|()| id),
        Err(error) if is_ambiguous(&error) => {
            super::found_after(twin::look_for(aws, Kind::IdentityPool, &name, tags).await, error)
        }
        Err(error) => Err(error),
    }
}

/// All there are in the account and region.
pub async fn list(aws: &Aws) -> Result<Vec<Listed>, Error> {
    let pools = aws.list(Operation::ListIdentityPools, json!({"MaxResults": 60}), "IdentityPools").await?;
    pools
        .iter()
        .map(|pool| {
            Ok(Listed { id: text(pool, "/IdentityPoolId")?, name: text(pool, "/IdentityPoolName")?, modified: None })
        })
        .collect()
}

/// Brings an identity pool into line. `changed` are the top-level properties that differ; `tags` are
/// all that it is to carry.
pub async fn update(aws: &Aws, live: &Live, wanted: &Value, tags: &Tags, changed: &[&str]) -> Result<(), Error> {
    set_tags(aws, live, tags).await?;
    let stays: BTreeSet<String> = provider_names(wanted).collect();
    let (kept, gone): (Vec<Value>, Vec<Value>) = principal_tag_bodies(live, wanted).into_iter().partition(|body| {
        // An OpenID Connect provider goes by the end of its ARN too.
        let of = |provider: &String, name: &str| provider == name || provider.ends_with(&format!("/{name}"));
        body["IdentityProviderName"].as_str().is_some_and(|name| stays.iter().any(|provider| of(provider, name)))
    });
    // What hangs on a provider goes before the provider.
    for request in gone {
        aws.call(Operation::SetPrincipalTagAttributeMap, request).await?;
    }
    let of_pool = |property: &&&str| **property != "tags" && **property != PRINCIPAL_TAGS && !ROLES.contains(*property);
    if changed.iter().any(|property| of_pool(&property)) {
        aws.call(Operation::UpdateIdentityPool, update_body(live, wanted, tags)).await?;
    }
    if changed.iter().any(|property| ROLES.contains(property)) {
        aws.call(Operation::SetIdentityPoolRoles, roles_body(live, wanted)).await?;
    }
    for request in kept {
        aws.call(Operation::SetPrincipalTagAttributeMap, request).await?;
    }
    Ok(())
}

/// The body of `UpdateIdentityPool`: the whole pool.
#[must_use]
pub fn update_body(live: &Live, wanted: &Value, tags: &Tags) -> Value {
    let input = Operation::UpdateIdentityPool.input();
    let read = Operation::DescribeIdentityPool.output();
    let mut body = body::complete(Kind::IdentityPool, wanted, &live.body, input, read, &["ResponseMetadata"]);
    body["IdentityPoolId"] = json!(live.id);
    body["IdentityPoolTags"] = json!(ownership::sendable(tags));
    body
}

/// The body of `SetIdentityPoolRoles`, which replaces roles and mappings as a whole.
#[must_use]
pub fn roles_body(live: &Live, wanted: &Value) -> Value {
    let input = Operation::SetIdentityPoolRoles.input();
    let read = Operation::GetIdentityPoolRoles.output();
    let mut body = body::complete(Kind::IdentityPool, wanted, &live.second, input, read, &["ResponseMetadata"]);
    body["IdentityPoolId"] = json!(live.id);
    for member in ["Roles", "RoleMappings"] {
        body.as_object_mut().map(|body| body.entry(member).or_insert_with(|| json!({})));
    }
    body
}

/// The bodies of `SetPrincipalTagAttributeMap`, one for each provider whose tags differ. There is no
/// delete: a provider that is not declared any more gets no tags.
fn principal_tag_bodies(live: &Live, wanted: &Value) -> Vec<Value> {
    let maps = |spec: &Value| spec.get(PRINCIPAL_TAGS).and_then(Value::as_object).cloned().unwrap_or_default();
    let (before, after) = (maps(&live.spec), maps(wanted));
    let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    names
        .into_iter()
        .filter(|name| before.get(*name) != after.get(*name))
        .map(|name| {
            let map = after.get(name);
            let property = |property: &str| map.and_then(|map| map.get(property)).cloned();
            json!({
                "IdentityPoolId": live.id,
                "IdentityProviderName": name,
                "UseDefaults": property("useDefaults").unwrap_or(Value::Bool(false)),
                "PrincipalTags": property("principalTags").unwrap_or_else(|| json!({})),
            })
        })
        .collect()
}

/// Brings an identity pool's tags to these.
pub async fn set_tags(aws: &Aws, live: &Live, tags: &Tags) -> Result<(), Error> {
    let (set, remove) = ownership::tag_changes(&live.tags, tags);
    let arn = live::attributes(live, aws.place()).remove("arn").unwrap_or_default();
    let room = ownership::have_room(&set, &live.tags);
    let set: Tags = set.into_iter().collect();
    let tag = (Operation::IdentityPoolsTagResource, json!({"ResourceArn": arn, "Tags": set}), set.is_empty());
    let untag =
        (Operation::IdentityPoolsUntagResource, json!({"ResourceArn": arn, "TagKeys": remove}), remove.is_empty());
    for (operation, request, empty) in if room { [tag, untag] } else { [untag, tag] } {
        if !empty {
            aws.call(operation, request).await?;
        }
    }
    Ok(())
}

/// Deletes an identity pool. That it is gone already is fine.
pub async fn delete(aws: &Aws, id: &str) -> Result<(), Error> {
    found(aws.call(Operation::DeleteIdentityPool, json!({"IdentityPoolId": id})).await).map(drop)
}
