//! What AWS asks of resources together, beyond what each kind's schema and checks can say.

use std::collections::BTreeMap;

use serde_json::Value;

use super::Stack;
use crate::diagnostic::Finding;
use crate::kind::Kind;
use crate::path::Path;
use crate::reference;

/// The rules that the resources of a stack break together.
#[must_use]
pub fn check(stack: &Stack) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut first: BTreeMap<(Kind, &str), &Path> = BTreeMap::new();
    for resource in stack.resources.iter().filter(|resource| resource.parent.is_none()) {
        let Some(name) = resource.declared.get("name").and_then(Value::as_str) else { continue };
        if reference::is_open(&Value::from(name)) {
            continue;
        }
        if let Some(earlier) = first.get(&(resource.kind, name)) {
            let message = format!("two {}s have the name `{name}`: this one and `{earlier}`", resource.kind.title());
            findings.push(Finding::new(resource.address.key("name"), message));
        } else {
            first.insert((resource.kind, name), &resource.address);
        }
    }
    findings
}
