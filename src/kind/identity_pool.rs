//! An identity pool: one spec over three API objects, the pool, its roles with their mappings, and
//! the principal tags per provider. Providers and ARNs are compared as sets, the rules of a mapping
//! in order. A provider without principal tags is one for which AWS puts no tag on the session,
//! which is also what `useDefaults: false` without tags says.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::tags::{self, Tags};
use super::{Spec, arn};
use crate::diagnostic::Findings;

mod rules;
#[cfg(test)]
mod tests;

/// Gives users, and guests if wanted, AWS credentials of IAM roles.
// No `Debug`: some of it is secret.
#[derive(Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(deny_unknown_fields)]
pub struct IdentityPool {
    /// What a person calls it. 1 to 128 characters. Default: the stack, the environment and the key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(
        length(min = 1, max = 128),
        pattern(r"^[A-Za-z0-9_ \t-\r+=,.@-]+$"),
        extend("x-pattern-help" = "letters, digits, spaces and _ + = , . @ -")
    )]
    pub name: Option<String>,
    /// Tags of the identity pool. Up to 50.
    #[serde(default)]
    #[schemars(extend("maxProperties" = 50, "additionalProperties" = tags::value_schema()))]
    pub tags: Tags,
    /// Whether guests, who have not signed in, get credentials too. Default: false.
    #[serde(default)]
    pub allow_unauthenticated_identities: bool,
    /// Whether apps may choose the role themselves (the basic flow), past the role mappings. Default: false.
    #[serde(default)]
    pub allow_classic_flow: bool,
    /// The app clients of user pools whose users may come.
    #[serde(default)]
    #[schemars(extend("x-key" = "providerName,clientId"))]
    pub cognito_identity_providers: Vec<CognitoIdentityProvider>,
    /// The app ids at public services: graph.facebook.com, accounts.google.com, appleid.apple.com, www.amazon.com,
    /// api.twitter.com (`key;secret`). Up to 10.
    #[serde(default)]
    #[schemars(extend("properties" = known_logins(), "additionalProperties" = login_id(), "maxProperties" = 10))]
    pub supported_login_providers: BTreeMap<String, String>,
    /// The ARNs of IAM's OIDC providers whose users may come.
    #[serde(default)]
    #[schemars(extend("items" = arn::oidc_provider()))]
    pub open_id_connect_provider_arns: BTreeSet<String>,
    /// The ARNs of IAM's SAML providers whose users may come.
    #[serde(default)]
    #[schemars(extend("items" = arn::saml_provider()))]
    pub saml_provider_arns: BTreeSet<String>,
    /// The name under which your own servers sign users in. Once set, AWS cannot change or remove it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(
        length(min = 1, max = 128),
        pattern(r"^[A-Za-z0-9_.-]+$"),
        extend("x-pattern-help" = "letters, digits and _ . -", "x-change" = "set-once")
    )]
    pub developer_provider_name: Option<String>,
    /// The IAM roles whose credentials identities get.
    #[serde(default)]
    pub roles: Roles,
    /// Which role the users of a provider get, by provider: `PROVIDERNAME:CLIENTID` of a user pool's client, a public
    /// service's name, or an ARN. Up to 10.
    #[serde(default)]
    #[schemars(extend("maxProperties" = 10))]
    pub role_mappings: BTreeMap<String, RoleMapping>,
    /// Which claims become tags of the session, by provider name. Without an entry none do.
    #[serde(default)]
    #[schemars(extend("propertyNames" = {"minLength": 1, "maxLength": 128}))]
    pub principal_tags: BTreeMap<String, PrincipalTags>,
}

/// An app client of a user pool whose users may come.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(deny_unknown_fields)]
pub struct CognitoIdentityProvider {
    /// The user pool: `${userPools.KEY.providerName}`, which is `cognito-idp.REGION.amazonaws.com/POOLID`.
    #[schemars(
        length(min = 1, max = 128),
        pattern(r"^cognito-idp\.[a-z0-9-]+\.amazonaws\.com(\.cn)?/[A-Za-z0-9_-]+$"),
        extend("x-pattern-help" = "cognito-idp.REGION.amazonaws.com/POOLID")
    )]
    pub provider_name: String,
    /// The app client: `${userPools.KEY.clients.KEY.id}`.
    #[schemars(
        length(min = 1, max = 128),
        pattern(r"^[A-Za-z0-9_]+$"),
        extend("x-pattern-help" = "letters, digits and _")
    )]
    pub client_id: String,
    /// Whether the user pool is asked if the user has signed out or is gone since. Default: false.
    #[serde(default)]
    pub server_side_token_check: bool,
}

/// The IAM roles whose credentials identities get.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(deny_unknown_fields)]
pub struct Roles {
    /// The role of users who have signed in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(schema_with = "arn::role")]
    pub authenticated: Option<String>,
    /// The role of guests.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(schema_with = "arn::role")]
    pub unauthenticated: Option<String>,
}

/// How the role of a provider's users is found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(deny_unknown_fields)]
pub struct RoleMapping {
    /// Token: from the claims `cognito:roles` and `cognito:preferred_role`. Rules: from `rulesConfiguration`.
    #[serde(rename = "type")]
    pub mapping_type: MappingType,
    /// What happens when no rule, or more than one role, applies. AWS wants it for both types.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ambiguous_role_resolution: Option<AmbiguousRoleResolution>,
    /// The rules of a mapping of type Rules.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rules_configuration: Option<RulesConfiguration>,
}

/// Where a role comes from.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub enum MappingType {
    /// From the claims `cognito:roles` and `cognito:preferred_role` of the token.
    Token,
    /// From the first rule that applies.
    Rules,
}

/// What happens when the role is not clear.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub enum AmbiguousRoleResolution {
    /// The user gets `roles.authenticated`.
    AuthenticatedRole,
    /// The user gets no credentials.
    Deny,
}

/// The rules of a role mapping.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(deny_unknown_fields)]
pub struct RulesConfiguration {
    /// The rules in the order in which they are tried. 1 to 25.
    #[serde(default)]
    #[schemars(length(max = 25))]
    pub rules: Vec<MappingRule>,
}

/// A rule that gives a role.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(deny_unknown_fields)]
pub struct MappingRule {
    /// The claim of the token that is looked at. 1 to 64 characters, no spaces.
    #[schemars(
        length(min = 1, max = 64),
        pattern(r"^[^\s\x00-\x1f\x7f]+$"),
        extend("x-pattern-help" = "no spaces and no control characters")
    )]
    pub claim: String,
    /// How the claim is compared with `value`.
    pub match_type: MatchType,
    /// What it is compared with. 1 to 128 characters.
    #[schemars(length(min = 1, max = 128))]
    pub value: String,
    /// The ARN of the role.
    #[schemars(schema_with = "arn::role")]
    pub role_arn: String,
}

/// How a claim is compared.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub enum MatchType {
    /// It contains the value.
    Contains,
    /// It is the value.
    Equals,
    /// It is another than the value.
    NotEqual,
    /// It starts with the value.
    StartsWith,
}

/// Which claims become tags of the session.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(deny_unknown_fields)]
pub struct PrincipalTags {
    /// Whether AWS's own mapping holds (`username` from `sub`, `client` from `aud`), instead of `principalTags`. Default: false.
    #[serde(default)]
    pub use_defaults: bool,
    /// Tag to claim. Up to 50.
    #[serde(default)]
    #[schemars(extend("maxProperties" = 50, "additionalProperties" = {"type": "string", "minLength": 1, "maxLength": 256}))]
    pub principal_tags: BTreeMap<String, String>,
}

impl Spec for IdentityPool {
    const API_NAMES: &'static [(&'static str, &'static str)] =
        &[("name", "IdentityPoolName"), ("tags", "IdentityPoolTags")];

    fn normalize(&mut self) {
        tags::keep_comparable(&mut self.tags);
        self.cognito_identity_providers.sort();
        for mapping in self.role_mappings.values_mut() {
            mapping.rules_configuration.take_if(|configuration| configuration.rules.is_empty());
        }
        self.principal_tags.retain(|_, mapping| {
            if mapping.use_defaults {
                mapping.principal_tags.clear();
            }
            mapping.use_defaults || !mapping.principal_tags.is_empty()
        });
    }

    fn check(&self, findings: &mut Findings) {
        rules::check(self, findings);
    }
}

/// An app id at a public service.
fn login_id() -> Value {
    json!({
        "type": "string", "minLength": 1, "maxLength": 128,
        "pattern": r"^[A-Za-z0-9_.;/-]+$", "x-pattern-help": "letters, digits and _ . ; / -",
    })
}

/// The public services that have something of their own to say.
fn known_logins() -> Value {
    let mut twitter = login_id();
    twitter["x-secret"] = json!(true);
    twitter["description"] = json!("The consumer key and the consumer secret: key;secret.");
    json!({"api.twitter.com": twitter})
}

/// The public services whose users may come, by the names that AWS gives them. Digits is no more,
/// but AWS still knows its name.
pub const LOGIN_PROVIDERS: [&str; 6] = [
    "graph.facebook.com",
    "accounts.google.com",
    "appleid.apple.com",
    "www.amazon.com",
    "api.twitter.com",
    "www.digits.com",
];
