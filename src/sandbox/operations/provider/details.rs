//! What must be told of a provider, by its type, and what AWS tells in addition.

use serde_json::{Map, Value, json};

use super::super::super::refusal::Refusal;
use super::super::super::state::Body;
use super::{members, saml};

/// Types of which a pool has one at most, named as the type.
pub(super) const SOCIAL: [&str; 4] = ["Facebook", "Google", "LoginWithAmazon", "SignInWithApple"];

/// The version of Facebook's API where none is asked for.
const FACEBOOK: &str = "v21.0";

/// The keys of a type.
struct Keys {
    kind: &'static str,
    required: &'static [&'static str],
    optional: &'static [&'static str],
    /// What AWS says of its own; some clients send it back.
    own: &'static [&'static str],
}

const KEYS: [Keys; 6] = [
    Keys { kind: "Google", required: &["client_id", "client_secret", "authorize_scopes"], optional: &[], own: OWN },
    Keys {
        kind: "Facebook",
        required: &["client_id", "client_secret", "authorize_scopes"],
        optional: &["api_version"],
        own: OWN,
    },
    Keys {
        kind: "LoginWithAmazon",
        required: &["client_id", "client_secret", "authorize_scopes"],
        optional: &[],
        own: OWN,
    },
    Keys {
        kind: "SignInWithApple",
        required: &["client_id", "team_id", "key_id", "private_key"],
        optional: &["authorize_scopes"],
        own: OWN,
    },
    Keys {
        kind: "OIDC",
        required: &["client_id", "authorize_scopes", "attributes_request_method", "oidc_issuer"],
        optional: &["client_secret", "authorize_url", "token_url", "attributes_url", "jwks_uri"],
        own: &["attributes_url_add_attributes"],
    },
    Keys {
        kind: "SAML",
        required: &[],
        optional: &[
            "MetadataURL",
            "MetadataFile",
            "IDPSignout",
            "IDPInit",
            "EncryptedResponses",
            "RequestSigningAlgorithm",
        ],
        own: &["SSORedirectBindingURI", "SLORedirectBindingURI"],
    },
];

const OWN: &[&str] = &[
    "attributes_url",
    "attributes_url_add_attributes",
    "authorize_url",
    "oidc_issuer",
    "token_request_method",
    "token_url",
];

/// Whether details say all that a type needs, and nothing that it has not.
pub(super) fn check(details: &Map<String, Value>, kind: &str) -> Result<(), Refusal> {
    let keys = KEYS.iter().find(|keys| keys.kind == kind).ok_or_else(|| {
        Refusal::of("UnsupportedIdentityProviderException", format!("Identity provider type {kind} is not supported."))
    })?;
    let known = |key: &str| [keys.required, keys.optional, keys.own].iter().any(|list| list.contains(&key));
    if let Some(key) = details.keys().find(|key| !known(key)) {
        let message = format!("{key} is not a valid key for {kind} identity provider details.");
        return Err(Refusal::invalid(message));
    }
    if let Some(key) = keys.required.iter().find(|key| value(details, key).is_empty()) {
        return Err(Refusal::invalid(format!("{key} is missing in the {kind} identity provider details.")));
    }
    match kind {
        "OIDC" => check_oidc(details),
        "SAML" => check_saml(details),
        _ => Ok(()),
    }
}

fn check_oidc(details: &Map<String, Value>) -> Result<(), Refusal> {
    if !["GET", "POST"].contains(&value(details, "attributes_request_method")) {
        return Err(Refusal::invalid("attributes_request_method must be GET or POST."));
    }
    let issuer = value(details, "oidc_issuer");
    if issuer.strip_prefix("https://").is_none_or(str::is_empty) {
        return Err(Refusal::invalid(format!("oidc_issuer {issuer} must be an https URL.")));
    }
    Ok(())
}

fn check_saml(details: &Map<String, Value>) -> Result<(), Refusal> {
    let (url, file) = (value(details, "MetadataURL"), value(details, "MetadataFile"));
    if url.is_empty() == file.is_empty() {
        return Err(Refusal::invalid("Exactly one of MetadataURL and MetadataFile is needed."));
    }
    if !file.is_empty() && !saml::is_metadata(file) {
        return Err(Refusal::invalid("The SAML metadata in MetadataFile is invalid."));
    }
    for key in ["IDPSignout", "IDPInit", "EncryptedResponses"] {
        if details.contains_key(key) && !["true", "false"].contains(&value(details, key)) {
            return Err(Refusal::invalid(format!("{key} must be true or false.")));
        }
    }
    if details.contains_key("RequestSigningAlgorithm") && value(details, "RequestSigningAlgorithm") != "rsa-sha256" {
        return Err(Refusal::invalid("RequestSigningAlgorithm must be rsa-sha256."));
    }
    Ok(())
}

/// The details of a provider as a Describe shows them: with AWS's own, and without Apple's key.
pub(super) fn shown(body: &Body, kind: &str) -> Map<String, Value> {
    let mut details = members(body, "ProviderDetails").cloned().unwrap_or_default();
    details.remove("private_key");
    let mut own = Map::new();
    let mut add = |key: &str, value: String| own.insert(key.to_owned(), json!(value));
    match kind {
        "Facebook" => {
            let version = value(&details, "api_version");
            let version = if version.is_empty() { FACEBOOK } else { version };
            add("attributes_url", format!("https://graph.facebook.com/{version}/me?fields="));
            add("authorize_url", format!("https://www.facebook.com/{version}/dialog/oauth"));
            add("token_url", format!("https://graph.facebook.com/{version}/oauth/access_token"));
        }
        "SAML" => {
            let file = value(&details, "MetadataFile");
            for (key, service) in
                [("SSORedirectBindingURI", "SingleSignOnService"), ("SLORedirectBindingURI", "SingleLogoutService")]
            {
                if let Some(location) = saml::redirect(file, service) {
                    add(key, location);
                }
            }
            add("ActiveEncryptionCertificate", saml::certificate(body));
        }
        _ => {}
    }
    for (_, key, value) in FIXED.iter().filter(|(own, ..)| *own == kind) {
        add(key, (*value).to_owned());
    }
    details.extend(own);
    details
}

/// What AWS always says of a type: the type, the key, the value.
const FIXED: &[(&str, &str, &str)] = &[
    ("Google", "attributes_url", "https://people.googleapis.com/v1/people/me?personFields="),
    ("Google", "attributes_url_add_attributes", "true"),
    ("Google", "authorize_url", "https://accounts.google.com/o/oauth2/v2/auth"),
    ("Google", "oidc_issuer", "https://accounts.google.com"),
    ("Google", "token_request_method", "POST"),
    ("Google", "token_url", "https://www.googleapis.com/oauth2/v4/token"),
    ("Facebook", "attributes_url_add_attributes", "true"),
    ("Facebook", "token_request_method", "GET"),
    ("LoginWithAmazon", "attributes_url", "https://api.amazon.com/user/profile"),
    ("LoginWithAmazon", "attributes_url_add_attributes", "false"),
    ("LoginWithAmazon", "authorize_url", "https://www.amazon.com/ap/oa"),
    ("LoginWithAmazon", "token_request_method", "POST"),
    ("LoginWithAmazon", "token_url", "https://api.amazon.com/auth/o2/token"),
    ("SignInWithApple", "attributes_url_add_attributes", "false"),
    ("SignInWithApple", "authorize_url", "https://appleid.apple.com/auth/authorize"),
    ("SignInWithApple", "oidc_issuer", "https://appleid.apple.com"),
    ("SignInWithApple", "token_request_method", "POST"),
    ("SignInWithApple", "token_url", "https://appleid.apple.com/auth/token"),
    ("OIDC", "attributes_url_add_attributes", "false"),
];

fn value<'a>(details: &'a Map<String, Value>, key: &str) -> &'a str {
    details.get(key).and_then(Value::as_str).unwrap_or_default()
}
