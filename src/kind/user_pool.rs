//! UserPool.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Spec;

/// UserPool.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(deny_unknown_fields)]
pub struct UserPool {}

impl Spec for UserPool {}

/// Set by a call of its own.
pub const MFA_PROPERTIES: &[&str] = &["mfaConfiguration"];
