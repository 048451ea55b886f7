//! What holds across roots: ids, domains, the region and the account.

use serde_json::{Value, json};

use super::made::assert_found;

#[test]
fn one_thing_has_one_address() {
    let shop = "eu-west-1_shop";
    assert_found([
        (
            json!({"userPools": {"p": {"id": shop}, "q": {"id": shop}}}),
            "userPools.q.id: the user pools `userPools.p` and `userPools.q` have the same `id`",
        ),
        (json!({"userPools": {"p": {"id": shop}, "q": {"id": "eu-west-1_other"}}}), ""),
        (
            json!({"identityPools": {"a": {"id": "eu-west-1:1"}, "b": {"id": "eu-west-1:1"}}}),
            "identityPools.b.id: the identity pools",
        ),
        (
            json!({"functions": {"f": {"id": "arn:aws:lambda:eu-west-1:123456789012:function:f"},
                "g": {"id": "arn:aws:lambda:eu-west-1:123456789012:function:f"}}}),
            "functions.g.id: the functions `functions.f` and `functions.g` have the same `id`",
        ),
        (
            json!({"userPools": {"p": {"clients": {"web": {"id": "1"}}}, "q": {"clients": {"app": {"id": "1"}}}}}),
            "userPools.q.clients.app.id: the app clients `userPools.p.clients.web` and `userPools.q.clients.app`",
        ),
        (
            json!({"userPools": {"p": {"domains": {"shop": {}}}, "q": {"domains": {"shop": {}}}}}),
            "userPools.q.domains.shop: `userPools.p.domains.shop` and `userPools.q.domains.shop` are one domain",
        ),
        (json!({"userPools": {"p": {"domains": {"shop": {}}}, "q": {"domains": {"shop-2": {}}}}}), ""),
    ]);
}

#[test]
fn ids_are_of_the_stacks_region() {
    let ids = |user_pool: &str, identity_pool: &str, function: &str| {
        json!({
            "region": "eu-west-1", "userPools": {"p": {"id": user_pool}},
            "identityPools": {"a": {"id": identity_pool}}, "functions": {"f": {"id": function}},
        })
    };
    let function = "arn:aws:lambda:eu-west-1:123456789012:function:f";
    let mut anywhere = ids("us-east-1_shop", "us-east-1:1", function);
    anywhere["region"] = Value::Null;
    assert_found([
        (ids("eu-west-1_shop", "eu-west-1:1", function), ""),
        (
            ids("us-east-1_shop", "eu-west-1:1", function),
            "userPools.p.id: this is in the region `us-east-1`, and the stack is in `eu-west-1`",
        ),
        (ids("eu-west-1_shop", "us-east-1:1", function), "identityPools.a.id: this is in the region `us-east-1`"),
        (
            ids("eu-west-1_shop", "eu-west-1:1", "arn:aws:lambda:us-east-1:123456789012:function:f"),
            "functions.f.id: this is in the region `us-east-1`",
        ),
        // An emulator's.
        (ids("local_shop", "local:1", function), ""),
        (anywhere, ""),
    ]);
}

#[test]
fn roles_and_providers_are_of_the_stacks_account() {
    let (own, other) = ("123456789012", "999999999999");
    let role = |account: &str| format!("arn:aws:iam::{account}:role/r");
    let saml = |account: &str| format!("arn:aws:iam::{account}:saml-provider/company");
    let oidc = |account: &str| format!("arn:aws:iam::{account}:oidc-provider/issuer.example.com");
    let function = |role: &str| json!({"account": own, "functions": {"f": {"role": role}}});
    let group = |role: &str| json!({"account": own, "userPools": {"p": {"groups": {"g": {"roleArn": role}}}}});
    let identity_pool = |properties: Value| json!({"account": own, "identityPools": {"a": properties}});
    let rules = json!({"accounts.google.com": {"rulesConfiguration": {"rules": [{"roleArn": role(other)}]}}});
    assert_found([
        (function(&role(own)), ""),
        (
            function(&role(other)),
            "functions.f.role: this is in the account 999999999999, and the stack is in 123456789012",
        ),
        (function("arn:aws:iam::${aws.account}:role/r"), ""),
        (group(&role(own)), ""),
        (group(&role(other)), "userPools.p.groups.g.roleArn: this is in the account 999999999999"),
        (
            identity_pool(json!({"roles": {"unauthenticated": role(other)}})),
            "identityPools.a.roles.unauthenticated: this",
        ),
        (
            identity_pool(json!({"supportedLoginProviders": {"accounts.google.com": "1"}, "roleMappings": rules})),
            "rulesConfiguration.rules[0].roleArn: this is in the account",
        ),
        (
            identity_pool(json!({"samlProviderArns": [saml(own), saml(other)]})),
            "samlProviderArns[1]: this is in the account",
        ),
        (
            identity_pool(json!({"openIdConnectProviderArns": [oidc(other)]})),
            "openIdConnectProviderArns[0]: this is in",
        ),
        // What a function is told, its layers and triggers of others may be of any account.
        (
            json!({"account": own, "functions": {"f": {
                "environment": {"role": role(other)}, "tags": {"role": role(other)},
                "layers": ["arn:aws:lambda:eu-west-1:999999999999:layer:l:1"],
            }}}),
            "",
        ),
        (json!({"functions": {"f": {"role": role(other)}}}), ""),
    ]);
}
