//! What is typed and what comes back: exit codes, places of faults, formats, and no write without
//! a yes.

use std::fs;

use serde_json::Value;

use crate::world::{Run, World, example, run_binary};

const EXAMPLES: [&str; 5] = ["define-user-pool", "lambda-trigger", "amplify-frontend", "google-login", "identity-pool"];

/// Runs the binary without an emulator, credentials or a region.
fn alone(arguments: &[&str]) -> Run {
    let folder = tempfile::tempdir().expect("a folder");
    run_binary(arguments, &[], folder.path())
}

#[test]
fn the_examples_are_valid_without_credentials_or_secrets() {
    for name in EXAMPLES {
        alone(&["validate", &example(name)]).expect(0);
    }
    alone(&["validate", &format!("{}/stacks", env!("CARGO_MANIFEST_DIR"))]).expect(0);
}

#[test]
fn the_examples_name_no_region_and_no_account() {
    for name in EXAMPLES {
        let text = fs::read_to_string(example(name)).unwrap();
        assert!(text.starts_with("# yaml-language-server: $schema=../schema.json\n"), "{name}");
        assert!(!text.contains("\nregion:") && !text.contains("\naccount:") && !text.contains("deletionProtection"));
    }
}

#[test]
fn every_fault_of_a_file_is_told_with_its_place() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("broken.yaml");
    let text = "stack: shop\nuserPools:\n  customers:\n    nmae: Shop\n    mfaConfiguration: MAYBE\n    clients:\n      web:\n        \
                refreshTokenValidity: long\n";
    fs::write(&path, text).unwrap();
    let run = alone(&["validate", path.to_str().unwrap()]).expect(1);
    let output = run.output();
    for place in ["4:5", "5:23", "8:31"] {
        assert!(output.contains(&format!("{}:{place}:", path.display())), "no {place} in {run}");
    }
    assert!(output.contains("name"), "it suggests the key that was meant: {run}");

    let run = alone(&["validate", "--format", "json", path.to_str().unwrap()]).expect(1);
    let errors = run.json()["errors"].take();
    let places: Vec<_> = errors.as_array().unwrap().iter().map(|error| (&error["line"], &error["column"])).collect();
    assert_eq!(places.len(), 3, "{run}");
    assert_eq!(places[0], (&Value::from(4), &Value::from(5)));
}

#[test]
fn usage_errors_exit_with_1_so_that_2_always_means_changes() {
    for arguments in [
        &["plan"][..],
        &["plan", "--no-such-flag", "x.yaml"],
        &["no-such-command"],
        &["plan", "no-such-file.yaml"],
        &["plan", "--target", "a..b", "x.yaml"],
        &["plan", "--format", "yaml", "x.yaml"],
        &[],
    ] {
        let run = alone(arguments);
        assert_eq!(run.code, 1, "{arguments:?}: {run}");
        assert!(!run.stderr.is_empty(), "{arguments:?}");
    }
    alone(&["--help"]).expect(0);
    alone(&["--version"]).expect(0);
}

#[test]
fn a_plan_does_without_secrets_where_it_is_told_to_and_nothing_else_does() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("shop.yaml");
    let text = "stack: shop\nvariables:\n  token: {secret: true, default: \"${env:TOKEN}\"}\nuserPools:\n  main:\n    \
                identityProviders:\n      Google:\n        providerDetails: {client_id: id, client_secret: \"${var.token}\", \
                authorize_scopes: openid}\n";
    fs::write(&path, text).unwrap();
    let (file, sandbox) = (path.to_str().unwrap(), format!("--sandbox={}", folder.path().join("aws").display()));
    let run = |arguments: &[&str], variables: &[(&str, &str)]| {
        run_binary(&[arguments, &[file, &sandbox, "--region", "us-east-1"]].concat(), variables, folder.path())
    };
    let place = format!("{file}:3:34: error: the environment variable `TOKEN` is not set");
    for command in [&["plan"][..], &["apply", "--yes"]] {
        let lacking = run(command, &[]).expect(1);
        assert!(lacking.stderr.contains(&place), "{lacking}");
    }
    let planned = run(&["plan", "--without-secrets"], &[]).expect(2);
    assert!(planned.stdout.contains("client_secret") && planned.stdout.contains("(secret)"), "{planned}");
    run(&["apply", "--yes"], &[("TOKEN", "sEcReT-0123456789")]).expect(0);
    for format in ["text", "json", "markdown"] {
        let planned = run(&["plan", "--without-secrets", "--format", format], &[]).expect(0);
        let told = planned.stdout.replace(['\n', '\\'], " ");
        assert!(told.contains("not compared, since their secrets were not given"), "{planned}");
        assert!(told.contains("providerDetails.client_secret"), "{planned}");
    }
    run(&["plan"], &[("TOKEN", "sEcReT-0123456789")]).expect(0);
    for command in [&["apply", "--yes"][..], &["destroy", "--yes"], &["output"], &["validate"]] {
        let refused = run(&[command, &["--without-secrets"]].concat(), &[]).expect(1);
        assert!(refused.stderr.contains("--without-secrets"), "{refused}");
    }
}

#[test]
fn what_is_kept_is_a_change_of_its_own_until_it_is_let_go() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("shop.yaml");
    let (file, sandbox) = (path.to_str().unwrap(), format!("--sandbox={}", folder.path().join("aws").display()));
    let run = |arguments: &[&str]| {
        run_binary(&[arguments, &[file, &sandbox, "--region", "us-east-1"]].concat(), &[], folder.path())
    };
    let text = "stack: shop\nuserPools:\n  main:\n    groups: {staff: {}}\n";
    fs::write(&path, text).unwrap();
    run(&["apply", "--yes"]).expect(0);
    fs::write(&path, text.replace("staff: {}", "")).unwrap();
    let keep = ["--keep", "userPools.main.groups.staff"];
    let planned = run(&[&["plan"][..], &keep].concat()).expect(2);
    assert!(planned.stdout.contains("< release  userPools.main.groups.staff"), "{planned}");
    let document = run(&[&["plan", "--format", "json"][..], &keep].concat()).expect(2).json();
    let summary = &document["stacks"][0]["summary"];
    assert_eq!((&summary["release"], &summary["delete"]), (&Value::from(1), &Value::from(0)), "{document}");
    let applied = run(&[&["apply", "--yes"][..], &keep].concat()).expect(0);
    assert!(applied.stdout.contains("1 released"), "{applied}");
    assert!(run(&["plan"]).expect(0).stdout.contains("userPools.main.groups.staff"));
    // Once it is let go there is nothing to keep, and a destroy keeps nothing.
    assert!(run(&[&["plan"][..], &keep].concat()).expect(1).stderr.contains("names nothing that would be deleted"));
    for option in ["--keep", "--take-over"] {
        assert!(run(&["destroy", option, "userPools.main"]).expect(1).stderr.contains(option));
    }
}

#[test]
fn nothing_is_written_without_a_terminal_and_without_yes() {
    let world = World::ministack();
    let stack = example("amplify-frontend");
    for command in ["apply", "destroy"] {
        if command == "destroy" {
            world.apply(&[&stack]);
        }
        let run = world.run(&[command, &stack, "--allow-delete", "userPools.frontend"]);
        assert_eq!((run.code, run.writes()), (1, vec![]), "{command}: {run}");
        assert!(run.output().contains("--yes"), "{run}");
    }
}

#[test]
fn a_folder_holds_several_stacks_and_the_same_stack_twice_is_an_error() {
    let world = World::ministack();
    let pool = |stack: &str| format!("stack: {stack}\nuserPools:\n  customers: {{}}\n");
    world.file("all/one.yaml", &pool("one"));
    world.file("all/two.yml", &pool("two"));
    world.file("all/below/three.yaml", &pool("three"));
    let folder = world.path("all");
    let run = world.run(&["plan", "--format", "json", &folder]).expect(2);
    let stacks = run.json()["stacks"].take();
    let names: Vec<_> = stacks.as_array().unwrap().iter().map(|stack| stack["stack"].as_str().unwrap()).collect();
    assert_eq!(names, ["one", "two"], "not what is below");
    assert_eq!(run.count("ListUserPools"), 1, "once for all stacks: {run}");
    world.apply(&[&folder]);
    world.aws.pool_id("one-customers");
    world.aws.pool_id("two-customers");
    world.expect_no_changes(&[&folder]);

    world.file("all/again.yaml", &pool("one"));
    let run = world.run(&["apply", "--yes", &folder]).expect(1);
    assert_eq!(run.writes(), [""; 0]);
    assert!(run.output().contains("one.yaml") && run.output().contains("again.yaml"), "{run}");
}

#[test]
fn one_broken_stack_does_not_hide_the_others_plan() {
    let world = World::ministack();
    world.file("all/one.yaml", "stack: one\nuserPools:\n  customers: {}\n");
    world.file("all/two.yaml", "stack: two\nuserPools:\n  customers: {nmae: x}\n");
    let run = world.run(&["plan", "--format", "json", &world.path("all")]).expect(1);
    let document = run.json();
    assert_eq!(document["errors"][0]["line"], 3, "{run}");
}

#[test]
fn outputs_come_as_text_json_and_environment() {
    let world = World::ministack();
    let stack = example("amplify-frontend");
    let applied = world.apply(&[&stack]);
    let pool = world.aws.pool_id("Amplify-frontend-UserPool");
    let client = world.aws.client(&pool, "web")["ClientId"].take();
    let client = client.as_str().unwrap();
    assert!(applied.stdout.contains(&pool) && applied.stdout.contains(client), "{applied}");

    let text = world.run(&["output", &stack]).expect(0).stdout;
    assert!(text.contains(&pool) && text.contains(client), "{text}");
    let run = world.run(&["output", "--format", "json", &stack]).expect(0);
    let outputs = run.json()["stacks"][0]["outputs"].take();
    assert_eq!((outputs["userPoolId"].as_str(), outputs["userPoolClientId"].as_str()), (Some(&*pool), Some(client)));
    let environment = world.run(&["output", "--format", "env", &stack]).expect(0).stdout;
    assert!(environment.lines().any(|line| line.contains('=') && line.contains(&pool)), "{environment}");
}

#[test]
fn outputs_that_point_into_the_run_are_filled_in() {
    let world = World::ministack();
    let stack = example("google-login");
    let google = [("GOOGLE_CLIENT_ID", "id"), ("GOOGLE_CLIENT_SECRET", "secret")];
    world.run_with(&["apply", "--yes", &stack], &google).expect(0);
    let run = world.run_with(&["output", "--format", "json", &stack], &google).expect(0);
    let outputs = run.json()["stacks"][0]["outputs"].take();
    assert_eq!(outputs["region"], "us-east-1");
    assert_eq!(outputs["domain"], "bc2020c58-step03");
    assert_eq!(outputs["domainUrl"], "https://bc2020c58-step03.auth.us-east-1.amazoncognito.com");
}

#[test]
fn the_schema_at_the_root_is_what_the_binary_prints() {
    let printed = alone(&["schema"]).expect(0).stdout;
    let stored = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/schema.json")).unwrap();
    assert_eq!(stored, printed, "run `cargo run -- schema > schema.json`");
}

#[test]
fn completions_are_printed_for_each_shell() {
    for shell in ["bash", "zsh", "fish"] {
        assert!(alone(&["completions", shell]).expect(0).stdout.contains("poolkeeper"));
    }
}
