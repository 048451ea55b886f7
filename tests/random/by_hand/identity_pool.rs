//! Identity pools with providers of all kinds.

use poolkeeper::sandbox::model::Service::IdentityPools;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{Call, at_times, role, tags};
use crate::parts::{Part, Property, flag, map_of, object, object_with, one_of, some_of, whole};

const OIDC: &str = "arn:aws:iam::123456789012:oidc-provider/issuer.example.com";
const SAML: &str = "arn:aws:iam::123456789012:saml-provider/company";

/// The calls that make one.
pub(super) fn pool(number: usize) -> BoxedStrategy<Vec<Call>> {
    let own = format!("identity{number}");
    let id = json!({"IdentityPoolId": format!("@{own}")});
    let needed = || (super::user_pool::name(), any::<bool>());
    let create = (needed(), object(0.4, properties())).prop_map(move |((name, guests), more)| {
        let needed = json!({"IdentityPoolName": name, "AllowUnauthenticatedIdentities": guests});
        vec![Call::new(IdentityPools, "CreateIdentityPool", needed, more).making(own.clone(), "/IdentityPoolId")]
    });
    let roles = {
        let id = id.clone();
        let roles = map_of(["authenticated", "unauthenticated"], 0.6, |name| one_of([role(name)]));
        (roles, object(0.95, vec![("RoleMappings", mappings())])).prop_map(move |(roles, more)| {
            let mut needed = id.clone();
            needed["Roles"] = roles;
            Call::new(IdentityPools, "SetIdentityPoolRoles", needed, more)
        })
    };
    let principal: Vec<_> = [
        provider(0),
        "accounts.google.com".to_owned(),
        SAML.to_owned(),
        OIDC.to_owned(),
        "issuer.example.com".to_owned(),
        "login.example.com".to_owned(),
    ]
    .into_iter()
    .map(|name| {
        let mut needed = id.clone();
        needed["IdentityProviderName"] = json!(name);
        let tags = map_of(["username", "cost:center"], 0.6, |_| one_of(["sub", "custom:a b"]));
        at_times(
            0.25,
            super::call(
                IdentityPools,
                "SetPrincipalTagAttributeMap",
                needed,
                object(0.6, vec![("UseDefaults", flag()), ("PrincipalTags", tags)]),
            ),
        )
    })
    .collect();
    let update = (needed(), object(0.4, properties())).prop_map(move |((name, guests), more)| {
        let mut needed = id.clone();
        needed["IdentityPoolName"] = json!(name);
        needed["AllowUnauthenticatedIdentities"] = json!(guests);
        Call::new(IdentityPools, "UpdateIdentityPool", needed, more)
    });
    let mut parts = vec![create.boxed(), at_times(0.6, roles.boxed())];
    parts.extend(principal);
    parts.push(at_times(0.2, update.boxed()));
    parts.prop_map(|calls| calls.into_iter().flatten().collect()).boxed()
}

fn provider(pool: usize) -> String {
    format!("cognito-idp.eu-west-1.amazonaws.com/@pool{pool}")
}

fn properties() -> Vec<Property> {
    let client = |pool: usize, number: usize| json!({"ProviderName": provider(pool), "ClientId": format!("@client{pool}x{number}"), "ServerSideTokenCheck": number == 0});
    let elsewhere =
        json!({"ProviderName": "cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Elsewhere", "ClientId": "elsewhere"});
    let clients = some_of([client(0, 0), client(0, 1), client(1, 0), elsewhere], 1);
    let made = |value: &Value| value.as_array().is_some_and(|clients| !clients.is_empty());
    let logins =
        map_of(["accounts.google.com", "graph.facebook.com", "api.twitter.com", "www.amazon.com"], 0.4, |name| {
            one_of([if name == "api.twitter.com" { "consumer;s3cr3t-consumer" } else { "0123456789" }])
        });
    vec![
        ("CognitoIdentityProviders", clients.prop_filter("some", move |value| made(value)).boxed()),
        ("SupportedLoginProviders", logins),
        ("OpenIdConnectProviderARNs", some_of([OIDC], 0)),
        ("SamlProviderARNs", some_of([SAML], 0)),
        ("DeveloperProviderName", one_of(["login.example.com"])),
        ("AllowClassicFlow", flag()),
        ("IdentityPoolTags", tags()),
    ]
}

fn mappings() -> Part {
    let names = [
        format!("{}:@client0x0", provider(0)),
        format!("{}:@client0x1", provider(0)),
        "accounts.google.com".to_owned(),
        SAML.to_owned(),
        OIDC.to_owned(),
    ];
    let rule = || {
        whole(vec![
            ("Claim", one_of(["custom:role", "isAdmin"])),
            ("MatchType", one_of(["Equals", "Contains", "NotEqual", "StartsWith"])),
            ("Value", one_of(["admin", "true", "a: b", " "])),
            ("RoleARN", one_of([role("admin")])),
        ])
    };
    map_of(names, 0.4, move |_| {
        let resolution = || ("AmbiguousRoleResolution", one_of(["AuthenticatedRole", "Deny"]));
        let rules = proptest::collection::vec(rule(), 1..3).prop_map(|rules| json!({"Rules": rules})).boxed();
        crate::parts::either(vec![
            object_with(vec![("Type", crate::parts::always("Token"))], 0.9, vec![resolution()]),
            object_with(
                vec![("Type", crate::parts::always("Rules")), ("RulesConfiguration", rules)],
                0.9,
                vec![resolution()],
            ),
        ])
    })
}
