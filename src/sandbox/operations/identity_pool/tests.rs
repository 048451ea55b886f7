//! Identity pools as a client sees them: what is shown, kept, taken away and refused.

use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};

use crate::sandbox::testing::call;
use crate::sandbox::{Sandbox, Settings};

const POOLS: &str = "AWSCognitoIdentityService";
const ENDPOINT: &str = "cognito-idp.us-east-1.amazonaws.com/us-east-1_AbCdEf123";
const ROLE: &str = "arn:aws:iam::123456789012:role/somebody";

type Answer = Result<Value, (String, String)>;

fn sandbox() -> Sandbox {
    Sandbox::new(Settings { quotas: false, ..Settings::default() })
}

async fn ask(sandbox: &Sandbox, operation: &str, input: Value) -> Answer {
    call(sandbox, POOLS, operation, &input).await
}

/// Makes a pool with these members; its id.
async fn made(sandbox: &Sandbox, members: Value) -> String {
    let answer = ask(sandbox, "CreateIdentityPool", with("", &members)).await.expect("it is made");
    answer["IdentityPoolId"].as_str().expect("an id").to_owned()
}

/// What a pool has to be given, with other members.
fn with(id: &str, members: &Value) -> Value {
    let mut input = json!({"IdentityPoolName": "people", "AllowUnauthenticatedIdentities": false});
    if !id.is_empty() {
        input["IdentityPoolId"] = json!(id);
    }
    for (member, value) in members.as_object().expect("members") {
        input[member] = value.clone();
    }
    input
}

/// A pool that trusts a user pool's client and Google.
async fn trusting(sandbox: &Sandbox) -> String {
    let members = json!({
        "CognitoIdentityProviders": [{"ProviderName": ENDPOINT, "ClientId": "client"}],
        "SupportedLoginProviders": {"accounts.google.com": "app"},
    });
    made(sandbox, members).await
}

/// Everything that AWS was seen to show of a pool comes back of one with the same settings.
#[tokio::test]
async fn a_pool_is_shown_as_aws_shows_it() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/corpus");
    let mut seen = 0;
    for entry in std::fs::read_dir(folder).expect("the corpus") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().and_then(|name| name.to_str()).expect("a name");
        if !["-DescribeIdentityPool.json", "-UpdateIdentityPool.json"].iter().any(|end| name.ends_with(end)) {
            continue;
        }
        let recorded: Value = serde_json::from_slice(&std::fs::read(&path).expect("a file")).expect("JSON");
        let mut expected = recorded["response"].clone();
        let members = expected.as_object_mut().expect("an object");
        members.remove("ResponseMetadata");
        // Old answers are from before these two.
        members.entry("AllowClassicFlow").or_insert_with(|| json!(false));
        let tags = members.entry("IdentityPoolTags").or_insert_with(|| json!({})).as_object_mut().expect("tags");
        tags.retain(|key, _| !key.starts_with("aws:"));
        let sandbox = sandbox();
        let mut settings = expected.clone();
        settings.as_object_mut().expect("an object").remove("IdentityPoolId");
        // Providers of another region belong to a pool there too.
        let id = made(&sandbox, settings.clone()).await;
        settings["IdentityPoolId"] = json!(id);
        expected["IdentityPoolId"] = json!(id);
        assert_eq!(
            ask(&sandbox, "DescribeIdentityPool", json!({"IdentityPoolId": id})).await,
            Ok(expected.clone()),
            "{name}"
        );
        assert_eq!(ask(&sandbox, "UpdateIdentityPool", settings).await, Ok(expected), "{name}");
        seen += 1;
    }
    assert!(seen >= 8, "only {seen} answers were found");
}

#[tokio::test]
async fn an_update_takes_providers_away_and_keeps_what_has_no_empty_value() {
    let sandbox = sandbox();
    let members = json!({
        "AllowClassicFlow": true,
        "DeveloperProviderName": "login.example.com",
        "IdentityPoolTags": {"team": "a"},
        "OpenIdConnectProviderARNs": ["arn:aws:iam::123456789012:oidc-provider/x.example.com"],
        "SamlProviderARNs": ["arn:aws:iam::123456789012:saml-provider/corp"],
        "CognitoIdentityProviders": [{"ProviderName": ENDPOINT, "ClientId": "client", "ServerSideTokenCheck": true}],
        "SupportedLoginProviders": {"accounts.google.com": "app"},
    });
    let id = made(&sandbox, members).await;
    let updated = ask(&sandbox, "UpdateIdentityPool", with(&id, &json!({"IdentityPoolName": "others"}))).await;
    let expected = json!({
        "IdentityPoolId": id,
        "IdentityPoolName": "others",
        "AllowUnauthenticatedIdentities": false,
        "AllowClassicFlow": true,
        "DeveloperProviderName": "login.example.com",
        "IdentityPoolTags": {"team": "a"},
    });
    assert_eq!(updated, Ok(expected.clone()));
    let (code, _) = ask(&sandbox, "UpdateIdentityPool", with(&id, &json!({"DeveloperProviderName": "other"})))
        .await
        .expect_err("it is set once");
    assert_eq!(code, "InvalidParameterException");
    assert_eq!(ask(&sandbox, "DescribeIdentityPool", json!({"IdentityPoolId": id})).await, Ok(expected));
}

#[tokio::test]
async fn providers_that_cannot_be_are_refused() {
    let sandbox = sandbox();
    let twice = json!({"ProviderName": ENDPOINT, "ClientId": "client"});
    let many: Vec<Value> =
        (0..51).map(|number| json!({"ProviderName": ENDPOINT, "ClientId": format!("client{number}")})).collect();
    let cases = [
        (json!({"SamlProviderARNs": ["arn:aws:iam::999999999999:saml-provider/corp"]}), "InvalidParameterException"),
        (json!({"SamlProviderARNs": ["arn:aws:iam::123456789012:oidc-provider/corp"]}), "InvalidParameterException"),
        (json!({"OpenIdConnectProviderARNs": ["arn:aws:s3:::a-bucket-of-mine"]}), "InvalidParameterException"),
        (json!({"SupportedLoginProviders": {"login.example.com": "app"}}), "InvalidParameterException"),
        (
            json!({"CognitoIdentityProviders": [{"ProviderName": "us-east-1_AbCdEf123", "ClientId": "client"}]}),
            "InvalidParameterException",
        ),
        (json!({"CognitoIdentityProviders": [twice, twice]}), "InvalidParameterException"),
        (json!({"CognitoIdentityProviders": many}), "LimitExceededException"),
        (json!({"IdentityPoolTags": {"aws:mine": "x"}}), "InvalidParameterException"),
    ];
    for (members, expected) in cases {
        let (code, message) =
            ask(&sandbox, "CreateIdentityPool", with("", &members.clone())).await.expect_err(&members.to_string());
        assert_eq!(code, expected, "{members}: {message}");
    }
    let all = ask(&sandbox, "ListIdentityPools", json!({"MaxResults": 60})).await;
    assert_eq!(all, Ok(json!({"IdentityPools": []})), "a refused pool is not made");
}

#[tokio::test]
async fn roles_are_replaced_as_a_whole() {
    let sandbox = sandbox();
    let id = trusting(&sandbox).await;
    let get = || ask(&sandbox, "GetIdentityPoolRoles", json!({"IdentityPoolId": id}));
    assert_eq!(get().await, Ok(json!({"IdentityPoolId": id})));
    let mapping = json!({
        "Type": "Rules",
        "AmbiguousRoleResolution": "Deny",
        "RulesConfiguration": {"Rules": [
            {"Claim": "z", "MatchType": "Equals", "Value": "1", "RoleARN": ROLE},
            {"Claim": "a", "MatchType": "Contains", "Value": "2", "RoleARN": ROLE},
        ]},
    });
    let roles = json!({
        "IdentityPoolId": id,
        "Roles": {"authenticated": ROLE},
        "RoleMappings": {
            format!("{ENDPOINT}:client"): mapping,
            "accounts.google.com": {"Type": "Token", "AmbiguousRoleResolution": "AuthenticatedRole"},
        },
    });
    ask(&sandbox, "SetIdentityPoolRoles", roles.clone()).await.expect("they are set");
    assert_eq!(get().await, Ok(roles));
    ask(&sandbox, "SetIdentityPoolRoles", json!({"IdentityPoolId": id, "Roles": {}})).await.expect("they are set");
    assert_eq!(get().await, Ok(json!({"IdentityPoolId": id, "Roles": {}})));
}

#[tokio::test]
async fn a_mapping_that_cannot_be_is_refused_in_the_words_of_aws() {
    let sandbox = sandbox();
    let id = trusting(&sandbox).await;
    let rules = |count: usize| {
        let rule = json!({"Claim": "a", "MatchType": "Equals", "Value": "1", "RoleARN": ROLE});
        json!({"Rules": vec![rule; count]})
    };
    let google = "accounts.google.com";
    let unknown =
        |name: &str| format!("({name}) is not a valid RoleMapping ProviderName or is not a configured provider.");
    let token = json!({"Type": "Token", "AmbiguousRoleResolution": "Deny"});
    let cases = [
        ("graph.facebook.com", token.clone(), unknown("graph.facebook.com")),
        (ENDPOINT, token.clone(), unknown(ENDPOINT)),
        (google, json!({"Type": "Token"}), "AmbiguousRoleResolution is required".to_owned()),
        (
            google,
            json!({"Type": "Rules", "RulesConfiguration": rules(1)}),
            "AmbiguousRoleResolution is required".to_owned(),
        ),
        (
            google,
            json!({"Type": "Rules", "AmbiguousRoleResolution": "Deny"}),
            "RulesConfiguration is required".to_owned(),
        ),
        (
            google,
            json!({"Type": "Rules", "AmbiguousRoleResolution": "Deny", "RulesConfiguration": rules(26)}),
            "The number of rules in the request exceeded 25.".to_owned(),
        ),
        (
            google,
            json!({"Type": "Token", "AmbiguousRoleResolution": "Deny", "RulesConfiguration": rules(1)}),
            "RulesConfiguration is not allowed".to_owned(),
        ),
    ];
    for (provider, mapping, expected) in cases {
        let input = json!({"IdentityPoolId": id, "Roles": {}, "RoleMappings": {provider: mapping}});
        let (code, message) = ask(&sandbox, "SetIdentityPoolRoles", input).await.expect_err(&expected);
        assert_eq!(code, "InvalidParameterException");
        assert!(message.contains(&expected), "{message} instead of {expected}");
    }
    let foreign = json!({"IdentityPoolId": id, "Roles": {"authenticated": "arn:aws:iam::999999999999:role/x"}});
    let (code, _) = ask(&sandbox, "SetIdentityPoolRoles", foreign).await.expect_err("a role of somebody else");
    assert_eq!(code, "AccessDeniedException");
    let many = json!({"Type": "Rules", "AmbiguousRoleResolution": "Deny", "RulesConfiguration": rules(25)});
    let input = json!({"IdentityPoolId": id, "Roles": {}, "RoleMappings": {google: many}});
    ask(&sandbox, "SetIdentityPoolRoles", input).await.expect("25 rules are allowed");
}

#[tokio::test]
async fn principal_tags_are_set_for_a_trusted_provider() {
    let sandbox = sandbox();
    let id = trusting(&sandbox).await;
    let map = |provider: &str, defaults: bool, tags: Value| json!({"IdentityPoolId": id, "IdentityProviderName": provider, "UseDefaults": defaults, "PrincipalTags": tags});
    let get = |provider: &'static str| {
        ask(&sandbox, "GetPrincipalTagAttributeMap", json!({"IdentityPoolId": id, "IdentityProviderName": provider}))
    };
    let set = |input: Value| ask(&sandbox, "SetPrincipalTagAttributeMap", input);
    assert_eq!(get(ENDPOINT).await, Ok(map(ENDPOINT, false, json!({}))));
    let custom = map(ENDPOINT, false, json!({"department": "custom:department"}));
    assert_eq!(set(custom.clone()).await, Ok(custom.clone()));
    let defaults = map(ENDPOINT, true, json!({"username": "sub", "client": "aud"}));
    assert_eq!(set(map(ENDPOINT, true, json!({}))).await, Ok(defaults.clone()));
    for refused in [map("graph.facebook.com", true, json!({})), map(ENDPOINT, true, json!({"a": "b"}))] {
        let (code, _) = set(refused).await.expect_err("it is refused");
        assert_eq!(code, "InvalidParameterException");
    }
    assert_eq!(get(ENDPOINT).await, Ok(defaults));
    assert_eq!(get("accounts.google.com").await, Ok(map("accounts.google.com", false, json!({}))));
}

#[tokio::test(start_paused = true)]
async fn the_tag_query_knows_a_pool_after_a_while_and_until_it_is_gone() {
    let sandbox = sandbox();
    let id = made(&sandbox, json!({"IdentityPoolTags": {"team": "a"}})).await;
    let arn = format!("arn:aws:cognito-identity:us-east-1:123456789012:identitypool/{id}");
    let known = async || {
        let filter =
            json!({"TagFilters": [{"Key": "team", "Values": ["b"]}], "ResourceTypeFilters": ["cognito-identity"]});
        let answer =
            call(&sandbox, "ResourceGroupsTaggingAPI_20170126", "GetResources", &filter).await.expect("an answer");
        answer["ResourceTagMappingList"].as_array().expect("a list").len()
    };
    ask(&sandbox, "TagResource", json!({"ResourceArn": arn, "Tags": {"team": "b", "more": "c"}}))
        .await
        .expect("tagged");
    ask(&sandbox, "UntagResource", json!({"ResourceArn": arn, "TagKeys": ["more", "none"]})).await.expect("untagged");
    let tags = ask(&sandbox, "ListTagsForResource", json!({"ResourceArn": arn})).await;
    assert_eq!(tags, Ok(json!({"Tags": {"team": "b"}})));
    assert_eq!(known().await, 0);
    sandbox.clock().advance(Duration::from_secs(11));
    assert_eq!(known().await, 1);
    ask(&sandbox, "DeleteIdentityPool", json!({"IdentityPoolId": id})).await.expect("deleted");
    assert_eq!(known().await, 1);
    sandbox.clock().advance(Duration::from_secs(11));
    assert_eq!(known().await, 0);
}

#[tokio::test]
async fn a_pool_that_is_not_there_is_told() {
    let sandbox = sandbox();
    let id = "us-east-1:00000000-0000-4000-8000-000000000000";
    let arn = format!("arn:aws:cognito-identity:us-east-1:123456789012:identitypool/{id}");
    let pool = json!({"IdentityPoolId": id});
    let provider = json!({"IdentityPoolId": id, "IdentityProviderName": ENDPOINT});
    for (operation, input) in [
        ("DescribeIdentityPool", pool.clone()),
        ("UpdateIdentityPool", with(id, &json!({}))),
        ("DeleteIdentityPool", pool.clone()),
        ("GetIdentityPoolRoles", pool),
        ("SetIdentityPoolRoles", json!({"IdentityPoolId": id, "Roles": {}})),
        ("GetPrincipalTagAttributeMap", provider.clone()),
        ("SetPrincipalTagAttributeMap", provider),
        ("TagResource", json!({"ResourceArn": arn, "Tags": {"a": "b"}})),
        ("UntagResource", json!({"ResourceArn": arn, "TagKeys": ["a"]})),
        ("ListTagsForResource", json!({"ResourceArn": arn})),
    ] {
        let (code, _) = ask(&sandbox, operation, input).await.expect_err(operation);
        assert_eq!(code, "ResourceNotFoundException", "{operation}");
    }
}

#[tokio::test]
async fn pools_are_listed_page_by_page() {
    let sandbox = sandbox();
    let mut ids = Vec::new();
    for _ in 0..5 {
        ids.push(made(&sandbox, json!({})).await);
    }
    let (mut listed, mut token) = (Vec::new(), Value::Null);
    loop {
        let mut input = json!({"MaxResults": 2});
        if !token.is_null() {
            input["NextToken"] = token;
        }
        let page = ask(&sandbox, "ListIdentityPools", input).await.expect("a page");
        let pools = page["IdentityPools"].as_array().expect("a list");
        assert!(pools.len() <= 2);
        listed.extend(pools.iter().map(|pool| pool["IdentityPoolId"].as_str().expect("an id").to_owned()));
        token = page["NextToken"].clone();
        if token.is_null() {
            break;
        }
    }
    ids.sort();
    listed.sort();
    assert_eq!(listed, ids);
}
