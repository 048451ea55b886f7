//! Changes by other hands that the examples' stories leave out: all kinds inside a pool, one at a
//! time with `--target`, what is sent to put them right, and who is said to have made them.

use std::process::Command;

use serde_json::{Value, json};

use crate::emulator::{clean, program};
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
            // What was applied to each of the two pools.
            "TagResource",
            "TagResource",
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

const CAUSES: &str = r"
stack: causes
userPools:
  customers:
    name: Causes
    clients:
      one: {refreshTokenValidity: 5}
      two: {refreshTokenValidity: 5}
      three: {refreshTokenValidity: 5}
      four: {refreshTokenValidity: 5}
      five: {refreshTokenValidity: 5}
";

/// What `drift` says of the one stack.
fn drift(world: &World, code: i32, stack: &str) -> Value {
    let run = world.run(&["drift", "--format", "json", stack]).expect(code);
    assert_eq!(run.writes(), [""; 0], "{run}");
    run.json()["stacks"][0]["drift"].take()
}

/// The clients in a list of what drift found.
fn listed(found: &Value, list: &str) -> Vec<String> {
    let items = found[list].as_array().into_iter().flatten();
    let mut names: Vec<String> =
        items.filter_map(|item| Some(item["address"].as_str()?.rsplit_once('.')?.1.to_owned())).collect();
    names.sort();
    names
}

#[test]
fn of_each_difference_it_is_known_who_made_it() {
    let world = World::ministack();
    let stack = world.file("causes.yaml", CAUSES);
    drift(&world, 3, &stack);
    world.apply(&[&stack]);
    drift(&world, 0, &stack);
    let pool = world.aws.pool_id("Causes");
    world.aws.change_client(&pool, "one", &json!({"RefreshTokenValidity": 9}));
    world.aws.change_client(&pool, "two", &json!({"RefreshTokenValidity": 9}));
    let three = world.aws.client(&pool, "three")["ClientId"].clone();
    world.aws.idp("DeleteUserPoolClient", &json!({"UserPoolId": pool, "ClientId": three}));
    world.aws.idp("CreateUserPoolClient", &json!({"UserPoolId": pool, "ClientName": "stranger"}));
    let file = CAUSES
        .replace("two: {refreshTokenValidity: 5}", "two: {refreshTokenValidity: 7}")
        .replace("four: {refreshTokenValidity: 5}", "four: {refreshTokenValidity: 7}")
        .replace("five: {refreshTokenValidity: 5}", "six: {}");
    world.file("causes.yaml", &file);
    let (_, plan) = world.plan(2, &[&stack]);
    let items = plan["items"].as_array().expect("items").iter();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let mut causes: Vec<(String, String)> = items.map(|item| (text(&item["address"]), text(&item["cause"]))).collect();
    causes.sort();
    let expected = [
        ("five", "removed"),
        ("four", "pending"),
        ("one", "drift"),
        ("six", "pending"),
        ("three", "deleted-live"),
        ("two", "both"),
    ];
    let expected = expected.map(|(client, cause)| (format!("userPools.customers.clients.{client}"), cause.to_owned()));
    assert_eq!(causes, expected, "{plan:#}");

    let found = drift(&world, 3, &stack);
    assert_eq!(listed(&found, "changed"), ["one", "two"], "{found:#}");
    assert_eq!(listed(&found, "deleted"), ["three"], "{found:#}");
    assert_eq!(listed(&found, "unmanaged"), ["stranger"], "{found:#}");
    assert_eq!(listed(&found, "pending"), ["five", "four", "six"], "{found:#}");

    world.apply(&["--only-drift", &stack]);
    let found = drift(&world, 3, &stack);
    assert_eq!((listed(&found, "changed"), listed(&found, "deleted")), (vec!["two".to_owned()], vec![]), "{found:#}");
    world.apply(&[&stack]);
    let found = drift(&world, 3, &stack);
    assert_eq!((&found["changed"], &found["pending"]), (&json!([]), &json!([])), "{found:#}");
    world.file("causes.yaml", &file.replace("    clients:", "    unmanaged: delete\n    clients:"));
    let (_, plan) = world.plan(2, &[&stack]);
    assert_eq!(addresses(&plan, "delete"), ["userPools.customers.clients.stranger"], "{plan:#}");
    world.apply(&[&stack]);
    drift(&world, 0, &stack);
}

#[test]
fn a_rogue_client_with_the_implicit_flow_is_found() {
    let world = World::ministack();
    let stack = world.file("causes.yaml", CAUSES);
    world.apply(&[&stack]);
    drift(&world, 0, &stack);
    let home = tempfile::tempdir().expect("a home");
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/e2e/rogue.py");
    let endpoint = format!("http://127.0.0.1:{}", world.emulator.port);
    let made = clean(&mut Command::new(program("ministack", "python")), home.path())
        .args([script, &endpoint, &world.aws.pool_id("Causes")])
        .output()
        .expect("Python starts");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let run = world.run(&["drift", &stack]).expect(3);
    for told in [
        "+ unmanaged  userPools.customers.clients.rogue",
        "allowedOAuthFlows: [implicit]",
        "https://elsewhere.example.com/",
    ] {
        assert!(run.stdout.contains(told), "{told} is not in {run}");
    }
}
