//! Group.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Spec;

/// Group.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(deny_unknown_fields)]
pub struct Group {}

impl Spec for Group {}
