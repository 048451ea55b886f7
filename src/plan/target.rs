//! What the options name: which items `--target` leaves of a plan, and slips of the pen.

use std::collections::BTreeSet;

use super::build::{Options, Planned, Work};
use super::{Item, UnmanagedChild, graph};
use crate::path::Path;
use crate::stack::Stack;

/// The first option that names what is in none of the plans: a slip that could go unnoticed.
#[must_use]
pub fn slip<'a>(options: &'a Options, plans: &[&Planned]) -> Option<(&'static str, &'a Path)> {
    let Options { targets, allow_delete, replace, create, .. } = options;
    let there =
        |address: &Path| plans.iter().any(|planned| planned.addresses.iter().any(|there| there.starts_with(address)));
    [("--target", targets), ("--allow-delete", allow_delete), ("--replace", replace), ("--create", create)]
        .into_iter()
        .find_map(|(option, addresses)| Some((option, addresses.iter().find(|address| !there(address))?)))
}

/// Leaves only what is named by `--target`, with what is inside it and what it depends on; all where
/// nothing is named.
pub(super) fn keep_targets(
    stack: &Stack,
    options: &Options,
    items: &mut Vec<(Item, Work)>,
    unmanaged: &mut Vec<UnmanagedChild>,
) {
    if options.targets.is_empty() {
        return;
    }
    let named = |address: &Path| options.targets.iter().any(|target| address.starts_with(target));
    let mut open: Vec<Path> =
        items.iter().map(|(item, _)| item.address.clone()).filter(|address| named(address)).collect();
    let mut kept: BTreeSet<Path> = BTreeSet::new();
    while let Some(address) = open.pop() {
        let Some((_, work)) = items.iter().find(|(item, _)| item.address == address) else { continue };
        if !kept.insert(address.clone()) {
            continue;
        }
        // What goes does not take along what it lives in.
        open.extend(work.pool.clone().filter(|_| !options.destroy));
        if let Some(resource) = &work.resource {
            open.extend(graph::dependencies(stack, resource));
            // A pool's triggers need their permissions.
            let permissions = items.iter().filter(|(_, other)| other.function.is_some());
            let permissions = permissions.filter(|(_, other)| other.pool.as_ref() == Some(&address));
            open.extend(permissions.map(|(item, _)| item.address.clone()));
        }
    }
    items.retain(|(item, _)| kept.contains(&item.address));
    unmanaged.retain(|child| named(&child.address));
}
