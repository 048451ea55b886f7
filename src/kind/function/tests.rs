use serde_json::{Value, json};

use crate::kind::Kind;
use crate::kind::testing::{assert_rules, assert_same};

fn function(rest: &Value) -> Value {
    let mut function = json!({"name": "shop-confirm", "runtime": "python3.13", "handler": "index.handler", "code": "./confirm",
        "role": "arn:aws:iam::123456789012:role/lambda-basic"});
    function.as_object_mut().expect("a map").extend(rest.as_object().expect("a map").clone());
    function
}

#[test]
fn a_bare_function_has_lambdas_defaults() {
    let live = function(&json!({"description": "", "architectures": ["x86_64"], "memorySize": 128, "timeout": 3,
        "environment": {}, "layers": [], "tags": {"poolkeeper:stack": "shop"}, "codeSize": 512, "packageType": "Zip"}));
    assert_same(Kind::Function, &function(&json!({})), &live);
}

#[test]
fn rules_across_properties() {
    let environment = |environment: Value| function(&json!({"environment": environment}));
    assert_rules(
        Kind::Function,
        [
            (function(&json!({})), ""),
            (function(&json!({"runtime": "provided.al2023", "handler": "bootstrap"})), ""),
            (function(&json!({"handler": "index"})), "handler: the handler `index` names no function"),
            (environment(json!({"POOL_ID": "x"})), ""),
            (environment(json!({"1ST": "x"})), "environment.1ST: `1ST` cannot be an environment variable's name"),
            (environment(json!({"AWS_REGION": "x"})), "Lambda sets the environment variable `AWS_REGION` itself"),
            (environment(json!({"TEXT": "x".repeat(4096)})), "take 4107 bytes together"),
            (function(&json!({"tags": {"poolkeeper:stack": "x"}})), "the tag `poolkeeper:stack` cannot be set"),
        ],
    );
}

#[test]
fn the_environment_is_secret_in_the_schema() {
    assert_eq!(Kind::Function.schema()["properties"]["environment"]["additionalProperties"]["x-secret"], true);
}
