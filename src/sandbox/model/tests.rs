//! The model as the sandbox uses it: it loads whole and says what AWS says.

use serde_json::{Value, json};

use super::{Location, Operation, Service, Violation, operation};

mod property;

fn check(service: Service, name: &str, input: &Value) -> Result<(), Violation> {
    operation(service, name).unwrap_or_else(|| panic!("{service} {name}")).check(input)
}

/// What AWS says of this request to user pools.
fn said(name: &str, input: &Value) -> String {
    check(Service::UserPools, name, input).expect_err("a violation").to_string()
}

#[test]
fn every_pattern_compiles_and_every_shape_is_there() {
    for service in Service::ALL {
        let model = service.model();
        for (name, shape) in model.shapes() {
            assert!(shape.pattern.as_ref().is_none_or(super::pattern::Pattern::compiles), "{service} {name}");
            let members = shape.members.iter().map(|member| &member.shape);
            for part in members.chain([&shape.item, &shape.key, &shape.value].into_iter().flatten()) {
                assert!(model.shape(part).is_some(), "{service} {name}: {part}");
            }
            let has = |member: &String| shape.members.iter().any(|other| other.name == *member);
            assert!(shape.required.iter().all(has), "{service} {name}");
        }
        for operation in service.operations() {
            assert!(operation.input.is_none() || operation.shape().is_some(), "{service} {}", operation.name);
        }
    }
}

#[test]
fn every_exception_is_of_a_shape_that_the_model_has() {
    for service in Service::ALL {
        for exception in super::exceptions::of(service) {
            assert!(service.model().shape(exception.shape).is_some(), "{service} {}", exception.shape);
        }
    }
}

/// The SDK is newer than what the model is made from, so that it shows what is missing there.
#[test]
fn the_model_has_every_member_that_the_sdk_can_send() {
    use crate::aws::Operation as Call;
    let user_pools = [
        Call::CreateUserPool,
        Call::UpdateUserPool,
        Call::AddCustomAttributes,
        Call::SetUserPoolMfaConfig,
        Call::CreateUserPoolClient,
        Call::UpdateUserPoolClient,
        Call::CreateIdentityProvider,
        Call::UpdateIdentityProvider,
        Call::CreateResourceServer,
        Call::UpdateResourceServer,
        Call::CreateGroup,
        Call::UpdateGroup,
        Call::CreateUserPoolDomain,
        Call::UpdateUserPoolDomain,
        Call::TagResource,
        Call::ListUserPoolClientSecrets,
    ];
    let identity_pools = [
        Call::CreateIdentityPool,
        Call::UpdateIdentityPool,
        Call::SetIdentityPoolRoles,
        Call::SetPrincipalTagAttributeMap,
        Call::IdentityPoolsUntagResource,
    ];
    let all = user_pools.map(|call| (Service::UserPools, call)).into_iter();
    for (service, call) in all.chain(identity_pools.map(|call| (Service::IdentityPools, call))) {
        let known = operation(service, call.name()).expect("an operation");
        for sent in call.input().members() {
            assert!(known.members().any(|(name, _)| name == sent), "{} {sent}", call.name());
        }
    }
}

#[test]
fn violations_are_told_all_at_once_in_the_words_of_aws() {
    let long = "a".repeat(129);
    assert_eq!(
        said("CreateUserPool", &json!({"PoolName": long, "MfaConfiguration": "MAYBE"})),
        format!(
            "2 validation errors detected: Value '{long}' at 'poolName' failed to satisfy constraint: Member must have \
             length less than or equal to 128; Value 'MAYBE' at 'mfaConfiguration' failed to satisfy constraint: \
             Member must satisfy enum value set: [OFF, ON, OPTIONAL]"
        )
    );
    assert_eq!(
        said("DescribeUserPool", &json!({"UserPoolId": "us-east-1"})),
        "1 validation error detected: Value 'us-east-1' at 'userPoolId' failed to satisfy constraint: Member \
         must satisfy regular expression pattern: [\\w-]+_[0-9a-zA-Z]+"
    );
    assert_eq!(
        said("DescribeUserPool", &json!({"UserPoolId": null})),
        "1 validation error detected: Value null at 'userPoolId' failed to satisfy constraint: Member must not be null"
    );
    assert_eq!(
        said("ListUsers", &json!({"UserPoolId": "us-east-1_a", "Limit": 61})),
        "1 validation error detected: Value '61' at 'limit' failed to satisfy constraint: Member must have value less \
         than or equal to 60"
    );
}

#[test]
fn a_violation_in_a_list_of_structures_names_the_item() {
    let schema = json!([{"Name": "fine"}, {"Name": "a".repeat(21)}]);
    let said = said("CreateUserPool", &json!({"PoolName": "pool", "Schema": schema}));
    assert!(said.contains("at 'schema.2.member.name' failed"), "{said}");
}

#[test]
fn a_violation_in_a_list_of_texts_is_one_of_the_list() {
    assert_eq!(
        said(
            "CreateUserPoolClient",
            &json!({"UserPoolId": "us-east-1_a", "ClientName": "web", "CallbackURLs": ["https://a/", " ", ""]})
        ),
        "1 validation error detected: Value '[https://a/,  , ]' at 'callbackURLs' failed to satisfy constraint: Member \
         must satisfy constraint: [Member must have length less than or equal to 1024, Member must have length greater \
         than or equal to 1, Member must satisfy regular expression pattern: [\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}]+]"
    );
}

#[test]
fn a_violation_in_a_map_is_one_of_the_map() {
    let tags = |tags: Value| said("CreateUserPool", &json!({"PoolName": "pool", "UserPoolTags": tags}));
    let value = "a".repeat(257);
    assert_eq!(
        tags(json!({"team": value})),
        format!(
            "1 validation error detected: Value '{{team={value}}}' at 'userPoolTags' failed to satisfy constraint: Map \
             value must satisfy constraint: [Member must have length less than or equal to 256, Member must have \
             length greater than or equal to 0]"
        )
    );
    assert!(tags(json!({"": "x"})).contains("Map keys must satisfy constraint: [Member must have length less"));
    let level = said(
        "CreateUserPool",
        &json!({"PoolName": "pool", "AcrConfiguration": {"Level1": {"AcrValue": "a b"}, "Level5": {"AcrValue": "x"}}}),
    );
    assert!(level.contains("at 'acrConfiguration.Level1.member.acrValue' failed"), "{level}");
    assert!(level.contains("Map keys must satisfy constraint: [Member must satisfy enum value set: [Level1, "));
}

#[test]
fn secrets_are_not_shown() {
    let secret = "hunter2-hunter2";
    let client = json!({"UserPoolId": "us-east-1_a", "ClientName": "web", "ClientSecret": secret});
    let provider = |details: Value| {
        json!({"UserPoolId": "us-east-1_a", "ProviderName": "Google",
        "ProviderType": "Google", "ProviderDetails": details})
    };
    let identity_pool = json!({"IdentityPoolName": "pool", "AllowUnauthenticatedIdentities": false,
        "SupportedLoginProviders": {"api.twitter.com": format!("key {secret}")}});
    let function = json!({"FunctionName": "f", "Environment": {"Variables": {"1-bad": secret}}});
    let user = json!({"UserPoolId": "us-east-1_a", "Username": "a", "TemporaryPassword": format!("{secret} x")});
    for (service, name, input) in [
        (Service::UserPools, "CreateUserPoolClient", &client),
        (Service::UserPools, "AdminCreateUser", &user),
        (Service::UserPools, "CreateIdentityProvider", &provider(json!({"x": secret.repeat(9000)}))),
        (Service::UserPools, "CreateIdentityProvider", &provider(json!(secret))),
        (Service::IdentityPools, "CreateIdentityPool", &identity_pool),
        (Service::Lambda, "UpdateFunctionConfiguration", &function),
    ] {
        let violation = check(service, name, input).expect_err("a violation");
        assert!(!format!("{violation} {violation:?}").contains(secret), "{violation}");
    }
    assert!(said("CreateUserPoolClient", &client).starts_with(
        "2 validation errors detected: Value at 'clientSecret' failed to satisfy constraint: Member must have length"
    ));
}

#[test]
fn another_json_type_cannot_be_read() {
    for (input, text, path) in [
        (json!({"PoolName": 1}), "NUMBER_VALUE can not be converted to a String", "poolName"),
        (json!({"PoolName": true}), "TRUE_VALUE can not be converted to a String", "poolName"),
        (
            json!({"PoolName": "a", "AutoVerifiedAttributes": "email"}),
            "Expected list or null",
            "autoVerifiedAttributes",
        ),
        (json!({"PoolName": "a", "Policies": "strict"}), "Expected null", "policies"),
        (json!({"PoolName": "a", "UserPoolTags": 1}), "Expected map or null", "userPoolTags"),
        (json!({"PoolName": []}), "Start of list found where not expected", "poolName"),
        (json!({"PoolName": {}}), "Start of structure or map found where not expected.", "poolName"),
        (
            json!({"Policies": {"PasswordPolicy": {"MinimumLength": "8"}}}),
            "STRING_VALUE can not be converted to an Integer",
            "policies.passwordPolicy.minimumLength",
        ),
        (
            json!({"PoolName": "a", "Policies": {"PasswordPolicy": {"MinimumLength": 2_147_483_648_u32}}}),
            "NUMBER_VALUE can not be converted to an Integer",
            "policies.passwordPolicy.minimumLength",
        ),
    ] {
        let violation = check(Service::UserPools, "CreateUserPool", &input).expect_err("a violation");
        assert_eq!((violation.to_string().as_str(), violation.paths()), (text, vec![path]));
        assert_eq!(violation.code(Service::UserPools), "SerializationException");
    }
}

#[test]
fn lengths_are_counted_in_characters() {
    let template = |text: &str| json!({"PoolName": "pool", "SmsAuthenticationMessage": format!("{text}{{####}}")});
    assert_eq!(check(Service::UserPools, "CreateUserPool", &template(&"é".repeat(134))), Ok(()));
    assert!(said("CreateUserPool", &template(&"é".repeat(135))).contains("less than or equal to 140"));
}

#[test]
fn patterns_are_javas() {
    let pool = |name: &str| check(Service::UserPools, "CreateUserPool", &json!({"PoolName": name})).is_ok();
    assert!(pool("a_1 \t=,.@-"));
    assert!(!pool("é") && !pool("１") && !pool("a\u{a0}b"), "word, digit and space characters are ASCII's");
    let alias = |name: &str| {
        let input = json!({"FunctionName": "f", "Name": name, "FunctionVersion": "1"});
        check(Service::Lambda, "CreateAlias", &input).is_ok()
    };
    assert!(alias("live") && alias("v1") && !alias("12") && !alias("a.b"));
}

#[test]
fn what_the_service_does_otherwise_is_no_violation() {
    let domain = |text: &str| check(Service::UserPools, "DescribeUserPoolDomain", &json!({"Domain": text})).is_ok();
    assert!(domain("prefix") && domain("auth.example.com") && !domain(&"a".repeat(64)));
}

#[test]
fn unknown_members_are_allowed_and_found() {
    let create = operation(Service::UserPools, "CreateUserPool").expect("the operation");
    let input = json!({
        "PoolName": "pool", "Colour": 1, "Policies": {"SignInPolicy": {"Strength": 2}},
        "Schema": [{"Name": "a"}, {"Nmae": "b"}], "UserPoolTags": {"any": "tag"},
        "AcrConfiguration": {"Level1": {"Acr": "x"}},
    });
    assert_eq!(create.check(&input), Ok(()));
    assert_eq!(
        create.unknown(&input),
        ["Colour", "Policies.SignInPolicy.Strength", "Schema.2.Nmae", "AcrConfiguration.Level1.Acr"]
    );
}

#[test]
fn a_document_may_hold_anything() {
    let create = operation(Service::UserPools, "CreateManagedLoginBranding").expect("the operation");
    for settings in [json!({"components": {"form": {"borderRadius": 8.0}}}), json!([1]), json!("text")] {
        let input = json!({"UserPoolId": "us-east-1_AbCdEfGhI", "ClientId": "1", "Settings": settings});
        assert_eq!(create.check(&input), Ok(()));
        assert_eq!(create.unknown(&input), Vec::<String>::new());
    }
}

#[test]
fn services_are_known_by_their_protocols() {
    let prefix = |service: Service| (service.protocol(), service.target_prefix(), service.version());
    assert_eq!(prefix(Service::UserPools), ("json", Some("AWSCognitoIdentityProviderService"), "2016-04-18"));
    assert_eq!(prefix(Service::IdentityPools), ("json", Some("AWSCognitoIdentityService"), "2014-06-30"));
    assert_eq!(prefix(Service::Tagging), ("json", Some("ResourceGroupsTaggingAPI_20170126"), "2017-01-26"));
    assert_eq!(prefix(Service::Lambda), ("rest-json", None, "2015-03-31"));
    assert_eq!(prefix(Service::Sts), ("query", None, "2011-06-15"));
    for service in Service::ALL {
        assert_eq!(Service::of_signing_name(service.signing_name()), Some(service));
    }
}

#[test]
fn a_request_to_lambda_is_its_path_its_query_and_its_body() {
    let (operation, input) = Operation::of_rest(
        "DELETE",
        "/2017-03-31/tags/arn%3Aaws%3Alambda%3Aus-east-1%3A123456789012%3Afunction%3Af?tagKeys=a%20b&tagKeys=c",
        &Value::Null,
    )
    .expect("an operation");
    assert_eq!(operation.name, "UntagResource");
    assert_eq!(input, json!({"Resource": "arn:aws:lambda:us-east-1:123456789012:function:f", "TagKeys": ["a b", "c"]}));
    assert_eq!(operation.check(&input), Ok(()));

    let target = "/2015-03-31/functions/?MaxItems=5&Marker=x+y";
    let (operation, input) = Operation::of_rest("GET", target, &Value::Null).expect("an operation");
    assert_eq!((operation.name.as_str(), input), ("ListFunctions", json!({"MaxItems": 5, "Marker": "x y"})));

    let body = json!({"StatementId": "s", "Qualifier": "in the query alone"});
    let target = "/2015-03-31/functions/f/policy?Qualifier=%24LATEST";
    let (operation, input) = Operation::of_rest("POST", target, &body).expect("an operation");
    assert_eq!(operation.name, "AddPermission");
    assert_eq!(input, json!({"FunctionName": "f", "StatementId": "s", "Qualifier": "$LATEST"}));
    assert!(operation.members().any(|(name, location)| name == "Action" && *location == Location::Body));

    for (method, target) in [("PATCH", "/2015-03-31/functions"), ("GET", "/2015-03-31/layers")] {
        assert!(Operation::of_rest(method, target, &Value::Null).is_none());
    }
}

#[test]
fn a_request_to_sts_is_a_form() {
    let form = "Action=AssumeRole&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2Fr\
                &RoleSessionName=me&DurationSeconds=900&Tags.member.1.Key=team&Tags.member.1.Value=a+b";
    let (operation, input) = Operation::of_form(Service::Sts, form).expect("an operation");
    assert_eq!(operation.name, "AssumeRole");
    let tags = json!([{"Key": "team", "Value": "a b"}]);
    let role = "arn:aws:iam::123456789012:role/r";
    assert_eq!(input, json!({"RoleArn": role, "RoleSessionName": "me", "Tags": tags, "DurationSeconds": 900}));
    assert_eq!(operation.check(&input), Ok(()));

    let (operation, input) = Operation::of_form(Service::Sts, "Action=GetCallerIdentity").expect("an operation");
    assert_eq!(operation.check(&input), Ok(()));
    assert!(Operation::of_form(Service::Sts, "Action=GetFederationToken").is_none());
}
