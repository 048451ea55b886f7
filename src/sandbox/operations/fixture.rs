//! What the tests of the things inside a pool begin with: a sandbox with a pool in it.

use serde_json::{Value, json};

use super::super::state::UserPool;
use super::super::testing::{USER_POOLS, call};
use super::super::{ACCOUNT, Sandbox, Settings};

/// The pool's id.
pub(super) const POOL: &str = "us-east-1_AbCdEfGhI";

/// A sandbox in which calls may come as fast as a test makes them, with a pool.
pub(super) fn sandbox() -> Sandbox {
    let sandbox = Sandbox::new(Settings { quotas: false, ..Settings::default() });
    add_pool(&sandbox, ACCOUNT, "us-east-1", POOL);
    sandbox
}

/// Puts a pool into a sandbox that has some standard attributes, and three of its own.
pub(super) fn add_pool(sandbox: &Sandbox, account: &str, region: &str, id: &str) {
    let attribute = |name: &str, kind: &str, mutable: bool| json!({"Name": name, "AttributeDataType": kind, "Mutable": mutable, "Required": name == "sub"});
    let mut schema: Vec<Value> = vec![attribute("sub", "String", false)];
    schema.extend(
        ["name", "email", "phone_number", "preferred_username", "custom:team"]
            .map(|name| attribute(name, "String", true)),
    );
    schema.extend(["email_verified", "phone_number_verified"].map(|name| attribute(name, "Boolean", true)));
    schema.push(attribute("custom:born", "String", false));
    schema.push(attribute("custom:level", "Number", true));
    schema[9]["NumberAttributeConstraints"] = json!({"MinValue": "1", "MaxValue": "9"});
    sandbox.meddle(|state| {
        let region = state.accounts.entry(account.to_owned()).or_default().entry(region.to_owned()).or_default();
        let mut pool = UserPool::default();
        pool.body.insert("Id".into(), json!(id));
        pool.body.insert("UserPoolTier".into(), json!("ESSENTIALS"));
        pool.body.insert("SchemaAttributes".into(), Value::Array(schema));
        region.user_pools.insert(id.to_owned(), pool);
    });
}

/// Changes the pool behind everybody's back.
pub(super) fn change_pool(sandbox: &Sandbox, change: impl FnOnce(&mut UserPool)) {
    sandbox.meddle(|state| {
        let regions = state.accounts.get_mut(ACCOUNT).expect("an account");
        change(regions.get_mut("us-east-1").and_then(|region| region.user_pools.get_mut(POOL)).expect("the pool"));
    });
}

/// Makes a client in the pool, and gives its id.
pub(super) async fn add_client(sandbox: &Sandbox) -> String {
    let answer = done(sandbox, "CreateUserPoolClient", json!({"ClientName": "web"})).await;
    answer["UserPoolClient"]["ClientId"].as_str().expect("an id").to_owned()
}

/// Calls an operation on the pool, if the input names no other.
pub(super) async fn ask(sandbox: &Sandbox, operation: &str, mut input: Value) -> Result<Value, (String, String)> {
    if operation != "DescribeUserPoolDomain" && input.get("UserPoolId").is_none() {
        input["UserPoolId"] = json!(POOL);
    }
    call(sandbox, USER_POOLS, operation, &input).await
}

/// The same, where it is let in.
pub(super) async fn done(sandbox: &Sandbox, operation: &str, input: Value) -> Value {
    ask(sandbox, operation, input).await.unwrap_or_else(|why| panic!("{operation}: {why:?}"))
}

/// The code of a refusal, and that its message has some words in it.
pub(super) async fn refused(sandbox: &Sandbox, operation: &str, input: Value, code: &str, words: &str) {
    let shown = input.to_string();
    let (own, message) = ask(sandbox, operation, input).await.expect_err(&format!("{operation} {shown}"));
    assert_eq!(own, code, "{operation} {shown}: {message}");
    assert!(message.contains(words), "{operation} {shown}: {message}");
}

/// What AWS really answered once.
pub(super) fn recorded(name: &str) -> Value {
    let path = format!("{}/tests/data/corpus/{name}.json", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(path).expect("a recording");
    serde_json::from_str::<Value>(&text).expect("JSON")["response"].take()
}

pub(super) const INVALID: &str = "InvalidParameterException";
pub(super) const MISSING: &str = "ResourceNotFoundException";
