use serde_json::{Value, json};

use super::detail_names;

use crate::kind::Kind;
use crate::kind::testing::{assert_differ, assert_rules, assert_same, canonical};

/// AWS adds where the user name comes from; what else is mapped is the user's.
#[test]
fn the_mapping_that_aws_adds_is_no_difference() {
    for (kind, claim) in
        [("Google", "sub"), ("SignInWithApple", "sub"), ("Facebook", "id"), ("LoginWithAmazon", "user_id")]
    {
        let declared = json!({"providerType": kind, "attributeMapping": {"email": "email"}});
        let mut live = json!({"providerType": kind, "attributeMapping": {"email": "email", "username": claim},
            "idpIdentifiers": [], "creationDate": "2025-03-14T15:38:13.759000+08:00"});
        assert_same(Kind::IdentityProvider, &declared, &live);
        live["attributeMapping"]["username"] = json!("email");
        assert_differ(Kind::IdentityProvider, &declared, &live);
    }
    let saml = |mapping: Value| json!({"providerType": "SAML", "attributeMapping": mapping});
    assert_differ(Kind::IdentityProvider, &saml(json!({})), &saml(json!({"username": "sub"})));
}

/// AWS keeps what an update leaves out, so what the file no longer names must be sent as empty.
#[test]
fn what_is_cleared_by_sending_it_empty_is_there() {
    let oidc = canonical(Kind::IdentityProvider, &json!({"providerType": "OIDC"}));
    assert_eq!(
        (&oidc["attributeMapping"], &oidc["idpIdentifiers"], &oidc["acrMapping"]),
        (&json!({}), &json!([]), &json!({}))
    );
    let saml = canonical(Kind::IdentityProvider, &json!({"providerType": "SAML", "acrMapping": {}}));
    assert_eq!(saml.get("acrMapping"), None, "only OIDC providers have one");
}

#[test]
fn secrets_are_marked_in_the_schema() {
    let details = &Kind::IdentityProvider.schema()["properties"]["providerDetails"];
    for name in ["client_secret", "private_key"] {
        assert_eq!(details["properties"][name]["x-secret"], true);
    }
    assert_eq!(details["additionalProperties"]["x-secret"], true, "a slip in the name of a secret shows no secret");
    for name in ["Facebook", "Google", "LoginWithAmazon", "SignInWithApple", "OIDC"]
        .iter()
        .filter_map(|kind| detail_names(kind))
        .flatten()
    {
        assert!(details["properties"].get(*name).is_some(), "{name} is described");
    }
    assert_eq!(details["x-compare"], "declared");
}

const METADATA: &str = "<EntityDescriptor><IDPSSODescriptor/></EntityDescriptor>";

#[test]
fn rules_across_properties() {
    let provider = |kind: &str, details: Value| json!({"providerType": kind, "providerDetails": details});
    let social = || json!({"client_id": "a", "client_secret": "b", "authorize_scopes": "email"});
    let oidc = |issuer: &str, method: &str| {
        provider(
            "OIDC",
            json!({"client_id": "a", "authorize_scopes": "openid", "attributes_request_method": method,
            "oidc_issuer": issuer}),
        )
    };
    let with_acr = |mut provider: Value| {
        provider["acrMapping"] = json!({"Level1": "low"});
        provider
    };
    assert_rules(
        Kind::IdentityProvider,
        [
            (json!({}), "providerType: `providerType` is missing"),
            (provider("Google", social()), ""),
            (
                provider("Google", json!({"client_id": "a", "authorize_scopes": "email"})),
                "providerDetails.client_secret: `providerDetails` lacks `client_secret`",
            ),
            (provider("SignInWithApple", json!({"client_id": "a"})), "lacks `team_id`, `key_id`, `private_key`"),
            (oidc("https://issuer.example", "GET"), ""),
            (with_acr(oidc("https://issuer.example", "GET")), ""),
            (oidc("http://issuer.example", "GET"), "providerDetails.oidc_issuer: `oidc_issuer` must be an https URL"),
            (oidc("https://issuer.example", "get"), "`attributes_request_method` is `GET` or `POST`"),
            (with_acr(provider("Google", social())), "acrMapping: `acrMapping` is only for a provider of type OIDC"),
            (provider("SAML", json!({"MetadataURL": "https://a.example", "IDPSignout": "true"})), ""),
            (provider("SAML", json!({})), "needs `MetadataURL` or `MetadataFile`"),
            (provider("SAML", json!({"MetadataURL": "https://a.example", "MetadataFile": METADATA})), "has both"),
            (
                provider("SAML", json!({"MetadataFile": METADATA, "IDPInit": "yes"})),
                "providerDetails.IDPInit: `IDPInit` is the text",
            ),
            (provider("SAML", json!({"MetadataFile": METADATA, "RequestSigningAlgorithm": "rsa-sha256"})), ""),
            (provider("SAML", json!({"MetadataFile": "./metadata.xml"})), "is no SAML metadata"),
            (
                provider("SAML", json!({"MetadataFile": METADATA, "RequestSigningAlgorithm": "rsa-sha1"})),
                "providerDetails.RequestSigningAlgorithm: `RequestSigningAlgorithm` is `rsa-sha256`",
            ),
            (
                provider("SAML", json!({"MetadataFile": METADATA, "ActiveEncryptionCertificate": "MII"})),
                "AWS derives `ActiveEncryptionCertificate`",
            ),
        ],
    );
}
