//! How the classic hosted pages look: a style sheet and a logo, for all clients of a pool or for one.
//! Each setting replaces the one before, and one without anything in it takes that away. The logo
//! itself is never shown again, only where it can be fetched.

use serde_json::{Value, json};

use super::super::refusal::Refusal;
use super::super::state::Body;
use super::world::{World, bytes, text};
use super::{client, domain};

mod css;
#[cfg(test)]
mod tests;

/// The name of what all clients share.
const ALL: &str = "ALL";
/// Bytes of a logo.
const LARGEST_LOGO: usize = 100 * 1024;

/// `SetUICustomization`.
pub(super) fn set(world: &mut World<'_>, input: &Value) -> Result<Value, Refusal> {
    let now = world.now;
    if domain::standing(world.pool()?, now).next().is_none() {
        return Err(Refusal::invalid("A domain must be associated with this user pool."));
    }
    let before = own(world, input)?.clone();
    let sheet = text(input, "CSS");
    css::check(sheet)?;
    let logo = logo(text(input, "ImageFile"))?;
    let mut ui = Body::new();
    if !sheet.is_empty() || logo.is_some() {
        let (date, version) = (world.date(), world.fresh(b"0123456789", 14));
        ui.insert("UserPoolId".to_owned(), json!(text(input, "UserPoolId")));
        ui.insert("ClientId".to_owned(), json!(named(input).unwrap_or(ALL)));
        if let Some(extension) = logo {
            ui.insert("ImageUrl".to_owned(), json!(url(world, input, &version, extension)));
        }
        if !sheet.is_empty() {
            ui.insert("CSS".to_owned(), json!(sheet));
        }
        ui.insert("CSSVersion".to_owned(), json!(version));
        ui.insert("LastModifiedDate".to_owned(), date.clone());
        ui.insert("CreationDate".to_owned(), before.get("CreationDate").cloned().unwrap_or(date));
    }
    *own(world, input)? = ui;
    get(world, input)
}

/// `GetUICustomization`.
pub(super) fn get(world: &mut World<'_>, input: &Value) -> Result<Value, Refusal> {
    let own = own(world, input)?.clone();
    let shown = if own.is_empty() { world.pool()?.ui.clone() } else { own };
    Ok(json!({"UICustomization": shown}))
}

/// The client that a request names, unless it is about all of them.
fn named(input: &Value) -> Option<&str> {
    input.get("ClientId").and_then(Value::as_str).filter(|id| *id != ALL)
}

/// What is set for the client that a request names, or for all.
fn own<'a>(world: &'a mut World<'_>, input: &Value) -> Result<&'a mut Body, Refusal> {
    match named(input) {
        Some(_) => Ok(&mut client::find(world, input)?.ui),
        None => Ok(&mut world.pool()?.ui),
    }
}

/// Where a logo can be fetched; elsewhere with each one that is sent.
fn url(world: &World<'_>, input: &Value, version: &str, extension: &str) -> String {
    let (host, pool) = (domain::shared(&world.call.region), text(input, "UserPoolId"));
    let client = named(input).unwrap_or(ALL);
    format!("https://{host}.cloudfront.net/{pool}/{client}/{version}/assets/images/image.{extension}")
}

/// What kind of picture a logo is, if there is one.
fn logo(sent: &str) -> Result<Option<&'static str>, Refusal> {
    if sent.is_empty() {
        return Ok(None);
    }
    let bytes = bytes(sent)?;
    if bytes.len() > LARGEST_LOGO {
        return Err(Refusal::invalid("The image file is too large: it can have 100 KB at most."));
    }
    if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        Ok(Some("png"))
    } else if bytes.starts_with(b"\xff\xd8\xff") {
        Ok(Some("jpg"))
    } else {
        Err(Refusal::invalid("The image file is of no known kind: only PNG and JPEG files are supported."))
    }
}

/// What AWS's documents leave open here, and what was decided.
pub(super) const UNCONFIRMED: &[&str] = &[
    "A style sheet that is set without a logo takes the logo away, and a logo without a style sheet takes that away.",
    "An empty style sheet is none, and so is an empty logo.",
    "Looks can be shown without a domain, and outlive it; a domain counts while it is being made or deleted.",
    "Of a style sheet, the selectors are judged: each is one class that ends in `-customizable`, perhaps with \
         pseudo-classes. Which of these classes there are, and which properties they may have, is not looked at.",
    "A style sheet with rules that begin with `@`, or with braces that do not match, is refused, in words that are not \
         AWS's.",
    "A logo is judged by its first bytes and its size alone, in words that are not AWS's.",
    "CSSVersion is 14 digits that say nothing, shown with a logo alone as well; ImageUrl leads nowhere.",
    "CreationDate stays while looks are replaced, and is new once they were taken away.",
];
