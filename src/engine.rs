//! Carries out a plan: step by step as the graph allows, side by side where nothing speaks against
//! it, with one write to a pool at a time. A step that fails fails what needs it, and nothing else.
//! After a write the resource is read again and compared, so that done means seen.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex as Lock, PoisonError};
use std::time::Instant;

use serde_json::Value;
use tokio::sync::Mutex;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::aws::Aws;
use crate::error::Error;
use crate::event::Event;
use crate::kind::Kind;
use crate::kind::function::package::Package;
use crate::live::Live;
use crate::ownership::Tags;
use crate::path::Path;
use crate::plan::graph::{self, Job, Step};
use crate::plan::known::Known;
use crate::plan::work::Planned;
use crate::plan::{Action, Outcome, Report, StepResult};
use crate::reference;
use crate::stack::{Resource, Stack};

mod child;
mod ledger;
mod observe;
mod step;

/// The functions' code as the files have it, by address.
pub type Packages = BTreeMap<Path, Package>;

/// What the steps of a run share.
struct Run {
    aws: Aws,
    stack: Stack,
    planned: Planned,
    packages: Packages,
    state: Lock<State>,
    /// Set when no new work is to be started.
    cancel: CancellationToken,
    /// The items that take another step after they were made.
    finished_later: BTreeSet<Path>,
    /// One write to a pool, and to what is inside it, at a time.
    pools: BTreeMap<Path, Mutex<()>>,
}

/// What is learnt on the way.
struct State {
    known: Known,
    /// Roots as they were last read, by address; tags that were written since are kept up to date.
    roots: BTreeMap<Path, Live>,
    /// What became of the children that were to be made or deleted, by pool, kind and key.
    children: BTreeMap<(Path, Kind, String), Presence>,
}

/// Whether a child is there, after a step was to make or delete it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Presence {
    /// It was made.
    Made,
    /// It may have been made, although the call failed.
    Unsure,
    /// It was deleted, AWS refused to make it, or it was not adopted.
    Gone,
}

impl Run {
    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The declared spec with everything filled in, but for what comes later. At this point all that
    /// it refers to is there.
    fn declared(&self, resource: &Resource, late: &[&str]) -> Result<Value, Error> {
        let mut filled = self.state().known.fill_in(&resource.declared);
        if let Some(properties) = filled.as_object_mut() {
            properties.retain(|property, _| !late.contains(&property.as_str()));
            if let Some(package) = self.packages.get(&resource.address) {
                properties.insert("code".to_owned(), Value::from(package.sha256.clone()));
            }
        }
        match reference::in_value(&filled).first() {
            Some((path, open)) => Err(Error::refused(format!("`{path}` needs {}, which is not known", open.0))),
            None => Ok(filled),
        }
    }

    /// A root as it is known now.
    fn root(&self, address: &Path) -> Result<Live, Error> {
        self.state().roots.get(address).cloned().ok_or_else(|| Error::refused(format!("{address} is not live")))
    }

    fn learn_root(&self, address: &Path, live: Live) {
        let mut state = self.state();
        state.known.add(address, &live);
        state.roots.insert(address.clone(), live);
    }

    fn learn_child(&self, pool: &Path, kind: Kind, key: &str, there: Presence) {
        self.state().children.insert((pool.clone(), kind, key.to_owned()), there);
    }

    /// Notes that the children of a pool which were to be made or adopted, and were never tried, are
    /// not the stack's.
    fn give_up_untried(&self, pool: &Path) {
        let items = self.planned.plan.items.iter().zip(&self.planned.work);
        for (item, work) in items.filter(|(item, _)| matches!(item.action, Action::Create | Action::Adopt)) {
            if let (Some(kind), Some(resource), true) = (item.kind, &work.resource, work.pool.as_ref() == Some(pool)) {
                let child = (pool.clone(), kind, resource.natural_key().to_owned());
                self.state().children.entry(child).or_insert(Presence::Gone);
            }
        }
    }

    fn learn_tags(&self, address: &Path, tags: Tags) {
        if let Some(live) = self.state().roots.get_mut(address) {
            live.tags = tags;
        }
    }
}

/// What came of a run: the report, and what references stand for now.
pub struct Done {
    /// What was done to each item, and what was not.
    pub report: Report,
    /// What references stand for after it.
    pub known: Known,
}

/// Carries out a plan. Once `cancel` is set no step is started; those under way are finished.
pub async fn execute(
    aws: &Aws,
    stack: &Stack,
    planned: Planned,
    packages: Packages,
    cancel: CancellationToken,
) -> Done {
    let steps = graph::steps(stack, &planned);
    let roots = planned.plan.items.iter().zip(&planned.work);
    let roots = roots.filter(|(_, work)| work.pool.is_none());
    let roots = roots.filter_map(|(item, work)| Some((item.address.clone(), work.live.clone()?))).collect();
    let pools = planned.work.iter().filter_map(|work| work.pool.clone());
    let pools = pools.chain(planned.plan.items.iter().map(|item| item.address.clone()));
    let run = Arc::new(Run {
        aws: aws.clone(),
        stack: stack.clone(),
        state: Lock::new(State { known: planned.known.clone(), roots, children: BTreeMap::new() }),
        pools: pools.map(|address| (address, Mutex::new(()))).collect(),
        finished_later: steps
            .iter()
            .filter(|step| step.job == Job::Finish)
            .map(|step| planned.plan.items[step.item].address.clone())
            .collect(),
        planned,
        packages,
        cancel: cancel.clone(),
    });
    let results = run_all(&run, &steps, &cancel).await;
    let report = Report { outcomes: outcomes(&run.planned, &steps, &results), calls: aws.calls() };
    let known = run.state().known.clone();
    Done { report, known }
}

/// How a step ended.
#[derive(Clone)]
enum Ending {
    Done,
    Failed(Error),
    /// Not tried, since this step failed, or was not tried itself.
    NotTried(usize),
    Interrupted,
}

async fn run_all(run: &Arc<Run>, steps: &[Step], cancel: &CancellationToken) -> Vec<Ending> {
    let mut endings: Vec<Option<Ending>> = vec![None; steps.len()];
    let mut started = BTreeSet::new();
    let mut working = JoinSet::new();
    loop {
        for (number, step) in steps.iter().enumerate() {
            if started.contains(&number) || endings[number].is_some() {
                continue;
            }
            let failed =
                step.needs.iter().find(|on| matches!(&endings[**on], Some(ending) if !matches!(ending, Ending::Done)));
            if let Some(on) = failed {
                endings[number] = Some(match &endings[*on] {
                    Some(Ending::Interrupted) => Ending::Interrupted,
                    Some(Ending::NotTried(first)) => Ending::NotTried(*first),
                    _ => Ending::NotTried(*on),
                });
                continue;
            }
            let ready = step.needs.iter().chain(&step.after).all(|on| endings[*on].is_some());
            if ready && cancel.is_cancelled() {
                endings[number] = Some(Ending::Interrupted);
            } else if ready {
                started.insert(number);
                let (run, step) = (run.clone(), step.clone());
                working.spawn(async move { (number, take(&run, &step).await) });
            }
        }
        match working.join_next().await {
            Some(Ok((number, Ok(())))) => endings[number] = Some(Ending::Done),
            Some(Ok((number, Err(error)))) => endings[number] = Some(Ending::Failed(error)),
            // A step that broke off says nothing of itself; the loop's end accounts for it.
            Some(Err(_)) => {}
            None if endings.iter().all(Option::is_some) => break,
            None => {
                let settled = steps.iter().enumerate().any(|(number, step)| {
                    endings[number].is_none()
                        && !started.contains(&number)
                        && step.needs.iter().chain(&step.after).all(|on| endings[*on].is_some())
                });
                if !settled {
                    break;
                }
            }
        }
    }
    let lost = || Ending::Failed(Error::refused("the step broke off inside poolkeeper; what it did is not known"));
    endings.into_iter().map(|ending| ending.unwrap_or_else(lost)).collect()
}

/// Takes one step, with its pool to itself.
async fn take(run: &Run, step: &Step) -> Result<(), Error> {
    let item = &run.planned.plan.items[step.item];
    let work = &run.planned.work[step.item];
    let pool = work.pool.as_ref().unwrap_or(&item.address);
    let alone = match run.pools.get(pool) {
        Some(lock) => Some(lock.lock().await),
        None => None,
    };
    let begins = matches!(step.job, Job::Make | Job::Delete);
    let ends = match step.job {
        Job::Make => !run.finished_later.contains(&item.address),
        job => matches!(job, Job::Finish | Job::Delete),
    };
    let (address, action) = (item.address.clone(), item.action);
    if begins {
        run.aws.events().send(Event::Started { address: address.clone(), action });
    }
    let begin = Instant::now();
    let result = step::take(run, step, alone).await.map_err(|error| error.at(&address));
    match &result {
        Err(error) => {
            run.aws.events().send(Event::Failed { address, action, error: error.to_string() });
        }
        Ok(()) if ends => run.aws.events().send(Event::Done { address, action, took: begin.elapsed() }),
        Ok(()) => {}
    }
    result
}

/// How each item came out, from how its steps did.
fn outcomes(planned: &Planned, steps: &[Step], endings: &[Ending]) -> Vec<Outcome> {
    let mut outcomes = Vec::new();
    for (number, item) in planned.plan.items.iter().enumerate() {
        let own: Vec<&Ending> =
            steps.iter().zip(endings).filter(|(step, _)| step.item == number).map(|(_, ending)| ending).collect();
        if own.is_empty() && !(item.with_parent && item.action == Action::Delete) {
            continue;
        }
        let worst = own.iter().find(|ending| matches!(ending, Ending::Failed(_)));
        let worst = worst.or_else(|| own.iter().find(|ending| !matches!(ending, Ending::Done)));
        let result = match worst {
            None if item.with_parent => continue,
            None => StepResult::Done,
            Some(Ending::Failed(error)) => StepResult::Failed(error.clone()),
            Some(Ending::NotTried(on)) => StepResult::NotTried(planned.plan.items[steps[*on].item].address.clone()),
            Some(_) => StepResult::Interrupted,
        };
        // The ledger's steps belong to a pool that may have nothing else to do.
        if item.action == Action::Keep && matches!(result, StepResult::Done) {
            continue;
        }
        outcomes.push(Outcome { address: item.address.clone(), action: item.action, result });
    }
    outcomes
}
