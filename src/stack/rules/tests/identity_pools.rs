//! Identity pools: their providers, and what is for these.

use serde_json::{Value, json};

use super::made::assert_found;

#[test]
fn identity_pools() {
    let identity_pool = |properties: Value| json!({"identityPools": {"app": properties}});
    let shop = "cognito-idp.eu-west-1.amazonaws.com/eu-west-1_shop";
    let client = |name: &str, id: &str| json!({"providerName": name, "clientId": id});
    let oidc = "arn:aws:iam::123456789012:oidc-provider/issuer.example.com/a";
    assert_found([
        (
            identity_pool(json!({
                "supportedLoginProviders": {"accounts.google.com": "1"}, "roleMappings": {"graph.facebook.com": {}},
            })),
            "identityPools.app.roleMappings[\"graph.facebook.com\"]: `graph.facebook.com` is not a provider",
        ),
        (
            identity_pool(json!({"supportedLoginProviders": {"google.com": "${var.id}"}})),
            "supportedLoginProviders[\"google.com\"]: `google.com` is not a public service",
        ),
        (identity_pool(json!({"supportedLoginProviders": {"www.digits.com": "1", "${var.service}": "2"}})), ""),
        (
            identity_pool(
                json!({"cognitoIdentityProviders": [client(shop, "a"), client(shop, "b"), client(shop, "a")]}),
            ),
            "identityPools.app.cognitoIdentityProviders[2]: this client of this user pool is listed twice",
        ),
        (
            identity_pool(json!({"cognitoIdentityProviders": [client(shop, "${var.id}"), client(shop, "${var.id}")]})),
            "is listed twice",
        ),
        (identity_pool(json!({"cognitoIdentityProviders": [client(shop, "${var.a}"), client(shop, "${var.b}")]})), ""),
        (
            identity_pool(json!({
                "cognitoIdentityProviders": [client(shop, "a")], "principalTags": {format!("{shop}:a"): {}},
            })),
            "is not a provider of this identity pool",
        ),
        (
            identity_pool(json!({
                "cognitoIdentityProviders": [client(shop, "a")], "openIdConnectProviderArns": [oidc],
                "supportedLoginProviders": {"graph.facebook.com": "1"}, "developerProviderName": "login.example",
                "principalTags": {
                    shop: {}, oidc: {}, "issuer.example.com/a": {}, "graph.facebook.com": {}, "login.example": {},
                    "${userPools.p.providerName}": {},
                },
            })),
            "",
        ),
        (
            identity_pool(json!({
                "cognitoIdentityProviders": [client("${userPools.p.providerName}", "a")], "principalTags": {shop: {}},
            })),
            "",
        ),
    ]);
}
