//! Finds the live resource that a declared root stands for, by its tags, its `id` or its name.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::Value;

use super::{FEW, Scope, Shared, by_arn};
use crate::aws::Aws;
use crate::aws::tagging::Tagged;
use crate::error::Error;
use crate::kind::Kind;
use crate::live::Live;
use crate::ownership;
use crate::stack::Resource;

/// What was found for a declared root.
pub(super) enum Found<T> {
    /// The one that it stands for.
    One(T),
    /// Why it cannot be worked on.
    Blocked(String),
    /// It is not live.
    Nothing,
}

/// A declared root, and the tags that it may carry.
struct Wanted<'a> {
    resource: &'a Resource,
    stack: String,
    address: String,
    /// The address that it had before it was renamed.
    former: Option<String>,
}

impl Wanted<'_> {
    fn is_here(&self, live: &Live) -> bool {
        live.owner() == Some((&self.stack, &self.address))
    }

    fn was_here(&self, live: &Live) -> bool {
        self.former.as_ref().is_some_and(|former| live.owner() == Some((&self.stack, former)))
    }

    fn is_ours(&self, live: &Live) -> bool {
        self.is_here(live) || self.was_here(live)
    }
}

/// The live resources that a declared root may stand for: those that the tag query, `id` or the
/// name lead to, what was changed lately, and where the tag query is refused all there are.
async fn candidates(
    aws: &Aws,
    shared: &Shared,
    wanted: &Wanted<'_>,
    tagged: Option<&[Tagged]>,
) -> Result<Vec<Arc<Live>>, Error> {
    let resource = wanted.resource;
    let name = resource.declared.get("name").and_then(Value::as_str).unwrap_or_default();
    let mut ids: BTreeSet<String> = resource.id.iter().cloned().collect();
    for (arn, tags) in tagged.unwrap_or_default() {
        let here = tags.iter().any(|(key, value)| {
            key == ownership::RESOURCE && (*value == wanted.address || wanted.former.as_ref() == Some(value))
        });
        if let Some((_, id)) = by_arn(arn).filter(|(kind, _)| here && *kind == resource.kind) {
            ids.insert(id.to_owned());
        }
    }
    if resource.kind == Kind::Function {
        ids.extend(resource.id.is_none().then(|| name.to_owned()));
    } else {
        let pools = shared.pools(aws, resource.kind).await?.iter();
        ids.extend(pools.filter(|pool| pool.name == name || tagged.is_none()).map(|pool| pool.id.clone()));
    }
    let mut found = shared.describe_all(aws, resource.kind, &ids).await?;
    if resource.kind == Kind::UserPool {
        found.extend(shared.recent(aws).await?.into_iter().filter(|live| wanted.is_ours(live)));
    }
    let is_found = found.iter().any(|live| wanted.is_ours(live));
    if resource.kind == Kind::IdentityPool && resource.id.is_none() && !is_found {
        let pools = shared.pools(aws, resource.kind).await?;
        let rest = pools.iter().filter(|_| pools.len() <= FEW).map(|pool| pool.id.clone());
        let rest = shared.describe_all(aws, resource.kind, &rest.collect()).await?;
        found.extend(rest.into_iter().filter(|live| wanted.is_ours(live)));
    }
    // A function is found by its name and by its ARN.
    found.sort_by(|one, other| one.id.cmp(&other.id));
    found.dedup_by(|one, other| one.id == other.id);
    Ok(found)
}

/// Finds the live resource that a declared root stands for, and whether its tags say that it is the
/// stack's own.
pub(super) async fn find(
    aws: &Aws,
    shared: &Shared,
    scope: &Scope<'_>,
    resource: &Resource,
    tagged: Option<&[Tagged]>,
) -> Result<Found<(Live, bool)>, Error> {
    let wanted = Wanted {
        resource,
        stack: scope.stack.identity(),
        address: resource.address.to_string(),
        former: resource.renamed_from.as_ref().map(ToString::to_string),
    };
    let candidates = candidates(aws, shared, &wanted, tagged).await?;
    let here: Vec<&Arc<Live>> = candidates.iter().filter(|live| wanted.is_here(live)).collect();
    let before: Vec<&Arc<Live>> = candidates.iter().filter(|live| wanted.was_here(live)).collect();
    if let ([now, ..], [former, ..]) = (here.as_slice(), before.as_slice()) {
        return Ok(Found::Blocked(both_live(&wanted, now, former)));
    }
    let ours = if here.is_empty() { before } else { here };
    match (ours.as_slice(), &resource.id) {
        ([_, _, ..], _) => {
            let ids: Vec<&str> = ours.iter().map(|live| live.id.as_str()).collect();
            Err(Error::refused(format!("two of them carry this stack's tags for this address: {}", ids.join(" and ")))
                .with_help(
                    "take the tag `poolkeeper:resource` off the one that is not meant, or delete it if it is empty",
                ))
        }
        ([live], Some(id)) if live.id != *id => Err(Error::refused(format!(
            "`id: {id}` names one {}, but {} carries this stack's tags for this address",
            resource.kind.title(),
            live.id
        ))
        .with_help("correct `id`, or take the tag `poolkeeper:resource` off the other one")),
        ([live], _) => Ok(Found::One((Live::clone(live), true))),
        ([], Some(id)) => {
            let Some(live) = candidates.iter().find(|live| live.id == *id || live.key == *id) else {
                return if scope.destroy { Ok(Found::Nothing) } else { Err(gone(aws, resource.kind, id)) };
            };
            Ok(match live.owner() {
                Some((owner, at)) if owner == wanted.stack => {
                    Found::Blocked(format!("{id} belongs to this stack as {at}; {}", way_to_rename(at)))
                }
                Some((owner, at)) if !scope.take_over.contains(&resource.address) => {
                    Found::Blocked(format!("{id} belongs to stack {owner} as {at}; {}", way_to_take_over(&wanted)))
                }
                _ => Found::One((Live::clone(live), false)),
            })
        }
        ([], None) => Ok(judge_namesakes(&candidates, &wanted, scope)),
    }
}

/// Why a root cannot be worked on that is live at its present address and at its former one.
fn both_live(wanted: &Wanted<'_>, now: &Live, former: &Live) -> String {
    let at = wanted.former.as_deref().unwrap_or_default();
    format!(
        "both {} at this address and {} at {at}, which it had before, are live: take `renamedFrom` out, and the plan \
         deletes {at} as removed from the file, or take the tag `poolkeeper:resource` off the one that is not meant",
        now.id, former.id
    )
}

fn way_to_rename(at: &str) -> String {
    format!("write `renamedFrom: {at}` if it is the same under another key")
}

fn way_to_take_over(wanted: &Wanted<'_>) -> String {
    format!("make it this stack's own: --take-over {}", wanted.address)
}

fn gone(aws: &Aws, kind: Kind, id: &str) -> Error {
    let place = aws.place();
    Error::refused(format!("`id: {id}` names a {} that is not there", kind.title())).with_help(format!(
        "it is not in {} of account {}; correct `id`, or take it out to have one made",
        place.region, place.account
    ))
}

/// What live resources with the declared name mean for a root that is not live.
fn judge_namesakes(candidates: &[Arc<Live>], wanted: &Wanted<'_>, scope: &Scope<'_>) -> Found<(Live, bool)> {
    let resource = wanted.resource;
    let title = resource.kind.title();
    let name = resource.declared.get("name").and_then(Value::as_str).unwrap_or_default();
    let named: Vec<&Arc<Live>> = candidates.iter().filter(|live| live.key == name).collect();
    let foreign = named.iter().find_map(|live| live.owner().map(|owner| (owner, &live.id)));
    let ids: Vec<&str> = named.iter().map(|live| live.id.as_str()).collect();
    let take_over = scope.take_over.contains(&resource.address);
    match (foreign, ids.as_slice()) {
        (_, []) if take_over => Found::Blocked(format!(
            "there is nothing to take over: no live {title} has the name `{name}`; write `id:` beside it, or leave the \
             option out to have a new one made"
        )),
        (_, []) => Found::Nothing,
        (Some(((owner, at), id)), _) if owner == wanted.stack => Found::Blocked(format!(
            "the {title} {id} with this name belongs to this stack as {at}; {}, or give another name",
            way_to_rename(at)
        )),
        (Some(_), [_, _, ..]) if take_over => Found::Blocked(format!(
            "several {title}s with this name are live: {}; write `id:` beside it, to say which one is to be taken over",
            ids.join(", ")
        )),
        (Some(_), _) if take_over => Found::One((Live::clone(named[0]), false)),
        (Some(((owner, at), id)), _) => Found::Blocked(format!(
            "the {title} {id} with this name belongs to stack {owner} as {at}; give another name, or {}",
            way_to_take_over(wanted)
        )),
        (None, _) if scope.create.contains(&resource.address) && resource.kind != Kind::Function => Found::Nothing,
        (None, ids) => Found::Blocked(format!(
            "a {title} with this name is live and has no owner: {}; write `id: {}` to adopt it{}",
            ids.join(", "),
            ids[0],
            if resource.kind == Kind::Function {
                ", or give another name".to_owned()
            } else {
                format!(", or say that another one is wanted: --create {}", resource.address)
            }
        )),
    }
}
