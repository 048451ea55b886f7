//! The little that is read of SAML metadata, and a pool's certificate for encrypted answers.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use super::super::super::state::Body;

/// Where each of these certificates begins.
const BEGIN: &str = "MIICvDCCAaSgAwIBAgII";
/// How many bytes follow.
const LENGTH: usize = 689;
const REDIRECT: &str = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect";

/// Whether a text is metadata of an identity provider at all.
pub(super) fn is_metadata(file: &str) -> bool {
    let file = file.trim_start_matches('\u{feff}').trim_start();
    file.starts_with('<') && file.contains("EntityDescriptor") && file.contains("IDPSSODescriptor")
}

/// Where a service of the provider is reached by a redirection.
pub(super) fn redirect(file: &str, service: &str) -> Option<String> {
    let tags = file.split('<').filter_map(|tag| tag.split('>').next());
    let mut tags = tags.filter(|tag| tag.split_whitespace().next().is_some_and(|name| is_named(name, service)));
    let tag = tags.find(|tag| attribute(tag, "Binding") == Some(REDIRECT))?;
    Some(attribute(tag, "Location")?.replace("&amp;", "&"))
}

/// Whether a tag has a name, in whatever namespace.
fn is_named(tag: &str, name: &str) -> bool {
    tag.split_once(':').map_or(tag, |(_, local)| local) == name
}

fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let mut places = tag.match_indices(name).map(|(at, _)| at);
    places.find_map(|at| {
        let (before, rest) = (tag.get(..at)?, tag.get(at + name.len()..)?);
        let value = rest.trim_start().strip_prefix('=')?.trim_start();
        let quote = value.chars().next().filter(|quote| ['"', '\''].contains(quote))?;
        before.ends_with(char::is_whitespace).then(|| value.get(1..)?.split(quote).next()).flatten()
    })
}

/// The certificate that AWS makes for a pool: it looks like one and holds no key.
pub(super) fn certificate(body: &Body) -> String {
    let pool = body.get("UserPoolId").map(ToString::to_string).unwrap_or_default();
    let bytes: Vec<u8> = (0..22).flat_map(|round| Sha256::digest(format!("{pool} {round}"))).take(LENGTH).collect();
    BEGIN.to_owned() + &STANDARD.encode(bytes)
}
