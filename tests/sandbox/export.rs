//! Exports of what others have made: a plan of the file has nothing to do but to adopt.

use std::path::PathBuf;

use poolkeeper::sandbox::ACCOUNT;
use poolkeeper::sandbox::state::{Body, Client, Domain, Function, Group, IdentityPool, Region, UserPool};
use serde_json::{Value, json};

use crate::fixed_point::hold;
use crate::lab::Lab;

/// The answers of the corpus by file name: the operation and what it answered. Whatever account was
/// written in them, what they name is of the sandbox's.
fn answers() -> Vec<(String, String, Value)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/data/corpus");
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(folder).expect("the corpus").map(|entry| entry.expect("a file").path()).collect();
    files.sort();
    let read = |path: PathBuf| {
        let text = std::fs::read_to_string(&path).expect("a text");
        let document: Value = serde_json::from_str(&of_this_account(&text)).expect("JSON");
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        (name, document["operation"].as_str().expect("an operation").to_owned(), document["response"].clone())
    };
    files.into_iter().map(read).collect()
}

/// The text with the account of every ARN replaced.
fn of_this_account(text: &str) -> String {
    let mut parts: Vec<String> = text.split(':').map(str::to_owned).collect();
    for part in &mut parts {
        if part.len() == 12 && part.bytes().all(|byte| byte.is_ascii_digit()) {
            ACCOUNT.clone_into(part);
        }
    }
    // What those who scrubbed them wrote in place of ids, AWS would not take.
    parts
        .join(":")
        .replace("XXXXXXXXXXXX", ACCOUNT)
        .replace("sample-identity-pool-id", "00000000-1111-4222-8333-444455556666")
        .replace('*', "x")
}

fn body(value: &Value) -> Body {
    let mut body = value.as_object().cloned().unwrap_or_default();
    // Some were written down by tools that write dates as texts.
    for date in ["CreationDate", "LastModifiedDate"] {
        if let Some(date) = body.get_mut(date) {
            *date = json!(1_600_000_000.5);
        }
    }
    body
}

/// Puts a pool as it was read into the sandbox's state.
fn put_user_pool(region: &mut Region, real: &Value) -> String {
    let mut body = body(real);
    let id = body["Id"].as_str().expect("an id").to_owned();
    let mut pool = UserPool::default();
    for (key, value) in body.remove("UserPoolTags").iter().filter_map(Value::as_object).flatten() {
        pool.tags.insert(key.clone(), value.as_str().expect("a text").to_owned());
    }
    for member in ["Domain", "CustomDomain"] {
        if let Some(domain) = body.remove(member) {
            let name = domain.as_str().expect("a text").to_owned();
            let config = json!({"CertificateArn": format!("arn:aws:acm:us-east-1:{ACCOUNT}:certificate/1")});
            let more = if member == "Domain" { json!({}) } else { json!({"CustomDomainConfig": config}) };
            let mut shown = more.as_object().cloned().expect("an object");
            shown.insert("UserPoolId".to_owned(), json!(id));
            shown.insert("Domain".to_owned(), json!(name));
            pool.domains.insert(name, Domain { body: shown, ..Domain::default() });
        }
    }
    if body.get("MfaConfiguration").is_some_and(|mfa| mfa != "OFF") {
        pool.mfa.insert("SoftwareTokenMfaConfiguration".to_owned(), json!({"Enabled": true}));
    }
    for (_, trigger) in body.get("LambdaConfig").and_then(Value::as_object).into_iter().flatten() {
        let arn = trigger.as_str().or_else(|| trigger["LambdaArn"].as_str());
        if let Some(name) = arn.and_then(|arn| arn.split(':').nth(6)) {
            let function = json!({"FunctionName": name});
            region.functions.insert(name.to_owned(), Function { body: self::body(&function), ..Function::default() });
        }
    }
    pool.body = body;
    region.user_pools.insert(id.clone(), pool);
    id
}

#[tokio::test(start_paused = true)]
async fn all_of_the_corpus_is_exported_as_it_is() {
    let mut seen = 0;
    let mut faults = Vec::new();
    for (file, operation, answer) in answers() {
        let lab = Lab::new();
        let bare = json!({"PoolName": "host"});
        let made =
            super::cycle::hand::call(&lab, poolkeeper::sandbox::model::Service::UserPools, "CreateUserPool", &bare);
        let host = made.await.expect("a pool")["UserPool"]["Id"].as_str().expect("an id").to_owned();
        let region = lab.sandbox.meddle(|state| {
            let region =
                state.accounts.get_mut(ACCOUNT).and_then(|regions| regions.get_mut(lab.region)).expect("a region");
            let pool = region.user_pools.get_mut(&host).expect("the pool");
            let inside = |body: &mut Body| drop(body.insert("UserPoolId".to_owned(), json!(host)));
            match operation.as_str() {
                "CreateUserPool" | "DescribeUserPool" => {
                    let real = &answer["UserPool"];
                    region.user_pools.remove(&host);
                    let id = put_user_pool(region, real);
                    return id.split('_').next().map(str::to_owned);
                }
                "CreateUserPoolClient" | "DescribeUserPoolClient" => {
                    let mut client = body(&answer["UserPoolClient"]);
                    inside(&mut client);
                    let id = client["ClientId"].as_str().expect("an id").to_owned();
                    pool.clients.insert(id, Client { body: client, ..Client::default() });
                }
                "CreateIdentityProvider" | "DescribeIdentityProvider" => {
                    let mut provider = body(&answer["IdentityProvider"]);
                    inside(&mut provider);
                    pool.providers.insert(provider["ProviderName"].as_str().expect("a name").to_owned(), provider);
                }
                "CreateGroup" => {
                    let mut group = body(&answer["Group"]);
                    inside(&mut group);
                    let name = group["GroupName"].as_str().expect("a name").to_owned();
                    pool.groups.insert(name, Group { body: group, ..Group::default() });
                }
                "DescribeUserPoolDomain" => {
                    let mut domain = body(&answer["DomainDescription"]);
                    inside(&mut domain);
                    let name = domain["Domain"].as_str().expect("a name").to_owned();
                    pool.domains.insert(name, Domain { body: domain, ..Domain::default() });
                }
                "DescribeIdentityPool" => {
                    let mut pool = body(&answer);
                    pool.remove("ResponseMetadata");
                    let id = pool["IdentityPoolId"].as_str().expect("an id").to_owned();
                    region.user_pools.remove(&host);
                    let own = id.split(':').next().map(str::to_owned);
                    region.identity_pools.insert(id, IdentityPool { body: pool, ..IdentityPool::default() });
                    return own;
                }
                _ => return None,
            }
            Some(lab.region.to_owned())
        });
        let Some(region) = region else { continue };
        // Each lives where it lived.
        let lab = Lab { region: Box::leak(region.clone().into_boxed_str()), ..lab };
        lab.sandbox.meddle(|state| {
            let regions = state.accounts.get_mut(ACCOUNT).expect("an account");
            let made = regions.remove("us-east-1").unwrap_or_default();
            regions.insert(region, made);
        });
        faults.extend(hold(&lab).await.err().map(|why| format!("{file}: {why}")));
        seen += 1;
    }
    assert!(faults.is_empty(), "{}", faults.join("\n\n"));
    assert!(seen >= 20, "only {seen} answers of the corpus were exported");
}

#[tokio::test(start_paused = true)]
async fn an_attribute_called_like_a_standard_one_is_made_too() {
    let lab = Lab::new();
    let file = "stack: shop\nuserPools: {main: {schema: [{name: 'custom:email'}, {name: email, required: true}]}}\n";
    lab.apply(file).await;
    lab.expect_no_changes(file).await;
    let made = lab.sandbox.look(|state| {
        let mut regions = state.accounts.values().flat_map(|regions| regions.values());
        let pool = regions.find_map(|region| region.user_pools.values().next()).expect("the pool");
        let schema = pool.body["SchemaAttributes"].as_array().expect("a list").clone();
        let named = |name: &str| schema.iter().find(|attribute| attribute["Name"] == name).cloned().unwrap_or_default();
        (named("email")["Required"].clone(), named("custom:email")["Required"].clone())
    });
    assert_eq!(made, (json!(true), json!(false)));
}
