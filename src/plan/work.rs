//! What a plan is made by and worked off with: what the user allows, and what stands behind each item.

use std::collections::BTreeSet;

use super::Plan;
use super::known::Known;
use crate::kind::Kind;
use crate::live::Live;
use crate::path::Path;
use crate::stack::Resource;

/// What the user allows beyond the ordinary, by address.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Options {
    /// Only these, with what is inside them and what they depend on; all where empty.
    pub targets: Vec<Path>,
    /// Pools that may be deleted.
    pub allow_delete: Vec<Path>,
    /// Children that may be deleted and made anew.
    pub replace: Vec<Path>,
    /// Roots that are made although one with their name is live.
    pub create: Vec<Path>,
    /// Roots that become the stack's own although another stack has them.
    pub take_over: Vec<Path>,
    /// What was removed from the file, and stays.
    pub keep: Vec<Path>,
    /// Whether everything that the stack owns is to go.
    pub destroy: bool,
    /// Whether it is only asked what others did live: what they made is looked at closely, and stays.
    pub drift: bool,
    /// Whether only what drifted is corrected.
    pub only_drift: bool,
}

/// What an item of the plan works with. Not shown.
#[derive(Clone, Default)]
pub struct Work {
    /// What the file declares.
    pub resource: Option<Resource>,
    /// What is live.
    pub live: Option<Live>,
    /// Whether live carries the stack's tags already, for roots.
    pub owned: bool,
    /// For an invoke permission, the function as the trigger names it; may still be open.
    pub function: Option<String>,
    /// For a child or a permission, the address of the pool.
    pub pool: Option<Path>,
    /// Whether the ledger of a root that is as declared is not as it is to be.
    pub stale: bool,
    /// What the ledger remembers of it once it is as declared; none where not all of it is known.
    pub digest: Option<String>,
    /// On a pool, the functions of its triggers that let it in.
    pub allowed: Vec<String>,
    /// Whether it is left as it is although it is not as declared.
    pub left: bool,
    /// On a pool, the kinds and keys of all that is live in it.
    pub inside: Vec<(Kind, String)>,
}

impl Work {
    /// The name by which a child that is renamed in place is known in its pool so far. A client's facets
    /// follow it.
    #[must_use]
    pub fn former_name(&self) -> Option<&str> {
        let (resource, live) = (self.resource.as_ref()?, self.live.as_ref()?);
        let has_name = resource.parent.is_some() && !resource.kind.is_facet();
        (has_name && resource.natural_key() != live.key).then_some(&live.key)
    }

    /// Whether AWS is still at work on something that is declared, which an apply waits for.
    #[must_use]
    pub fn is_under_way(&self) -> bool {
        self.resource.is_some() && self.live.as_ref().is_some_and(|live| live.under_way().is_some())
    }
}

/// A plan and what its items work with, in the same order.
#[derive(Clone)]
pub struct Planned {
    /// What is shown.
    pub plan: Plan,
    /// What each item works with.
    pub work: Vec<Work>,
    /// What references stand for before anything is done.
    pub known: Known,
    /// All addresses of the stack, declared and live, whatever `--target` leaves of the plan.
    pub addresses: BTreeSet<Path>,
}
