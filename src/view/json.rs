//! The document for programs. Its types are apart from those that the work is done with, so that
//! it changes only on purpose; fields keep their names and order, and new ones may come. What is
//! absent is left out. `version` is raised when something is renamed, removed or means another thing.

mod convert;

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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::sample;
    use super::*;
    use crate::diagnostic::{Diagnostic, Source};
    use crate::plan::Action;

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
                  "cause": "pending",
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
                  "cause": "deleted-live",
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
                  "id": "1example23456789",
                  "properties": [
                    {
                      "path": "allowedOAuthFlows",
                      "live": [
                        "implicit"
                      ]
                    },
                    {
                      "path": "callbackUrls",
                      "live": [
                        "https://elsewhere.example.com/"
                      ]
                    }
                  ]
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
                "release": 0,
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
