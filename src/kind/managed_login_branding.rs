//! How managed login looks for an app client: its style. AWS merges what it is sent into what is
//! there, so that nothing can be taken out of a style but by making a new one.
//!
//! The settings are a document of AWS's own, which the file has as an object or as the text of a
//! JSON file. In the canonical form they are an object with sorted keys, and a number is whole where
//! it can be: AWS answers `8.0` for `8`. A text that is not known yet stays a text, and so does one
//! that is no JSON object, of which the check tells.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

use super::user_pool::texts;
use super::{Spec, without_empty};
use crate::diagnostic::Findings;
use crate::reference;

mod assets;
#[cfg(test)]
mod tests;

pub use assets::{Asset, AssetCategory, AssetExtension, ColorMode, extension_of};

/// The style of the client's managed login pages, where the domain's `managedLoginVersion` is 2: without one, AWS shows
/// no sign-in page. Either `settings` or `useCognitoProvidedValues: true`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(deny_unknown_fields)]
pub struct ManagedLoginBranding {
    /// Whether AWS's own look holds, instead of `settings`. Default: false.
    #[serde(default)]
    pub use_cognito_provided_values: bool,
    /// The look, as AWS's branding editor exports it: an object here, or the JSON of a file as `${file:branding.json}`. It
    /// may be a part of the whole; the rest is AWS's look. AWS cannot take a setting out again: where one is missing here,
    /// the style is made anew.
    #[serde(default, deserialize_with = "document", skip_serializing_if = "Option::is_none")]
    #[schemars(schema_with = "settings_schema", extend("x-change" = "no-removal"))]
    pub settings: Option<Value>,
    /// The images, one for each category and color mode. Up to 40. AWS cannot take one out again: where one is missing
    /// here, the style is made anew.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 40), extend("x-key" = "category,colorMode", "x-change" = "no-removal"))]
    pub assets: Vec<Asset>,
}

/// What the settings are made of.
const SECTIONS: [(&str, &str); 3] = [
    (
        "categories",
        "What the pages hold and how it is laid out: sign-in methods, forms, header and footer, color scheme.",
    ),
    ("componentClasses", "What all components of a class look like: buttons, inputs, links, focus."),
    ("components", "What single components look like: the form, the page's background, alerts, the primary button."),
];

fn settings_schema(_: &mut SchemaGenerator) -> Schema {
    let section = |description: &str| serde_json::json!({"type": "object", "description": description});
    let sections: Map<String, Value> =
        SECTIONS.into_iter().map(|(name, description)| (name.to_owned(), section(description))).collect();
    json_schema!({"type": ["object", "string"], "properties": sections})
}

/// Reads a document, which may be the text of one. What is empty in a text means what it means in an object.
fn document<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    let value = Option::<Value>::deserialize(deserializer)?;
    let value = value.map(|value| match &value {
        Value::String(text) => match parsed(text) {
            Ok(Some(object)) => without_empty(&object, settings_schema(&mut SchemaGenerator::default()).as_value()),
            _ => value,
        },
        _ => value,
    });
    Ok(value.filter(|value| value.as_object().is_none_or(|settings| !settings.is_empty())))
}

/// The object that a text is the JSON of; none where it is not known yet.
fn parsed(text: &str) -> Result<Option<Value>, String> {
    match serde_json::from_str(text) {
        Ok(Value::Object(map)) => Ok(Some(Value::Object(map))),
        _ if !reference::in_text(text).is_empty() => Ok(None),
        Ok(_) => Err("it is JSON, but no object".to_owned()),
        Err(error) => Err(error.to_string()),
    }
}

/// Completes what a file declares: settings that are the text of a document become that document, and
/// an image's type is what the suffix of its file says.
pub fn complete(declared: &mut Map<String, Value>) {
    if let Some(settings) = declared.get_mut("settings")
        && let Some(Ok(Some(document))) = settings.as_str().map(parsed)
    {
        *settings = document;
    }
    for asset in declared.get_mut("assets").and_then(Value::as_array_mut).into_iter().flatten() {
        let known = asset.get("bytes").and_then(Value::as_str).and_then(extension_of);
        if let (Some(asset), Some(known)) = (asset.as_object_mut(), known) {
            asset.entry("extension").or_insert_with(|| known.into());
        }
    }
}

/// Writes each whole number without a fraction.
fn normalize_numbers(value: &mut Value) {
    match value {
        Value::Number(number) => {
            let float = number.as_f64().filter(|float| number.is_f64() && float.fract() == 0.0);
            if let Some(whole) = float.and_then(|float| format!("{float:.0}").parse::<i64>().ok()) {
                *value = whole.into();
            }
        }
        Value::Array(items) => items.iter_mut().for_each(normalize_numbers),
        Value::Object(map) => map.values_mut().for_each(normalize_numbers),
        _ => {}
    }
}

impl Spec for ManagedLoginBranding {
    fn normalize(&mut self) {
        if let Some(settings) = &mut self.settings {
            normalize_numbers(settings);
            settings.sort_all_objects();
        }
        self.assets.sort_by_key(|asset| (asset.category, asset.color_mode));
    }

    fn check(&self, findings: &mut Findings) {
        const PATHS: [&str; 2] = ["settings", "useCognitoProvidedValues"];
        match (&self.settings, self.use_cognito_provided_values) {
            (Some(_), true) => findings.rule_with_help(
                &PATHS[1..],
                "`settings` and `useCognitoProvidedValues: true` exclude each other",
                "leave one of them out",
            ),
            (None, false) => findings.rule_with_help(
                &["", PATHS[0], PATHS[1]],
                "`settings` with something in it, or `useCognitoProvidedValues`, is missing",
                "for AWS's own look: useCognitoProvidedValues: true",
            ),
            _ => {}
        }
        match &self.settings {
            Some(Value::String(text)) => {
                if let Err(error) = parsed(text) {
                    let help = "the text of a JSON file: settings: ${file:branding.json}";
                    findings.rule_with_help(&PATHS[..1], format!("is no JSON object: {error}"), help);
                }
            }
            Some(Value::Object(settings)) => {
                for name in settings.keys().filter(|name| SECTIONS.iter().all(|(known, _)| known != name)) {
                    // An object's own key has its place; in the text of a file it has none.
                    findings.rule_with_help(
                        &PATHS[..1],
                        format!("AWS knows no settings called `{name}`"),
                        "settings hold categories, componentClasses and components",
                    );
                }
            }
            _ => {}
        }
        assets::check(&self.assets, findings);
    }
}
