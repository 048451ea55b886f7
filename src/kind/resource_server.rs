//! ResourceServer.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Spec;

/// ResourceServer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(deny_unknown_fields)]
pub struct ResourceServer {}

impl Spec for ResourceServer {}
