//! A plan: what is done to each resource and why, as data. What is shown is what is executed.

pub mod build;
pub mod cause;
pub mod drift;
pub mod graph;
pub mod known;
pub mod ledger;
mod reasons;
pub mod target;
#[cfg(test)]
mod tests;
pub mod work;

use serde_json::Value;

use crate::kind::Kind;
use crate::path::Path;
pub use cause::Cause;

/// What is done to a resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Action {
    /// Nothing: it is as declared.
    Keep,
    /// It is made.
    Create,
    /// It is changed in place.
    Update,
    /// It exists, is made this stack's own, and brought into line.
    Adopt,
    /// It is deleted and made anew.
    Replace,
    /// It is deleted.
    Delete,
    /// It stays as it is, and is not the stack's own any more.
    Release,
    /// Something stands in the way; the item's `blocked` says what.
    Blocked,
}

impl Action {
    /// The word and the symbol that stand for it.
    #[must_use]
    pub fn word_and_symbol(self) -> (&'static str, char) {
        match self {
            Action::Keep => ("keep", ' '),
            Action::Create => ("create", '+'),
            Action::Update => ("update", '~'),
            Action::Adopt => ("adopt", '>'),
            Action::Replace => ("replace", '±'),
            Action::Delete => ("delete", '-'),
            Action::Release => ("release", '<'),
            Action::Blocked => ("blocked", '!'),
        }
    }
}

/// One difference between live and declared.
#[derive(Clone, PartialEq)]
pub struct Change {
    /// The property, relative to the resource.
    pub path: Path,
    /// What is live; none where it is absent.
    pub live: Option<Value>,
    /// What is declared (or AWS's default); none where it is absent. May hold open references.
    pub declared: Option<Value>,
    /// Whether neither value may be shown.
    pub secret: bool,
}

/// What the plan says of one resource.
#[derive(Clone)]
pub struct Item {
    /// Its address. One that was removed from the file keeps the address that it had.
    pub address: Path,
    /// Its kind; none for an invoke permission, which is part of a pool's triggers.
    pub kind: Option<Kind>,
    /// What is done.
    pub action: Action,
    /// Why it is not as declared; none where it is.
    pub cause: Option<Cause>,
    /// The id of what is live, if something is.
    pub id: Option<String>,
    /// The differences. For a create all that is declared, with nothing live.
    pub changes: Vec<Change>,
    /// What stands in the way, each with what AWS or the user can do about it.
    pub blocked: Vec<String>,
    /// What the user must know before saying yes: what is lost, what breaks.
    pub warnings: Vec<String>,
    /// Whether it goes by itself, with its parent's deletion, and needs no call of its own.
    pub with_parent: bool,
}

/// A live child that neither the file nor the ledger knows.
#[derive(Clone, PartialEq)]
pub struct UnmanagedChild {
    /// The address that it would have.
    pub address: Path,
    /// Its kind.
    pub kind: Kind,
    /// Its id or key.
    pub id: String,
    /// What it is like beyond AWS's defaults, as the changes that would make it; empty where that was
    /// not read.
    pub properties: Vec<Change>,
}

/// The difference between one stack and what is live.
#[derive(Clone)]
pub struct Plan {
    /// `<stack>` or `<stack>/<environment>`.
    pub stack: String,
    /// The region that was read.
    pub region: String,
    /// The account that was read.
    pub account: String,
    /// What is done, in the order in which it is shown; resources that are as declared too.
    pub items: Vec<Item>,
    /// Children made by other hands.
    pub unmanaged: Vec<UnmanagedChild>,
    /// What is not as declared, and left for another plan, with why it differs.
    pub left: Vec<(Path, Cause)>,
    /// Roots whose ledger is lost or damaged.
    pub lost: Vec<Path>,
    /// What the user should know of how the plan came about.
    pub notes: Vec<String>,
    /// How many API calls were made to read what is live.
    pub calls: usize,
}

impl Plan {
    /// How many items have this action. What is left although it is not as declared is no item to keep.
    #[must_use]
    pub fn count(&self, action: Action) -> usize {
        let counts = |item: &&Item| item.action == action && (action != Action::Keep || item.cause.is_none());
        self.items.iter().filter(counts).count()
    }

    /// Whether anything would be done.
    #[must_use]
    pub fn has_changes(&self) -> bool {
        self.items.iter().any(|item| item.action != Action::Keep)
    }

    /// Whether anything stands in the way, so that nothing of it may be applied.
    #[must_use]
    pub fn is_blocked(&self) -> bool {
        self.items.iter().any(|item| item.action == Action::Blocked)
    }
}

/// How one item of a plan came out.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// The item's address.
    pub address: Path,
    /// The item's action.
    pub action: Action,
    /// What happened.
    pub result: StepResult,
}

/// What happened to one item of a plan.
#[derive(Debug, Clone)]
pub enum StepResult {
    /// It was done, and seen to be so.
    Done,
    /// It failed.
    Failed(crate::error::Error),
    /// It was not tried, since this address failed first.
    NotTried(Path),
    /// It was not started, since the run was interrupted.
    Interrupted,
}

/// What an apply or a destroy did.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// Each item that had something to do, in the order of the plan.
    pub outcomes: Vec<Outcome>,
    /// How many API calls were made, reads and writes.
    pub calls: usize,
}

impl Report {
    /// Whether all was done.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.outcomes.iter().all(|outcome| matches!(outcome.result, StepResult::Done))
    }
}
