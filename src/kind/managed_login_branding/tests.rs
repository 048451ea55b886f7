use serde_json::{Value, json};

use super::extension_of;
use crate::kind::Kind;
use crate::kind::testing::{assert_differ, assert_faults, assert_same, canonical};

const OPEN: &str = "\u{FDD0}file.branding\u{FDD1}";

fn settings(settings: impl Into<Value>) -> Value {
    json!({"settings": settings.into()})
}

fn radius(radius: impl Into<Value>) -> Value {
    settings(json!({"components": {"form": {"borderRadius": radius.into(), "logo": {}}}}))
}

fn image(category: &str, color_mode: &str, path: &str) -> Value {
    json!({"category": category, "colorMode": color_mode, "bytes": path})
}

fn images(images: impl IntoIterator<Item = Value>) -> Value {
    json!({"useCognitoProvidedValues": true, "assets": images.into_iter().collect::<Value>()})
}

#[test]
fn settings_have_one_form() {
    let object = json!({"components": {"form": {"borderRadius": 8, "colors": [1, 2.5]}}, "categories": {"a": 1}});
    let text = r#"{"categories": {"a": 1.0}, "components": {"form": {"colors": [1.0, 2.5], "borderRadius": 8.0}}}"#;
    assert_same(Kind::ManagedLoginBranding, &settings(object.clone()), &settings(text));
    let (one, other) = (
        canonical(Kind::ManagedLoginBranding, &settings(object)),
        canonical(Kind::ManagedLoginBranding, &settings(text)),
    );
    assert_eq!(one.to_string(), other.to_string());
    assert!(one["settings"].is_object());
    assert_same(Kind::ManagedLoginBranding, &settings(radius(8)["settings"].to_string()), &radius(8));
    assert_same(Kind::ManagedLoginBranding, &radius(8), &radius(8.0));
    assert_same(Kind::ManagedLoginBranding, &radius(-0.0), &radius(0));
    assert_differ(Kind::ManagedLoginBranding, &radius(8), &radius(8.5));
    assert_differ(Kind::ManagedLoginBranding, &radius(1e300), &radius(1));
    assert_differ(Kind::ManagedLoginBranding, &radius(1), &radius("1"));
    assert_same(
        Kind::ManagedLoginBranding,
        &json!({"useCognitoProvidedValues": true}),
        &json!({"useCognitoProvidedValues": true, "settings": {}, "assets": []}),
    );
}

#[test]
fn what_is_not_known_yet_stays_a_text() {
    assert_eq!(canonical(Kind::ManagedLoginBranding, &settings(OPEN))["settings"], OPEN);
    let inside = format!(r#"{{"components": {{"color": "{OPEN}"}}}}"#);
    assert_eq!(canonical(Kind::ManagedLoginBranding, &settings(inside))["settings"]["components"]["color"], OPEN);
    assert_eq!(canonical(Kind::ManagedLoginBranding, &settings("no JSON"))["settings"], "no JSON");
}

#[test]
fn images_are_told_apart_by_category_and_color_mode() {
    let schema = Kind::ManagedLoginBranding.schema();
    let (assets, settings) = (&schema["properties"]["assets"], &schema["properties"]["settings"]);
    assert_eq!((&assets["x-key"], &assets["x-change"]), (&json!("category,colorMode"), &json!("no-removal")));
    assert_eq!((&settings["type"], &settings["x-change"]), (&json!(["object", "string"]), &json!("no-removal")));
    let (light, dark) = (image("FORM_LOGO", "LIGHT", "a.png"), image("FORM_LOGO", "DARK", "b.png"));
    assert_same(Kind::ManagedLoginBranding, &images([light.clone(), dark.clone()]), &images([dark, light]));
}

#[test]
fn one_of_settings_and_aws_s_own() {
    assert_faults(
        Kind::ManagedLoginBranding,
        [
            (json!({}), "`settings` with something in it, or `useCognitoProvidedValues`, is missing"),
            (settings(json!({})), "`settings` with something in it, or `useCognitoProvidedValues`, is missing"),
            (json!({"useCognitoProvidedValues": true}), ""),
            (radius(8), ""),
            (settings(r#"{"components": {"form": {"borderRadius": 8.0}}}"#), ""),
            (
                settings(r#"{"components": {"form": {}}}"#),
                "`settings` with something in it, or `useCognitoProvidedValues`, is missing",
            ),
            (settings(OPEN), ""),
            (settings(format!(r#"{{"components": {OPEN}}}"#)), ""),
            (
                json!({"useCognitoProvidedValues": true, "settings": {"components": {"a": 1}}}),
                "useCognitoProvidedValues: `settings` and",
            ),
            (settings("{"), "settings: is no JSON object: EOF"),
            (settings("[]"), "settings: is no JSON object: it is JSON, but no object"),
            (settings(json!([1])), "settings"),
            (
                settings(json!({"components": {"a": 1}, "colors": {"a": 1}})),
                "settings: AWS knows no settings called `colors`",
            ),
            (settings(r#"{"colors": {"a": 1}}"#), "settings: AWS knows no settings called `colors`"),
            (settings(json!({"components": 1})), "settings.components"),
        ],
    );
}

#[test]
fn images_are_of_kinds_that_aws_takes() {
    let as_kind = |mut image: Value, kind: &str| {
        image["extension"] = kind.into();
        images([image])
    };
    let logo = |path: &str| image("FORM_LOGO", "LIGHT", path);
    assert_faults(
        Kind::ManagedLoginBranding,
        [
            (images([logo("a.webp")]), ""),
            (images([image("FORM_LOGO", "DARK", "a.svg"), logo("a.jpg")]), ""),
            (images([image("FAVICON_ICO", "DYNAMIC", "a.ico"), image("FAVICON_SVG", "DYNAMIC", "a.svg")]), ""),
            (images([image("IDP_BUTTON_ICON", "LIGHT", "a.ico"), image("IDP_BUTTON_ICON", "DARK", "a.svg")]), ""),
            (images([logo("a.ico")]), "assets[0].bytes: `FORM_LOGO` must be PNG, SVG, JPEG, WEBP, not ICO"),
            (images([image("FAVICON_ICO", "LIGHT", "a.png")]), "assets[0].bytes: `FAVICON_ICO` must be ICO, not PNG"),
            (images([image("FAVICON_SVG", "LIGHT", "a.ico")]), "assets[0].bytes: `FAVICON_SVG` must be SVG, not ICO"),
            (images([image("IDP_BUTTON_ICON", "LIGHT", "a.png")]), "must be ICO, SVG, not PNG"),
            (as_kind(logo("a"), "PNG"), ""),
            (as_kind(logo("a.png"), "ICO"), "assets[0].extension: `FORM_LOGO` must be"),
            (as_kind(logo("a.png"), "GIF"), "assets[0].extension: must be one of"),
            (images([logo("a")]), "assets[0].bytes: the suffix does not tell"),
            (images([logo("a.gif")]), "assets[0].bytes: the suffix does not tell"),
            (images([logo(OPEN)]), ""),
            (
                images([logo("a.png"), image("FORM_LOGO", "DARK", "a.png"), logo("b.png")]),
                "assets[2].category: the image `FORM_LOGO` for `LIGHT` is given twice",
            ),
            (images([json!({"category": "FORM_LOGO", "colorMode": "LIGHT"})]), "assets[0].bytes: `bytes` is missing"),
            (images([image("LOGO", "LIGHT", "a.png")]), "assets[0].category: must be one of"),
        ],
    );
}

#[test]
fn the_suffix_tells_the_kind() {
    let table = [
        ("a.jpg", Some("JPEG")),
        ("b/a.PNG", Some("PNG")),
        ("a.ico", Some("ICO")),
        ("a", None),
        (".svg", None),
        ("", None),
    ];
    for (path, kind) in table {
        assert_eq!(extension_of(path), kind, "{path}");
    }
}
