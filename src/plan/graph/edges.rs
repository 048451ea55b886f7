//! Which step waits for which, kind by kind.

use std::collections::BTreeSet;

use super::{Action, Graph, Job, Step, Work, named, rests_on};
use crate::kind::Kind;
use crate::kind::user_pool::has_lower_tier;
use crate::path::Path;
use crate::reference;
use crate::stack::Resource;

impl Graph<'_> {
    pub(super) fn add_edges(&mut self) {
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
                Some(Kind::Replica) => self.replica_edges(item),
                _ => {}
            }
            self.child_edges(item);
            if self.kind(item).is_some_and(Kind::is_facet) {
                self.facet_edges(item);
            }
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
        for address in named(self.stack, &resource).into_iter().chain(rests_on(self.stack, &resource)) {
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
        // Where a domain lets go of a replica, the pool may wait for that: it has all that such a domain needs.
        if !self.fails_over(item) {
            self.needs(make, pool_make);
        }
        let lowers = self.step(pool, Job::Finish).filter(|_| self.lowers_tier(pool));
        if let Some(lowers) = lowers {
            let changed = [make, self.step(item, Job::Delete)];
            self.steps[lowers].after.extend(changed.into_iter().flatten());
        }
    }

    pub(super) fn lowers_tier(&self, pool: usize) -> bool {
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

    /// A client's facet waits for a client that is made. What goes, goes while the pool still has what
    /// it rests on, and while there is a domain.
    fn facet_edges(&mut self, facet: usize) {
        let Some(pool) = self.work(facet).pool.clone() else { return };
        let client = self.work(facet).resource.as_ref().and_then(Resource::client);
        let client = client.and_then(|client| self.item_at(&client));
        let made = client.filter(|client| matches!(self.action(*client), Action::Create | Action::Replace));
        self.needs(self.step(facet, Job::Make), made.and_then(|client| self.step(client, Job::Make)));
        let goes = [Job::Delete, Job::Clear].into_iter().find_map(|job| self.step(facet, job));
        let Some(goes) = goes else { return };
        if self.kind(facet) == Some(Kind::UiCustomization) {
            for domain in 0..self.planned.plan.items.len() {
                let same_pool = self.work(domain).pool.as_ref() == Some(&pool);
                if self.kind(domain) == Some(Kind::Domain) && same_pool {
                    self.comes_after(self.step(domain, Job::Delete), goes);
                }
            }
        }
        let rests = self.kind(facet) != Some(Kind::Replica) || self.changes(&pool, "keyConfiguration");
        if rests && self.action(facet) == Action::Delete {
            let pool = self.item_at(&pool).and_then(|pool| self.step(pool, Job::Make));
            self.comes_after(pool, goes);
        }
    }

    fn comes_after(&mut self, step: Option<usize>, other: usize) {
        if let Some(step) = step {
            self.steps[step].after.insert(other);
        }
    }

    /// Whether the plan changes a top-level property of what is at an address.
    fn changes(&self, address: &Path, property: &str) -> bool {
        let item = self.item_at(address).map(|item| &self.planned.plan.items[item]);
        let property = Path::root().key(property);
        item.is_some_and(|item| item.changes.iter().any(|change| change.path.starts_with(&property)))
    }

    /// A replica is a copy of the pool as it is when it is finished, and goes when no domain fails over
    /// to it any more. A pool has one, so the old one goes before the new one comes.
    fn replica_edges(&mut self, replica: usize) {
        let Some(pool) = self.work(replica).pool.clone() else { return };
        let finished = self.item_at(&pool).filter(|pool| !self.lowers_tier(*pool)).and_then(|pool| self.made(pool));
        self.needs(self.step(replica, Job::Make), finished);
        let goes = self.step(replica, Job::Delete).or_else(|| self.step(replica, Job::Clear));
        let in_pool: Vec<usize> =
            (0..self.planned.plan.items.len()).filter(|item| self.work(*item).pool.as_ref() == Some(&pool)).collect();
        for other in in_pool {
            match self.kind(other) {
                Some(Kind::Domain) if self.action(replica) == Action::Delete => {
                    // Which domain fails over is not known where they are not read, as in a destroy.
                    if let Some(lets_go) = self.step(other, Job::Delete) {
                        self.comes_after(goes, lets_go);
                    }
                    self.needs(goes, self.step(other, Job::Make).filter(|_| self.fails_over(other)));
                }
                Some(Kind::Replica) => self.needs(self.step(replica, Job::Make), self.step(other, Job::Delete)),
                _ => {}
            }
        }
    }

    /// Whether it is a domain that fails over to a replica by now.
    fn fails_over(&self, item: usize) -> bool {
        let live = self.work(item).live.as_ref().filter(|live| live.kind == Kind::Domain);
        live.is_some_and(|live| live.spec.get("routing").is_some())
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
}
