//! Secrets of clients: how one is replaced, and what no one is told again.

use serde_json::json;

use super::{ask, described, done, made, sandbox};
use crate::sandbox::Sandbox;

async fn secret_ids(sandbox: &Sandbox, client: &str) -> Vec<String> {
    let list = done(sandbox, "ListUserPoolClientSecrets", &json!({"ClientId": client})).await;
    assert!(!list.to_string().contains("Value"), "{list}");
    let secrets = list["ClientSecrets"].as_array().expect("a list").iter();
    secrets.map(|secret| secret["ClientSecretId"].as_str().expect("an id").to_owned()).collect()
}

#[tokio::test]
async fn a_secret_is_replaced_while_the_other_still_works() {
    let sandbox = sandbox();
    let id = made(&sandbox, &json!({"GenerateSecret": true})).await;
    let first = described(&sandbox, &id).await["ClientSecret"].as_str().expect("a secret").to_owned();
    assert!((24..=64).contains(&first.len()));
    let client = json!({"ClientId": id});
    let added = done(&sandbox, "AddUserPoolClientSecret", &client).await["ClientSecretDescriptor"].clone();
    let second = added["ClientSecretId"].as_str().expect("an id").to_owned();
    assert!(second.starts_with(&format!("{id}--")) && added["ClientSecretCreateDate"].is_number(), "{second}");
    assert_ne!(added["ClientSecretValue"].as_str().expect("a value"), first);
    let refused = ask(&sandbox, "AddUserPoolClientSecret", &client).await.expect_err("a refusal");
    assert_eq!(refused.0, "LimitExceededException");
    assert_eq!(described(&sandbox, &id).await["ClientSecret"], first.as_str());

    let ids = secret_ids(&sandbox, &id).await;
    assert_eq!((ids.len(), &ids[1]), (2, &second));
    done(&sandbox, "DeleteUserPoolClientSecret", &json!({"ClientId": id, "ClientSecretId": ids[0]})).await;
    assert_eq!(described(&sandbox, &id).await.get("ClientSecret"), None);
    let last = json!({"ClientId": id, "ClientSecretId": second});
    let refused = ask(&sandbox, "DeleteUserPoolClientSecret", &last).await.expect_err("a refusal");
    assert_eq!(refused.0, "InvalidParameterException");
    // It is no public client, although it shows no secret.
    let machine = json!({"ClientId": id, "EnablePropagateAdditionalUserContextData": true});
    done(&sandbox, "UpdateUserPoolClient", &machine).await;
}

#[tokio::test]
async fn an_own_secret_is_not_shown_again_when_added() {
    let sandbox = sandbox();
    let own = "a".repeat(24);
    let both = json!({"ClientName": "web", "ClientSecret": own, "GenerateSecret": true});
    assert_eq!(
        ask(&sandbox, "CreateUserPoolClient", &both).await.expect_err("a refusal").0,
        "InvalidParameterException"
    );
    let id = made(&sandbox, &json!({"ClientSecret": own})).await;
    assert_eq!(described(&sandbox, &id).await["ClientSecret"], own.as_str());
    // An update can neither say nor lose it.
    let updated = done(&sandbox, "UpdateUserPoolClient", &json!({"ClientId": id})).await;
    assert_eq!(updated["UserPoolClient"]["ClientSecret"], own.as_str());
    let same = json!({"ClientId": id, "ClientSecret": own});
    ask(&sandbox, "AddUserPoolClientSecret", &same).await.expect_err("a refusal");
    let other = json!({"ClientId": id, "ClientSecret": "b".repeat(24)});
    let added = done(&sandbox, "AddUserPoolClientSecret", &other).await;
    assert_eq!(added["ClientSecretDescriptor"].get("ClientSecretValue"), None);
}

#[tokio::test]
async fn a_public_client_gets_no_secret() {
    let sandbox = sandbox();
    let id = made(&sandbox, &json!({})).await;
    let refused = ask(&sandbox, "AddUserPoolClientSecret", &json!({"ClientId": id})).await.expect_err("a refusal");
    assert_eq!(refused.0, "InvalidParameterException");
    assert_eq!(secret_ids(&sandbox, &id).await, Vec::<String>::new());
}
