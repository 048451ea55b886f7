//! Managed login's style. Its settings are a document, which goes to and fro as it is, and its images
//! are compared by hashes of their bytes.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::{Contents, Spot, merge, object};
use crate::aws::{Aws, Operation, body, found};
use crate::calls::{Kind, Live, text};
use crate::error::Error;
use crate::kind::files;
use crate::path::Path;

const KIND: Kind = Kind::ManagedLoginBranding;

pub(super) async fn read(aws: &Aws, spot: Spot<'_>) -> Result<Option<Live>, Error> {
    let operation = Operation::DescribeManagedLoginBrandingByClient;
    let Some(mut response) = found(aws.call(operation, spot.request()).await)? else { return Ok(None) };
    let body = response.get_mut("ManagedLoginBranding").map(Value::take).unwrap_or_default();
    let id = text(&body, "/ManagedLoginBrandingId")?;
    let mut spec = object(body::from_api(KIND, &body));
    if let Some(settings) = body.get("Settings").filter(|settings| settings.is_object()) {
        spec.insert("settings".to_owned(), settings.clone());
    }
    for asset in spec.get_mut("assets").and_then(Value::as_array_mut).into_iter().flatten() {
        let bytes = asset.get("bytes").and_then(Value::as_str).map(|bytes| STANDARD.decode(bytes));
        let bytes = bytes.ok_or_else(|| Error::refused("AWS's answer has an asset without its bytes"))?;
        let bytes = bytes.map_err(|_| Error::refused("AWS's answer has an asset whose bytes cannot be read"))?;
        asset["bytes"] = json!(files::hash_of(KIND, &bytes));
    }
    let mut live = spot.live(KIND, &id, json!({}))?;
    live.set_spec(Value::Object(spec))?;
    let mut kept = object(body);
    live.second = json!({"Assets": kept.remove("Assets")});
    live.body = Value::Object(kept);
    Ok(Some(live))
}

/// What is sent of a style, with all its images: AWS keeps those that it has.
pub(super) fn body(wanted: &Value, declared: &Value, contents: Contents<'_>) -> Result<Value, Error> {
    let mut sent = object(body::to_api(KIND, wanted, Operation::CreateManagedLoginBranding.input()));
    let own = sent.get("UseCognitoProvidedValues") == Some(&Value::Bool(true));
    sent.retain(|member, _| match member.as_str() {
        "Settings" => !own,
        // AWS takes one of the two.
        "UseCognitoProvidedValues" => own,
        _ => true,
    });
    if let Some(settings) = wanted.get("settings").filter(|_| !own) {
        sent.insert("Settings".to_owned(), settings.clone());
    }
    let places = declared.get("assets").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    for asset in sent.get_mut("Assets").and_then(Value::as_array_mut).into_iter().flatten() {
        let is_it = |place: &Value| {
            place.get("category") == asset.get("Category") && place.get("colorMode") == asset.get("ColorMode")
        };
        let at = places.iter().position(is_it);
        let bytes = at.and_then(|at| contents(&Path::root().key("assets").index(at).key("bytes")));
        let bytes = bytes.ok_or_else(|| Error::refused("an image of the style is not at hand"))?;
        asset["Bytes"] = json!(STANDARD.encode(bytes));
    }
    Ok(merge(&[&Value::Object(sent)]))
}
