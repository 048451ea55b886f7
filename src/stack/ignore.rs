//! `ignoreChanges`: paths relative to a root, which are checked and handed to the resource that
//! they are about, be it the root itself or one of its children.

use serde_json::Value;

use super::{Resource, attributes, shape, suggest};
use crate::diagnostic::Finding;
use crate::kind::{Form, Kind};
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
    let whole = root.join(&path);
    let child = attributes::starts(&whole).find(|address| attributes::kind_at(address).is_some());
    let child = child.filter(|child| child != root);
    let owner = child.as_ref().unwrap_or(root);
    let siblings: Vec<String> = resources
        .iter()
        .filter(|resource| resource.parent.as_ref() == Some(root))
        .filter_map(|resource| Some(resource.address.strip_prefix(root)?.to_string()))
        .collect();
    let Some(resource) = resources.iter_mut().find(|resource| &resource.address == owner) else {
        let wanted = owner.strip_prefix(root).unwrap_or_default().to_string();
        // Where there is no key, none can be misspelt.
        let is_alone = attributes::kind_at(owner).is_some_and(|kind| kind.form() != Form::ByKey);
        let help = if is_alone {
            Some("leave it out: what is not declared is not compared".to_owned())
        } else {
            suggest::help(&wanted, siblings.iter().map(String::as_str))
        };
        return Err((format!("there is no `{wanted}` in `{root}`"), help));
    };
    let property = whole.strip_prefix(&resource.base()).unwrap_or_default();
    if let [Segment::Key(section)] = property.segments()
        && let Some(kind) = resource.kind.held_as(section)
    {
        let message = format!("`{path}` is where each {} stands: name a property of one of them", kind.title());
        return Err((message, Some(format!("write `{path}.KEY.PROPERTY`"))));
    }
    // A list is its resource's one property.
    if whole == resource.address && resource.kind.form() != Form::List {
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
