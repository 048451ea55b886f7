use proptest::prelude::*;
use serde_json::{Value, json};

use crate::kind::Kind;
use crate::kind::testing::{assert_differ, assert_rules, assert_same, canonical, found};
use crate::path::Path;
use crate::reference::Reference;

/// What AWS answers for clients of which only the name was given, from 2018 to 2025.
#[test]
fn a_bare_client_is_as_aws_answers_whatever_the_year() {
    let declared = json!({"name": "TailzClient"});
    for live in [
        json!({"clientId": "x", "allowedOAuthFlowsUserPoolClient": false, "refreshTokenValidity": 30}),
        json!({"refreshTokenValidity": 30, "tokenValidityUnits": {}, "allowedOAuthFlowsUserPoolClient": false,
            "enableTokenRevocation": true}),
        json!({"refreshTokenValidity": 30, "tokenValidityUnits": {}, "allowedOAuthFlowsUserPoolClient": false,
            "enableTokenRevocation": true, "enablePropagateAdditionalUserContextData": false, "authSessionValidity": 3,
            "creationDate": 1_536_428_985.507}),
        json!({"accessTokenValidity": 0, "idTokenValidity": 0, "refreshTokenValidity": 30, "readAttributes": [],
            "writeAttributes": [], "explicitAuthFlows": [], "callbackUrls": [], "preventUserExistenceErrors": "LEGACY",
            "refreshTokenRotation": {"feature": "DISABLED", "retryGracePeriodSeconds": 0}}),
    ] {
        let mut live = live;
        live["name"] = json!("TailzClient");
        assert_same(Kind::Client, &declared, &live);
    }
}

#[test]
fn what_aws_returns_sorted_or_in_other_units_is_the_same() {
    let declared = json!({
        "name": "ref-auth-app-client-1",
        "accessTokenValidity": 1, "idTokenValidity": 3600, "tokenValidityUnits": {"idToken": "seconds"},
        "readAttributes": ["name", "email"], "writeAttributes": ["name", "email"],
        "explicitAuthFlows": ["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
        "supportedIdentityProviders": ["Google", "COGNITO"],
        "callbackUrls": ["https://redirect2.com", "https://redirect.com"],
        "allowedOAuthFlows": ["implicit", "code"], "allowedOAuthScopes": ["phone", "openid", "email"],
        "allowedOAuthFlowsUserPoolClient": true, "preventUserExistenceErrors": "ENABLED",
    });
    let live = json!({
        "name": "ref-auth-app-client-1", "clientId": "sampleUserPoolClientId",
        "refreshTokenValidity": 30, "accessTokenValidity": 60, "idTokenValidity": 60,
        "tokenValidityUnits": {"accessToken": "minutes", "idToken": "minutes", "refreshToken": "days"},
        "readAttributes": ["email", "name"], "writeAttributes": ["email", "name"],
        "explicitAuthFlows": ["ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_SRP_AUTH"],
        "supportedIdentityProviders": ["COGNITO", "Google"],
        "callbackUrls": ["https://redirect.com", "https://redirect2.com"],
        "allowedOAuthFlows": ["code", "implicit"], "allowedOAuthScopes": ["email", "openid", "phone"],
        "allowedOAuthFlowsUserPoolClient": true, "preventUserExistenceErrors": "ENABLED",
        "enableTokenRevocation": true, "enablePropagateAdditionalUserContextData": false, "authSessionValidity": 3,
    });
    assert_same(Kind::Client, &declared, &live);
    assert_eq!(canonical(Kind::Client, &declared)["accessTokenValidity"], 1);
    assert_eq!(canonical(Kind::Client, &declared)["tokenValidityUnits"]["idToken"], "hours");
}

#[test]
fn what_aws_tells_apart_differs() {
    for (one, other) in [
        (json!({}), json!({"refreshTokenValidity": 60})),
        (
            json!({}),
            json!({"explicitAuthFlows": ["ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_SRP_AUTH", "ALLOW_CUSTOM_AUTH"]}),
        ),
        (json!({}), json!({"generateSecret": true})),
        (json!({}), json!({"enableTokenRevocation": false})),
        (json!({}), json!({"refreshTokenRotation": {"feature": "ENABLED"}})),
        (json!({}), json!({"accessTokenValidity": 24})),
    ] {
        assert_differ(Kind::Client, &one, &other);
    }
    assert_same(
        Kind::Client,
        &json!({}),
        &json!({"idTokenValidity": 1, "tokenValidityUnits": {"accessToken": "minutes"}}),
    );
}

/// A flow that AWS adds after this was written must not stop a read.
#[test]
fn an_unknown_flow_is_read_but_not_declared() {
    let live = json!({"explicitAuthFlows": ["ALLOW_TELEPATHY", "ALLOW_USER_AUTH"]});
    assert_eq!(canonical(Kind::Client, &live)["explicitAuthFlows"], json!(["ALLOW_USER_AUTH", "ALLOW_TELEPATHY"]));
    let schema = Kind::Client.schema().to_string();
    assert!(!schema.contains("anyOf") && !schema.contains("$ref") && !schema.contains("null"));
}

#[test]
fn rules_across_properties() {
    let oauth = |flows: Value, rest: Value| {
        let mut client = json!({"allowedOAuthFlowsUserPoolClient": true, "allowedOAuthFlows": flows,
            "allowedOAuthScopes": ["openid"], "callbackUrls": ["https://a.example"]});
        client.as_object_mut().expect("a map").extend(rest.as_object().expect("a map").clone());
        client
    };
    let urls = |url: &str| json!({"callbackUrls": ["https://a.example", url]});
    let analytics = |analytics: Value| json!({"analyticsConfiguration": analytics});
    let arn = "arn:aws:mobiletargeting:eu-west-1:123456789012:apps/1";
    assert_rules(
        Kind::Client,
        [
            (json!({}), ""),
            (oauth(json!(["code", "implicit"]), json!({})), ""),
            (json!({"allowedOAuthFlowsUserPoolClient": true}), "needs `allowedOAuthFlows` and `allowedOAuthScopes`"),
            (oauth(json!(["code"]), json!({"allowedOAuthScopes": []})), "needs `allowedOAuthScopes`"),
            (
                oauth(json!(["code"]), json!({"callbackUrls": []})),
                "allowedOAuthFlows: the flows `code` and `implicit` need",
            ),
            (oauth(json!(["client_credentials"]), json!({})), "`client_credentials` needs a client with a secret"),
            (oauth(json!(["client_credentials"]), json!({"generateSecret": true, "callbackUrls": []})), ""),
            (
                oauth(json!(["client_credentials", "code"]), json!({"generateSecret": true})),
                "cannot be together with others",
            ),
            (
                json!({"generateSecret": true, "clientSecret": "0123456789abcdef01234567"}),
                "clientSecret: `clientSecret` gives a secret and `generateSecret: true` asks",
            ),
            (json!({"enablePropagateAdditionalUserContextData": true}), "works only on a client with a secret"),
            (
                json!({"defaultRedirectUri": "https://b.example"}),
                "defaultRedirectUri: `https://b.example` is not one of",
            ),
            (urls("http://shop.example/"), "callbackUrls[1]: `http://shop.example/` cannot use http"),
            (urls("http://localhost.shop.example/"), "cannot use http"),
            (urls("http://localhost:8000/"), ""),
            (urls("http://[::1]:8000/"), ""),
            (urls("http://127.0.0.1"), ""),
            (urls("myapp://signed-in"), ""),
            (urls("https://shop.example/#home"), "has a fragment"),
            (urls("https://shop.example/x y"), "callbackUrls[1]: `https://shop.example/x y` holds a space"),
            (urls("https://"), "callbackUrls[1]: `https://` names no host"),
            (urls("https:///signed-in"), "names no host"),
            (urls("https:shop.example"), "names no host"),
            (urls("http://localhost:80@shop.example"), "cannot use http"),
            (urls("https://bücher.example/%20?a=b"), ""),
            (urls("myapp://"), ""),
            (json!({"logoutUrls": ["https://shop.example/\tx"]}), "logoutUrls[0]: `https://shop.example/\tx` holds"),
            (json!({"defaultRedirectUri": "https:// b"}), "defaultRedirectUri: `https:// b` holds a space"),
            (urls("shop.example/callback"), "is not an absolute URL"),
            (json!({"logoutUrls": ["/bye"]}), "logoutUrls[0]: `/bye` is not an absolute URL"),
            (json!({"explicitAuthFlows": ["ADMIN_NO_SRP_AUTH"]}), ""),
            (json!({"explicitAuthFlows": ["ADMIN_NO_SRP_AUTH", "ALLOW_USER_SRP_AUTH"]}), "cannot be together"),
            (
                json!({"refreshTokenRotation": {"feature": "ENABLED"}, "explicitAuthFlows": ["ALLOW_REFRESH_TOKEN_AUTH"]}),
                "explicitAuthFlows: `ALLOW_REFRESH_TOKEN_AUTH` cannot be together with",
            ),
            (
                json!({"refreshTokenRotation": {"feature": "ENABLED"}}),
                "refreshTokenRotation.feature: `refreshTokenRotation.feature: ENABLED` cannot be together with",
            ),
            (json!({"refreshTokenRotation": {"feature": "ENABLED"}, "explicitAuthFlows": ["ALLOW_USER_SRP_AUTH"]}), ""),
            (json!({"refreshTokenValidity": 3651}), "lives 60 minutes to 3650 days, not 3651 days"),
            (json!({"refreshTokenValidity": 0}), ""),
            (json!({"accessTokenValidity": 25}), "an access token lives 5 minutes to 1 day, not 25 hours"),
            (
                json!({"idTokenValidity": 4, "tokenValidityUnits": {"idToken": "minutes"}}),
                "an ID token lives 5 minutes",
            ),
            (
                json!({"accessTokenValidity": 2, "refreshTokenValidity": 90, "tokenValidityUnits": {"refreshToken": "minutes"}}),
                "accessTokenValidity: an access token cannot live longer than the refresh token: 2 hours against 90 minutes",
            ),
            (analytics(json!({"applicationArn": arn})), ""),
            (
                analytics(
                    json!({"applicationId": "1", "roleArn": "arn:aws:iam::123456789012:role/p", "externalId": "x"}),
                ),
                "",
            ),
            (analytics(json!({"applicationArn": arn, "externalId": "x"})), "holds either `applicationArn`"),
            (analytics(json!({"applicationId": "1"})), "holds either `applicationArn`"),
        ],
    );
}

#[test]
fn what_is_not_known_yet_is_not_judged() {
    let open = Reference("var.x".parse::<Path>().expect("a path")).embed();
    for client in [
        json!({"accessTokenValidity": open, "refreshTokenValidity": 1}),
        json!({"accessTokenValidity": 90_000, "tokenValidityUnits": {"accessToken": open}}),
        json!({"callbackUrls": [open, "https://a.example"], "defaultRedirectUri": "https://b.example"}),
        json!({"allowedOAuthFlows": ["client_credentials"], "generateSecret": open}),
        json!({"callbackUrls": [format!("{open}#top")]}),
        json!({"refreshTokenRotation": {"feature": "ENABLED"}, "explicitAuthFlows": open}),
        json!({"refreshTokenRotation": {"feature": open}}),
    ] {
        assert_eq!(found(Kind::Client, &client), [""; 0]);
    }
}

proptest! {
    /// Whatever the numbers, the canonical form keeps the duration and is within what AWS takes.
    #[test]
    fn durations_keep_their_length(
        validity in 1..315_360_000_u32,
        unit in prop_oneof![Just(("seconds", 1)), Just(("minutes", 60)), Just(("hours", 3600)), Just(("days", 86400))],
    ) {
        let declared = json!({"refreshTokenValidity": validity, "tokenValidityUnits": {"refreshToken": unit.0}});
        let canonical = canonical(Kind::Client, &declared);
        let kept = canonical["refreshTokenValidity"].as_u64().expect("a number");
        let size = match canonical["tokenValidityUnits"]["refreshToken"].as_str() {
            Some("days") => 86400,
            Some("hours") => 3600,
            Some("minutes") => 60,
            _ => 1,
        };
        prop_assert_eq!(kept * size, u64::from(validity) * unit.1);
        prop_assert!(kept <= u64::from(validity));
    }
}
