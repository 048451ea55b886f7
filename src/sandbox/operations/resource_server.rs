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
pub(super) const UNCONFIRMED: &[&str] = &[
    "an update of a resource server that leaves its scopes out takes them away",
    "two scopes of the same name in one resource server are refused",
    "a resource server without scopes is shown without a list of them",
    "a scope or a resource server can be taken away while clients still name it; they go on naming it, \
         and the next update of such a client is refused unless it gives the scope up",
];

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::sandbox::state::UserPool;
    use crate::sandbox::testing::{USER_POOLS, call};
    use crate::sandbox::{ACCOUNT, Sandbox, Settings};

    const POOL: &str = "us-east-1_Tests0001";

    fn sandbox() -> Sandbox {
        let sandbox = Sandbox::new(Settings { quotas: false, ..Settings::default() });
        sandbox.meddle(|state| {
            let account = state.accounts.entry(ACCOUNT.to_owned()).or_default();
            let pools = &mut account.entry("us-east-1".to_owned()).or_default().user_pools;
            pools.insert(POOL.to_owned(), UserPool::default());
        });
        sandbox
    }

    async fn ask(sandbox: &Sandbox, operation: &str, input: &Value) -> Result<Value, (String, String)> {
        let mut input = input.clone();
        input["UserPoolId"] = json!(POOL);
        call(sandbox, USER_POOLS, operation, &input).await
    }

    async fn done(sandbox: &Sandbox, operation: &str, input: &Value) -> Value {
        ask(sandbox, operation, input).await.unwrap_or_else(|why| panic!("{operation} of {input}: {why:?}"))
    }

    fn scope(name: &str) -> Value {
        json!({"ScopeName": name, "ScopeDescription": format!("May {name}")})
    }

    #[tokio::test]
    async fn scopes_come_sorted_and_an_update_that_leaves_them_out_takes_them_away() {
        let sandbox = sandbox();
        let own = json!({"Identifier": "https://api.example.com", "Name": "API"});
        let mut input = own.clone();
        input["Scopes"] = json!([scope("write"), scope("read")]);
        done(&sandbox, "CreateResourceServer", &input).await;
        let expected = json!({
            "UserPoolId": POOL, "Identifier": "https://api.example.com", "Name": "API",
            "Scopes": [scope("read"), scope("write")],
        });
        let shown = done(&sandbox, "DescribeResourceServer", &own).await;
        assert_eq!(shown, json!({"ResourceServer": expected}));
        assert_eq!(done(&sandbox, "ListResourceServers", &json!({})).await, json!({"ResourceServers": [expected]}));

        let renamed = json!({"Identifier": "https://api.example.com", "Name": "Interface"});
        done(&sandbox, "UpdateResourceServer", &renamed).await;
        let shown = done(&sandbox, "DescribeResourceServer", &own).await["ResourceServer"].clone();
        assert_eq!((&shown["Name"], shown.get("Scopes")), (&json!("Interface"), None));
        done(&sandbox, "DeleteResourceServer", &own).await;
        assert_eq!(done(&sandbox, "ListResourceServers", &json!({})).await, json!({"ResourceServers": []}));
    }

    #[tokio::test]
    async fn what_cannot_be_is_refused_and_changes_nothing() {
        let sandbox = sandbox();
        let input = json!({"Identifier": "api", "Name": "API", "Scopes": [scope("read")]});
        done(&sandbox, "CreateResourceServer", &input).await;
        let twice = json!({"Identifier": "api", "Name": "B", "Scopes": [scope("a"), scope("b"), scope("a")]});
        let other = json!({"Identifier": "other", "Name": "B"});
        let (invalid, missing) = ("InvalidParameterException", "ResourceNotFoundException");
        let (known, double) =
            ("us-east-1_Tests0001 already has identifier api", "The scope a is given more than once.");
        let absent = "Resource server other does not exist.";
        for (operation, input, code, message) in [
            ("CreateResourceServer", &input, invalid, known),
            ("CreateResourceServer", &twice, invalid, double),
            ("UpdateResourceServer", &twice, invalid, double),
            ("UpdateResourceServer", &other, missing, absent),
            ("DescribeResourceServer", &other, missing, absent),
            ("DeleteResourceServer", &other, missing, absent),
        ] {
            let expected = Err((code.to_owned(), message.to_owned()));
            assert_eq!(ask(&sandbox, operation, input).await, expected, "{operation} of {input}");
        }
        let shown = done(&sandbox, "ListResourceServers", &json!({})).await;
        assert_eq!(shown["ResourceServers"][0]["Scopes"], json!([scope("read")]));
        assert_eq!(shown["ResourceServers"].as_array().map(Vec::len), Some(1));
    }

    #[tokio::test]
    async fn a_pool_has_25_resource_servers_at_most() {
        let sandbox = sandbox();
        let server = |number: usize| json!({"Identifier": format!("api-{number}"), "Name": "API"});
        for number in 0..25 {
            done(&sandbox, "CreateResourceServer", &server(number)).await;
        }
        let refused = ask(&sandbox, "CreateResourceServer", &server(25)).await.expect_err("a refusal");
        assert_eq!(refused.0, "LimitExceededException");
    }
}
