//! When calls fail, or worse, succeed without an answer: nothing is made twice, nothing is taken
//! for absent, and the next run finishes the work.

use crate::proxy::Fault;
use crate::world::World;

const STACK: &str = "
stack: shop
userPools:
  customers:
    name: Shop
    groups:
      staff: {precedence: 2}
    clients:
      web: {}
identityPools:
  app:
    name: Shop
    cognitoIdentityProviders:
      - providerName: ${userPools.customers.providerName}
        clientId: ${userPools.customers.clients.web.id}
";

#[test]
fn a_create_whose_answer_is_lost_makes_one_all_the_same() {
    for operation in ["CreateUserPool", "CreateUserPoolClient", "CreateIdentityPool"] {
        let world = World::ministack();
        let stack = world.file("shop.yaml", STACK);
        world.proxy.fail(operation, 0, 1, Fault::CutAfter);
        let first = world.run(&["apply", "--yes", &stack]);
        if first.code != 0 {
            world.apply(&[&stack]);
        }
        let pool = world.aws.pool_id("Shop");
        assert_eq!(world.aws.client_names(&pool), ["web"], "{operation}: {first}");
        assert_eq!(world.aws.identity_pool_ids("Shop").len(), 1, "{operation}: {first}");
        world.expect_no_changes(&[&stack]);
    }
}

#[test]
fn no_create_is_tried_twice_and_no_quota_is_taken_for_a_throttle() {
    for operation in ["CreateUserPool", "CreateUserPoolClient", "CreateIdentityPool", "CreateGroup"] {
        for (status, code) in [(500, "InternalErrorException"), (400, "LimitExceededException")] {
            let world = World::ministack();
            let stack = world.file("shop.yaml", STACK);
            world.proxy.fail(operation, 0, 20, Fault::Answer(status, code, "no".to_owned()));
            let run = world.run(&["apply", "--yes", &stack]).expect(1);
            assert_eq!(run.count(operation), 1, "{code}: {run}");
            let output = run.output();
            for told in [operation, code, "11111111-2222-3333-4444-555555555555"] {
                assert!(output.contains(told), "no {told} in {run}");
            }
        }
    }
    let world = World::ministack();
    let stack = world.file("shop.yaml", STACK);
    world.apply(&[&stack]);
    let quota = Fault::Answer(400, "LimitExceededException", "no".to_owned());
    world.proxy.fail("DescribeUserPool", 0, 20, quota);
    let run = world.run(&["plan", &stack]).expect(1);
    assert_eq!(run.count("DescribeUserPool"), 1, "{run}");
}

#[test]
fn a_write_that_aws_refuses_for_the_moment_is_tried_again() {
    let world = World::ministack();
    let stack = world.file("shop.yaml", STACK);
    let conflict = |code: &'static str| Fault::Answer(400, code, "Only one request at a time".to_owned());
    world.proxy.fail("CreateUserPoolClient", 0, 1, conflict("ConcurrentModificationException"));
    world.proxy.fail("CreateGroup", 0, 1, conflict("TooManyRequestsException"));
    let run = world.apply(&[&stack]);
    assert_eq!((run.count("CreateUserPoolClient"), run.count("CreateGroup")), (2, 2), "{run}");
    assert_eq!(world.aws.client_names(&world.aws.pool_id("Shop")), ["web"]);
    world.expect_no_changes(&[&stack]);
}

#[test]
fn throttled_reads_are_tried_again() {
    let world = World::ministack();
    let stack = world.file("shop.yaml", STACK);
    world.apply(&[&stack]);
    let throttle = || Fault::Answer(400, "TooManyRequestsException", "Rate exceeded".to_owned());
    world.proxy.fail("DescribeUserPool", 0, 2, throttle());
    world.proxy.fail("ListGroups", 0, 2, throttle());
    let run = world.expect_no_changes(&[&stack]);
    assert!(run.count("ListGroups") >= 3, "{run}");
}

#[test]
fn what_cannot_be_read_is_an_error_and_never_absent() {
    let world = World::ministack();
    let stack = world.file("shop.yaml", STACK);
    world.apply(&[&stack]);
    for operation in ["DescribeUserPool", "DescribeUserPoolClient", "ListUserPoolClients", "ListGroups"] {
        let refusal = Fault::Answer(400, "AccessDeniedException", format!("not authorized to perform {operation}"));
        world.proxy.fail(operation, 0, 1, refusal);
        let run = world.run(&["apply", "--yes", &stack]).expect(1);
        assert_eq!(run.writes(), [""; 0], "{operation}: {run}");
        let output = run.output();
        for told in [operation, "AccessDeniedException", "userPools.customers", "11111111-2222-3333-4444-555555555555"]
        {
            assert!(output.contains(told), "no {told} in {run}");
        }
    }
    assert_eq!(world.aws.pool_ids("Shop").len(), 1);
}

#[test]
fn without_the_tag_query_the_plan_says_what_was_not_looked_for() {
    let world = World::ministack();
    let stack = world.file("shop.yaml", STACK);
    world.apply(&[&stack]);
    let refusal = Fault::Answer(400, "AccessDeniedException", "not authorized to perform tag:GetResources".to_owned());
    world.proxy.fail("GetResources", 0, 9, refusal);
    let (_, plan) = world.plan(0, &[&stack]);
    assert!(plan["notes"].to_string().contains("not looked for"), "{plan:#}");
}

#[test]
fn a_failure_stops_what_depends_on_it_and_the_next_run_goes_on() {
    let world = World::ministack();
    let stack = world.file("shop.yaml", STACK);
    let fault = Fault::Answer(400, "LimitExceededException", "Too many clients".to_owned());
    world.proxy.fail("CreateUserPoolClient", 0, 20, fault);
    let run = world.run(&["apply", "--yes", "--format", "json", &stack]).expect(1);
    let report = run.json()["stacks"][0]["report"].take();
    let result = |address: &str| {
        let items = report["items"].as_array().expect("items");
        items.iter().find(|item| item["address"] == address).unwrap_or_else(|| panic!("no {address} in {run}"))["result"]
            .clone()
    };
    assert_eq!(result("userPools.customers"), "done");
    assert_eq!(result("userPools.customers.groups.staff"), "done");
    assert_eq!(result("userPools.customers.clients.web"), "failed");
    assert_eq!(result("identityPools.app"), "not-tried");
    assert_eq!(run.count("CreateIdentityPool"), 0);

    world.proxy.forget_faults();
    let run = world.apply(&[&stack]);
    assert_eq!((run.count("CreateUserPool"), run.count("CreateGroup")), (0, 0), "{run}");
    world.expect_no_changes(&[&stack]);
}

#[test]
fn a_claim_stands_before_the_child_and_goes_when_there_is_none() {
    let world = World::ministack();
    let stack = world.file("shop.yaml", STACK);
    world.apply(&[&stack]);
    let pool = world.aws.pool_id("Shop");
    let ledger = || world.aws.pool(&pool)["UserPoolTags"]["poolkeeper:applied"].as_str().expect("a ledger").len();
    let before = ledger();

    let with = |client: &str| STACK.replace("      web: {}", &format!("      web: {{}}\n      {client}: {{}}"));
    world.file("shop.yaml", &with("worker"));
    let fault = Fault::Answer(400, "LimitExceededException", "Too many clients".to_owned());
    world.proxy.fail("CreateUserPoolClient", 0, 20, fault);
    let run = world.run(&["apply", "--yes", &stack]).expect(1);
    run.expect_order(&["TagResource", "CreateUserPoolClient"]);
    world.proxy.forget_faults();

    // Otherwise a client that somebody else makes under this name would be taken for the stack's own.
    world.file("shop.yaml", &with("mobile"));
    world.apply(&[&stack]);
    assert_eq!(ledger() - before, 14, "one claim more, for the client that was made, and what was applied");
    assert_eq!(world.aws.client_names(&pool), ["mobile", "web"]);
}
