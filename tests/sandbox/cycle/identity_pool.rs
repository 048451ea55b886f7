//! Identity pools with their roles, role mappings and principal tags.

use serde_json::{Value, json};

use super::row::{Row, Table, Without, row};
use super::run::run;
use super::user_pool_messages::role;

const GOOGLE: &str = "accounts.google.com";

pub(crate) fn table() -> Table {
    let stack = json!({
        "stack": "cycle",
        "userPools": {"p": {"clients": {"web": {}, "app": {}}}},
        "identityPools": {"i": {}},
    });
    let oidc = |name: &str| format!("arn:aws:iam::123456789012:oidc-provider/{name}.example.com");
    let saml = |name: &str| format!("arn:aws:iam::123456789012:saml-provider/{name}");
    let mut rows = vec![
        row("name", "One", "Two").members(&["IdentityPoolName"]),
        row("tags.team", "one", "two"),
        row("allowUnauthenticatedIdentities", true, false),
        row("allowUnauthenticatedIdentities", false, true),
        row("allowClassicFlow", true, false),
        row("allowClassicFlow", false, true),
        row(r#"supportedLoginProviders["accounts.google.com"]"#, "one", "two"),
        row(r#"supportedLoginProviders["api.twitter.com"]"#, "one;secret", "two;secret").secret(),
        row("openIdConnectProviderArns", json!([oidc("one")]), json!([oidc("one"), oidc("two")])),
        row("samlProviderArns", json!([saml("one")]), json!([saml("one"), saml("two")])),
        row("developerProviderName", "one.example.com", "two.example.com").blocked(),
        row("developerProviderName", Value::Null, "one.example.com").one_way().without(Without::Blocked),
        row("roles.authenticated", role("one"), role("two")),
        row("roles.unauthenticated", role("one"), role("two")).with(json!({"roles": {"authenticated": role("one")}})),
    ];
    rows.extend(providers());
    rows.extend(mappings());
    rows.extend(principal_tags());
    Table { address: "identityPools.i", stack, rows }
}

/// App clients of user pools, which are known by pool and client.
fn providers() -> Vec<Row> {
    let declared = |client: &str| format!("${{userPools.p.clients.{client}.id}}");
    let provider = || {
        json!({"cognitoIdentityProviders": [
            {"providerName": "${userPools.p.providerName}", "clientId": declared("web"), "serverSideTokenCheck": false},
        ]})
    };
    let at = |client: &str| {
        format!(r#"cognitoIdentityProviders["cognito-idp.us-east-1.amazonaws.com/the-user-pool:client-{client}"]"#)
    };
    let live = |client: &str| {
        json!({"providerName": "cognito-idp.us-east-1.amazonaws.com/the-user-pool",
            "clientId": format!("client-{client}"), "serverSideTokenCheck": false})
    };
    vec![
        row("cognitoIdentityProviders[0].serverSideTokenCheck", true, false)
            .with(provider())
            .shows_at(&format!("{}.serverSideTokenCheck", at("web"))),
        row("cognitoIdentityProviders[0].serverSideTokenCheck", false, true)
            .with(provider())
            .shows_at(&format!("{}.serverSideTokenCheck", at("web"))),
        row("cognitoIdentityProviders[0].clientId", declared("web"), declared("app"))
            .with(provider())
            .shows(&at("app"), Value::Null, live("app"))
            .shows(&at("web"), live("web"), Value::Null)
            .without(Without::Wrong),
    ]
}

fn mappings() -> Vec<Row> {
    let base = || json!({"supportedLoginProviders": {GOOGLE: "app"}, "roles": {"authenticated": role("one")}});
    let rule = json!({"claim": "role", "matchType": "Equals", "value": "admin", "roleArn": role("admin")});
    let rules = || json!({"roleMappings": {GOOGLE: {"type": "Rules", "ambiguousRoleResolution": "Deny", "rulesConfiguration": {"rules": [rule.clone()]}}}});
    let changed = |property: &str, value: Value| {
        let mut rule = rule.clone();
        rule[property] = value;
        json!([rule])
    };
    let mapping = r#"roleMappings["accounts.google.com"].rulesConfiguration.rules"#;
    let mut rows = vec![
        row(r#"roleMappings["accounts.google.com"].ambiguousRoleResolution"#, "Deny", "AuthenticatedRole")
            .with(json!({"roleMappings": {GOOGLE: {"type": "Token"}}}))
            .without(Without::Wrong),
    ];
    for (path, property, two) in [
        (r#"roleMappings["accounts.google.com"].rulesConfiguration.rules[0].claim"#, "claim", json!("rank")),
        (
            r#"roleMappings["accounts.google.com"].rulesConfiguration.rules[0].matchType"#,
            "matchType",
            json!("Contains"),
        ),
        (r#"roleMappings["accounts.google.com"].rulesConfiguration.rules[0].value"#, "value", json!("boss")),
        (r#"roleMappings["accounts.google.com"].rulesConfiguration.rules[0].roleArn"#, "roleArn", json!(role("boss"))),
    ] {
        rows.push(
            row(path, rule[property].clone(), two.clone())
                .with(rules())
                .shows(mapping, json!([rule.clone()]), changed(property, two))
                .without(Without::Wrong),
        );
    }
    rows.into_iter().map(|row| row.with(base())).collect()
}

fn principal_tags() -> Vec<Row> {
    let base = || json!({"supportedLoginProviders": {GOOGLE: "app"}});
    vec![
        row(r#"principalTags["accounts.google.com"].principalTags.department"#, "one", "two")
            .with(base())
            .members(&["PrincipalTags.department"]),
    ]
}

#[tokio::test(start_paused = true)]
async fn each_property_of_an_identity_pool() {
    run(&table()).await;
}
