//! The images of a style. Its category and its color mode say which one an image is.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::super::super::refusal::Refusal;
use super::super::super::state::Body;
use super::super::world::{bytes, text};

/// Images of a style.
const MOST: usize = 40;

/// The images that a request has.
pub(super) fn given(input: &Value) -> Result<Vec<Value>, Refusal> {
    let sent = input.get("Assets").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let mut images: Vec<Value> = Vec::new();
    for asset in sent {
        let image = read(asset)?;
        if images.iter().any(|other| key(other) == key(&image)) {
            let (category, mode) = key(&image);
            return Err(Refusal::invalid(format!("The asset {category} for {mode} is given more than once.")));
        }
        images.push(image);
    }
    Ok(images)
}

/// Images over those that are there.
pub(super) fn joined(before: Option<&Value>, fresh: Vec<Value>) -> Result<Value, Refusal> {
    let mut images: Vec<Value> = before.and_then(Value::as_array).cloned().unwrap_or_default();
    images.retain(|image| !fresh.iter().any(|other| key(other) == key(image)));
    images.extend(fresh);
    if images.len() > MOST {
        return Err(Refusal::invalid(format!("A style can have {MOST} assets at most.")));
    }
    images.sort_by(|one, other| key(one).cmp(&key(other)));
    Ok(Value::Array(images))
}

/// Which image it is.
fn key(image: &Value) -> (&str, &str) {
    (text(image, "Category"), text(image, "ColorMode"))
}

fn read(asset: &Value) -> Result<Value, Refusal> {
    let Some(asset) = asset.as_object() else {
        return Err(Refusal::invalid(
            "1 validation error detected: Value '[null]' at 'assets' failed to satisfy constraint: Member must satisfy \
             constraint: [Member must not be null]",
        ));
    };
    let members = asset.iter().filter(|(_, value)| !value.is_null());
    let mut image: Body = members.map(|(name, value)| (name.clone(), value.clone())).collect();
    let member = |name: &str| image.get(name).and_then(Value::as_str);
    let (category, extension) = (member("Category").unwrap_or_default(), member("Extension").unwrap_or_default());
    let allowed = extensions(category);
    if !allowed.contains(&extension) {
        let allowed = allowed.join(", ");
        let message = format!("Invalid extension {extension} of the asset {category}: it can be one of [{allowed}].");
        return Err(Refusal::invalid(message));
    }
    match member("Bytes") {
        Some(sent) => {
            let bytes = bytes(sent)?;
            image.insert("Bytes".to_owned(), json!(STANDARD.encode(bytes)));
        }
        None if member("ResourceId").is_none() => {
            return Err(Refusal::invalid(format!("The asset {category} has neither bytes nor a resource's id.")));
        }
        None => {}
    }
    Ok(Value::Object(image))
}

/// What an image of a category may be.
fn extensions(category: &str) -> &'static [&'static str] {
    match category {
        "FAVICON_ICO" => &["ICO"],
        "FAVICON_SVG" => &["SVG"],
        "IDP_BUTTON_ICON" => &["ICO", "SVG"],
        _ => &["PNG", "SVG", "JPEG", "WEBP"],
    }
}
