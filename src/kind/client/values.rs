//! The values inside of an app client.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::kind::arn;

/// The units of the token validities.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
#[schemars(deny_unknown_fields)]
pub struct TokenValidityUnits {
    /// The unit of `accessTokenValidity`. Default: hours.
    pub access_token: TimeUnit,
    /// The unit of `idTokenValidity`. Default: hours.
    pub id_token: TimeUnit,
    /// The unit of `refreshTokenValidity`. Default: days.
    pub refresh_token: TimeUnit,
}

impl Default for TokenValidityUnits {
    fn default() -> Self {
        Self { access_token: TimeUnit::Hours, id_token: TimeUnit::Hours, refresh_token: TimeUnit::Days }
    }
}

/// A unit of time.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum TimeUnit {
    /// Seconds.
    Seconds,
    /// Minutes.
    Minutes,
    /// Hours.
    Hours,
    /// Days.
    Days,
}

impl TimeUnit {
    const LARGEST_FIRST: [TimeUnit; 4] = [TimeUnit::Days, TimeUnit::Hours, TimeUnit::Minutes, TimeUnit::Seconds];

    fn in_seconds(self) -> u64 {
        match self {
            TimeUnit::Seconds => 1,
            TimeUnit::Minutes => 60,
            TimeUnit::Hours => super::HOUR,
            TimeUnit::Days => super::DAY,
        }
    }

    /// How many seconds so many of this unit are; `default` where there is none, which AWS also writes as 0.
    pub(super) fn seconds(self, count: Option<u32>, default: u64) -> u64 {
        count.filter(|count| *count > 0).map_or(default, |count| u64::from(count) * self.in_seconds())
    }

    /// The seconds in the largest unit that divides them.
    pub(super) fn largest(seconds: u64) -> (Option<u32>, TimeUnit) {
        let divides = |unit: &TimeUnit| seconds.is_multiple_of(unit.in_seconds());
        let unit = Self::LARGEST_FIRST.into_iter().find(divides).unwrap_or(TimeUnit::Seconds);
        (u32::try_from(seconds / unit.in_seconds()).ok(), unit)
    }
}

/// A way to sign in through the API.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ExplicitAuthFlow {
    /// The old name of `ALLOW_ADMIN_USER_PASSWORD_AUTH`. Not together with `ALLOW_` names.
    AdminNoSrpAuth,
    /// A server with AWS credentials sends name and password.
    AllowAdminUserPasswordAuth,
    /// Challenges made by Lambda triggers.
    AllowCustomAuth,
    /// New tokens for a refresh token. Not together with refresh token rotation.
    AllowRefreshTokenAuth,
    /// The user chooses among the first factors of the pool. Needs the ESSENTIALS tier or a higher one.
    AllowUserAuth,
    /// The app sends name and password.
    AllowUserPasswordAuth,
    /// The app proves the password without sending it (SRP).
    AllowUserSrpAuth,
    /// The old way to allow nothing but `ALLOW_CUSTOM_AUTH`. Not together with `ALLOW_` names.
    CustomAuthFlowOnly,
    /// The old name of `ALLOW_USER_PASSWORD_AUTH`. Not together with `ALLOW_` names.
    UserPasswordAuth,
    /// One that AWS has added since, as read.
    #[serde(untagged)]
    #[schemars(skip)]
    Other(String),
}

impl ExplicitAuthFlow {
    /// Whether it is one of the names from before `ALLOW_…`.
    pub(super) fn is_legacy(&self) -> bool {
        matches!(self, Self::AdminNoSrpAuth | Self::CustomAuthFlowOnly | Self::UserPasswordAuth)
    }
}

/// An OAuth grant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum OAuthFlow {
    /// A machine gets an access token for its own secret.
    ClientCredentials,
    /// The app gets a code, and tokens for the code.
    Code,
    /// The app gets the tokens in the URL.
    Implicit,
}

/// Where sign-in metrics go in Amazon Pinpoint.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(deny_unknown_fields)]
pub struct AnalyticsConfiguration {
    /// The ARN of the Pinpoint project; alone, without the three below.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(schema_with = "arn::any")]
    pub application_arn: Option<String>,
    /// The id of the Pinpoint project; with `roleArn` and `externalId`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(
        pattern(r"^[0-9a-fA-F]+$"),
        extend("x-pattern-help" = "hexadecimal digits")
    )]
    pub application_id: Option<String>,
    /// The role with which Cognito writes to the project.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(schema_with = "arn::role")]
    pub role_arn: Option<String>,
    /// The external id that the role asks for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 131_072))]
    pub external_id: Option<String>,
    /// Whether user data is part of what is sent. Default: false.
    #[serde(default)]
    pub user_data_shared: bool,
}

/// Whether errors hide that a user does not exist.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum PreventUserExistenceErrors {
    /// Errors look the same whether the user exists or not.
    Enabled,
    /// Errors say when a user does not exist.
    #[default]
    Legacy,
}

/// Whether a refresh token is replaced by a new one when it is used.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(deny_unknown_fields)]
pub struct RefreshTokenRotation {
    /// ENABLED or DISABLED. ENABLED excludes `ALLOW_REFRESH_TOKEN_AUTH`. Default: DISABLED.
    #[serde(default)]
    pub feature: Feature,
    /// For how many seconds the old token still works. 0 to 60. Default: 0.
    #[serde(default)]
    #[schemars(range(min = 0, max = 60))]
    pub retry_grace_period_seconds: u32,
}

/// Whether something is on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Feature {
    /// It is on.
    Enabled,
    /// It is off.
    #[default]
    Disabled,
}
