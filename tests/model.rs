//! What AWS answered, sent back to it as a request, is within AWS's own model of its API: what the
//! sandbox would refuse of a real pool, it has wrong.

use std::path::PathBuf;

use poolkeeper::sandbox::model::{Service, operation};
use serde_json::{Map, Value, json};

/// What the answers of these operations hold at this member.
fn answers(operations: &[&str], member: &str) -> Vec<(String, Map<String, Value>)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/data/corpus");
    let mut found = Vec::new();
    for file in std::fs::read_dir(folder).expect("the corpus") {
        let path = file.expect("a file").path();
        let document: Value = serde_json::from_str(&std::fs::read_to_string(&path).expect("a text")).expect("JSON");
        if operations.contains(&document["operation"].as_str().unwrap_or_default()) {
            let response = &document["response"];
            let held = if member.is_empty() { response } else { &response[member] };
            found.push((path.display().to_string(), held.as_object().expect("an object").clone()));
        }
    }
    assert!(!found.is_empty(), "answers of {operations:?}");
    found
}

/// Checks a request of what the operation knows of this, and more.
fn accepts(service: Service, name: &str, file: &str, mut held: Map<String, Value>, more: Value) {
    let operation = operation(service, name).expect("an operation");
    held.retain(|member, _| operation.members().any(|(known, _)| known == member));
    if let Value::Object(more) = more {
        held.extend(more);
    }
    // The corpus has these scrubbed.
    for (id, legal) in [("UserPoolId", "us-east-1_a1"), ("ClientId", "a1"), ("IdentityPoolId", "us-east-1:a1")] {
        if held.contains_key(id) {
            held.insert(id.to_owned(), legal.into());
        }
    }
    let request = Value::Object(held);
    assert_eq!(operation.check(&request), Ok(()), "{file}");
    // Inside of a member that exists both ways, what AWS answers with is what it takes.
    assert_eq!(operation.unknown(&request), Vec::<String>::new(), "{file}");
}

#[test]
fn real_user_pools_are_within_the_model() {
    for (file, pool) in answers(&["CreateUserPool", "DescribeUserPool"], "UserPool") {
        let attributes = pool.get("SchemaAttributes").and_then(Value::as_array).cloned().unwrap_or_default();
        let own = attributes.into_iter().filter_map(|mut attribute| {
            let name = attribute["Name"].as_str()?.strip_prefix("custom:")?.to_owned();
            attribute["Name"] = name.into();
            Some(attribute)
        });
        let own: Vec<Value> = own.collect();
        let mut more = json!({"PoolName": pool["Name"]});
        if !own.is_empty() {
            more["Schema"] = Value::Array(own);
        }
        accepts(Service::UserPools, "CreateUserPool", &file, pool.clone(), more);
        accepts(Service::UserPools, "UpdateUserPool", &file, pool.clone(), json!({"UserPoolId": pool["Id"]}));
        accepts(Service::UserPools, "DescribeUserPool", &file, Map::new(), json!({"UserPoolId": pool["Id"]}));
    }
    for (file, mfa) in answers(&["GetUserPoolMfaConfig"], "") {
        accepts(Service::UserPools, "SetUserPoolMfaConfig", &file, mfa, json!({"UserPoolId": "us-east-1_abc"}));
    }
}

#[test]
fn real_parts_of_user_pools_are_within_the_model() {
    for (file, client) in answers(&["CreateUserPoolClient", "DescribeUserPoolClient"], "UserPoolClient") {
        accepts(Service::UserPools, "CreateUserPoolClient", &file, client.clone(), Value::Null);
        accepts(Service::UserPools, "UpdateUserPoolClient", &file, client, Value::Null);
    }
    for (file, provider) in answers(&["CreateIdentityProvider", "DescribeIdentityProvider"], "IdentityProvider") {
        accepts(Service::UserPools, "CreateIdentityProvider", &file, provider.clone(), Value::Null);
        accepts(Service::UserPools, "UpdateIdentityProvider", &file, provider, Value::Null);
    }
    for (file, group) in answers(&["CreateGroup"], "Group") {
        accepts(Service::UserPools, "CreateGroup", &file, group, Value::Null);
    }
    for (file, domain) in answers(&["DescribeUserPoolDomain"], "DomainDescription") {
        if domain.contains_key("Domain") {
            accepts(Service::UserPools, "CreateUserPoolDomain", &file, domain, Value::Null);
        }
    }
}

#[test]
fn real_identity_pools_are_within_the_model() {
    for (file, pool) in answers(&["DescribeIdentityPool", "UpdateIdentityPool"], "") {
        accepts(Service::IdentityPools, "CreateIdentityPool", &file, pool.clone(), Value::Null);
        accepts(Service::IdentityPools, "UpdateIdentityPool", &file, pool, Value::Null);
    }
    for (file, roles) in answers(&["GetIdentityPoolRoles"], "") {
        accepts(Service::IdentityPools, "SetIdentityPoolRoles", &file, roles, Value::Null);
    }
}
