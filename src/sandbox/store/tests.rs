//! What becomes of a folder that is named for a sandbox, and of what is in it.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use super::super::testing::{USER_POOLS, call};
use super::super::{Sandbox, Settings};

fn open(folder: &Path) -> Result<Sandbox, String> {
    Sandbox::open(folder, Settings::rehearsal())
}

fn text(folder: &Path, name: &str) -> String {
    fs::read_to_string(folder.join(name)).unwrap_or_else(|why| panic!("{name}: {why}"))
}

async fn pools(sandbox: &Sandbox) -> usize {
    let list = call(sandbox, USER_POOLS, "ListUserPools", &json!({"MaxResults": 60})).await.expect("a list");
    list["UserPools"].as_array().expect("pools").len()
}

async fn make_pool(sandbox: &Sandbox) {
    call(sandbox, USER_POOLS, "CreateUserPool", &json!({"PoolName": "kept"})).await.expect("a pool");
}

/// A folder in which a sandbox with a pool was kept.
async fn used() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    make_pool(&open(folder.path()).expect("a sandbox")).await;
    folder
}

#[tokio::test]
async fn what_was_made_is_there_again_and_version_control_leaves_it_out() {
    let outside = tempfile::tempdir().expect("a folder");
    let folder = outside.path().join("new/sandbox");
    // One that is opened and never written to can be opened again.
    for _ in 0..2 {
        assert_eq!(pools(&open(&folder).expect("a sandbox")).await, 0);
    }
    make_pool(&open(&folder).expect("a sandbox")).await;
    assert_eq!(pools(&open(&folder).expect("a sandbox")).await, 1);
    assert_eq!(text(&folder, ".gitignore"), "*\n");
    fs::write(folder.join(".gitignore"), "mine").expect("it is written");
    make_pool(&open(&folder).expect("a sandbox")).await;
    assert_eq!(text(&folder, ".gitignore"), "mine", "it is not written again");
}

#[tokio::test]
async fn what_pools_and_clients_have_of_their_own_is_there_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let client = {
        let sandbox = open(folder.path()).expect("a sandbox");
        let ask = async |operation: &str, input: Value| {
            // A write has its pool to itself for a while, and there are quotas.
            sandbox.clock().advance(std::time::Duration::from_secs(5));
            call(&sandbox, USER_POOLS, operation, &input).await.unwrap_or_else(|why| panic!("{operation}: {why:?}"))
        };
        let add_ons = json!({"AdvancedSecurityMode": "AUDIT"});
        let pool = json!({"PoolName": "kept", "UserPoolTier": "PLUS", "UserPoolAddOns": add_ons});
        let pool = ask("CreateUserPool", pool).await["UserPool"]["Id"].take();
        let client = ask("CreateUserPoolClient", json!({"UserPoolId": pool, "ClientName": "web"})).await;
        let client = json!({"UserPoolId": pool, "ClientId": client["UserPoolClient"]["ClientId"]});
        let with = |mut base: Value, more: Value| {
            base.as_object_mut().expect("members").extend(more.as_object().expect("members").clone());
            base
        };
        let credentials = json!({"CompromisedCredentialsRiskConfiguration": {"Actions": {"EventAction": "BLOCK"}}});
        ask("CreateUserPoolDomain", json!({"UserPoolId": pool, "Domain": "shop"})).await;
        for whose in [json!({"UserPoolId": pool}), client.clone()] {
            ask("SetRiskConfiguration", with(whose.clone(), credentials.clone())).await;
            ask("SetUICustomization", with(whose, json!({"CSS": ".logo-customizable { }"}))).await;
        }
        let group = "arn:aws:logs:us-east-1:123456789012:log-group:pools";
        let logs = json!({"EventSource": "userNotification", "LogLevel": "ERROR", "CloudWatchLogsConfiguration": {"LogGroupArn": group}});
        ask("SetLogDeliveryConfiguration", json!({"UserPoolId": pool, "LogConfigurations": [logs]})).await;
        let terms = json!({"TermsName": "terms-of-use", "TermsSource": "LINK", "Enforcement": "NONE"});
        ask("CreateTerms", with(client.clone(), terms)).await;
        ask("CreateManagedLoginBranding", with(client.clone(), json!({"Settings": {}}))).await;
        client
    };
    let sandbox = open(folder.path()).expect("a sandbox");
    let pool = json!({"UserPoolId": client["UserPoolId"]});
    let own = &client["ClientId"];
    for (operation, input, place, expected) in [
        ("DescribeRiskConfiguration", &client, "/RiskConfiguration/ClientId", own),
        ("GetUICustomization", &pool, "/UICustomization/ClientId", &json!("ALL")),
        ("GetUICustomization", &client, "/UICustomization/ClientId", own),
        (
            "GetLogDeliveryConfiguration",
            &pool,
            "/LogDeliveryConfiguration/LogConfigurations/0/LogLevel",
            &json!("ERROR"),
        ),
        ("ListTerms", &pool, "/Terms/0/TermsName", &json!("terms-of-use")),
        ("DescribeManagedLoginBrandingByClient", &client, "/ManagedLoginBranding/Settings", &json!({})),
    ] {
        let answer = call(&sandbox, USER_POOLS, operation, input).await.expect(operation);
        assert_eq!(answer.pointer(place), Some(expected), "{operation}: {answer}");
    }
}

#[test]
fn a_folder_with_other_things_in_it_is_refused_and_left_as_it_is() {
    let cases: [&[(&str, &str)]; 5] = [
        &[(".gitignore", "target\n")],
        &[("lock", "a lock of somebody"), ("state.json.new", "something")],
        &[("sandbox.lock", "mine"), ("Cargo.toml", "[package]")],
        &[(".gitignore", "target\n"), ("state.json", "{}")],
        &[("state.json", "{\"version\": 4, \"lineage\": \"a\"}")],
    ];
    for files in cases {
        let folder = tempfile::tempdir().expect("a folder");
        for (name, text) in files {
            fs::write(folder.path().join(name), text).expect("it is written");
        }
        let told = open(folder.path()).expect_err("it is somebody else's");
        assert!(told.contains(&folder.path().display().to_string()), "{told}");
        assert!(told.contains("name a"), "what to do: {told}");
        assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), files.len(), "{files:?}");
        for (name, before) in files {
            assert_eq!(text(folder.path(), name), *before);
        }
    }
}

#[tokio::test]
async fn a_state_of_another_version_is_refused_and_nothing_of_it_told() {
    let secret = "hunter2-hunter2";
    let changes: [fn(&mut Value, &str); 5] = [
        |kept, _| drop(kept.as_object_mut().expect("members").remove("format")),
        |kept, _| kept["format"] = json!("poolkeeper-sandbox/2"),
        |kept, secret| kept["format"] = json!({"a": secret}),
        |kept, secret| kept["state"]["serial"] = json!(secret),
        |kept, secret| kept["state"]["accounts"]["1"] = json!({"eu-west-1": {"user_pools": {"a": {secret: 1}}}}),
    ];
    for change in changes {
        let folder = used().await;
        let mut kept: Value = serde_json::from_str(&text(folder.path(), "state.json")).expect("JSON");
        change(&mut kept, secret);
        let before = kept.to_string();
        fs::write(folder.path().join("state.json"), &before).expect("it is written");
        let told = open(folder.path()).expect_err(&before);
        assert!(told.contains("another folder") && !told.contains(secret), "{told}");
        assert_eq!(text(folder.path(), "state.json"), before);
    }
}

#[tokio::test]
async fn two_at_once_are_one_too_many() {
    let folder = used().await;
    let first = open(folder.path()).expect("a sandbox");
    let told = open(folder.path()).expect_err("it is in use");
    assert!(told.contains("another run uses the sandbox"), "{told}");
    drop(first);
    open(folder.path()).expect("it is free again");
}

#[cfg(unix)]
#[tokio::test]
async fn nobody_else_reads_it_whatever_was_left_in_its_place() {
    use std::os::unix::fs::{PermissionsExt, symlink};

    let folder = used().await;
    let path = |name: &str| folder.path().join(name);
    let mode = || fs::metadata(path("state.json")).expect("a state").permissions().mode() & 0o777;
    fs::write(path("state.json.new"), "left by a run that was killed").expect("it is written");
    fs::set_permissions(path("state.json.new"), fs::Permissions::from_mode(0o666)).expect("all may read it");
    make_pool(&open(folder.path()).expect("a sandbox")).await;
    assert_eq!(mode(), 0o600);

    fs::write(path("elsewhere"), "mine").expect("it is written");
    symlink(path("elsewhere"), path("state.json.new")).expect("a link");
    let sandbox = open(folder.path()).expect("a sandbox");
    make_pool(&sandbox).await;
    assert_eq!((mode(), text(folder.path(), "elsewhere")), (0o600, "mine".to_owned()));
    drop(sandbox);
    assert_eq!(pools(&open(folder.path()).expect("a sandbox")).await, 3);
}
