//! An identity provider of a user pool. Its name is its key in the file; a social provider's name
//! is its type. Of the details only what the file declares is compared: AWS adds endpoints of its
//! own, which change over time. To a mapping AWS adds where the user name comes from, so that entry
//! is left out where it is what AWS would add.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::Spec;
use crate::diagnostic::Findings;

mod rules;
#[cfg(test)]
mod tests;

/// A service that users sign in with instead of a password of the pool.
// No `Debug`: some of it is secret.
#[derive(Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(deny_unknown_fields)]
pub struct IdentityProvider {
    /// What kind of service it is. Cannot be changed later. Default: the key, where it is one of the social types.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-change" = "create-only"))]
    pub provider_type: Option<ProviderType>,
    /// How to reach the service, as AWS names it; all values are texts. Only what stands here is compared.
    #[serde(default)]
    #[schemars(extend("properties" = known_details(), "additionalProperties" = unknown_detail(), "x-compare" = "declared"))]
    pub provider_details: BTreeMap<String, String>,
    /// Which attribute of the pool takes which claim of the service, as `poolAttribute: claim`. Required attributes of the
    /// pool must be here; custom ones are written `custom:NAME` and must be mutable.
    #[serde(default)]
    pub attribute_mapping: BTreeMap<String, String>,
    /// Other names of the provider, such as email domains that lead to it. Up to 50, of 1 to 40 characters.
    #[serde(default)]
    #[schemars(length(max = 50), extend("items" = identifier()))]
    pub idp_identifiers: BTreeSet<String>,
    /// Which authentication context (ACR) of the service stands for which level of the pool: `Level1` to `Level4`. Only for
    /// OIDC.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("properties" = levels(), "additionalProperties" = false))]
    pub acr_mapping: Option<BTreeMap<String, String>>,
}

/// What kind of service an identity provider is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub enum ProviderType {
    /// Facebook.
    Facebook,
    /// Google.
    Google,
    /// Login with Amazon.
    LoginWithAmazon,
    /// Any service that speaks OIDC (`OpenID` Connect).
    #[serde(rename = "OIDC")]
    Oidc,
    /// Any service that speaks SAML 2.0.
    #[serde(rename = "SAML")]
    Saml,
    /// Sign in with Apple.
    SignInWithApple,
    /// One that AWS has added since, as read.
    #[serde(untagged)]
    #[schemars(skip)]
    Other(String),
}

impl ProviderType {
    /// The types of which a pool has one provider at most, which is named like its type.
    pub const SOCIAL: [&'static str; 4] = ["Facebook", "Google", "LoginWithAmazon", "SignInWithApple"];

    /// The claim that AWS takes the user name from by itself.
    fn username_claim(&self) -> Option<&'static str> {
        match self {
            Self::Facebook => Some("id"),
            Self::LoginWithAmazon => Some("user_id"),
            Self::Google | Self::SignInWithApple | Self::Oidc => Some("sub"),
            Self::Saml | Self::Other(_) => None,
        }
    }
}

impl Spec for IdentityProvider {
    fn normalize(&mut self) {
        let by_aws = self.provider_type.as_ref().and_then(ProviderType::username_claim);
        if by_aws.is_some() && self.attribute_mapping.get("username").map(String::as_str) == by_aws {
            self.attribute_mapping.remove("username");
        }
        // Sent empty, it is taken off; what no provider but an OIDC one has is not sent to others.
        if self.provider_type == Some(ProviderType::Oidc) {
            self.acr_mapping.get_or_insert_default();
        } else {
            self.acr_mapping.take_if(|mapping| mapping.is_empty());
        }
    }

    fn check(&self, findings: &mut Findings) {
        rules::check(self, findings);
    }
}

/// The details that AWS takes for a type, those that it computes among them; none for a type that
/// is not known here. What AWS derives from SAML metadata is in it too: a rule of its own refuses that.
#[must_use]
pub fn detail_names(provider_type: &str) -> Option<&'static [&'static str]> {
    Some(match provider_type {
        "Google" => &[
            "client_id",
            "client_secret",
            "authorize_scopes",
            "attributes_url",
            "attributes_url_add_attributes",
            "authorize_url",
            "oidc_issuer",
            "token_request_method",
            "token_url",
        ],
        "Facebook" => &[
            "client_id",
            "client_secret",
            "authorize_scopes",
            "api_version",
            "attributes_url",
            "attributes_url_add_attributes",
            "authorize_url",
            "token_request_method",
            "token_url",
        ],
        "LoginWithAmazon" => &[
            "client_id",
            "client_secret",
            "authorize_scopes",
            "attributes_url",
            "attributes_url_add_attributes",
            "authorize_url",
            "token_request_method",
            "token_url",
        ],
        "SignInWithApple" => &[
            "client_id",
            "team_id",
            "key_id",
            "private_key",
            "authorize_scopes",
            "attributes_url_add_attributes",
            "authorize_url",
            "oidc_issuer",
            "token_request_method",
            "token_url",
        ],
        "OIDC" => &[
            "client_id",
            "client_secret",
            "authorize_scopes",
            "attributes_request_method",
            "oidc_issuer",
            "authorize_url",
            "token_url",
            "attributes_url",
            "jwks_uri",
            "attributes_url_add_attributes",
        ],
        "SAML" => &[
            "MetadataURL",
            "MetadataFile",
            "IDPSignout",
            "IDPInit",
            "EncryptedResponses",
            "RequestSigningAlgorithm",
            "ActiveEncryptionCertificate",
            "SSORedirectBindingURI",
            "SLORedirectBindingURI",
        ],
        _ => return None,
    })
}

/// Another name of a provider.
fn identifier() -> Value {
    json!({
        "type": "string", "minLength": 1, "maxLength": 40,
        "pattern": r"^[A-Za-z0-9_ \t-\r+=.@-]+$", "x-pattern-help": "letters, digits, spaces and _ + = . @ -",
    })
}

/// The levels that a pool tells apart, for editors and the check of names.
fn levels() -> Value {
    let level = json!({"type": "string", "description": "The value that the service uses for this level."});
    json!({"Level1": level, "Level2": level, "Level3": level, "Level4": level})
}

/// A detail that is not known here. It may be a slip in the name of a secret.
fn unknown_detail() -> Value {
    json!({"type": "string", "x-secret": true})
}

/// The details that AWS takes, for editors, and which of them are secrets.
fn known_details() -> Value {
    let text = |description: &str| json!({"type": "string", "description": description});
    let secret = |description: &str| json!({"type": "string", "description": description, "x-secret": true});
    json!({
        "client_id": text("The id of the app at the service. Required, but for SAML."),
        "client_secret": secret("The secret of the app at the service. Required for Google, Facebook and LoginWithAmazon."),
        "authorize_scopes": text("What the app asks the service for: scopes separated by spaces, for Facebook by commas. Required, but for SAML and SignInWithApple."),
        "api_version": text("Facebook: the version of its API, such as v21.0."),
        "team_id": text("SignInWithApple: the id of the team. Required."),
        "key_id": text("SignInWithApple: the id of the private key. Required."),
        "private_key": secret("SignInWithApple: the private key. Required."),
        "attributes_request_method": text("OIDC: how user attributes are asked for, GET or POST. Required."),
        "oidc_issuer": text("OIDC: the https URL of the issuer. Required."),
        "authorize_url": text("OIDC: the authorization endpoint, where it cannot be discovered."),
        "token_url": text("OIDC: the token endpoint, where it cannot be discovered."),
        "attributes_url": text("OIDC: the userInfo endpoint, where it cannot be discovered."),
        "jwks_uri": text("OIDC: the signing keys, where they cannot be discovered."),
        "attributes_url_add_attributes": text("Computed by AWS: whether the attributes stand in the URL, \"true\" or \"false\"."),
        "token_request_method": text("Computed by AWS: how tokens are asked for, GET or POST. Not for OIDC and SAML."),
        "MetadataURL": text("SAML: where the metadata of the service is. Either this or MetadataFile."),
        "MetadataFile": text("SAML: the metadata of the service. Either this or MetadataURL."),
        "IDPSignout": text("SAML: whether users are signed out of the service too, \"true\" or \"false\"."),
        "IDPInit": text("SAML: whether the service may start the sign-in, \"true\" or \"false\"."),
        "EncryptedResponses": text("SAML: whether responses must be encrypted, \"true\" or \"false\"."),
        "RequestSigningAlgorithm": text("SAML: how requests are signed: rsa-sha256."),
    })
}
