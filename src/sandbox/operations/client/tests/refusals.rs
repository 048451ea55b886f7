//! What AWS refuses of clients: what contradicts itself, what is not there, and too many.

use serde_json::{Value, json};

use super::{POOL, SCOPE, ask, described, done, everything, made, meddle, sandbox, sandbox_of};
use crate::sandbox::state::Client;

const GONE: &str = "us-east-1_Nothing00";

/// Settings that are refused, with AWS's code and message; `DOING` is what was tried.
type Refused = Vec<(Value, &'static str, &'static str)>;

const INVALID: &str = "InvalidParameterException";
const FLOW: &str = "InvalidOAuthFlowException";

/// What is refused of anybody, at create as at update.
fn refused() -> Refused {
    const RANGE: &str = "Invalid range for token validity.";
    const ORDER: &str =
        "Access and Id Token expiration times must be less than or equal to refresh token expiration times.";
    const MIXED: &str = "Auth flow name with prefix 'ALLOW' cannot be used with legacy auth flow names.";
    const ANALYTICS: &str = "Invalid analytics configuration given, either <application arn> or \
                             <application id, role arn, external id> are valid";
    const READ: &str = "Invalid read attributes specified while DOING a client";
    const WRITE: &str = "Invalid write attributes specified while DOING a client";
    const ROTATION: &str =
        "Refresh token rotation cannot be enabled along with the ALLOW_REFRESH_TOKEN_AUTH auth flow.";
    let arn = |region: &str| format!("arn:aws:mobiletargeting:{region}:123456789012:apps/a");
    vec![
        (json!({"AccessTokenValidity": 25}), INVALID, RANGE),
        (json!({"AccessTokenValidity": 4, "TokenValidityUnits": {"AccessToken": "minutes"}}), INVALID, RANGE),
        (json!({"TokenValidityUnits": {"IdToken": "minutes"}}), INVALID, RANGE),
        (json!({"RefreshTokenValidity": 3651}), INVALID, RANGE),
        (json!({"RefreshTokenValidity": 59, "TokenValidityUnits": {"RefreshToken": "minutes"}}), INVALID, RANGE),
        (json!({"RefreshTokenValidity": 0, "TokenValidityUnits": {"RefreshToken": "minutes"}}), INVALID, RANGE),
        (
            json!({"IdTokenValidity": 3, "RefreshTokenValidity": 2, "TokenValidityUnits": {"RefreshToken": "hours"}}),
            INVALID,
            ORDER,
        ),
        (json!({"ReadAttributes": ["email", "custom:nothing"]}), INVALID, READ),
        (json!({"ReadAttributes": ["plan"]}), INVALID, READ),
        (json!({"WriteAttributes": ["custom:nothing"]}), INVALID, WRITE),
        (json!({"WriteAttributes": ["email_verified"]}), INVALID, WRITE),
        (json!({"WriteAttributes": ["phone_number_verified"]}), INVALID, WRITE),
        (json!({"WriteAttributes": ["sub"]}), INVALID, WRITE),
        (json!({"ExplicitAuthFlows": ["ALLOW_USER_SRP_AUTH", "ADMIN_NO_SRP_AUTH"]}), INVALID, MIXED),
        (
            json!({
                "ExplicitAuthFlows": ["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
                "RefreshTokenRotation": {"Feature": "ENABLED"},
            }),
            INVALID,
            ROTATION,
        ),
        (json!({"RefreshTokenRotation": {"Feature": "ENABLED"}}), INVALID, ROTATION),
        (
            json!({"SupportedIdentityProviders": ["COGNITO", "Okta"]}),
            INVALID,
            "The provider Okta does not exist for User Pool us-east-1_Tests0001.",
        ),
        (json!({"AnalyticsConfiguration": {"UserDataShared": false}}), INVALID, ANALYTICS),
        (json!({"AnalyticsConfiguration": {"ApplicationId": "a", "ExternalId": "b"}}), INVALID, ANALYTICS),
        (
            json!({"AnalyticsConfiguration": {"ApplicationArn": arn("us-east-1"), "ExternalId": "b"}}),
            INVALID,
            ANALYTICS,
        ),
        (
            json!({"AnalyticsConfiguration": {"ApplicationArn": arn("eu-west-1")}}),
            INVALID,
            "The integration with Pinpoint is not supported for the requested eu-west-1 region.",
        ),
        (
            json!({"EnablePropagateAdditionalUserContextData": true}),
            INVALID,
            "Client Secret is required to set EnablePropagateAdditionalUserContextData as true",
        ),
    ]
}

/// The same of flows, scopes and URLs.
fn refused_of_oauth() -> Refused {
    const OAUTH: &str =
        "AllowedOAuthFlows and AllowedOAuthScopes are required if user pool client is allowed to use OAuth flows.";
    const NO_CALLBACK: &str = "CallbackUrls can not be empty when code flow or implicit flow is selected";
    let callback = |url: &str| json!({"CallbackURLs": [url]});
    vec![
        (json!({"AllowedOAuthFlowsUserPoolClient": true, "AllowedOAuthFlows": ["code"]}), INVALID, OAUTH),
        (json!({"AllowedOAuthFlowsUserPoolClient": true, "AllowedOAuthScopes": ["openid"]}), INVALID, OAUTH),
        (
            json!({"AllowedOAuthFlows": ["code"], "AllowedOAuthScopes": ["openid"], "AllowedOAuthFlowsUserPoolClient": true}),
            FLOW,
            NO_CALLBACK,
        ),
        (
            json!({"AllowedOAuthFlows": ["client_credentials", "code"]}),
            FLOW,
            "client_credentials flow can not be selected along with code flow or implicit flow.",
        ),
        (
            json!({"AllowedOAuthFlows": ["client_credentials"], "AllowedOAuthScopes": [SCOPE]}),
            FLOW,
            "client_credentials flow can not be selected if client does not have a client secret.",
        ),
        (
            json!({"AllowedOAuthScopes": ["openid", "https://api.example.com/v1/write"]}),
            "ScopeDoesNotExistException",
            "Invalid scope requested: https://api.example.com/v1/write",
        ),
        (json!({"AllowedOAuthScopes": ["Cognito"]}), "ScopeDoesNotExistException", "Invalid scope requested: Cognito"),
        (callback("http://example.com"), INVALID, "http://example.com cannot use the HTTP protocol."),
        (
            callback("http://localhost.example.com"),
            INVALID,
            "http://localhost.example.com cannot use the HTTP protocol.",
        ),
        (callback("http://localhost:x"), INVALID, "http://localhost:x cannot use the HTTP protocol."),
        (callback("https://example.com/#a"), INVALID, "https://example.com/#a cannot use fragment"),
        (callback("example.com/in"), INVALID, "example.com/in is not an absolute URI."),
        (json!({"LogoutURLs": ["http://example.com"]}), INVALID, "http://example.com cannot use the HTTP protocol."),
        (
            json!({"CallbackURLs": ["https://a.example"], "DefaultRedirectURI": "https://b.example"}),
            INVALID,
            "The default redirect URI https://b.example is not in the callback URIs list.",
        ),
    ]
}

#[tokio::test]
async fn what_cannot_be_is_refused_and_changes_nothing() {
    let sandbox = sandbox();
    let id = made(&sandbox, &everything()).await;
    let before = described(&sandbox, &id).await;
    for (settings, code, message) in refused().into_iter().chain(refused_of_oauth()) {
        for (operation, member, value, doing) in [
            ("CreateUserPoolClient", "ClientName", "web", "creating"),
            ("UpdateUserPoolClient", "ClientId", id.as_str(), "updating"),
        ] {
            let mut input = settings.clone();
            input[member] = json!(value);
            let expected = Err((code.to_owned(), message.replace("DOING", doing)));
            assert_eq!(ask(&sandbox, operation, &input).await, expected, "{operation} of {settings}");
        }
    }
    assert_eq!(described(&sandbox, &id).await, before);
    let all = done(&sandbox, "ListUserPoolClients", &json!({})).await;
    assert_eq!(all["UserPoolClients"], json!([{"ClientId": id, "UserPoolId": POOL, "ClientName": "web"}]));
}

#[tokio::test]
async fn what_is_just_within_the_rules_is_taken() {
    let sandbox = sandbox();
    for settings in [
        json!({"AccessTokenValidity": 5, "TokenValidityUnits": {"AccessToken": "minutes"}}),
        json!({"IdTokenValidity": 24, "RefreshTokenValidity": 3650}),
        json!({"RefreshTokenValidity": 60, "TokenValidityUnits": {"RefreshToken": "minutes"}}),
        json!({"TokenValidityUnits": {"AccessToken": "days", "IdToken": "days", "RefreshToken": "days"}}),
        json!({"ExplicitAuthFlows": ["ADMIN_NO_SRP_AUTH", "USER_PASSWORD_AUTH"]}),
        json!({"ExplicitAuthFlows": ["ALLOW_REFRESH_TOKEN_AUTH"], "RefreshTokenRotation": {"Feature": "DISABLED"}}),
        json!({"CallbackURLs": ["http://localhost", "http://localhost:3000/in", "http://127.0.0.1:1", "http://[::1]/"]}),
        json!({"CallbackURLs": ["myapp://in", "com.example.app:/in"]}),
        json!({"AnalyticsConfiguration": {"ApplicationId": "a", "RoleArn": "arn:aws:iam::123456789012:role/a", "ExternalId": "b"}}),
        json!({"GenerateSecret": true, "EnablePropagateAdditionalUserContextData": true}),
        json!({"GenerateSecret": true, "AllowedOAuthFlows": ["client_credentials"], "AllowedOAuthScopes": [SCOPE],
               "AllowedOAuthFlowsUserPoolClient": true}),
    ] {
        made(&sandbox, &settings).await;
    }
}

#[tokio::test]
async fn a_machine_has_none_of_the_scopes_about_users() {
    let sandbox = sandbox();
    let id = made(&sandbox, &json!({"GenerateSecret": true})).await;
    for scope in ["openid", "email", "phone", "profile", "aws.cognito.signin.user.admin"] {
        let input = json!({
            "ClientId": id, "AllowedOAuthFlows": ["client_credentials"], "AllowedOAuthScopes": [SCOPE, scope],
        });
        let expected = Err((FLOW.to_owned(), format!("{scope} is not supported with client_credentials flow")));
        assert_eq!(ask(&sandbox, "UpdateUserPoolClient", &input).await, expected);
    }
}

#[tokio::test]
async fn required_attributes_are_writable() {
    let sandbox = sandbox();
    meddle(&sandbox, |pool| {
        pool.body["SchemaAttributes"][2]["Required"] = json!(true);
    });
    let refused = ask(&sandbox, "CreateUserPoolClient", &json!({"ClientName": "a", "WriteAttributes": ["name"]})).await;
    assert_eq!(refused.expect_err("a refusal").1, "Invalid write attributes specified while creating a client");
    made(&sandbox, &json!({"WriteAttributes": ["name", "email"]})).await;
    made(&sandbox, &json!({"ReadAttributes": ["name"]})).await;
}

#[tokio::test]
async fn the_lowest_tier_lacks_features() {
    let sandbox = sandbox_of("LITE");
    for settings in [
        json!({"ExplicitAuthFlows": ["ALLOW_USER_AUTH"]}),
        json!({"ExplicitAuthFlows": ["ALLOW_USER_SRP_AUTH"], "RefreshTokenRotation": {"Feature": "ENABLED"}}),
    ] {
        let mut input = settings.clone();
        input["ClientName"] = json!("web");
        let refused = ask(&sandbox, "CreateUserPoolClient", &input).await.expect_err("a refusal");
        assert_eq!(refused.0, "FeatureUnavailableInTierException", "{settings}");
    }
    made(&sandbox, &json!({"ExplicitAuthFlows": ["ALLOW_USER_SRP_AUTH"]})).await;
}

#[tokio::test]
async fn what_clients_name_may_go_but_not_be_named_again() {
    let sandbox = sandbox();
    let id = made(&sandbox, &everything()).await;
    let server = json!({"Identifier": "https://api.example.com/v1"});
    done(&sandbox, "DeleteResourceServer", &server).await;
    meddle(&sandbox, |pool| {
        pool.providers.remove("Google");
    });
    let shown = described(&sandbox, &id).await;
    assert_eq!(shown["AllowedOAuthScopes"], json!([SCOPE, "openid"]));
    let mut again = everything();
    again["ClientId"] = json!(id);
    let message = "The provider Google does not exist for User Pool us-east-1_Tests0001.";
    assert_eq!(ask(&sandbox, "UpdateUserPoolClient", &again).await.expect_err("a refusal").1, message);
    again["SupportedIdentityProviders"] = json!(["COGNITO"]);
    let refused = ask(&sandbox, "UpdateUserPoolClient", &again).await.expect_err("a refusal");
    assert_eq!(refused, ("ScopeDoesNotExistException".to_owned(), format!("Invalid scope requested: {SCOPE}")));
    again["AllowedOAuthScopes"] = json!(["openid"]);
    done(&sandbox, "UpdateUserPoolClient", &again).await;
}

#[tokio::test]
async fn what_is_not_there_is_told() {
    let sandbox = sandbox();
    let id = made(&sandbox, &json!({})).await;
    let missing = |message: &str| Err(("ResourceNotFoundException".to_owned(), message.to_owned()));
    for operation in [
        "DescribeUserPoolClient",
        "UpdateUserPoolClient",
        "DeleteUserPoolClient",
        "AddUserPoolClientSecret",
        "ListUserPoolClientSecrets",
        "DeleteUserPoolClientSecret",
    ] {
        let secret = "nothing--1";
        let nobody = json!({"ClientId": "nobody", "ClientSecretId": secret});
        let answer = ask(&sandbox, operation, &nobody).await;
        assert_eq!(answer, missing("User pool client nobody does not exist."), "{operation}");
        let nowhere = json!({"ClientId": id, "UserPoolId": GONE, "ClientSecretId": secret});
        let answer = ask(&sandbox, operation, &nowhere).await;
        assert_eq!(answer, missing(&format!("User pool {GONE} does not exist.")), "{operation}");
    }
    done(&sandbox, "DeleteUserPoolClient", &json!({"ClientId": id})).await;
    let answer = ask(&sandbox, "DescribeUserPoolClient", &json!({"ClientId": id})).await;
    assert_eq!(answer, missing(&format!("User pool client {id} does not exist.")));
}

#[tokio::test]
async fn a_pool_has_a_thousand_clients_at_most() {
    let sandbox = sandbox();
    meddle(&sandbox, |pool| {
        pool.clients.extend((0..999).map(|number| (format!("client{number}"), Client::default())));
    });
    made(&sandbox, &json!({})).await;
    let refused = ask(&sandbox, "CreateUserPoolClient", &json!({"ClientName": "web"})).await.expect_err("a refusal");
    assert_eq!(refused.0, "LimitExceededException");
}
