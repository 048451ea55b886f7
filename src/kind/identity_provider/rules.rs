//! AWS's rules across the properties of an identity provider.

use super::{IdentityProvider, ProviderType};
use crate::diagnostic::Findings;
use crate::path::Path;
use crate::reference;

pub(super) fn check(provider: &IdentityProvider, findings: &mut Findings) {
    let Some(kind) = &provider.provider_type else {
        findings.rule_with_help(
            &["providerType"],
            "`providerType` is missing, and the key is not one of the social types",
            format!("write `providerType: OIDC` or `SAML`, or name the provider {}", ProviderType::SOCIAL.join(", ")),
        );
        return;
    };
    required(provider, kind, findings);
    match kind {
        ProviderType::Oidc => oidc(provider, findings),
        ProviderType::Saml => saml(provider, findings),
        _ => {}
    }
    if *kind != ProviderType::Oidc && provider.acr_mapping.as_ref().is_some_and(|mapping| !mapping.is_empty()) {
        findings.rule(&["acrMapping", "providerType"], "`acrMapping` is only for a provider of type OIDC");
    }
}

fn required(provider: &IdentityProvider, kind: &ProviderType, findings: &mut Findings) {
    let names: &[&str] = match kind {
        ProviderType::Google | ProviderType::Facebook | ProviderType::LoginWithAmazon => {
            &["client_id", "client_secret", "authorize_scopes"]
        }
        ProviderType::SignInWithApple => &["client_id", "team_id", "key_id", "private_key"],
        ProviderType::Oidc => &["client_id", "authorize_scopes", "attributes_request_method", "oidc_issuer"],
        ProviderType::Saml | ProviderType::Other(_) => &[],
    };
    // AWS takes an empty one for none.
    let is_given = |name: &str| provider.provider_details.get(name).is_some_and(|detail| !detail.is_empty());
    let missing: Vec<_> = names.iter().copied().filter(|name| !is_given(name)).collect();
    if !missing.is_empty() {
        let mut paths: Vec<_> = missing.iter().map(|name| Path::root().key("providerDetails").key(*name)).collect();
        paths.push(Path::root().key("providerType"));
        let list = missing.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
        findings.rule_at(&paths, format!("`providerDetails` lacks {list}"), None);
    }
}

fn oidc(provider: &IdentityProvider, findings: &mut Findings) {
    let detail = |name: &str| known(provider, name);
    if detail("oidc_issuer").is_some_and(|issuer| !issuer.starts_with("https://")) {
        findings.rule(&["providerDetails.oidc_issuer"], "`oidc_issuer` must be an https URL");
    }
    if detail("attributes_request_method").is_some_and(|method| !["GET", "POST"].contains(&method)) {
        findings.rule(&["providerDetails.attributes_request_method"], "`attributes_request_method` is `GET` or `POST`");
    }
}

fn saml(provider: &IdentityProvider, findings: &mut Findings) {
    const METADATA: [&str; 3] = ["providerDetails.MetadataURL", "providerDetails.MetadataFile", "providerType"];
    let details = &provider.provider_details;
    match (details.contains_key("MetadataURL"), details.contains_key("MetadataFile")) {
        (false, false) => {
            findings.rule(&METADATA, "`providerDetails` needs `MetadataURL` or `MetadataFile`");
        }
        (true, true) => findings
            .rule(&METADATA, "`providerDetails` has both `MetadataURL` and `MetadataFile`: only one of the two can be"),
        _ => {}
    }
    let is_metadata = |file: &str| {
        file.trim_start_matches('\u{feff}').trim_start().starts_with('<')
            && ["EntityDescriptor", "IDPSSODescriptor"].iter().all(|element| file.contains(element))
    };
    if known(provider, "MetadataFile").is_some_and(|file| !is_metadata(file)) {
        findings.rule_with_help(
            &["providerDetails.MetadataFile"],
            "`MetadataFile` is no SAML metadata of an identity provider: an XML text with an `EntityDescriptor` and an \
             `IDPSSODescriptor`",
            "give the text itself, not where it is; its address goes into `MetadataURL`",
        );
    }
    for name in ["IDPSignout", "IDPInit", "EncryptedResponses"] {
        if known(provider, name).is_some_and(|value| !["true", "false"].contains(&value)) {
            let path = Path::root().key("providerDetails").key(name);
            findings.rule_at(&[path], format!("`{name}` is the text \"true\" or \"false\""), None);
        }
    }
    if known(provider, "RequestSigningAlgorithm").is_some_and(|algorithm| algorithm != "rsa-sha256") {
        let message = "`RequestSigningAlgorithm` is `rsa-sha256`: AWS signs with no other";
        findings.rule(&["providerDetails.RequestSigningAlgorithm"], message);
    }
    for name in ["ActiveEncryptionCertificate", "SSORedirectBindingURI", "SLORedirectBindingURI"] {
        if details.contains_key(name) {
            let path = Path::root().key("providerDetails").key(name);
            findings.rule_at(
                &[path],
                format!("AWS derives `{name}` from the metadata and does not take it"),
                Some("take it out".to_owned()),
            );
        }
    }
}

/// A detail's value, unless it is not known yet.
fn known<'a>(provider: &'a IdentityProvider, name: &str) -> Option<&'a str> {
    provider.provider_details.get(name).map(String::as_str).filter(|value| reference::in_text(value).is_empty())
}
