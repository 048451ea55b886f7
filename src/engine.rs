//! Carries out a plan: step by step as the graph allows, side by side where nothing speaks against
//! it. A step that fails fails what needs it, and nothing else. After a write the resource is read
//! again and compared, so that done means seen.
//!
//! When each call is made is not decided here but by `aws`, which lets one call at a time write to a
//! pool: all steps that are ready wait for their turns side by side. What makes a step whole beyond
//! its single calls is the graph, and for a root's tags a lock of their own: see [`Run::tags`].

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::ops::Deref;
use std::sync::{Arc, Mutex as Lock, PoisonError};

use serde_json::Value;
use tokio::sync::Mutex;
use tokio::task::JoinSet;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::aws::Aws;
use crate::error::Error;
use crate::event::Event;
use crate::kind::function::package::Package;
use crate::kind::{Kind, files};
use crate::live::Live;
use crate::ownership::Tags;
use crate::path::Path;
use crate::plan::graph::{self, Job, Step};
use crate::plan::known::Known;
use crate::plan::work::{Planned, Work};
use crate::plan::{Action, Item, Outcome, Report, StepResult};
use crate::reference;
use crate::stack::{Resource, Stack};

mod child;
mod facet;
mod ledger;
mod observe;
mod step;
mod twins;

/// What the files that a stack names hold, by the paths of the properties that name them.
pub type Packages = BTreeMap<Path, Package>;

/// A run, as one of its steps sees it.
struct Run {
    /// The clients of this step alone, which know whether it has begun.
    aws: Aws,
    common: Arc<Common>,
}

impl Deref for Run {
    type Target = Common;

    fn deref(&self) -> &Common {
        &self.common
    }
}

/// What the steps of a run share.
struct Common {
    stack: Stack,
    planned: Planned,
    packages: Packages,
    state: Lock<State>,
    /// Set when no new work is to be started.
    cancel: CancellationToken,
    /// The items that take another step after they were made.
    finished_later: BTreeSet<Path>,
    /// Held by the steps that write a root's tags (those of the root itself, and of its ledger) from
    /// when they look at what is known of it to when they have noted what they left. They would undo
    /// each other: every one of them writes the whole ledger, from what is known by then, and an
    /// update sends all tags along. The graph does not order all of them.
    ///
    /// No other step needs it. What lives inside a pool is not in the pool's own body, and of its
    /// tags only the ledger speaks of it: a claim stands before a child is made (`Claim`), and
    /// until it is known to be gone; what is written while it comes or goes holds the claim.
    tags: BTreeMap<Path, Mutex<()>>,
}

/// What is learnt on the way.
struct State {
    known: Known,
    /// Roots as they were last read, by address; tags that were written since are kept up to date.
    roots: BTreeMap<Path, Live>,
    /// What became of the children that were to be made or deleted, by pool, kind and key.
    children: BTreeMap<(Path, Kind, String), Presence>,
    /// The items that were brought into line.
    done: BTreeSet<Path>,
    /// App clients that were made, by the address of their pool.
    clients: BTreeMap<Path, Vec<MadeClient>>,
}

/// An app client that this run made.
#[derive(Clone)]
struct MadeClient {
    address: Path,
    name: String,
    id: String,
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

impl Common {
    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The declared spec with everything filled in, but for what comes later. At this point all that
    /// it refers to is there.
    fn declared(&self, resource: &Resource, late: &[&str]) -> Result<Value, Error> {
        let mut filled = self.state().known.fill_in(&resource.declared);
        if let Some(properties) = filled.as_object_mut() {
            properties.retain(|property, _| !late.contains(&property.as_str()));
        }
        let hash = |property: &Path| Some(self.packages.get(&resource.base().join(property))?.sha256.as_str());
        let filled = files::with_hashes(resource.kind, filled, &hash);
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

    /// Whether the plan keeps another child of the pool with the name of one that goes.
    fn has_namesake(&self, pool: &Path, gone: &Live) -> bool {
        let work = self.planned.work.iter().filter(|work| work.pool.as_ref() == Some(pool));
        let mut others = work.filter(|work| work.live.as_ref().is_none_or(|live| live.id != gone.id));
        others.any(|work| {
            work.resource.as_ref().is_some_and(|other| other.kind == gone.kind && other.natural_key() == gone.key)
        })
    }

    fn learn_child(&self, pool: &Path, kind: Kind, key: &str, there: Presence) {
        self.state().children.insert((pool.clone(), kind, key.to_owned()), there);
    }

    /// Notes that the children of a pool which were to be made or adopted, and were never tried, are
    /// not the stack's.
    fn give_up_untried(&self, pool: &Path) {
        let items = self.planned.plan.items.iter().zip(&self.planned.work);
        let comes = |(item, work): &(&Item, &Work)| {
            matches!(item.action, Action::Create | Action::Adopt) || work.former_name().is_some()
        };
        for (item, work) in items.filter(comes) {
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
    let tags = planned.plan.items.iter().map(|item| (item.address.clone(), Mutex::new(()))).collect();
    let common = Arc::new(Common {
        stack: stack.clone(),
        state: Lock::new(State {
            known: planned.known.clone(),
            roots,
            children: BTreeMap::new(),
            done: BTreeSet::new(),
            clients: BTreeMap::new(),
        }),
        tags,
        finished_later: steps
            .iter()
            .filter(|step| step.job == Job::Finish)
            .map(|step| planned.plan.items[step.item].address.clone())
            .collect(),
        planned,
        packages,
        cancel,
    });
    let mut endings = run_all(aws, &common, &steps).await;
    for (address, error) in twins::settle(aws, &common).await {
        fail(aws, &common, &steps, &mut endings, &address, error);
    }
    let report = Report { outcomes: outcomes(&common.planned, &steps, &endings), calls: aws.calls() };
    let known = common.state().known.clone();
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

/// How far a run is.
struct Progress<'a> {
    steps: &'a [Step],
    /// The steps that wait for each.
    waiting: Vec<Vec<usize>>,
    /// How many steps each still waits for.
    open: Vec<usize>,
    endings: Vec<Option<Ending>>,
}

impl<'a> Progress<'a> {
    fn of(steps: &'a [Step]) -> Self {
        let mut waiting = vec![Vec::new(); steps.len()];
        let mut open = vec![0; steps.len()];
        for (number, step) in steps.iter().enumerate() {
            for on in step.needs.union(&step.after) {
                waiting[*on].push(number);
                open[number] += 1;
            }
        }
        Self { steps, waiting, open, endings: vec![None; steps.len()] }
    }

    /// Notes how a step ended, and what follows for those that need it. Gives those that are ready.
    fn end(&mut self, number: usize, ending: Ending) -> Vec<usize> {
        let mut ready = Vec::new();
        let mut ended = vec![number];
        self.endings[number] = Some(ending);
        while let Some(on) = ended.pop() {
            let untried = match &self.endings[on] {
                None | Some(Ending::Done) => None,
                Some(Ending::Failed(_)) => Some(Ending::NotTried(on)),
                Some(other) => Some(other.clone()),
            };
            for next in std::mem::take(&mut self.waiting[on]) {
                self.open[next] -= 1;
                if self.endings[next].is_some() {
                    continue;
                }
                if let Some(untried) = untried.clone().filter(|_| self.steps[next].needs.contains(&on)) {
                    self.endings[next] = Some(untried);
                    ended.push(next);
                } else if self.open[next] == 0 {
                    ready.push(next);
                }
            }
        }
        ready
    }
}

async fn run_all(aws: &Aws, common: &Arc<Common>, steps: &[Step]) -> Vec<Ending> {
    let mut progress = Progress::of(steps);
    let mut working = JoinSet::new();
    let mut ready: VecDeque<usize> = (0..steps.len()).filter(|number| progress.open[*number] == 0).collect();
    loop {
        while let Some(number) = ready.pop_front() {
            if common.cancel.is_cancelled() {
                ready.extend(progress.end(number, Ending::Interrupted));
                continue;
            }
            let (aws, common, step) = (aws.clone(), common.clone(), steps[number].clone());
            working.spawn(async move { (number, take(&aws, common, &step).await) });
        }
        match working.join_next().await {
            Some(Ok((number, ending))) => ready.extend(progress.end(number, ending)),
            // A step that broke off says nothing of itself; the loop's end accounts for it.
            Some(Err(_)) => {}
            None => break,
        }
    }
    let lost = || Ending::Failed(Error::refused("the step broke off inside poolkeeper; what it did is not known"));
    progress.endings.into_iter().map(|ending| ending.unwrap_or_else(lost)).collect()
}

/// Notes that an item failed after its steps were done.
fn fail(aws: &Aws, common: &Common, steps: &[Step], endings: &mut [Ending], address: &Path, error: Error) {
    let items = &common.planned.plan.items;
    let made = steps.iter().position(|step| step.job == Job::Make && items[step.item].address == *address);
    let Some(made) = made.filter(|made| matches!(endings[*made], Ending::Done)) else { return };
    let error = error.at(address);
    let (address, action) = (address.clone(), items[steps[made].item].action);
    aws.events().send(Event::Failed { address, action, error: error.to_string() });
    endings[made] = Ending::Failed(error);
}

/// Takes one step. It begins with its first write: until then it only looks, and waits for its turn.
async fn take(aws: &Aws, common: Arc<Common>, step: &Step) -> Ending {
    let item = &common.planned.plan.items[step.item];
    let releases = item.action == Action::Release;
    let keeps = item.action == Action::Keep;
    let begins = !keeps && (releases || matches!(step.job, Job::Make | Job::Delete));
    let ends = match step.job {
        _ if releases => true,
        Job::Make => !common.finished_later.contains(&item.address),
        job => matches!(job, Job::Finish | Job::Delete),
    };
    let (address, action) = (item.address.clone(), item.action);
    let started = begins.then(|| Event::Started { address: address.clone(), action });
    let tags = step::writes_tags(&common, step).then(|| common.tags.get(&address)).flatten();
    let alone = match tags {
        Some(lock) => Some(lock.lock().await),
        None => None,
    };
    let run = Run { aws: aws.starting(&common.cancel, started), common: common.clone() };
    let result = step::take(&run, step).await.map_err(|error| error.at(&address));
    drop(alone);
    if result.is_err() && run.aws.begun().is_none() && common.cancel.is_cancelled() {
        return Ending::Interrupted;
    }
    // What needed no call has begun all the same.
    run.aws.begin();
    let took = run.aws.begun().unwrap_or_else(Instant::now).elapsed();
    if let Err(error) = result {
        run.aws.events().send(Event::Failed { address, action, error: error.to_string() });
        return Ending::Failed(error);
    }
    if ends && !keeps {
        run.state().done.insert(address.clone());
        run.aws.events().send(Event::Done { address, action, took });
    }
    Ending::Done
}

/// How each item came out, from how its steps did.
fn outcomes(planned: &Planned, steps: &[Step], endings: &[Ending]) -> Vec<Outcome> {
    let mut outcomes = Vec::new();
    for (number, item) in planned.plan.items.iter().enumerate() {
        // What was made is made, whether or not the ledger could still be told of it.
        let tells = |step: &Step, ending: &Ending| {
            step.item == number && !(step.job == Job::Record && matches!(ending, Ending::Interrupted))
        };
        let own: Vec<&Ending> =
            steps.iter().zip(endings).filter(|(step, ending)| tells(step, ending)).map(|(_, ending)| ending).collect();
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
