//! Changes by other hands that the examples' stories leave out: all kinds inside a pool, one at a
//! time with `--target`, and what is sent to put them right.

use serde_json::{Value, json};

use crate::world::{World, addresses, change};

const STACK: &str = r#"
stack: shop
userPools:
  customers:
    name: Shop
    resourceServers:
      https://orders.example.com:
        name: Orders
        scopes: [{scopeName: read, scopeDescription: Read orders}]
    identityProviders:
      Partner:
        providerType: SAML
        providerDetails: {MetadataURL: "https://partner.example.com/metadata"}
        attributeMapping: {email: mail}
    clients:
      web: {refreshTokenValidity: 5}
      worker: {}
"#;

#[test]
fn every_kind_of_child_is_compared_and_put_right_by_itself() {
    let world = World::ministack();
    let stack = world.file("shop.yaml", STACK);
    world.apply(&[&stack]);
    world.expect_no_changes(&[&stack]);

    let pool = world.aws.pool_id("Shop");
    let scopes = json!([{"ScopeName": "read", "ScopeDescription": "Read everything"}]);
    let server = json!({
        "UserPoolId": pool, "Identifier": "https://orders.example.com", "Name": "Orders", "Scopes": scopes,
    });
    world.aws.idp("UpdateResourceServer", &server);
    let provider = json!({
        "UserPoolId": pool, "ProviderName": "Partner",
        "ProviderDetails": {"MetadataURL": "https://partner.example.com/metadata"},
        "AttributeMapping": {"email": "address"}, "IdpIdentifiers": [],
    });
    world.aws.idp("UpdateIdentityProvider", &provider);
    world.aws.change_client(&pool, "web", &json!({"RefreshTokenValidity": 30}));

    let (_, plan) = world.plan(2, &[&stack]);
    let client = "userPools.customers.clients.web";
    let provider = "userPools.customers.identityProviders.Partner";
    let server = "userPools.customers.resourceServers[\"https://orders.example.com\"]";
    assert_eq!(addresses(&plan, "update"), [client, provider, server]);
    let seen = change(&plan, provider, "attributeMapping.email");
    assert_eq!((&seen["live"], &seen["declared"]), (&json!("address"), &json!("mail")));

    let one = world.apply(&[&stack, "--target", client]);
    assert_eq!(one.writes(), ["UpdateUserPoolClient"], "{one}");
    let rest = world.apply(&[&stack]);
    let mut writes = rest.writes();
    writes.sort_unstable();
    assert_eq!(writes, ["UpdateIdentityProvider", "UpdateResourceServer"], "{rest}");
    world.expect_no_changes(&[&stack]);
}

#[test]
fn an_update_sends_all_that_aws_would_reset() {
    let world = World::ministack();
    let stack = world.file("shop.yaml", STACK);
    world.apply(&[&stack]);
    let pool = world.aws.pool_id("Shop");
    let policies = json!({"PasswordPolicy": {
        "MinimumLength": 20, "RequireUppercase": false, "RequireLowercase": true, "RequireNumbers": true,
        "RequireSymbols": true, "TemporaryPasswordValidityDays": 7,
    }});
    world.aws.change_pool(&pool, &json!({"Policies": policies}));

    let corrected = world.apply(&[&stack]);
    let bodies = corrected.bodies("UpdateUserPool");
    assert_eq!(bodies.len(), 1, "{corrected}");
    for member in [
        "Policies",
        "DeletionProtection",
        "MfaConfiguration",
        "AdminCreateUserConfig",
        "UserPoolTags",
        "UserPoolTier",
        "EmailConfiguration",
        "VerificationMessageTemplate",
    ] {
        assert_ne!(bodies[0][member], Value::Null, "{member} is not in {}", bodies[0]);
    }
    assert_eq!(bodies[0]["Policies"]["PasswordPolicy"]["MinimumLength"], 8);
    assert_eq!(bodies[0]["AdminCreateUserConfig"]["UnusedAccountValidityDays"], Value::Null);
    assert_eq!(bodies[0]["UserPoolTags"]["poolkeeper:stack"], "shop");

    world.aws.change_client(&pool, "web", &json!({"RefreshTokenValidity": 30}));
    let corrected = world.apply(&[&stack]);
    let bodies = corrected.bodies("UpdateUserPoolClient");
    assert_eq!(bodies.len(), 1, "{corrected}");
    for member in ["ClientName", "RefreshTokenValidity", "EnableTokenRevocation", "AuthSessionValidity"] {
        assert_ne!(bodies[0][member], Value::Null, "{member} is not in {}", bodies[0]);
    }
}

#[test]
fn a_stack_with_nearly_every_property_is_made_kept_and_changed() {
    let world = World::ministack();
    let text = include_str!("../stacks/valid/rich.yaml");
    let stack = world.file("rich.yaml", text);
    world.apply(&[&stack]);
    world.expect_no_changes(&[&stack]);

    let changed = text
        .replace("Okta, Corp]", "Corp]")
        .replace("minimumLength: 14", "minimumLength: 16")
        .replace("scopeDescription: R}", "scopeDescription: Read}")
        .replace("accessTokenValidity: 30", "accessTokenValidity: 45")
        .replace("managedLoginVersion: 2", "managedLoginVersion: 1")
        .replace("allowClassicFlow: true", "allowClassicFlow: false");
    world.file("rich.yaml", &changed);
    let (_, plan) = world.plan(2, &[&stack]);
    assert_eq!(
        addresses(&plan, "update"),
        [
            "identityPools.app",
            "userPools.all",
            "userPools.all.clients.web",
            "userPools.all.domains.rich-login-x",
            "userPools.all.resourceServers[\"https://orders.example.com\"]",
        ]
    );
    let run = world.apply(&[&stack]);
    let mut writes = run.writes();
    writes.sort_unstable();
    assert_eq!(
        writes,
        [
            "UpdateIdentityPool",
            "UpdateResourceServer",
            "UpdateUserPool",
            "UpdateUserPoolClient",
            "UpdateUserPoolDomain"
        ],
        "{run}"
    );
    world.expect_no_changes(&[&stack]);
}
