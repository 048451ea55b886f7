//! Writes a root's ledger: the claims before its children are made, and what was applied when all
//! is over.

use std::collections::BTreeSet;

use super::{Presence, Run};
use crate::calls::root;
use crate::error::Error;
use crate::kind::Kind;
use crate::live::Live;
use crate::ownership::{self, APPLIED, Ledger, Tags, hidden};
use crate::plan::graph::Job;
use crate::plan::ledger::{SoFar, users, wanted};
use crate::plan::{Action, cause};
use crate::reference;

/// The ledger that a root, by its place in the plan, is to hold at this moment; with what was
/// `applied` by now where that is to be noted. `tags` are the root's.
pub(super) fn of(run: &Run, root: usize, tags: &Tags, users: usize, applied: bool) -> Ledger {
    let address = &run.planned.plan.items[root].address;
    let gone: BTreeSet<(Kind, String)> = {
        let state = run.state();
        let gone = state.children.iter().filter(|((pool, ..), there)| pool == address && **there == Presence::Gone);
        gone.map(|((_, kind, key), _)| (*kind, key.clone())).collect()
    };
    let digest = |number: usize| {
        let (item, work) = (&run.planned.plan.items[number], &run.planned.work[number]);
        match (item.action, &work.resource) {
            _ if !applied || work.left => None,
            (Action::Keep, _) => work.digest.clone(),
            _ if !run.state().done.contains(&item.address) => None,
            (_, Some(resource)) => cause::applied(resource, &run.declared(resource, &[]).ok()?).ok(),
            (_, None) => Some(String::new()),
        }
    };
    let hidden = |number: usize| {
        let (item, work) = (&run.planned.plan.items[number], &run.planned.work[number]);
        let sent = match item.action {
            Action::Create | Action::Update | Action::Replace => true,
            Action::Adopt => !item.changes.is_empty(),
            _ => false,
        };
        let resource = work.resource.as_ref().filter(|_| applied && sent)?;
        if !hidden::has_part(resource.kind) {
            return None;
        }
        let done = run.state().done.contains(&item.address);
        done.then(|| hidden::digest(resource.kind, &run.declared(resource, &[]).ok()?)).flatten()
    };
    let so_far = SoFar {
        digest: &digest,
        hidden: &hidden,
        is_gone: &|kind, key| gone.contains(&(kind, key.to_owned())),
        function: &|function| {
            reference::substitute_text(function, &|one| run.state().known.get(one).map(str::to_owned))
        },
    };
    // What another stack goes on to claim in a pool that is taken over is not this stack's.
    let ours = tags.get(ownership::STACK) == Some(&run.planned.plan.stack);
    let now = if ours { Ledger::read(tags) } else { Ledger::default() };
    wanted(&run.stack, &run.planned, root, &now, users, &so_far)
}

/// A root with the tags that it has at this moment. Another run may have claimed children since this
/// one read them, and tags are written without a look at what they were: whoever writes the ledger
/// looks right before, so as not to take the other's claims away. Nor is what another stack has made
/// its own meanwhile, in another run or in this one, taken from it. What lives in no pool is claimed
/// by nobody else once it is this stack's own.
pub(super) async fn fresh(run: &Run, live: &Live) -> Result<Live, Error> {
    let stack = &run.planned.plan.stack;
    if live.kind != Kind::UserPool && live.tags.get(ownership::STACK) == Some(stack) {
        return Ok(live.clone());
    }
    let now = root::describe(&run.aws, live.kind, &live.id).await?;
    let now = now.ok_or_else(|| Error::refused(format!("the {} {} is gone", live.kind.title(), live.id)))?;
    match now.owner() {
        Some((owner, at)) if now.owner() != live.owner() && owner != stack => {
            Err(Error::refused(format!("{} belongs to stack {owner} as {at} by now", live.id))
                .with_help("plan again, to see what is to be done now"))
        }
        _ => Ok(Live { tags: now.tags, ..live.clone() }),
    }
}

/// Writes a root's ledger as it is to be at this moment.
pub(super) async fn write(run: &Run, item: usize, job: Job) -> Result<(), Error> {
    let address = &run.planned.plan.items[item].address;
    if job == Job::Record {
        run.give_up_untried(address);
    }
    let wanted = |tags: &Tags| {
        let mut wanted = tags.clone();
        wanted.retain(|key, _| !key.starts_with(APPLIED));
        wanted.extend(ownership::marks(&run.planned.plan.stack, &address.to_string()));
        wanted.extend(of(run, item, tags, users(tags), job == Job::Record).tags());
        wanted
    };
    let known = run.root(address)?;
    if wanted(&known.tags) == known.tags {
        return Ok(());
    }
    let live = fresh(run, &known).await?;
    let tags = wanted(&live.tags);
    root::set_tags(&run.aws, &live, &tags).await?;
    run.learn_tags(address, tags);
    Ok(())
}
