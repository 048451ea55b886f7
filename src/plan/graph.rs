//! The order of work: which step waits for which. Some items take more than one step, so that what
//! AWS ties in a circle comes apart: a pool is made without triggers, then its functions may be
//! told of it and allow it, then the triggers are attached.
//!
//! A step *needs* another when it can only be done if that one was; it comes *after* another when
//! only the order matters.

mod edges;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::Action;
use super::work::{Planned, Work};
use crate::kind::Kind;
use crate::path::Path;
use crate::reference::{self, Reference};
use crate::stack::{Resource, Stack};

/// What a step does for its item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Job {
    /// Writes the claims on children that are about to be made into the pool's ledger.
    Claim,
    /// Deletes what is made anew by `Make`.
    Clear,
    /// Makes it, or brings it into line.
    Make,
    /// Attaches a pool's triggers, turns on a new one's MFA, and lowers the tier; takes scopes off a
    /// resource server.
    Finish,
    /// Deletes it.
    Delete,
    /// Writes into the root's ledger what was applied, and takes out the claims on children that were
    /// deleted, released, or not made.
    Record,
    /// Lets a child go, which its pool's record has done; of a root that is let go the tags are taken off.
    Release,
}

/// One step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The item of the plan, by its place there.
    pub item: usize,
    /// What is done.
    pub job: Job,
    /// The steps that must have been done.
    pub needs: BTreeSet<usize>,
    /// The steps that must be over, however they ended.
    pub after: BTreeSet<usize>,
}

/// The addresses that a resource depends on: what it refers to, what it lives in, and what it names
/// by its natural key (a client's providers and scopes).
#[must_use]
pub fn dependencies(stack: &Stack, resource: &Resource) -> BTreeSet<Path> {
    let mut found: BTreeSet<Path> = reference::in_value(&resource.declared)
        .into_iter()
        .filter_map(|(_, reference)| reference.0.parent())
        .filter(|address| stack.resource(address).is_some())
        .collect();
    found.extend(resource.parent.clone());
    found.extend(resource.holder());
    found.extend(rests_on(stack, resource));
    found.extend(named(stack, resource));
    found.remove(&resource.address);
    found
}

/// What AWS wants to be there before: the classic pages' look needs a domain to be shown at, and a
/// domain fails over to a replica.
pub(super) fn rests_on(stack: &Stack, resource: &Resource) -> Vec<Path> {
    let Some(pool) = &resource.parent else { return Vec::new() };
    let all = |kind: Kind| stack.children(pool, kind).map(|child| child.address.clone()).collect::<Vec<Path>>();
    match resource.kind {
        Kind::UiCustomization => {
            // Any domain will do, and a prefix is there at once.
            let is_prefix = |domain: &Path| domain.last_key().is_some_and(|key| !key.contains('.'));
            let (prefixes, others): (Vec<Path>, Vec<Path>) = all(Kind::Domain).into_iter().partition(is_prefix);
            if prefixes.is_empty() { others } else { prefixes }
        }
        Kind::Domain if resource.declared.get("routing").is_some() => all(Kind::Replica),
        _ => Vec::new(),
    }
}

/// The providers and resource servers that a client names, the providers of its pool that they are.
pub(super) fn named(stack: &Stack, resource: &Resource) -> Vec<Path> {
    let (Kind::Client, Some(pool)) = (resource.kind, &resource.parent) else { return Vec::new() };
    // What is written as a reference is named all the same, although its value is known beforehand.
    let key = |reference: &Reference| {
        let child = stack.resource(&reference.0.parent()?).filter(|child| child.parent.as_ref() == Some(pool))?;
        matches!(child.kind, Kind::IdentityProvider | Kind::ResourceServer).then(|| child.key.clone())
    };
    let texts = |property: &str| -> Vec<String> {
        let items = resource.declared.get(property).and_then(Value::as_array).into_iter().flatten();
        items.filter_map(|item| Some(reference::substitute_text(item.as_str()?, &key))).collect()
    };
    let providers = texts("supportedIdentityProviders");
    let scopes = texts("allowedOAuthScopes");
    let names = |child: &&Resource| match child.kind {
        Kind::IdentityProvider => providers.contains(&child.key),
        Kind::ResourceServer => {
            scopes.iter().any(|scope| scope.strip_prefix(child.key.as_str()).is_some_and(|rest| rest.starts_with('/')))
        }
        _ => false,
    };
    stack.inside(pool).filter(names).map(|child| child.address.clone()).collect()
}

/// All steps of a plan, in an order in which each stands behind what it waits for.
#[must_use]
pub fn steps(stack: &Stack, planned: &Planned) -> Vec<Step> {
    Graph::of(stack, planned).sorted().0
}

/// The items of a plan that wait for each other in a circle, by their places in it.
#[must_use]
pub fn circle(stack: &Stack, planned: &Planned) -> BTreeSet<usize> {
    Graph::of(stack, planned).sorted().1
}

/// Whether an action leaves a root's ledger to be written.
fn changes_tags(action: Action) -> bool {
    !matches!(action, Action::Delete | Action::Release | Action::Blocked)
}

struct Graph<'a> {
    stack: &'a Stack,
    planned: &'a Planned,
    steps: Vec<Step>,
    index: BTreeMap<(usize, Job), usize>,
    /// The items by their addresses.
    items: BTreeMap<&'a Path, usize>,
}

impl<'a> Graph<'a> {
    fn of(stack: &'a Stack, planned: &'a Planned) -> Self {
        // Of two items at one address the first one counts.
        let items = planned.plan.items.iter().enumerate().rev().map(|(number, item)| (&item.address, number)).collect();
        let mut graph = Self { stack, planned, steps: Vec::new(), index: BTreeMap::new(), items };
        graph.add_steps();
        graph.add_edges();
        graph
    }

    fn work(&self, item: usize) -> &Work {
        &self.planned.work[item]
    }

    fn action(&self, item: usize) -> Action {
        self.planned.plan.items[item].action
    }

    fn kind(&self, item: usize) -> Option<Kind> {
        self.planned.plan.items[item].kind
    }

    fn add(&mut self, item: usize, job: Job) {
        self.index.insert((item, job), self.steps.len());
        self.steps.push(Step { item, job, needs: BTreeSet::new(), after: BTreeSet::new() });
    }

    fn add_steps(&mut self) {
        for (item, shown) in self.planned.plan.items.iter().enumerate() {
            let (action, kind) = (shown.action, shown.kind);
            if kind.is_some_and(|kind| kind.parent().is_none()) && changes_tags(action) {
                let claims = |child: usize| {
                    self.kind(child).is_some()
                        && matches!(self.claimed_as(child), Action::Create | Action::Adopt | Action::Replace)
                };
                let inside: Vec<usize> = self.inside(item).collect();
                if action != Action::Create && inside.iter().any(|child| claims(*child)) {
                    self.add(item, Job::Claim);
                }
                let changes = |item: usize| !matches!(self.action(item), Action::Keep | Action::Blocked);
                if changes(item) || inside.into_iter().any(changes) || self.work(item).stale {
                    self.add(item, Job::Record);
                }
            }
            match action {
                // What AWS is still at work on is waited for.
                Action::Keep if self.work(item).is_under_way() => self.add(item, Job::Make),
                Action::Keep | Action::Blocked => {}
                Action::Delete if shown.with_parent => {}
                Action::Delete => self.add(item, Job::Delete),
                Action::Release => self.add(item, Job::Release),
                Action::Create | Action::Update | Action::Adopt => self.add(item, Job::Make),
                Action::Replace => {
                    self.add(item, Job::Clear);
                    self.add(item, Job::Make);
                }
            }
            let takes_scopes = kind == Some(Kind::ResourceServer)
                && shown.changes.iter().any(|change| change.declared.is_none())
                && matches!(action, Action::Update | Action::Adopt);
            let triggers = Path::root().key("triggers");
            let changes_triggers = kind == Some(Kind::UserPool)
                && (action == Action::Create || shown.changes.iter().any(|change| change.path.starts_with(&triggers)))
                && matches!(action, Action::Create | Action::Update | Action::Adopt);
            if takes_scopes || changes_triggers || self.lowers_tier(item) {
                self.add(item, Job::Finish);
            }
        }
    }

    /// An item's action, for the ledger: what gets another name is claimed like what is adopted.
    fn claimed_as(&self, child: usize) -> Action {
        match self.action(child) {
            Action::Update if self.work(child).former_name().is_some() => Action::Adopt,
            action => action,
        }
    }

    /// The items that live inside a pool, and the permissions of its triggers.
    fn inside(&self, pool: usize) -> impl Iterator<Item = usize> {
        let address = &self.planned.plan.items[pool].address;
        (0..self.planned.plan.items.len()).filter(move |item| self.work(*item).pool.as_ref() == Some(address))
    }

    fn step(&self, item: usize, job: Job) -> Option<usize> {
        self.index.get(&(item, job)).copied()
    }

    /// The last step that brings an item into line.
    fn made(&self, item: usize) -> Option<usize> {
        self.step(item, Job::Finish).or_else(|| self.step(item, Job::Make))
    }

    fn item_at(&self, address: &Path) -> Option<usize> {
        self.items.get(address).copied()
    }

    fn needs(&mut self, step: Option<usize>, on: Option<usize>) {
        if let (Some(step), Some(on)) = (step, on)
            && step != on
        {
            self.steps[step].needs.insert(on);
        }
    }

    /// The steps in an order in which each stands behind what it waits for, as near to the plan's
    /// order as that allows, and the items of those that cannot be ordered.
    fn sorted(self) -> (Vec<Step>, BTreeSet<usize>) {
        let mut place: BTreeMap<usize, usize> = BTreeMap::new();
        let mut order = Vec::new();
        let mut waiting: Vec<Vec<usize>> = vec![Vec::new(); self.steps.len()];
        let mut open = vec![0_usize; self.steps.len()];
        for (number, step) in self.steps.iter().enumerate() {
            for on in step.needs.union(&step.after) {
                waiting[*on].push(number);
                open[number] += 1;
            }
        }
        let mut ready: BTreeSet<usize> = (0..self.steps.len()).filter(|step| open[*step] == 0).collect();
        while let Some(next) = ready.pop_first() {
            place.insert(next, order.len());
            order.push(next);
            for step in std::mem::take(&mut waiting[next]) {
                open[step] -= 1;
                if open[step] == 0 {
                    ready.insert(step);
                }
            }
        }
        let stuck = (0..self.steps.len()).filter(|step| !place.contains_key(step));
        let circle = stuck.map(|step| self.steps[step].item).collect();
        let renumber = |steps: &BTreeSet<usize>| steps.iter().map(|step| place[step]).collect();
        let steps = order.iter().map(|step| {
            let step = &self.steps[*step];
            Step { needs: renumber(&step.needs), after: renumber(&step.after), ..*step }
        });
        (steps.collect(), circle)
    }
}
