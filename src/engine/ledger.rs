//! Writes a pool's ledger: before its children are made, and after what became of them is known.

use serde_json::Value;

use super::{Presence, Run};
use crate::calls::user_pool;
use crate::error::Error;
use crate::live::Live;
use crate::ownership::{self, Ledger, Tags};
use crate::path::Path;
use crate::plan::graph::Job;
use crate::plan::work::Work;
use crate::plan::{Action, Item};

/// The claims that a pool's ledger is to hold: those that it held on what is there, those on all
/// that the plan makes, and those that another run has written since this one read it, but not on
/// what is known not to be there. `tags` are the pool's at this moment.
pub(super) fn claims(run: &Run, pool: &Path, work: &Work, declared: &Value, tags: &Tags) -> Ledger {
    let users = ownership::users_tags(declared);
    let before = work.live.as_ref().map(|live| Ledger::read(&live.tags)).unwrap_or_default();
    let mut ledger = if work.owned { before.clone() } else { Ledger::default() };
    let declared_children = run.stack.inside(pool).map(|child| (child.kind, child.natural_key()));
    let there = work.inside.iter().map(|(kind, key)| (*kind, key.as_str()));
    ledger.keep_only(there.chain(declared_children));
    for (item, child) in run.planned.plan.items.iter().zip(&run.planned.work) {
        let claims = !matches!(item.action, Action::Delete | Action::Blocked);
        if let (Some(kind), Some(resource), true) = (item.kind, &child.resource, claims)
            && child.pool.as_ref() == Some(pool)
        {
            ledger.add(kind, resource.natural_key(), users);
        }
    }
    // What another stack goes on to claim in a pool that is taken over is not this stack's.
    if tags.get(ownership::STACK) == Some(&run.planned.plan.stack) {
        ledger.add_since(&before, &Ledger::read(tags), users);
    }
    for (item, child) in run.planned.plan.items.iter().zip(&run.planned.work) {
        if let (Action::Release, Some(live), true) = (item.action, &child.live, child.pool.as_ref() == Some(pool)) {
            ledger.remove(live.kind, &live.key);
        }
    }
    for ((of, kind, key), there) in &run.state().children {
        if of == pool && *there == Presence::Gone {
            ledger.remove(*kind, key);
        }
    }
    ledger
}

/// A pool with the tags that it has at this moment. Another run may have claimed children since this
/// one read them, and tags are written without a look at what they were: whoever writes the ledger
/// looks right before, so as not to take the other's claims away.
pub(super) async fn fresh(run: &Run, live: &Live) -> Result<Live, Error> {
    let now = user_pool::describe(&run.aws, &live.id).await?;
    let tags = now.map(|now| now.tags).ok_or_else(|| Error::refused(format!("the user pool {} is gone", live.id)))?;
    Ok(Live { tags, ..live.clone() })
}

/// Writes a pool's ledger as it is to be at this moment.
pub(super) async fn write(run: &Run, item: &Item, work: &Work, job: Job) -> Result<(), Error> {
    let resource = work.resource.as_ref().ok_or_else(|| Error::refused("the pool is not in the file"))?;
    if job == Job::Release {
        run.give_up_untried(&item.address);
    }
    let filled = run.state().known.fill_in(&resource.declared);
    let wanted = |tags: &Tags| {
        let mut wanted = tags.clone();
        wanted.retain(|key, _| !key.starts_with(ownership::APPLIED));
        wanted.extend(ownership::marks(&run.planned.plan.stack, &item.address.to_string()));
        wanted.extend(claims(run, &item.address, work, &filled, tags).tags());
        wanted
    };
    let known = run.root(&item.address)?;
    if wanted(&known.tags) == known.tags {
        return Ok(());
    }
    let live = fresh(run, &known).await?;
    let tags = wanted(&live.tags);
    user_pool::set_tags(&run.aws, &live, &tags).await?;
    run.learn_tags(&item.address, tags);
    Ok(())
}
