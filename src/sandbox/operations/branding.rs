//! Styles of managed login: a client's settings and images, or Cognito's own values in their place.
//! An update adds to what is there; nothing but deleting the style takes a setting or an image away.

use serde_json::{Value, json};

use super::super::refusal::Refusal;
use super::super::state::{Body, UserPool};
use super::client;
use super::world::{World, text};

mod assets;
mod settings;
#[cfg(test)]
mod tests;

/// Styles in a pool.
const MOST: usize = 20;
/// Bytes of a request.
const LARGEST: usize = 2_000_000;

/// `CreateManagedLoginBranding`.
pub(super) fn create(world: &mut World<'_>, input: &Value) -> Result<Value, Refusal> {
    check_size(input)?;
    client::find(world, input)?;
    check_tier(world.pool()?)?;
    let settings = source(input)?;
    let images = assets::given(input)?;
    let client = text(input, "ClientId");
    if !client::find(world, input)?.branding.is_empty() {
        let message = format!("A ManagedLoginBranding already exists for client {client}");
        return Err(Refusal::of("ManagedLoginBrandingExistsException", message));
    }
    if world.pool()?.clients.values().filter(|client| !client.branding.is_empty()).count() >= MOST {
        let message = format!("A user pool can have {MOST} styles at most.");
        return Err(Refusal::of("LimitExceededException", message));
    }
    let (now, id) = (world.date(), world.guid());
    let mut style = Body::new();
    style.insert("ManagedLoginBrandingId".to_owned(), json!(id));
    style.insert("UserPoolId".to_owned(), json!(text(input, "UserPoolId")));
    style.insert("CreationDate".to_owned(), now.clone());
    set(&mut style, settings, images, now)?;
    let answer = json!({"ManagedLoginBranding": style});
    client::find(world, input)?.branding = style;
    Ok(answer)
}

/// `DescribeManagedLoginBranding`.
pub(super) fn describe(world: &mut World<'_>, input: &Value) -> Result<Value, Refusal> {
    Ok(json!({"ManagedLoginBranding": find(world.pool()?, input)?}))
}

/// `DescribeManagedLoginBrandingByClient`.
pub(super) fn describe_by_client(world: &mut World<'_>, input: &Value) -> Result<Value, Refusal> {
    let style = &client::find(world, input)?.branding;
    if style.is_empty() {
        let client = text(input, "ClientId");
        return Err(Refusal::missing(format!("ManagedLoginBranding for client {client} does not exist.")));
    }
    Ok(json!({"ManagedLoginBranding": style}))
}

/// `UpdateManagedLoginBranding`, which says again where the style comes from, whatever it changes.
pub(super) fn update(world: &mut World<'_>, input: &Value) -> Result<Value, Refusal> {
    check_size(input)?;
    let now = world.date();
    let pool = world.pool()?;
    find(pool, input)?;
    check_tier(pool)?;
    let settings = source(input)?;
    let images = assets::given(input)?;
    let style = find(pool, input)?;
    set(style, settings, images, now)?;
    Ok(json!({"ManagedLoginBranding": style}))
}

/// `DeleteManagedLoginBranding`.
pub(super) fn delete(world: &mut World<'_>, input: &Value) -> Result<Value, Refusal> {
    find(world.pool()?, input)?.clear();
    Ok(json!({}))
}

/// The style that the input names by its id.
fn find<'a>(pool: &'a mut UserPool, input: &Value) -> Result<&'a mut Body, Refusal> {
    let id = text(input, "ManagedLoginBrandingId");
    let mut styles = pool.clients.values_mut().map(|client| &mut client.branding);
    let found = styles.find(|style| style.get("ManagedLoginBrandingId").is_some_and(|own| own == id));
    found.ok_or_else(|| Refusal::missing("ManagedLoginBranding does not exist."))
}

/// The settings that a style is to come from; none where it is to have Cognito's own values.
fn source(input: &Value) -> Result<Option<Body>, Refusal> {
    let provided = input.get("UseCognitoProvidedValues").and_then(Value::as_bool).unwrap_or_default();
    let settings = input.get("Settings").filter(|settings| !settings.is_null());
    if provided == settings.is_some() {
        return Err(Refusal::invalid("useCognitoProvidedValues or settings should be specified (but not both)"));
    }
    settings.map(settings::read).transpose()
}

/// Puts in what a request says, or nothing of it.
fn set(style: &mut Body, settings: Option<Body>, images: Vec<Value>, now: Value) -> Result<(), Refusal> {
    let images = assets::joined(style.get("Assets"), images)?;
    style.insert("UseCognitoProvidedValues".to_owned(), json!(settings.is_none()));
    match settings {
        Some(settings) => {
            let before = style.remove("Settings");
            style.insert("Settings".to_owned(), settings::joined(before, settings));
        }
        None => drop(style.remove("Settings")),
    }
    style.insert("Assets".to_owned(), images);
    style.insert("LastModifiedDate".to_owned(), now);
    Ok(())
}

fn check_tier(pool: &UserPool) -> Result<(), Refusal> {
    match pool.body.get("UserPoolTier").and_then(Value::as_str) {
        Some(tier @ "LITE") => Err(Refusal::of(
            "FeatureUnavailableInTierException",
            format!("The following feature is not available for the {tier} pricing tier configured: Managed Login"),
        )),
        _ => Ok(()),
    }
}

fn check_size(input: &Value) -> Result<(), Refusal> {
    if input.to_string().len() > LARGEST {
        return Err(Refusal::invalid("The request is too large: it can have 2 MB at most."));
    }
    Ok(())
}

/// What AWS's documents leave open here, and what was decided.
pub(super) const UNCONFIRMED: &[&str] = &[
    "Settings of an update are merged into those that are there, object by object; everything else, lists too, replaces what \
         was there.",
    "A style may change from Cognito's values to settings and back by an update; the settings are lost then, the images \
         are not.",
    "Images come back sorted by category and color mode, and settings with sorted keys.",
    "Two images of the same category and color mode in one request are refused, and a request that brings a style to \
         more than 40 images as well.",
    "An image has bytes or the id of a resource; one with neither is refused. One that replaces another replaces it \
         with all its members.",
    "Of an image, the extension is judged by its category, and not the bytes: `FAVICON_ICO` is ICO, `FAVICON_SVG` is SVG, \
         `IDP_BUTTON_ICON` is ICO or SVG, and others are PNG, SVG, JPEG or WEBP. AWS also looks into SVG files.",
    "Of the settings, the names at the top are judged: `categories`, `componentClasses` and `components`; AWS judges all \
         of them. Each must be an object, or the request ends in an internal error.",
    "ReturnMergedResources adds nothing: Cognito's own settings and images are not known here.",
    "A request over 2000000 bytes, counted in JSON, is refused as an invalid parameter.",
    "Managed login's styles are refused in the LITE tier where they are made or changed, and that tier where there are \
         any; no domain is needed.",
];
