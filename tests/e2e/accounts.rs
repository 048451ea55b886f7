//! Where a stack may go: account guard, region, environments and variables.

use serde_json::json;

use crate::world::{World, addresses, change};

const GUARDED: &str = "stack: shop\naccount: \"210987654321\"\nuserPools:\n  customers: {}\n";
const FREE: &str = "stack: free\nuserPools:\n  customers: {}\n";

#[test]
fn another_account_than_the_guards_is_refused_before_any_write() {
    let world = World::ministack();
    let free = world.file("free.yaml", FREE);
    let guarded = world.file("guarded.yaml", GUARDED);
    let run = world.run(&["apply", "--yes", &free, &guarded]).expect(1);
    assert_eq!(run.writes(), [""; 0], "not even for the stack without a guard: {run}");
    for account in ["210987654321", "123456789012"] {
        assert!(run.output().contains(account), "{run}");
    }
    assert_eq!(run.count("DescribeUserPool"), 0, "nor is anything read there: {run}");

    let right = world.file("right.yaml", &GUARDED.replace("210987654321", "123456789012"));
    world.apply(&[&right]);
}

#[test]
fn a_region_in_the_file_and_another_on_the_command_line_is_an_error() {
    let world = World::ministack();
    let stack = world.file("shop.yaml", &format!("region: eu-west-1\n{FREE}"));
    let run = world.run(&["apply", "--yes", "--region", "us-east-2", &stack]).expect(1);
    assert_eq!(run.calls.len(), 0, "{run}");
    assert!(run.output().contains("eu-west-1") && run.output().contains("us-east-2"), "{run}");
    let applied = world.apply(&["--region", "eu-west-1", "--format", "json", &stack]);
    assert_eq!(applied.json()["stacks"][0]["region"], "eu-west-1", "the file's region wins over AWS_REGION");
}

const ENVIRONMENTS: &str = r#"
stack: shop
variables:
  minimum: 8
environments:
  dev: {}
  prod:
    tags: {stage: prod}
    variables: {minimum: 14}
userPools:
  customers:
    policies:
      passwordPolicy: {minimumLength: "${var.minimum}", requireLowercase: true, requireUppercase: true,
        requireNumbers: true, requireSymbols: true}
outputs:
  where: ${stack.environment}
"#;

#[test]
fn environments_are_stacks_of_their_own() {
    let world = World::ministack();
    let stack = world.file("shop.yaml", ENVIRONMENTS);
    world.run(&["plan", &stack]).expect(1);
    let unknown = world.run(&["plan", "--env", "staging", &stack]).expect(1);
    assert!(unknown.output().contains("prod"), "it names those that there are: {unknown}");

    world.apply(&["--env", "dev", &stack]);
    let (_, plan) = world.plan(2, &["--env", "prod", &stack]);
    assert_eq!(addresses(&plan, "create"), ["userPools.customers"], "dev's pool is not prod's");
    world.apply(&["--env", "prod", &stack]);
    let length =
        |name: &str| world.aws.pool(&world.aws.pool_id(name))["Policies"]["PasswordPolicy"]["MinimumLength"].take();
    assert_eq!((length("shop-dev-customers"), length("shop-prod-customers")), (json!(8), json!(14)));
    let tags = world.aws.pool(&world.aws.pool_id("shop-prod-customers"))["UserPoolTags"].take();
    assert_eq!((&tags["poolkeeper:stack"], &tags["stage"]), (&json!("shop/prod"), &json!("prod")));
    for environment in ["dev", "prod"] {
        world.expect_no_changes(&["--env", environment, &stack]);
        let run = world.run(&["output", "--format", "json", "--env", environment, &stack]).expect(0);
        assert_eq!(run.json()["stacks"][0]["outputs"]["where"], environment);
    }
}

#[test]
fn variables_come_from_the_command_line_the_process_and_the_file_in_this_order() {
    let world = World::ministack();
    let stack = world.file("shop.yaml", ENVIRONMENTS);
    world.apply(&["--env", "prod", &stack]);
    let declared = |arguments: &[&str], environment: &[(&str, &str)]| {
        let arguments = [&["plan", "--format", "json", "--env", "prod", &stack], arguments].concat();
        let run = world.run_with(&arguments, environment).expect(2);
        let document = run.json();
        change(&document["stacks"][0], "userPools.customers", "policies.passwordPolicy.minimumLength")["declared"]
            .clone()
    };
    let process = [("POOLKEEPER_VAR_minimum", "20")];
    assert_eq!(declared(&[], &process), 20);
    assert_eq!(declared(&["--var", "minimum=30"], &process), 30);
    let run = world.run(&["plan", "--env", "prod", "--var", "maximum=1", &stack]).expect(1);
    assert!(run.output().contains("maximum"), "{run}");
}
