//! IdentityPool.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Spec;

/// IdentityPool.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(deny_unknown_fields)]
pub struct IdentityPool {}

impl Spec for IdentityPool {}
