//! App clients of a pool.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::children::{PREFIXES, PROVIDERS, SCOPES, SERVERS};
use super::facets;
use super::pool::CUSTOM;
use crate::parts::{
    Part, Property, always, at_times, either, flag, joined, map_of, object, object_with, one_of, some_of, whole,
};
use crate::stack_file::reference;

/// The keys of clients.
pub(crate) const KEYS: [&str; 3] = ["web", "app", "machine 1"];

/// A pool's clients by key.
pub(super) fn clients(pool: &str) -> Part {
    let pool = pool.to_owned();
    map_of(KEYS, 0.5, move |key| client(&pool, key))
}

fn client(pool: &str, key: &str) -> Part {
    joined(vec![
        object(0.3, oauth(pool)),
        object(0.2, rest(key)),
        at_times(0.4, secret()),
        at_times(0.25, validities()),
        object(0.2, facets::of_client(pool)),
    ])
}

/// A secret is made by AWS, or one's own, or there is none.
fn secret() -> Part {
    either(vec![
        whole(vec![("generateSecret", flag())]),
        object_with(
            vec![("clientSecret", one_of(["abcdefghijklmnopqrstuvwx", "ABCDEFGHIJKLMNOPQRSTUVWX_+12"]))],
            0.2,
            vec![("generateSecret", always(false))],
        ),
    ])
}

fn oauth(pool: &str) -> Vec<Property> {
    let providers = PROVIDERS
        .iter()
        .flat_map(|key| [(*key).to_owned(), reference(&["userPools", pool, "identityProviders", key], "name")]);
    let scopes = SERVERS.iter().flat_map(|server| {
        let identifier = reference(&["userPools", pool, "resourceServers", server], "identifier");
        SCOPES.iter().flat_map(move |scope| [format!("{server}/{scope}"), format!("{identifier}/{scope}")])
    });
    let standard = ["openid", "email", "phone", "profile", "aws.cognito.signin.user.admin"].map(str::to_owned);
    let url = reference(&["userPools", pool, "domains", PREFIXES[0]], "url");
    let urls: Vec<String> =
        ["https://shop.example.com/", "http://localhost:8000/in", "myapp://in", "https://ütf.example.com/ä"]
            .map(str::to_owned)
            .into_iter()
            .chain([format!("{url}/in")])
            .collect();
    vec![
        ("supportedIdentityProviders", some_of(["COGNITO".to_owned()].into_iter().chain(providers), 0)),
        ("callbackUrls", some_of(urls.clone(), 0)),
        ("logoutUrls", some_of(urls.clone(), 0)),
        ("defaultRedirectUri", one_of(urls)),
        ("allowedOAuthFlowsUserPoolClient", flag()),
        (
            "allowedOAuthFlows",
            one_of([
                json!(["code"]),
                json!(["code", "implicit"]),
                json!(["implicit"]),
                json!(["client_credentials"]),
                json!([]),
            ]),
        ),
        ("allowedOAuthScopes", some_of(standard.into_iter().chain(scopes), 0)),
    ]
}

fn rest(key: &str) -> Vec<Property> {
    let attributes = || ["email", "name", "birthdate", "phone_number"].into_iter().chain(CUSTOM);
    let analytics = either(vec![
        object_with(
            vec![("applicationArn", always("arn:aws:mobiletargeting:eu-west-1:123456789012:apps/0a1b2c"))],
            0.5,
            vec![("userDataShared", flag())],
        ),
        object_with(
            vec![
                ("applicationId", one_of(["0a1b2c", "3d4e5f"])),
                ("roleArn", always(super::role("analytics"))),
                ("externalId", one_of(["shop", "shop-2"])),
            ],
            0.5,
            vec![("userDataShared", flag())],
        ),
    ]);
    let rotation = object_with(
        vec![("feature", one_of(["DISABLED", "ENABLED"]))],
        0.6,
        vec![("retryGracePeriodSeconds", one_of([0, 10, 60]))],
    );
    vec![
        // A client's name holds its key, so that no two clients of a pool ever meet in one.
        ("name", one_of([format!("{key} client"), key.to_owned()])),
        ("readAttributes", some_of(attributes().chain(["email_verified", "sub"]), 1)),
        ("writeAttributes", some_of(attributes(), 1)),
        ("explicitAuthFlows", auth_flows()),
        ("analyticsConfiguration", analytics),
        ("preventUserExistenceErrors", one_of(["LEGACY", "ENABLED"])),
        ("enableTokenRevocation", flag()),
        ("enablePropagateAdditionalUserContextData", flag()),
        ("authSessionValidity", one_of([3, 4, 15])),
        ("refreshTokenRotation", rotation),
    ]
}

/// The new names, or the old ones: they cannot be together.
fn auth_flows() -> Part {
    let new = [
        "ALLOW_USER_SRP_AUTH",
        "ALLOW_REFRESH_TOKEN_AUTH",
        "ALLOW_CUSTOM_AUTH",
        "ALLOW_USER_PASSWORD_AUTH",
        "ALLOW_ADMIN_USER_PASSWORD_AUTH",
        "ALLOW_USER_AUTH",
    ];
    let old = ["ADMIN_NO_SRP_AUTH", "CUSTOM_AUTH_FLOW_ONLY", "USER_PASSWORD_AUTH"];
    either(vec![some_of(new, 1), some_of(new, 1), some_of(old, 1)])
}

/// How long tokens live. A unit that is not written is AWS's.
fn validities() -> Part {
    let short = [(1, None), (2, Some("hours")), (5, Some("minutes")), (300, Some("seconds")), (1, Some("days"))];
    let long = [
        (30, None),
        (0, None),
        (3650, Some("days")),
        (60, Some("minutes")),
        (25, Some("hours")),
        (90_000, Some("seconds")),
    ];
    let token = |name: &'static str, choices: Vec<(u32, Option<&'static str>)>| {
        proptest::option::of(proptest::sample::select(choices)).prop_map(move |found| match found {
            None => json!({}),
            Some((validity, None)) => json!({format!("{name}Validity"): validity}),
            Some((validity, Some(unit))) => {
                json!({format!("{name}Validity"): validity, "tokenValidityUnits": {name: unit}})
            }
        })
    };
    let tokens = vec![
        token("accessToken", short.to_vec()).boxed(),
        token("idToken", short.to_vec()).boxed(),
        token("refreshToken", long.to_vec()).boxed(),
    ];
    tokens
        .prop_map(|tokens| {
            let mut all = json!({});
            for (key, value) in tokens.iter().flat_map(|token| crate::stack_file::entries(Some(token))) {
                match (key.as_str(), value) {
                    ("tokenValidityUnits", Value::Object(units)) => {
                        for (token, unit) in units {
                            all["tokenValidityUnits"][token] = unit;
                        }
                    }
                    (_, value) => all[key] = value,
                }
            }
            all
        })
        .boxed()
}
