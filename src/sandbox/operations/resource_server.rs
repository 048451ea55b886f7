//! Resource servers with the scopes that clients may be allowed.

use serde_json::{Value, json};

use super::super::refusal::Refusal;
use super::super::state::Body;
use super::page::Listing;
use super::world::{World, text};

/// Resource servers in a pool.
const MOST: usize = 25;

const LISTING: Listing = Listing { size: "MaxResults", token: "NextToken", items: "ResourceServers", most: 50 };

/// `CreateResourceServer`.
pub(super) fn create(world: &mut World<'_>, input: &Value) -> Result<Value, Refusal> {
    let body = given(input)?;
    let (pool_id, identifier) = (text(input, "UserPoolId"), text(input, "Identifier"));
    let servers = &mut world.pool()?.resource_servers;
    if servers.contains_key(identifier) {
        return Err(Refusal::invalid(format!("{pool_id} already has identifier {identifier}")));
    }
    if servers.len() >= MOST {
        let message = format!("A user pool can have {MOST} resource servers at most.");
        return Err(Refusal::of("LimitExceededException", message));
    }
    servers.insert(identifier.to_owned(), body.clone());
    Ok(json!({"ResourceServer": body}))
}

/// `DescribeResourceServer`.
pub(super) fn describe(world: &mut World<'_>, input: &Value) -> Result<Value, Refusal> {
    Ok(json!({"ResourceServer": find(world, input)?}))
}

/// `UpdateResourceServer`, which takes away the scopes that it is not told. Clients go on naming
/// them, until they are updated themselves.
pub(super) fn update(world: &mut World<'_>, input: &Value) -> Result<Value, Refusal> {
    let body = given(input)?;
    let server = find(world, input)?;
    server.clone_from(&body);
    Ok(json!({"ResourceServer": body}))
}

/// `DeleteResourceServer`.
pub(super) fn delete(world: &mut World<'_>, input: &Value) -> Result<Value, Refusal> {
    find(world, input)?;
    world.pool()?.resource_servers.remove(text(input, "Identifier"));
    Ok(json!({}))
}

/// `ListResourceServers`.
pub(super) fn list(world: &mut World<'_>, input: &Value) -> Result<Value, Refusal> {
    LISTING.page(input, world.pool()?.resource_servers.values().map(|server| json!(server)).collect())
}

/// The resource server that the input names.
fn find<'a>(world: &'a mut World<'_>, input: &Value) -> Result<&'a mut Body, Refusal> {
    let identifier = text(input, "Identifier");
    let server = world.pool()?.resource_servers.get_mut(identifier);
    server.ok_or_else(|| Refusal::missing(format!("Resource server {identifier} does not exist.")))
}

/// A resource server as a Describe shows it: scopes sorted by name.
fn given(input: &Value) -> Result<Body, Refusal> {
    let mut scopes: Vec<&Value> = input.get("Scopes").and_then(Value::as_array).into_iter().flatten().collect();
    scopes.sort_by_key(|scope| text(scope, "ScopeName"));
    if let Some(pair) = scopes.windows(2).find(|pair| text(pair[0], "ScopeName") == text(pair[1], "ScopeName")) {
        let name = text(pair[0], "ScopeName");
        return Err(Refusal::invalid(format!("The scope {name} is given more than once.")));
    }
    let members = ["UserPoolId", "Identifier", "Name"];
    let mut body: Body =
        members.iter().filter_map(|member| Some(((*member).to_owned(), input.get(*member)?.clone()))).collect();
    if !scopes.is_empty() {
        body.insert("Scopes".to_owned(), json!(scopes));
    }
    Ok(body)
}

/// Decided where AWS's behaviour is not known: the section of the notes, and the decision.
pub(super) const UNCONFIRMED: &[(&str, &str)] = &[
    ("7", "an update of a resource server that leaves its scopes out takes them away"),
    ("7", "two scopes of the same name in one resource server are refused"),
    (
        "24, no. 8",
        "a scope or a resource server can be taken away while clients still name it; they go on naming it, \
         and the next update of such a client is refused unless it gives the scope up",
    ),
];
