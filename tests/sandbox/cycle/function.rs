//! Functions.

use serde_json::json;

use super::row::{Table, Without, row};
use super::run::run;
use super::user_pool_messages::role;

pub(crate) fn table() -> Table {
    let stack = json!({"stack": "cycle", "functions": {
        "f": {"runtime": "python3.13", "handler": "index.handler", "code": "./code/one", "role": role("lambda")},
        "g": {"runtime": "python3.13", "handler": "index.handler", "code": "./code/two", "role": role("lambda")},
    }});
    let layer = |name: &str| format!("arn:aws:lambda:us-east-1:123456789012:layer:{name}:1");
    let rows = vec![
        row("name", "one", "two").blocked(),
        row("description", "One", "Two"),
        row("runtime", "python3.12", "python3.13").without(Without::Wrong),
        row("handler", "index.one", "index.two").without(Without::Wrong),
        row("role", role("one"), role("two")).without(Without::Wrong),
        row("architectures", json!(["arm64"]), json!(["x86_64"])),
        row("memorySize", 256, 512),
        row("timeout", 5, 10),
        row("environment.KEY", "one", "two").secret().members(&["Environment.Variables.KEY"]),
        row("layers", json!([layer("one")]), json!([layer("one"), layer("two")])),
        row("tags.team", "one", "two"),
    ];
    Table { address: "functions.f", stack, rows }
}

#[tokio::test(start_paused = true)]
async fn each_property_of_a_function() {
    run(&table()).await;
}
