//! A second emulator as a witness: what the binary sends to make a pool and a client is taken by
//! it whole, and given back as it was sent.

use serde_json::{Value, json};

use crate::world::World;

const RICH: &str = r#"
stack: rich
userPools:
  customers:
    name: Rich
    usernameAttributes: [email]
    usernameConfiguration: {caseSensitive: false}
    deletionProtection: INACTIVE
    tags: {team: identity}
    schema:
      - {name: email, required: true, mutable: true}
      - {name: custom:tenant, attributeDataType: String, mutable: true, stringAttributeConstraints: {minLength: 1, maxLength: 40}}
      - {name: custom:level, attributeDataType: Number, mutable: true, numberAttributeConstraints: {minValue: 0, maxValue: 9}}
    autoVerifiedAttributes: [email]
    userAttributeUpdateSettings: {attributesRequireVerificationBeforeUpdate: [email]}
    accountRecoverySetting: {recoveryMechanisms: [{priority: 1, name: verified_email}]}
    adminCreateUserConfig:
      allowAdminCreateUserOnly: true
      inviteMessageTemplate: {emailSubject: Welcome, emailMessage: "{username} {####}", smsMessage: "{username} {####}"}
    policies:
      passwordPolicy: {minimumLength: 10, requireLowercase: true, requireUppercase: false, requireNumbers: true,
        requireSymbols: false, temporaryPasswordValidityDays: 2}
    verificationMessageTemplate: {defaultEmailOption: CONFIRM_WITH_CODE, emailSubject: Code, emailMessage: "{####}"}
    deviceConfiguration: {challengeRequiredOnNewDevice: true, deviceOnlyRememberedOnUserPrompt: false}
    clients:
      web:
        generateSecret: true
        allowedOAuthFlowsUserPoolClient: true
        allowedOAuthFlows: [code]
        allowedOAuthScopes: [openid, email]
        callbackUrls: [https://shop.example.com/callback, http://localhost:8000/]
        logoutUrls: [https://shop.example.com/]
        defaultRedirectUri: http://localhost:8000/
        supportedIdentityProviders: [COGNITO]
        explicitAuthFlows: [ALLOW_USER_SRP_AUTH, ALLOW_REFRESH_TOKEN_AUTH]
        accessTokenValidity: 15
        idTokenValidity: 15
        refreshTokenValidity: 10
        tokenValidityUnits: {accessToken: minutes, idToken: minutes, refreshToken: days}
        authSessionValidity: 5
        readAttributes: [email, custom:tenant]
        writeAttributes: [email]
        preventUserExistenceErrors: ENABLED
"#;

#[test]
fn what_is_sent_comes_back() {
    let first = World::ministack();
    let stack = first.file("rich.yaml", RICH);
    let applied = first.apply(&[&stack]);
    first.expect_no_changes(&[&stack]);
    let pool = applied.bodies("CreateUserPool")[0];
    let client = applied.bodies("CreateUserPoolClient")[0];
    assert_eq!(pool["Schema"][1]["Name"], "tenant", "custom: is not part of what is sent");

    let witness = World::moto();
    let made = witness.aws.idp("CreateUserPool", pool)["UserPool"].take();
    let live = witness.aws.pool(made["Id"].as_str().expect("an id"));
    let renamed = |member: &str| match member {
        "PoolName" => "Name".to_owned(),
        "Schema" => "SchemaAttributes".to_owned(),
        other => other.to_owned(),
    };
    for (member, sent) in pool.as_object().expect("members") {
        holds(&live[renamed(member)], sent, member);
    }

    let mut client = client.clone();
    client["UserPoolId"] = made["Id"].clone();
    let made = witness.aws.idp("CreateUserPoolClient", &client)["UserPoolClient"].take();
    let ask = json!({"UserPoolId": client["UserPoolId"], "ClientId": made["ClientId"]});
    let live = witness.aws.idp("DescribeUserPoolClient", &ask)["UserPoolClient"].take();
    for (member, sent) in client.as_object().expect("members") {
        if member != "GenerateSecret" {
            holds(&live[member], sent, member);
        }
    }
    assert!(live["ClientSecret"].is_string());
}

/// That `live` has all of `sent`, and maybe more.
#[track_caller]
fn holds(live: &Value, sent: &Value, at: &str) {
    match sent {
        Value::Object(members) => {
            for (member, sent) in members {
                holds(&live[member], sent, &format!("{at}.{member}"));
            }
        }
        Value::Array(items) => {
            let live = live.as_array().unwrap_or_else(|| panic!("{at} is not there"));
            for item in items {
                let found = if item.is_object() {
                    let name = item["Name"].as_str().unwrap_or_default();
                    let named = live.iter().find(|one| {
                        one["Name"].as_str().is_some_and(|known| known.trim_start_matches("custom:") == name)
                    });
                    let named = named.unwrap_or_else(|| panic!("{at} has no {name}"));
                    item.as_object()
                        .expect("members")
                        .iter()
                        .all(|(member, sent)| member == "Name" || &named[member] == sent)
                } else {
                    live.contains(item)
                };
                assert!(found, "{at}: {item} is not in {live:?}");
            }
        }
        _ => assert_eq!(live, sent, "{at}"),
    }
}
