//! What AWS never shows of a child, and is compared by what the ledger remembers of it: the image of
//! the classic sign-in pages, and Apple's private key. Where nothing is remembered (it was adopted,
//! or the ledger is lost) it cannot be compared, and is taken for what the file declares.

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

/// What of a kind is hidden, for people.
#[must_use]
pub fn what(kind: Kind) -> &'static str {
    if kind == Kind::UiCustomization { "image" } else { "private key" }
}

/// Puts into a live child what is remembered of its hidden part; where nothing is, what is declared.
/// Gives whether it could not be compared.
pub fn reveal(live: &mut Live, declared: &Value, remembered: Option<&str>) -> bool {
    let Some(pointer) = pointer(live.kind) else { return false };
    let own = declared.pointer(pointer);
    if live.kind == Kind::UiCustomization {
        // That there is an image, AWS does show.
        let Some(image) = live.spec.get_mut("imageFile") else { return false };
        let known = remembered.map(Value::from).or_else(|| own.cloned());
        *image = known.unwrap_or_else(|| image.take());
    } else {
        let Some(own) = own.filter(|_| live.body.pointer("/ProviderDetails/private_key").is_none()) else {
            return false;
        };
        let now = digest(live.kind, declared);
        let same = remembered.is_none() || now.is_none() || now.as_deref() == remembered;
        live.spec["providerDetails"]["private_key"] = if same { own.clone() } else { json!("(another)") };
    }
    own.is_some() && remembered.is_none()
}
