//! The classic sign-in pages, of a pool and of a client. Nobody sees that the logo was changed by
//! other hands, since AWS gives no copy of it.

use poolkeeper::kind::Kind;
use serde_json::json;

use super::row::{Table, Without, row};
use super::run::{hash, run};

pub(crate) const OF_POOL: &str = "userPools.p.uiCustomization";
pub(crate) const OF_CLIENT: &str = "userPools.p.clients.web.uiCustomization";

const CSS: [&str; 2] =
    [".submitButton-customizable {background-color: #111;}", ".submitButton-customizable {background-color: #222;}"];

pub(crate) fn table(address: &'static str) -> Table {
    let stack = json!({"stack": "cycle", "userPools": {"p": {
        "domains": {"cycle-ui": {"managedLoginVersion": 1}}, "clients": {"web": {}},
    }}});
    let (one, two) = ("images/one.png", "images/two.png");
    let rows = vec![
        row("css", CSS[0], CSS[1]).without(Without::Wrong),
        // The logo goes along, and has another URL with each request.
        row("css", CSS[0], CSS[1]).with(json!({"imageFile": one})).members(&["ImageUrl"]).no_hand(),
        row("imageFile", one, two)
            .with(json!({"css": CSS[0]}))
            .shows("imageFile", hash(Kind::UiCustomization, one), hash(Kind::UiCustomization, two))
            .members(&["ImageUrl"])
            .no_hand(),
    ];
    Table { address, stack, rows }
}

#[tokio::test(start_paused = true)]
async fn each_property_of_a_pool_s_pages() {
    run(&table(OF_POOL)).await;
}

#[tokio::test(start_paused = true)]
async fn each_property_of_a_client_s_pages() {
    run(&table(OF_CLIENT)).await;
}
