//! Why a resource is not as declared: because the file changed since it was applied, because
//! somebody changed it live, or both. The ledger's digests tell which.

use serde_json::Value;

use super::known::{not_given, secret_paths};
use crate::diff::{self, Difference, Partial};
use crate::kind::Kind;
use crate::live::{Live, Root};
use crate::ownership::digest::digest;
use crate::ownership::{Claimed, Condition, Record, hidden};
use crate::path::Path;
use crate::reference;
use crate::stack::Resource;

/// Why a resource is not as declared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Cause {
    /// It is live as it was applied: the file changed.
    Pending,
    /// It is live as it was applied, and what it refers to is made, or made anew.
    Follows,
    /// It was never applied: it is new in the file, or an apply did not get so far.
    New,
    /// The file is as it was applied: somebody changed it live.
    Drift,
    /// Both changed.
    Both,
    /// It was applied, and somebody deleted it live.
    DeletedLive,
    /// An apply that was to make it was cut off.
    Interrupted,
    /// Neither it nor what it lives in is live: it was never applied, or deleted.
    NotLive,
    /// It was taken out of the file.
    Removed,
    /// Somebody else made it.
    Unmanaged,
    /// What was applied is not known.
    Unknown,
}

impl Cause {
    /// The word that stands for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Cause::Pending | Cause::Follows | Cause::New => "pending",
            Cause::Drift => "drift",
            Cause::Both => "both",
            Cause::DeletedLive => "deleted-live",
            Cause::Interrupted => "interrupted",
            Cause::NotLive => "not-live",
            Cause::Removed => "removed",
            Cause::Unmanaged => "unmanaged",
            Cause::Unknown => "unknown",
        }
    }

    /// What it says, in a few words.
    #[must_use]
    pub fn told(self) -> &'static str {
        match self {
            Cause::Pending => "the file changed",
            Cause::Follows => "what it refers to changes",
            Cause::New => "not applied yet",
            Cause::Drift => "drift: changed live",
            Cause::Both => "drift: changed live, and the file changed",
            Cause::DeletedLive => "drift: deleted live",
            Cause::Interrupted => "an apply was cut off",
            Cause::NotLive => "not live",
            Cause::Removed => "removed from the file",
            Cause::Unmanaged => "made by other hands",
            Cause::Unknown => "cause not known",
        }
    }

    /// Whether it is the file, or an apply, that made the difference, and nothing that was done live.
    #[must_use]
    pub fn is_pending(self) -> bool {
        matches!(self, Cause::Pending | Cause::Follows | Cause::New | Cause::Interrupted | Cause::Removed)
    }

    /// Whether an apply that corrects nothing but drift is for it.
    #[must_use]
    pub fn is_only_drift(self) -> bool {
        matches!(self, Cause::Drift | Cause::DeletedLive)
    }
}

/// What is remembered of a resource.
enum Memory<'a> {
    /// The root is not live.
    NoRoot,
    /// The root is live, and not the stack's own yet.
    Foreign,
    /// Nothing is known.
    Unknown,
    /// It was never made by this stack.
    Never,
    /// It was about to be made.
    Begun,
    /// It was applied, with this digest.
    Applied(&'a str),
}

fn memory<'a>(root: Option<&'a Root>, what: Option<Claimed>) -> Memory<'a> {
    let Some(root) = root else { return Memory::NoRoot };
    let ledger = &root.ledger;
    match (what, ledger.condition()) {
        _ if !root.owned => Memory::Foreign,
        (_, Condition::Lost) | (None, Condition::Older) => Memory::Unknown,
        (None, Condition::Sound) => ledger.root().map_or(Memory::Begun, Memory::Applied),
        (Some(what), _) => match ledger.record(what) {
            None => Memory::Never,
            Some(Record::Unknown) => Memory::Unknown,
            Some(Record::Claimed) => Memory::Begun,
            Some(Record::Applied(digest)) => Memory::Applied(digest),
        },
    }
}

/// What a resource is claimed as; none for a root, of which its tags tell.
pub(super) fn claimed(resource: &Resource) -> Option<Claimed<'_>> {
    resource.parent.as_ref().map(|_| Claimed::Child(resource.kind, resource.natural_key()))
}

/// Why something that is not live is not.
pub(super) fn of_missing(root: Option<&Root>, what: Option<Claimed>) -> Cause {
    match memory(root, what) {
        Memory::NoRoot => Cause::NotLive,
        Memory::Foreign | Memory::Never => Cause::New,
        Memory::Unknown => Cause::Unknown,
        Memory::Begun => Cause::Interrupted,
        Memory::Applied(_) => Cause::DeletedLive,
    }
}

/// Why something that is live is not as declared.
pub(super) fn of_different(root: Option<&Root>, resource: &Resource, sides: &Sides) -> Cause {
    match memory(root, claimed(resource)) {
        Memory::NoRoot => Cause::NotLive,
        Memory::Foreign | Memory::Never => Cause::New,
        Memory::Begun if resource.parent.is_none() => Cause::Interrupted,
        Memory::Unknown | Memory::Begun => Cause::Unknown,
        Memory::Applied(applied) => match (sides.live_was(applied), sides.file_was(applied)) {
            (false, true) => Cause::Drift,
            (false, false) => Cause::Both,
            // Of a secret nothing is remembered; what else is not only grows, by the file.
            (true, true) if sides.secret => Cause::Unknown,
            (true, false) if sides.open => Cause::Follows,
            (true, _) => Cause::Pending,
        },
    }
}

/// The digest of what the file declares, as the ledger remembers it once it was applied.
/// `declared` has everything filled in.
///
/// # Errors
/// Says what of the declared value the kind cannot hold.
pub fn applied(resource: &Resource, declared: &Value) -> Result<String, String> {
    let canonical = resource.kind.canonical(declared)?;
    Ok(digest(resource.kind, &canonical, &left_out(resource)))
}

/// The paths that are never remembered.
fn left_out(resource: &Resource) -> Vec<Path> {
    let mut paths = secret_paths(resource);
    paths.extend(resource.ignore_changes.iter().cloned());
    paths
}

/// The two sides of a difference.
pub(super) struct Sides<'a> {
    kind: Kind,
    live: &'a Value,
    file: String,
    /// Whether the file refers to what is not known yet.
    open: bool,
    /// Whether a secret differs.
    secret: bool,
    secrets: Vec<Path>,
    /// What only counts as far as it is declared, and what is ignored.
    parts: Vec<Partial>,
}

/// Up to how many paths of a part are tried in all combinations.
const FEW: usize = 10;

/// How many digests are tried at the most.
const MOST: usize = 4_000;

/// What of a part did not count when it was applied, as far as that can be guessed: what does not
/// now, or any other share of it.
fn guesses(part: &Partial) -> Vec<Vec<&Path>> {
    let Partial { path, declared, inside } = part;
    if inside.is_empty() {
        let (all, nothing) = (vec![path], Vec::new());
        return if *declared { vec![nothing, all] } else { vec![all, nothing] };
    }
    let chosen = |which: &dyn Fn(usize) -> bool| -> Vec<&Path> {
        (0..inside.len()).filter(|number| which(*number)).map(|number| &inside[number].0).collect()
    };
    let now = chosen(&|number| !inside[number].1);
    let mut guesses = if *declared { vec![now, vec![path]] } else { vec![vec![path], now] };
    if inside.len() <= FEW {
        guesses.extend((0..1_usize << inside.len()).map(|bits| chosen(&|number| bits >> number & 1 == 1)));
    } else {
        guesses.extend((0..inside.len()).map(|one| chosen(&|number| inside[number].1 == (number == one))));
    }
    guesses
}

impl<'a> Sides<'a> {
    /// Of a live resource, what the file declares of it and how the two differ. `declared` has
    /// filled in what is known.
    pub(super) fn of(
        resource: &Resource,
        declared: &Value,
        live: &'a Live,
        differences: &[Difference],
    ) -> Result<Self, String> {
        let kind = resource.kind;
        // A secret that was not given may stand for what is no text.
        let canonical = kind.canonical(&diff::with_live(declared, &live.spec, &not_given(declared)))?;
        let mut parts = diff::partials(&live.spec, &canonical, kind.schema());
        let ignored = |path: &Path| Partial { path: path.clone(), declared: false, inside: Vec::new() };
        parts.extend(resource.ignore_changes.iter().map(ignored));
        Ok(Self {
            kind,
            live: &live.spec,
            file: digest(kind, &canonical, &left_out(resource)),
            open: reference::is_open(declared),
            secret: differences
                .iter()
                .any(|difference| difference.change.secret && !hidden::is_remembered(kind, &difference.change.path)),
            secrets: secret_paths(resource),
            parts,
        })
    }

    fn file_was(&self, applied: &str) -> bool {
        self.file == applied
    }

    /// Whether what is live now is what was applied. Where only what is declared counts, the file may
    /// have declared another share of it then, unless it is what it was.
    fn live_was(&self, applied: &str) -> bool {
        let parts: Vec<Vec<Vec<&Path>>> = self.parts.iter().map(guesses).collect();
        let all: usize = parts.iter().fold(1, |all, guesses| all.saturating_mul(guesses.len()));
        let tries = if self.file_was(applied) { 1 } else { all.min(MOST) };
        (0..tries).any(|mut number| {
            let mut without = self.secrets.clone();
            for guesses in &parts {
                without.extend(guesses[number % guesses.len()].iter().map(|path| (*path).clone()));
                number /= guesses.len();
            }
            digest(self.kind, self.live, &without) == applied
        })
    }
}
