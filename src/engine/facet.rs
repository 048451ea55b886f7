//! Steps for facets of pools and clients.

use serde_json::Value;

use super::observe::{observe, wanted_of};
use super::{Presence, Run};
use crate::calls::facet::{self, Spot, replica};
use crate::error::Error;
use crate::kind::{Kind, facet_key};
use crate::live::Live;
use crate::ownership::hidden;
use crate::path::Path;
use crate::plan::Action;
use crate::plan::build::changed_properties;
use crate::reference::Reference;
use crate::stack::Resource;

/// Makes a facet, or brings it into line.
pub(super) async fn make(
    run: &Run,
    pool: &str,
    resource: &Resource,
    live: Option<&Live>,
    declared: &Value,
) -> Result<(), Error> {
    let client = client_of(run, resource)?;
    let spot =
        Spot { pool, client: client.as_ref().map(|(id, name)| (id.as_str(), name.as_str())), key: resource.own_key() };
    let contents =
        |property: &Path| run.packages.get(&resource.base().join(property)).map(|package| package.zip.as_slice());
    let replica = resource.kind == Kind::Replica;
    let mut there = live.cloned();
    if replica && live.is_some_and(|live| live.under_way().is_some()) {
        there = after(run, spot, resource, &[replica::MAKING, replica::DELETING]).await?;
    }
    if there.is_none() {
        let wanted = wanted_of(resource, declared, live)?;
        facet::create(&run.aws, resource.kind, spot, &wanted, declared, &contents).await?;
        if replica {
            // AWS takes none of its settings before it is made.
            there = after(run, spot, resource, &[replica::MAKING]).await?;
            if there.is_none() {
                return Err(Error::refused("AWS did not make the replica").with_help("apply again"));
            }
        }
    }
    if let Some(live) = &there {
        let wanted = wanted_of(resource, declared, Some(live))?;
        if !changed_properties(&live.spec, &wanted).is_empty() {
            facet::update(&run.aws, spot, live, &wanted, declared, &contents).await?;
        }
    }
    let read = || async {
        let mut live = facet::read(&run.aws, resource.kind, spot).await?;
        if let Some(live) = &mut live {
            hidden::assume(live, declared);
        }
        Ok(live)
    };
    observe(resource, declared, read).await?.1
}

/// The id and the name of the client that a facet belongs to.
fn client_of(run: &Run, resource: &Resource) -> Result<Option<(String, String)>, Error> {
    let Some(client) = resource.client() else { return Ok(None) };
    let id = run.state().known.get(&Reference(client.key("id"))).map(str::to_owned);
    let id = id.ok_or_else(|| Error::refused(format!("{client} is not live")))?;
    let name = run.stack.resource(&client).map_or("", Resource::natural_key);
    Ok(Some((id, name.to_owned())))
}

/// A replica once AWS is over with some works on it; none where it is gone then.
async fn after(run: &Run, spot: Spot<'_>, resource: &Resource, works: &[replica::Work]) -> Result<Option<Live>, Error> {
    for work in works {
        replica::until_over(&run.aws, spot.pool, spot.key, *work, &resource.address, &run.cancel).await?;
    }
    facet::read(&run.aws, Kind::Replica, spot).await
}

/// Takes a facet away.
pub(super) async fn delete(run: &Run, pool: &str, address: &Path, live: &Live) -> Result<(), Error> {
    facet::delete(&run.aws, pool, live).await?;
    if live.kind == Kind::Replica {
        replica::until_over(&run.aws, pool, &live.key, replica::DELETING, address, &run.cancel).await?;
    }
    Ok(())
}

/// Notes by which of a client's names its facets are known now that it was renamed, or was to be.
pub(super) fn follow(run: &Run, pool: &Path, client: &Resource, former: &str, [before, now]: [Presence; 2]) {
    let of_client = |resource: &&Resource| resource.client().as_ref() == Some(&client.address);
    for facet in run.stack.inside(pool).filter(of_client) {
        run.learn_child(pool, facet.kind, &facet_key(Some(former), facet.own_key()), before);
    }
    // Of what is made or adopted in this run its own step tells.
    for (item, work) in run.planned.plan.items.iter().zip(&run.planned.work) {
        if let (Action::Keep | Action::Update, Some(facet)) = (item.action, work.resource.as_ref().filter(of_client)) {
            run.learn_child(pool, facet.kind, facet.natural_key(), now);
        }
    }
}
