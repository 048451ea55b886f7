//! Drift: what somebody did live since the last apply, told apart from what the file still wants.
//! It is read off a plan, so that what `ignoreChanges` and `unmanaged: ignore` say holds here too.

use std::collections::BTreeSet;

use super::work::Work;
use super::{Action, Cause, Item, Plan, UnmanagedChild, graph};
use crate::path::Path;
use crate::stack::Stack;

/// A plan, sorted by who made the differences.
pub struct Drift<'a> {
    /// What was changed live; the file may have changed too.
    pub changed: Vec<&'a Item>,
    /// What was deleted live.
    pub deleted: Vec<&'a Item>,
    /// Roots that are not live: never applied, or deleted.
    pub not_live: Vec<&'a Item>,
    /// What differs, and what was applied is not known.
    pub unknown: Vec<&'a Item>,
    /// Roots whose ledger somebody took away or damaged.
    pub lost: &'a [Path],
    /// Children made by other hands.
    pub unmanaged: &'a [UnmanagedChild],
    /// What the file still wants, and nobody changed live.
    pub pending: Vec<&'a Item>,
}

impl<'a> Drift<'a> {
    /// What drifted, by a plan.
    #[must_use]
    pub fn of(plan: &'a Plan) -> Self {
        let with = |wanted: &dyn Fn(Cause) -> bool| -> Vec<&'a Item> {
            plan.items.iter().filter(|item| item.cause.is_some_and(wanted)).collect()
        };
        let mut not_live = with(&|cause| cause == Cause::NotLive);
        // What is inside is not live either, which goes without saying.
        not_live.retain(|item| item.kind.is_some_and(|kind| kind.parent().is_none()));
        let mut unknown = with(&|cause| cause == Cause::Unknown);
        // What would only be claimed anew is as it is declared.
        unknown.retain(|item| item.id.is_none() || !item.changes.is_empty() || !item.blocked.is_empty());
        Self {
            changed: with(&|cause| matches!(cause, Cause::Drift | Cause::Both)),
            deleted: with(&|cause| cause == Cause::DeletedLive),
            not_live,
            unknown,
            lost: &plan.lost,
            unmanaged: &plan.unmanaged,
            pending: with(&Cause::is_pending),
        }
    }

    /// Whether nobody did anything, as far as it can be known.
    #[must_use]
    pub fn is_none(&self) -> bool {
        let Self { changed, deleted, not_live, unknown, lost, unmanaged, pending: _ } = self;
        let none = [changed, deleted, not_live, unknown].iter().all(|items| items.is_empty());
        none && lost.is_empty() && unmanaged.is_empty()
    }
}

/// Leaves of a plan's items only those whose one cause is drift, and gives those that are left for
/// another apply. A pool that something is corrected in stays as it is. What needs
/// something that is not there yet and is not made now is left too.
pub(super) fn keep_only_drift(stack: &Stack, items: &mut Vec<(Item, Work)>) -> Vec<(Path, Cause)> {
    let mut kept: BTreeSet<Path> = items
        .iter()
        .filter(|(item, _)| item.cause.is_some_and(Cause::is_only_drift))
        .map(|(item, _)| item.address.clone())
        .collect();
    loop {
        let missing = |address: &Path| {
            let there = |action| matches!(action, Action::Keep | Action::Update);
            let absent = |(item, _): &(Item, Work)| item.address == *address && !there(item.action);
            !kept.contains(address) && items.iter().any(absent)
        };
        let unmet = items.iter().find(|(item, work)| {
            let needs = work.resource.iter().flat_map(|resource| graph::dependencies(stack, resource));
            kept.contains(&item.address) && needs.chain(work.pool.clone()).any(|address| missing(&address))
        });
        match unmet.map(|(item, _)| item.address.clone()) {
            Some(address) => kept.remove(&address),
            None => break,
        };
    }
    let around: BTreeSet<Path> = items
        .iter()
        .filter(|(item, _)| kept.contains(&item.address))
        .filter_map(|(_, work)| work.pool.clone())
        .collect();
    let mut left = Vec::new();
    items.retain_mut(|(item, work)| {
        if item.action == Action::Keep || kept.contains(&item.address) {
            return true;
        }
        left.push((item.address.clone(), item.cause.unwrap_or(Cause::Unknown)));
        item.action = Action::Keep;
        item.blocked.clear();
        work.left = true;
        around.contains(&item.address)
    });
    left
}
