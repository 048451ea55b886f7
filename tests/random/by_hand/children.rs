//! What lives in user pools besides clients, and what is left there when something was taken away.

use poolkeeper::sandbox::model::Service::UserPools;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{Call, at_times, call, role};
use crate::parts::{Part, always, map_of, object, object_with, one_of, some_of, whole};

const SERVERS: [&str; 2] = ["orders", "https://stock.example.com/v1"];

/// The calls that make them.
pub(super) fn children(pool: usize) -> BoxedStrategy<Vec<Call>> {
    let id = move |more: Value| {
        let mut needed = json!({"UserPoolId": format!("@pool{pool}")});
        needed.as_object_mut().expect("an object").extend(more.as_object().cloned().unwrap_or_default());
        needed
    };
    let mut calls = Vec::new();
    for (name, of_type) in [
        ("Google", "Google"),
        ("Facebook", "Facebook"),
        ("LoginWithAmazon", "LoginWithAmazon"),
        ("SignInWithApple", "SignInWithApple"),
        ("Partner", "OIDC"),
        ("A_Staff-ß", "OIDC"),
        ("Company.SAML", "SAML"),
    ] {
        let needed = id(json!({"ProviderName": name, "ProviderType": of_type}));
        let create = (details(of_type), object(0.4, mapping(of_type))).prop_map(move |(details, more)| {
            let mut needed = needed.clone();
            needed["ProviderDetails"] = details;
            Call::new(UserPools, "CreateIdentityProvider", needed, more)
        });
        calls.push(at_times(0.15, create.boxed()));
    }
    for identifier in SERVERS {
        let scopes = some_of(
            [
                json!({"ScopeName": "write:all", "ScopeDescription": "Write, all of it"}),
                json!({"ScopeName": "read", "ScopeDescription": "- Read # it"}),
            ],
            0,
        );
        let name = if identifier == "orders" { one_of(["orders", "Orders, all"]) } else { always("Stock") };
        let needed = id(json!({"Identifier": identifier}));
        calls.push(at_times(
            0.3,
            (name, object(0.8, vec![("Scopes", scopes)]))
                .prop_map(move |(name, more)| {
                    let mut needed = needed.clone();
                    needed["Name"] = name;
                    Call::new(UserPools, "CreateResourceServer", needed, more)
                })
                .boxed(),
        ));
    }
    for name in ["staff", "ad/min_ß", "null", "~", "@pool0_Google", "[x]"] {
        // The name of a group that AWS makes by itself holds the pool's id.
        let name = name.replace("@pool0", &format!("@pool{pool}"));
        calls.push(at_times(
            0.2,
            call(
                UserPools,
                "CreateGroup",
                id(json!({"GroupName": name})),
                object(
                    0.5,
                    vec![
                        ("Description", one_of(["Who works here", "a\nb\n", "", "x: y", "${userPools.a.id}"])),
                        ("Precedence", one_of([0, 1, 2_147_483_647])),
                        ("RoleArn", one_of([role("staff"), role("path/admin")])),
                    ],
                ),
            ),
        ));
    }
    let version = || ("ManagedLoginVersion", one_of([1, 2]));
    calls.push(at_times(
        0.3,
        call(
            UserPools,
            "CreateUserPoolDomain",
            id(json!({"Domain": format!("shop-{pool}")})),
            object(0.5, vec![version()]),
        ),
    ));
    let certificate = json!({"CertificateArn": "arn:aws:acm:us-east-1:123456789012:certificate/1"});
    let mut policed = certificate.clone();
    policed["SecurityPolicy"] = json!("TLS_V1_3_2025");
    calls.push(at_times(
        0.2,
        (one_of([certificate, policed]), object(0.5, vec![version()]))
            .prop_map(move |(config, more)| {
                let needed = id(json!({"Domain": format!("auth{pool}.example.com"), "CustomDomainConfig": config}));
                Call::new(UserPools, "CreateUserPoolDomain", needed, more)
            })
            .boxed(),
    ));
    calls.prop_map(|calls| calls.into_iter().flatten().collect()).boxed()
}

/// Calls that take away what something else may rest on.
pub(super) fn leftovers(pool: usize) -> BoxedStrategy<Vec<Call>> {
    let id = json!({"UserPoolId": format!("@pool{pool}")});
    let with = |key: &str, value: &str| {
        let mut needed = id.clone();
        needed[key] = json!(value);
        needed
    };
    let take = |operation, key: &str, value: &str| {
        at_times(0.1, call(UserPools, operation, with(key, value), always(json!({}))))
    };
    vec![
        take("DeleteResourceServer", "Identifier", "orders"),
        take("DeleteIdentityProvider", "ProviderName", "Google"),
        take("DeleteUserPoolDomain", "Domain", &format!("shop-{pool}")),
        at_times(0.1, {
            let mut needed = with("Identifier", SERVERS[1]);
            needed["Name"] = json!("Stock");
            call(UserPools, "UpdateResourceServer", needed, always(json!({"Scopes": []})))
        }),
    ]
    .prop_map(|calls| calls.into_iter().flatten().collect())
    .boxed()
}

fn details(of_type: &str) -> Part {
    let secret = || ("client_secret", one_of(["hush-hush-1", "openid-profile", "s3cr3t: #1 ${x}"]));
    let id = || ("client_id", one_of(["1234.apps", "0123", "true"]));
    let scopes = || ("authorize_scopes", one_of(["openid", "profile email openid"]));
    match of_type {
        "Facebook" => object_with(
            vec![id(), secret(), ("authorize_scopes", always("public_profile, email"))],
            0.5,
            vec![("api_version", one_of(["v17.0"]))],
        ),
        "SignInWithApple" => whole(vec![
            id(),
            ("team_id", always("TEAM")),
            ("key_id", always("KEY1234567")),
            ("private_key", always("-----BEGIN-----\nabc\n-----END-----")),
            ("authorize_scopes", always("email name")),
        ]),
        "OIDC" => object_with(
            vec![
                id(),
                scopes(),
                ("attributes_request_method", one_of(["GET", "POST"])),
                ("oidc_issuer", one_of(["https://issuer.example.com", "https://issuer.example.com/"])),
            ],
            0.5,
            vec![
                secret(),
                ("authorize_url", always("https://issuer.example.com/a?x=1#y")),
                ("token_url", always("https://issuer.example.com/token")),
                ("attributes_url", always("https://issuer.example.com/me")),
                ("jwks_uri", always("https://issuer.example.com/keys")),
                ("attributes_url_add_attributes", one_of(["false", "true"])),
            ],
        ),
        "SAML" => {
            let file = "<EntityDescriptor>\n  <IDPSSODescriptor a=\"b\">\n\t</IDPSSODescriptor>\n</EntityDescriptor>\n";
            let metadata = one_of([
                json!({"MetadataURL": "https://idp.example.com/metadata?a=b&c=d"}),
                json!({"MetadataFile": file}),
                json!({"MetadataFile": file.replace('\n', "\r\n")}),
            ]);
            let more = object(
                0.4,
                vec![
                    ("IDPSignout", one_of(["true", "false"])),
                    ("IDPInit", one_of(["true"])),
                    ("EncryptedResponses", one_of(["false", "true"])),
                    ("RequestSigningAlgorithm", always("rsa-sha256")),
                ],
            );
            crate::parts::joined(vec![metadata, more])
        }
        _ => whole(vec![id(), secret(), scopes()]),
    }
}

fn mapping(of_type: &str) -> Vec<crate::parts::Property> {
    let targets = ["email", "given_name", "name", "birthdate", "custom:team", "username", "email_verified"];
    let mapping = map_of(targets, 0.3, |target| match target {
        "username" => one_of(["sub", "email", "id"]),
        _ => one_of(["email", "https://claims.example.com/a b", "yes"]),
    });
    let mut properties = vec![
        ("AttributeMapping", mapping),
        ("IdpIdentifiers", some_of([format!("{of_type}.example.com"), format!("{of_type} co")], 0)),
    ];
    if of_type == "OIDC" {
        properties.push(("AcrMapping", map_of(["Level1", "Level3"], 0.5, |_| one_of(["urn:x", "mfa"]))));
    }
    properties
}
