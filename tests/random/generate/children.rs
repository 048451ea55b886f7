//! What lives in a user pool besides clients: domains, identity providers, resource servers, groups.

use proptest::prelude::*;
use serde_json::json;

use crate::parts::{
    Part, Property, always, at_times, either, joined, map_of, object, object_with, one_of, some_of, whole,
};
use crate::stack_file::reference;

/// The prefixes that domains may have.
pub(crate) const PREFIXES: [&str; 2] = ["shop-login", "shop-in-2"];

/// The domains of one's own.
const CUSTOM_DOMAINS: [&str; 2] = ["auth.example.com", "login.example.org"];

/// The names of identity providers: the social types, and two whose type may change.
pub(crate) const PROVIDERS: [&str; 6] =
    ["Partner", "Staff-ID", "Google", "Facebook", "LoginWithAmazon", "SignInWithApple"];

/// The identifiers of resource servers.
pub(crate) const SERVERS: [&str; 2] = ["orders", "https://stock.example.com"];

/// The names of scopes.
pub(crate) const SCOPES: [&str; 2] = ["read", "write:all"];

/// The sections of the pool with this key.
pub(super) fn sections(pool: &str) -> Vec<Property> {
    let domains = PREFIXES.into_iter().chain(CUSTOM_DOMAINS);
    vec![
        ("domains", map_of(domains, 0.4, domain)),
        ("identityProviders", map_of(PROVIDERS, 0.25, provider)),
        ("resourceServers", map_of(SERVERS, 0.5, server)),
        ("groups", map_of(["staff", "ad/min_ß", "guests"], 0.5, |_| group(pool))),
    ]
}

fn domain(key: &str) -> Part {
    let version = || ("managedLoginVersion", one_of([1, 2]));
    if !key.contains('.') {
        return object(0.5, vec![version()]);
    }
    let certificate = "arn:aws:acm:us-east-1:123456789012:certificate/";
    let config = object_with(
        vec![("certificateArn", one_of([format!("{certificate}1"), format!("{certificate}2")]))],
        0.5,
        vec![("securityPolicy", one_of(["TLS_V1", "TLS_V1_2_2021", "TLS_V1_3_2025"]))],
    );
    let failover = whole(vec![
        ("secondaryRegion", one_of(super::facets::REPLICAS)),
        ("primaryRoute53HealthCheckId", one_of(["check-1", "check-2"])),
    ]);
    object_with(
        vec![("customDomainConfig", config)],
        0.3,
        vec![version(), ("routing", object(0.8, vec![("failover", failover)]))],
    )
}

fn group(pool: &str) -> Part {
    let id = reference(&["userPools", pool], "id");
    object(
        0.5,
        vec![
            (
                "description",
                one_of(["Who works here".to_owned(), "Größe: 2 > 1".to_owned(), format!("A group of {id}")]),
            ),
            ("roleArn", one_of(["staff", "path/admin"].map(super::role))),
            ("precedence", one_of([0, 1, 2_147_483_647])),
        ],
    )
}

fn server(identifier: &str) -> Part {
    let scopes = map_of(SCOPES, 0.6, |_| one_of(["Read it", "Übernehmen"]));
    let scopes = scopes.prop_map(|by_name| {
        let scopes = crate::stack_file::entries(Some(&by_name)).into_iter();
        scopes.map(|(name, description)| json!({"scopeName": name, "scopeDescription": description})).collect()
    });
    let scopes = ("scopes", scopes.boxed());
    let name = ("name", one_of(["Orders", "Stock, renamed"]));
    // An identifier that cannot be a name needs one beside it.
    if identifier.contains('/') { object_with(vec![name], 0.7, vec![scopes]) } else { object(0.5, vec![name, scopes]) }
}

fn provider(key: &str) -> Part {
    let domains = [format!("{}.example.com", key.to_lowercase()), format!("{key} 2")];
    let common = |claims: &[&str]| {
        object(0.4, vec![("attributeMapping", mapping(claims)), ("idpIdentifiers", some_of(domains.clone(), 0))])
    };
    match key {
        "Partner" | "Staff-ID" => either(vec![
            joined(vec![common(&["mail", "displayName"]), saml()]),
            joined(vec![common(&["email", "nickname"]), oidc()]),
        ]),
        "SignInWithApple" => joined(vec![common(&["email", "name"]), social(key, apple())]),
        "Facebook" => joined(vec![common(&["email", "first_name"]), social(key, facebook())]),
        _ => joined(vec![common(&["email", "name"]), social(key, key_and_secret("profile email openid", vec![]))]),
    }
}

/// Each attribute may come from one of two claims.
fn mapping(claims: &[&str]) -> Part {
    let claims: Vec<String> = claims.iter().map(|claim| (*claim).to_owned()).collect();
    map_of(["email", "name", "custom:team", "custom:note"], 0.4, |_| one_of(claims.clone()))
}

/// The social types are named by their keys, so the type may be left out.
fn social(key: &str, details: Part) -> Part {
    object_with(vec![("providerDetails", details)], 0.4, vec![("providerType", always(key))])
}

fn key_and_secret(scopes: &str, more: Vec<Property>) -> Part {
    object_with(
        vec![
            ("client_id", one_of(["shop.apps", "shop-2.apps"])),
            ("client_secret", one_of(["hush-hush-1", "hush-hush-2", "${var.providerSecret}"])),
            ("authorize_scopes", one_of([scopes, "email"])),
        ],
        0.3,
        more,
    )
}

fn facebook() -> Part {
    // What AWS computes may be written too, as AWS has it.
    key_and_secret(
        "public_profile,email",
        vec![
            ("api_version", one_of(["v21.0", "v22.0"])),
            ("attributes_url_add_attributes", always("true")),
            ("token_request_method", always("GET")),
        ],
    )
}

fn apple() -> Part {
    object_with(
        vec![
            ("client_id", one_of(["com.example.shop", "com.example.shop2"])),
            ("team_id", one_of(["TEAM000001", "TEAM000002"])),
            ("key_id", one_of(["KEY0000001", "KEY0000002"])),
            ("private_key", one_of(["MIGTAgEAMBMGByqGSM49", "MIGTAgEAMBMGByqGSM50"])),
        ],
        0.5,
        vec![("authorize_scopes", one_of(["email", "email name"]))],
    )
}

fn saml() -> Part {
    let text = || one_of(["true", "false"]);
    let options = object(
        0.3,
        vec![
            ("IDPSignout", text()),
            ("IDPInit", text()),
            ("EncryptedResponses", text()),
            ("RequestSigningAlgorithm", always("rsa-sha256")),
        ],
    );
    let metadata = either(vec![
        whole(vec![("MetadataURL", one_of(["https://partner.example.com/a", "https://partner.example.com/b"]))]),
        whole(vec![(
            "MetadataFile",
            one_of(
                ["a", "b"]
                    .map(|id| format!("<EntityDescriptor entityID=\"{id}\"><IDPSSODescriptor/></EntityDescriptor>\n")),
            ),
        )]),
    ]);
    whole(vec![("providerType", always("SAML")), ("providerDetails", joined(vec![metadata, options]))])
}

fn oidc() -> Part {
    let details = object_with(
        vec![
            ("client_id", one_of(["shop", "shop-2"])),
            ("authorize_scopes", one_of(["openid", "openid email"])),
            ("attributes_request_method", one_of(["GET", "POST"])),
            ("oidc_issuer", one_of(["https://id.example.com", "https://id.example.org"])),
        ],
        0.3,
        vec![
            ("client_secret", one_of(["hush-hush-3", "${var.providerSecret}"])),
            ("authorize_url", one_of(["https://id.example.com/authorize", "https://id.example.com/v2/authorize"])),
            ("token_url", one_of(["https://id.example.com/token", "https://id.example.com/v2/token"])),
            ("attributes_url", one_of(["https://id.example.com/me", "https://id.example.com/v2/me"])),
            ("jwks_uri", one_of(["https://id.example.com/keys", "https://id.example.com/v2/keys"])),
        ],
    );
    let level = |number: u8| one_of([format!("aal{number}"), format!("loa{number}")]);
    let levels =
        object(0.5, vec![("Level1", level(1)), ("Level2", level(2)), ("Level3", level(3)), ("Level4", level(4))]);
    joined(vec![
        whole(vec![("providerType", always("OIDC")), ("providerDetails", details)]),
        at_times(0.4, whole(vec![("acrMapping", levels)])),
    ])
}
