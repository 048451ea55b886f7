//! Reads what is to be exported: roots by their ids, by their names, or all there are, each whole.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::future::join_all;
use serde_json::json;

use crate::aws::Aws;
use crate::calls::{child, facet, identity_pool, user_pool};
use crate::error::Error;
use crate::event::Event;
use crate::kind::Kind;
use crate::live::{Live, Root};
use crate::ownership::Ledger;
use crate::wildcard;

/// What is to be exported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Selection {
    /// These, by their ids.
    Ids {
        /// Of user pools.
        user_pools: Vec<String>,
        /// Of identity pools.
        identity_pools: Vec<String>,
    },
    /// Those whose names match a pattern with `*` and `?`.
    Matching(String),
    /// All in the account and region.
    All,
}

/// Reads what is selected: user pools first, each kind by name.
///
/// # Errors
/// Nothing is there to be exported, an id leads nowhere, or a read failed.
pub async fn read(aws: &Aws, selection: &Selection) -> Result<Vec<Root>, Error> {
    let (user_pools, identity_pools) = match selection {
        Selection::Ids { user_pools, identity_pools } => {
            let set = |ids: &[String]| ids.iter().cloned().collect::<BTreeSet<String>>();
            (set(user_pools), set(identity_pools))
        }
        _ => listed(aws, selection).await?,
    };
    if user_pools.is_empty() && identity_pools.is_empty() {
        return Err(nothing(aws, selection));
    }
    let (user_pools, identity_pools) = tokio::join!(
        join_all(user_pools.iter().map(|id| async move { (Kind::UserPool, id, whole_user_pool(aws, id).await) })),
        join_all(
            identity_pools.iter().map(|id| async move { (Kind::IdentityPool, id, whole_identity_pool(aws, id).await) })
        ),
    );
    let mut roots = Vec::new();
    for (kind, id, root) in user_pools.into_iter().chain(identity_pools) {
        match (root?, selection) {
            (Some(root), _) => roots.push(root),
            (None, Selection::Ids { .. }) => return Err(missing(aws, kind, id)),
            // Gone since it was listed.
            (None, _) => {}
        }
    }
    roots.sort_by(|one, other| {
        let order = |root: &Root| (root.live.kind, root.live.key.clone(), root.live.id.clone());
        order(one).cmp(&order(other))
    });
    Ok(roots)
}

/// The ids of all that the selection takes from the listings.
async fn listed(aws: &Aws, selection: &Selection) -> Result<(BTreeSet<String>, BTreeSet<String>), Error> {
    let takes = |name: &str| match selection {
        Selection::Matching(pattern) => wildcard::matches(pattern, name),
        _ => true,
    };
    let (user_pools, identity_pools) = tokio::join!(user_pool::list(aws), identity_pool::list(aws));
    let ids = |pools: Vec<crate::live::Listed>| {
        pools.into_iter().filter(|pool| takes(&pool.name)).map(|pool| pool.id).collect::<BTreeSet<_>>()
    };
    Ok((ids(user_pools?), ids(identity_pools?)))
}

async fn whole_user_pool(aws: &Aws, id: &str) -> Result<Option<Root>, Error> {
    aws.events().send(Event::Reading { what: id.to_owned() });
    let Some(mut live) = user_pool::describe(aws, id).await? else { return Ok(None) };
    let pool = live.clone();
    let (children, completed) = tokio::join!(children(aws, &pool), user_pool::complete(aws, &mut live));
    completed?;
    let mut children = children?;
    let clients: Vec<&Live> = children.iter().filter(|child| child.kind == Kind::Client).collect();
    let wish =
        facet::list::Wish { clients: &clients, named: &|_, _, _| false, all: true, replicas: true, images: true };
    let facets = facet::list::list(aws, &pool, &children, &wish).await?;
    children.extend(facets);
    Ok(Some(root(live, children)))
}

/// All that lives inside a user pool, each whole.
async fn children(aws: &Aws, pool: &Live) -> Result<Vec<Live>, Error> {
    let listed = child::list(aws, pool, &|kind, _, _| kind != Kind::Client).await?;
    let whole = listed.into_iter().map(|child| async move {
        if child.kind != Kind::Client {
            return Ok(Some(child));
        }
        let Some(mut client) = child::read(aws, child.kind, &pool.id, &child.key, &child.id).await? else {
            return Ok(None);
        };
        // One whose first secret was rotated out looks like one that has none.
        child::assume_hidden(aws, &pool.id, &mut client, &json!({"generateSecret": true})).await?;
        Ok(Some(client))
    });
    join_all(whole).await.into_iter().filter_map(Result::transpose).collect()
}

async fn whole_identity_pool(aws: &Aws, id: &str) -> Result<Option<Root>, Error> {
    aws.events().send(Event::Reading { what: id.to_owned() });
    let Some(mut live) = identity_pool::describe(aws, id).await? else { return Ok(None) };
    identity_pool::complete(aws, &mut live, &[]).await?;
    identity_pool::complete_by_other_names(aws, &mut live).await?;
    Ok(Some(root(live, Vec::new())))
}

fn root(live: Live, children: Vec<Live>) -> Root {
    Root { live, owned: false, children, ledger: Ledger::default(), permissions: BTreeMap::new() }
}

fn nothing(aws: &Aws, selection: &Selection) -> Error {
    let place = aws.place();
    let place = format!("{} of account {}", place.region, place.account);
    Error::refused(match selection {
        Selection::Matching(pattern) => {
            format!("no user pool and no identity pool in {place} is named like `{pattern}`")
        }
        _ => format!("there is no user pool and no identity pool in {place}"),
    })
    .with_help("another region or account is chosen with --region and --profile")
}

fn missing(aws: &Aws, kind: Kind, id: &str) -> Error {
    let place = aws.place();
    Error::refused(format!("there is no {} `{id}` in {} of account {}", kind.title(), place.region, place.account))
        .with_help("another region or account is chosen with --region and --profile")
}
