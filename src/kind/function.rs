//! Function.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Spec;

/// Function.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(deny_unknown_fields)]
pub struct Function {}

impl Spec for Function {}
