//! Names that must differ, and keys that must be legal names.

use std::collections::HashMap;

use super::is_open;
use crate::diagnostic::Finding;
use crate::kind::{Form, Kind};
use crate::path::Path;
use crate::stack::{Resource, Stack};

pub(super) fn check(stack: &Stack, findings: &mut Vec<Finding>) {
    let mut seen: HashMap<(Kind, Option<&Path>, &str), &Resource> = HashMap::new();
    check_ids(stack, findings);
    check_domains(stack, findings);
    for resource in &stack.resources {
        check_key(resource, findings);
        let Some(name) = resource.text("name") else { continue };
        if resource.kind == Kind::ResourceServer {
            continue;
        }
        let first = seen.insert((resource.kind, resource.parent.as_ref(), name), resource);
        // Two that have an id each were made by others, and AWS does not mind.
        if let Some(first) = first.filter(|first| first.id.is_none() || resource.id.is_none()) {
            let title = resource.kind.title();
            let message = format!("the {title}s `{}` and `{}` have the same name", first.address, resource.address);
            findings
                .push(Finding::new(resource.path("name"), message).help(format!("give each {title} its own `name`")));
        }
    }
}

/// One thing in AWS cannot be kept at two addresses.
fn check_ids(stack: &Stack, findings: &mut Vec<Finding>) {
    let mut seen: HashMap<(Kind, &str), &Resource> = HashMap::new();
    for resource in &stack.resources {
        let Some(id) = resource.id.as_deref() else { continue };
        let first = seen.entry((resource.kind, id)).or_insert(resource);
        if first.address != resource.address {
            let title = resource.kind.title();
            let message = format!("the {title}s `{}` and `{}` have the same `id`", first.address, resource.address);
            findings.push(Finding::new(resource.path("id"), message).help("declare it once"));
        }
    }
}

/// A domain leads to one pool. Within a pool its keys differ by themselves.
fn check_domains(stack: &Stack, findings: &mut Vec<Finding>) {
    let mut seen: HashMap<&str, &Resource> = HashMap::new();
    for domain in stack.resources.iter().filter(|resource| resource.kind == Kind::Domain) {
        let first = seen.entry(&domain.key).or_insert(domain);
        if first.address != domain.address {
            let message = format!("`{}` and `{}` are one domain: it can be of one pool", first.address, domain.address);
            findings.push(Finding::new(domain.address.clone(), message).at_key().help("give each pool its own"));
        }
    }
}

/// The rules for natural keys that have no more to them than their characters.
fn check_key(resource: &Resource, findings: &mut Vec<Finding>) {
    let key = resource.key.as_str();
    let length = key.chars().count();
    let rule = match resource.kind {
        Kind::ResourceServer if length > 256 || !key.chars().all(is_in_identifier) => {
            "a resource server's identifier has 1 to 256 ASCII characters, without spaces, quotes and \\"
        }
        Kind::Group if length > 128 || !key.chars().all(|char| !char.is_whitespace() && !char.is_control()) => {
            "a group's name has 1 to 128 characters, without spaces"
        }
        kind if key.is_empty() && kind.form() == Form::ByKey => "the key is empty",
        _ => return,
    };
    if !is_open(key) {
        findings
            .push(Finding::new(resource.address.clone(), format!("`{key}` cannot be the key here: {rule}")).at_key());
    }
}

fn is_in_identifier(char: char) -> bool {
    char.is_ascii_graphic() && char != '"' && char != '\\'
}
