//! The files that a resource names: a function's code, images. What they hold is sent, and what is
//! compared is a hash of it, which stands in the canonical spec in the place of the path.

use std::fs;
use std::path::Path as FilePath;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::Kind;
use super::function::package::{self, Package};
use crate::diff::{value_at, value_at_mut};
use crate::ownership::ledger;
use crate::path::Path;
use crate::reference;

/// The properties of a resource that name files, and what they say, as far as it is known.
#[must_use]
pub fn named(kind: Kind, declared: &Value) -> Vec<(Path, String)> {
    let root = Path::root();
    let places: Vec<Path> = match kind {
        Kind::Function => vec![root.key("code")],
        Kind::UiCustomization => vec![root.key("imageFile")],
        Kind::ManagedLoginBranding => {
            let assets = declared.get("assets").and_then(Value::as_array).map_or(0, Vec::len);
            (0..assets).map(|asset| root.key("assets").index(asset).key("bytes")).collect()
        }
        _ => Vec::new(),
    };
    let text = |path: &Path| value_at(declared, path)?.as_str().map(str::to_owned);
    let named = places.into_iter().filter_map(|path| Some((path.clone(), text(&path)?)));
    named.filter(|(_, file)| reference::in_text(file).is_empty()).collect()
}

/// A declared value with hashes in place of the paths of files, where they are known, by property.
#[must_use]
pub fn with_hashes<'a>(kind: Kind, mut declared: Value, hash: &dyn Fn(&Path) -> Option<&'a str>) -> Value {
    for (path, _) in named(kind, &declared) {
        if let (Some(hash), Some(place)) = (hash(&path), value_at_mut(&mut declared, &path)) {
            *place = json!(hash);
        }
    }
    declared
}

/// What is sent of the file that a property names, and its hash.
///
/// # Errors
/// Says what is wrong with the file.
pub fn read(kind: Kind, file: &FilePath) -> Result<Package, String> {
    if kind == Kind::Function {
        return package::package(file);
    }
    let bytes = image(kind, file, &file.display().to_string())?;
    Ok(Package { sha256: hash_of(kind, &bytes), zip: bytes })
}

/// Checks that the image that a stack file in `folder` calls `name` is there, and what AWS takes of it.
///
/// # Errors
/// What is wrong with the file, and the fix where there is one.
pub fn check(kind: Kind, folder: &FilePath, name: &str) -> Result<(), (String, Option<String>)> {
    let path = folder.join(name);
    if !path.exists() {
        let help = format!("it is looked for from the stack file's folder: `{}`", path.display());
        return Err((format!("there is no file `{name}`"), Some(help)));
    }
    image(kind, &path, name).map(drop).map_err(|why| (why, None))
}

/// The hash of what a file holds, by which it is compared. Of what AWS never shows the ledger
/// remembers the hash, so it is as short as all that is in there.
#[must_use]
pub fn hash_of(kind: Kind, bytes: &[u8]) -> String {
    let hash = STANDARD.encode(Sha256::digest(bytes));
    if kind == Kind::UiCustomization { ledger::digest_of(&hash) } else { hash }
}

/// What an image's file holds, if AWS takes it. People call the file `name`.
fn image(kind: Kind, file: &FilePath, name: &str) -> Result<Vec<u8>, String> {
    let unreadable = |error: std::io::Error| format!("`{name}` cannot be read: {error}");
    let metadata = fs::metadata(file).map_err(unreadable)?;
    // What is no file may never end.
    if !metadata.is_file() {
        let what = if metadata.is_dir() { "a folder" } else { "a device or a pipe" };
        return Err(format!("`{name}` is {what}, not a file"));
    }
    let most = if kind == Kind::UiCustomization { 100 * 1024 } else { 1_000_000 };
    if metadata.len() > most {
        return Err(format!("`{name}` has {} bytes, and AWS takes {most}", metadata.len()));
    }
    let bytes = fs::read(file).map_err(unreadable)?;
    if bytes.is_empty() {
        return Err(format!("`{name}` is empty"));
    }
    let is_image = [b"\x89PNG".as_slice(), b"\xff\xd8\xff"].iter().any(|start| bytes.starts_with(start));
    if kind == Kind::UiCustomization && !is_image {
        return Err(format!("`{name}` is no PNG or JPEG image"));
    }
    Ok(bytes)
}
