//! IdentityProvider.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Spec;

/// IdentityProvider.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(deny_unknown_fields)]
pub struct IdentityProvider {}

impl Spec for IdentityProvider {}
