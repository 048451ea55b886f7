//! Resource servers and their scopes.

use serde_json::{Value, json};

use super::row::{Table, Without, row};
use super::run::run;

pub(crate) fn table() -> Table {
    let scope = |name: &str, description: &str| json!({"scopeName": name, "scopeDescription": description});
    let stack = json!({"stack": "cycle", "userPools": {"p": {"resourceServers": {
        "orders": {"scopes": [scope("read", "Read"), scope("write", "Write")]}, "bills": {},
    }}}});
    let rows =
        vec![
            row("name", "One", "Two"),
            row("scopes[0].scopeName", "read", "look")
                .shows("scopes.look", Value::Null, scope("look", "Read"))
                .shows("scopes.read", scope("read", "Read"), Value::Null)
                .without(Without::Wrong),
            row("scopes[0].scopeDescription", "Read", "Look")
                .shows_at("scopes.read.scopeDescription")
                .without(Without::Wrong),
            row("scopes", json!([scope("read", "Read")]), json!([scope("read", "Read"), scope("write", "Write")]))
                .shows("scopes.write", Value::Null, scope("write", "Write")),
        ];
    Table { address: "userPools.p.resourceServers.orders", stack, rows }
}

#[tokio::test(start_paused = true)]
async fn each_property_of_a_resource_server() {
    run(&table()).await;
}
