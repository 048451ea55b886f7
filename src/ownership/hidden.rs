//! What AWS never shows of a child, and is compared by what the ledger remembers of it: the image of
//! the classic sign-in pages, and Apple's private key. Where nothing is remembered (it was adopted,
//! or the ledger is lost) it cannot be compared: the image is sent again, and the key is taken for the
//! one that the file declares.

use serde_json::{Value, json};

use super::ledger::digest_of;
use crate::kind::Kind;
use crate::live::Live;
use crate::path::Path;
use crate::reference;

/// The digest of what is hidden in a declared value, if it has such a part and all of that is known.
/// Paths of files have their hashes in their places.
#[must_use]
pub fn digest(kind: Kind, declared: &Value) -> Option<String> {
    let value = declared.pointer(pointer(kind)?)?;
    let text = value.as_str().filter(|text| reference::in_text(text).is_empty())?;
    Some(if kind == Kind::IdentityProvider { digest_of(&format!("private_key\0{text}")) } else { text.to_owned() })
}

/// Whether a kind has such a part.
#[must_use]
pub fn has_part(kind: Kind) -> bool {
    pointer(kind).is_some()
}

/// Where a kind has it.
fn pointer(kind: Kind) -> Option<&'static str> {
    match kind {
        Kind::UiCustomization => Some("/imageFile"),
        Kind::IdentityProvider => Some("/providerDetails/private_key"),
        _ => None,
    }
}

/// Whether what stands at a path is compared by what is remembered, so that who changed it is known:
/// where it differs, the file did.
#[must_use]
pub fn is_remembered(kind: Kind, path: &Path) -> bool {
    let own = pointer(kind).map(|pointer| pointer.split('/').skip(1).fold(Path::root(), |path, key| path.key(key)));
    own.as_ref() == Some(path)
}

/// Stands for an image of which nothing is remembered.
pub const UNKNOWN_IMAGE: &str = "(an image)";

/// Puts into a live child what is remembered of its hidden part. Of an image of which nothing is
/// remembered it is known that it is there; a private key is taken for the one that is declared.
/// Gives whether what is declared could not be compared.
pub fn reveal(live: &mut Live, declared: &Value, remembered: Option<&str>) -> bool {
    let Some(pointer) = pointer(live.kind) else { return false };
    let own = declared.pointer(pointer);
    if live.kind == Kind::UiCustomization {
        let Some(image) = live.spec.get_mut("imageFile") else { return false };
        *image = json!(remembered.unwrap_or(UNKNOWN_IMAGE));
    } else {
        let Some(own) = own else { return false };
        if live.body.pointer("/ProviderDetails/private_key").is_some() {
            return false;
        }
        let now = digest(live.kind, declared);
        let same = remembered.is_none() || now.is_none() || now.as_deref() == remembered;
        live.spec["providerDetails"]["private_key"] = if same { own.clone() } else { json!("(another)") };
    }
    own.is_some() && remembered.is_none()
}

/// Takes the hidden part of a child for what is declared, right after that was sent.
pub fn assume(live: &mut Live, declared: &Value) {
    let sent = digest(live.kind, declared);
    reveal(live, declared, sent.as_deref());
}
