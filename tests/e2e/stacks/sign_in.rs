//! The examples that are about ways to sign in.

use serde_json::{Value, json};

use super::{LAMBDA_ROLE, Story, assert_has, by_email_only, live_through};
use crate::aws::Aws;

const IDENTITY: &str = "arn:aws:ses:us-east-1:123456789012:identity/example.com";

/// The ARN of a function, by its name.
fn function(name: &str) -> String {
    format!("arn:aws:lambda:us-east-1:123456789012:function:{name}")
}

/// The flows of a client, sorted.
fn flows(aws: &Aws, pool: &str, client: &str) -> Vec<String> {
    let client = aws.client(pool, client);
    let flows = client["ExplicitAuthFlows"].as_array().expect("flows").iter();
    let mut flows: Vec<_> = flows.filter_map(Value::as_str).map(ToOwned::to_owned).collect();
    flows.sort();
    flows
}

#[test]
fn saml_login() {
    live_through(&Story {
        name: "saml-login",
        // ministack takes any address; AWS reads the metadata there, and refuses a provider without.
        variables: &["samlMetadataUrl=https://idp.example.com/metadata"],
        without: Some("managedLoginBranding"),
        addresses: &[
            "userPools.staff",
            "userPools.staff.clients.intranet",
            "userPools.staff.domains.example-staff-login",
            "userPools.staff.identityProviders.Company",
        ],
        create_order: &["CreateUserPool", "CreateIdentityProvider", "CreateUserPoolClient"],
        check: |aws| {
            let id = aws.pool_id("Staff");
            let domain = aws.idp("DescribeUserPoolDomain", &json!({"Domain": "example-staff-login"}));
            assert_has(&domain["DomainDescription"], &json!({"UserPoolId": id, "ManagedLoginVersion": 2}));
            let company = aws.provider(&id, "Company");
            assert_has(&company, &json!({"ProviderType": "SAML", "IdpIdentifiers": ["example.com"]}));
            assert_has(
                &company["ProviderDetails"],
                &json!({
                    "MetadataURL": "https://idp.example.com/metadata", "IDPSignout": "true",
                    "RequestSigningAlgorithm": "rsa-sha256",
                }),
            );
            let claims = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims";
            assert_has(
                &company["AttributeMapping"],
                &json!({
                    "email": format!("{claims}/emailaddress"), "given_name": format!("{claims}/givenname"),
                    "family_name": format!("{claims}/surname"),
                }),
            );
            assert_has(
                &aws.client(&id, "intranet"),
                &json!({"AllowedOAuthFlows": ["code"], "SupportedIdentityProviders": ["Company"]}),
            );
        },
        meddle: |aws| {
            let body = json!({
                "UserPoolId": aws.pool_id("Staff"), "ProviderName": "Company",
                "IdpIdentifiers": ["example.com", "example.net"],
            });
            aws.idp("UpdateIdentityProvider", &body);
        },
        drift: (
            "userPools.staff.identityProviders.Company",
            "idpIdentifiers",
            json!(["example.com", "example.net"]),
            json!(["example.com"]),
        ),
        writes: &["UpdateIdentityProvider"],
        allow_delete: &["userPools.staff"],
        delete_order: &["DeleteUserPoolDomain", "DeleteUserPool"],
    });
}

#[test]
fn passwordless() {
    // ministack keeps the settings, and has neither passkeys nor the flow USER_AUTH: nobody signs in here.
    live_through(&Story {
        name: "passwordless",
        variables: &[
            "appHost=shop.example.com",
            "sesIdentityArn=arn:aws:ses:us-east-1:123456789012:identity/example.com",
            "emailFrom=Shop <no-reply@example.com>",
        ],
        without: None,
        addresses: &["userPools.customers", "userPools.customers.clients.web"],
        create_order: &["CreateUserPool", "SetUserPoolMfaConfig"],
        check: |aws| {
            let pool = aws.pool(&aws.pool_id("Passwordless"));
            let id = pool["Id"].as_str().expect("an id");
            assert_has(&pool, &json!({"UserPoolTier": "ESSENTIALS", "AccountRecoverySetting": by_email_only()}));
            let factors = &pool["Policies"]["SignInPolicy"]["AllowedFirstAuthFactors"];
            let mut factors: Vec<_> = factors.as_array().expect("factors").iter().filter_map(Value::as_str).collect();
            factors.sort_unstable();
            assert_eq!(factors, ["EMAIL_OTP", "PASSWORD", "WEB_AUTHN"]);
            assert_has(
                &pool["EmailConfiguration"],
                &json!({
                    "EmailSendingAccount": "DEVELOPER", "SourceArn": IDENTITY, "From": "Shop <no-reply@example.com>",
                }),
            );
            let mfa = aws.idp("GetUserPoolMfaConfig", &json!({"UserPoolId": id}));
            assert_eq!(mfa["MfaConfiguration"], "OFF");
            assert_has(
                &mfa["WebAuthnConfiguration"],
                &json!({"RelyingPartyId": "shop.example.com", "UserVerification": "required"}),
            );
            assert_eq!(flows(aws, id, "web"), ["ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_AUTH"]);
        },
        meddle: |aws| {
            let webauthn = json!({"RelyingPartyId": "shop.example.com", "UserVerification": "preferred"});
            let body = json!({"UserPoolId": aws.pool_id("Passwordless"), "WebAuthnConfiguration": webauthn});
            aws.idp("SetUserPoolMfaConfig", &body);
        },
        drift: ("userPools.customers", "webAuthnConfiguration.userVerification", json!("preferred"), json!("required")),
        writes: &["SetUserPoolMfaConfig"],
        allow_delete: &["userPools.customers"],
        delete_order: &["DeleteUserPool"],
    });
}

#[test]
fn custom_challenge() {
    live_through(&Story {
        name: "custom-challenge",
        variables: &[LAMBDA_ROLE, "emailFrom=no-reply@example.com"],
        without: None,
        addresses: &[
            "functions.create",
            "functions.define",
            "functions.verify",
            "userPools.customers",
            "userPools.customers.clients.web",
            "userPools.customers.triggerPermissions[\"functions.create\"]",
            "userPools.customers.triggerPermissions[\"functions.define\"]",
            "userPools.customers.triggerPermissions[\"functions.verify\"]",
        ],
        create_order: &["CreateFunction", "AddPermission", "UpdateUserPool"],
        check: |aws| {
            let pool = aws.pool(&aws.pool_id("Custom Challenge"));
            assert_eq!(
                pool["LambdaConfig"],
                json!({
                    "DefineAuthChallenge": function("custom-challenge-define"),
                    "CreateAuthChallenge": function("custom-challenge-create"),
                    "VerifyAuthChallengeResponse": function("custom-challenge-verify"),
                })
            );
            let id = pool["Id"].as_str().expect("an id");
            assert_eq!(flows(aws, id, "web"), ["ALLOW_CUSTOM_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]);
            for name in ["define", "create", "verify"] {
                let policy = aws.lambda(&format!("/2015-03-31/functions/custom-challenge-{name}/policy"));
                assert!(policy["Policy"].as_str().is_some_and(|policy| policy.contains(id)), "{name}: {policy}");
            }
        },
        meddle: |aws| {
            let mut triggers = aws.pool(&aws.pool_id("Custom Challenge"))["LambdaConfig"].take();
            triggers["VerifyAuthChallengeResponse"] = triggers["DefineAuthChallenge"].clone();
            aws.change_pool(&aws.pool_id("Custom Challenge"), &json!({"LambdaConfig": triggers}));
        },
        drift: (
            "userPools.customers",
            "triggers.verifyAuthChallengeResponse",
            json!("arn:aws:lambda:us-east-1:123456789012:function:custom-challenge-define"),
            json!("arn:aws:lambda:us-east-1:123456789012:function:custom-challenge-verify"),
        ),
        writes: &["UpdateUserPool"],
        allow_delete: &["userPools.customers"],
        delete_order: &["DeleteUserPool", "DeleteFunction"],
    });
}

#[test]
fn user_migration() {
    live_through(&Story {
        name: "user-migration",
        variables: &[LAMBDA_ROLE, "oldDirectoryUrl=https://users.example.com"],
        without: None,
        addresses: &[
            "functions.migrate",
            "userPools.customers",
            "userPools.customers.clients.web",
            "userPools.customers.triggerPermissions[\"functions.migrate\"]",
        ],
        create_order: &["CreateFunction", "AddPermission", "UpdateUserPool"],
        check: |aws| {
            let pool = aws.pool(&aws.pool_id("Migrated Users"));
            assert_eq!(pool["LambdaConfig"], json!({"UserMigration": function("user-migration-migrate")}));
            let id = pool["Id"].as_str().expect("an id");
            assert_eq!(flows(aws, id, "web"), ["ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_PASSWORD_AUTH"]);
            let function = aws.lambda("/2015-03-31/functions/user-migration-migrate");
            assert_eq!(
                function["Configuration"]["Environment"]["Variables"],
                json!({"OLD_DIRECTORY_URL": "https://users.example.com", "OLD_DIRECTORY_KEY": "directory-key"})
            );
        },
        meddle: |aws| {
            let id = aws.pool_id("Migrated Users");
            let flows = ["ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_SRP_AUTH"];
            aws.change_client(&id, "web", &json!({"ExplicitAuthFlows": flows}));
        },
        drift: (
            "userPools.customers.clients.web",
            "explicitAuthFlows",
            json!(["ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_SRP_AUTH"]),
            json!(["ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_PASSWORD_AUTH"]),
        ),
        writes: &["UpdateUserPoolClient"],
        allow_delete: &["userPools.customers"],
        delete_order: &["DeleteUserPool", "DeleteFunction"],
    });
}
