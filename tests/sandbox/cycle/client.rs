//! App clients.

use serde_json::{Value, json};

use super::row::{Row, Table, Without, lay_over, row};
use super::run::run;
use super::user_pool_messages::role;

const URLS: [&str; 2] = ["https://one.example.com/", "https://two.example.com/"];

fn oauth() -> Value {
    json!({
        "allowedOAuthFlowsUserPoolClient": true,
        "allowedOAuthFlows": ["code"],
        "allowedOAuthScopes": ["openid"],
        "callbackUrls": URLS,
    })
}

pub(crate) fn table() -> Table {
    let stack = json!({"stack": "cycle", "userPools": {"p": {
        "identityProviders": {"Corp": {"providerType": "SAML", "providerDetails": {"MetadataURL": "https://saml.example.com/m"}}},
        "clients": {"web": {}, "other": {"generateSecret": true}},
    }}});
    let secret = || json!({"generateSecret": true});
    let mut rows = vec![
        row("generateSecret", false, true).replace(),
        row("clientSecret", "abcdefghijklmnopqrstuvwxyz", "zyxwvutsrqponmlkjihgfedcba").replace().secret(),
        row("readAttributes", json!(["email", "name"]), json!(["email"])),
        row("writeAttributes", json!(["email", "name"]), json!(["email"])),
        row(
            "explicitAuthFlows",
            json!(["ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_SRP_AUTH"]),
            json!(["ALLOW_USER_PASSWORD_AUTH"]),
        ),
        row("supportedIdentityProviders", json!(["COGNITO"]), json!(["COGNITO", "Corp"])),
        row("callbackUrls", json!([URLS[0]]), json!(URLS)),
        row("logoutUrls", json!([URLS[0]]), json!([URLS[1]])),
        row("defaultRedirectUri", URLS[0], URLS[1]).with(oauth()),
        row("allowedOAuthFlowsUserPoolClient", true, false).with(oauth()),
        row("allowedOAuthFlowsUserPoolClient", false, true).with(oauth()),
        row("allowedOAuthFlows", json!(["code"]), json!(["code", "implicit"])).with(oauth()).without(Without::Wrong),
        row("allowedOAuthScopes", json!(["openid"]), json!(["email", "openid"])).with(oauth()).without(Without::Wrong),
        row("preventUserExistenceErrors", "ENABLED", "LEGACY"),
        row("preventUserExistenceErrors", "LEGACY", "ENABLED"),
        row("enableTokenRevocation", false, true),
        row("enableTokenRevocation", true, false),
        row("enablePropagateAdditionalUserContextData", true, false).with(secret()),
        row("enablePropagateAdditionalUserContextData", false, true).with(secret()),
        row("authSessionValidity", 5, 15),
        row("refreshTokenRotation.feature", "ENABLED", "DISABLED")
            .with(json!({"explicitAuthFlows": ["ALLOW_USER_SRP_AUTH"]})),
        row("refreshTokenRotation.feature", "DISABLED", "ENABLED")
            .with(json!({"explicitAuthFlows": ["ALLOW_USER_SRP_AUTH"]})),
        row("refreshTokenRotation.retryGracePeriodSeconds", 10, 60).with(
            json!({"explicitAuthFlows": ["ALLOW_USER_SRP_AUTH"], "refreshTokenRotation": {"feature": "ENABLED"}}),
        ),
    ];
    rows.extend(tokens());
    rows.extend(analytics());
    Table { address: "userPools.p.clients.web", stack, rows }
}

/// What is compared are durations, in the largest unit that divides them.
fn tokens() -> Vec<Row> {
    let minutes =
        || json!({"tokenValidityUnits": {"accessToken": "minutes", "idToken": "minutes", "refreshToken": "hours"}});
    vec![
        row("refreshTokenValidity", 10, 90),
        row("refreshTokenValidity", 5, 7).with(minutes()),
        row("accessTokenValidity", 5, 7),
        row("accessTokenValidity", 30, 45).with(minutes()),
        row("idTokenValidity", 5, 7),
        row("idTokenValidity", 30, 45).with(minutes()),
        row("tokenValidityUnits.accessToken", "minutes", "hours").with(json!({"accessTokenValidity": 7})),
        row("tokenValidityUnits.idToken", "hours", "minutes").with(json!({"idTokenValidity": 7})),
        row("tokenValidityUnits.refreshToken", "hours", "days").with(json!({"refreshTokenValidity": 7})),
    ]
}

fn analytics() -> Vec<Row> {
    let by_id = || json!({"analyticsConfiguration": {"applicationId": "abc1", "roleArn": role("pinpoint"), "externalId": "shop"}});
    let arn = |id: &str| format!("arn:aws:mobiletargeting:us-east-1:123456789012:apps/{id}");
    let by_arn = json!({"analyticsConfiguration": {"applicationArn": arn("abc1")}});
    vec![
        row("analyticsConfiguration.applicationArn", arn("abc1"), arn("abc2")).without(Without::Default),
        row("analyticsConfiguration.applicationId", "abc1", "abc2").with(by_id()).without(Without::Wrong),
        row("analyticsConfiguration.roleArn", role("one"), role("two")).with(by_id()).without(Without::Wrong),
        row("analyticsConfiguration.externalId", "one", "two").with(by_id()).without(Without::Wrong),
        row("analyticsConfiguration.userDataShared", true, false).with(by_id()),
        row("analyticsConfiguration.userDataShared", false, true).with(by_arn),
    ]
}

#[tokio::test(start_paused = true)]
async fn each_property_of_a_client() {
    run(&table()).await;
}

/// A client's name is what it is known by: with `id` it is renamed, without another one is meant.
#[tokio::test(start_paused = true)]
async fn a_client_is_renamed_where_its_id_is_pinned() {
    let mut stack = table().stack;
    let lab = super::run::lab();
    lab.apply(&stack.to_string()).await;
    let id = lab.sandbox.look(|state| {
        let pools =
            state.accounts.values().flat_map(|regions| regions.values()).flat_map(|region| region.user_pools.values());
        let clients = pools.flat_map(|pool| &pool.clients);
        clients.filter(|(_, client)| client.body["ClientName"] == "web").map(|(id, _)| id.clone()).next()
    });
    lay_over(&mut stack, &json!({"userPools": {"p": {"clients": {"web": {"id": id, "name": "shop"}}}}}));
    lab.catch_up();
    let before = super::footprint::state(&lab);
    lab.apply(&stack.to_string()).await;
    lab.expect_no_changes(&stack.to_string()).await;
    let after = super::footprint::state(&lab);
    let differing = super::footprint::differing(&before, &after);
    assert!(
        matches!(differing.as_slice(), [path] if path.ends_with(&["body".to_owned(), "ClientName".to_owned()])),
        "{}",
        super::footprint::told(&before, &after)
    );
}
