//! What an identity provider's name, details, identifiers and mapping need.

use super::pool::Pool;
use super::{Resource, is_open};
use crate::diagnostic::Finding;
use crate::kind::Kind;
use crate::kind::identity_provider::{self, ProviderType};
use crate::reference;
use crate::stack::suggest;

pub(super) fn check(pool: &Pool, provider: &Resource, findings: &mut Vec<Finding>) {
    name(provider, findings);
    details(provider, findings);
    identifiers(pool, provider, findings);
    mapping_targets(pool, provider, findings);
    required_attributes(pool, provider, findings);
}

fn name(provider: &Resource, findings: &mut Vec<Finding>) {
    let key = provider.key.as_str();
    if is_open(key) {
        return;
    }
    if !is_legal_name(key) {
        let message = format!(
            "`{key}` cannot be an identity provider's name: it has 3 to 32 characters, without spaces, and without `_` \
             but as the second"
        );
        findings.push(Finding::new(provider.address.clone(), message).at_key());
    }
    let Some(kind) = provider.text("providerType").filter(|kind| !is_open(kind)) else { return };
    if ProviderType::SOCIAL.contains(&kind) && kind != key {
        let message = format!("an identity provider of type `{kind}` must be named `{kind}`, not `{key}`");
        findings.push(Finding::new(provider.address.clone(), message).at_key().help(format!("name the key `{kind}`")));
    }
    if ProviderType::SOCIAL.contains(&key) && kind != key {
        let message =
            format!("only an identity provider of type `{key}` can be named `{key}`, not one of type `{kind}`");
        findings.push(Finding::new(provider.path("providerType"), message).help("give it another name"));
    }
}

/// AWS's `[^_\p{Z}][\p{L}\p{M}\p{S}\p{N}\p{P}][^_\p{Z}]+`.
fn is_legal_name(name: &str) -> bool {
    let length = name.chars().count();
    (3..=32).contains(&length)
        && name.chars().all(|char| !char.is_whitespace() && !char.is_control())
        && name.chars().enumerate().all(|(index, char)| char != '_' || index == 1)
}

/// What stands in the details must be something that AWS knows for this type. The value may be a
/// secret under a misspelt key, so it is not shown.
fn details(provider: &Resource, findings: &mut Vec<Finding>) {
    let Some(kind) = provider.text("providerType") else { return };
    let Some(known) = identity_provider::detail_names(kind) else { return };
    for (name, _) in provider.entries("providerDetails").filter(|(name, _)| !is_open(name)) {
        if !known.contains(&name.as_str()) {
            let path = provider.path("providerDetails").key(name);
            let message = format!("AWS knows no detail `{name}` of an identity provider of type `{kind}`");
            let help = suggest::help(name, known.iter().copied());
            findings.push(Finding { help, ..Finding::new(path, message).at_key() });
        }
    }
}

fn identifiers(pool: &Pool, provider: &Resource, findings: &mut Vec<Finding>) {
    let before = || pool.children(Kind::IdentityProvider).take_while(|other| other.address != provider.address);
    for (path, identifier) in provider.texts("idpIdentifiers") {
        let twin = before().find(|other| other.texts("idpIdentifiers").any(|(_, text)| text == identifier));
        if let Some(twin) = twin {
            let message = format!(
                "`{}` leads to the identity provider `{}` already",
                reference::display(identifier),
                reference::display(&twin.key)
            );
            findings.push(Finding::new(path, message).help("take it out of one of the two"));
        }
    }
}

fn mapping_targets(pool: &Pool, provider: &Resource, findings: &mut Vec<Finding>) {
    for (target, _) in provider.entries("attributeMapping") {
        let path = provider.path("attributeMapping").key(target);
        if target == "username" {
            continue;
        }
        if let Some((message, help)) = pool.attribute_fault(target) {
            findings.push(Finding { help, ..Finding::new(path, message).at_key() });
        } else if !pool.is_adopted()
            && pool.attributes().any(|attribute| attribute.name == target && attribute.immutable)
        {
            let message = format!(
                "`{target}` is `mutable: false` in the user pool's `schema`: AWS could not write it at the second sign-in"
            );
            findings.push(Finding::new(path, message).at_key().help("map it to an attribute that is mutable"));
        }
    }
}

fn required_attributes(pool: &Pool, provider: &Resource, findings: &mut Vec<Finding>) {
    let targets: Vec<_> = provider.entries("attributeMapping").map(|(target, _)| target.as_str()).collect();
    if targets.iter().any(|target| is_open(target)) || provider.text("attributeMapping").is_some() {
        return;
    }
    let missing: Vec<_> = pool
        .attributes()
        .filter(|attribute| attribute.required && attribute.name != "sub" && !is_open(attribute.name))
        .filter(|attribute| !targets.contains(&attribute.name))
        .map(|attribute| format!("`{}`", attribute.name))
        .collect();
    if !missing.is_empty() {
        let message = format!("`attributeMapping` lacks {}, required by `{}`", missing.join(", "), pool.schema());
        findings
            .push(Finding::new(provider.path("attributeMapping"), message).help("map each to a claim of the provider"));
    }
}
