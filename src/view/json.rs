//! The document for programs. Its types are apart from those that the work is done with, so that
//! it changes only on purpose; fields keep their names and order, and new ones may come. What is
//! absent is left out. `version` is raised when something is renamed, removed or means another thing.

mod convert;
#[cfg(test)]
mod tests;

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::scrub::scrub_json;

/// The whole output of a run.
#[derive(Debug, Clone, Serialize)]
pub struct Document {
    /// The version of this form: 1.
    pub version: u32,
    /// The command that ran, such as `plan`.
    pub command: &'static str,
    /// One entry for each stack that got as far as being read.
    pub stacks: Vec<Stack>,
    /// All that went wrong.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<Error>,
}

/// One stack.
#[derive(Debug, Clone, Serialize)]
pub struct Stack {
    /// `<stack>` or `<stack>/<environment>`.
    pub stack: String,
    /// The region that was read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// The account that was read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// The plan, where one was made: its fields stand here.
    #[serde(flatten)]
    pub plan: Option<StackPlan>,
    /// What others did live, where that was asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub drift: Option<Drift>,
    /// What an apply or a destroy did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub report: Option<Report>,
    /// The outputs by name: a value, `{"secret": true}` or `{"unknown": true}`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outputs: Option<Map<String, Value>>,
}

/// The fields of a stack for which a plan was made.
#[derive(Debug, Clone, Serialize)]
pub struct StackPlan {
    /// The resources that have something to do.
    pub items: Vec<Item>,
    /// Children made by other hands.
    pub unmanaged: Vec<Unmanaged>,
    /// What is not as declared, and left for another apply.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub left: Vec<Left>,
    /// What the user should know of how the plan came about.
    pub notes: Vec<String>,
    /// How many resources have each action.
    pub summary: Summary,
    /// How many API calls were made to read what is live.
    pub calls: usize,
    /// How long that took.
    pub milliseconds: u64,
}

/// What others did live, told apart from what the file still wants.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Drift {
    /// Whether there is any.
    pub drifted: bool,
    /// What was changed live, with the differences to the file.
    pub changed: Vec<Item>,
    /// What was deleted live.
    pub deleted: Vec<Item>,
    /// Roots that are not live: never applied, or deleted.
    pub not_live: Vec<Item>,
    /// What differs, of which it is not known what was applied.
    pub unknown: Vec<Item>,
    /// The addresses of roots whose ledger is lost or damaged.
    pub lost: Vec<String>,
    /// Children made by other hands.
    pub unmanaged: Vec<Unmanaged>,
    /// What the file still wants, which is no drift.
    pub pending: Vec<Item>,
    /// What the user should know of how this came about.
    pub notes: Vec<String>,
    /// How many API calls were made to read what is live.
    pub calls: usize,
    /// How long that took.
    pub milliseconds: u64,
}

/// One resource.
#[derive(Debug, Clone, Serialize)]
pub struct Item {
    /// Its address.
    pub address: String,
    /// Its kind, such as `user pool`; `invoke permission` for a trigger's.
    pub kind: &'static str,
    /// `create`, `update`, `adopt`, `replace`, `delete`, `release` or `blocked`.
    pub action: &'static str,
    /// Why it is not as declared: `pending`, `drift`, `both`, `deleted-live`, `interrupted`, `not-live`, `removed`,
    /// `unmanaged` or `unknown`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cause: Option<&'static str>,
    /// The id of what is live.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// What is different.
    pub changes: Vec<Change>,
    /// What stands in the way.
    pub blocked: Vec<String>,
    /// What must be known before it is done.
    pub warnings: Vec<String>,
    /// There, and true, if it goes by itself with its parent's deletion.
    #[serde(rename = "withParent", skip_serializing_if = "std::ops::Not::not")]
    pub with_parent: bool,
}

/// One difference. A secret one has no values; a value that is not known yet is `{"unknown": true}`.
#[derive(Debug, Clone, Serialize)]
pub struct Change {
    /// The property, relative to the resource.
    pub path: String,
    /// What is live; absent where nothing is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub live: Option<Value>,
    /// What the file says; absent where it says nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub declared: Option<Value>,
    /// There, and true, if the values are secret.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub secret: bool,
}

/// What is left for another apply.
#[derive(Debug, Clone, Serialize)]
pub struct Left {
    /// Its address.
    pub address: String,
    /// Why it is not as declared.
    pub cause: &'static str,
}

/// A child made by other hands.
#[derive(Debug, Clone, Serialize)]
pub struct Unmanaged {
    /// The address that it would have.
    pub address: String,
    /// Its kind.
    pub kind: &'static str,
    /// Its id or key.
    pub id: String,
    /// There, and true, if it goes by itself with its user pool's deletion.
    #[serde(rename = "withParent", skip_serializing_if = "std::ops::Not::not")]
    pub with_parent: bool,
    /// What it is like beyond AWS's defaults, where that was read.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub properties: Vec<Change>,
}

/// How many resources have each action; `keep` is for those that are as the file says.
#[derive(Debug, Clone, Serialize)]
#[expect(missing_docs, reason = "each field is the action of that name")]
pub struct Summary {
    pub create: usize,
    pub update: usize,
    pub adopt: usize,
    pub replace: usize,
    pub delete: usize,
    pub release: usize,
    pub blocked: usize,
    pub keep: usize,
}

/// What an apply or a destroy did.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    /// Whether all was done.
    pub complete: bool,
    /// Each resource that had something to do.
    pub items: Vec<Outcome>,
    /// How many API calls were made, reads and writes.
    pub calls: usize,
    /// How long it took.
    pub milliseconds: u64,
}

/// What became of one resource.
#[derive(Debug, Clone, Serialize)]
pub struct Outcome {
    /// Its address.
    pub address: String,
    /// What was to be done.
    pub action: &'static str,
    /// `done`, `failed`, `not-tried` or `interrupted`.
    pub result: &'static str,
    /// The address whose failure kept this one from being tried.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub because: Option<String>,
    /// Why it failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<Error>,
}

/// Something that went wrong, in a file or with AWS.
#[derive(Debug, Clone, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Error {
    /// What is wrong.
    pub message: String,
    /// The file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// The line in it, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
    /// The column in it, from 1, in characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<usize>,
    /// The resource.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// The API operation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operation: Option<&'static str>,
    /// AWS's error code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// AWS's request id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// There, and true, if the call may have had its effect all the same.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub ambiguous: bool,
    /// The way out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
}

impl Document {
    /// A document with nothing in it yet.
    #[must_use]
    pub fn new(command: &'static str) -> Self {
        Self { version: 1, command, stacks: Vec::new(), errors: Vec::new() }
    }

    /// Its text. In values, and in all other texts, none of the secrets is left.
    #[must_use]
    pub fn render(&self, secrets: &[String]) -> String {
        let mut value = json!(self);
        scrub_json(&mut value, secrets);
        format!("{value:#}\n")
    }
}
