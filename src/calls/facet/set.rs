//! The facets that are always there and are replaced as a whole by each `Set…`: threat protection,
//! the classic sign-in pages, log delivery. AWS answers for a client that has none of its own with
//! the pool's, and for a pool that has none with nothing.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::{Contents, Spot, answered, merge};
use crate::aws::{Aws, Operation, body, found};
use crate::calls::{Kind, Live};
use crate::error::Error;
use crate::ownership::hidden;
use crate::path::Path;

/// What AWS says where threat protection is off: it has no settings then.
const NOT_ENABLED: &str = "UserPoolAddOnNotEnabledException";

/// What the classic sign-in pages of all clients are of, in AWS's answers.
const ALL: &str = "ALL";

/// Whether a kind of facet is one of these.
pub(super) fn is_set(kind: Kind) -> bool {
    matches!(kind, Kind::UiCustomization | Kind::RiskConfiguration | Kind::LogConfigurations)
}

/// The calls of a kind, and what their answers hold it in.
fn calls(kind: Kind) -> (Operation, Operation, &'static str) {
    match kind {
        Kind::UiCustomization => (Operation::GetUICustomization, Operation::SetUICustomization, "UICustomization"),
        Kind::RiskConfiguration => {
            (Operation::DescribeRiskConfiguration, Operation::SetRiskConfiguration, "RiskConfiguration")
        }
        _ => {
            (Operation::GetLogDeliveryConfiguration, Operation::SetLogDeliveryConfiguration, "LogDeliveryConfiguration")
        }
    }
}

pub(super) async fn read(aws: &Aws, kind: Kind, spot: Spot<'_>) -> Result<Option<Live>, Error> {
    let (get, _, wrapper) = calls(kind);
    let answer = match aws.call(get, spot.request()).await {
        Err(error) if error.code() == Some(NOT_ENABLED) => return Ok(None),
        answer => found(answer)?,
    };
    let Some(mut response) = answer else { return Ok(None) };
    let Some(body) = response.get_mut(wrapper).map(Value::take).filter(Value::is_object) else {
        return Err(Error::refused(format!("AWS's answer to {} has no `{wrapper}`", get.name())));
    };
    let of = body.get("ClientId").and_then(Value::as_str).filter(|client| *client != ALL);
    if of != spot.client.map(|(id, _)| id) {
        return Ok(None);
    }
    let image = body.get("ImageUrl").and_then(Value::as_str).is_some_and(|url| !url.is_empty());
    let mut live = spot.live(kind, "", body)?;
    kind.section().clone_into(&mut live.id);
    if kind == Kind::UiCustomization && image {
        live.spec["imageFile"] = json!(hidden::UNKNOWN_IMAGE);
    }
    // What says nothing is not there.
    Ok((live.spec != *kind.defaults()).then_some(live))
}

/// Sets all of a facet.
pub(super) async fn set(
    aws: &Aws,
    kind: Kind,
    spot: Spot<'_>,
    wanted: &Value,
    live: Option<&Live>,
    contents: Contents<'_>,
) -> Result<(), Error> {
    let (get, set, wrapper) = calls(kind);
    let none = json!({});
    let before = live.map_or(&none, |live| &live.body);
    // What is only shown is not sent back.
    let mut body = body::complete(kind, wanted, before, set.input(), answered(get, wrapper), &[]);
    if kind == Kind::UiCustomization && wanted.get("imageFile").is_some() {
        // In the place of its hash.
        let bytes = contents(&Path::root().key("imageFile")).ok_or_else(|| {
            Error::refused("AWS takes the logo and the CSS together, and never gives the logo back: it would be lost")
                .with_help("declare the logo as `imageFile`")
        })?;
        body["ImageFile"] = json!(STANDARD.encode(bytes));
    }
    aws.call(set, merge(&[&nothing(kind), &body, &spot.request()])).await.map(drop)
}

/// What a call must have even where it sets nothing.
fn nothing(kind: Kind) -> Value {
    if kind == Kind::LogConfigurations { json!({"LogConfigurations": []}) } else { json!({}) }
}

/// Sets nothing, which gives a client the pool's, and a pool AWS's own.
pub(super) async fn clear(aws: &Aws, pool: &str, live: &Live) -> Result<(), Error> {
    let (_, set, _) = calls(live.kind);
    let client = live.client.as_deref().map(|client| (client, live.key.as_str()));
    let spot = Spot { pool, client, key: "" };
    match aws.call(set, merge(&[&nothing(live.kind), &spot.request()])).await {
        // Without threat protection it has no settings.
        Err(error) if error.code() == Some(NOT_ENABLED) => Ok(()),
        answer => found(answer).map(drop),
    }
}
