//! Client.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Spec;

/// Client.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(deny_unknown_fields)]
pub struct Client {}

impl Spec for Client {}
