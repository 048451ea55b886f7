//! Groups, and who is in them.

use serde_json::{Value, json};

use super::super::refusal::Refusal;
use super::super::state::{Group, UserPool};
use super::page::Listing;
use super::user;
use super::world::{World, text};

#[cfg(test)]
mod tests;

/// Groups of a pool.
const GROUPS: usize = 10_000;
/// Groups of a user.
const OF_ONE_USER: usize = 100;
/// What may change.
const SETTINGS: [&str; 3] = ["Description", "RoleArn", "Precedence"];

const PAGES: Listing = Listing { size: "Limit", token: "NextToken", items: "Groups", most: 60 };
const MEMBERS: Listing = Listing { size: "Limit", token: "NextToken", items: "Users", most: 60 };

/// `CreateGroup`.
pub(super) fn create(world: &mut World<'_>, input: &Value) -> Result<Value, Refusal> {
    let (now, name, id) = (world.date(), text(input, "GroupName"), text(input, "UserPoolId"));
    let pool = world.pool()?;
    if pool.groups.contains_key(name) {
        return Err(Refusal::of("GroupExistsException", "A group with the name already exists."));
    }
    if pool.groups.len() >= GROUPS {
        return Err(Refusal::of("LimitExceededException", "The number of groups exceeds the limit."));
    }
    check_role(world, input)?;
    let mut group = Group::default();
    group.body.insert("GroupName".into(), json!(name));
    group.body.insert("UserPoolId".into(), json!(id));
    group.body.insert("CreationDate".into(), now.clone());
    set(&mut group, input, now);
    let answer = json!({"Group": group.body});
    world.pool()?.groups.insert(name.to_owned(), group);
    Ok(answer)
}

/// `GetGroup`.
pub(super) fn get(world: &mut World<'_>, input: &Value) -> Result<Value, Refusal> {
    let group = find(world.pool()?, input)?;
    Ok(json!({"Group": group.body}))
}

/// `UpdateGroup`. What is not said stays.
pub(super) fn update(world: &mut World<'_>, input: &Value) -> Result<Value, Refusal> {
    let now = world.date();
    find(world.pool()?, input)?;
    check_role(world, input)?;
    let group = find(world.pool()?, input)?;
    set(group, input, now);
    Ok(json!({"Group": group.body}))
}

/// `DeleteGroup`. Its members stay as users.
pub(super) fn delete(world: &mut World<'_>, input: &Value) -> Result<Value, Refusal> {
    let pool = world.pool()?;
    find(pool, input)?;
    pool.groups.remove(text(input, "GroupName"));
    Ok(json!({}))
}

/// `ListGroups`.
pub(super) fn list(world: &mut World<'_>, input: &Value) -> Result<Value, Refusal> {
    let groups = world.pool()?.groups.values();
    PAGES.page(input, groups.map(|group| json!(group.body)).collect())
}

/// `AdminAddUserToGroup`. Who is in it already stays in it.
pub(super) fn add_user(world: &mut World<'_>, input: &Value) -> Result<Value, Refusal> {
    let pool = world.pool()?;
    let name = user::name(pool, input)?;
    let fresh = !find(pool, input)?.members.contains(&name);
    if fresh && pool.groups.values().filter(|group| group.members.contains(&name)).count() >= OF_ONE_USER {
        return Err(Refusal::of("LimitExceededException", "The number of groups of the user exceeds the limit."));
    }
    find(pool, input)?.members.insert(name);
    Ok(json!({}))
}

/// `AdminRemoveUserFromGroup`. Who is not in it is no error.
pub(super) fn remove_user(world: &mut World<'_>, input: &Value) -> Result<Value, Refusal> {
    let pool = world.pool()?;
    let name = user::name(pool, input)?;
    find(pool, input)?.members.remove(&name);
    Ok(json!({}))
}

/// `AdminListGroupsForUser`.
pub(super) fn of_user(world: &mut World<'_>, input: &Value) -> Result<Value, Refusal> {
    let pool = world.pool()?;
    let name = user::name(pool, input)?;
    let groups = pool.groups.values().filter(|group| group.members.contains(&name));
    PAGES.page(input, groups.map(|group| json!(group.body)).collect())
}

/// `ListUsersInGroup`.
pub(super) fn users(world: &mut World<'_>, input: &Value) -> Result<Value, Refusal> {
    let pool = world.pool()?;
    let members = find(pool, input)?.members.clone();
    let users = members.iter().filter_map(|name| pool.users.get(name));
    MEMBERS.page(input, users.map(|user| json!(user)).collect())
}

fn find<'a>(pool: &'a mut UserPool, input: &Value) -> Result<&'a mut Group, Refusal> {
    pool.groups.get_mut(text(input, "GroupName")).ok_or_else(|| Refusal::missing("Group not found."))
}

fn set(group: &mut Group, input: &Value, now: Value) {
    for member in SETTINGS {
        if let Some(value) = input.get(member).filter(|value| !value.is_null()) {
            group.body.insert(member.into(), value.clone());
        }
    }
    group.body.insert("LastModifiedDate".into(), now);
}

/// A group's role is one of the pool's account.
fn check_role(world: &World<'_>, input: &Value) -> Result<(), Refusal> {
    let Some(arn) = input.get("RoleArn").and_then(Value::as_str) else { return Ok(()) };
    let parts: Vec<&str> = arn.splitn(6, ':').collect();
    match parts.as_slice() {
        ["arn", _, "iam", "", account, role] if role.starts_with("role/") && *account == world.call.account => Ok(()),
        _ => Err(Refusal::invalid("Role ARN must be of a role in the account of the user pool.")),
    }
}

/// What AWS's documents leave open here, and what was decided.
pub(super) const UNCONFIRMED: &[&str] = &[
    "An update of a group keeps what it does not name, so a role or a precedence cannot be taken away by omission.",
    "An empty description of a group stays as an empty text.",
    "The group that a first federated sign-in makes is never made here, as nobody signs in.",
];
