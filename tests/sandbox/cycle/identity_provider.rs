//! Identity providers. Of the details only what is declared is compared, and they are replaced as a
//! whole: secrets that AWS does not show must be sent with every change.

use serde_json::{Value, json};

use super::row::{Row, Table, Without, row};
use super::run::run;

const GOOGLE: &str = "userPools.p.identityProviders.Google";
const FACEBOOK: &str = "userPools.p.identityProviders.Facebook";
const APPLE: &str = "userPools.p.identityProviders.SignInWithApple";
const SAML: &str = "userPools.p.identityProviders.Corp";

pub(crate) fn table() -> Table {
    let oidc = json!({"client_id": "id", "client_secret": "secret", "authorize_scopes": "openid",
        "attributes_request_method": "GET", "oidc_issuer": "https://okta.example.com"});
    let stack = json!({"stack": "cycle", "userPools": {"p": {"identityProviders": {
        "Okta": {"providerType": "OIDC", "providerDetails": oidc},
    }}}});
    let mut rows = vec![
        row("attributeMapping.email", "one", "two"),
        row("attributeMapping.username", "email", "upn"),
        row("idpIdentifiers", json!(["one.example.com"]), json!(["one.example.com", "two.example.com"])),
    ];
    for level in ["acrMapping.Level1", "acrMapping.Level2", "acrMapping.Level3", "acrMapping.Level4"] {
        rows.push(row(level, "one", "two"));
    }
    rows.extend(oidc_details());
    rows.extend(social_details());
    rows.extend(saml_details());
    Table { address: "userPools.p.identityProviders.Okta", stack, rows }
}

fn detail(path: &'static str, one: &str, two: &str) -> Row {
    row(path, one, two)
}

fn oidc_details() -> Vec<Row> {
    vec![
        detail("providerDetails.client_id", "one", "two").without(Without::Wrong),
        detail("providerDetails.client_secret", "one", "two").secret().without(Without::Kept),
        detail("providerDetails.authorize_scopes", "openid", "openid email").without(Without::Wrong),
        detail("providerDetails.attributes_request_method", "GET", "POST").without(Without::Wrong),
        detail("providerDetails.oidc_issuer", "https://one.example.com", "https://two.example.com")
            .without(Without::Wrong),
        detail("providerDetails.authorize_url", "https://one.example.com/a", "https://two.example.com/a")
            .without(Without::Kept),
        detail("providerDetails.token_url", "https://one.example.com/t", "https://two.example.com/t")
            .without(Without::Kept),
        detail("providerDetails.attributes_url", "https://one.example.com/u", "https://two.example.com/u")
            .without(Without::Kept),
        detail("providerDetails.jwks_uri", "https://one.example.com/j", "https://two.example.com/j")
            .without(Without::Kept),
    ]
}

fn social_details() -> Vec<Row> {
    let of = |key: &str, details: Value| json!({"userPools": {"p": {"identityProviders": {key: {"providerDetails": details}}}}});
    let google = || of("Google", json!({"client_id": "id", "client_secret": "secret", "authorize_scopes": "email"}));
    let facebook =
        || of("Facebook", json!({"client_id": "id", "client_secret": "secret", "authorize_scopes": "email"}));
    let apple = || {
        of(
            "SignInWithApple",
            json!({"client_id": "id", "team_id": "team", "key_id": "key", "private_key": "private", "authorize_scopes": "email"}),
        )
    };
    vec![
        detail("providerDetails.client_id", "one", "two").at(GOOGLE).stack(google()).without(Without::Wrong),
        detail("providerDetails.client_secret", "one", "two")
            .at(GOOGLE)
            .stack(google())
            .secret()
            .without(Without::Wrong),
        row("attributeMapping.email", "one", "two").at(GOOGLE).stack(google()),
        detail("providerDetails.api_version", "v21.0", "v22.0").at(FACEBOOK).stack(facebook()).without(Without::Kept),
        detail("providerDetails.team_id", "one", "two").at(APPLE).stack(apple()).without(Without::Wrong),
        detail("providerDetails.key_id", "one", "two").at(APPLE).stack(apple()).without(Without::Wrong),
        detail("providerDetails.private_key", "one", "two")
            .at(APPLE)
            .stack(apple())
            .remembered()
            .without(Without::Wrong),
    ]
}

fn saml_details() -> Vec<Row> {
    let stack = |details: Value| json!({"userPools": {"p": {"identityProviders": {"Corp": {"providerType": "SAML", "providerDetails": details}}}}});
    let by_url = || stack(json!({"MetadataURL": "https://saml.example.com/m"}));
    let flag = |path| detail(path, "true", "false").at(SAML).stack(by_url()).without(Without::Kept);
    vec![
        detail("providerDetails.MetadataURL", "https://one.example.com/m", "https://two.example.com/m")
            .at(SAML)
            .stack(by_url())
            .without(Without::Wrong),
        detail("providerDetails.MetadataFile", &metadata("one"), &metadata("two"))
            .at(SAML)
            .stack(stack(json!({})))
            .without(Without::Wrong),
        flag("providerDetails.IDPSignout"),
        flag("providerDetails.IDPInit"),
        flag("providerDetails.EncryptedResponses"),
    ]
}

fn metadata(name: &str) -> String {
    format!(
        r#"<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="https://{name}.example.com"><IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"><SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="https://{name}.example.com/sso"/></IDPSSODescriptor></EntityDescriptor>"#
    )
}

#[tokio::test(start_paused = true)]
async fn each_property_of_an_identity_provider() {
    run(&table()).await;
}
