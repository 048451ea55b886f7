//! Two runs at the same moment: neither sees the other's pool before it makes its own, and AWS
//! takes both, since names are not unique. So each looks again after it has made one. Of two with
//! the same marks the run that made the younger one takes its own back; it is empty still.
//!
//! App clients are not unique by name either. They carry no marks, but inside a pool a name stands
//! for one client: a run that finds one there makes no other. So of two the younger goes.

use std::time::Duration;

use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use super::{child, identity_pool, root, user_pool};
use crate::aws::Aws;
use crate::error::Error;
use crate::kind::Kind;
use crate::live::{Listed, Live};
use crate::ownership::{self, Tags};

/// How long to wait before each look at whether the other run has taken its client back.
const LOOKS: [Duration; 5] = [
    Duration::from_secs(1),
    Duration::from_secs(2),
    Duration::from_secs(4),
    Duration::from_secs(8),
    Duration::from_secs(15),
];

/// Makes sure that the root which this run has just made, as the answer to its create says, is the
/// only one with its marks.
pub async fn settle(aws: &Aws, kind: Kind, id: &str, name: &str, tags: &Tags) -> Result<(), Error> {
    let others = with_marks(aws, kind, name, tags, Some(id)).await?;
    if others.is_empty() {
        return Ok(());
    }
    let own = root::describe(aws, kind, id).await?;
    let elder = others.iter().find(|other| own.as_ref().is_none_or(|own| is_elder(other, own)));
    let Some(elder) = elder else { return Ok(()) };
    let title = kind.title();
    let conflict = Error::refused(format!("another run made this {title} at the same moment, as {}", elder.id));
    let Some(own) = own.filter(|own| ownership::same_marks(&own.tags, tags) && own.users() == 0) else {
        return Err(
            conflict.with_help(format!("this run's own is {id}; delete the one that is not meant, if it is empty"))
        );
    };
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

/// Makes sure that of each name there is but one app client in a pool, among those that this run
/// has made, by name and id. It takes one listing where nothing is there twice. Gives the ids of
/// those that another run made too, and what became of them.
pub async fn settle_clients(
    aws: &Aws,
    pool: &str,
    made: &[(String, String)],
    cancel: &CancellationToken,
) -> Result<Vec<(String, Error)>, Error> {
    let listed = child::clients(aws, pool).await?;
    let settled = made.iter().map(|(name, id)| {
        let others = listed.iter().filter(move |other| other.name == *name && other.id != *id);
        let others: Vec<&str> = others.map(|other| other.id.as_str()).collect();
        async move {
            match settle_client(aws, pool, (name, id), &others, cancel).await {
                Ok(()) => None,
                Err(error) => Some((id.clone(), error)),
            }
        }
    });
    Ok(futures_util::future::join_all(settled).await.into_iter().flatten().collect())
}

async fn settle_client(
    aws: &Aws,
    pool: &str,
    (name, id): (&str, &str),
    others: &[&str],
    cancel: &CancellationToken,
) -> Result<(), Error> {
    if others.is_empty() {
        return Ok(());
    }
    let Some(own) = child::read(aws, Kind::Client, pool, name, id).await? else { return Ok(()) };
    let others = clients_of(aws, pool, name, others).await?;
    let conflict = |other: &Live| {
        Error::refused(format!("another run made an app client of this name at the same moment, as {}", other.id))
    };
    if let Some(elder) = others.iter().find(|other| is_elder(other, &own)) {
        return Err(match child::delete(aws, pool, &own).await {
            Ok(()) => conflict(elder)
                .with_help(format!("this run's own, {id}, was removed; apply again, which goes on with the other")),
            Err(why) => conflict(elder)
                .with_help(format!("this run's own, {id}, could not be removed: {why}; delete it, as it is new")),
        });
    }
    let mut left = others;
    for pause in LOOKS {
        let Some(younger) = left.first() else { return Ok(()) };
        let wait = tokio::time::sleep(pause);
        if cancel.run_until_cancelled(wait).await.is_none() {
            return Err(conflict(younger).with_help("it is there still; apply again"));
        }
        let ids: Vec<&str> = left.iter().map(|other| other.id.as_str()).collect();
        left = clients_of(aws, pool, name, &ids).await?;
    }
    left.first().map_or(Ok(()), |younger| {
        Err(conflict(younger).with_help(
            "it is the younger one, and the run that made it has not removed it; apply again when that run is over",
        ))
    })
}

/// Those of these clients that are there.
async fn clients_of(aws: &Aws, pool: &str, name: &str, ids: &[&str]) -> Result<Vec<Live>, Error> {
    let read = ids.iter().map(|id| child::read(aws, Kind::Client, pool, name, id));
    futures_util::future::join_all(read).await.into_iter().filter_map(Result::transpose).collect()
}

/// The id of the live one with this name and the marks of these tags, for a create whose answer was
/// lost. Of several nobody can say which is this run's: that is an error.
pub(super) async fn look_for(aws: &Aws, kind: Kind, name: &str, tags: &Tags) -> Result<Option<String>, Error> {
    let found = with_marks(aws, kind, name, tags, None).await?;
    let ids: Vec<&str> = found.iter().map(|live| live.id.as_str()).collect();
    match ids.as_slice() {
        [] => Ok(None),
        [id] => Ok(Some((*id).to_owned())),
        several => Err(Error::refused(format!(
            "another run made this {} at the same moment, and which is whose is not known: {}; delete the one that is \
             not meant, if it is empty",
            kind.title(),
            several.join(" and ")
        ))),
    }
}

/// All live ones with this name and the marks of these tags, but for one.
async fn with_marks(aws: &Aws, kind: Kind, name: &str, tags: &Tags, but: Option<&str>) -> Result<Vec<Live>, Error> {
    let listed = match kind {
        Kind::UserPool => user_pool::list(aws).await?,
        _ => identity_pool::list(aws).await?,
    };
    let mut found = Vec::new();
    for Listed { id, .. } in listed.into_iter().filter(|other| other.name == name && Some(other.id.as_str()) != but) {
        let live = root::describe(aws, kind, &id).await?;
        found.extend(live.filter(|live| ownership::same_marks(&live.tags, tags)));
    }
    Ok(found)
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
