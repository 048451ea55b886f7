//! From what is live to the file, without AWS.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::*;
use crate::calls::user_pool::set_whole_spec;
use crate::live::attributes;
use crate::ownership::Ledger;

const ROLE: &str = "arn:aws:iam::123456789012:role/app";

fn place() -> Place {
    Place { region: "eu-west-1".into(), account: "123456789012".into(), partition: "aws".into() }
}

fn live(kind: Kind, key: &str, id: &str, body: Value) -> Live {
    let mut live = Live::read(kind, key, id, body).expect("a spec");
    live.attributes = attributes(&live, &place());
    live
}

fn root(live: Live, children: Vec<Live>) -> Root {
    Root { live, owned: false, children, ledger: Ledger::default(), permissions: BTreeMap::new() }
}

/// A pool with these members, and what is in it.
fn pool(id: &str, name: &str, more: &Value, mfa: Value, children: Vec<Live>) -> Root {
    let mut body = json!({"Name": name, "Id": id, "Arn": format!("arn:aws:cognito-idp:eu-west-1:123456789012:userpool/{id}"),
        "CreationDate": 1_700_000_000, "EstimatedNumberOfUsers": 1});
    for (key, value) in more.as_object().into_iter().flatten() {
        body[key] = value.clone();
    }
    let mut live = live(Kind::UserPool, name, id, body);
    live.second = mfa;
    set_whole_spec(&mut live).expect("a spec");
    live.attributes = attributes(&live, &place());
    root(live, children)
}

fn client(name: &str, id: &str, body: Value) -> Live {
    let mut body = body;
    body["ClientName"] = json!(name);
    live(Kind::Client, name, id, body)
}

/// One of each kind, and two of some.
fn estate() -> Vec<Root> {
    let google = json!({"ProviderType": "Google", "ProviderDetails": {"client_id": "1234.apps", "client_secret": "hush-hush-1",
        "authorize_scopes": "openid", "token_url": "https://www.googleapis.com/oauth2/v4/token"}, "AttributeMapping": {"email": "email", "username": "sub"}});
    let apple = json!({"ProviderType": "SignInWithApple", "ProviderDetails": {"client_id": "a", "team_id": "T", "key_id": "K"}});
    let children = vec![
        live(Kind::IdentityProvider, "Google", "Google", google),
        live(Kind::IdentityProvider, "SignInWithApple", "SignInWithApple", apple),
        live(Kind::Group, "eu-west-1_abc_Google", "eu-west-1_abc_Google", json!({})),
        live(Kind::Group, "admins", "admins", json!({"Precedence": 0, "Description": "Who may\nall ${things}"})),
        live(Kind::Domain, "shop", "shop", json!({"Domain": "shop", "ManagedLoginVersion": 2})),
        client(
            "web",
            "bbb",
            json!({"ClientSecret": "never-to-be-seen", "AllowedOAuthScopes": ["gone/read"], "AccessTokenValidity": 1,
            "TokenValidityUnits": {"AccessToken": "days"}}),
        ),
        client("web", "aaa", json!({})),
        client("AmazonOpenSearchService-x", "ccc", json!({})),
    ];
    let sms = json!({"SnsCallerArn": ROLE, "SnsRegion": "eu-west-1"});
    let user_pool = pool(
        "eu-west-1_abc",
        "Shop: users, EU",
        &json!({"UserPoolTags": {"team": "hush-hush-1 and more", "aws:x": "1", "poolkeeper:stack": "other", "poolkeeper:resource": "userPools.x"},
            "SmsConfiguration": sms, "Policies": {"PasswordPolicy": {"MinimumLength": 8, "RequireNumbers": true}},
            "SchemaAttributes": [{"Name": "sub", "Required": true, "Mutable": false}, {"Name": "email", "AttributeDataType": "String", "Mutable": true,
                "StringAttributeConstraints": {"MinLength": "0", "MaxLength": "2048"}}, {"Name": "custom:team", "AttributeDataType": "String",
                "StringAttributeConstraints": {"MinLength": "5"}}, {"Name": "birthdate", "Required": true}],
            "VerificationMessageTemplate": {"EmailMessage": "Hello,\n\n{####}\n"}, "Domain": "shop"}),
        json!({"MfaConfiguration": "OPTIONAL", "SoftwareTokenMfaConfiguration": {"Enabled": true}, "SmsMfaConfiguration": {"SmsConfiguration": sms},
            "WebAuthnConfiguration": {"RelyingPartyId": "shop.auth.eu-west-1.amazoncognito.com"}}),
        children,
    );
    let provider = "cognito-idp.eu-west-1.amazonaws.com/eu-west-1_abc";
    let mut identity = live(
        Kind::IdentityPool,
        "app",
        "eu-west-1:0a1b",
        json!({"IdentityPoolName": "app", "CognitoIdentityProviders": [
            {"ProviderName": provider, "ClientId": "bbb", "ServerSideTokenCheck": true}, {"ProviderName": provider, "ClientId": "gone"}],
            "SupportedLoginProviders": {"api.twitter.com": "key;secret"}}),
    );
    identity.spec["roles"] = json!({"authenticated": ROLE});
    identity.spec["roleMappings"] =
        json!({format!("{provider}:bbb"): {"type": "Token", "ambiguousRoleResolution": "Deny"}});
    identity.spec["principalTags"] = json!({provider: {"useDefaults": true, "principalTags": {}}});
    vec![user_pool, root(identity, Vec::new())]
}

#[test]
fn an_estate_is_a_file_that_a_person_could_have_written() {
    let exported = export(&estate(), None, &place());
    insta::assert_snapshot!(exported.text, @r##"
    # yaml-language-server: $schema=schema.json
    #
    # Exported from eu-west-1 of account 123456789012. `poolkeeper plan` with this file shows what
    # `poolkeeper apply` would adopt; `poolkeeper schema > schema.json` helps editors with it.
    #
    # Set these variables of the environment first:
    #   SHOP_USERS_EU_GOOGLE_CLIENT_SECRET            userPools.Shop-users-EU.identityProviders.Google.providerDetails.client_secret
    #   SHOP_USERS_EU_SIGN_IN_WITH_APPLE_PRIVATE_KEY  userPools.Shop-users-EU.identityProviders.SignInWithApple.providerDetails.private_key (AWS does not show it)
    #   APP_API_TWITTER_COM                           identityPools.app.supportedLoginProviders["api.twitter.com"]

    stack: shop-users-eu
    region: eu-west-1
    account: "123456789012"

    userPools:
      # Made on 2023-11-14, about 1 user.
      # It belongs to stack other as userPools.x, so a plan of this file is blocked without --take-over.
      # Left out, since AWS made it: group eu-west-1_abc_Google, app client AmazonOpenSearchService-x.
      Shop-users-EU:
        id: eu-west-1_abc
        name: "Shop: users, EU"
        tags: {team: "${env:SHOP_USERS_EU_GOOGLE_CLIENT_SECRET} and more"}
        schema:
          - {name: birthdate, required: true}
          - {name: custom:team, stringAttributeConstraints: {minLength: 5}}
        policies:
          passwordPolicy:
            requireLowercase: false
            requireUppercase: false
            requireNumbers: true
            requireSymbols: false
        verificationMessageTemplate:
          emailMessage: |
            Hello,

            {####}
        mfaConfiguration: OPTIONAL
        softwareTokenMfaConfiguration: {enabled: true}
        # AWS shows this after SMS was turned off as a factor too: take it out if it is none.
        smsMfaConfiguration: {}
        smsConfiguration: {snsCallerArn: arn:aws:iam::123456789012:role/app}
        # Something here names a provider, a scope or a domain that the pool does not have.
        unmanaged: ignore

        identityProviders:
          Google:
            providerDetails:
              client_id: 1234.apps
              client_secret: ${env:SHOP_USERS_EU_GOOGLE_CLIENT_SECRET}
              authorize_scopes: openid
            attributeMapping: {email: email}
          SignInWithApple:
            providerDetails:
              client_id: a
              team_id: T
              key_id: K
              private_key: ${env:SHOP_USERS_EU_SIGN_IN_WITH_APPLE_PRIVATE_KEY}

        groups:
          admins:
            description: |-
              Who may
              all $${things}
            precedence: 0

        domains:
          shop: {managedLoginVersion: 2}

        clients:
          web:
            id: aaa
          web-2:
            id: bbb
            name: web
            generateSecret: true
            accessTokenValidity: 1
            tokenValidityUnits: {accessToken: days}
            allowedOAuthScopes: [gone/read]

    identityPools:
      app:
        id: eu-west-1:0a1b
        name: app
        cognitoIdentityProviders:
          - providerName: ${userPools.Shop-users-EU.providerName}
            clientId: ${userPools.Shop-users-EU.clients.web-2.id}
            serverSideTokenCheck: true
          - {providerName: "${userPools.Shop-users-EU.providerName}", clientId: gone}
        supportedLoginProviders: {api.twitter.com: "${env:APP_API_TWITTER_COM}"}
        roles: {authenticated: arn:aws:iam::123456789012:role/app}
        roleMappings:
          "${userPools.Shop-users-EU.providerName}:${userPools.Shop-users-EU.clients.web-2.id}":
            type: Token
            ambiguousRoleResolution: Deny
        principalTags: {"${userPools.Shop-users-EU.providerName}": {useDefaults: true}}
    "##);
    insta::assert_snapshot!(exported.notes.join("\n"), @r"
    Shop: users, EU (eu-west-1_abc) belongs to stack other as userPools.x: a plan of the exported file is blocked without --take-over
    userPools.Shop-users-EU has `unmanaged: ignore`, since something here names a provider, a scope or a domain that the pool does not have
    ");
    let secrets: Vec<Option<&str>> = exported.secrets.iter().map(|secret| secret.value.as_deref()).collect();
    assert_eq!(secrets, [Some("hush-hush-1"), None, Some("key;secret")]);
}

#[test]
fn sms_is_no_factor_where_aws_would_not_have_taken_it_for_one() {
    let sms = json!({"SnsCallerArn": ROLE});
    let exported = |recovery: Value, token: bool| {
        let more = json!({"SmsConfiguration": sms, "AccountRecoverySetting": {"RecoveryMechanisms": recovery}});
        let mfa = json!({"MfaConfiguration": "OPTIONAL", "SoftwareTokenMfaConfiguration": {"Enabled": token},
            "SmsMfaConfiguration": {"SmsConfiguration": sms}});
        export(&[pool("eu-west-1_abc", "a", &more, mfa, Vec::new())], Some("shop"), &place()).text
    };
    let phone = json!([{"Priority": 1, "Name": "verified_phone_number"}]);
    assert!(!exported(phone, true).contains("smsMfaConfiguration"));
    let mail = json!([{"Priority": 1, "Name": "verified_email"}]);
    assert!(exported(mail.clone(), true).contains("    # AWS shows this"));
    assert!(
        exported(mail.clone(), false).contains("    smsMfaConfiguration: {}")
            && !exported(mail, false).contains("# AWS shows")
    );
}

#[test]
fn pools_with_one_name_have_keys_of_their_own() {
    let one = |id: &str| pool(id, "a b", &json!({}), json!({"MfaConfiguration": "OFF"}), Vec::new());
    let text = export(&[one("eu-west-1_1"), one("eu-west-1_2")], Some("shop"), &place()).text;
    assert!(
        text.contains("  a-b:\n    id: eu-west-1_1\n    name: a b\n")
            && text.contains("  a-b-2:\n    id: eu-west-1_2\n    name: a b\n"),
        "{text}"
    );
}

#[test]
fn a_secret_that_is_a_common_word_leaves_the_stack_its_name() {
    let google = json!({"ProviderType": "Google", "ProviderDetails": {"client_id": "x", "client_secret": "secret"}});
    let child = live(Kind::IdentityProvider, "Google", "Google", google);
    let exported = export(&[pool("eu-west-1_a", "my secret pool", &json!({}), json!({}), vec![child])], None, &place());
    assert!(exported.text.contains("\nstack: my-secret-pool\nregion: eu-west-1\n"), "{}", exported.text);
    assert!(exported.text.contains("\n    name: my ${env:MY_SECRET_POOL_GOOGLE_CLIENT_SECRET} pool\n"));
}
