//! The document for programs. Its types are apart from those that the work is done with, so that
//! it changes only on purpose; fields keep their names and order, and new ones may come. What is
//! absent is left out. `version` is raised when something is renamed, removed or means another thing.

use std::time::Duration;

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::scrub::scrub_json;
use super::text::{address_of, goes_along};
use crate::diagnostic::Diagnostic;
use crate::error;
use crate::kind::Kind;
use crate::plan::{self, Action, Plan, StepResult};
use crate::reference;
use crate::stack::Output;

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
    /// What the user should know of how the plan came about.
    pub notes: Vec<String>,
    /// How many resources have each action.
    pub summary: Summary,
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
    /// `create`, `update`, `adopt`, `replace`, `delete` or `blocked`.
    pub action: &'static str,
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

impl Stack {
    /// A stack of which only the name is told.
    pub fn new(stack: impl Into<String>) -> Self {
        Self { stack: stack.into(), region: None, account: None, plan: None, report: None, outputs: None }
    }

    /// A stack with its plan, and how long it took to read what is live.
    #[must_use]
    pub fn of_plan(plan: &Plan, took: Duration) -> Self {
        let shown = plan.items.iter().filter(|item| item.action != Action::Keep);
        Self {
            region: Some(plan.region.clone()),
            account: Some(plan.account.clone()),
            plan: Some(StackPlan {
                items: shown.map(Item::from).collect(),
                unmanaged: plan.unmanaged.iter().map(|child| Unmanaged::of(child, plan)).collect(),
                notes: plan.notes.clone(),
                summary: Summary::from(plan),
                calls: plan.calls,
                milliseconds: milliseconds(took),
            }),
            ..Self::new(&plan.stack)
        }
    }

    /// The same, with what an apply or a destroy did.
    #[must_use]
    pub fn with_report(mut self, report: &plan::Report, took: Duration) -> Self {
        self.report = Some(Report {
            complete: report.is_complete(),
            items: report.outcomes.iter().map(Outcome::from).collect(),
            calls: report.calls,
            milliseconds: milliseconds(took),
        });
        self
    }

    /// The same, with its outputs.
    #[must_use]
    pub fn with_outputs(mut self, outputs: &[Output]) -> Self {
        let value = |output: &Output| if output.secret { json!({"secret": true}) } else { known(&output.value) };
        self.outputs = Some(outputs.iter().map(|output| (output.name.clone(), value(output))).collect());
        self
    }
}

impl From<&plan::Item> for Item {
    fn from(item: &plan::Item) -> Self {
        Self {
            address: item.address.to_string(),
            kind: item.kind.map_or("invoke permission", Kind::title),
            action: item.action.word_and_symbol().0,
            id: item.id.clone(),
            changes: item.changes.iter().map(Change::from).collect(),
            blocked: item.blocked.clone(),
            warnings: item.warnings.clone(),
            with_parent: item.with_parent,
        }
    }
}

impl From<&plan::Change> for Change {
    fn from(change: &plan::Change) -> Self {
        let shown = |value: &Option<Value>| value.as_ref().filter(|_| !change.secret).map(known);
        Self {
            path: super::value::path(&change.path),
            live: shown(&change.live),
            declared: shown(&change.declared),
            secret: change.secret,
        }
    }
}

impl Unmanaged {
    fn of(child: &plan::UnmanagedChild, plan: &Plan) -> Self {
        Self {
            address: child.address.to_string(),
            kind: child.kind.title(),
            id: child.id.clone(),
            with_parent: goes_along(child, plan),
        }
    }
}

impl From<&Plan> for Summary {
    fn from(plan: &Plan) -> Self {
        Self {
            create: plan.count(Action::Create),
            update: plan.count(Action::Update),
            adopt: plan.count(Action::Adopt),
            replace: plan.count(Action::Replace),
            delete: plan.count(Action::Delete),
            blocked: plan.count(Action::Blocked),
            keep: plan.count(Action::Keep),
        }
    }
}

impl From<&plan::Outcome> for Outcome {
    fn from(outcome: &plan::Outcome) -> Self {
        let (result, because, error) = match &outcome.result {
            StepResult::Done => ("done", None, None),
            StepResult::Failed(error) => ("failed", None, Some(Error::from(error))),
            StepResult::NotTried(cause) => ("not-tried", Some(cause.to_string()), None),
            StepResult::Interrupted => ("interrupted", None, None),
        };
        let action = outcome.action.word_and_symbol().0;
        Self { address: outcome.address.to_string(), action, result, because, error }
    }
}

impl From<&error::Error> for Error {
    fn from(error: &error::Error) -> Self {
        let address = address_of(error).map(ToString::to_string);
        match error {
            error::Error::Aws(error) => Self {
                message: error.message.clone(),
                address,
                operation: Some(error.operation),
                code: error.code.clone(),
                request_id: error.request_id.clone(),
                ambiguous: error.ambiguous,
                help: error.help.clone(),
                ..Self::default()
            },
            error::Error::Refused { message, help, .. } => {
                Self { message: message.clone(), address, help: help.clone(), ..Self::default() }
            }
        }
    }
}

impl From<&Diagnostic> for Error {
    fn from(diagnostic: &Diagnostic) -> Self {
        let place = diagnostic.span.as_ref().map(|_| diagnostic.line_column());
        Self {
            message: diagnostic.message.clone(),
            file: Some(diagnostic.source.path.display().to_string()),
            line: place.map(|(line, _)| line),
            column: place.map(|(_, column)| column),
            help: diagnostic.help.clone(),
            ..Self::default()
        }
    }
}

/// The value with `{"unknown": true}` for each part that is not known yet.
fn known(value: &Value) -> Value {
    match value {
        Value::String(_) if reference::is_open(value) => json!({"unknown": true}),
        Value::Array(items) => items.iter().map(known).collect(),
        Value::Object(map) => {
            Value::Object(map.iter().map(|(key, value)| (reference::display(key), known(value))).collect())
        }
        other => other.clone(),
    }
}

fn milliseconds(took: Duration) -> u64 {
    u64::try_from(took.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::sample;
    use super::*;
    use crate::diagnostic::Source;

    #[test]
    #[expect(clippy::too_many_lines, reason = "most of them are the document")]
    fn the_document_keeps_its_form() {
        let mut plan = sample::full();
        plan.items.retain(|item| matches!(item.action, Action::Create | Action::Adopt | Action::Keep));
        let mut document = Document::new("apply");
        document.stacks.push(
            Stack::of_plan(&plan, sample::TOOK)
                .with_report(&sample::report(), sample::TOOK)
                .with_outputs(&sample::outputs()),
        );
        let text = "stack: shop\nregoin: x\n".to_owned();
        let source = Arc::new(Source { path: "shop.yaml".into(), text });
        let diagnostic = Diagnostic { source, span: Some(12..18), message: "unknown key".to_owned(), help: None };
        document.errors.push(Error::from(&diagnostic));
        insta::assert_snapshot!(document.render(&[]), @r#"
        {
          "version": 1,
          "command": "apply",
          "stacks": [
            {
              "stack": "shop/prod",
              "region": "us-east-2",
              "account": "123456789012",
              "items": [
                {
                  "address": "userPools.customers.clients.web",
                  "kind": "app client",
                  "action": "create",
                  "changes": [
                    {
                      "path": "name",
                      "declared": "web"
                    },
                    {
                      "path": "allowedOAuthFlows",
                      "declared": [
                        "code"
                      ]
                    },
                    {
                      "path": "callbackUrls",
                      "declared": [
                        "http://localhost:8000/",
                        "https://shop.example.com/callback",
                        "https://shop.example.com/silent-refresh"
                      ]
                    },
                    {
                      "path": "refreshTokenRotation",
                      "declared": {
                        "feature": "ENABLED",
                        "retryGracePeriodSeconds": 10
                      }
                    },
                    {
                      "path": "analyticsConfiguration.applicationArn",
                      "declared": {
                        "unknown": true
                      }
                    },
                    {
                      "path": "clientSecret",
                      "secret": true
                    }
                  ],
                  "blocked": [],
                  "warnings": []
                },
                {
                  "address": "userPools.customers.groups.admins",
                  "kind": "group",
                  "action": "create",
                  "changes": [],
                  "blocked": [],
                  "warnings": []
                },
                {
                  "address": "userPools.customers.identityProviders.Google",
                  "kind": "identity provider",
                  "action": "adopt",
                  "id": "Google",
                  "changes": [
                    {
                      "path": "providerDetails.client_secret",
                      "secret": true
                    },
                    {
                      "path": "attributeMapping",
                      "live": {
                        "email": "email"
                      },
                      "declared": {
                        "email": "email",
                        "name": "given_name"
                      }
                    }
                  ],
                  "blocked": [],
                  "warnings": []
                }
              ],
              "unmanaged": [
                {
                  "address": "userPools.customers.clients.legacy",
                  "kind": "app client",
                  "id": "1example23456789"
                },
                {
                  "address": "userPools.customers.resourceServers[\"https://orders.example.com\"]",
                  "kind": "resource server",
                  "id": "https://orders.example.com"
                }
              ],
              "notes": [
                "The tag query was refused (AccessDeniedException), so resources that were removed from the file were not looked for."
              ],
              "summary": {
                "create": 2,
                "update": 0,
                "adopt": 1,
                "replace": 0,
                "delete": 0,
                "blocked": 0,
                "keep": 1
              },
              "calls": 23,
              "milliseconds": 1240,
              "report": {
                "complete": false,
                "items": [
                  {
                    "address": "userPools.customers",
                    "action": "update",
                    "result": "done"
                  },
                  {
                    "address": "userPools.customers.clients.web",
                    "action": "create",
                    "result": "failed",
                    "error": {
                      "message": "1 validation error detected: Value '[ALLOW_REFRESH_TOKEN_AUTH]' at 'explicitAuthFlows' cannot be used with refresh token rotation",
                      "address": "userPools.customers.clients.web",
                      "operation": "CreateUserPoolClient",
                      "code": "InvalidParameterException",
                      "requestId": "f5b1a9d2-6a1e-4c0e-9f55-0c2f3e0b7a11",
                      "help": "take ALLOW_REFRESH_TOKEN_AUTH out, or turn `refreshTokenRotation` off"
                    }
                  },
                  {
                    "address": "userPools.customers.groups.admins",
                    "action": "create",
                    "result": "done"
                  },
                  {
                    "address": "identityPools.app",
                    "action": "update",
                    "result": "not-tried",
                    "because": "userPools.customers.clients.web"
                  },
                  {
                    "address": "userPools.old",
                    "action": "delete",
                    "result": "interrupted"
                  }
                ],
                "calls": 31,
                "milliseconds": 1240
              },
              "outputs": {
                "userPoolId": "us-east-2_AbCdEfGhI",
                "motto": "it's\n$HOME",
                "ports": [
                  8000,
                  8001
                ],
                "clientSecret": {
                  "secret": true
                },
                "clientId": {
                  "unknown": true
                }
              }
            }
          ],
          "errors": [
            {
              "message": "unknown key",
              "file": "shop.yaml",
              "line": 2,
              "column": 1
            }
          ]
        }
        "#);
    }
}
