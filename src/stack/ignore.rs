//! `ignoreChanges`: paths relative to a root, which are checked and handed to the resource that
//! they are about, be it the root itself or one of its children.

use serde_json::Value;

use super::{Resource, shape, suggest};
use crate::diagnostic::Finding;
use crate::kind::Kind;
use crate::path::{Path, Segment};

/// Hands the paths that `root` ignores to `resources`, which it and its children are among.
pub fn distribute(root: &Path, ignored: &Value, resources: &mut [Resource], findings: &mut Vec<Finding>) {
    for (index, text) in ignored.as_array().into_iter().flatten().enumerate() {
        let Some(text) = text.as_str() else { continue };
        if let Err((message, help)) = hand_out(root, text, resources) {
            let at = root.key("ignoreChanges").index(index);
            let mut finding = Finding::new(at, message);
            finding.help = help;
            findings.push(finding);
        }
    }
}

fn hand_out(root: &Path, text: &str, resources: &mut [Resource]) -> Result<(), (String, Option<String>)> {
    let path: Path = text.parse().map_err(|error: crate::path::PathError| (error.to_string(), None))?;
    let root_kind = resources.iter().find(|resource| &resource.address == root).map(|resource| resource.kind);
    let child = match path.segments() {
        [Segment::Key(section), Segment::Key(key), ..] => Kind::of_section(section)
            .filter(|kind| kind.parent().is_some() && kind.parent() == root_kind)
            .map(|_| root.key(section).key(key)),
        _ => None,
    };
    let owner = child.as_ref().unwrap_or(root);
    let property = if child.is_some() { path.segments()[2..].iter().cloned().collect() } else { path.clone() };
    let siblings: Vec<String> = resources
        .iter()
        .filter(|resource| resource.parent.as_ref() == Some(root))
        .filter_map(|resource| Some(resource.address.strip_prefix(root)?.to_string()))
        .collect();
    let Some(resource) = resources.iter_mut().find(|resource| &resource.address == owner) else {
        let wanted = owner.strip_prefix(root).unwrap_or_default().to_string();
        let help = suggest::help(&wanted, siblings.iter().map(String::as_str));
        return Err((format!("there is no `{wanted}` in `{root}`"), help));
    };
    if property.is_root() {
        return Err((
            format!("`{path}` is {}: name one of its properties", suggest::with_article(resource.kind.title())),
            None,
        ));
    }
    known(resource.kind, &property)?;
    resource.ignore_changes.push(property);
    Ok(())
}

/// Whether the schema of a kind has a property.
fn known(kind: Kind, property: &Path) -> Result<(), (String, Option<String>)> {
    let mut schema = kind.schema();
    for segment in property.segments() {
        let next = match segment {
            Segment::Key(key) => shape::child(schema, key),
            Segment::Index(_) => shape::item(schema),
        };
        let Some(next) = next else {
            let names = shape::property_names(schema);
            let name = match segment {
                Segment::Key(key) => key.clone(),
                Segment::Index(index) => index.to_string(),
            };
            let help = suggest::help(&name, names.iter().copied());
            return Err((format!("{} has no property `{property}`", suggest::with_article(kind.title())), help));
        };
        schema = next;
    }
    Ok(())
}
