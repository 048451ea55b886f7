//! App clients: what a client is made of settings that are given and of those that are not, and
//! what a change resets.

use serde_json::{Value, json};

use super::super::refusal::Refusal;
use super::super::state::{Body, Client, UserPool};
use super::page::Listing;
use super::world::{SMALL, World, text};

mod oauth;
mod rules;
pub(super) mod secret;
mod settings;
#[cfg(test)]
mod tests;
mod tokens;

/// Clients in a pool.
const MOST: usize = 1000;

const LISTING: Listing = Listing { size: "MaxResults", token: "NextToken", items: "UserPoolClients", most: 60 };

/// What somebody wants a client to be, and what that is judged by.
struct Wanted<'a> {
    pool: &'a UserPool,
    pool_id: &'a str,
    region: &'a str,
    /// What a Describe would show.
    body: &'a Body,
    /// Whether the client has a secret.
    confidential: bool,
    /// `creating` or `updating`, as AWS's messages have it.
    doing: &'static str,
}

impl Wanted<'_> {
    /// The texts of a list.
    fn list(&self, member: &str) -> Vec<&str> {
        self.body.get(member).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect()
    }

    fn text(&self, member: &str) -> Option<&str> {
        self.body.get(member).and_then(Value::as_str)
    }

    fn flag(&self, member: &str) -> bool {
        self.body.get(member).and_then(Value::as_bool).unwrap_or_default()
    }
}

/// `CreateUserPoolClient`.
pub(super) fn create(world: &mut World<'_>, input: &Value) -> Result<Value, Refusal> {
    let own_secret = input.get("ClientSecret").and_then(Value::as_str);
    let generated = input.get("GenerateSecret").and_then(Value::as_bool).unwrap_or_default();
    if own_secret.is_some() && generated {
        return Err(Refusal::invalid("ClientSecret cannot be given if GenerateSecret is true."));
    }
    let pool_id = text(input, "UserPoolId").to_owned();
    let region = world.call.region.clone();
    let mut body = settings::given(input);
    let pool = world.pool()?;
    rules::check(&Wanted {
        pool,
        pool_id: &pool_id,
        region: &region,
        body: &body,
        confidential: generated || own_secret.is_some(),
        doing: "creating",
    })?;
    if pool.clients.len() >= MOST {
        return Err(Refusal::of("LimitExceededException", format!("A user pool can have {MOST} clients at most.")));
    }
    let now = world.date();
    let id = world.fresh(SMALL, 26);
    let value = match own_secret {
        Some(own) => Some(own.to_owned()),
        None => generated.then(|| secret::generate(world)),
    };
    for (member, value) in [("UserPoolId", json!(pool_id)), ("ClientId", json!(id))] {
        body.insert(member.to_owned(), value);
    }
    for member in ["CreationDate", "LastModifiedDate"] {
        body.insert(member.to_owned(), now.clone());
    }
    let mut client = Client { body, ..Client::default() };
    if let Some(value) = value {
        client.body.insert("ClientSecret".to_owned(), json!(value));
        client.secrets.push(secret::fresh(&id, &[], value, &now));
    }
    let answer = json!({"UserPoolClient": client.body});
    world.pool()?.clients.insert(id, client);
    Ok(answer)
}

/// `DescribeUserPoolClient`.
pub(super) fn describe(world: &mut World<'_>, input: &Value) -> Result<Value, Refusal> {
    Ok(json!({"UserPoolClient": find(world, input)?.body}))
}

/// `UpdateUserPoolClient`, which resets all that it is not told.
pub(super) fn update(world: &mut World<'_>, input: &Value) -> Result<Value, Refusal> {
    let pool_id = text(input, "UserPoolId").to_owned();
    let (region, now) = (world.call.region.clone(), world.date());
    let client = find(world, input)?;
    let mut body = settings::given(input);
    for member in ["UserPoolId", "ClientId", "ClientSecret", "CreationDate"] {
        if let Some(value) = client.body.get(member) {
            body.insert(member.to_owned(), value.clone());
        }
    }
    settings::keep(&mut body, &client.body);
    body.insert("LastModifiedDate".to_owned(), now);
    let confidential = !client.secrets.is_empty();
    let pool = world.pool()?;
    rules::check(&Wanted { pool, pool_id: &pool_id, region: &region, body: &body, confidential, doing: "updating" })?;
    let client = find(world, input)?;
    client.body = body;
    Ok(json!({"UserPoolClient": client.body}))
}

/// `DeleteUserPoolClient`. What is the client's own goes with it: secrets, threat protection, looks
/// and terms.
pub(super) fn delete(world: &mut World<'_>, input: &Value) -> Result<Value, Refusal> {
    find(world, input)?;
    world.pool()?.clients.remove(text(input, "ClientId"));
    Ok(json!({}))
}

/// `ListUserPoolClients`.
pub(super) fn list(world: &mut World<'_>, input: &Value) -> Result<Value, Refusal> {
    let members = ["ClientId", "UserPoolId", "ClientName"];
    let short = |client: &Client| {
        let shown = members.iter().filter_map(|name| Some(((*name).to_owned(), client.body.get(*name)?.clone())));
        Value::Object(shown.collect())
    };
    LISTING.page(input, world.pool()?.clients.values().map(short).collect())
}

/// The client that the input names.
pub(super) fn find<'a>(world: &'a mut World<'_>, input: &Value) -> Result<&'a mut Client, Refusal> {
    let id = text(input, "ClientId");
    let client = world.pool()?.clients.get_mut(id);
    client.ok_or_else(|| Refusal::missing(format!("User pool client {id} does not exist.")))
}

/// Decided where AWS's behaviour is not known: the section of the notes, and the decision.
pub(super) const UNCONFIRMED: &[&str] = &[
    "an update of a client resets every setting that it leaves out, but for the name",
    "`ALLOW_USER_AUTH` and the rotation of refresh tokens are refused in a pool of the LITE tier",
    "a unit without a value counts with the default value: 1 for access and ID tokens, 30 for refresh tokens",
    "a client needs write access to every attribute that its pool requires, if it limits write access at all",
    "OAuth flows, scopes and URLs are held to the same rules while OAuth is switched off for the client",
    "a callback or logout URL needs a scheme, and a logout URL has no fragment either",
    "an analytics configuration that names no application is refused",
    "rotation of refresh tokens is also refused for a client without authentication flows, \
         since `ALLOW_REFRESH_TOKEN_AUTH` is among the default ones",
    "rotation that was ever set is shown as DISABLED after an update that leaves it out",
    "an entry that a list has twice counts once",
    "attributes and authentication flows return to the default when an update leaves them out or empties them",
    "adding a secret to a public client and deleting the last one of a client are refused as invalid parameters, \
         a third secret as over a limit",
    "a secret whose value the client already has is refused",
    "the id of a secret ends in milliseconds",
];
