//! What an applied stack is for: somebody signs up and signs in. The emulator runs the stack's own
//! function for it.

use std::process::Command;

use serde_json::{Value, json};

use crate::aws::texts;
use crate::emulator::{clean, program};
use crate::world::{World, example};

const ADDRESS: &str = "ada@example.com";
const PASSWORD: &str = "Correct-Horse-7";

#[test]
fn who_signs_up_is_confirmed_by_the_trigger_and_signs_in_with_srp() {
    let world = World::ministack();
    let stack = example("lambda-trigger");
    world.apply(&["--var", "lambdaRoleArn=arn:aws:iam::123456789012:role/lambda-basic", &stack]);
    let pool = world.aws.pool_id("Step01Test");
    let client = world.aws.client(&pool, "app")["ClientId"].take();

    let attributes = json!([
        {"Name": "email", "Value": ADDRESS}, {"Name": "phone_number", "Value": "+441632960123"},
    ]);
    let sign_up = json!({"ClientId": client, "Username": ADDRESS, "Password": PASSWORD, "UserAttributes": attributes});
    let answer = world.aws.idp("SignUp", &sign_up);
    assert_eq!(answer["UserConfirmed"], true, "{answer}\n{}", world.emulator.log());
    let user = world.aws.idp("AdminGetUser", &json!({"UserPoolId": pool, "Username": ADDRESS}));
    assert_eq!(user["UserStatus"], "CONFIRMED");
    let attributes = user["UserAttributes"].as_array().expect("attributes");
    for name in ["email_verified", "phone_number_verified"] {
        let verified = attributes.iter().find(|attribute| attribute["Name"] == name);
        assert_eq!(verified.map(|attribute| &attribute["Value"]), Some(&json!("true")), "{user}");
    }

    let client = client.as_str().expect("an id");
    let sign_in = |password| sign_in(&world, &pool, client, ADDRESS, password);
    let tokens = sign_in(PASSWORD);
    for token in ["AccessToken", "IdToken", "RefreshToken"] {
        assert!(tokens[token].is_string(), "{tokens}");
    }
    assert_eq!(sign_in("wrong")["error"], "NotAuthorizedException");

    // Drift on a pool with users is put right without a loss.
    world.aws.change_pool(&pool, &json!({"LambdaConfig": {}}));
    let applied = world.apply(&["--var", "lambdaRoleArn=arn:aws:iam::123456789012:role/lambda-basic", &stack]);
    assert_eq!(applied.writes(), ["UpdateUserPool"], "{applied}");
    let users = world.aws.idp("ListUsers", &json!({"UserPoolId": pool}));
    assert_eq!(texts(&users["Users"], "UserStatus"), ["CONFIRMED"]);
    assert!(sign_in(PASSWORD)["AccessToken"].is_string());
}

/// Signs in as a browser does, without sending the password.
pub(crate) fn sign_in(world: &World, pool: &str, client: &str, user: &str, password: &str) -> Value {
    let home = tempfile::tempdir().expect("a folder");
    let endpoint = format!("http://127.0.0.1:{}", world.emulator.port);
    let output = clean(&mut Command::new(program("ministack", "python")), home.path())
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/e2e/srp.py"))
        .args([&endpoint, pool, client, user, password])
        .output()
        .expect("python runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("JSON")
}
