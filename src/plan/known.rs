//! What references stand for, as far as it is known: before an apply from what is live, during it
//! also from what was made.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::diff;
use crate::kind::Kind;
use crate::live::Place;
use crate::live::{Live, Snapshot};
use crate::path::{Path, Segment};
use crate::reference::{self, Reference};
use crate::stack::{Resource, Stack};

/// The values of references, by their paths (`userPools.customers.id`).
#[derive(Clone, Default)]
pub struct Known(BTreeMap<Path, String>);

impl Known {
    /// What is known before anything is done. The resources at `anew` are made anew, so what is live
    /// of them says nothing.
    #[must_use]
    pub fn from_live(stack: &Stack, snapshot: &Snapshot, place: &Place, anew: &[Path]) -> Self {
        let mut known = Self::default();
        let aws = Path::root().key("aws");
        for (name, value) in [("region", &place.region), ("account", &place.account), ("partition", &place.partition)] {
            known.0.insert(aws.key(name), value.clone());
        }
        for resource in &stack.resources {
            known.add_fixed(resource);
            let root = resource.parent.as_ref().unwrap_or(&resource.address);
            let Some(root) = snapshot.roots.get(root) else { continue };
            if anew.contains(&resource.address) {
                continue;
            }
            if resource.parent.is_none() {
                known.add(&resource.address, &root.live);
            } else if let Some(live) = root.standing_for(stack, resource).first().copied() {
                known.add(&resource.address, live);
            }
        }
        known
    }

    /// What the file alone says: the natural keys.
    fn add_fixed(&mut self, resource: &Resource) {
        let attribute = match resource.kind {
            Kind::IdentityProvider | Kind::Group => "name",
            Kind::ResourceServer => "identifier",
            _ => return,
        };
        self.0.insert(resource.address.key(attribute), resource.key.clone());
    }

    /// Learns what a live resource says.
    pub fn add(&mut self, address: &Path, live: &Live) {
        for (name, value) in &live.attributes {
            self.0.insert(address.key(*name), value.clone());
        }
    }

    /// Forgets what is about to change.
    pub fn forget(&mut self, address: &Path, attributes: &[&str]) {
        for attribute in attributes {
            self.0.remove(&address.key(*attribute));
        }
    }

    /// The value of a reference.
    #[must_use]
    pub fn get(&self, reference: &Reference) -> Option<&str> {
        self.0.get(&reference.0).map(String::as_str)
    }

    /// A value with the references that are known filled in.
    #[must_use]
    pub fn fill_in(&self, value: &Value) -> Value {
        reference::substitute(value, &|reference| self.get(reference).map(str::to_owned))
    }
}

/// What is wanted of a resource: its declared spec with what is known filled in, AWS's defaults for
/// what is absent, and live's values where they are not to be compared: at the paths of
/// `ignoreChanges`, and where a secret was not given.
///
/// # Errors
/// Says what of the declared value the kind cannot hold.
pub fn wanted(resource: &Resource, declared: &Value, live: Option<&Value>) -> Result<Value, String> {
    let Some(live) = live else { return resource.kind.canonical(declared) };
    let open = not_given(declared);
    // What is open may have another type than the value that it stands for.
    let canonical = resource.kind.canonical(&diff::with_live(declared, live, &open))?;
    let kept = [resource.ignore_changes.as_slice(), &open].concat();
    Ok(diff::fill(&canonical, live, resource.kind.schema(), &kept))
}

/// The paths in a declared value of what needs a secret that was not given. A list is one as a whole:
/// its items have no place of their own.
#[must_use]
pub fn not_given(declared: &Value) -> Vec<Path> {
    let open = reference::in_value(declared).into_iter().filter(|(_, reference)| reference.is_not_given());
    let in_maps =
        |path: Path| path.segments().iter().take_while(|part| matches!(part, Segment::Key(_))).cloned().collect();
    let paths: BTreeSet<Path> = open.map(|(path, _)| in_maps(path)).collect();
    paths.into_iter().collect()
}

/// The paths in a resource's declared value that must not be shown: those from secret sources, and
/// those that refer to a secret attribute.
#[must_use]
pub fn secret_paths(resource: &Resource) -> Vec<Path> {
    let referring = reference::in_value(&resource.declared).into_iter();
    let referring = referring.filter(|(_, reference)| reference.0.last_key() == Some("secret")).map(|(path, _)| path);
    resource.secrets.iter().cloned().chain(referring).collect()
}
