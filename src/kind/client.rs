//! An app client of a user pool. Three things of it have several spellings in AWS's answers and one
//! here: token validities (a number and a unit: kept in the largest unit that divides them, so that
//! 60 minutes and 1 hour are equal), refresh token rotation (absent is DISABLED), and sets, which
//! come back sorted. `readAttributes`, `writeAttributes` and `explicitAuthFlows` stay absent where
//! AWS's own choice holds: an explicit list with the same effect is not the same thing to AWS.
//!
//! A client "has a secret" when one was generated or given, so the canonical `generateSecret` is
//! true for both; what is sent at creation is either the secret or the wish for one.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Spec;
use crate::diagnostic::Findings;

mod rules;
#[cfg(test)]
mod tests;
mod values;

pub use values::{
    AnalyticsConfiguration, ExplicitAuthFlow, Feature, OAuthFlow, PreventUserExistenceErrors, RefreshTokenRotation,
    TimeUnit, TokenValidityUnits,
};

/// An app that signs users in: its secret, OAuth flows, URLs, identity providers and tokens.
// No `Debug`: some of it is secret.
#[derive(Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "the properties are the API's")]
pub struct Client {
    /// What a person calls it. 1 to 128 characters. Default: the key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(
        length(min = 1, max = 128),
        pattern(r"^[A-Za-z0-9_ \t-\r+=,.@-]+$"),
        extend("x-pattern-help" = "letters, digits, spaces and _ + = , . @ -")
    )]
    pub name: Option<String>,

    /// Whether AWS makes a secret for the client. For apps that can keep one, such as a web server. Cannot be changed
    /// later. Default: false.
    #[serde(default)]
    #[schemars(extend("x-change" = "create-only"))]
    pub generate_secret: bool,
    /// A secret of your own, instead of a generated one. 24 to 64 letters, digits, `_` and `+`. Cannot be changed later.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(
        length(min = 24, max = 64),
        pattern(r"^[A-Za-z0-9_+]+$"),
        extend(
            "x-pattern-help" = "letters, digits, _ and +",
            "x-change" = "create-only",
            "x-secret" = true,
            "x-compare" = "declared"
        )
    )]
    pub client_secret: Option<String>,

    /// How long a refresh token lives, in the unit of `tokenValidityUnits.refreshToken` (days). 60 minutes to 3650 days.
    /// Default, also for 0: 30 days.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0, max = 315_360_000))]
    pub refresh_token_validity: Option<u32>,
    /// How long an access token lives, in the unit of `tokenValidityUnits.accessToken` (hours). 5 minutes to 1 day, and no
    /// longer than the refresh token. Default: 1 hour.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 86_400))]
    pub access_token_validity: Option<u32>,
    /// How long an ID token lives, in the unit of `tokenValidityUnits.idToken` (hours). 5 minutes to 1 day, and no longer
    /// than the refresh token. Default: 1 hour.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 86_400))]
    pub id_token_validity: Option<u32>,
    /// The units of the three validities. Durations are compared, not spellings: 60 minutes are 1 hour.
    #[serde(default)]
    pub token_validity_units: TokenValidityUnits,

    /// The user attributes that the app may read; custom ones as `custom:NAME`. Default: all standard attributes, no custom
    /// ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1), inner(length(min = 1, max = 2048)), extend("x-empty" = "error"))]
    pub read_attributes: Option<BTreeSet<String>>,
    /// The user attributes that the app may change; custom ones as `custom:NAME`. It must hold what the client's identity
    /// providers map. Default: all standard attributes, no custom ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1), inner(length(min = 1, max = 2048)), extend("x-empty" = "error"))]
    pub write_attributes: Option<BTreeSet<String>>,

    /// The ways to sign in through the API. Default: `ALLOW_USER_SRP_AUTH`, `ALLOW_CUSTOM_AUTH` and
    /// `ALLOW_REFRESH_TOKEN_AUTH`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1), extend("x-empty" = "error"))]
    pub explicit_auth_flows: Option<BTreeSet<ExplicitAuthFlow>>,
    /// Who users may sign in with on the sign-in pages: `COGNITO` for the pool's own users, and identity providers of the
    /// pool by name. Default: none.
    #[serde(default)]
    #[schemars(inner(length(min = 1, max = 32)))]
    pub supported_identity_providers: BTreeSet<String>,

    /// Where the sign-in pages may send users back to. https, http on localhost, or the app's own scheme; no fragment.
    /// Up to 100.
    #[serde(default)]
    #[schemars(length(max = 100), inner(length(min = 1, max = 1024)), extend("uniqueItems" = true))]
    pub callback_urls: Vec<String>,
    /// Where users may be sent after they sign out. The same rules as for `callbackUrls`. Up to 100.
    #[serde(default)]
    #[schemars(length(max = 100), inner(length(min = 1, max = 1024)), extend("uniqueItems" = true))]
    pub logout_urls: Vec<String>,
    /// The callback URL that holds when a request names none. One of `callbackUrls`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 1024))]
    pub default_redirect_uri: Option<String>,

    /// Whether the client takes part in OAuth: whether the OAuth flows, scopes and URLs are in force. Default: false.
    #[serde(default)]
    pub allowed_o_auth_flows_user_pool_client: bool,
    /// The OAuth grants: `code` and `implicit` for users, `client_credentials` (alone, with a secret) for machines.
    #[serde(default)]
    #[schemars(length(max = 3))]
    pub allowed_o_auth_flows: BTreeSet<OAuthFlow>,
    /// The scopes that the client may ask for: `openid`, `email`, `phone`, `profile`, `aws.cognito.signin.user.admin`, and
    /// `IDENTIFIER/SCOPENAME` of the pool's resource servers. Up to 50.
    #[serde(default)]
    #[schemars(length(max = 50), inner(length(min = 1, max = 256)))]
    pub allowed_o_auth_scopes: BTreeSet<String>,

    /// Sign-in metrics to Amazon Pinpoint: either `applicationArn`, or `applicationId`, `roleArn` and `externalId`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub analytics_configuration: Option<AnalyticsConfiguration>,
    /// Whether errors hide that a user does not exist. Default: LEGACY.
    #[serde(default)]
    pub prevent_user_existence_errors: PreventUserExistenceErrors,
    /// Whether tokens can be revoked. Default: true.
    #[serde(default = "yes")]
    pub enable_token_revocation: bool,
    /// Whether the app may pass on its users' IP addresses for threat protection. Needs a secret. Default: false.
    #[serde(default)]
    pub enable_propagate_additional_user_context_data: bool,
    /// How many minutes a user has for each step of a sign-in. 3 to 15. Default: 3.
    #[serde(default = "three")]
    #[schemars(range(min = 3, max = 15))]
    pub auth_session_validity: u32,
    /// Whether a refresh token is replaced by a new one when it is used.
    #[serde(default)]
    pub refresh_token_rotation: RefreshTokenRotation,
}

fn yes() -> bool {
    true
}

fn three() -> u32 {
    3
}

const HOUR: u64 = 60 * 60;
const DAY: u64 = 24 * HOUR;

impl Client {
    fn access_token_seconds(&self) -> u64 {
        self.token_validity_units.access_token.seconds(self.access_token_validity, HOUR)
    }

    fn id_token_seconds(&self) -> u64 {
        self.token_validity_units.id_token.seconds(self.id_token_validity, HOUR)
    }

    fn refresh_token_seconds(&self) -> u64 {
        self.token_validity_units.refresh_token.seconds(self.refresh_token_validity, 30 * DAY)
    }

    fn has_secret(&self) -> bool {
        self.generate_secret || self.client_secret.is_some()
    }
}

impl Spec for Client {
    const API_NAMES: &'static [(&'static str, &'static str)] = &[("name", "ClientName")];

    fn normalize(&mut self) {
        self.generate_secret = self.has_secret();
        let (access, id, refresh) =
            (self.access_token_seconds(), self.id_token_seconds(), self.refresh_token_seconds());
        let units = &mut self.token_validity_units;
        (self.access_token_validity, units.access_token) = TimeUnit::largest(access);
        (self.id_token_validity, units.id_token) = TimeUnit::largest(id);
        (self.refresh_token_validity, units.refresh_token) = TimeUnit::largest(refresh);
        self.read_attributes.take_if(|names| names.is_empty());
        self.write_attributes.take_if(|names| names.is_empty());
        self.explicit_auth_flows.take_if(|flows| flows.is_empty());
        for urls in [&mut self.callback_urls, &mut self.logout_urls] {
            urls.sort();
            urls.dedup();
        }
        if self.refresh_token_rotation.feature == Feature::Disabled {
            self.refresh_token_rotation = RefreshTokenRotation::default();
        }
    }

    fn check(&self, findings: &mut Findings) {
        rules::check(self, findings);
    }
}
