//! What a resource has to tell others once it exists: the attributes of `${ADDRESS.ATTRIBUTE}`,
//! and whether a reference names one that there is.

use std::collections::BTreeMap;

use super::suggest;
use crate::kind::{Form, Kind};
use crate::path::{Path, Segment};

/// The attributes of a kind.
#[must_use]
pub fn attributes(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::UserPool => &["id", "arn", "issuer", "jwksUri", "providerName"],
        Kind::Client => &["id", "secret"],
        Kind::Domain => &["host", "url", "cloudFrontDistribution"],
        Kind::IdentityPool => &["id", "arn"],
        Kind::Function => &["arn", "name"],
        Kind::IdentityProvider | Kind::Group => &["name"],
        Kind::ResourceServer => &["identifier"],
        _ => &[],
    }
}

/// Whether an attribute is a secret.
#[must_use]
pub fn is_secret(kind: Kind, attribute: &str) -> bool {
    kind == Kind::Client && attribute == "secret"
}

/// What a file declares, by address.
pub type Addresses = BTreeMap<Path, Kind>;

/// The kind of the resource that an address could be of, by its form.
#[must_use]
pub fn kind_at(address: &Path) -> Option<Kind> {
    let mut segments = address.segments().iter();
    let mut within: Option<Kind> = None;
    while let Some(segment) = segments.next() {
        let Segment::Key(section) = segment else { return None };
        let kind = match within {
            None => Kind::of_section(section).filter(|kind| kind.parent().is_none())?,
            Some(holder) => holder.held_as(section)?,
        };
        if kind.form() == Form::ByKey {
            segments.next()?;
        }
        within = Some(kind);
    }
    within
}

/// Where resources of a kind stand in a file.
#[must_use]
pub fn places(kind: Kind) -> Vec<String> {
    let entries = kind.holders().iter().flat_map(|holder| places(*holder).into_iter().map(|place| place + ".KEY"));
    let places: Vec<String> = entries.map(|entry| format!("{entry}.{}", kind.section())).collect();
    if places.is_empty() { vec![kind.section().to_owned()] } else { places }
}

/// The starts of a path, the longest first.
pub fn starts(path: &Path) -> impl Iterator<Item = Path> + '_ {
    (1..=path.segments().len()).rev().map(|length| path.segments()[..length].iter().cloned().collect())
}

/// Checks that a reference names an attribute of something that is declared; gives whether that
/// attribute is a secret. With `hints`, of one that is not declared what was most likely meant is
/// looked for.
///
/// # Errors
/// What is wrong with it, and the fix where there is one.
pub fn check(reference: &Path, declared: &Addresses, hints: bool) -> Result<bool, (String, Option<String>)> {
    let nearest = starts(reference).find_map(|address| declared.get_key_value(&address));
    let Some((address, kind)) = nearest else { return Err(not_declared(reference, declared, hints)) };
    let rest = reference.strip_prefix(address).unwrap_or_default();
    match rest.segments() {
        [Segment::Key(name)] if attributes(*kind).contains(&name.as_str()) => Ok(is_secret(*kind, name)),
        [Segment::Key(section), ..] if kind.held_as(section).is_some() => Err(not_declared(reference, declared, hints)),
        _ if attributes(*kind).is_empty() => Err((says_nothing(address, *kind), None)),
        rest => {
            let names = suggest::listed(attributes(*kind).iter().copied());
            let help = match rest {
                [Segment::Key(name)] => suggest::nearest(name, attributes(*kind).iter().copied())
                    .map_or_else(|| format!("known here: {names}"), |name| format!("did you mean `{name}`?")),
                _ => format!("name one of its attributes: {names}"),
            };
            let message = match rest {
                [] => format!("`{reference}` is {}, not one of its attributes", suggest::with_article(kind.title())),
                _ => format!("{} has no attribute `{}`", suggest::with_article(kind.title()), tail(reference, address)),
            };
            Err((message, Some(help)))
        }
    }
}

fn says_nothing(address: &Path, kind: Kind) -> String {
    format!("`{address}` is {}, of which nothing can be referred to", suggest::with_article(kind.title()))
}

fn tail(reference: &Path, address: &Path) -> Path {
    reference.strip_prefix(address).unwrap_or_default()
}

fn not_declared(reference: &Path, declared: &Addresses, hints: bool) -> (String, Option<String>) {
    // The address is the most of it that could be one; where that is there, all of it is none.
    let address = starts(reference).find(|start| kind_at(start).is_some());
    let address = address.filter(|address| !declared.contains_key(address)).unwrap_or_else(|| reference.clone());
    // A section is no resource.
    if let (Some(holder), Some(section)) = (reference.parent(), reference.last_key())
        && let Some(kind) = declared.get(&holder).and_then(|holder| holder.held_as(section))
        && kind.form() == Form::ByKey
    {
        let help = (!attributes(kind).is_empty()).then(|| format!("write `${{{reference}.KEY.ATTRIBUTE}}`"));
        return (format!("`{reference}` is where each {} stands", kind.title()), help);
    }
    // What cannot be referred to is not missed.
    if let Some(kind) = kind_at(&address).filter(|kind| attributes(*kind).is_empty()) {
        return (says_nothing(&address, kind), None);
    }
    let help = hints.then(|| {
        let names: Vec<String> = declared.keys().map(ToString::to_string).collect();
        suggest::help(&address.to_string(), names.iter().map(String::as_str))
    });
    (format!("there is no `{address}` in this file"), help.flatten())
}
