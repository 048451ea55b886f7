use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::super::super::Sandbox;
use super::super::fixture::{INVALID, MISSING, POOL, add_client, done, refused, sandbox};

const SHEET: &str = ".banner-customizable { background-color: #112233; }";

fn picture(begin: &[u8], size: usize) -> String {
    let mut bytes = begin.to_vec();
    bytes.resize(size, 0);
    STANDARD.encode(bytes)
}

fn png() -> String {
    picture(b"\x89PNG\r\n\x1a\n", 64)
}

/// A sandbox whose pool has hosted pages.
async fn hosting() -> Sandbox {
    let sandbox = sandbox();
    done(&sandbox, "CreateUserPoolDomain", json!({"Domain": "shop"})).await;
    sandbox
}

async fn set(sandbox: &Sandbox, input: Value) -> Value {
    done(sandbox, "SetUICustomization", input).await["UICustomization"].take()
}

async fn shown(sandbox: &Sandbox, input: Value) -> Value {
    done(sandbox, "GetUICustomization", input).await["UICustomization"].take()
}

#[tokio::test]
async fn a_client_looks_as_all_do_until_it_has_its_own() {
    let sandbox = hosting().await;
    let client = add_client(&sandbox).await;
    let of_client = json!({"ClientId": client});
    assert_eq!(shown(&sandbox, json!({})).await, json!({}));
    assert_eq!(shown(&sandbox, of_client.clone()).await, json!({}));

    let all = set(&sandbox, json!({"CSS": SHEET})).await;
    assert_eq!((&all["UserPoolId"], &all["ClientId"], &all["CSS"]), (&json!(POOL), &json!("ALL"), &json!(SHEET)));
    assert!(all["CSSVersion"].is_string() && all["CreationDate"] == all["LastModifiedDate"], "{all}");
    assert_eq!(all.get("ImageUrl"), None);
    for input in [json!({}), json!({"ClientId": "ALL"}), of_client.clone()] {
        assert_eq!(shown(&sandbox, input).await, all);
    }

    let own = set(&sandbox, json!({"ClientId": client, "ImageFile": png()})).await;
    assert_eq!((&own["ClientId"], own.get("CSS")), (&json!(client), None));
    assert_eq!(own.get("ImageFile"), None);
    assert_eq!(shown(&sandbox, of_client.clone()).await, own);
    assert_eq!(shown(&sandbox, json!({})).await, all, "the others look as before");

    assert_eq!(set(&sandbox, of_client.clone()).await, all);
    assert_eq!(set(&sandbox, json!({"CSS": "", "ImageFile": ""})).await, json!({}));
    assert_eq!(shown(&sandbox, of_client).await, json!({}));
}

#[tokio::test]
async fn each_setting_replaces_the_one_before() {
    let sandbox = hosting().await;
    let first = set(&sandbox, json!({"CSS": SHEET, "ImageFile": png()})).await;
    sandbox.clock().advance(std::time::Duration::from_mins(1));
    let second = set(&sandbox, json!({"CSS": SHEET, "ImageFile": png()})).await;
    let url = |look: &Value| look["ImageUrl"].as_str().expect("a URL").to_owned();
    assert!(url(&first).starts_with("https://") && url(&first).ends_with("/image.png"), "{first}");
    assert_ne!(url(&first), url(&second));
    assert_ne!(first["CSSVersion"], second["CSSVersion"]);
    assert_eq!(first["CreationDate"], second["CreationDate"]);
    assert_ne!(first["LastModifiedDate"], second["LastModifiedDate"]);
    let jpeg = picture(b"\xff\xd8\xff\xe0", 102_400);
    let third = set(&sandbox, json!({"ImageFile": jpeg})).await;
    assert!(url(&third).ends_with("/image.jpg") && third.get("CSS").is_none(), "{third}");
    assert_eq!(set(&sandbox, json!({"CSS": SHEET})).await.get("ImageUrl"), None);
}

#[tokio::test]
async fn style_sheets_name_classes_that_can_be_customized() {
    let sandbox = hosting().await;
    let sheets = [
        ".submitButton-customizable:hover,\n.inputField-customizable:focus { color: red }",
        "/* a { } */ .logo-customizable{max-width:60%;}/**/ .passwordCheck-notValid-customizable { }",
        "   ",
    ];
    for sheet in sheets {
        done(&sandbox, "SetUICustomization", json!({"CSS": sheet})).await;
    }
    let classes = "is not in the list of allowed classes";
    let broken = "The CSS cannot be read";
    let table = [
        ("body { color: red }", classes),
        (".banner { color: red }", classes),
        (".banner-customizable, h1 { color: red }", classes),
        (".banner-customizable .logo-customizable { color: red }", classes),
        (".-customizable { color: red }", classes),
        ("{ color: red }", classes),
        ("@media print { .banner-customizable { color: red } }", classes),
        (".banner-customizable { .logo-customizable { } }", broken),
        (".banner-customizable { color: red", broken),
        (".banner-customizable", broken),
        ("/* .banner-customizable { }", broken),
    ];
    for (sheet, words) in table {
        refused(&sandbox, "SetUICustomization", json!({"CSS": sheet}), INVALID, words).await;
    }
}

#[tokio::test]
async fn what_is_refused() {
    let sandbox = sandbox();
    let domain = "A domain must be associated with this user pool.";
    refused(&sandbox, "SetUICustomization", json!({"CSS": SHEET}), INVALID, domain).await;
    done(&sandbox, "CreateUserPoolDomain", json!({"Domain": "shop"})).await;
    let before = set(&sandbox, json!({"CSS": SHEET})).await;
    let image = |file: String| json!({"ImageFile": file});
    let table = [
        (image(picture(b"GIF89a", 64)), INVALID, "only PNG and JPEG"),
        (image(picture(b"\x89PNG\r\n\x1a\n", 102_401)), INVALID, "100 KB"),
        (image(picture(b"\x89PNG\r\n\x1a\n", 131_073)), INVALID, "less than or equal to 131072"),
        (image("no base64!".to_owned()), "SerializationException", "Base64"),
        (json!({"CSS": SHEET, "ClientId": "none"}), MISSING, "none"),
        (json!({"CSS": SHEET, "UserPoolId": "us-east-1_none"}), MISSING, "us-east-1_none"),
    ];
    for (input, code, words) in table {
        refused(&sandbox, "SetUICustomization", input, code, words).await;
    }
    refused(&sandbox, "GetUICustomization", json!({"ClientId": "none"}), MISSING, "none").await;
    assert_eq!(shown(&sandbox, json!({})).await, before);
}

#[tokio::test]
async fn a_clients_own_goes_with_it() {
    let sandbox = hosting().await;
    let client = add_client(&sandbox).await;
    set(&sandbox, json!({"ClientId": client, "CSS": SHEET})).await;
    done(&sandbox, "DeleteUserPoolClient", json!({"ClientId": client})).await;
    refused(&sandbox, "GetUICustomization", json!({"ClientId": client}), MISSING, &client).await;
}
