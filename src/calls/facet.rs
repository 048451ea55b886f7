//! Facets: settings of a pool or of an app client that AWS keeps apart, each with calls of its own.
//! Some are always there and are only ever set, and to take one away is to set nothing; others are
//! made and deleted. What they have in common, and which calls each takes, stands here.

use serde_json::{Map, Value, json};

use super::{Kind, Live, answered, for_create, merge};
use crate::aws::{Aws, Operation, body, found, is_ambiguous};
use crate::error::Error;
use crate::kind::facet_key;
use crate::path::Path;

mod branding;
pub mod list;
pub mod replica;
mod set;

/// Which facet is meant, beside its kind.
#[derive(Clone, Copy)]
pub struct Spot<'a> {
    /// The pool's id.
    pub pool: &'a str,
    /// The id and the name of the client that it belongs to; none for a pool's.
    pub client: Option<(&'a str, &'a str)>,
    /// Its key, of which there are several of one kind: a document's name, a region.
    pub key: &'a str,
}

impl Spot<'_> {
    fn request(self) -> Value {
        match self.client {
            Some((client, _)) => json!({"UserPoolId": self.pool, "ClientId": client}),
            None => json!({"UserPoolId": self.pool}),
        }
    }

    /// A facet with a body of its own, under the id that calls name it by.
    fn live(self, kind: Kind, id: &str, body: Value) -> Result<Live, Error> {
        let key = facet_key(self.client.map(|(_, name)| name), self.key);
        let live = Live::read(kind, &key, id, body)?;
        Ok(Live { client: self.client.map(|(id, _)| id.to_owned()), ..live })
    }
}

/// What the files that a facet names hold, by the paths of the properties that name them.
pub type Contents<'a> = &'a (dyn Fn(&Path) -> Option<&'a [u8]> + Sync);

/// A facet, if it is there.
pub async fn read(aws: &Aws, kind: Kind, spot: Spot<'_>) -> Result<Option<Live>, Error> {
    match kind {
        kind if set::is_set(kind) => set::read(aws, kind, spot).await,
        Kind::ManagedLoginBranding => branding::read(aws, spot).await,
        Kind::Terms => {
            let request = merge(&[&spot.request(), &json!({"TermsName": spot.key})]);
            let answer = found(aws.call(Operation::DescribeTermsByClient, request).await)?;
            let Some(mut response) = answer else { return Ok(None) };
            let body = response.get_mut("Terms").map(Value::take).unwrap_or_default();
            let id = super::text(&body, "/TermsId")?;
            spot.live(kind, &id, body).map(Some)
        }
        Kind::Replica => replica::read(aws, spot).await,
        _ => Err(no_facet(kind)),
    }
}

/// Makes a facet. After a failure that may have had its effect all the same it looks first.
pub async fn create(
    aws: &Aws,
    kind: Kind,
    spot: Spot<'_>,
    wanted: &Value,
    declared: &Value,
    contents: Contents<'_>,
) -> Result<(), Error> {
    let (operation, body) = match kind {
        kind if set::is_set(kind) => {
            return set::set(aws, kind, spot, wanted, None, contents).await;
        }
        Kind::ManagedLoginBranding => return branding::create(aws, spot, wanted, declared, contents).await,
        Kind::Terms => {
            let operation = Operation::CreateTerms;
            let body = for_create(kind, wanted, wanted, operation.input());
            (operation, merge(&[&body, &json!({"TermsName": spot.key})]))
        }
        Kind::Replica => (Operation::CreateUserPoolReplica, replica::create_body(spot, wanted)),
        _ => return Err(no_facet(kind)),
    };
    make(aws, kind, operation, spot, body).await.map(drop)
}

/// Has one made, and gives its id. After a failure that may have had its effect all the same it looks.
async fn make(
    aws: &Aws,
    kind: Kind,
    operation: Operation,
    spot: Spot<'_>,
    body: Value,
) -> Result<Option<String>, Error> {
    match aws.call(operation, merge(&[&body, &spot.request()])).await {
        Ok(_) => Ok(None),
        Err(error) if is_ambiguous(&error) => {
            let looked = read(aws, kind, spot).await.map(|live| live.map(|live| live.id));
            super::found_after(looked, error).map(Some)
        }
        Err(error) => Err(error),
    }
}

/// Brings a facet into line.
pub async fn update(
    aws: &Aws,
    spot: Spot<'_>,
    live: &Live,
    wanted: &Value,
    declared: &Value,
    contents: Contents<'_>,
) -> Result<(), Error> {
    let kind = live.kind;
    let (operation, body) = match kind {
        kind if set::is_set(kind) => {
            return set::set(aws, kind, spot, wanted, Some(live), contents).await;
        }
        Kind::ManagedLoginBranding => {
            let bodies = branding::bodies(wanted, declared, Some(&live.spec), contents)?;
            return branding::update(aws, spot, &live.id, bodies).await;
        }
        Kind::Terms => {
            let (operation, read) = (Operation::UpdateTerms, answered(Operation::DescribeTermsByClient, "Terms"));
            let body = body::complete(kind, wanted, &live.body, operation.input(), read, &[]);
            (operation, merge(&[&body, &json!({"TermsId": live.id, "TermsName": spot.key})]))
        }
        Kind::Replica => return replica::update(aws, spot, live, wanted).await,
        _ => return Err(no_facet(kind)),
    };
    aws.call(operation, merge(&[&body, &json!({"UserPoolId": spot.pool})])).await.map(drop)
}

/// Takes a facet away. That it is gone already is fine.
pub async fn delete(aws: &Aws, pool: &str, live: &Live) -> Result<(), Error> {
    let (operation, id) = match live.kind {
        kind if set::is_set(kind) => return set::clear(aws, pool, live).await,
        Kind::ManagedLoginBranding => (Operation::DeleteManagedLoginBranding, "ManagedLoginBrandingId"),
        Kind::Terms => (Operation::DeleteTerms, "TermsId"),
        Kind::Replica => return replica::delete(aws, pool, &live.key).await,
        kind => return Err(no_facet(kind)),
    };
    found(aws.call(operation, json!({"UserPoolId": pool, id: live.id})).await).map(drop)
}

fn no_facet(kind: Kind) -> Error {
    Error::refused(format!("a {} is no setting of a pool or client", kind.title()))
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}
