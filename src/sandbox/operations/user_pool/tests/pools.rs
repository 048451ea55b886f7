//! Pools as things: their ids, their listing, their end, their tags.

use std::time::Duration;

use serde_json::{Value, json};

use super::{ask, described, done, pool, sandbox};
use crate::sandbox::Sandbox;
use crate::sandbox::state::{Domain, UserPool};
use crate::sandbox::testing::call;

fn meddle(sandbox: &Sandbox, id: &str, change: impl FnOnce(&mut UserPool)) {
    sandbox.meddle(|state| {
        let mut regions = state.accounts.values_mut().flat_map(|regions| regions.values_mut());
        change(regions.find_map(|region| region.user_pools.get_mut(id)).expect("the pool"));
    });
}

fn arn(id: &str) -> String {
    format!("arn:aws:cognito-idp:us-east-1:123456789012:userpool/{id}")
}

#[tokio::test]
async fn names_may_be_shared_and_every_pool_is_listed_once() {
    let sandbox = sandbox();
    let mut made = Vec::new();
    for _ in 0..5 {
        made.push(pool(&sandbox, &json!({})).await);
    }
    made.sort();
    assert!(made.iter().all(|id| id.starts_with("us-east-1_") && id.len() == 19), "{made:?}");
    assert_eq!(described(&sandbox, &made[0]).await["Arn"], arn(&made[0]));
    let mut listed = Vec::new();
    let mut input = json!({"MaxResults": 2});
    loop {
        let page = done(&sandbox, "ListUserPools", &input).await;
        for item in page["UserPools"].as_array().expect("a list") {
            let members: Vec<&String> = item.as_object().expect("an object").keys().collect();
            assert_eq!(members, ["Id", "Name", "LambdaConfig", "LastModifiedDate", "CreationDate"]);
            listed.push(item["Id"].as_str().expect("an id").to_owned());
        }
        let Some(token) = page.get("NextToken") else { break };
        input["NextToken"] = token.clone();
    }
    listed.sort();
    assert_eq!(listed, made);
}

#[tokio::test]
async fn a_pool_goes_when_nothing_protects_it_and_no_domain_is_left() {
    let sandbox = sandbox();
    let id = pool(&sandbox, &json!({"DeletionProtection": "ACTIVE"})).await;
    let input = json!({"UserPoolId": id});
    let (code, message) = ask(&sandbox, "DeleteUserPool", &input).await.expect_err("a protected pool");
    assert_eq!(code, "InvalidParameterException");
    assert!(message.contains("deletion protection"), "{message}");
    done(&sandbox, "UpdateUserPool", &json!({"UserPoolId": id, "DeletionProtection": "INACTIVE"})).await;
    let gone = sandbox.clock().now() + 300.0;
    meddle(&sandbox, &id, |pool| {
        let mut domain = Domain { work: "DELETING".to_owned(), ready: gone, ..Domain::default() };
        domain.body.insert("CustomDomainConfig".to_owned(), json!({}));
        pool.domains.insert("auth.example.com".to_owned(), domain);
    });
    assert_eq!(described(&sandbox, &id).await["CustomDomain"], "auth.example.com");
    let (code, message) = ask(&sandbox, "DeleteUserPool", &input).await.expect_err("a pool with a domain");
    assert_eq!(code, "InvalidParameterException");
    assert_eq!(message, "User pool cannot be deleted. It has a domain configured that should be deleted first.");
    sandbox.clock().advance(Duration::from_secs(301));
    assert_eq!(described(&sandbox, &id).await.get("CustomDomain"), None);
    done(&sandbox, "DeleteUserPool", &input).await;
    for operation in ["DescribeUserPool", "UpdateUserPool", "DeleteUserPool", "GetUserPoolMfaConfig"] {
        let (code, message) = ask(&sandbox, operation, &input).await.expect_err("a pool that is gone");
        assert_eq!((code.as_str(), message), ("ResourceNotFoundException", format!("User pool {id} does not exist.")));
    }
}

#[tokio::test]
async fn a_trigger_before_tokens_shows_under_both_of_its_names() {
    let function = "arn:aws:lambda:us-east-1:123456789012:function:one";
    let config = |version: &str| json!({"LambdaVersion": version, "LambdaArn": function});
    for (sent, version) in [
        (json!({"PreTokenGeneration": function}), "V1_0"),
        (json!({"PreTokenGenerationConfig": config("V2_0")}), "V2_0"),
        (json!({"PreTokenGeneration": function, "PreTokenGenerationConfig": config("V3_0")}), "V3_0"),
    ] {
        let sandbox = sandbox();
        let id = pool(&sandbox, &json!({"LambdaConfig": sent})).await;
        let shown = described(&sandbox, &id).await["LambdaConfig"].take();
        assert_eq!(shown["PreTokenGeneration"], function);
        assert_eq!(shown["PreTokenGenerationConfig"], config(version));
    }
}

#[tokio::test]
async fn the_old_messages_and_the_template_show_the_same() {
    let sandbox = sandbox();
    let old = json!({"EmailVerificationMessage": "Code {####}", "EmailVerificationSubject": "Code"});
    let template =
        json!({"EmailMessage": "Code {####}", "EmailSubject": "Code", "DefaultEmailOption": "CONFIRM_WITH_CODE"});
    for settings in [old.clone(), json!({"VerificationMessageTemplate": template})] {
        let id = pool(&sandbox, &settings).await;
        let shown = described(&sandbox, &id).await;
        assert_eq!(shown["VerificationMessageTemplate"], template, "{settings}");
        for (member, value) in old.as_object().expect("an object") {
            assert_eq!(&shown[member], value, "{settings}");
        }
    }
}

#[tokio::test]
async fn the_days_of_a_temporary_password_show_twice() {
    let days = |days: i64| json!({"Policies": {"PasswordPolicy": {"TemporaryPasswordValidityDays": days}}});
    for (settings, expected) in [
        (json!({}), 7),
        (days(3), 3),
        (days(0), 7),
        (json!({"AdminCreateUserConfig": {"UnusedAccountValidityDays": 30}}), 30),
    ] {
        let sandbox = sandbox();
        let id = pool(&sandbox, &settings).await;
        let shown = described(&sandbox, &id).await;
        assert_eq!(shown["Policies"]["PasswordPolicy"]["TemporaryPasswordValidityDays"], expected, "{settings}");
        assert_eq!(shown["AdminCreateUserConfig"]["UnusedAccountValidityDays"], expected, "{settings}");
    }
}

#[tokio::test]
async fn tags_are_the_pools_and_the_tag_query_learns_of_them_later() {
    let sandbox = sandbox();
    let id = pool(&sandbox, &json!({"UserPoolTags": {"team": "a", "stage": "test"}})).await;
    let arn = arn(&id);
    done(&sandbox, "TagResource", &json!({"ResourceArn": arn, "Tags": {"team": "b", "cost": "1"}})).await;
    done(&sandbox, "UntagResource", &json!({"ResourceArn": arn, "TagKeys": ["stage", "absent"]})).await;
    let tags = json!({"cost": "1", "team": "b"});
    assert_eq!(done(&sandbox, "ListTagsForResource", &json!({"ResourceArn": arn})).await, json!({"Tags": tags}));
    assert_eq!(described(&sandbox, &id).await["UserPoolTags"], tags);
    let query = json!({"TagFilters": [{"Key": "team", "Values": ["b"]}]});
    let found = async |sandbox: &Sandbox| {
        let answer =
            call(sandbox, "ResourceGroupsTaggingAPI_20170126", "GetResources", &query).await.expect("an answer");
        answer["ResourceTagMappingList"].as_array().expect("a list").len()
    };
    assert_eq!(found(&sandbox).await, 0);
    sandbox.clock().advance(Duration::from_mins(1));
    assert_eq!(found(&sandbox).await, 1);
    done(&sandbox, "DeleteUserPool", &json!({"UserPoolId": id})).await;
    sandbox.clock().advance(Duration::from_mins(1));
    assert_eq!(found(&sandbox).await, 0);
}

#[tokio::test]
async fn tags_that_cannot_be_are_refused() {
    let sandbox = sandbox();
    let id = pool(&sandbox, &json!({"UserPoolTags": {"team": "a"}})).await;
    let many: Value = (0..50).map(|n| (format!("key-{n}"), json!(""))).collect();
    let absent = arn("us-east-1_000000000");
    let elsewhere = format!("arn:aws:cognito-idp:eu-west-1:123456789012:userpool/{id}");
    for (operation, input, code) in [
        ("TagResource", json!({"ResourceArn": arn(&id), "Tags": many}), "InvalidParameterException"),
        ("TagResource", json!({"ResourceArn": arn(&id), "Tags": {"aws:team": "a"}}), "InvalidParameterException"),
        ("UntagResource", json!({"ResourceArn": arn(&id), "TagKeys": ["aws:team"]}), "InvalidParameterException"),
        ("TagResource", json!({"ResourceArn": absent, "Tags": {"team": "b"}}), "ResourceNotFoundException"),
        ("ListTagsForResource", json!({"ResourceArn": elsewhere}), "ResourceNotFoundException"),
        (
            "ListTagsForResource",
            json!({"ResourceArn": "arn:aws:sns:us-east-1:123456789012:topic"}),
            "InvalidParameterException",
        ),
    ] {
        let Err((own, _)) = ask(&sandbox, operation, &input).await else { panic!("{operation} took {input}") };
        assert_eq!(own, code, "{operation} {input}");
    }
    assert_eq!(described(&sandbox, &id).await["UserPoolTags"], json!({"team": "a"}));
}

#[tokio::test]
async fn an_update_of_tags_leaves_what_is_awss_own() {
    let sandbox = sandbox();
    let id = pool(&sandbox, &json!({"UserPoolTags": {"team": "a"}})).await;
    meddle(&sandbox, &id, |pool| {
        pool.tags.insert("aws:cloudformation:stack-name".to_owned(), "stack".to_owned());
    });
    done(&sandbox, "UpdateUserPool", &json!({"UserPoolId": id, "UserPoolTags": {"stage": "test"}})).await;
    let tags = json!({"aws:cloudformation:stack-name": "stack", "stage": "test"});
    assert_eq!(described(&sandbox, &id).await["UserPoolTags"], tags);
}
