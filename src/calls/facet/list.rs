//! Which facets are read. AWS lists hardly any of them, so each is a call: a plan reads those that
//! are declared or claimed, and a look at everything only those that can matter. Threat protection's
//! settings matter where it is on, the classic pages' look where a domain shows those, a style where
//! a domain shows managed login, replicas where the key is the customer's own.

use std::collections::BTreeSet;

use futures_util::future::join_all;
use serde_json::{Value, json};

use super::{Spot, read, replica};
use crate::aws::{Aws, Operation, is_unknown};
use crate::calls::{Kind, Live};
use crate::error::Error;

/// What of a pool's facets is read.
pub struct Wish<'a> {
    /// The clients of which facets are read.
    pub clients: &'a [&'a Live],
    /// Whether one is read in any case: by its kind, the client that it belongs to, and its key.
    pub named: &'a (dyn Fn(Kind, Option<&Live>, &str) -> bool + Sync),
    /// Whether all are read that can matter.
    pub all: bool,
    /// Whether there may be a replica that is named.
    pub replicas: bool,
    /// Whether images are kept, which are large; otherwise only their hashes are.
    pub images: bool,
}

/// The facets of a pool and of its clients. `children` are what lives in the pool.
pub async fn list(aws: &Aws, pool: &Live, children: &[Live], wish: &Wish<'_>) -> Result<Vec<Live>, Error> {
    let documents =
        if wish.all && !wish.clients.is_empty() { documents(aws, &pool.id).await? } else { BTreeSet::new() };
    let can_matter = can_matter(pool, children);
    let mut spots = Vec::new();
    for kind in Kind::UserPool.children().filter(|kind| kind.is_facet() && *kind != Kind::Replica) {
        let of_pool = kind.holders().contains(&Kind::UserPool).then_some(None);
        let clients = wish.clients.iter().filter(|_| kind.holders().contains(&Kind::Client));
        for holder in of_pool.into_iter().chain(clients.map(|client| Some(*client))) {
            for key in kind.facet_keys() {
                let matters = can_matter.contains(&kind) && (kind != Kind::Terms || documents.contains(*key));
                let named = (wish.named)(kind, holder, key);
                if named || (wish.all && matters) {
                    let client = holder.map(|client| (client.id.as_str(), client.key.as_str()));
                    spots.push((kind, Spot { pool: &pool.id, client, key }, named));
                }
            }
        }
    }
    let reads = join_all(spots.into_iter().map(|(kind, spot, named)| async move {
        match read(aws, kind, spot).await {
            Err(error) if !named && is_unknown(&error) => Ok(None),
            answer => answer,
        }
    }));
    let (read, replicas) = tokio::join!(reads, replicas(aws, pool, wish));
    let mut facets: Vec<Live> = read.into_iter().filter_map(Result::transpose).collect::<Result<_, _>>()?;
    for style in facets.iter_mut().filter(|facet| facet.kind == Kind::ManagedLoginBranding && !wish.images) {
        style.second = Value::Null;
    }
    facets.extend(replicas?);
    Ok(facets)
}

/// Which names the documents of a pool have, whatever client they are of.
async fn documents(aws: &Aws, pool: &str) -> Result<BTreeSet<String>, Error> {
    let request = json!({"UserPoolId": pool, "MaxResults": 60});
    let terms = match aws.list(Operation::ListTerms, request, "Terms").await {
        Err(error) if is_unknown(&error) => Vec::new(),
        answer => answer?,
    };
    let name = |terms: &Value| terms.get("TermsName").and_then(Value::as_str).map(str::to_owned);
    Ok(terms.iter().filter_map(name).collect())
}

async fn replicas(aws: &Aws, pool: &Live, wish: &Wish<'_>) -> Result<Vec<Live>, Error> {
    if !(can_have_replicas(pool) && (wish.all || wish.replicas)) {
        return Ok(Vec::new());
    }
    let rows = replica::list(aws, &pool.id).await?;
    let rows = rows.into_iter().filter(|(region, _)| wish.all || (wish.named)(Kind::Replica, None, region));
    let read = rows.map(|(region, row)| async move {
        replica::whole(aws, Spot { pool: &pool.id, client: None, key: &region }, row).await
    });
    join_all(read).await.into_iter().collect()
}

/// The replicas of a pool that is to go, and nothing of what they are like: they keep it from going.
pub async fn listed_replicas(aws: &Aws, pool: &Live) -> Result<Vec<Live>, Error> {
    if !can_have_replicas(pool) {
        return Ok(Vec::new());
    }
    let rows = replica::list(aws, &pool.id).await?;
    Ok(rows.iter().map(|(region, _)| Live::listed(Kind::Replica, region, region)).collect())
}

/// Whether a pool can have replicas: AWS makes none without a key of the customer's own.
#[must_use]
pub fn can_have_replicas(pool: &Live) -> bool {
    pool.body.pointer("/KeyConfiguration/KeyType").and_then(Value::as_str) == Some("CUSTOMER_MANAGED_KEY")
}

/// The kinds of facets that can matter in a pool, replicas aside.
fn can_matter(pool: &Live, children: &[Live]) -> BTreeSet<Kind> {
    let domains = children.iter().filter(|child| child.kind == Kind::Domain);
    let shows = |version: i64| domains.clone().any(|domain| domain.spec["managedLoginVersion"] == version);
    let mut found = BTreeSet::from([Kind::LogConfigurations, Kind::Terms]);
    let protection = pool.body.pointer("/UserPoolAddOns/AdvancedSecurityMode").and_then(Value::as_str);
    if !matches!(protection, None | Some("OFF")) {
        found.insert(Kind::RiskConfiguration);
    }
    if shows(1) {
        found.insert(Kind::UiCustomization);
    }
    if shows(2) {
        found.insert(Kind::ManagedLoginBranding);
    }
    found
}
