//! Managed login's style of a client. AWS adds to it and changes it, and takes nothing out.

use poolkeeper::kind::Kind;
use serde_json::{Value, json};

use super::row::{Row, Table, Without, row};
use super::run::{hash, run};

const KIND: Kind = Kind::ManagedLoginBranding;

fn stack() -> Value {
    json!({"stack": "cycle", "userPools": {"p": {
        "domains": {"cycle-branding": {"managedLoginVersion": 2}}, "clients": {"web": {}},
    }}})
}

fn asset() -> Value {
    json!({"category": "PAGE_HEADER_LOGO", "colorMode": "LIGHT", "bytes": "images/one.png"})
}

/// A setting, beside one that stays.
fn setting(path: &'static str, covers: &'static str, one: &str, two: &str) -> Row {
    let mut row = row(path, one, two).with(json!({"settings": {"components": {"form": {"borderRadius": 8}}}}));
    row.covers.push(covers);
    row.without(Without::Blocked)
}

/// Something of an image.
fn image(path: &'static str, shown: &str, one: &str, two: &str) -> Row {
    let with = json!({"settings": {"components": {"form": {"borderRadius": 8}}}, "assets": [asset()]});
    row(path, one, two).with(with).shows_at(shown)
}

pub(crate) fn table() -> Table {
    let (one, two) = ("images/one.png", "images/two.png");
    let logo = |hash: String, category: &str, mode: &str| json!({"category": category, "colorMode": mode, "extension": "PNG", "bytes": hash});
    let own = || logo(hash(KIND, one), "PAGE_HEADER_LOGO", "LIGHT");
    let mut bytes = image("assets[0].bytes", "assets[\"PAGE_HEADER_LOGO:LIGHT\"].bytes", one, two);
    bytes.shown = None;
    let moved = |path, one: &str, two: &str, category: &str, mode: &str| {
        let mut row = image(path, "", one, two).replace().without(Without::Wrong);
        row.shown = None;
        row.shows(
            &format!("assets[\"{category}:{mode}\"]"),
            Value::Null,
            logo(hash(KIND, "images/one.png"), category, mode),
        )
        .shows("assets[\"PAGE_HEADER_LOGO:LIGHT\"]", own(), Value::Null)
    };
    let rows = vec![
        setting("settings.categories.global.colorSchemeMode", "settings.categories", "LIGHT", "DARK"),
        setting(
            "settings.componentClasses.link.lightMode.defaults.textColor",
            "settings.componentClasses",
            "000000ff",
            "111111ff",
        ),
        setting("settings.components.pageText.lightMode.headingColor", "settings.components", "000000ff", "111111ff"),
        bytes
            .shows("assets[\"PAGE_HEADER_LOGO:LIGHT\"].bytes", hash(KIND, one), hash(KIND, two))
            .without(Without::Wrong),
        image("assets[0].resourceId", "assets[\"PAGE_HEADER_LOGO:LIGHT\"].resourceId", "one", "two")
            .without(Without::Kept),
        moved("assets[0].category", "PAGE_HEADER_LOGO", "FORM_LOGO", "FORM_LOGO", "LIGHT"),
        moved("assets[0].colorMode", "LIGHT", "DARK", "PAGE_HEADER_LOGO", "DARK"),
        image("assets[0].extension", "assets[\"PAGE_HEADER_LOGO:LIGHT\"].extension", "PNG", "WEBP"),
    ];
    Table { address: "userPools.p.clients.web.managedLoginBranding", stack: stack(), rows }
}

#[tokio::test(start_paused = true)]
async fn each_property_of_a_style() {
    run(&table()).await;
}
