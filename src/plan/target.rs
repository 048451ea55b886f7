//! What the options name: which items `--target` leaves of a plan, and slips of the pen.

use std::collections::BTreeSet;

use super::work::{Options, Planned, Work};
use super::{Action, Item, UnmanagedChild, graph};
use crate::error::Error;
use crate::path::Path;
use crate::stack::{Stack, suggest};

/// The first option that names what is in none of the plans, or what it is not for: a slip that
/// could go unnoticed.
#[must_use]
pub fn slip(options: &Options, plans: &[&Planned]) -> Option<Error> {
    let Options { targets, allow_delete, replace, create, take_over, keep, .. } = options;
    let there =
        |address: &Path| plans.iter().any(|planned| planned.addresses.iter().any(|there| there.starts_with(address)));
    let stacks = |address: &Path| -> Vec<&str> {
        let with = plans.iter().filter(|planned| planned.addresses.contains(address));
        with.map(|planned| planned.plan.stack.as_str()).collect()
    };
    let known: Vec<String> = plans.iter().flat_map(|planned| &planned.addresses).map(ToString::to_string).collect();
    let is_root = |address: &Path| address.segments().len() == 2;
    let removed = |address: &Path| {
        let items = || plans.iter().flat_map(|planned| planned.plan.items.iter().zip(&planned.work));
        items().any(|(item, work)| item.address == *address && work.live.is_some() && work.resource.is_none())
    };
    let released = |address: &Path| {
        let mut items = plans.iter().flat_map(|planned| &planned.plan.items);
        items.any(|item| item.address == *address && item.action == Action::Release)
    };
    let named = [
        ("--target", targets),
        ("--allow-delete", allow_delete),
        ("--replace", replace),
        ("--create", create),
        ("--take-over", take_over),
        ("--keep", keep),
    ];
    let mut named =
        named.iter().flat_map(|(option, addresses)| addresses.iter().map(move |address| (*option, address)));
    named.find_map(|(option, address)| {
        let what = format!("{option} {address}");
        match option {
            "--keep" if !released(address) => {
                Some(Error::refused(format!("{what} names nothing that would be deleted")).with_help(
                    "it is for what was removed from the file; what lives inside a pool that is deleted goes with it",
                ))
            }
            "--keep" if allow_delete.contains(address) => Some(
                Error::refused(format!("{what} and --allow-delete {address} say opposite things"))
                    .with_help("say the one that is meant"),
            ),
            _ if !there(address) => {
                let error = Error::refused(format!("{what} names nothing that is declared or live"));
                Some(match suggest::help(&address.to_string(), known.iter().map(String::as_str)) {
                    Some(help) => error.with_help(help),
                    None => error,
                })
            }
            "--allow-delete" | "--replace" | "--create" | "--take-over" | "--keep" if stacks(address).len() > 1 => Some(
                Error::refused(format!("{what} is in several of these stacks: {}", stacks(address).join(", ")))
                    .with_help("what cannot be undone is done for one stack at a time: give that stack alone"),
            ),
            "--replace" if is_root(address) => Some(Error::refused(format!("{what} is not possible")).with_help(
                "only what lives inside a pool can be replaced; what a pool or function cannot change in place is blocked",
            )),
            "--allow-delete" | "--create" if !is_root(address) => Some(
                Error::refused(format!("{what} is of no use"))
                    .with_help("it is for user pools and identity pools; what lives inside a pool needs no such word"),
            ),
            "--take-over" if !is_root(address) => Some(Error::refused(format!("{what} is of no use")).with_help(
                "it is for user pools, identity pools and functions; what lives inside a pool is adopted with it",
            )),
            "--take-over" if removed(address) => Some(
                Error::refused(format!("{what} names nothing that the file declares"))
                    .with_help("what is taken over must be in the file"),
            ),
            _ => None,
        }
    })
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
