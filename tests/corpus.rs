//! Real answers of AWS, scrubbed: each reads into a spec that is equal to itself written to YAML and
//! read back, and an update made from it sends all of it again.

use std::path::PathBuf;

use poolkeeper::aws::{Operation, body};
use poolkeeper::calls::{identity_pool, user_pool};
use poolkeeper::kind::Kind;
use poolkeeper::live::Live;
use poolkeeper::ownership::Tags;
use serde_json::{Map, Value, json};

/// All answers, by file name: the operation and what it answered.
fn answers() -> Vec<(String, String, Value)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/data/corpus");
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(folder).expect("the corpus").map(|entry| entry.expect("a file").path()).collect();
    files.sort();
    let read = |path: PathBuf| {
        let document: Value = serde_json::from_str(&std::fs::read_to_string(&path).expect("a text")).expect("JSON");
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        (name, document["operation"].as_str().expect("an operation").to_owned(), document["response"].clone())
    };
    files.into_iter().map(read).collect()
}

/// The specs that an answer holds, each with its kind and the body that it was read from.
fn bodies(operation: &str, response: &Value) -> Vec<(Kind, Value)> {
    let one = |kind, member: &str| vec![(kind, response[member].clone())];
    let many = |kind, member: &str| {
        response[member].as_array().expect("a list").iter().map(|item| (kind, item.clone())).collect()
    };
    match operation {
        "CreateUserPool" | "DescribeUserPool" => one(Kind::UserPool, "UserPool"),
        "GetUserPoolMfaConfig" => vec![(Kind::UserPool, response.clone())],
        "CreateUserPoolClient" | "DescribeUserPoolClient" => one(Kind::Client, "UserPoolClient"),
        "CreateIdentityProvider" | "DescribeIdentityProvider" => one(Kind::IdentityProvider, "IdentityProvider"),
        "DescribeUserPoolDomain" => one(Kind::Domain, "DomainDescription"),
        "CreateGroup" => one(Kind::Group, "Group"),
        "DescribeIdentityPool" | "UpdateIdentityPool" | "GetIdentityPoolRoles" => {
            vec![(Kind::IdentityPool, response.clone())]
        }
        "ListUserPools" => many(Kind::UserPool, "UserPools"),
        "ListIdentityPools" => many(Kind::IdentityPool, "IdentityPools"),
        "ListUserPoolClients" => many(Kind::Client, "UserPoolClients"),
        "ListIdentityProviders" => many(Kind::IdentityProvider, "Providers"),
        other => panic!("the corpus has answers of {other}, which nothing reads here"),
    }
}

fn all_bodies() -> Vec<(String, Kind, Value)> {
    let answers = answers();
    assert!(answers.len() >= 50, "the corpus has {} answers", answers.len());
    let of = |(name, operation, response): (String, String, Value)| {
        bodies(&operation, &response)
            .into_iter()
            .map(move |(kind, body)| (name.clone(), kind, body))
            .collect::<Vec<_>>()
    };
    answers.into_iter().flat_map(of).collect()
}

#[test]
fn every_answer_reads_into_a_spec_that_survives_yaml() {
    for (name, kind, body) in all_bodies() {
        let live = Live::read(kind, "name", "id", body).unwrap_or_else(|error| panic!("{name}: {error}"));
        let yaml = serde_yaml::to_string(&live.spec).expect("YAML");
        let again: Value = serde_yaml::from_str(&yaml).expect("the same YAML");
        assert_eq!(kind.canonical(&again).expect("a spec"), live.spec, "{name}:\n{yaml}");
    }
}

/// The spec that a request would leave behind, of the properties that the request has.
fn sent(kind: Kind, request: &Value) -> Value {
    let members = request.as_object().expect("a body").iter().map(|(member, value)| {
        // What is called so in a request is called so in an answer.
        let name = if kind == Kind::UserPool && member == "PoolName" { "Name" } else { member };
        (name.to_owned(), value.clone())
    });
    kind.canonical(&body::from_api(kind, &Value::Object(members.collect::<Map<_, _>>()))).expect("a spec")
}

fn without(spec: &Value, properties: &[&str]) -> Value {
    let kept = spec.as_object().expect("a spec").iter().filter(|(key, _)| !properties.contains(&key.as_str()));
    Value::Object(kept.map(|(key, value)| (key.clone(), value.clone())).collect())
}

/// What no update takes: it is as it was created, or has a call of its own.
const NOT_UPDATED: &[&str] = &[
    "schema",
    "aliasAttributes",
    "usernameAttributes",
    "usernameConfiguration",
    "tags",
    "mfaConfiguration",
    "softwareTokenMfaConfiguration",
    "smsMfaConfiguration",
    "emailMfaConfiguration",
    "webAuthnConfiguration",
];

#[test]
fn an_update_sends_the_whole_pool_again() {
    for (name, kind, body) in all_bodies().into_iter().filter(|(.., body)| body.get("Policies").is_some()) {
        let live = Live::read(kind, "name", "id", body).expect("a pool");
        let request = user_pool::update_body(&live, &live.spec, &live.spec, &Tags::new(), "OFF");
        assert_eq!(without(&sent(kind, &request), NOT_UPDATED), without(&live.spec, NOT_UPDATED), "{name}: {request}");
        let input = Operation::UpdateUserPool.input();
        for member in request.as_object().expect("a body").keys() {
            assert!(input.member(member).is_some(), "{name}: an update does not take {member}");
        }
        // Leaving these out would be left to AWS, which resets some of them.
        for member in [
            "AutoVerifiedAttributes",
            "LambdaConfig",
            "UserAttributeUpdateSettings",
            "UserPoolTier",
            "DeletionProtection",
            "AdminCreateUserConfig",
            "EmailConfiguration",
            "AccountRecoverySetting",
            "VerificationMessageTemplate",
            "Policies",
            "UserPoolTags",
            "MfaConfiguration",
            "PoolName",
        ] {
            assert!(request.get(member).is_some(), "{name}: no {member} in {request}");
        }
        for member in user_pool::NEVER_ECHOED {
            assert!(!request.to_string().contains(member), "{name}: {member} must never be sent: {request}");
        }
    }
}

#[test]
fn an_update_keeps_what_nobody_here_knows() {
    let (_, kind, mut body) =
        all_bodies().into_iter().find(|(.., body)| body.get("Policies").is_some()).expect("a pool");
    body["FutureSetting"] = json!({"Mode": "ON"});
    body["Policies"]["FuturePolicy"] = json!({"Days": 3});
    body["AdminCreateUserConfig"]["UnusedAccountValidityDays"] = json!(7);
    let live = Live::read(kind, "name", "id", body).expect("a pool");
    let mut wanted = live.spec.clone();
    wanted["policies"]["passwordPolicy"]["minimumLength"] = json!(20);
    let request = user_pool::update_body(&live, &wanted, &wanted, &Tags::new(), "OPTIONAL");
    assert_eq!(request["FutureSetting"], json!({"Mode": "ON"}));
    assert_eq!(request["Policies"]["FuturePolicy"], json!({"Days": 3}));
    assert_eq!(request["Policies"]["PasswordPolicy"]["MinimumLength"], json!(20));
    assert_eq!(request["AdminCreateUserConfig"].get("UnusedAccountValidityDays"), None);
    assert_eq!(request["MfaConfiguration"], json!("OPTIONAL"));
    for read_only in ["Id", "Arn", "CreationDate", "EstimatedNumberOfUsers", "SchemaAttributes", "Name"] {
        assert_eq!(request.get(read_only), None, "{read_only}");
    }
}

#[test]
fn what_the_file_no_longer_says_is_not_sent_from_live() {
    let body = json!({"Id": "p", "Name": "n", "Arn": "a", "SmsConfiguration": {"SnsCallerArn": "arn:aws:iam::123456789012:role/sms"},
        "DeviceConfiguration": {"ChallengeRequiredOnNewDevice": true, "DeviceOnlyRememberedOnUserPrompt": false},
        "VerificationMessageTemplate": {"DefaultEmailOption": "CONFIRM_WITH_CODE", "EmailSubject": "Your code"},
        "LambdaConfig": {"PreSignUp": "arn:aws:lambda:eu-west-1:123456789012:function:f"}});
    let live = Live::read(Kind::UserPool, "n", "p", body).expect("a pool");
    let wanted = Kind::UserPool.canonical(&json!({"name": "n"})).expect("a spec");
    let request = user_pool::update_body(&live, &wanted, &json!({"name": "n"}), &Tags::new(), "OFF");
    assert_eq!(request.get("SmsConfiguration"), None);
    assert_eq!(request.get("DeviceConfiguration"), None);
    assert_eq!(request["LambdaConfig"], json!({}), "an empty object removes all triggers");
    assert_eq!(request["VerificationMessageTemplate"], json!({"DefaultEmailOption": "CONFIRM_WITH_CODE"}));
}

#[test]
fn an_update_sends_the_whole_identity_pool_again() {
    for (name, kind, body) in
        all_bodies().into_iter().filter(|(.., body)| body.get("AllowUnauthenticatedIdentities").is_some())
    {
        let live = Live::read(kind, "name", "id", body).expect("an identity pool");
        let tags = Tags::from([("poolkeeper:stack".to_owned(), "shop".to_owned())]);
        let request = identity_pool::update_body(&live, &live.spec, &tags);
        let own = ["tags", "roles", "roleMappings", "principalTags"];
        assert_eq!(without(&sent(kind, &request), &own), without(&live.spec, &own), "{name}: {request}");
        assert_eq!(request["IdentityPoolTags"], json!(tags), "{name}");
        for member in [
            "IdentityPoolName",
            "AllowUnauthenticatedIdentities",
            "AllowClassicFlow",
            "CognitoIdentityProviders",
            "SupportedLoginProviders",
            "OpenIdConnectProviderARNs",
            "SamlProviderARNs",
        ] {
            assert!(request.get(member).is_some(), "{name}: no {member} in {request}");
        }
        assert_eq!(request.get("ResponseMetadata"), None);
    }
}

#[test]
fn mfa_is_sent_whole_and_never_beside_off() {
    let live = Live { second: json!({"MfaConfiguration": "OFF"}), ..Live::listed(Kind::UserPool, "n", "p") };
    let canonical = |value| Kind::UserPool.canonical(&value).expect("a spec");
    let sms = json!({"snsCallerArn": "arn:aws:iam::123456789012:role/sms", "externalId": "x"});
    let wanted = canonical(json!({"name": "n", "mfaConfiguration": "OPTIONAL", "smsConfiguration": sms,
        "smsAuthenticationMessage": "Your code is {####}", "smsMfaConfiguration": {"smsConfiguration": sms},
        "softwareTokenMfaConfiguration": {"enabled": true}}));
    let request = user_pool::mfa_body(&live, &wanted, &wanted);
    assert_eq!(
        request,
        json!({
            "UserPoolId": "p", "MfaConfiguration": "OPTIONAL",
            "SoftwareTokenMfaConfiguration": {"Enabled": true},
            "SmsMfaConfiguration": {
                "SmsAuthenticationMessage": "Your code is {####}",
                "SmsConfiguration": {"SnsCallerArn": "arn:aws:iam::123456789012:role/sms", "ExternalId": "x"},
            },
        })
    );
    let undeclared = user_pool::mfa_body(&live, &wanted, &json!({"softwareTokenMfaConfiguration": {"enabled": true}}));
    assert_eq!(undeclared.get("SmsMfaConfiguration"), None, "what AWS still shows of SMS does not make it a factor");
    let off = canonical(json!({"name": "n", "mfaConfiguration": "OFF"}));
    let off = user_pool::mfa_body(&live, &off, &off);
    assert_eq!(off, json!({"UserPoolId": "p", "MfaConfiguration": "OFF"}));
    let passkeys = canonical(json!({"name": "n", "webAuthnConfiguration": {"userVerification": "required"}}));
    let request = user_pool::mfa_body(&live, &passkeys, &passkeys);
    assert_eq!(request["WebAuthnConfiguration"]["UserVerification"], json!("required"));
}

#[test]
fn a_create_sends_what_the_file_says_and_leaves_the_rest_to_aws() {
    let declared = json!({"name": "Shop", "usernameAttributes": ["email"], "mfaConfiguration": "ON",
        "softwareTokenMfaConfiguration": {"enabled": true},
        "schema": [{"name": "custom:plan", "attributeDataType": "String", "stringAttributeConstraints": {"minLength": 5}}],
        "triggers": {"preSignUp": "arn:aws:lambda:eu-west-1:123456789012:function:f"}});
    let wanted = Kind::UserPool.canonical(&declared).expect("a spec");
    let tags = Tags::from([("poolkeeper:stack".to_owned(), "shop".to_owned())]);
    let request = user_pool::create_body(&wanted, &declared, &tags);
    assert_eq!(request["Schema"][0]["Name"], json!("plan"), "AWS puts `custom:` in front by itself");
    assert_eq!(request["Schema"][0]["StringAttributeConstraints"]["MinLength"], json!("5"));
    let mut members: Vec<&String> = request.as_object().expect("a body").keys().collect();
    members.sort();
    assert_eq!(members, ["PoolName", "Schema", "UserPoolTags", "UsernameAttributes"], "triggers and MFA come later");
}
