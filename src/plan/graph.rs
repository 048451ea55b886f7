//! The order of work: which step waits for which. Some items take more than one step, so that what
//! AWS ties in a circle comes apart: a pool is made without triggers, then its functions may be
//! told of it and allow it, then the triggers are attached.
//!
//! A step *needs* another when it can only be done if that one was; it comes *after* another when
//! only the order matters.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::Action;
use super::work::{Planned, Work};
use crate::kind::Kind;
use crate::kind::user_pool::has_lower_tier;
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
    found.extend(named(stack, resource));
    found.remove(&resource.address);
    found
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

    fn add_edges(&mut self) {
        for item in 0..self.planned.plan.items.len() {
            let make = self.step(item, Job::Make);
            self.needs(make, self.step(item, Job::Clear));
            self.needs(self.step(item, Job::Finish), make);
            self.reference_edges(item);
            match self.kind(item) {
                None => self.permission_edges(item),
                Some(Kind::UserPool) => self.pool_edges(item),
                Some(Kind::IdentityProvider | Kind::ResourceServer) => self.before_clients(item),
                Some(Kind::Domain) => self.domain_edges(item),
                Some(Kind::Function) => self.function_delete_edges(item),
                _ => {}
            }
            self.child_edges(item);
        }
        self.clear_late();
        self.record_last();
    }

    /// What was applied to a root is written when all is over that was to be done to it and in it.
    fn record_last(&mut self) {
        for root in 0..self.planned.plan.items.len() {
            let Some(record) = self.step(root, Job::Record) else { continue };
            let made = self.step(root, Job::Make).filter(|_| self.action(root) == Action::Create);
            self.needs(Some(record), made);
            let items: BTreeSet<usize> = self.inside(root).chain([root]).collect();
            let steps = self.steps.iter().enumerate();
            let over = steps
                .filter(|(number, step)| items.contains(&step.item) && *number != record && step.job != Job::Release);
            let over: Vec<usize> = over.map(|(number, _)| number).collect();
            self.steps[record].after.extend(over);
        }
    }

    /// What is made anew is only deleted once all is there that its making needs.
    fn clear_late(&mut self) {
        for item in 0..self.planned.plan.items.len() {
            if let (Some(clear), Some(make)) = (self.step(item, Job::Clear), self.step(item, Job::Make)) {
                let Step { mut needs, after, .. } = self.steps[make].clone();
                needs.remove(&clear);
                self.steps[clear].needs.extend(needs);
                self.steps[clear].after.extend(after);
            }
        }
    }

    /// What a resource refers to is made before it. A pool's triggers are attached when it is
    /// finished, so what they name need not be there when it is made.
    fn reference_edges(&mut self, item: usize) {
        let Some(resource) = self.work(item).resource.clone() else { return };
        let triggers = Path::root().key("triggers");
        let make = self.step(item, Job::Make);
        for (path, reference) in reference::in_value(&resource.declared) {
            let Some(target) = reference.0.parent().and_then(|address| self.item_at(&address)) else { continue };
            let late = path.starts_with(&triggers);
            let step = if late { self.made(item) } else { make };
            // Where the value is known already, only triggers still wait: for the function's new code.
            if self.planned.known.get(&reference).is_none() || late {
                self.needs(step, self.step(target, Job::Make));
            }
        }
        for address in named(self.stack, &resource) {
            let target = self.item_at(&address).and_then(|target| self.step(target, Job::Make));
            self.needs(make, target);
        }
    }

    /// The function and the pool must be there before one lets the other in; a permission goes only
    /// when no trigger needs it.
    fn permission_edges(&mut self, item: usize) {
        let Some(pool) = self.work(item).pool.as_ref().and_then(|pool| self.item_at(pool)) else { return };
        let function = self.work(item).function.clone().unwrap_or_default();
        if self.action(item) == Action::Delete {
            let gone = self.step(pool, Job::Delete).or_else(|| self.made(pool));
            self.needs(self.step(item, Job::Delete), gone);
            return;
        }
        let add = self.step(item, Job::Make);
        if self.action(pool) == Action::Create {
            self.needs(add, self.step(pool, Job::Make));
        }
        for reference in reference::in_text(&function) {
            let target = reference.0.parent().and_then(|address| self.item_at(&address));
            self.needs(add, target.and_then(|target| self.step(target, Job::Make)));
        }
        self.needs(self.made(pool), add);
    }

    fn pool_edges(&mut self, pool: usize) {
        let delete = self.step(pool, Job::Delete);
        let children: Vec<usize> = self.inside(pool).filter(|child| self.kind(*child).is_some()).collect();
        for &child in &children {
            // A domain keeps its pool from being deleted.
            self.needs(delete, self.step(child, Job::Delete));
            self.needs(self.step(child, Job::Release), self.step(pool, Job::Record));
        }
        let clients: Vec<usize> =
            children.into_iter().filter(|child| self.kind(*child) == Some(Kind::Client)).collect();
        for item in 0..self.planned.plan.items.len() {
            if self.kind(item) == Some(Kind::IdentityPool) {
                // An identity pool lets go of the pool, or of its clients, before they go.
                let lets_go = self.step(item, Job::Delete);
                if let (Some(delete), Some(lets_go)) = (delete, lets_go) {
                    self.steps[delete].after.insert(lets_go);
                }
                for &child in &clients {
                    let lets_go = lets_go.or_else(|| self.step(item, Job::Make));
                    if let (Some(delete), Some(lets_go)) = (self.step(child, Job::Delete), lets_go) {
                        self.steps[delete].after.insert(lets_go);
                    }
                }
            }
        }
    }

    /// A child waits for its pool: for its claim, for attributes and the tier that it rests on. The
    /// tier goes down when no child needs it any more.
    fn child_edges(&mut self, item: usize) {
        let Some(pool) = self.work(item).pool.as_ref().and_then(|pool| self.item_at(pool)) else { return };
        if self.kind(item).is_none() {
            return;
        }
        let make = self.step(item, Job::Make);
        for step in [make, self.step(item, Job::Clear)] {
            self.needs(step, self.step(pool, Job::Claim));
        }
        let pool_make = self.step(pool, Job::Make);
        self.needs(pool_make, self.step(pool, Job::Claim));
        self.needs(make, pool_make);
        let lowers = self.step(pool, Job::Finish).filter(|_| self.lowers_tier(pool));
        if let Some(lowers) = lowers {
            let changed = [make, self.step(item, Job::Delete)];
            self.steps[lowers].after.extend(changed.into_iter().flatten());
        }
    }

    fn lowers_tier(&self, pool: usize) -> bool {
        let Work { live: Some(live), resource: Some(resource), .. } = self.work(pool) else { return false };
        if resource.kind != Kind::UserPool {
            return false;
        }
        let changes = &self.planned.plan.items[pool].changes;
        let tier = changes.iter().any(|change| change.path.last_key() == Some("userPoolTier"));
        tier && has_lower_tier(&self.planned.known.fill_in(&resource.declared), &live.spec)
    }

    /// A provider or scope goes only when no client of the pool names it any more.
    fn before_clients(&mut self, item: usize) {
        let pool = self.work(item).pool.clone();
        let goes = self.step(item, Job::Delete).or_else(|| self.step(item, Job::Finish));
        let Some(goes) = goes else { return };
        for client in 0..self.planned.plan.items.len() {
            if self.kind(client) == Some(Kind::Client) && self.work(client).pool == pool {
                let lets_go = [self.step(client, Job::Make), self.step(client, Job::Delete)];
                for lets_go in lets_go.into_iter().flatten() {
                    self.needs(Some(goes), Some(lets_go));
                }
            }
        }
    }

    /// A pool has one domain of each kind, so the old one goes before the new one comes; and a domain
    /// is one pool's, so it leaves that pool before it comes to another.
    fn domain_edges(&mut self, item: usize) {
        let make = self.step(item, Job::Make);
        let key = |item: usize| self.planned.plan.items[item].address.last_key().unwrap_or_default();
        for other in 0..self.planned.plan.items.len() {
            let same_pool = self.work(other).pool == self.work(item).pool;
            let same_place = same_pool && key(other).contains('.') == key(item).contains('.');
            if self.kind(other) == Some(Kind::Domain) && (same_place || key(other) == key(item)) {
                self.needs(make, self.step(other, Job::Delete));
            }
        }
    }

    /// A function goes only when no pool of the plan invokes it any more.
    fn function_delete_edges(&mut self, item: usize) {
        let delete = self.step(item, Job::Delete);
        for pool in 0..self.planned.plan.items.len() {
            if self.kind(pool) == Some(Kind::UserPool) {
                self.needs(delete, self.step(pool, Job::Delete).or_else(|| self.made(pool)));
            }
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
