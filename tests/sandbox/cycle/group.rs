//! Groups, of which AWS clears nothing.

use serde_json::json;

use super::row::{Table, Without, row};
use super::run::run;
use super::user_pool_messages::role;

pub(crate) fn table() -> Table {
    let stack = json!({"stack": "cycle", "userPools": {"p": {"groups": {"admins": {}, "users": {"precedence": 9}}}}});
    let rows = vec![
        row("description", "One", "Two").without(Without::Blocked),
        row("roleArn", role("one"), role("two")).without(Without::Blocked),
        row("precedence", 0, 7).without(Without::Blocked),
        row("precedence", 7, 0).without(Without::Blocked),
    ];
    Table { address: "userPools.p.groups.admins", stack, rows }
}

#[tokio::test(start_paused = true)]
async fn each_property_of_a_group() {
    run(&table()).await;
}
