use serde_json::{Value, json};

use self::made::{assert_found, found, pool, stack};
use super::*;

mod across;
mod facets;
mod identity_pools;
mod made;
mod triggers;

#[test]
fn names_and_keys() {
    assert_found([
        (pool(json!({"name": "a"})), ""),
        (
            json!({"userPools": {"p": {"name": "a"}, "q": {"name": "a"}}}),
            "userPools.q.name: the user pools `userPools.p` and `userPools.q` have the same name",
        ),
        (
            json!({"functions": {"f": {"name": "a"}, "g": {"name": "a"}}}),
            "functions.g.name: the functions `functions.f` and `functions.g` have the same name",
        ),
        (
            pool(json!({"clients": {"a": {"name": "x"}, "b": {"name": "x"}}})),
            "userPools.p.clients.b.name: the app clients `userPools.p.clients.a` and `userPools.p.clients.b` have the same",
        ),
        (pool(json!({"clients": {"a": {"name": "x", "id": "1"}, "b": {"name": "x", "id": "2"}}})), ""),
        (pool(json!({"resourceServers": {"my api": {}}})), "`my api` cannot be the key here"),
        (pool(json!({"groups": {"the admins": {}}})), "`the admins` cannot be the key here"),
    ]);
}

/// What AWS has let others do with a pool is told of a new one, and of one that is adopted it is not.
#[test]
fn adopted_pools() {
    let immutable = |more: Value| {
        let mut spec = json!({"schema": [{"name": "birthdate", "mutable": false}],
            "identityProviders": {"Staff": {"providerType": "SAML", "attributeMapping": {"birthdate": "b"}}}});
        spec.as_object_mut().expect("a map").extend(more.as_object().cloned().unwrap_or_default());
        pool(spec)
    };
    let scope = |more: Value| {
        let mut spec =
            json!({"resourceServers": {"orders": {}}, "clients": {"web": {"allowedOAuthScopes": ["orders/read"]}}});
        spec.as_object_mut().expect("a map").extend(more.as_object().cloned().unwrap_or_default());
        pool(spec)
    };
    let mapping = |more: Value| {
        let mut spec = json!({"roleMappings": {"gone": {"type": "Token", "ambiguousRoleResolution": "Deny"}}});
        spec.as_object_mut().expect("a map").extend(more.as_object().cloned().unwrap_or_default());
        json!({"identityPools": {"app": spec}})
    };
    assert_found([
        (immutable(json!({})), "`birthdate` is `mutable: false` in the user pool's `schema`"),
        (immutable(json!({"id": "eu-west-1_1"})), ""),
        (scope(json!({})), "the resource server `orders` has no scope `read`"),
        (scope(json!({"id": "eu-west-1_1"})), ""),
        (mapping(json!({})), "`gone` is not a provider of this identity pool"),
        (mapping(json!({"id": "eu-west-1:1"})), ""),
    ]);
}

#[test]
fn clients() {
    let client = |client: Value| pool(json!({"clients": {"web": client}}));
    let google = || json!({"providerDetails": {}, "attributeMapping": {"email": "email", "custom:plan": "plan"}});
    let schema =
        || json!([{"name": "email", "required": true}, {"name": "custom:plan", "attributeDataType": "String"}]);
    assert_found([
        // Providers of a client.
        (
            client(json!({"supportedIdentityProviders": ["COGNITO", "Gogle"]})),
            "userPools.p.clients.web.supportedIdentityProviders[1]: the user pool has no identity provider `Gogle`",
        ),
        (client(json!({"supportedIdentityProviders": ["Cognito"]})), "no identity provider `Cognito`"),
        // Scopes of a client.
        (client(json!({"allowedOAuthScopes": ["openid", "profil"]})), "`profil` is neither a standard scope"),
        (client(json!({"allowedOAuthScopes": ["orders/read"]})), "has no resource server `orders`"),
        (
            pool(json!({
                "resourceServers": {"https://o.example.com/": {"scopes": [{"scopeName": "read", "scopeDescription": "r"}]}},
                "clients": {"web": {"allowedOAuthScopes": ["https://o.example.com//write"]}},
            })),
            "clients.web.allowedOAuthScopes[0]: the resource server `https://o.example.com/` has no scope `write`",
        ),
        (
            pool(json!({"resourceServers": {"orders": {}}, "clients": {"web": {"allowedOAuthScopes": ["orders"]}}})),
            "`orders` is a resource server without one of its scopes",
        ),
        // Attributes.
        (client(json!({"readAttributes": ["emial"]})), "readAttributes[0]: `emial` is neither a standard attribute"),
        (client(json!({"readAttributes": ["custom:plan"]})), "no attribute `custom:plan` in its `schema`"),
        (
            client(json!({"writeAttributes": ["email", "sub"]})),
            "writeAttributes[1]: `sub` cannot be in `writeAttributes`",
        ),
        (
            pool(json!({
                "schema": schema(), "identityProviders": {"Google": google()},
                "clients": {"web": {"supportedIdentityProviders": ["Google"], "writeAttributes": ["email"]}},
            })),
            "clients.web.writeAttributes: `writeAttributes` lacks `custom:plan`, which the identity provider `Google` maps",
        ),
        (
            pool(json!({"userPoolTier": "LITE", "clients": {"web": {"explicitAuthFlows": ["ALLOW_USER_AUTH"]}}})),
            "explicitAuthFlows[0]: `ALLOW_USER_AUTH` needs a higher tier",
        ),
    ]);
}

#[test]
fn identity_providers() {
    assert_found([
        (
            pool(json!({"identityProviders": {"Okta": {"providerType": "Google"}}})),
            "userPools.p.identityProviders.Okta: an identity provider of type `Google` must be named `Google`",
        ),
        (
            pool(json!({"identityProviders": {"Google": {"providerType": "OIDC"}}})),
            "Google.providerType: only an identity",
        ),
        (pool(json!({"identityProviders": {"m_idp": {"providerType": "OIDC"}}})), ""),
        (
            pool(json!({"identityProviders": {"okta_idp": {"providerType": "OIDC"}}})),
            "`okta_idp` cannot be an identity",
        ),
        (
            pool(json!({"schema": [{"name": "email", "required": true}], "identityProviders": {"Google": {}}})),
            "identityProviders.Google.attributeMapping: `attributeMapping` lacks `email`, required by `userPools.p.schema`",
        ),
        (
            pool(json!({
                "schema": [{"name": "custom:plan", "mutable": false}],
                "identityProviders": {"Google": {"attributeMapping": {"custom:plan": "plan"}}},
            })),
            "attributeMapping[\"custom:plan\"]: `custom:plan` is `mutable: false`",
        ),
        (
            pool(json!({
                "schema": [{"name": "custom:plan"}], "identityProviders": {"Google": {"attributeMapping": {"plan": "p"}}},
            })),
            "attributeMapping.plan: `plan` is neither",
        ),
        // Details by type.
        (
            pool(json!({"identityProviders": {"Google": {"providerDetails": {"clientId": "${var.id}"}}}})),
            "Google.providerDetails.clientId: AWS knows no detail `clientId` of an identity provider of type `Google`",
        ),
        (
            pool(json!({"identityProviders": {"Google": {"providerDetails": {"api_version": "v21.0"}}}})),
            "AWS knows no detail `api_version`",
        ),
        (
            pool(json!({"identityProviders": {
                "Facebook": {"providerDetails": {"api_version": "v21.0", "token_request_method": "GET"}},
                "Okta": {"providerType": "OIDC", "providerDetails": {"jwks_uri": "https://a.example"}},
                "New": {"providerType": "${var.type}", "providerDetails": {"anything": "a"}},
                "Company": {"providerType": "SAML", "providerDetails": {"MetadataURL": "a", "${var.detail}": "b"}},
            }})),
            "",
        ),
        // An identifier leads to one provider.
        (
            pool(json!({"identityProviders": {
                "Company": {"providerType": "SAML", "idpIdentifiers": ["a.example", "b.example"]},
                "Okta": {"providerType": "OIDC", "idpIdentifiers": ["c.example", "b.example"]},
            }})),
            "Okta.idpIdentifiers[1]: `b.example` leads to the identity provider `Company` already",
        ),
    ]);
}

#[test]
fn domains() {
    let domains = |domains: Value| pool(json!({"domains": domains}));
    let config = || json!({"certificateArn": "arn:aws:acm:us-east-1:123456789012:certificate/1"});
    assert_found([
        (domains(json!({"a": {}, "b": {}})), "userPools.p.domains.b: a user pool has at most one prefix domain"),
        (domains(json!({"my-cognito": {}})), "AWS reserves the word `cognito`"),
        (domains(json!({"Shop_1": {}})), "`Shop_1` cannot be a domain prefix"),
        (domains(json!({"auth.example.com": {}})), "a custom domain needs `customDomainConfig`"),
        (
            domains(json!({"shop": {"customDomainConfig": config()}})),
            "`customDomainConfig` is only for a custom domain",
        ),
        (domains(json!({"https://auth.example.com": {"customDomainConfig": config()}})), "is not a domain name"),
        (domains(json!({"x.auth.us-east-1.amazoncognito.com": {"customDomainConfig": config()}})), "AWS's own domain"),
        (
            pool(json!({"userPoolTier": "LITE", "domains": {"shop": {"managedLoginVersion": 2}}})),
            "domains.shop.managedLoginVersion: `managedLoginVersion: 2` needs a higher tier",
        ),
        (
            pool(json!({"verificationMessageTemplate": {"defaultEmailOption": "CONFIRM_WITH_LINK"}})),
            "verificationMessageTemplate.defaultEmailOption: `CONFIRM_WITH_LINK` needs a domain",
        ),
    ]);
}

#[test]
fn a_stack_that_aws_takes_has_no_findings() {
    let file = json!({
        "userPools": {"customers": {
            "name": "Customers",
            "schema": [{"name": "email", "required": true, "mutable": true}, {"name": "custom:plan", "mutable": true}],
            "verificationMessageTemplate": {"defaultEmailOption": "CONFIRM_WITH_LINK"},
            "domains": {
                "bc2020c58-step03": {"managedLoginVersion": 2},
                "auth.example.com": {"customDomainConfig": {"certificateArn": "arn:aws:acm:us-east-1:1:certificate/1"}},
            },
            "identityProviders": {
                "Google": {"attributeMapping": {"email": "email", "custom:plan": "plan", "username": "sub"}},
                "Okta": {"providerType": "OIDC", "attributeMapping": {"email": "email", "email_verified": "email_verified"}},
            },
            "resourceServers": {
                "https://orders.example.com": {"scopes": [{"scopeName": "read", "scopeDescription": "Read orders"}]},
            },
            "groups": {"admins": {}, "a/b": {}},
            "clients": {
                "web": {
                    "supportedIdentityProviders": ["COGNITO", "Google", "${userPools.customers.identityProviders.Okta.name}"],
                    "allowedOAuthScopes": [
                        "openid", "https://orders.example.com/read",
                        "${userPools.customers.resourceServers[\"https://orders.example.com\"].identifier}/read",
                    ],
                    "readAttributes": ["email", "email_verified", "custom:plan"],
                    "writeAttributes": ["email", "custom:plan"],
                    "explicitAuthFlows": ["ALLOW_USER_AUTH"],
                },
                "app": {},
            },
        }},
        "identityPools": {"app": {
            "name": "App",
            "cognitoIdentityProviders": [{
                "providerName": "${userPools.customers.providerName}", "clientId": "${userPools.customers.clients.web.id}",
            }],
            "roleMappings": {"${userPools.customers.providerName}:${userPools.customers.clients.web.id}": {"type": "Token"}},
        }},
    });
    assert_eq!(found(&file), [""; 0]);
}

#[test]
fn what_is_open_or_shared_is_not_judged() {
    let client = json!({
        "supportedIdentityProviders": ["Okta", "${var.provider}"],
        "allowedOAuthScopes": ["orders/read", "${var.scope}"],
        "readAttributes": ["custom:plan", "${var.attribute}"],
    });
    let shared = pool(json!({
        "unmanaged": "ignore", "clients": {"web": client},
        "verificationMessageTemplate": {"defaultEmailOption": "CONFIRM_WITH_LINK"},
    }));
    assert_eq!(found(&shared), [""; 0]);

    let open = json!({
        "functions": {"f": {"code": "${var.code}"}},
        "userPools": {"p": {
            "schema": "${var.schema}", "userPoolTier": "${var.tier}", "domains": {"${var.prefix}": {"managedLoginVersion": 2}},
            "clients": {"web": {"readAttributes": ["custom:plan"], "explicitAuthFlows": ["ALLOW_USER_AUTH"]}},
        }},
        "identityPools": {"app": {
            "cognitoIdentityProviders": [{"providerName": "${userPools.p.providerName}", "clientId": "x"}],
            "roleMappings": {"cognito-idp.eu-west-1.amazonaws.com/eu-west-1_x:x": {}},
        }},
    });
    assert_eq!(found(&open), [""; 0]);
}

#[test]
fn near_misses_are_named() {
    let file = pool(json!({
        "identityProviders": {"Okta": {"providerType": "OIDC"}},
        "clients": {"web": {"supportedIdentityProviders": ["okta"], "allowedOAuthScopes": ["e-mail"], "readAttributes": ["plan"]}},
        "schema": [{"name": "custom:plan"}],
    }));
    let helps: Vec<_> = check(&stack(&file)).into_iter().filter_map(|finding| finding.help).collect();
    assert_eq!(helps, ["did you mean `Okta`?", "did you mean `email`?", "a custom attribute is written `custom:plan`"]);
}

#[test]
fn a_functions_code_must_be_there_and_hold_its_handler() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = |name: &str| {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        std::fs::write(path, "x").expect("a file");
    };
    ["py/index.py", "py/lib/other.py", "js/src/index.mjs", "notes.txt"].into_iter().for_each(file);
    for (code, runtime, handler, expected) in [
        ("./py", "python3.13", "index.handler", ""),
        ("./py", "python3.13", "lib.other.handler", ""),
        ("./py", "python3.13", "main.handler", "functions.f.handler: the handler `main.handler` is in `main.py`"),
        ("js", "nodejs24.x", "src/index.handler", ""),
        ("js", "nodejs24.x", "index.handler", "is in `index.js`, which `js` does not hold"),
        ("js", "java25", "com.example.Handler::handle", ""),
        ("none", "python3.13", "index.handler", "functions.f.code: there is no folder or .zip file `none`"),
        ("notes.txt", "python3.13", "index.handler", "is neither a folder nor a .zip file"),
    ] {
        let function = json!({"code": code, "runtime": runtime, "handler": handler});
        let found = found(&json!({"folder": folder.path(), "functions": {"f": function}}));
        match expected {
            "" => assert_eq!(found, [""; 0]),
            expected => assert!(found.len() == 1 && found[0].contains(expected), "{expected}: {found:?}"),
        }
    }
}
