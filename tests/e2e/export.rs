//! The estate of others, made with boto3, exported and adopted by the real binary.

use std::fs;
use std::process::Command;

use serde_json::{Value, json};

use crate::emulator::{clean, program};
use crate::world::{Run, World, addresses};

/// Runs the script that makes the estate; what it printed.
fn others(world: &World) -> Value {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/e2e/export.py");
    let home = tempfile::tempdir().expect("a home");
    let run = clean(&mut Command::new(program("ministack", "python")), home.path())
        .args([script, &format!("http://127.0.0.1:{}", world.emulator.port)])
        .output()
        .expect("Python starts");
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    serde_json::from_slice(&run.stdout).expect("JSON")
}

/// The variables of the environment that a file asks for, with the secrets that the script gave.
fn secrets(text: &str, made: &Value) -> Vec<(String, String)> {
    let lines = text.lines().filter_map(|line| line.strip_prefix("#   "));
    lines
        .filter_map(|line| {
            let (variable, at) = line.split_once("  ")?;
            let mut secrets = made["secrets"].as_object().into_iter().flatten();
            let (_, value) = secrets.find(|(provider, _)| at.contains(&format!(".{provider}.")))?;
            Some((variable.to_owned(), value.as_str()?.to_owned()))
        })
        .collect()
}

fn export(world: &World, arguments: &[&str]) -> Run {
    let run = world.run(&[&["export"], arguments].concat());
    assert_eq!(run.writes(), [""; 0], "it only reads: {run}");
    run
}

#[test]
fn what_others_made_is_exported_and_adopted() {
    let world = World::ministack();
    let made = others(&world);
    let folder = world.path("exported");
    let all = export(&world, &["--all", "--stack", "estate", "-o", &folder]).expect(0);
    assert_eq!(all.stdout, "", "{all}");
    let path = format!("{folder}/estate.yaml");
    let text = fs::read_to_string(&path).expect("the file");
    for secret in made["secrets"].as_object().expect("secrets").values() {
        assert!(!format!("{text}{}", all.output()).contains(secret.as_str().expect("a text")), "{text}");
    }
    world.run(&["validate", &path]);
    let environment = secrets(&text, &made);
    assert_eq!(environment.len(), 2, "{text}");
    let environment: Vec<(&str, &str)> =
        environment.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();

    let planned = world.run_with(&["plan", "--format", "json", &path], &environment).expect(2);
    let stack = &planned.json()["stacks"][0];
    for item in stack["items"].as_array().expect("items") {
        let fine = item["action"] == "adopt" && item["changes"].as_array().is_none_or(Vec::is_empty);
        assert!(fine, "{item:#}\n{text}");
    }
    assert_eq!(stack["unmanaged"].as_array().map_or(0, Vec::len), 0, "{stack:#}");
    assert!(addresses(stack, "adopt").len() > 25, "{stack:#}");

    let applied = world.run_with(&["apply", "--yes", &path], &environment).expect(0);
    // ministack takes the tags of an identity pool, and shows those alone that it was made with.
    let tagged = |run: &Run| run.bodies("TagResource").iter().any(|body| body.to_string().contains(":identitypool/"));
    assert!(tagged(&applied), "{applied}");
    let again = world.run_with(&["plan", "--format", "json", &path], &environment);
    let stack = &again.json()["stacks"][0];
    for item in stack["items"].as_array().expect("items") {
        let fine = item["action"] == "keep"
            || item["action"] == "adopt" && item["address"].as_str().is_some_and(|at| at.starts_with("identityPools."));
        assert!(fine, "{item:#}\n{text}");
    }

    // What it calls twice it need not.
    let mut calls: Vec<String> = all.calls.iter().map(|call| format!("{} {}", call.operation, call.body)).collect();
    calls.sort();
    let count = calls.len();
    calls.dedup();
    assert_eq!(calls.len(), count, "{all}");
}

#[test]
fn what_is_exported_is_chosen() {
    let world = World::ministack();
    let made = others(&world);
    let pool = made["pool"].as_str().expect("an id");
    let one = export(&world, &["--user-pool", pool]).expect(0);
    assert!(one.stdout.contains(&format!("    id: {pool}\n")) && !one.stdout.contains("bulk"), "{one}");
    assert!(one.stdout.contains("stack: everything-in-one-1\n"), "{one}");
    assert_eq!(one.count("ListUserPools"), 0, "{one}");
    let some = export(&world, &["--match", "bulk ?1"]).expect(0);
    let names: Vec<&str> = some.stdout.lines().filter_map(|line| line.strip_prefix("    name: ")).collect();
    assert_eq!(names, ["bulk 01", "bulk 11"], "{some}");

    let missing = export(&world, &["--user-pool", pool, "us-east-1_Missing00"]).expect(1);
    assert!(missing.stderr.contains("us-east-1_Missing00") && missing.stdout.is_empty(), "{missing}");
    export(&world, &["--match", "nothing like it"]).expect(1);
    export(&world, &[]).expect(1);
    export(&world, &["--all", "--user-pool", pool]).expect(1);
    export(&world, &["--all", "--stack", "No"]).expect(1);

    let folder = world.path("new/folder");
    export(&world, &["--user-pool", pool, "-o", &folder]).expect(0);
    let path = format!("{folder}/everything-in-one-1.yaml");
    fs::write(&path, "mine").expect("written");
    let refused = export(&world, &["--user-pool", pool, "-o", &folder]).expect(1);
    assert!(refused.stderr.contains("everything-in-one-1.yaml"), "{refused}");
    assert_eq!(fs::read_to_string(&path).expect("the file"), "mine");

    // Somebody else's is exported all the same, and says so.
    let arn = format!("arn:aws:cognito-idp:us-east-1:123456789012:userpool/{pool}");
    let tags = json!({"poolkeeper:stack": "shop/prod", "poolkeeper:resource": "userPools.x"});
    world.aws.idp("TagResource", &json!({"ResourceArn": arn, "Tags": tags}));
    let owned = export(&world, &["--user-pool", pool]).expect(0);
    assert!(owned.stdout.contains("stack shop/prod") && owned.stderr.contains("stack shop/prod"), "{owned}");
    assert!(!owned.stdout.contains("poolkeeper:"), "{owned}");
}
