//! The rules of AWS, in a file that may have other faults. A rule says nothing true about what is
//! wrong in its form already; what is right beside it is still judged, so that all that is wrong
//! comes out in one run.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{Resource, Stack, rules};
use crate::diagnostic::{Finding, Part};
use crate::diff::value_at_mut;
use crate::path::Path;
use crate::reference::Reference;

/// What the rules say of a stack in which `found` was found already. What stands at `strangers`
/// has no place in its resource, and is no part of what is judged.
#[must_use]
pub fn judge(stack: &Stack, found: &[Finding], strangers: &[Path]) -> Vec<Finding> {
    let addresses: BTreeSet<&Path> = stack.resources.iter().map(|resource| &resource.address).collect();
    let strange: BTreeSet<&Path> = strangers.iter().collect();
    let mut faults: BTreeMap<Path, Vec<&Finding>> = BTreeMap::new();
    for finding in found.iter().filter(|finding| !strange.contains(&finding.path)) {
        if let Some(owner) = owner(&finding.path, &addresses) {
            faults.entry(owner).or_default().push(finding);
        }
    }
    let mut without: BTreeMap<Path, Vec<&Path>> = BTreeMap::new();
    for path in strangers {
        if let Some(owner) = owner(path, &addresses) {
            without.entry(owner).or_default().push(path);
        }
    }
    let mut findings = Vec::new();
    for resource in &stack.resources {
        let (faults, without) = (faults.get(&resource.address), without.get(&resource.address));
        if faults.is_none() && without.is_none() {
            findings.extend(resource.kind.check(&resource.declared, &resource.base()));
        } else if let Some(declared) = sound_part(resource, faults, without) {
            findings.extend(resource.kind.check(&declared, &resource.base()));
        }
    }
    let across = rules::check(stack).into_iter();
    let is_sound =
        |finding: &Finding| owner(&finding.path, &addresses).is_none_or(|owner| !faults.contains_key(&owner));
    findings.extend(across.filter(is_sound));
    findings
}

/// What of a resource can be judged: without what has no place in it, and with what is wrong as
/// if it were not known yet. None where that leaves nothing to go by.
fn sound_part(resource: &Resource, faults: Option<&Vec<&Finding>>, without: Option<&Vec<&Path>>) -> Option<Value> {
    let mut declared = resource.declared.clone();
    for path in without.into_iter().flatten() {
        let path = path.strip_prefix(&resource.base())?;
        if let (Some(around), Some(key)) = (path.parent(), path.last_key())
            && let Some(Value::Object(map)) = value_at_mut(&mut declared, &around)
        {
            map.remove(key);
        }
    }
    for fault in faults.into_iter().flatten() {
        let path = fault.path.strip_prefix(&resource.base()).filter(|path| !path.is_root())?;
        if fault.part == Part::Key {
            return None;
        }
        *value_at_mut(&mut declared, &path)? = Reference(Path::root().key("unusable").join(&path)).embed().into();
    }
    Some(declared)
}

/// The resource that a path is in.
fn owner(path: &Path, addresses: &BTreeSet<&Path>) -> Option<Path> {
    let mut around = Some(path.clone());
    while let Some(address) = around {
        if addresses.contains(&address) {
            return Some(address);
        }
        around = address.parent();
    }
    None
}
