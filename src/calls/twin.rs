//! Two runs at the same moment: neither sees the other's pool before it makes its own, and AWS
//! takes both, since names are not unique. So each looks again after it has made one. Of two with
//! the same marks the run that made the younger one takes its own back; it is empty still.

use serde_json::{Value, json};

use super::{identity_pool, user_pool};
use crate::aws::Aws;
use crate::error::Error;
use crate::kind::Kind;
use crate::live::{Listed, Live};
use crate::ownership::{self, Tags};

/// Makes sure that the root which this run has just made is the only one with its marks.
pub async fn settle(aws: &Aws, kind: Kind, id: &str, name: &str, tags: &Tags) -> Result<(), Error> {
    let others = with_marks(aws, kind, name, tags, Some(id)).await?;
    if others.is_empty() {
        return Ok(());
    }
    let Some(own) = describe(aws, kind, id).await? else { return Ok(()) };
    let Some(elder) = others.iter().find(|other| is_elder(other, &own)) else { return Ok(()) };
    let title = kind.title();
    let conflict = Error::refused(format!("another run made this {title} at the same moment, as {}", elder.id));
    let taken_back = match kind {
        Kind::UserPool => take_back(aws, &own).await,
        _ => identity_pool::delete(aws, id).await,
    };
    Err(match taken_back {
        Ok(()) => {
            conflict.with_help(format!("this run's own, {id}, was removed; apply again, which goes on with the other"))
        }
        Err(why) => {
            conflict.with_help(format!("this run's own, {id}, is empty and could not be removed: {why}; delete it"))
        }
    })
}

/// The id of a live one with this name and the marks of these tags, the eldest of several.
pub(super) async fn any(aws: &Aws, kind: Kind, name: &str, tags: &Tags) -> Result<Option<String>, Error> {
    let found = with_marks(aws, kind, name, tags, None).await?;
    let eldest = found.into_iter().min_by(|one, other| {
        made(one).unwrap_or(0.0).total_cmp(&made(other).unwrap_or(0.0)).then_with(|| one.id.cmp(&other.id))
    });
    Ok(eldest.map(|live| live.id))
}

/// All live ones with this name and the marks of these tags, but for one.
async fn with_marks(aws: &Aws, kind: Kind, name: &str, tags: &Tags, but: Option<&str>) -> Result<Vec<Live>, Error> {
    let listed = match kind {
        Kind::UserPool => user_pool::list(aws).await?,
        _ => identity_pool::list(aws).await?,
    };
    let mut found = Vec::new();
    for Listed { id, .. } in listed.into_iter().filter(|other| other.name == name && Some(other.id.as_str()) != but) {
        let live = describe(aws, kind, &id).await?;
        found.extend(live.filter(|live| ownership::same_marks(&live.tags, tags)));
    }
    Ok(found)
}

async fn describe(aws: &Aws, kind: Kind, id: &str) -> Result<Option<Live>, Error> {
    match kind {
        Kind::UserPool => user_pool::describe(aws, id).await,
        _ => identity_pool::describe(aws, id).await,
    }
}

/// When it was made, in seconds since 1970, where AWS says so.
fn made(live: &Live) -> Option<f64> {
    live.body.get("CreationDate").and_then(Value::as_f64)
}

/// Whether the other one stays. AWS does not say when an identity pool was made: there both runs
/// may take theirs back, and the next one makes it alone.
fn is_elder(other: &Live, own: &Live) -> bool {
    match (made(other), made(own)) {
        (Some(there), Some(here)) => (there, &other.id) < (here, &own.id),
        _ => true,
    }
}

/// Removes a pool that this run has just made; nobody is in it.
async fn take_back(aws: &Aws, own: &Live) -> Result<(), Error> {
    if own.body.get("DeletionProtection") == Some(&json!("ACTIVE")) {
        user_pool::unprotect(aws, own).await?;
    }
    user_pool::delete(aws, &own.id).await
}
