//! The form of the document, whole.

use std::sync::Arc;

use super::*;
use crate::diagnostic::{Diagnostic, Source};
use crate::plan::Action;
use crate::view::sample;

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
