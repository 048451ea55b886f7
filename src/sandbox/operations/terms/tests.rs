use std::time::Duration;

use serde_json::{Value, json};

use super::super::super::Sandbox;
use super::super::fixture::{INVALID, MISSING, POOL, add_client, change_pool, done, refused, sandbox};

fn terms(client: &str, name: &str) -> Value {
    json!({
        "ClientId": client, "TermsName": name, "TermsSource": "LINK", "Enforcement": "NONE",
        "Links": {"cognito:default": "https://example.com/terms", "cognito:german": "https://example.com/agb"},
    })
}

async fn made(sandbox: &Sandbox, input: Value) -> Value {
    done(sandbox, "CreateTerms", input).await["Terms"].take()
}

#[tokio::test]
async fn terms_are_found_by_id_and_by_client() {
    let sandbox = sandbox();
    let client = add_client(&sandbox).await;
    let made = made(&sandbox, terms(&client, "terms-of-use")).await;
    assert_eq!((&made["UserPoolId"], &made["ClientId"]), (&json!(POOL), &json!(client)));
    assert_eq!(made["Links"], terms(&client, "")["Links"]);
    let by_id = done(&sandbox, "DescribeTerms", json!({"TermsId": made["TermsId"]})).await;
    let by_client = json!({"ClientId": client, "TermsName": "terms-of-use"});
    assert_eq!(by_id["Terms"], made);
    assert_eq!(done(&sandbox, "DescribeTermsByClient", by_client.clone()).await["Terms"], made);
    done(&sandbox, "DeleteTerms", json!({"TermsId": made["TermsId"]})).await;
    refused(&sandbox, "DescribeTermsByClient", by_client, MISSING, "terms-of-use").await;
    refused(&sandbox, "DeleteTerms", json!({"TermsId": made["TermsId"]}), MISSING, "do not exist").await;
}

#[tokio::test]
async fn an_update_keeps_what_it_does_not_say() {
    let sandbox = sandbox();
    let client = add_client(&sandbox).await;
    let before = made(&sandbox, terms(&client, "terms-of-use")).await;
    sandbox.clock().advance(Duration::from_mins(1));
    let id = &before["TermsId"];
    let links = json!({"cognito:default": "https://example.com/new"});
    let after = done(&sandbox, "UpdateTerms", json!({"TermsId": id, "Links": links})).await["Terms"].take();
    assert_eq!(after["Links"], links);
    for member in ["TermsId", "ClientId", "TermsName", "TermsSource", "Enforcement", "CreationDate"] {
        assert_eq!(after[member], before[member], "{member}");
    }
    assert_ne!(after["LastModifiedDate"], before["LastModifiedDate"]);

    let renamed = json!({"TermsId": id, "TermsName": "privacy-policy"});
    done(&sandbox, "UpdateTerms", renamed).await;
    let by_client = |name: &str| json!({"ClientId": client, "TermsName": name});
    let found = done(&sandbox, "DescribeTermsByClient", by_client("privacy-policy")).await["Terms"].take();
    assert_eq!((&found["TermsId"], &found["Links"]), (id, &links));
    refused(&sandbox, "DescribeTermsByClient", by_client("terms-of-use"), MISSING, "terms-of-use").await;
    done(&sandbox, "CreateTerms", terms(&client, "terms-of-use")).await;
    let taken = json!({"TermsId": id, "TermsName": "terms-of-use"});
    refused(&sandbox, "UpdateTerms", taken, "TermsExistsException", "terms-of-use").await;
    assert_eq!(done(&sandbox, "DescribeTerms", json!({"TermsId": id})).await["Terms"]["TermsName"], "privacy-policy");
}

#[tokio::test]
async fn a_list_is_short_and_comes_in_pages() {
    let sandbox = sandbox();
    assert_eq!(done(&sandbox, "ListTerms", json!({})).await, json!({"Terms": []}));
    let mut ids = Vec::new();
    for _ in 0..2 {
        let client = add_client(&sandbox).await;
        for name in ["privacy-policy", "terms-of-use"] {
            ids.push(made(&sandbox, terms(&client, name)).await["TermsId"].clone());
        }
    }
    let first = done(&sandbox, "ListTerms", json!({"MaxResults": 3})).await;
    let rest = done(&sandbox, "ListTerms", json!({"MaxResults": 3, "NextToken": first["NextToken"]})).await;
    let items = [&first, &rest].map(|page| page["Terms"].as_array().expect("terms").clone()).concat();
    assert_eq!((items.len(), rest.get("NextToken")), (4, None));
    assert!(ids.iter().all(|id| items.iter().any(|item| item["TermsId"] == *id)));
    let members: Vec<&str> = items[0].as_object().expect("members").keys().map(String::as_str).collect();
    assert_eq!(members, super::LISTED);
    refused(&sandbox, "ListTerms", json!({"MaxResults": 61}), INVALID, "less than or equal to 60").await;
}

#[tokio::test]
async fn there_are_limits_and_terms_go_with_their_client() {
    let sandbox = sandbox();
    let client = add_client(&sandbox).await;
    change_pool(&sandbox, |pool| {
        let own = pool.clients.get_mut(&client).expect("the client");
        own.terms.extend((0..39).map(|number| (format!("other-{number}"), super::Body::new())));
    });
    let last = add_client(&sandbox).await;
    done(&sandbox, "CreateTerms", terms(&last, "terms-of-use")).await;
    let more = terms(&last, "privacy-policy");
    refused(&sandbox, "CreateTerms", more.clone(), "LimitExceededException", "40").await;
    done(&sandbox, "DeleteUserPoolClient", json!({"ClientId": client})).await;
    done(&sandbox, "CreateTerms", more).await;
    let left = done(&sandbox, "ListTerms", json!({})).await;
    assert_eq!(left["Terms"].as_array().map(Vec::len), Some(2));
}

#[tokio::test]
async fn what_is_refused() {
    let sandbox = sandbox();
    let client = add_client(&sandbox).await;
    done(&sandbox, "CreateTerms", terms(&client, "terms-of-use")).await;
    let id = "11111111-2222-4333-8444-555555555555";
    let mut odd = terms(&client, "privacy-policy");
    odd["Links"] = json!({"cognito:latin": "https://example.com"});
    let mut nowhere = terms(&client, "privacy-policy");
    nowhere["UserPoolId"] = json!("us-east-1_none");
    let table = [
        ("CreateTerms", terms(&client, "terms-of-use"), "TermsExistsException", "already exist"),
        ("CreateTerms", terms("none", "terms-of-use"), MISSING, "none"),
        ("CreateTerms", terms(&client, "cookies"), INVALID, "termsName"),
        ("CreateTerms", odd, INVALID, "links"),
        ("CreateTerms", nowhere, MISSING, "us-east-1_none"),
        ("DescribeTerms", json!({"TermsId": id}), MISSING, "do not exist"),
        ("UpdateTerms", json!({"TermsId": id}), MISSING, "do not exist"),
        ("DeleteTerms", json!({"TermsId": id}), MISSING, "do not exist"),
        ("DescribeTerms", json!({"TermsId": "1"}), INVALID, "termsId"),
        ("DescribeTermsByClient", json!({"ClientId": "none", "TermsName": "terms-of-use"}), MISSING, "none"),
    ];
    for (operation, input, code, words) in table {
        refused(&sandbox, operation, input, code, words).await;
    }
}
