//! App clients: several with one name, with secrets that were rotated, with units of all kinds.

use poolkeeper::sandbox::model::Service::UserPools;
use proptest::prelude::*;
use serde_json::json;

use super::{Call, at_times, call, facets};
use crate::parts::{Part, Property, flag, joined, object, one_of, some_of};

/// The calls that make up to four.
pub(super) fn clients(pool: usize) -> BoxedStrategy<Vec<Call>> {
    let some: Vec<_> = (0..4).map(|number| proptest::option::weighted(0.4, client(pool, number))).collect();
    some.prop_map(|calls| calls.into_iter().flatten().flatten().collect()).boxed()
}

fn client(pool: usize, number: usize) -> BoxedStrategy<Vec<Call>> {
    let own = format!("client{pool}x{number}");
    let name = prop::sample::select(vec![
        "web",
        "web",
        "my app, 2",
        "web-2",
        "null",
        " x ",
        "a\tb",
        "AmazonOpenSearchService-x",
    ]);
    let id = format!("@pool{pool}");
    let create = {
        let (id, own) = (id.clone(), own.clone());
        (name, joined(vec![together(), object(0.25, creation())])).prop_map(move |(name, more)| {
            let needed = json!({"UserPoolId": id, "ClientName": name});
            vec![
                Call::new(UserPools, "CreateUserPoolClient", needed, more)
                    .making(own.clone(), "/UserPoolClient/ClientId"),
            ]
        })
    };
    let ids = json!({"UserPoolId": id, "ClientId": format!("@{own}")});
    let update = at_times(
        0.25,
        call(UserPools, "UpdateUserPoolClient", ids.clone(), joined(vec![together(), object(0.25, common())])),
    );
    let first = format!("@{own}.first");
    let rotation = proptest::bool::weighted(0.15).prop_map(move |rotated| {
        if !rotated {
            return Vec::new();
        }
        let mut old = ids.clone();
        old["ClientSecretId"] = json!(first);
        vec![
            Call::new(UserPools, "ListUserPoolClientSecrets", ids.clone(), json!({}))
                .making(first.trim_start_matches('@'), "/ClientSecrets/0/ClientSecretId"),
            Call::new(UserPools, "AddUserPoolClientSecret", ids.clone(), json!({})),
            Call::new(UserPools, "DeleteUserPoolClientSecret", old, json!({})),
        ]
    });
    let facets = facets::of_client(pool, &own);
    let parts: Vec<BoxedStrategy<Vec<Call>>> = vec![create.boxed(), update, rotation.boxed(), facets];
    parts.prop_map(|calls| calls.into_iter().flatten().collect()).boxed()
}

/// What only goes together.
fn together() -> Part {
    let redirect = "https://a.example.com/cb";
    one_of([
        json!({}),
        json!({"AllowedOAuthFlowsUserPoolClient": true, "AllowedOAuthFlows": ["code"], "AllowedOAuthScopes": ["openid", "email"],
            "CallbackURLs": [redirect, "my-app://back?x=1&y=2"], "DefaultRedirectURI": redirect, "SupportedIdentityProviders": ["COGNITO"]}),
        json!({"GenerateSecret": true, "AllowedOAuthFlowsUserPoolClient": true, "AllowedOAuthFlows": ["client_credentials"],
            "AllowedOAuthScopes": ["orders/read"]}),
        json!({"ExplicitAuthFlows": ["ALLOW_USER_SRP_AUTH"], "RefreshTokenRotation": {"Feature": "ENABLED", "RetryGracePeriodSeconds": 30}}),
        json!({"TokenValidityUnits": {"AccessToken": "minutes", "IdToken": "minutes", "RefreshToken": "hours"}, "AccessTokenValidity": 60,
            "IdTokenValidity": 90, "RefreshTokenValidity": 25}),
        json!({"TokenValidityUnits": {"AccessToken": "days"}, "AccessTokenValidity": 1}),
    ])
}

fn creation() -> Vec<Property> {
    let mut properties = vec![("GenerateSecret", flag()), ("ClientSecret", one_of(["own_secret_own_secret_own+1"]))];
    properties.extend(common());
    properties
}

fn common() -> Vec<Property> {
    let unit = || one_of(["seconds", "minutes", "hours", "days"]);
    vec![
        ("SupportedIdentityProviders", some_of(["COGNITO", "Google", "Partner", "A_Staff-ß", "Company.SAML"], 0)),
        ("CallbackURLs", urls()),
        ("LogoutURLs", urls()),
        (
            "AllowedOAuthFlows",
            one_of([json!(["code"]), json!(["implicit", "code"]), json!(["client_credentials"]), json!([])]),
        ),
        (
            "AllowedOAuthScopes",
            some_of(
                [
                    "openid",
                    "email",
                    "phone",
                    "aws.cognito.signin.user.admin",
                    "orders/read",
                    "https://stock.example.com/v1/write:all",
                ],
                0,
            ),
        ),
        ("AllowedOAuthFlowsUserPoolClient", flag()),
        ("DefaultRedirectURI", one_of(["https://a.example.com/cb"])),
        (
            "TokenValidityUnits",
            object(0.5, vec![("AccessToken", unit()), ("IdToken", unit()), ("RefreshToken", unit())]),
        ),
        ("AccessTokenValidity", one_of([1, 5, 60, 300, 3600, 24])),
        ("IdTokenValidity", one_of([1, 10, 90, 600])),
        ("RefreshTokenValidity", one_of([0, 1, 30, 3650, 90_000])),
        ("ReadAttributes", attributes()),
        ("WriteAttributes", attributes()),
        (
            "ExplicitAuthFlows",
            one_of([
                json!(["ALLOW_USER_SRP_AUTH"]),
                json!(["ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_PASSWORD_AUTH", "ALLOW_USER_AUTH"]),
                json!(["ADMIN_NO_SRP_AUTH"]),
                json!(["CUSTOM_AUTH_FLOW_ONLY", "USER_PASSWORD_AUTH"]),
                json!([]),
            ]),
        ),
        ("PreventUserExistenceErrors", one_of(["LEGACY", "ENABLED"])),
        ("EnableTokenRevocation", flag()),
        ("EnablePropagateAdditionalUserContextData", flag()),
        ("AuthSessionValidity", one_of([3, 15])),
        (
            "RefreshTokenRotation",
            object(
                0.8,
                vec![("Feature", one_of(["ENABLED", "DISABLED"])), ("RetryGracePeriodSeconds", one_of([0, 10, 60]))],
            ),
        ),
        (
            "AnalyticsConfiguration",
            one_of([
                json!({"ApplicationArn": "arn:aws:mobiletargeting:eu-west-1:123456789012:apps/0123abcd", "UserDataShared": true}),
                json!({"ApplicationId": "0123456789", "RoleArn": "arn:aws:iam::123456789012:role/pinpoint", "ExternalId": "x"}),
            ]),
        ),
    ]
}

fn urls() -> Part {
    some_of(
        ["https://a.example.com/cb", "http://localhost:3000/", "my-app://back?x=1&y=2", "https://b.example.com/%20"],
        0,
    )
}

fn attributes() -> Part {
    some_of(["email", "name", "birthdate", "custom:team", "custom:Größe", "phone_number", "given_name"], 0)
}
