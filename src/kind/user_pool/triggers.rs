//! The functions that a pool calls: `LambdaConfig`. The one that shapes tokens has two places
//! there, which AWS keeps equal; the canonical form has it in `preTokenGenerationConfig` alone.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::texts;

/// The functions that the pool calls, each by its ARN, with or without a version or alias.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(deny_unknown_fields)]
pub struct Triggers {
    /// Before a user is signed up: accepts, denies or confirms at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(schema_with = "texts::arn")]
    pub pre_sign_up: Option<String>,
    /// Writes the messages to users.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(schema_with = "texts::arn")]
    pub custom_message: Option<String>,
    /// After a user is confirmed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(schema_with = "texts::arn")]
    pub post_confirmation: Option<String>,
    /// Before a sign-in: accepts or denies it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(schema_with = "texts::arn")]
    pub pre_authentication: Option<String>,
    /// After a sign-in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(schema_with = "texts::arn")]
    pub post_authentication: Option<String>,
    /// Chooses the next challenge of a sign-in of your own making.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(schema_with = "texts::arn")]
    pub define_auth_challenge: Option<String>,
    /// Makes the challenge.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(schema_with = "texts::arn")]
    pub create_auth_challenge: Option<String>,
    /// Judges the answer to the challenge.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(schema_with = "texts::arn")]
    pub verify_auth_challenge_response: Option<String>,
    /// Shapes the id token: the older way to say `preTokenGenerationConfig` with `V1_0`. If both are given, they name the
    /// same function.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(schema_with = "texts::arn")]
    pub pre_token_generation: Option<String>,
    /// Shapes tokens before they are issued.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pre_token_generation_config: Option<PreTokenGenerationConfig>,
    /// Takes over users from another directory when they sign in or forgot their password.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(schema_with = "texts::arn")]
    pub user_migration: Option<String>,
    /// Sends all SMS. Needs `kmsKeyId`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub custom_sms_sender: Option<VersionedTrigger>,
    /// Sends all email. Needs `kmsKeyId`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub custom_email_sender: Option<VersionedTrigger>,
    /// Shapes the attributes that come from an identity provider.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inbound_federation: Option<VersionedTrigger>,
    /// The ARN of the symmetric KMS key, in the pool's region, that encrypts the codes for the custom senders.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(schema_with = "texts::arn")]
    pub kms_key_id: Option<String>,
}

impl Triggers {
    /// Brings the two places of the token trigger into one.
    pub(in crate::kind) fn normalize(&mut self) {
        if let Some(lambda_arn) = self.pre_token_generation.take() {
            self.pre_token_generation_config.get_or_insert(PreTokenGenerationConfig {
                lambda_version: PreTokenGenerationVersion::V1_0,
                lambda_arn,
            });
        }
    }
}

/// The function that shapes tokens.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(deny_unknown_fields, extend("required" = ["lambdaVersion", "lambdaArn"]), transform = texts::required_have_no_default)]
pub struct PreTokenGenerationConfig {
    /// The version of the event that the function gets.
    #[serde(default)]
    pub lambda_version: PreTokenGenerationVersion,
    /// The function's ARN.
    #[schemars(schema_with = "texts::arn")]
    pub lambda_arn: String,
}

/// The version of the event that shapes tokens.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub enum PreTokenGenerationVersion {
    /// The id token.
    #[default]
    #[serde(rename = "V1_0")]
    V1_0,
    /// The access token too. Needs the tier ESSENTIALS or PLUS.
    #[serde(rename = "V2_0")]
    V2_0,
    /// The access tokens of machines too. Needs the tier ESSENTIALS or PLUS.
    #[serde(rename = "V3_0")]
    V3_0,
}

/// A function with the version of the event that it gets.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(deny_unknown_fields, extend("required" = ["lambdaVersion", "lambdaArn"]), transform = texts::required_have_no_default)]
pub struct VersionedTrigger {
    /// The version of the event that the function gets. There is one.
    #[serde(default)]
    pub lambda_version: TriggerVersion,
    /// The function's ARN.
    #[schemars(schema_with = "texts::arn")]
    pub lambda_arn: String,
}

/// The version of an event that has only one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum TriggerVersion {
    /// The first.
    #[default]
    #[serde(rename = "V1_0")]
    V1_0,
}
