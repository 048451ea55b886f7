//! `renamedFrom`: the address that a resource had before, under which what is live is known until the
//! next apply. It must be one that a resource of the same kind can have had, and that nothing else
//! stands at.

use std::collections::BTreeMap;

use super::schema::RENAMED_FROM;
use super::{Resource, attributes, suggest};
use crate::diagnostic::Finding;
use crate::kind::Kind;
use crate::path::Path;

/// Reads the former address of a resource of this kind.
///
/// # Errors
/// What is wrong with it, and the fix.
pub fn parse(kind: Kind, text: &str) -> Result<Path, (String, Option<String>)> {
    let address = text.parse::<Path>().ok().filter(|address| attributes::kind_at(address) == Some(kind));
    address.ok_or_else(|| {
        let place = attributes::places(kind).into_iter().next().unwrap_or_default();
        let help = format!("write the address that it had before: `{place}.KEY`");
        (format!("`{text}` is not the address of {}", suggest::with_article(kind.title())), Some(help))
    })
}

/// Checks the former addresses against what is declared, and gives those of clients their pool's
/// present address.
pub fn check(resources: &mut [Resource], findings: &mut Vec<Finding>) {
    let declared: BTreeMap<Path, Option<Path>> =
        resources.iter().map(|resource| (resource.address.clone(), resource.renamed_from.clone())).collect();
    let clients = resources.iter().filter(|resource| resource.kind == Kind::Client);
    let names: BTreeMap<Path, Path> =
        clients.map(|client| (named(client, client.natural_key()), client.address.clone())).collect();
    let mut taken: BTreeMap<Path, Path> = BTreeMap::new();
    for resource in resources {
        let Some(former) = resource.renamed_from.take() else { continue };
        let mut fault = |message: String, help: String| {
            findings.push(Finding::new(resource.address.key(RENAMED_FROM), message).help(help));
        };
        let Some(former) = in_pool(resource, former.clone(), &declared) else {
            let pool = resource.parent.clone().unwrap_or_default();
            fault(
                format!("`{former}` was in another pool, and AWS cannot move a client from one pool to another"),
                format!("write an address in `{pool}`, or leave it out to have a new one created"),
            );
            continue;
        };
        if former == resource.address {
            let help = "leave it out; what lives inside a pool that was renamed comes along".to_owned();
            fault(format!("`{former}` is the address that it has now"), help);
        } else if let Some(other) = names.get(&former).filter(|other| **other != resource.address && **other != former)
        {
            let help = "leave it out, or give that one another name".to_owned();
            fault(format!("`{other}` has the name that the client at `{former}` had"), help);
        } else if declared.contains_key(&former) {
            let help = "take one of the two out: what is live can be kept at one address only".to_owned();
            fault(format!("`{former}` is declared in this file too"), help);
        } else if let Some(other) = taken.insert(former.clone(), resource.address.clone()) {
            let help = "what is live can be kept at one address only: leave it out of the other".to_owned();
            fault(format!("`{other}` was renamed from `{former}` already"), help);
        } else {
            resource.renamed_from = Some(former);
        }
    }
}

/// The address that a client with this name has by default.
fn named(client: &Resource, name: &str) -> Path {
    client.parent.clone().unwrap_or_default().key(client.kind.section()).key(name)
}

/// The former address with the present one of the pool that it is in; none where that is another pool.
fn in_pool(resource: &Resource, former: Path, declared: &BTreeMap<Path, Option<Path>>) -> Option<Path> {
    let Some(pool) = &resource.parent else { return Some(former) };
    if former.starts_with(pool) {
        return Some(former);
    }
    let before = declared.get(pool)?.as_ref()?;
    former.strip_prefix(before).map(|inside| pool.join(&inside))
}
