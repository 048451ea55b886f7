//! Whose is what: children removed from the file, made by other hands, or taken over; pools with
//! the same name, with somebody else's tags, or pinned by `id`.

use serde_json::{Value, json};

use crate::world::{World, addresses};

const STACK: &str = "
stack: shop
userPools:
  customers:
    name: Shop
    identityProviders:
      Google:
        providerDetails: {client_id: id, client_secret: secret, authorize_scopes: openid}
        attributeMapping: {email: email}
    groups:
      admins: {precedence: 1}
      staff: {precedence: 2}
    clients:
      web: {supportedIdentityProviders: [COGNITO, Google]}
      worker: {}
";

/// The same without the provider, a group and a client.
const SMALLER: &str = "
stack: shop
userPools:
  customers:
    name: Shop
    groups:
      staff: {precedence: 2}
    clients:
      web: {supportedIdentityProviders: [COGNITO]}
";

#[test]
fn what_is_removed_from_the_file_is_deleted_and_nothing_else() {
    let world = World::ministack();
    let stack = world.file("shop.yaml", STACK);
    world.apply(&[&stack]);
    world.expect_no_changes(&[&stack]);
    let pool = world.aws.pool_id("Shop");
    let web = world.aws.client(&pool, "web")["ClientId"].take();
    world.aws.idp("CreateUserPoolClient", &json!({"UserPoolId": pool, "ClientName": "rogue"}));

    world.file("shop.yaml", SMALLER);
    let (_, plan) = world.plan(2, &[&stack]);
    let gone = [
        "userPools.customers.clients.worker",
        "userPools.customers.groups.admins",
        "userPools.customers.identityProviders.Google",
    ];
    assert_eq!(addresses(&plan, "delete"), gone);
    let applied = world.apply(&[&stack]);
    applied.expect_order(&["UpdateUserPoolClient", "DeleteIdentityProvider"]);
    assert_eq!(world.aws.client_names(&pool), ["rogue", "web"]);
    assert_eq!(world.aws.client(&pool, "web")["ClientId"], web);
    let refusal = world.aws.try_idp("GetGroup", &json!({"UserPoolId": pool, "GroupName": "admins"})).unwrap_err();
    assert_eq!(refusal.0, "ResourceNotFoundException");
    world.aws.idp("GetGroup", &json!({"UserPoolId": pool, "GroupName": "staff"}));
    let (_, plan) = world.plan(0, &[&stack]);
    assert_eq!(plan["items"], json!([]), "what is deleted leaves the ledger too");
}

#[test]
fn a_child_made_by_other_hands_is_listed_and_left_alone() {
    let world = World::ministack();
    let stack = world.file("shop.yaml", STACK);
    world.apply(&[&stack]);
    let pool = world.aws.pool_id("Shop");
    let rogue = world.aws.idp("CreateUserPoolClient", &json!({"UserPoolId": pool, "ClientName": "rogue"}));
    let rogue = &rogue["UserPoolClient"];

    let (_, plan) = world.plan(0, &[&stack]);
    let unmanaged = plan["unmanaged"].as_array().expect("a list");
    assert_eq!(unmanaged.len(), 1, "not the group that comes with a provider: {plan:#}");
    assert_eq!(unmanaged[0]["address"], "userPools.customers.clients.rogue");
    assert_eq!(unmanaged[0]["id"], rogue["ClientId"]);
    let text = world.run(&["plan", &stack]).expect(0).stdout;
    assert!(text.contains("left alone") && text.contains("userPools.customers.clients.rogue"), "{text}");
    let applied = world.apply(&[&stack]);
    assert_eq!(applied.writes(), [""; 0], "{applied}");
    assert_eq!(world.aws.client_names(&pool), ["rogue", "web", "worker"]);
}

#[test]
fn a_declared_child_that_is_there_already_is_adopted() {
    let world = World::ministack();
    let stack = world.file("shop.yaml", SMALLER);
    world.apply(&[&stack]);
    let pool = world.aws.pool_id("Shop");
    let made = world.aws.idp("CreateUserPoolClient", &json!({"UserPoolId": pool, "ClientName": "mobile"}));
    world.file("shop.yaml", &format!("{SMALLER}      mobile: {{refreshTokenValidity: 5}}\n"));

    let (_, plan) = world.plan(2, &[&stack]);
    assert_eq!(addresses(&plan, "adopt"), ["userPools.customers.clients.mobile"]);
    let applied = world.apply(&[&stack]);
    assert_eq!(applied.count("CreateUserPoolClient"), 0, "{applied}");
    let client = world.aws.client(&pool, "mobile");
    assert_eq!(
        (&client["ClientId"], &client["RefreshTokenValidity"]),
        (&made["UserPoolClient"]["ClientId"], &json!(5))
    );
    world.expect_no_changes(&[&stack]);

    world.file("shop.yaml", SMALLER);
    world.apply(&[&stack]);
    assert_eq!(world.aws.client_names(&pool), ["web"], "what was adopted is the stack's own");
}

const ONE_POOL: &str = "stack: shop\nuserPools:\n  customers:\n    name: Shop\n";

fn make_pool(world: &World, tags: &Value) -> String {
    let made = world.aws.idp("CreateUserPool", &json!({"PoolName": "Shop", "UserPoolTags": tags}));
    made["UserPool"]["Id"].as_str().expect("an id").to_owned()
}

#[test]
fn a_pool_of_the_same_name_without_an_owner_blocks_until_the_user_decides() {
    let world = World::ministack();
    let id = make_pool(&world, &json!({"team": "shop"}));
    let stack = world.file("shop.yaml", ONE_POOL);

    let blocked = world.run(&["apply", "--yes", &stack]).expect(1);
    assert_eq!(blocked.writes(), [""; 0]);
    assert!(blocked.output().contains(&id) && blocked.output().contains("! blocked"), "{blocked}");

    world.apply(&[&stack, "--create", "userPools.customers"]);
    assert_eq!(world.aws.pool_ids("Shop").len(), 2);
    assert_eq!(world.aws.pool(&id)["UserPoolTags"], json!({"team": "shop"}));
    world.expect_no_changes(&[&stack]);
}

#[test]
fn an_id_in_the_file_adopts_a_pool_and_never_makes_one() {
    let world = World::ministack();
    let id = make_pool(&world, &json!({"team": "shop"}));
    world.aws.idp("CreateUserPoolClient", &json!({"UserPoolId": id, "ClientName": "web"}));
    let pool = format!("{ONE_POOL}    tags: {{team: shop}}\n");
    let pinned = format!("{pool}    id: {id}\n");
    let stack = world.file("shop.yaml", &pinned);

    let (_, plan) = world.plan(2, &[&stack]);
    assert_eq!(addresses(&plan, "adopt"), ["userPools.customers"]);
    assert_eq!(plan["unmanaged"][0]["address"], "userPools.customers.clients.web");
    let applied = world.apply(&[&stack]);
    assert_eq!(applied.count("CreateUserPool"), 0);
    let tags = world.aws.pool(&id)["UserPoolTags"].take();
    assert_eq!((&tags["poolkeeper:stack"], &tags["team"]), (&json!("shop"), &json!("shop")));
    world.expect_no_changes(&[&stack]);

    world.file("shop.yaml", &pool);
    world.expect_no_changes(&[&stack]);

    world.aws.idp("DeleteUserPool", &json!({"UserPoolId": id}));
    world.file("shop.yaml", &pinned);
    let gone = world.run(&["apply", "--yes", &stack]).expect(1);
    assert_eq!(gone.writes(), [""; 0], "{gone}");
    assert!(gone.output().contains(&id), "{gone}");
}

#[test]
fn a_pool_of_another_stack_is_never_touched() {
    let world = World::ministack();
    let tags = json!({"poolkeeper:stack": "accounts", "poolkeeper:resource": "userPools.customers"});
    let id = make_pool(&world, &tags);
    let stack = world.file("shop.yaml", ONE_POOL);
    let blocked = world.run(&["apply", "--yes", &stack]).expect(1);
    assert_eq!(blocked.writes(), [""; 0]);
    assert!(blocked.output().contains("accounts"), "it names the other stack: {blocked}");
    assert_eq!(world.aws.pool(&id)["UserPoolTags"], tags);
}

#[test]
fn two_pools_with_the_same_claim_are_an_error_that_names_both() {
    let world = World::ministack();
    let tags = json!({"poolkeeper:stack": "shop", "poolkeeper:resource": "userPools.customers"});
    let ids = [make_pool(&world, &tags), make_pool(&world, &tags)];
    let stack = world.file("shop.yaml", ONE_POOL);
    let refused = world.run(&["apply", "--yes", &stack]).expect(1);
    assert_eq!(refused.writes(), [""; 0]);
    assert!(ids.iter().all(|id| refused.output().contains(id)), "{refused}");
}

#[test]
fn a_pool_goes_only_when_it_is_named() {
    let world = World::ministack();
    let stack = world.file("shop.yaml", SMALLER);
    world.apply(&[&stack]);
    let pool = world.aws.pool_id("Shop");

    let refused = world.run(&["destroy", "--yes", &stack]).expect(1);
    assert_eq!(refused.writes(), [""; 0]);
    assert!(refused.output().contains("--allow-delete"), "{refused}");

    world.file("shop.yaml", "stack: shop\n");
    let refused = world.run(&["apply", "--yes", &stack]).expect(1);
    assert_eq!(refused.writes(), [""; 0], "{refused}");
    assert!(refused.output().contains(&pool), "{refused}");

    // Deletion protection was switched on by somebody: it stays on, and so does the pool.
    world.aws.change_pool(&pool, &json!({"DeletionProtection": "ACTIVE"}));
    let protected = world.run(&["apply", "--yes", "--allow-delete", "userPools.customers", &stack]).expect(1);
    assert_eq!(protected.writes(), [""; 0], "{protected}");

    world.aws.change_pool(&pool, &json!({"DeletionProtection": "INACTIVE"}));
    world.apply(&["--allow-delete", "userPools.customers", &stack]);
    assert_eq!(world.aws.pool_ids("Shop"), [""; 0]);
}

#[test]
fn the_ledger_of_another_owner_deletes_nothing() {
    let world = World::ministack();
    let stack = world.file("shop.yaml", STACK);
    world.apply(&[&stack]);
    let pool = world.aws.pool_id("Shop");
    let arn = world.aws.pool(&pool)["Arn"].clone();
    world.aws.idp("UntagResource", &json!({"ResourceArn": arn, "TagKeys": ["poolkeeper:stack"]}));
    let other = world.file("other.yaml", &format!("stack: other\nuserPools:\n  theirs: {{name: Shop, id: {pool}}}\n"));
    let (_, plan) = world.plan(2, &[&other]);
    assert_eq!(addresses(&plan, "delete"), [""; 0], "{plan:#}");
    assert_eq!(addresses(&plan, "adopt"), ["userPools.theirs"]);
}

#[test]
fn what_later_changes_are_ignored_of_is_used_when_it_is_made() {
    let world = World::ministack();
    let text = "stack: shop\nuserPools:\n  customers:\n    name: Shop\n    ignoreChanges: [mfaConfiguration, \
        softwareTokenMfaConfiguration, clients.web.callbackUrls]\n    mfaConfiguration: OPTIONAL\n    \
        softwareTokenMfaConfiguration: {enabled: true}\n    clients: {web: {callbackUrls: [\"https://a.example.com/\"]}}\n";
    let stack = world.file("shop.yaml", text);
    world.apply(&[&stack]);
    let pool = world.aws.pool_id("Shop");
    let mfa = world.aws.idp("GetUserPoolMfaConfig", &json!({"UserPoolId": pool}));
    assert_eq!(mfa["MfaConfiguration"], "OPTIONAL");
    assert_eq!(world.aws.client(&pool, "web")["CallbackURLs"], json!(["https://a.example.com/"]));
    world.aws.change_client(&pool, "web", &json!({"CallbackURLs": ["https://b.example.com/"]}));
    world.expect_no_changes(&[&stack]);
}

#[test]
fn a_deletion_is_allowed_for_one_stack_at_a_time() {
    let world = World::ministack();
    let one = world.file("one.yaml", "stack: one\nuserPools:\n  customers: {name: One}\n");
    let two = world.file("two.yaml", "stack: two\nuserPools:\n  customers: {name: Two}\n");
    world.apply(&[&one, &two]);
    let address = ["--allow-delete", "userPools.customers"];
    let run = world.run(&["destroy", "--yes", &one, &two, address[0], address[1]]).expect(1);
    assert_eq!(run.writes(), [""; 0], "{run}");
    assert!(run.output().contains("in several of these stacks"), "{run}");
    let run = world.run(&["destroy", "--yes", &one, address[0], address[1]]).expect(0);
    assert_eq!(run.writes(), ["DeleteUserPool"], "{run}");
    assert_eq!(world.aws.pool_ids("Two").len(), 1);
    let run = world.run(&["destroy", "--yes", &one, address[0], address[1]]).expect(0);
    assert!(run.output().contains("nothing that this stack owns is live"), "{run}");
}
