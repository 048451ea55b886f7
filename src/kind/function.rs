//! A Lambda function that serves as a trigger. `code` is a path in the file; before it is compared
//! with what is live, whoever plans puts the hash of the package in its place, which is what
//! Lambda reports as `CodeSha256`.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::tags::{self, Tags};
use super::{Spec, arn};
use crate::diagnostic::Findings;
use crate::path::Path;
use crate::reference;

pub mod package;
#[cfg(test)]
mod tests;

/// A Lambda function of your own, for triggers. Its package is a zip file.
// No `Debug`: some of it is secret.
#[derive(Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(deny_unknown_fields)]
pub struct Function {
    /// Its name, unique in the account and region. 1 to 64 characters. Cannot be changed later. Default: the stack, the
    /// environment and the key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(
        length(min = 1, max = 64),
        pattern(r"^[A-Za-z0-9_-]+$"),
        extend("x-pattern-help" = "letters, digits, _ and -", "x-change" = "create-only")
    )]
    pub name: Option<String>,
    /// What it does. Up to 256 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 256))]
    pub description: Option<String>,
    /// The language and its version, such as `python3.13` or `nodejs24.x`.
    #[schemars(
        length(min = 1, max = 64),
        pattern(r"^[a-z0-9.-]+$"),
        extend("x-pattern-help" = "a runtime's identifier, such as python3.13")
    )]
    pub runtime: String,
    /// What Lambda calls: `FILE.FUNCTION`, such as `index.handler`. Up to 128 characters, no spaces.
    #[schemars(
        length(min = 1, max = 128),
        pattern(r"^\S+$"),
        extend("x-pattern-help" = "FILE.FUNCTION, without spaces")
    )]
    pub handler: String,
    /// A folder, which is zipped, or a .zip file; relative to the stack file. Up to 50 MiB zipped.
    #[schemars(length(min = 1))]
    pub code: String,
    /// The ARN of the IAM role that it runs as.
    #[schemars(schema_with = "arn::role")]
    pub role: String,
    /// The processor: `[x86_64]` or `[arm64]`. Default: `[x86_64]`.
    #[serde(default = "x86")]
    #[schemars(length(min = 1, max = 1))]
    pub architectures: Vec<Architecture>,
    /// Memory in MB. 128 to 32768; accounts start with at most 10240. Default: 128.
    #[serde(default = "least_memory")]
    #[schemars(range(min = 128, max = 32_768))]
    pub memory_size: u32,
    /// How many seconds it may run. 1 to 5400; Cognito waits for 5. Default: 3.
    #[serde(default = "three_seconds")]
    #[schemars(range(min = 1, max = 5400))]
    pub timeout: u32,
    /// Environment variables. Their values are never shown. Up to 4 KB in all.
    #[serde(default)]
    #[schemars(extend("additionalProperties" = {"type": "string", "x-secret": true}))]
    pub environment: BTreeMap<String, String>,
    /// The ARNs of layer versions, in the order in which they are laid over each other. Up to 5.
    #[serde(default)]
    #[schemars(length(max = 5), extend("items" = arn::layer_version()))]
    pub layers: Vec<String>,
    /// Tags of the function. Up to 50.
    #[serde(default)]
    #[schemars(extend("maxProperties" = 50, "additionalProperties" = tags::value_schema()))]
    pub tags: Tags,
}

/// A processor.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub enum Architecture {
    /// 64-bit Intel and AMD.
    #[serde(rename = "x86_64")]
    X86,
    /// 64-bit ARM (Graviton).
    #[serde(rename = "arm64")]
    Arm,
    /// One that AWS has added since, as read.
    #[serde(untagged)]
    #[schemars(skip)]
    Other(String),
}

fn x86() -> Vec<Architecture> {
    vec![Architecture::X86]
}

fn least_memory() -> u32 {
    128
}

fn three_seconds() -> u32 {
    3
}

/// A function's environment variables may take so many bytes together.
const ENVIRONMENT_BYTES: usize = 4096;

impl Spec for Function {
    const API_NAMES: &'static [(&'static str, &'static str)] = &[("name", "FunctionName")];

    fn normalize(&mut self) {
        self.description.take_if(|text| text.is_empty());
        tags::keep_comparable(&mut self.tags);
    }

    fn check(&self, findings: &mut Findings) {
        tags::check(&self.tags, findings);
        self.check_handler(findings);
        self.check_environment(findings);
        self.check_layers(findings);
    }
}

impl Function {
    fn check_handler(&self, findings: &mut Findings) {
        let named = ["python", "nodejs", "ruby"].iter().any(|language| self.runtime.starts_with(language));
        if named && !self.handler.contains('.') {
            findings.rule_with_help(
                &["handler", "runtime"],
                format!("the handler `{}` names no function", self.handler),
                "write `FILE.FUNCTION`, such as `index.handler`",
            );
        }
    }

    fn check_environment(&self, findings: &mut Findings) {
        for name in self.environment.keys().filter(|name| reference::in_text(name).is_empty()) {
            let legal = name.len() > 1
                && name.starts_with(|first: char| first.is_ascii_alphabetic())
                && name.chars().all(|char| char.is_ascii_alphanumeric() || char == '_');
            let path = Path::root().key("environment").key(name);
            if !legal {
                let rule = "a letter, then at least one letter, digit or _";
                findings.rule_at(&[path], format!("`{name}` cannot be an environment variable's name: {rule}"), None);
            } else if RESERVED_VARIABLES.contains(&name.as_str()) {
                findings.rule_at(&[path], format!("Lambda sets the environment variable `{name}` itself"), None);
            }
        }
        // Lambda measures them as JSON.
        let bytes = serde_json::to_string(&self.environment).unwrap_or_default().len();
        if bytes > ENVIRONMENT_BYTES {
            findings.rule(
                &["environment"],
                format!("the environment variables take {bytes} bytes together; Lambda allows {ENVIRONMENT_BYTES}"),
            );
        }
    }
}

impl Function {
    /// Of a layer, a function has one version.
    fn check_layers(&self, findings: &mut Findings) {
        let version = |layer: &String| {
            let is_open = !reference::in_text(layer).is_empty();
            layer.rsplit_once(':').filter(|_| !is_open).map(|(name, _)| name.to_owned())
        };
        for (index, layer) in self.layers.iter().enumerate() {
            let Some(name) = version(layer) else { continue };
            if self.layers[..index].iter().any(|before| version(before).as_ref() == Some(&name)) {
                let path = Path::root().key("layers").index(index);
                let message = format!("the layer `{name}` is in the list already, in this version or another");
                findings.rule_at(&[path], message, Some("leave one of the two".to_owned()));
            }
        }
    }
}

/// Names that Lambda keeps for itself.
const RESERVED_VARIABLES: [&str; 17] = [
    "_HANDLER",
    "_X_AMZN_TRACE_ID",
    "AWS_DEFAULT_REGION",
    "AWS_REGION",
    "AWS_EXECUTION_ENV",
    "AWS_LAMBDA_FUNCTION_NAME",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
    "AWS_LAMBDA_FUNCTION_VERSION",
    "AWS_LAMBDA_INITIALIZATION_TYPE",
    "AWS_LAMBDA_LOG_GROUP_NAME",
    "AWS_LAMBDA_LOG_STREAM_NAME",
    "AWS_LAMBDA_RUNTIME_API",
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "LAMBDA_RUNTIME_DIR",
    "LAMBDA_TASK_ROOT",
];
