//! What a single step does: which calls for which item, and the steps for roots and permissions.

use serde_json::Value;

use super::observe::{observe, wanted_of};
use super::{Common, Presence, Run, child, ledger};
use crate::calls::{self, function, identity_pool, permission, user_pool};
use crate::error::Error;
use crate::kind::Kind;
use crate::kind::user_pool::has_lower_tier;
use crate::live::Live;
use crate::ownership::{self, Ledger, Tags};
use crate::path::Path;
use crate::plan::build::changed_properties;
use crate::plan::graph::{Job, Step};
use crate::plan::work::Work;
use crate::plan::{Action, Item};
use crate::reference;
use crate::stack::Resource;

/// Whether a step writes the tags of the item that it is for: a root's own, or its ledger.
pub(super) fn writes_tags(common: &Common, step: &Step) -> bool {
    let work = &common.planned.work[step.item];
    let root = work.pool.is_none() && common.planned.plan.items[step.item].kind.is_some();
    root && !matches!(step.job, Job::Delete)
}

/// Takes a step.
pub(super) async fn take(run: &Run, step: &Step) -> Result<(), Error> {
    let item = &run.planned.plan.items[step.item];
    let work = &run.planned.work[step.item];
    match (step.job, item.kind, &work.resource) {
        (Job::Claim | Job::Record, ..) => ledger::write(run, step.item, step.job).await,
        (Job::Release, ..) => release(run, work).await,
        (Job::Make, None, _) => add_permission(run, work).await,
        (Job::Delete, None, _) => remove_permission(run, work).await,
        (Job::Delete | Job::Clear, Some(_), _) => delete(run, item, work).await,
        (Job::Make | Job::Finish, Some(Kind::UserPool | Kind::IdentityPool | Kind::Function), Some(resource)) => {
            root(run, resource, step).await
        }
        (Job::Make | Job::Finish, Some(kind), Some(resource)) => {
            let made = child::make(run, item, resource, work, step.job).await;
            if let (Action::Adopt, Some(pool)) = (item.action, &work.pool) {
                let there = if made.is_ok() { Presence::Made } else { Presence::Gone };
                run.learn_child(pool, kind, resource.natural_key(), there);
            }
            made
        }
        (Job::Make | Job::Finish, Some(_), None) | (Job::Clear | Job::Finish, None, _) => {
            Err(Error::refused("the plan has nothing to make here"))
        }
    }
}

/// Makes a root, or brings it into line. A pool's triggers wait for its last step, since what they
/// name may need the pool first, and so does a lower tier, which nothing in the pool may need by then.
async fn root(run: &Run, resource: &Resource, step: &Step) -> Result<(), Error> {
    let Step { item, job, .. } = *step;
    let work = &run.planned.work[item];
    let new = work.live.is_none();
    let early = job == Job::Make && run.finished_later.contains(&resource.address);
    let is_lower = |live: &Live| resource.kind == Kind::UserPool && has_lower_tier(&resource.declared, &live.spec);
    let late: &[&str] = match &work.live {
        _ if !early => &[],
        Some(live) if is_lower(live) => &["triggers", "userPoolTier"],
        _ => &["triggers"],
    };
    let declared = run.declared(resource, late)?;
    let mut resource = resource.clone();
    if new {
        // A declared value is used at create, whatever `ignoreChanges` says of later.
        resource.ignore_changes.clear();
    }
    resource.ignore_changes.extend(late.iter().map(|property| Path::root().key(*property)));
    let resource = &resource;
    if new && job == Job::Make {
        create_root(run, resource, item, &declared).await?;
        if early {
            return Ok(());
        }
    }
    let known = run.root(&resource.address)?;
    let wanted = wanted_of(resource, &declared, Some(&known))?;
    let changed = changed_properties(&known.spec, &wanted);
    if changed.is_empty() && all_tags(run, resource, item, &wanted, &known.tags) == known.tags {
        return Ok(());
    }
    let live = ledger::fresh(run, &known).await?;
    let tags = all_tags(run, resource, item, &wanted, &live.tags);
    match resource.kind {
        Kind::UserPool => user_pool::update(&run.aws, &live, &wanted, &declared, &tags, &changed).await?,
        Kind::IdentityPool => identity_pool::update(&run.aws, &live, &wanted, &tags, &changed).await?,
        _ => function::update(&run.aws, &live, &wanted, zip(run, resource), &tags, &changed).await?,
    }
    let (live, seen) = observe(resource, &declared, || read_root(run, resource, &declared, &live.id)).await?;
    run.learn_root(&resource.address, live);
    seen
}

async fn create_root(run: &Run, resource: &Resource, item: usize, declared: &Value) -> Result<(), Error> {
    let wanted = wanted_of(resource, declared, None)?;
    let tags = all_tags(run, resource, item, declared, &Tags::new());
    let id = match resource.kind {
        Kind::UserPool => user_pool::create(&run.aws, &wanted, declared, &tags).await?,
        Kind::IdentityPool => identity_pool::create(&run.aws, &wanted, declared, &tags).await?,
        _ => function::create(&run.aws, &wanted, zip(run, resource), &tags).await?,
    };
    let live = read_root(run, resource, declared, &id).await?;
    let live = live.ok_or_else(|| Error::refused(format!("the {} {id} is gone again", resource.kind.title())))?;
    run.learn_root(&resource.address, live);
    Ok(())
}

fn zip<'a>(run: &'a Run, resource: &Resource) -> &'a [u8] {
    run.packages.get(&resource.address.key("code")).map(|package| package.zip.as_slice()).unwrap_or_default()
}

async fn read_root(run: &Run, resource: &Resource, declared: &Value, id: &str) -> Result<Option<Live>, Error> {
    match resource.kind {
        Kind::UserPool => user_pool::read(&run.aws, id).await,
        Kind::IdentityPool => {
            let maps = declared.get("principalTags").and_then(Value::as_object);
            let providers: Vec<String> = maps.into_iter().flatten().map(|(name, _)| name.clone()).collect();
            identity_pool::read(&run.aws, id, &providers).await
        }
        _ => function::read(&run.aws, id).await,
    }
}

/// All tags that a root is to carry: the user's, the marks, the ledger, and AWS's own. The ledger
/// of a root that has one already is written by steps of its own; here it only makes room.
fn all_tags(run: &Run, resource: &Resource, item: usize, wanted: &Value, live: &Tags) -> Tags {
    let marks = ownership::marks(&run.planned.plan.stack, &resource.address.to_string());
    let mut tags = ownership::users_tags(wanted);
    let own = ownership::ledger::tags_of(live);
    let ledger = if ownership::same_marks(live, &marks) && ownership::ledger::have_room(own.len(), tags.len()) {
        own
    } else if ownership::same_marks(live, &marks) {
        Ledger::read(live).fitted(tags.len()).tags()
    } else {
        ledger::of(run, item, live, tags.len(), false).tags()
    };
    tags.extend(marks.into_iter().chain(ledger));
    let aws = live.iter().filter(|(key, _)| key.starts_with("aws:"));
    tags.extend(aws.map(|(key, value)| (key.clone(), value.clone())));
    tags
}

async fn delete(run: &Run, item: &Item, work: &Work) -> Result<(), Error> {
    let Some(live) = &work.live else { return Ok(()) };
    match (&work.pool, live.kind) {
        (Some(pool), _) => child::delete(run, pool, &item.address, live).await,
        (None, Kind::UserPool) => user_pool::delete(&run.aws, &live.id).await,
        (None, Kind::IdentityPool) => identity_pool::delete(&run.aws, &live.id).await,
        (None, Kind::Function) => function::delete(&run.aws, &live.id).await,
        (None, kind) => Err(Error::refused(format!("{} {} has no pool", kind.title(), item.address))),
    }
}

/// Takes poolkeeper's tags off a root, where it is this stack's still. A child has none: it is released
/// by its pool's ledger, which was written by now.
async fn release(run: &Run, work: &Work) -> Result<(), Error> {
    let (Some(live), None) = (&work.live, &work.pool) else { return Ok(()) };
    let now = calls::root::describe(&run.aws, live.kind, &live.id).await?;
    let Some(now) = now.filter(|now| ownership::same_marks(&now.tags, &live.tags)) else { return Ok(()) };
    let mut tags = now.tags.clone();
    tags.retain(|key, _| !ownership::is_own(key));
    calls::root::set_tags(&run.aws, &now, &tags).await
}

async fn add_permission(run: &Run, work: &Work) -> Result<(), Error> {
    let (pool, function) = permission_of(run, work)?;
    let arn = pool.text("Arn").unwrap_or_default().to_owned();
    permission::add(&run.aws, &function, &pool.id, &arn).await
}

async fn remove_permission(run: &Run, work: &Work) -> Result<(), Error> {
    let (pool, function) = permission_of(run, work)?;
    permission::remove(&run.aws, &function, &pool.id).await
}

fn permission_of(run: &Run, work: &Work) -> Result<(Live, String), Error> {
    let pool = work.pool.as_ref().ok_or_else(|| Error::refused("the permission has no pool"))?;
    let function = work.function.as_deref().unwrap_or_default();
    let known = run.state().known.clone();
    let function = reference::substitute_text(function, &|reference| known.get(reference).map(str::to_owned));
    if reference::in_text(&function).is_empty() {
        Ok((run.root(pool)?, function))
    } else {
        Err(Error::refused("the function's ARN is not known"))
    }
}
