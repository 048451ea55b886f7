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

/// Makes a style. One that is found after a failed call may be without what later calls bring.
pub(super) async fn create(
    aws: &Aws,
    spot: Spot<'_>,
    wanted: &Value,
    declared: &Value,
    contents: Contents<'_>,
) -> Result<(), Error> {
    let mut bodies = bodies(wanted, declared, None, contents)?;
    let rest = bodies.split_off(1);
    let first = bodies.pop().unwrap_or_default();
    let found = super::make(aws, KIND, Operation::CreateManagedLoginBranding, spot, first).await?;
    if rest.is_empty() {
        return Ok(());
    }
    let id = match found {
        Some(id) => id,
        None => read(aws, spot).await?.map(|live| live.id).ok_or_else(|| Error::refused("the style is gone again"))?,
    };
    update(aws, spot, &id, rest).await
}

/// Changes a style by these bodies, one after the other.
pub(super) async fn update(aws: &Aws, spot: Spot<'_>, id: &str, bodies: Vec<Value>) -> Result<(), Error> {
    let names = json!({"UserPoolId": spot.pool, "ManagedLoginBrandingId": id});
    for body in bodies {
        aws.call(Operation::UpdateManagedLoginBranding, merge(&[&body, &names])).await?;
    }
    Ok(())
}

/// Characters of one request, a little less than the 2 MB that AWS takes.
const MOST: usize = 1_900_000;

/// What is sent of a style, in as many requests as it takes: the first makes it or changes it, and each
/// of the others adds images. AWS keeps the images that it has, so those that are as in `live` stay out.
pub(super) fn bodies(
    wanted: &Value,
    declared: &Value,
    live: Option<&Value>,
    contents: Contents<'_>,
) -> Result<Vec<Value>, Error> {
    let there = live.and_then(|live| live.get("assets")?.as_array()).map(Vec::as_slice).unwrap_or_default();
    let mut wanted = wanted.clone();
    if let Some(images) = wanted.get_mut("assets").and_then(Value::as_array_mut) {
        images.retain(|image| !there.contains(image));
    }
    let mut sent = object(body::to_api(KIND, &wanted, Operation::CreateManagedLoginBranding.input()));
    let own = sent.get("UseCognitoProvidedValues") == Some(&Value::Bool(true));
    let mut images = Vec::new();
    for mut asset in sent.remove("Assets").as_ref().and_then(Value::as_array).cloned().unwrap_or_default() {
        asset["Bytes"] = json!(STANDARD.encode(image(&asset, declared, contents)?));
        images.push(asset);
    }
    // AWS wants exactly one of the two, in every request.
    let look = if own {
        json!({"UseCognitoProvidedValues": true})
    } else {
        json!({"Settings": wanted.get("settings").cloned().unwrap_or_else(|| json!({}))})
    };
    let mut portions: Vec<Vec<Value>> = vec![Vec::new()];
    let mut size = look.to_string().len();
    for image in images {
        let own_size = image.to_string().len();
        let is_first = portions.last().is_none_or(Vec::is_empty);
        if size + own_size > MOST && !is_first {
            portions.push(Vec::new());
            size = look.to_string().len();
        }
        size += own_size;
        portions.last_mut().into_iter().for_each(|portion| portion.push(image.clone()));
    }
    Ok(portions.into_iter().map(|images| merge(&[&look, &json!({"Assets": images})])).collect())
}

/// What the file holds that is declared for an image.
fn image<'a>(asset: &Value, declared: &Value, contents: Contents<'a>) -> Result<&'a [u8], Error> {
    let places = declared.get("assets").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let is_it = |place: &Value| {
        place.get("category") == asset.get("Category") && place.get("colorMode") == asset.get("ColorMode")
    };
    let at = places.iter().position(is_it);
    let bytes = at.and_then(|at| contents(&Path::root().key("assets").index(at).key("bytes")));
    bytes.ok_or_else(|| Error::refused("an image of the style is not at hand"))
}
