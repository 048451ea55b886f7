//! Users, so that a pool can hold some. Nobody signs in here, and nothing is sent to anybody.

use serde_json::{Map, Value, json};

use super::super::refusal::Refusal;
use super::super::state::{Body, UserPool};
use super::page::Listing;
use super::world::{World, text};

mod attributes;
mod filter;
#[cfg(test)]
mod tests;

const PAGES: Listing = Listing { size: "Limit", token: "PaginationToken", items: "Users", most: 60 };

/// What may stand for a user's name.
const ALIASES: [&str; 3] = ["email", "phone_number", "preferred_username"];

/// `AdminCreateUser`.
pub(super) fn create(world: &mut World<'_>, input: &Value) -> Result<Value, Refusal> {
    let now = world.date();
    let pool = world.pool()?;
    if text(input, "MessageAction") == "RESEND" {
        return resend(pool, input);
    }
    let asked = text(input, "Username");
    let signs_in_with = names_of(pool, "UsernameAttributes");
    let mut own = given_attributes(input);
    let kind = kind_of_name(asked, &signs_in_with, &names_of(pool, "AliasAttributes"))?;
    if let Some(kind) = kind {
        let own_value = own.entry(kind).or_insert_with(|| json!(asked));
        if own_value != asked {
            let message = format!("The username and the attribute {kind} are different.");
            return Err(Refusal::invalid(message));
        }
    }
    attributes::check(pool, &own)?;
    attributes::check_password(pool, input.get("TemporaryPassword").and_then(Value::as_str))?;
    let exists = pool.users.iter().any(|(name, user)| match kind {
        Some(kind) => same(pool, attribute(user, kind), asked),
        None => same(pool, name, asked),
    });
    if exists {
        let message = kind.map_or("User account already exists".to_owned(), already);
        return Err(Refusal::of("UsernameExistsException", message));
    }
    let moved = aliases_to_move(pool, &own, input)?;
    let sub = world.guid();
    let name = if kind.is_some() { sub.clone() } else { asked.to_owned() };
    own.insert("sub".into(), json!(sub));
    let list = own.iter().map(|(name, value)| json!({"Name": name, "Value": value}));
    let mut user = Body::new();
    user.insert("Username".into(), json!(name));
    user.insert("Attributes".into(), list.collect());
    user.insert("UserCreateDate".into(), now.clone());
    user.insert("UserLastModifiedDate".into(), now);
    user.insert("Enabled".into(), json!(true));
    user.insert("UserStatus".into(), json!("FORCE_CHANGE_PASSWORD"));
    let answer = json!({"User": user});
    let pool = world.pool()?;
    for (owner, alias) in moved {
        if let Some(owner) = pool.users.get_mut(&owner) {
            unverify(owner, alias);
        }
    }
    pool.users.insert(name, user);
    Ok(answer)
}

/// `AdminGetUser`.
pub(super) fn get(world: &mut World<'_>, input: &Value) -> Result<Value, Refusal> {
    let pool = world.pool()?;
    let mut user = pool.users.get(&name(pool, input)?).cloned().unwrap_or_default();
    if let Some(attributes) = user.remove("Attributes") {
        user.insert("UserAttributes".into(), attributes);
    }
    Ok(Value::Object(user))
}

/// `AdminDeleteUser`.
pub(super) fn delete(world: &mut World<'_>, input: &Value) -> Result<Value, Refusal> {
    let pool = world.pool()?;
    let name = name(pool, input)?;
    pool.users.remove(&name);
    for group in pool.groups.values_mut() {
        group.members.remove(&name);
    }
    Ok(json!({}))
}

/// `ListUsers`.
pub(super) fn list(world: &mut World<'_>, input: &Value) -> Result<Value, Refusal> {
    let pool = world.pool()?;
    let wanted = input.get("AttributesToGet").and_then(Value::as_array);
    let wanted: Option<Vec<&str>> = wanted.map(|names| names.iter().filter_map(Value::as_str).collect());
    if wanted.iter().flatten().any(|name| !attributes::is_known(pool, name)) {
        return Err(Refusal::invalid("One or more requested attributes do not exist in user pool."));
    }
    let filter = filter::parse(text(input, "Filter"))?;
    let users = pool.users.values().filter(|user| filter.as_ref().is_none_or(|filter| filter.fits(user)));
    let users = users.map(|user| {
        let mut user = user.clone();
        if let (Some(wanted), Some(Value::Array(list))) = (&wanted, user.get_mut("Attributes")) {
            list.retain(|attribute| wanted.contains(&text(attribute, "Name")));
        }
        Value::Object(user)
    });
    let users = users.collect();
    PAGES.page(input, users)
}

/// The name of the user that a call names by it, by `sub`, or by what stands for a name in the pool.
pub(super) fn name(pool: &UserPool, input: &Value) -> Result<String, Refusal> {
    let asked = text(input, "Username");
    let signs_in_with = names_of(pool, "UsernameAttributes");
    let aliases = names_of(pool, "AliasAttributes");
    let mut users = pool.users.iter();
    let found = users.find(|(name, user)| {
        let stands_for = |alias: &&str| {
            let one_of = signs_in_with.contains(alias) || (aliases.contains(alias) && is_verified(user, alias));
            one_of && same(pool, attribute(user, alias), asked)
        };
        same(pool, name, asked) || attribute(user, "sub") == asked || ALIASES.iter().any(stands_for)
    });
    let found = found.map(|(name, _)| name.clone());
    found.ok_or_else(|| Refusal::of("UserNotFoundException", "User does not exist."))
}

/// The value of a user's attribute.
fn attribute<'a>(user: &'a Body, name: &str) -> &'a str {
    let mut list = user.get("Attributes").and_then(Value::as_array).into_iter().flatten();
    list.find(|attribute| text(attribute, "Name") == name).map_or("", |attribute| text(attribute, "Value"))
}

/// Sends an invitation again, of which nothing is seen here.
fn resend(pool: &UserPool, input: &Value) -> Result<Value, Refusal> {
    let user = pool.users.get(&name(pool, input)?).cloned().unwrap_or_default();
    if user.get("UserStatus").is_some_and(|status| status != "FORCE_CHANGE_PASSWORD") {
        let message = "Resend not possible. The user is not in the state FORCE_CHANGE_PASSWORD.";
        return Err(Refusal::of("UnsupportedUserStateException", message));
    }
    Ok(json!({"User": user}))
}

fn given_attributes(input: &Value) -> Map<String, Value> {
    let list = input.get("UserAttributes").and_then(Value::as_array).into_iter().flatten();
    list.map(|attribute| (text(attribute, "Name").to_owned(), json!(text(attribute, "Value")))).collect()
}

/// Which attribute a name is to be kept as; none where it is a name of its own.
fn kind_of_name(name: &str, signs_in_with: &[&str], aliases: &[&str]) -> Result<Option<&'static str>, Refusal> {
    let (email, phone) = (attributes::is_email(name), attributes::is_phone(name));
    match (signs_in_with.contains(&"email"), signs_in_with.contains(&"phone_number")) {
        (true, _) if email => Ok(Some("email")),
        (_, true) if phone => Ok(Some("phone_number")),
        (true, true) => Err(Refusal::invalid("Username should be either an email or a phone number.")),
        (true, false) => Err(Refusal::invalid("Username should be an email.")),
        (false, true) => Err(Refusal::invalid("Username should be a phone number.")),
        (false, false) => {
            let clash = [("email", email, "email"), ("phone_number", phone, "phone number")];
            match clash.iter().find(|(alias, like, _)| *like && aliases.contains(alias)) {
                None => Ok(None),
                Some((_, _, words)) => Err(Refusal::invalid(format!(
                    "Username cannot be of {words} format, since user pool is configured for {words} alias."
                ))),
            }
        }
    }
}

/// Aliases that belong to other users until now, which a call may say to move.
fn aliases_to_move(
    pool: &UserPool,
    own: &Map<String, Value>,
    input: &Value,
) -> Result<Vec<(String, &'static str)>, Refusal> {
    let aliases = names_of(pool, "AliasAttributes");
    let force = input.get("ForceAliasCreation").and_then(Value::as_bool).unwrap_or_default();
    let mut moved = Vec::new();
    for alias in ALIASES.into_iter().filter(|alias| aliases.contains(alias)) {
        let verified = alias == "preferred_username" || own.get(&format!("{alias}_verified")).is_some_and(is_true);
        let Some(value) = own.get(alias).and_then(Value::as_str).filter(|_| verified) else { continue };
        let mut users = pool.users.iter();
        let owner = users.find(|(_, user)| is_verified(user, alias) && same(pool, attribute(user, alias), value));
        match owner {
            None => {}
            Some((owner, _)) if force && alias != "preferred_username" => moved.push((owner.clone(), alias)),
            Some(_) => return Err(Refusal::of("AliasExistsException", already(alias))),
        }
    }
    Ok(moved)
}

fn already(attribute: &str) -> String {
    format!("An account with the given {attribute} already exists.")
}

/// Whether an alias stands for the user who has it.
fn is_verified(user: &Body, alias: &str) -> bool {
    alias == "preferred_username" || attribute(user, &format!("{alias}_verified")) == "true"
}

fn is_true(value: &Value) -> bool {
    value == "true"
}

fn unverify(user: &mut Body, alias: &str) {
    let list = user.get_mut("Attributes").and_then(Value::as_array_mut).into_iter().flatten();
    let verified = format!("{alias}_verified");
    for attribute in list.filter(|attribute| text(attribute, "Name") == verified) {
        if let Some(value) = attribute.get_mut("Value") {
            *value = json!("false");
        }
    }
}

/// A list of names in a pool's settings.
fn names_of<'a>(pool: &'a UserPool, member: &str) -> Vec<&'a str> {
    let list = pool.body.get(member).and_then(Value::as_array).into_iter().flatten();
    list.filter_map(Value::as_str).collect()
}

/// Whether two names are the same in a pool, which may heed their case.
fn same(pool: &UserPool, one: &str, other: &str) -> bool {
    let heeds = pool.body.get("UsernameConfiguration").and_then(|config| config.get("CaseSensitive"));
    match heeds.and_then(Value::as_bool) {
        Some(false) => one.to_lowercase() == other.to_lowercase(),
        _ => one == other,
    }
}

/// What AWS's documents leave open here, and what was decided.
pub(super) const UNCONFIRMED: &[&str] = &[
    "A user may be made without attributes that the pool requires; AWS asks for them at the first sign-in.",
    "No invitation is sent, no trigger runs, and a temporary password is judged and forgotten.",
    "In a pool whose users sign in with an attribute, a username that differs from that attribute is refused.",
    "A preferred_username that belongs to somebody else is never moved, even with ForceAliasCreation.",
    "ListUsers shows what was written at once.",
    "A user can be named by `sub` as well as by name.",
];
