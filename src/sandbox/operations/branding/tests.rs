use std::time::Duration;

use serde_json::{Value, json};

use super::super::super::Sandbox;
use super::super::fixture::{INVALID, MISSING, POOL, add_client, change_pool, done, refused, sandbox};

const CREATE: &str = "CreateManagedLoginBranding";
const UPDATE: &str = "UpdateManagedLoginBranding";
const DESCRIBE: &str = "DescribeManagedLoginBranding";
const BY_CLIENT: &str = "DescribeManagedLoginBrandingByClient";
/// What is said to a request that names no source of a style, or two.
const SOURCE: &str = "useCognitoProvidedValues or settings should be specified (but not both)";

fn asset(category: &str, mode: &str, extension: &str, bytes: &str) -> Value {
    json!({"Category": category, "ColorMode": mode, "Extension": extension, "Bytes": bytes})
}

fn logo(mode: &str, bytes: &str) -> Value {
    asset("FORM_LOGO", mode, "PNG", bytes)
}

async fn made(sandbox: &Sandbox, client: &str, mut input: Value) -> Value {
    input["ClientId"] = json!(client);
    done(sandbox, CREATE, input).await["ManagedLoginBranding"].take()
}

async fn updated(sandbox: &Sandbox, style: &Value, mut input: Value) -> Value {
    input["ManagedLoginBrandingId"] = style["ManagedLoginBrandingId"].clone();
    let answer = done(sandbox, UPDATE, input).await["ManagedLoginBranding"].take();
    let id = json!({"ManagedLoginBrandingId": style["ManagedLoginBrandingId"], "ReturnMergedResources": true});
    assert_eq!(done(sandbox, DESCRIBE, id).await["ManagedLoginBranding"], answer);
    answer
}

#[tokio::test]
async fn a_style_of_cognitos_values_shows_no_settings() {
    let sandbox = sandbox();
    let client = add_client(&sandbox).await;
    let style = made(&sandbox, &client, json!({"UseCognitoProvidedValues": true})).await;
    assert_eq!((&style["UserPoolId"], &style["UseCognitoProvidedValues"]), (&json!(POOL), &json!(true)));
    assert_eq!((&style["Assets"], style.get("Settings"), style.get("ClientId")), (&json!([]), None, None));
    for (operation, member, value) in [
        (DESCRIBE, "ManagedLoginBrandingId", &style["ManagedLoginBrandingId"]),
        (BY_CLIENT, "ClientId", &json!(client)),
    ] {
        assert_eq!(done(&sandbox, operation, json!({member: value})).await["ManagedLoginBranding"], style);
    }
    // Images are let in beside them.
    let other = add_client(&sandbox).await;
    let input = json!({"UseCognitoProvidedValues": true, "Assets": [logo("LIGHT", "AAEC")]});
    let style = made(&sandbox, &other, input).await;
    assert_eq!(style["Assets"], json!([logo("LIGHT", "AAEC")]));
}

#[tokio::test]
async fn an_update_adds_to_what_is_there() {
    let sandbox = sandbox();
    let client = add_client(&sandbox).await;
    let settings = json!({
        "components": {"form": {"borderRadius": 8.0, "list": [1, 2]}, "alert": {"a": null}},
        "categories": {"global": {"colorSchemeMode": "DARK"}},
    });
    let input = json!({"Settings": settings, "Assets": [logo("LIGHT", "AAEC"), logo("DARK", "AAEC")]});
    let style = made(&sandbox, &client, input).await;
    assert_eq!((&style["Settings"], &style["UseCognitoProvidedValues"]), (&settings, &json!(false)));
    let names: Vec<&String> = style["Settings"].as_object().expect("settings").keys().collect();
    assert_eq!(names, ["categories", "components"], "not in the caller's order");
    assert_eq!(style["Assets"], json!([logo("DARK", "AAEC"), logo("LIGHT", "AAEC")]));

    sandbox.clock().advance(Duration::from_mins(1));
    let change = json!({"components": {"form": {"list": [3]}}, "componentClasses": {"link": {}}});
    let icon = asset("FAVICON_ICO", "DYNAMIC", "ICO", "AA==");
    let input = json!({"Settings": change, "Assets": [logo("LIGHT", "AQID"), icon]});
    let after = updated(&sandbox, &style, input).await;
    let mut expected = settings;
    expected["components"]["form"]["list"] = json!([3]);
    expected["componentClasses"] = json!({"link": {}});
    assert_eq!(after["Settings"], expected);
    assert_eq!(after["Assets"], json!([icon, logo("DARK", "AAEC"), logo("LIGHT", "AQID")]));
    assert_eq!(after["CreationDate"], style["CreationDate"]);
    assert_ne!(after["LastModifiedDate"], style["LastModifiedDate"]);
    let same =
        updated(&sandbox, &style, json!({"UseCognitoProvidedValues": false, "Settings": {}, "Assets": []})).await;
    assert_eq!((&same["Settings"], &same["Assets"]), (&after["Settings"], &after["Assets"]));
}

#[tokio::test]
async fn a_style_may_change_where_it_comes_from() {
    let sandbox = sandbox();
    let client = add_client(&sandbox).await;
    let input = json!({"UseCognitoProvidedValues": true, "Assets": [logo("LIGHT", "AAEC")]});
    let style = made(&sandbox, &client, input).await;
    let own = updated(&sandbox, &style, json!({"Settings": {"components": {}}})).await;
    assert_eq!((&own["UseCognitoProvidedValues"], &own["Settings"]), (&json!(false), &json!({"components": {}})));
    let back = updated(&sandbox, &style, json!({"UseCognitoProvidedValues": true})).await;
    assert_eq!((&back["UseCognitoProvidedValues"], back.get("Settings")), (&json!(true), None));
    assert_eq!(back["Assets"], style["Assets"]);
    let id = json!({"ManagedLoginBrandingId": style["ManagedLoginBrandingId"]});
    for input in [json!({}), json!({"UseCognitoProvidedValues": false}), json!({"Assets": [logo("DARK", "AAEC")]})] {
        let mut input = input;
        input["ManagedLoginBrandingId"] = id["ManagedLoginBrandingId"].clone();
        refused(&sandbox, UPDATE, input, INVALID, SOURCE).await;
    }
    done(&sandbox, "DeleteManagedLoginBranding", id.clone()).await;
    refused(&sandbox, DESCRIBE, id.clone(), MISSING, "ManagedLoginBranding does not exist.").await;
    refused(&sandbox, "DeleteManagedLoginBranding", id, MISSING, "ManagedLoginBranding does not exist.").await;
    let words = format!("ManagedLoginBranding for client {client} does not exist.");
    refused(&sandbox, BY_CLIENT, json!({"ClientId": client}), MISSING, &words).await;
    assert_ne!(
        made(&sandbox, &client, json!({"Settings": {}})).await["ManagedLoginBrandingId"],
        style["ManagedLoginBrandingId"]
    );
}

#[tokio::test]
async fn what_is_refused() {
    let sandbox = sandbox();
    let client = add_client(&sandbox).await;
    let with = |mut input: Value| {
        input["ClientId"] = json!(client);
        input
    };
    let assets = |list: Value| with(json!({"UseCognitoProvidedValues": true, "Assets": list}));
    let settings = |settings: Value| with(json!({ "Settings": settings }));
    let internal = "InternalErrorException";
    let none = json!({"ClientId": "none", "UseCognitoProvidedValues": true});
    let bare = json!([{"Category": "FORM_LOGO", "ColorMode": "DARK", "Extension": "PNG"}]);
    let large = "A".repeat(1_333_332);
    let table = [
        (with(json!({})), INVALID, SOURCE),
        (with(json!({"UseCognitoProvidedValues": false})), INVALID, SOURCE),
        (with(json!({"UseCognitoProvidedValues": true, "Settings": {}})), INVALID, SOURCE),
        (none, MISSING, "none"),
        (
            settings(json!({"components": {}, "colour": {}})),
            INVALID,
            "Invalid settings provided. UnknownProperty: colour",
        ),
        (settings(json!([])), internal, "wrong"),
        (settings(json!("{}")), internal, "wrong"),
        (settings(json!({"components": "form"})), internal, "wrong"),
        (
            assets(json!([logo("DARK", "AA=="), logo("DARK", "AAEC")])),
            INVALID,
            "FORM_LOGO for DARK is given more than once",
        ),
        (assets(json!([asset("FORM_LOGO", "DARK", "ICO", "AA==")])), INVALID, "Invalid extension ICO"),
        (assets(json!([asset("FAVICON_ICO", "DARK", "PNG", "AA==")])), INVALID, "[ICO]"),
        (assets(json!([asset("FAVICON_SVG", "DARK", "PNG", "AA==")])), INVALID, "[SVG]"),
        (assets(json!([asset("IDP_BUTTON_ICON", "DARK", "PNG", "AA==")])), INVALID, "[ICO, SVG]"),
        (assets(json!([logo("DARK", "no base64!")])), "SerializationException", "Base64"),
        (assets(json!([null])), INVALID, "Value '[null]' at 'assets'"),
        (assets(bare), INVALID, "neither bytes nor"),
        (assets(json!(vec![logo("DARK", "AA=="); 41])), INVALID, "less than or equal to 40"),
        (assets(json!([logo("DARK", &large), logo("LIGHT", &large)])), INVALID, "2 MB"),
    ];
    for (input, code, words) in table {
        refused(&sandbox, CREATE, input, code, words).await;
    }
    refused(&sandbox, BY_CLIENT, json!({"ClientId": "none"}), MISSING, "none").await;
    refused(&sandbox, UPDATE, json!({"Settings": {}}), MISSING, "ManagedLoginBranding does not exist.").await;

    done(&sandbox, CREATE, with(json!({"Settings": {}}))).await;
    let words = format!("A ManagedLoginBranding already exists for client {client}");
    refused(&sandbox, CREATE, with(json!({"Settings": {}})), "ManagedLoginBrandingExistsException", &words).await;
}

#[tokio::test]
async fn there_are_limits_and_a_style_goes_with_its_client() {
    let sandbox = sandbox();
    let mut clients = Vec::new();
    for _ in 0..21 {
        clients.push(add_client(&sandbox).await);
    }
    let last = clients.pop().expect("a client");
    for client in &clients {
        made(&sandbox, client, json!({"UseCognitoProvidedValues": true})).await;
    }
    let more = json!({"ClientId": last, "UseCognitoProvidedValues": true});
    refused(&sandbox, CREATE, more.clone(), "LimitExceededException", "20").await;
    let first = done(&sandbox, BY_CLIENT, json!({"ClientId": clients[0]})).await["ManagedLoginBranding"].take();
    done(&sandbox, "DeleteUserPoolClient", json!({"ClientId": clients[0]})).await;
    let id = json!({"ManagedLoginBrandingId": first["ManagedLoginBrandingId"]});
    refused(&sandbox, DESCRIBE, id, MISSING, "does not exist").await;
    let style = done(&sandbox, CREATE, more).await["ManagedLoginBranding"].take();

    // There are more kinds of images than a style can have.
    let kinds = "EMAIL_GRAPHIC SMS_GRAPHIC AUTH_APP_GRAPHIC PASSWORD_GRAPHIC PASSKEY_GRAPHIC PAGE_HEADER_LOGO \
                 PAGE_HEADER_BACKGROUND PAGE_FOOTER_LOGO PAGE_FOOTER_BACKGROUND PAGE_BACKGROUND FORM_BACKGROUND FORM_LOGO \
                 FAVICON_SVG IDP_BUTTON_ICON";
    let of = |mode: &'static str| kinds.split_whitespace().map(move |kind| asset(kind, mode, "SVG", "PHN2Zy8+"));
    let first: Vec<Value> = of("LIGHT").chain(of("DARK")).collect();
    let provided = |assets: Vec<Value>| json!({"UseCognitoProvidedValues": true, "Assets": assets});
    updated(&sandbox, &style, provided(first)).await;
    let mut input = provided(of("DYNAMIC").collect());
    input["ManagedLoginBrandingId"] = style["ManagedLoginBrandingId"].clone();
    refused(&sandbox, UPDATE, input, INVALID, "40 assets").await;
    let full = updated(&sandbox, &style, provided(of("DYNAMIC").take(12).collect())).await;
    assert_eq!(full["Assets"].as_array().map(Vec::len), Some(40));
}

#[tokio::test]
async fn the_lowest_tier_has_no_managed_login() {
    let sandbox = sandbox();
    let (client, other) = (add_client(&sandbox).await, add_client(&sandbox).await);
    let style = made(&sandbox, &client, json!({"Settings": {}})).await;
    let lower = json!({"UserPoolTier": "LITE"});
    refused(&sandbox, "UpdateUserPool", lower, "TierChangeNotAllowedException", "Managed login").await;
    change_pool(&sandbox, |pool| {
        pool.body.insert("UserPoolTier".into(), json!("LITE"));
    });
    let code = "FeatureUnavailableInTierException";
    let id = style["ManagedLoginBrandingId"].clone();
    refused(&sandbox, CREATE, json!({"ClientId": other, "Settings": {}}), code, "Managed Login").await;
    refused(&sandbox, UPDATE, json!({"ManagedLoginBrandingId": id, "Settings": {}}), code, "Managed Login").await;
    done(&sandbox, "DeleteManagedLoginBranding", json!({"ManagedLoginBrandingId": id})).await;
}
