use serde_json::{Value, json};

use super::super::super::Sandbox;
use super::super::super::state::Client;
use super::super::fixture::{INVALID, MISSING, ask, change_pool, done, recorded, refused, sandbox};

const METADATA: &str = "<EntityDescriptor><md:IDPSSODescriptor>\
     <md:SingleLogoutService Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST\" Location=\"https://e.com/post\"/>\
     <md:SingleLogoutService Binding='urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect'\n\
     ResponseLocation='https://e.com/back' Location='https://e.com/out?a=1&amp;b=2'/>\
     </md:IDPSSODescriptor></EntityDescriptor>";

fn social(kind: &str) -> Value {
    let details = match kind {
        "SignInWithApple" => json!({"client_id": "c", "team_id": "t", "key_id": "k", "private_key": "MIIsecret"}),
        _ => json!({"client_id": "c", "client_secret": "s", "authorize_scopes": "email"}),
    };
    json!({"ProviderName": kind, "ProviderType": kind, "ProviderDetails": details})
}

fn oidc(name: &str) -> Value {
    let details = json!({
        "client_id": "c",
        "client_secret": "s",
        "authorize_scopes": "openid",
        "attributes_request_method": "GET",
        "oidc_issuer": "https://id.example.com",
    });
    json!({"ProviderName": name, "ProviderType": "OIDC", "ProviderDetails": details})
}

fn saml(name: &str) -> Value {
    json!({"ProviderName": name, "ProviderType": "SAML", "ProviderDetails": {"MetadataFile": METADATA}})
}

/// The same with another value somewhere; without one where it is null.
fn with(mut input: Value, place: &[&str], value: Value) -> Value {
    let (last, before) = place.split_last().expect("a place");
    let parent = before.iter().fold(&mut input, |value, name| &mut value[*name]);
    if value.is_null() {
        parent.as_object_mut().expect("members").remove(*last);
    } else {
        parent[*last] = value;
    }
    input
}

async fn shown(sandbox: &Sandbox, name: &str) -> Value {
    done(sandbox, "DescribeIdentityProvider", json!({"ProviderName": name})).await["IdentityProvider"].take()
}

/// An update of all but the type, which cannot change.
fn as_update(input: Value) -> Value {
    with(input, &["ProviderType"], Value::Null)
}

/// Without what differs from one pool to another.
fn bare(mut provider: Value) -> Value {
    for member in ["UserPoolId", "CreationDate", "LastModifiedDate"] {
        provider.as_object_mut().expect("a provider").remove(member);
    }
    provider
}

#[tokio::test]
async fn social_providers_are_as_aws_shows_them() {
    let sandbox = sandbox();
    let real = bare(recorded("075-CreateIdentityProvider")["IdentityProvider"].take());
    let told = ["client_id", "client_secret", "authorize_scopes"];
    let details: serde_json::Map<_, _> =
        told.iter().map(|key| ((*key).to_owned(), real["ProviderDetails"][*key].clone())).collect();
    let mut input = with(social("Facebook"), &["ProviderDetails"], Value::Object(details));
    input["AttributeMapping"] = json!({"email": "email", "name": "name"});
    let mut answer = done(&sandbox, "CreateIdentityProvider", input).await;
    assert_eq!(bare(answer["IdentityProvider"].take()), real);

    let real = bare(recorded("derived-011-DescribeIdentityProvider")["IdentityProvider"].take());
    let details: serde_json::Map<_, _> =
        told.iter().map(|key| ((*key).to_owned(), real["ProviderDetails"][*key].clone())).collect();
    let mut input = with(social("Google"), &["ProviderDetails"], Value::Object(details));
    input["AttributeMapping"] = json!({"email": "email"});
    done(&sandbox, "CreateIdentityProvider", input).await;
    assert_eq!(bare(shown(&sandbox, "Google").await), real);

    done(&sandbox, "CreateIdentityProvider", social("LoginWithAmazon")).await;
    let listed = done(&sandbox, "ListIdentityProviders", json!({})).await;
    let names = |listed: &Value| -> Vec<(String, String)> {
        let providers = listed["Providers"].as_array().expect("providers");
        providers.iter().map(|own| (own["ProviderName"].to_string(), own["ProviderType"].to_string())).collect()
    };
    assert_eq!(names(&listed), names(&recorded("147-ListIdentityProviders")));
}

#[tokio::test]
async fn a_saml_provider_is_as_aws_shows_it() {
    let sandbox = sandbox();
    let mut real = bare(recorded("derived-012-DescribeIdentityProvider")["IdentityProvider"].take());
    let details = json!({"MetadataFile": real["ProviderDetails"]["MetadataFile"]});
    done(&sandbox, "CreateIdentityProvider", with(saml("cdkrd-hunt-saml"), &["ProviderDetails"], details)).await;
    let mut own = bare(shown(&sandbox, "cdkrd-hunt-saml").await);
    let certificate = |value: &mut Value| {
        value["ProviderDetails"]["ActiveEncryptionCertificate"].take().as_str().expect("a certificate").to_owned()
    };
    let (mine, theirs) = (certificate(&mut own), certificate(&mut real));
    assert_eq!((mine.len(), &mine[..20]), (theirs.len(), &theirs[..20]));
    assert_eq!(own, real);

    done(&sandbox, "CreateIdentityProvider", saml("other")).await;
    let details = shown(&sandbox, "other").await["ProviderDetails"].take();
    assert_eq!(details["SLORedirectBindingURI"], "https://e.com/out?a=1&b=2");
    assert_eq!(details.get("SSORedirectBindingURI"), None);
    assert_eq!(details["ActiveEncryptionCertificate"], mine.as_str(), "one certificate for a pool");
}

#[tokio::test]
async fn secrets_are_shown_but_apples_key_is_not() {
    let sandbox = sandbox();
    let apple = done(&sandbox, "CreateIdentityProvider", social("SignInWithApple")).await;
    assert_eq!(apple["IdentityProvider"]["ProviderDetails"].get("private_key"), None);
    assert_eq!(shown(&sandbox, "SignInWithApple").await["ProviderDetails"].get("private_key"), None);
    // So what is shown is not enough to send back.
    let back =
        json!({"ProviderName": "SignInWithApple", "ProviderDetails": apple["IdentityProvider"]["ProviderDetails"]});
    refused(&sandbox, "UpdateIdentityProvider", back, INVALID, "private_key").await;
    done(&sandbox, "CreateIdentityProvider", oidc("partner")).await;
    assert_eq!(shown(&sandbox, "partner").await["ProviderDetails"]["client_secret"], "s");
}

#[tokio::test]
async fn where_a_username_comes_from_without_being_said() {
    let sandbox = sandbox();
    let table = [
        (social("Google"), Value::Null, json!({"username": "sub"})),
        (social("Facebook"), Value::Null, json!({"username": "id"})),
        (social("LoginWithAmazon"), json!({"email": "e"}), json!({"email": "e", "username": "user_id"})),
        (social("SignInWithApple"), json!({"username": "x"}), json!({"username": "x"})),
        (oidc("plain"), Value::Null, json!({})),
        (oidc("mapped"), json!({"email": "e"}), json!({"email": "e", "username": "sub"})),
        (saml("saml"), json!({"email": "e"}), json!({"email": "e"})),
    ];
    for (input, mapping, expected) in table {
        let input = with(with(input, &["AttributeMapping"], json!({})), &["AttributeMapping"], mapping);
        let name = input["ProviderName"].as_str().expect("a name").to_owned();
        done(&sandbox, "CreateIdentityProvider", input).await;
        assert_eq!(shown(&sandbox, &name).await["AttributeMapping"], expected, "{name}");
    }
}

#[tokio::test]
async fn an_update_keeps_what_it_leaves_out_clears_what_is_empty_and_replaces_all_details() {
    let sandbox = sandbox();
    let mut input = oidc("partner");
    input["AttributeMapping"] = json!({"email": "mail"});
    input["IdpIdentifiers"] = json!(["example.com"]);
    input["AcrMapping"] = json!({"Level1": "urn:low"});
    done(&sandbox, "CreateIdentityProvider", input).await;
    let before = shown(&sandbox, "partner").await;

    let details = with(oidc("partner"), &["ProviderDetails", "client_secret"], Value::Null);
    done(&sandbox, "UpdateIdentityProvider", as_update(details)).await;
    let after = shown(&sandbox, "partner").await;
    assert_eq!(after["ProviderDetails"].get("client_secret"), None);
    for member in ["AttributeMapping", "IdpIdentifiers", "AcrMapping", "CreationDate", "ProviderType"] {
        assert_eq!(after[member], before[member], "{member}");
    }

    let empty = json!({"ProviderName": "partner", "AttributeMapping": {}, "IdpIdentifiers": []});
    done(&sandbox, "UpdateIdentityProvider", empty).await;
    let cleared = shown(&sandbox, "partner").await;
    assert_eq!((&cleared["AttributeMapping"], &cleared["IdpIdentifiers"]), (&json!({}), &json!([])));
    assert_eq!(cleared["ProviderDetails"], after["ProviderDetails"]);
}

#[tokio::test]
async fn a_provider_is_found_by_an_identifier() {
    let sandbox = sandbox();
    for (name, identifier) in [("one", "one.com"), ("two", "two.com")] {
        let input = with(oidc(name), &["IdpIdentifiers"], json!([identifier]));
        done(&sandbox, "CreateIdentityProvider", input).await;
    }
    let found = done(&sandbox, "GetIdentityProviderByIdentifier", json!({"IdpIdentifier": "two.com"})).await;
    assert_eq!(found["IdentityProvider"], shown(&sandbox, "two").await);
    let nobody = json!({"IdpIdentifier": "three.com"});
    refused(&sandbox, "GetIdentityProviderByIdentifier", nobody, MISSING, "three.com").await;
    let taken = json!({"ProviderName": "one", "IdpIdentifiers": ["one.com", "two.com"]});
    refused(&sandbox, "UpdateIdentityProvider", taken, INVALID, "two.com").await;
}

#[tokio::test]
async fn what_is_refused() {
    let sandbox = sandbox();
    let detail = |input: Value, key: &str, value: Value| with(input, &["ProviderDetails", key], value);
    let mapped = |key: &str| with(oidc("new"), &["AttributeMapping"], json!({ key: "claim" }));
    done(&sandbox, "CreateIdentityProvider", oidc("there")).await;
    let mut both = saml("new");
    both["ProviderDetails"]["MetadataURL"] = json!("https://e.com/metadata");
    let certified = detail(saml("new"), "ActiveEncryptionCertificate", json!("MII"));
    let table = [
        (oidc("there"), "DuplicateProviderException", "there already exists in user pool"),
        (
            with(social("Google"), &["ProviderName"], json!("Goggles")),
            INVALID,
            "Provider Goggles cannot be of type Google.",
        ),
        (oidc("Facebook"), INVALID, "Provider Facebook cannot be of type OIDC."),
        (certified, INVALID, "ActiveEncryptionCertificate is not a valid key for SAML identity provider details."),
        (detail(social("Google"), "team_id", json!("t")), INVALID, "team_id is not a valid key"),
        (detail(social("Google"), "client_secret", Value::Null), INVALID, "client_secret"),
        (detail(social("Facebook"), "authorize_scopes", Value::Null), INVALID, "authorize_scopes"),
        (detail(social("SignInWithApple"), "key_id", Value::Null), INVALID, "key_id"),
        (detail(oidc("new"), "oidc_issuer", json!("http://id.example.com")), INVALID, "https"),
        (detail(oidc("new"), "attributes_request_method", json!("PUT")), INVALID, "GET or POST"),
        (both, INVALID, "MetadataURL"),
        (with(saml("new"), &["ProviderDetails"], json!({"IDPSignout": "true"})), INVALID, "MetadataURL"),
        (detail(saml("new"), "MetadataFile", json!("no metadata")), INVALID, "metadata"),
        (detail(saml("new"), "IDPSignout", json!("yes")), INVALID, "IDPSignout"),
        (detail(saml("new"), "RequestSigningAlgorithm", json!("rsa-sha1")), INVALID, "rsa-sha256"),
        (mapped("custom:nothing"), INVALID, "AttributeMapping contains invalid mapping: [custom:nothing]"),
        (mapped("custom:born"), INVALID, "AttributeMapping contains invalid mapping: [custom:born]"),
        (mapped("sub"), INVALID, "AttributeMapping contains invalid mapping: [sub]"),
        (with(oidc("new"), &["IdpIdentifiers"], json!(["a", "a"])), INVALID, "identifier a"),
        (with(saml("new"), &["AcrMapping"], json!({"Level1": "x"})), INVALID, "AcrMapping"),
        (with(oidc("new"), &["UserPoolId"], json!("us-east-1_none")), MISSING, "us-east-1_none"),
    ];
    for (input, code, words) in table {
        refused(&sandbox, "CreateIdentityProvider", input, code, words).await;
    }
    for operation in ["DescribeIdentityProvider", "UpdateIdentityProvider", "DeleteIdentityProvider"] {
        let nobody = json!({"ProviderName": "nobody"});
        refused(&sandbox, operation, nobody, MISSING, "Identity provider nobody does not exist.").await;
    }
}

#[tokio::test]
async fn required_attributes_are_mapped() {
    let sandbox = sandbox();
    change_pool(&sandbox, |pool| {
        for attribute in pool.body["SchemaAttributes"].as_array_mut().into_iter().flatten() {
            attribute["Required"] = json!(["sub", "email", "name"].contains(&attribute["Name"].as_str().unwrap_or("")));
        }
    });
    let words = "The attribute mapping is missing required attributes [name, email]";
    refused(&sandbox, "CreateIdentityProvider", social("Google"), INVALID, words).await;
    let mapping = json!({"email": "email", "name": "name"});
    done(&sandbox, "CreateIdentityProvider", with(social("Google"), &["AttributeMapping"], mapping)).await;
    let empty = json!({"ProviderName": "Google", "AttributeMapping": {}});
    refused(&sandbox, "UpdateIdentityProvider", empty, INVALID, words).await;
}

#[tokio::test]
async fn a_provider_that_a_client_supports_stays() {
    let sandbox = sandbox();
    done(&sandbox, "CreateIdentityProvider", oidc("partner")).await;
    change_pool(&sandbox, |pool| {
        let mut client = Client::default();
        client.body.insert("SupportedIdentityProviders".into(), json!(["COGNITO", "partner"]));
        pool.clients.insert("client".into(), client);
    });
    let delete = json!({"ProviderName": "partner"});
    refused(&sandbox, "DeleteIdentityProvider", delete.clone(), INVALID, "partner").await;
    change_pool(&sandbox, |pool| pool.clients.clear());
    done(&sandbox, "DeleteIdentityProvider", delete.clone()).await;
    assert!(ask(&sandbox, "DescribeIdentityProvider", delete).await.is_err());
}
