//! A pool with the settings of a real one describes itself as the real one did.

use std::path::PathBuf;

use serde_json::{Map, Value, json};

use super::{described, done, sandbox};
use crate::sandbox::state::{Body, Domain};

/// What no setting decides.
const APART: &[&str] = &["Id", "Arn", "CreationDate", "LastModifiedDate"];

/// What Describes show today, and did not when the older answers were written down.
const NEWER: &[&str] = &[
    "KeyConfiguration",
    "IssuerConfiguration",
    "AcrConfiguration",
    "UserPoolTier",
    "AccountRecoverySetting",
    "DeletionProtection",
    "UserAttributeUpdateSettings",
];

/// The request that makes a pool like a real one.
fn settings(real: &Body) -> Value {
    const SHOWN_ONLY: &[&str] = &[
        "Name",
        "SchemaAttributes",
        "EstimatedNumberOfUsers",
        "Domain",
        "SmsVerificationMessage",
        "EmailVerificationMessage",
        "EmailVerificationSubject",
    ];
    let sent = real.iter().filter(|(name, _)| !APART.contains(&name.as_str()) && !SHOWN_ONLY.contains(&name.as_str()));
    let mut input: Map<String, Value> = sent.map(|(name, value)| (name.clone(), value.clone())).collect();
    input.insert("PoolName".to_owned(), real["Name"].clone());
    input.insert("MfaConfiguration".to_owned(), json!("OFF"));
    input["AdminCreateUserConfig"].as_object_mut().expect("an object").remove("UnusedAccountValidityDays");
    if let Some(tags) = input.get_mut("UserPoolTags").and_then(Value::as_object_mut) {
        tags.retain(|key, _| !key.starts_with("aws:"));
    }
    let schema = real["SchemaAttributes"].as_array().expect("a list").iter();
    let schema = schema
        .filter(|attribute| attribute["Name"] != "identities" && attribute["Name"] != "phone_number_verified")
        .map(|attribute| {
            let mut attribute = attribute.clone();
            let name = attribute["Name"].as_str().expect("a name").trim_start_matches("custom:").to_owned();
            attribute["Name"] = json!(name);
            attribute
        });
    input.insert("Schema".to_owned(), schema.collect());
    Value::Object(input)
}

#[tokio::test]
async fn a_pool_shows_what_a_real_one_with_the_same_settings_showed() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/data/corpus");
    let mut seen = 0;
    for entry in std::fs::read_dir(folder).expect("the corpus") {
        let file = entry.expect("a file").path();
        let document: Value = serde_json::from_str(&std::fs::read_to_string(&file).expect("a text")).expect("JSON");
        let operation = document["operation"].as_str().expect("an operation");
        let old = document["year"].as_str().is_some_and(|year| year < "2020");
        if !["CreateUserPool", "DescribeUserPool"].contains(&operation) || old {
            continue;
        }
        let real = document["response"]["UserPool"].as_object().expect("a pool");
        let sandbox = sandbox();
        let mut shown = done(&sandbox, "CreateUserPool", &settings(real)).await["UserPool"].take();
        if operation == "DescribeUserPool" {
            let id = shown["Id"].as_str().expect("an id").to_owned();
            like(&sandbox, &id, real).await;
            shown = described(&sandbox, &id).await;
        }
        compare(&file.display().to_string(), &shown, real);
        seen += 1;
    }
    assert!(seen >= 12, "only {seen} answers of the corpus were looked at");
}

/// Gives a pool what is not set at its creation.
async fn like(sandbox: &crate::sandbox::Sandbox, id: &str, real: &Body) {
    if real["MfaConfiguration"] != "OFF" {
        let input = json!({
            "UserPoolId": id,
            "MfaConfiguration": real["MfaConfiguration"],
            "SoftwareTokenMfaConfiguration": {"Enabled": true},
        });
        done(sandbox, "SetUserPoolMfaConfig", &input).await;
    }
    sandbox.meddle(|state| {
        let mut regions = state.accounts.values_mut().flat_map(|regions| regions.values_mut());
        let pool = regions.find_map(|region| region.user_pools.get_mut(id)).expect("the pool");
        if let Some(domain) = real.get("Domain").and_then(Value::as_str) {
            pool.domains.insert(domain.to_owned(), Domain::default());
        }
        for user in 0..real["EstimatedNumberOfUsers"].as_u64().expect("a number") {
            pool.users.insert(format!("user-{user}"), Body::new());
        }
        let own = real.get("UserPoolTags").and_then(Value::as_object).into_iter().flatten();
        pool.tags.extend(own.map(|(key, value)| (key.clone(), value.as_str().expect("a text").to_owned())));
    });
}

fn compare(file: &str, shown: &Value, real: &Body) {
    let shown = shown.as_object().expect("an object");
    for (member, value) in real.iter().filter(|(name, _)| !APART.contains(&name.as_str())) {
        let mut own = shown.get(member).cloned().unwrap_or_default();
        if member == "Policies" && value.get("SignInPolicy").is_none() {
            own.as_object_mut().expect("an object").remove("SignInPolicy");
        }
        if member == "SchemaAttributes" && !value.as_array().expect("a list").iter().any(|a| a["Name"] == "identities")
        {
            let order = |list: &mut Value| {
                let list = list.as_array_mut().expect("a list");
                list.retain(|attribute| attribute["Name"] != "identities");
                list.sort_by_key(|attribute| attribute["Name"].to_string());
            };
            let mut value = value.clone();
            order(&mut own);
            order(&mut value);
            assert_eq!(own, value, "{member} of {file}");
            continue;
        }
        assert_eq!(&own, value, "{member} of {file}");
    }
    let more = shown.keys().filter(|name| !real.contains_key(*name) && !APART.contains(&name.as_str()));
    let more: Vec<&String> = more.filter(|name| !NEWER.contains(&name.as_str())).collect();
    assert_eq!(more, Vec::<&String>::new(), "{file}");
}
