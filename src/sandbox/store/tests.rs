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
