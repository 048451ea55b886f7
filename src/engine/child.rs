//! Steps for what lives inside a pool.

use serde_json::Value;

use super::observe::{observe, wanted_of};
use super::{MadeClient, Presence, Run, facet};
use crate::aws::is_ambiguous;
use crate::calls::child;
use crate::error::Error;
use crate::kind::Kind;
use crate::live::Live;
use crate::ownership::hidden;
use crate::path::Path;
use crate::plan::build::changed_properties;
use crate::plan::graph::Job;
use crate::plan::work::Work;
use crate::plan::{Action, Item};
use crate::stack::Resource;

/// Makes a child, or brings it into line.
pub(super) async fn make(run: &Run, item: &Item, resource: &Resource, work: &Work, job: Job) -> Result<(), Error> {
    let pool_address = resource.parent.as_ref().ok_or_else(|| Error::refused("it has no pool"))?;
    let pool = run.root(pool_address)?.id;
    let unfinished = job == Job::Make && run.finished_later.contains(&item.address);
    let declared = run.declared(resource, &[])?;
    let live = work.live.as_ref().filter(|_| item.action != Action::Replace);
    let fresh;
    let resource = if live.is_none() {
        // A declared value is used at create, whatever `ignoreChanges` says of later.
        fresh = Resource { ignore_changes: Vec::new(), ..resource.clone() };
        &fresh
    } else {
        resource
    };
    if resource.kind.is_facet() {
        let made = facet::make(run, &pool, resource, live, &declared).await;
        if live.is_none() {
            run.learn_child(pool_address, resource.kind, resource.natural_key(), presence(&made));
        }
        return made;
    }
    let id = match live {
        Some(live) => {
            let updated = update(&pool, run, resource, live, &declared, unfinished).await;
            if let Some(former) = work.former_name() {
                let (before, now) = match &updated {
                    Ok(_) => (Presence::Gone, Presence::Made),
                    Err(error) if is_ambiguous(error) => (Presence::Unsure, Presence::Unsure),
                    Err(_) => (Presence::Made, Presence::Gone),
                };
                run.learn_child(pool_address, resource.kind, former, before);
                run.learn_child(pool_address, resource.kind, resource.natural_key(), now);
                facet::follow(run, pool_address, resource, former, [before, now]);
            }
            updated?
        }
        None => create(&pool, run, pool_address, resource, &declared).await?,
    };
    if unfinished {
        return Ok(());
    }
    let read = || async {
        let mut live = match resource.kind {
            Kind::Domain => child::until_active(&run.aws, &pool, &id, &resource.address, &run.cancel).await?,
            kind => child::read(&run.aws, kind, &pool, resource.natural_key(), &id).await?,
        };
        if let Some(live) = &mut live {
            child::assume_hidden(&run.aws, &pool, live, &declared).await?;
            hidden::assume(live, &declared);
        }
        Ok(live)
    };
    let (live, seen) = observe(resource, &declared, read).await?;
    run.state().known.add(&resource.address, &live);
    seen
}

async fn update(
    pool: &str,
    run: &Run,
    resource: &Resource,
    live: &Live,
    declared: &Value,
    unfinished: bool,
) -> Result<String, Error> {
    let mut wanted = wanted_of(resource, declared, Some(live))?;
    if unfinished {
        keep_scopes(&mut wanted, live);
    }
    if !changed_properties(&live.spec, &wanted).is_empty() {
        child::update(&run.aws, pool, live, &wanted, declared).await?;
    }
    Ok(live.id.clone())
}

async fn create(pool: &str, run: &Run, address: &Path, resource: &Resource, declared: &Value) -> Result<String, Error> {
    let wanted = wanted_of(resource, declared, None)?;
    let key = resource.natural_key();
    let made = child::create(&run.aws, resource.kind, pool, key, &wanted, declared).await;
    run.learn_child(address, resource.kind, key, presence(&made));
    if let (Ok(id), Kind::Client) = (&made, resource.kind) {
        let client = MadeClient { address: resource.address.clone(), name: key.to_owned(), id: id.clone() };
        run.state().clients.entry(address.clone()).or_default().push(client);
    }
    made
}

/// Whether what was to be made is there, as the answer tells.
fn presence<T>(made: &Result<T, Error>) -> Presence {
    match made {
        Ok(_) => Presence::Made,
        Err(error) if is_ambiguous(error) => Presence::Unsure,
        Err(_) => Presence::Gone,
    }
}

/// Puts live's scopes beside the wanted ones: clients may still name them.
fn keep_scopes(wanted: &mut Value, live: &Live) {
    let before = live.spec.get("scopes").and_then(Value::as_array).cloned().unwrap_or_default();
    let Some(scopes) = wanted.get_mut("scopes").and_then(Value::as_array_mut) else { return };
    for scope in before {
        if !scopes.iter().any(|other| other.get("scopeName") == scope.get("scopeName")) {
            scopes.push(scope);
        }
    }
}

/// Deletes a child.
pub(super) async fn delete(run: &Run, pool: &Path, address: &Path, live: &Live) -> Result<(), Error> {
    let id = run.root(pool)?.id;
    // Only a custom domain takes long to be made.
    if live.kind == Kind::Domain && live.key.contains('.') {
        child::until_idle(&run.aws, &id, &live.key, address, &run.cancel).await?;
    }
    if live.kind.is_facet() {
        facet::delete(run, &id, address, live).await?;
    } else {
        child::delete(&run.aws, &id, live).await?;
    }
    if live.kind == Kind::Domain {
        child::until_gone(&run.aws, &id, &live.key, address, &run.cancel).await?;
    }
    // A claim is by name: one with the same name that stays keeps it.
    if live.kind.is_facet() || !run.has_namesake(pool, live) {
        run.learn_child(pool, live.kind, &live.key, Presence::Gone);
    }
    Ok(())
}
