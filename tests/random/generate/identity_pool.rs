//! Identity pools.

use proptest::prelude::*;
use serde_json::json;

use super::{client, tags};
use crate::parts::{Part, always, either, flag, map_of, object, one_of, some_of, whole};
use crate::stack_file::{entries, reference};

/// The keys of identity pools.
pub(crate) const KEYS: [&str; 2] = ["app", "guests"];

const OIDC: &str = "arn:aws:iam::123456789012:oidc-provider/";
const SAML: &str = "arn:aws:iam::123456789012:saml-provider/";

/// The public services.
const LOGINS: [&str; 5] =
    ["graph.facebook.com", "accounts.google.com", "appleid.apple.com", "www.amazon.com", "api.twitter.com"];

/// The name under which one's own servers sign users in.
const DEVELOPER: [&str; 2] = ["login.example.com", "shop.login"];

/// The identity pools of a stack by key.
pub(super) fn identity_pools() -> Part {
    map_of(KEYS, 0.45, identity_pool)
}

fn identity_pool(key: &str) -> Part {
    let name = |index| format!("Identities of {key}{index}");
    object(
        0.4,
        vec![
            ("name", one_of([name(""), name(", renamed")])),
            ("tags", tags()),
            ("allowUnauthenticatedIdentities", flag()),
            ("allowClassicFlow", flag()),
            ("cognitoIdentityProviders", clients()),
            (
                "supportedLoginProviders",
                map_of(LOGINS, 0.4, |service| match service {
                    "api.twitter.com" => one_of(["key;secret-1", "key;secret-2"]),
                    _ => one_of(["123456", "shop.apps"]),
                }),
            ),
            (
                "openIdConnectProviderArns",
                some_of([format!("{OIDC}id.example.com"), format!("{OIDC}id.example.org")], 0),
            ),
            ("samlProviderArns", some_of([format!("{SAML}staff"), format!("{SAML}partner")], 0)),
            ("developerProviderName", one_of(DEVELOPER)),
            ("roles", object(0.6, vec![("authenticated", role()), ("unauthenticated", role())])),
            ("roleMappings", map_of(mapped(), 0.5, |_| mapping())),
            ("principalTags", map_of(tagged(), 0.5, |_| principal_tags())),
            ("ignoreChanges", some_of(["allowClassicFlow"], 0)),
        ],
    )
}

fn role() -> Part {
    one_of(["user", "guest", "path/admin"].map(super::role))
}

/// A user pool's client, as the name of its provider and its id.
fn client_of(pool: &str, key: &str) -> (String, String) {
    (reference(&["userPools", pool], "providerName"), reference(&["userPools", pool, "clients", key], "id"))
}

fn all_clients() -> impl Iterator<Item = (String, String)> {
    let pools = super::POOLS.into_iter();
    pools.flat_map(|pool| client::KEYS.into_iter().map(move |key| client_of(pool, key)))
}

fn clients() -> Part {
    let ids: Vec<String> = all_clients().map(|(_, id)| id).collect();
    let check = object(0.4, vec![("serverSideTokenCheck", flag())]);
    map_of(ids, 0.5, move |_| check.clone())
        .prop_map(|by_id| {
            let clients = entries(Some(&by_id)).into_iter().filter_map(|(id, mut client)| {
                let (name, _) = all_clients().find(|(_, known)| *known == id)?;
                client["providerName"] = json!(name);
                client["clientId"] = json!(id);
                Some(client)
            });
            clients.collect()
        })
        .boxed()
}

/// What role mappings may be for.
fn mapped() -> Vec<String> {
    let clients = all_clients().map(|(name, id)| format!("{name}:{id}"));
    clients.chain(LOGINS.map(str::to_owned)).chain([format!("{OIDC}id.example.com"), format!("{SAML}staff")]).collect()
}

/// What principal tags may be for.
fn tagged() -> Vec<String> {
    let pools = super::POOLS.map(|pool| reference(&["userPools", pool], "providerName")).into_iter();
    pools.chain([LOGINS[0].to_owned(), "id.example.com".to_owned(), format!("{SAML}staff")]).collect()
}

fn mapping() -> Part {
    let ambiguous = || ("ambiguousRoleResolution", one_of(["Deny", "AuthenticatedRole"]));
    let rule = whole(vec![
        ("claim", one_of(["custom:team", "cognito:groups"])),
        ("matchType", one_of(["Equals", "Contains", "StartsWith", "NotEqual"])),
        ("value", one_of(["admin", "Größe"])),
        ("roleArn", role()),
    ]);
    let rules = proptest::collection::vec(rule, 1..=3).prop_map(serde_json::Value::from).boxed();
    let rules = whole(vec![("rules", rules)]);
    either(vec![
        whole(vec![("type", always("Token")), ambiguous()]),
        whole(vec![("type", always("Rules")), ambiguous(), ("rulesConfiguration", rules)]),
    ])
}

fn principal_tags() -> Part {
    let tags = map_of(["user", "team"], 0.6, |_| one_of(["sub", "custom:team"]));
    either(vec![
        object(0.5, vec![("useDefaults", always(false)), ("principalTags", tags)]),
        whole(vec![("useDefaults", always(true))]),
    ])
}
