//! What a single step does: the calls for one item, and the look at what came of them.

use serde_json::{Value, json};

use super::{Presence, Run};
use crate::aws::{Aws, is_ambiguous};
use crate::calls::{child, function, identity_pool, permission, user_pool};
use crate::diff;
use crate::error::Error;
use crate::kind::Kind;
use crate::live::Live;
use crate::ownership::{Ledger, Tags};
use crate::path::Path;
use crate::plan::build::{Work, changed_properties, wanted_tags};
use crate::plan::graph::{Job, Step};
use crate::plan::known::{secret_paths, wanted};
use crate::plan::{Action, Item};
use crate::read::natural_key;
use crate::reference;
use crate::stack::Resource;

/// Takes a step.
pub(super) async fn take(run: &Run, step: &Step) -> Result<(), Error> {
    let item = &run.planned.plan.items[step.item];
    let work = &run.planned.work[step.item];
    match (step.job, item.kind, &work.resource) {
        (Job::Claim | Job::Release, ..) => ledger(run, item, work, step.job).await,
        (Job::Make, None, _) => add_permission(run, work).await,
        (Job::Delete, None, _) => remove_permission(run, work).await,
        (Job::Delete | Job::Clear, Some(_), _) => delete(run, item, work).await,
        (Job::Make | Job::Finish, Some(Kind::UserPool | Kind::IdentityPool | Kind::Function), Some(resource)) => {
            root(run, resource, work, step.job).await
        }
        (Job::Make | Job::Finish, Some(_), Some(resource)) => make_child(run, item, resource, work, step.job).await,
        (Job::Make | Job::Finish, Some(_), None) | (Job::Clear | Job::Finish, None, _) => {
            Err(Error::refused("the plan has nothing to make here"))
        }
    }
}

/// The declared spec with everything filled in. At this point all that it refers to is there.
fn declared(run: &Run, resource: &Resource, late: &[&str]) -> Result<Value, Error> {
    let mut filled = run.state().known.fill_in(&resource.declared);
    if let Some(package) = run.packages.get(&resource.address) {
        filled["code"] = json!(package.sha256);
    }
    for property in late {
        filled.as_object_mut().map(|filled| filled.shift_remove(*property));
    }
    match reference::in_value(&filled).first() {
        Some((path, open)) => Err(Error::refused(format!("`{path}` needs {}, which is not known", open.0))),
        None => Ok(filled),
    }
}

fn wanted_of(resource: &Resource, declared: &Value, live: Option<&Live>) -> Result<Value, Error> {
    wanted(resource, declared, live.map(|live| &live.spec))
        .map_err(|why| Error::refused(format!("what the file says cannot be used: {why}")))
}

/// Makes a root, or brings it into line.
async fn root(run: &Run, resource: &Resource, work: &Work, job: Job) -> Result<(), Error> {
    let new = job == Job::Make && work.live.is_none();
    // A new pool gets its triggers when it is finished.
    let late: &[&str] = if new && resource.kind == Kind::UserPool { &["triggers"] } else { &[] };
    let declared = declared(run, resource, late)?;
    if new {
        let wanted = wanted_of(resource, &declared, None)?;
        let tags = all_tags(run, resource, work, &declared, &Tags::new());
        let id = match resource.kind {
            Kind::UserPool => user_pool::create(&run.aws, &wanted, &declared, &tags).await?,
            Kind::IdentityPool => identity_pool::create(&run.aws, &wanted, &declared, &tags).await?,
            _ => function::create(&run.aws, &wanted, zip(run, resource), &tags).await?,
        };
        let live = read_root(&run.aws, resource, &declared, &id).await?;
        run.learn_root(&resource.address, live);
        if resource.kind == Kind::UserPool {
            return Ok(());
        }
    }
    let live = run.root(&resource.address)?;
    let tags = all_tags(run, resource, work, &declared, &live.tags);
    let wanted = wanted_of(resource, &declared, Some(&live))?;
    let changed = changed_properties(&live.spec, &wanted);
    if changed.is_empty() && tags == live.tags {
        return Ok(());
    }
    match resource.kind {
        Kind::UserPool => user_pool::update(&run.aws, &live, &wanted, &tags, &changed).await?,
        Kind::IdentityPool => identity_pool::update(&run.aws, &live, &wanted, &tags, &changed).await?,
        _ => function::update(&run.aws, &live, &wanted, zip(run, resource), &tags, &changed).await?,
    }
    let live = read_root(&run.aws, resource, &declared, &live.id).await?;
    let seen = see(resource, &declared, &live);
    run.learn_root(&resource.address, live);
    seen
}

fn zip<'a>(run: &'a Run, resource: &Resource) -> &'a [u8] {
    run.packages.get(&resource.address).map(|package| package.zip.as_slice()).unwrap_or_default()
}

async fn read_root(aws: &Aws, resource: &Resource, declared: &Value, id: &str) -> Result<Live, Error> {
    let live = match resource.kind {
        Kind::UserPool => user_pool::read(aws, id).await?,
        Kind::IdentityPool => {
            let maps = declared.get("principalTags").and_then(Value::as_object);
            let providers: Vec<String> = maps.into_iter().flatten().map(|(name, _)| name.clone()).collect();
            identity_pool::read(aws, id, &providers).await?
        }
        _ => function::read(aws, id).await?,
    };
    live.ok_or_else(|| Error::refused(format!("the {} {id} is gone again", resource.kind.title())))
}

/// All tags that a root is to carry: the user's, the marks, a pool's ledger, and AWS's own.
fn all_tags(run: &Run, resource: &Resource, work: &Work, declared: &Value, live: &Tags) -> Tags {
    let ledger = (resource.kind == Kind::UserPool).then(|| claims(run, &resource.address, work, declared, live));
    let mut tags = wanted_tags(&run.planned.plan.stack, resource, declared, ledger.as_ref());
    let aws = live.iter().filter(|(key, _)| key.starts_with("aws:"));
    tags.extend(aws.map(|(key, value)| (key.clone(), value.clone())));
    tags
}

/// The claims that a pool's ledger is to hold: those that it holds on what is there, and on all
/// that the plan makes, but not on what is known not to be there.
fn claims(run: &Run, pool: &Path, work: &Work, declared: &Value, live: &Tags) -> Ledger {
    let users = declared.get("tags").and_then(Value::as_object).map_or(0, serde_json::Map::len);
    let mut ledger = Ledger::read(live);
    let children: Vec<&Resource> =
        run.stack.resources.iter().filter(|child| child.parent.as_ref() == Some(pool)).collect();
    let there = work.inside.iter().map(|(kind, key)| (*kind, key.as_str()));
    ledger.keep_only(there.chain(children.iter().map(|child| (child.kind, natural_key(child)))));
    for (item, child) in run.planned.plan.items.iter().zip(&run.planned.work) {
        let claims = !matches!(item.action, Action::Delete | Action::Blocked);
        if let (Some(kind), Some(resource), true) = (item.kind, &child.resource, claims)
            && child.pool.as_ref() == Some(pool)
        {
            ledger.add(kind, natural_key(resource), users);
        }
    }
    for ((of, kind, key), there) in &run.state().children {
        if of == pool && *there == Presence::Gone {
            ledger.remove(*kind, key);
        }
    }
    ledger
}

/// Writes a pool's ledger as it is to be at this moment.
async fn ledger(run: &Run, item: &Item, work: &Work, job: Job) -> Result<(), Error> {
    let resource = work.resource.as_ref().ok_or_else(|| Error::refused("the pool is not in the file"))?;
    if job == Job::Release {
        run.give_up_untried(&item.address);
    }
    let live = run.root(&item.address)?;
    let mut tags = live.tags.clone();
    tags.retain(|key, _| !key.starts_with(crate::ownership::APPLIED));
    let filled = run.state().known.fill_in(&resource.declared);
    tags.extend(claims(run, &item.address, work, &filled, &live.tags).tags());
    user_pool::set_tags(&run.aws, &live, &tags).await?;
    run.learn_tags(&item.address, tags);
    Ok(())
}

/// Makes a child, or brings it into line.
async fn make_child(run: &Run, item: &Item, resource: &Resource, work: &Work, job: Job) -> Result<(), Error> {
    let pool_address = resource.parent.as_ref().ok_or_else(|| Error::refused("it has no pool"))?;
    let pool = run.root(pool_address)?.id;
    let key = natural_key(resource);
    let unfinished = job == Job::Make && run.finished_later.contains(&item.address);
    let declared = declared(run, resource, &[])?;
    let id = match &work.live {
        Some(live) if item.action != Action::Replace => {
            let mut wanted = wanted_of(resource, &declared, Some(live))?;
            if unfinished {
                keep_scopes(&mut wanted, live);
            }
            if !changed_properties(&live.spec, &wanted).is_empty() {
                child::update(&run.aws, &pool, live, &wanted, &declared).await?;
            }
            live.id.clone()
        }
        _ => {
            let wanted = wanted_of(resource, &declared, None)?;
            let made = child::create(&run.aws, resource.kind, &pool, key, &wanted, &declared).await;
            let there = match &made {
                Ok(_) => Presence::Made,
                Err(error) if is_ambiguous(error) => Presence::Unsure,
                Err(_) => Presence::Gone,
            };
            run.learn_child(pool_address, resource.kind, key, there);
            made?
        }
    };
    if resource.kind == Kind::Domain {
        child::until_active(&run.aws, &pool, &id, &resource.address).await?;
    }
    if unfinished {
        return Ok(());
    }
    let live = child::read(&run.aws, resource.kind, &pool, key, &id).await?;
    let mut live = live.ok_or_else(|| Error::refused(format!("the {} {id} is gone again", resource.kind.title())))?;
    child::look_for_secret(&run.aws, &pool, &mut live, &declared).await?;
    run.state().known.add(&resource.address, &live);
    see(resource, &declared, &live)
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

/// Compares what is live now with what is wanted.
fn see(resource: &Resource, declared: &Value, live: &Live) -> Result<(), Error> {
    let wanted = wanted_of(resource, declared, Some(live))?;
    let found = diff::diff(&live.spec, &wanted, resource.kind.schema(), &secret_paths(resource));
    if found.is_empty() {
        return Ok(());
    }
    let show = |value: &Option<Value>| value.as_ref().map_or("nothing".to_owned(), ToString::to_string);
    let told: Vec<String> = found
        .iter()
        .map(|difference| {
            let change = &difference.change;
            if change.secret {
                format!("`{}` is not what was sent", change.path)
            } else {
                format!("`{}` is {} and not {}", change.path, show(&change.live), show(&change.declared))
            }
        })
        .collect();
    Err(Error::refused(format!("AWS accepted the change, but did not keep all of it: {}", told.join("; ")))
        .with_help("another run may have changed it at the same time; plan again to see what is live now"))
}

async fn delete(run: &Run, item: &Item, work: &Work) -> Result<(), Error> {
    let Some(live) = &work.live else { return Ok(()) };
    match (&work.pool, live.kind) {
        (Some(pool), _) => {
            let id = run.root(pool)?.id;
            child::delete(&run.aws, &id, live).await?;
            run.learn_child(pool, live.kind, &live.key, Presence::Gone);
        }
        (None, Kind::UserPool) => user_pool::delete(&run.aws, &live.id).await?,
        (None, Kind::IdentityPool) => identity_pool::delete(&run.aws, &live.id).await?,
        (None, Kind::Function) => function::delete(&run.aws, &live.id).await?,
        (None, kind) => return Err(Error::refused(format!("{} {} has no pool", kind.title(), item.address))),
    }
    Ok(())
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
