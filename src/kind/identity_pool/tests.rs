use serde_json::{Value, json};

use crate::kind::Kind;
use crate::kind::testing::{assert_differ, assert_rules, assert_same, canonical, found};
use crate::path::Path;
use crate::reference::Reference;

const ROLE: &str = "arn:aws:iam::123456789012:role/shop";

#[test]
fn a_bare_identity_pool_is_as_aws_answers_whatever_the_year() {
    let declared = json!({"name": "pool"});
    for live in [
        json!({"name": "pool", "identityPoolId": "us-east-1:1", "allowUnauthenticatedIdentities": false}),
        json!({"name": "pool", "allowUnauthenticatedIdentities": false, "allowClassicFlow": false, "tags": {}}),
        json!({"name": "pool", "allowUnauthenticatedIdentities": false, "allowClassicFlow": false, "roles": {},
            "tags": {"aws:cloudformation:stack-name": "x", "poolkeeper:stack": "shop"}, "supportedLoginProviders": {},
            "principalTags": {"cognito-idp.us-east-1.amazonaws.com/p": {"useDefaults": false, "principalTags": {}}}}),
    ] {
        assert_same(Kind::IdentityPool, &declared, &live);
    }
}

#[test]
fn providers_are_a_set_and_rules_a_list() {
    let client =
        |id: &str| json!({"providerName": "cognito-idp.us-east-1.amazonaws.com/us-east-1_4eqqNP2gT", "clientId": id});
    let checked = |id: &str| {
        let mut client = client(id);
        client["serverSideTokenCheck"] = json!(false);
        client
    };
    assert_same(
        Kind::IdentityPool,
        &json!({"cognitoIdentityProviders": [client("b"), client("a")], "samlProviderArns": ["x", "y"]}),
        &json!({"cognitoIdentityProviders": [checked("a"), checked("b")], "samlProviderArns": ["y", "x"]}),
    );
    let rule = |value: &str| json!({"claim": "custom:role", "matchType": "Equals", "value": value, "roleArn": ROLE});
    let mapping = |rules: Value| {
        json!({"roleMappings": {"graph.facebook.com":
            {"type": "Rules", "ambiguousRoleResolution": "Deny", "rulesConfiguration": {"rules": rules}}}})
    };
    assert_differ(Kind::IdentityPool, &mapping(json!([rule("a"), rule("b")])), &mapping(json!([rule("b"), rule("a")])));
}

#[test]
fn aws_s_own_tag_mapping_is_one_thing_however_it_is_spelt() {
    let tags = |mapping: Value| json!({"principalTags": {"p": mapping}});
    let spelt_out = tags(json!({"useDefaults": true, "principalTags": {"username": "sub", "client": "aud"}}));
    assert_same(Kind::IdentityPool, &tags(json!({"useDefaults": true})), &spelt_out);
    assert_differ(Kind::IdentityPool, &json!({}), &spelt_out);
    assert_differ(Kind::IdentityPool, &json!({}), &tags(json!({"principalTags": {"team": "custom:team"}})));
}

#[test]
fn what_is_cleared_by_sending_it_empty_is_there() {
    let bare = canonical(Kind::IdentityPool, &json!({}));
    assert_eq!((&bare["roles"], &bare["roleMappings"]), (&json!({}), &json!({})));
    assert_eq!(bare["openIdConnectProviderArns"], json!([]));
}

#[test]
fn rules_across_properties() {
    let mapping = |mapping: Value| json!({"roleMappings": {"graph.facebook.com": mapping}});
    let rules = json!({"rules": [{"claim": "a", "matchType": "Equals", "value": "b", "roleArn": ROLE}]});
    let deny = "Deny";
    assert_rules(
        Kind::IdentityPool,
        [
            (json!({}), ""),
            (mapping(json!({"type": "Token", "ambiguousRoleResolution": deny})), ""),
            (mapping(json!({"type": "Rules", "ambiguousRoleResolution": deny, "rulesConfiguration": rules})), ""),
            (
                mapping(json!({"type": "Token", "ambiguousRoleResolution": deny, "rulesConfiguration": rules})),
                "roleMappings[\"graph.facebook.com\"].type: a role mapping of type Token has no `rulesConfiguration`",
            ),
            (mapping(json!({"type": "Rules", "ambiguousRoleResolution": deny})), "needs at least one rule"),
            (mapping(json!({"type": "Token"})), ".ambiguousRoleResolution: `ambiguousRoleResolution` is missing"),
            (
                json!({"principalTags": {"p": {"useDefaults": true, "principalTags": {"a": "b"}}}}),
                "would have no effect",
            ),
            (json!({"tags": {"aws:x": "y"}}), "tags[\"aws:x\"]: the tag `aws:x` cannot be set"),
        ],
    );
}

/// The usual key of a role mapping is not known before the pool exists; its value is judged all the same.
#[test]
fn an_open_key_does_not_hide_what_is_wrong_under_it() {
    let key = Reference("userPools.p.providerName".parse::<Path>().expect("a path")).embed();
    let pool = json!({"roleMappings": {key: {"type": "Rules", "ambiguousRoleResolution": "Deny"}}});
    assert_eq!(found(Kind::IdentityPool, &pool).len(), 1);
}
