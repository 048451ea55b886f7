//! Domain.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Spec;

/// Domain.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(deny_unknown_fields)]
pub struct Domain {}

impl Spec for Domain {}
