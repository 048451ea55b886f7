//! What the ledger of a root is to hold: the claims on what the plan makes and keeps in it, and what
//! was applied. A function from values to values; the plan asks it whether a ledger is up to date,
//! and the engine what to write.

use std::collections::BTreeSet;

use super::work::{Planned, Work};
use super::{Action, Item};
use crate::kind::Kind;
use crate::live::Live;
use crate::ownership::ledger::tags_of;
use crate::ownership::{self, Claimed, Condition, Ledger, Record, Tags};
use crate::path::Path;
use crate::stack::{Resource, Stack};

/// What has come of a plan's items by the moment that a ledger is written.
pub struct SoFar<'a> {
    /// The digest of an item, by its place in the plan, that is as declared by now.
    pub digest: &'a dyn Fn(usize) -> Option<String>,
    /// The digest of what AWS never shows of an item, where that was sent by now.
    pub hidden: &'a dyn Fn(usize) -> Option<String>,
    /// Whether a child is known not to be there.
    pub is_gone: &'a dyn Fn(Kind, &str) -> bool,
    /// A function as a trigger names it, with what is known filled in.
    pub function: &'a dyn Fn(&str) -> String,
}

/// The digest that stands for a permission which is there.
const ALLOWED: &str = "______";

/// The ledger that a root, by its place in the plan, is to have: what it held on what is there, the
/// claims on all that the plan makes, what another run has written since this one read it (`now`
/// is what it holds at this moment), and what was applied; nothing on what is known to be gone.
/// `users` is the number of tags that the user has on it.
#[must_use]
pub fn wanted(stack: &Stack, planned: &Planned, root: usize, now: &Ledger, users: usize, so_far: &SoFar) -> Ledger {
    let work = &planned.work[root];
    let address = &planned.plan.items[root].address;
    let before = work.live.as_ref().map(|live| Ledger::read(&live.tags)).unwrap_or_default();
    let mut ledger = if work.owned { before.renewed() } else { Ledger::default() };
    let permissions = permissions(planned, address, so_far);
    let whole = |kind, key| [Claimed::Child(kind, key), Claimed::Hidden(kind, key)];
    let there = work.inside.iter().flat_map(|(kind, key)| whole(*kind, key));
    let declared = stack.inside(address).flat_map(|child| whole(child.kind, child.natural_key()));
    let allowing = permissions.iter().map(|(function, _)| Claimed::Permission(function));
    ledger.keep_only(there.chain(declared).chain(allowing));
    if work.owned && before.condition() == Condition::Lost {
        // What is declared and there is the stack's, whatever of it is in this plan.
        for child in stack.inside(address).filter(|child| work.inside.iter().any(|there| is(there, child))) {
            ledger.doubt(Claimed::Child(child.kind, child.natural_key()));
        }
    }
    let inside: Vec<(usize, &Item, Claimed)> = inside(planned, address).collect();
    for (number, item, child) in &inside {
        keep_hidden(&mut ledger, planned.work[*number].live.as_ref(), child);
        match item.action {
            // Between its end and its new beginning it is gone, and nobody deleted it.
            Action::Replace => ledger.begin(*child),
            _ => ledger.claim(*child),
        }
    }
    ledger.take_changes(&before, now);
    for (number, _, child) in &inside {
        if let Some(digest) = (so_far.digest)(*number) {
            ledger.apply(*child, digest);
        }
    }
    for (number, _, child) in &inside {
        if let (Some(digest), Claimed::Child(kind, key)) = ((so_far.hidden)(*number), child) {
            ledger.apply(Claimed::Hidden(*kind, key), digest);
        }
    }
    for child in namesakes(stack, address) {
        ledger.forget(child);
    }
    if let Some(digest) = (so_far.digest)(root) {
        ledger.set_root(digest);
    }
    for (function, _) in permissions.iter().filter(|(_, allows)| *allows) {
        ledger.apply(Claimed::Permission(function), ALLOWED);
    }
    for (item, work) in planned.plan.items.iter().zip(&planned.work) {
        if let (Action::Release, Some(live), true) = (item.action, &work.live, work.pool.as_ref() == Some(address)) {
            ledger.remove(Claimed::Child(live.kind, &live.key));
            ledger.remove(Claimed::Hidden(live.kind, &live.key));
        }
    }
    // What somebody deleted stays remembered until it is made anew.
    let was_applied = |kind, key| {
        let record = before.record(Claimed::Child(kind, key));
        let made = |(_, item, child): &(usize, &Item, Claimed)| {
            item.action == Action::Create && *child == Claimed::Child(kind, key)
        };
        matches!(record, Some(Record::Applied(_))) && work.owned && inside.iter().any(made)
    };
    for (kind, key) in inside_or_there(work, &inside) {
        if (so_far.is_gone)(kind, key) && !was_applied(kind, key) {
            ledger.remove(Claimed::Child(kind, key));
            ledger.remove(Claimed::Hidden(kind, key));
        }
    }
    ledger.fitted(users)
}

/// What is remembered of what AWS never shows goes along with a client's new name.
fn keep_hidden(ledger: &mut Ledger, live: Option<&Live>, child: &Claimed) {
    let (Some(live), Claimed::Child(kind, key)) = (live, child) else { return };
    if live.key != *key
        && let Some(digest) = ledger.hidden(live.kind, &live.key).map(str::to_owned)
    {
        ledger.apply(Claimed::Hidden(*kind, key), digest);
    }
}

fn is((kind, key): &(Kind, String), child: &Resource) -> bool {
    (*kind, key.as_str()) == (child.kind, child.natural_key())
}

/// The children of a pool that share one claim, since they have one name: what was applied to which
/// of them cannot be told.
fn namesakes<'a>(stack: &'a Stack, pool: &'a Path) -> Vec<Claimed<'a>> {
    let mut seen = BTreeSet::new();
    let again = stack.inside(pool).filter(|child| !seen.insert((child.kind, child.natural_key())));
    again.map(|child| Claimed::Child(child.kind, child.natural_key())).collect()
}

fn inside_or_there<'a>(work: &'a Work, inside: &[(usize, &Item, Claimed<'a>)]) -> Vec<(Kind, &'a str)> {
    let there = work.inside.iter().map(|(kind, key)| (*kind, key.as_str()));
    let planned = inside.iter().filter_map(|(_, _, child)| match child {
        Claimed::Child(kind, key) => Some((*kind, *key)),
        Claimed::Hidden(..) | Claimed::Permission(_) => None,
    });
    there.chain(planned).collect()
}

/// The children of a pool that the plan makes or keeps.
fn inside<'a>(planned: &'a Planned, pool: &'a Path) -> impl Iterator<Item = (usize, &'a Item, Claimed<'a>)> {
    planned.plan.items.iter().zip(&planned.work).enumerate().filter_map(move |(number, (item, work))| {
        let (kind, resource) = (item.kind?, work.resource.as_ref()?);
        let stays = !matches!(item.action, Action::Delete | Action::Blocked) && !work.left;
        (stays && work.pool.as_ref() == Some(pool))
            .then(|| (number, item, Claimed::Child(kind, resource.natural_key())))
    })
}

/// The functions whose permission the plan keeps or adds, and whether they let the pool in by now.
fn permissions(planned: &Planned, pool: &Path, so_far: &SoFar) -> Vec<(String, bool)> {
    let mut found = Vec::new();
    for (number, (item, work)) in planned.plan.items.iter().zip(&planned.work).enumerate() {
        if &item.address == pool {
            found.extend(work.allowed.iter().map(|function| (function.clone(), true)));
        }
        if let Some(function) = &work.function
            && item.kind.is_none()
            && item.action != Action::Delete
            && work.pool.as_ref() == Some(pool)
        {
            found.push(((so_far.function)(function), (so_far.digest)(number).is_some()));
        }
    }
    found
}

/// Looks whether the ledgers are as they are to be. Of a `whole` plan the roots that are as declared,
/// with all that is inside, while their ledger is not, are marked, so that the next apply writes it
/// anew; a plan that leaves something out does not know what to write.
pub(super) fn look(stack: &Stack, planned: &mut Planned, whole: bool) {
    let mut forgotten = Vec::new();
    let mut stale = Vec::new();
    for root in 0..planned.plan.items.len() {
        let (item, work) = (&planned.plan.items[root], &planned.work[root]);
        let (Some(live), true, Some(_)) = (&work.live, work.owned && work.pool.is_none(), &work.resource) else {
            continue;
        };
        let now = Ledger::read(&live.tags);
        match now.condition() {
            Condition::Sound => {}
            // Earlier versions gave none to what holds no children.
            Condition::Lost if live.kind != Kind::UserPool && tags_of(&live.tags).is_empty() => {
                forgotten.push((item.address.clone(), Condition::Older));
            }
            condition => forgotten.push((item.address.clone(), condition)),
        }
        let settled = |(other, work): (&Item, &Work)| {
            let belongs = other.address == item.address || work.pool.as_ref() == Some(&item.address);
            !belongs || (other.action == Action::Keep && !work.left)
        };
        if whole && planned.plan.items.iter().zip(&planned.work).all(settled) {
            let kept = |number: usize| planned.work[number].digest.clone();
            let so_far = SoFar { digest: &kept, hidden: &|_| None, is_gone: &|_, _| false, function: &str::to_owned };
            let users = users(&live.tags);
            let wanted = wanted(stack, planned, root, &now, users, &so_far);
            if wanted.tags() != tags_of(&live.tags) {
                if now.condition() == Condition::Sound {
                    stale.push(item.address.clone());
                }
                planned.work[root].stale = true;
            }
        }
    }
    planned.plan.notes.extend(notes(&forgotten, &stale));
    let lost = forgotten.into_iter().filter(|(_, condition)| *condition == Condition::Lost);
    planned.plan.lost = lost.map(|(address, _)| address).collect();
}

/// How many tags a root has that are the user's.
#[must_use]
pub fn users(tags: &Tags) -> usize {
    tags.keys().filter(|key| ownership::is_users(key)).count()
}

fn notes(forgotten: &[(Path, Condition)], stale: &[Path]) -> Vec<String> {
    let listed = |addresses: BTreeSet<&Path>| -> Option<String> {
        let names: Vec<String> = addresses.into_iter().map(ToString::to_string).collect();
        (!names.is_empty()).then(|| names.join(", "))
    };
    let of = |condition| forgotten.iter().filter(move |(_, found)| *found == condition).map(|(address, _)| address);
    let older = listed(of(Condition::Older).collect()).map(|names| {
        format!(
            "an earlier version of poolkeeper applied {names}, so why something differs is not known; the next apply notes what it applies"
        )
    });
    let lost = listed(of(Condition::Lost).collect()).map(|names| {
        format!(
            "the ledger of {names} is lost or damaged: why something differs is not known, and nothing is deleted for being taken out of the file; the next apply writes it anew"
        )
    });
    let stale = listed(stale.iter().collect())
        .map(|names| format!("the ledger of {names} is not up to date; the next apply writes it anew"));
    [older, lost, stale].into_iter().flatten().collect()
}
