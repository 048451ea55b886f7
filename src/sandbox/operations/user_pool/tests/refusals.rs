//! What a new pool, and an update, cannot say. Nothing changes by what is refused.

use std::time::Duration;

use serde_json::{Value, json};

use super::{ask, described, done, pool, sandbox, sms, with};

const INVALID: &str = "InvalidParameterException";
const UNAVAILABLE: &str = "FeatureUnavailableInTierException";
const FUNCTION: &str = "arn:aws:lambda:us-east-1:123456789012:function:one";

/// Settings that no pool may have, the code, and a part of the message.
// A table.
#[allow(clippy::too_many_lines)]
fn settings() -> Vec<(Value, &'static str, &'static str)> {
    let other = "arn:aws:lambda:us-east-1:123456789012:function:other";
    let v2 = |arn: &str| json!({"LambdaVersion": "V2_0", "LambdaArn": arn});
    let first = |factors: &[&str]| json!({"Policies": {"SignInPolicy": {"AllowedFirstAuthFactors": factors}}});
    let recovery = |mechanisms: &[(i64, &str)]| {
        let mechanisms = mechanisms.iter().map(|(priority, name)| json!({"Priority": priority, "Name": name}));
        json!({"AccountRecoverySetting": {"RecoveryMechanisms": mechanisms.collect::<Vec<_>>()}})
    };
    let source = |region: &str, account: &str| {
        let arn = format!("arn:aws:ses:{region}:{account}:identity/example.com");
        json!({"EmailConfiguration": {"EmailSendingAccount": "DEVELOPER", "SourceArn": arn}})
    };
    let many = |count: usize| -> Value { (0..count).map(|n| (format!("key-{n}"), json!("value"))).collect() };
    vec![
        (
            json!({"AutoVerifiedAttributes": ["phone_number"]}),
            INVALID,
            "SMS configuration is required when phone_number is selected for auto verification",
        ),
        (
            json!({"UserAttributeUpdateSettings": {"AttributesRequireVerificationBeforeUpdate": ["email"]}}),
            INVALID,
            "All attributes in AttributesRequireVerificationBeforeUpdate must exist in AutoVerifiedAttributes",
        ),
        (first(&["EMAIL_OTP"]), INVALID, "Password should be configured as one of the allowed first auth factors."),
        (first(&["PASSWORD", "SMS_OTP"]), INVALID, "SMS_OTP"),
        (first(&["PASSWORD", "SOFTWARE_TOKEN"]), INVALID, "SOFTWARE_TOKEN"),
        (with(&first(&["PASSWORD", "WEB_AUTHN"]), &json!({"UserPoolTier": "LITE"})), UNAVAILABLE, "Passwordless"),
        (json!({"UserPoolAddOns": {"AdvancedSecurityMode": "AUDIT"}}), UNAVAILABLE, "PLUS"),
        (
            json!({"UserPoolTier": "LITE", "LambdaConfig": {"PreTokenGenerationConfig": v2(FUNCTION)}}),
            UNAVAILABLE,
            "Access token",
        ),
        (json!({"UserPoolTier": "LITE", "AcrConfiguration": {"Level1": {"AcrValue": "one"}}}), UNAVAILABLE, "ACR"),
        (
            json!({"UserPoolTier": "LITE", "Policies": {"PasswordPolicy": {"PasswordHistorySize": 3}}}),
            UNAVAILABLE,
            "history",
        ),
        (json!({"AcrConfiguration": {"Level1": {"AcrValue": "urn:cognito:loa:4"}}}), INVALID, "unique"),
        (
            json!({"LambdaConfig": {"CustomSMSSender": {"LambdaVersion": "V1_0", "LambdaArn": FUNCTION}}}),
            INVALID,
            "KMSKeyID",
        ),
        (
            json!({"LambdaConfig": {"PreTokenGeneration": other, "PreTokenGenerationConfig": v2(FUNCTION)}}),
            INVALID,
            "PreTokenGeneration",
        ),
        (
            json!({"LambdaConfig": {"PreSignUp": "arn:aws:lambda:eu-west-1:123456789012:function:one"}}),
            INVALID,
            "region",
        ),
        (recovery(&[(1, "admin_only"), (2, "verified_email")]), INVALID, "admin_only"),
        (recovery(&[(1, "verified_phone_number"), (1, "verified_email")]), INVALID, "same name or priority"),
        (recovery(&[(1, "verified_email"), (2, "verified_email")]), INVALID, "same name or priority"),
        (recovery(&[(1, "verified_phone_number")]), INVALID, "SMS configuration is required"),
        (json!({"EmailConfiguration": {"EmailSendingAccount": "DEVELOPER"}}), INVALID, "SourceArn is required"),
        (
            json!({"EmailConfiguration": {"SourceArn": "arn:aws:ses:eu-central-1:123456789012:identity/example.com"}}),
            INVALID,
            "Provided SourceArn must be in one of the following SES regions",
        ),
        (
            source("eu-central-1", "123456789012"),
            INVALID,
            "Provided SourceArn must be in one of the following SES regions: eu-west-1, us-east-1, us-west-2.",
        ),
        (source("us-west-2", "210987654321"), "NotAuthorizedException", "Email arn does not belong to your account"),
        (
            json!({"SmsConfiguration": with(&sms(), &json!({"SnsRegion": "eu-west-1"}))}),
            INVALID,
            "Invalid snsRegion. Allowed SNS region for us-east-1 is us-east-1",
        ),
        (
            json!({"SmsConfiguration": with(&sms(), &json!({"EumsSms": {"CallerArn": "arn:aws:iam::123456789012:role/sms"}}))}),
            INVALID,
            "End User Messaging",
        ),
        (json!({"SmsConfiguration": {"ExternalId": "id"}}), INVALID, "SnsCallerArn"),
        (json!({"KeyConfiguration": {"KeyType": "CUSTOMER_MANAGED_KEY"}}), INVALID, "KmsKeyArn is required"),
        (
            json!({"KeyConfiguration": {"KmsKeyArn": "arn:aws:kms:us-east-1:123456789012:key/1"}}),
            INVALID,
            "KmsKeyArn is only allowed",
        ),
        (
            json!({"AdminCreateUserConfig": {"InviteMessageTemplate": {"SMSMessage": "Your code is {####}."}}}),
            INVALID,
            "{username}",
        ),
        (
            json!({
                "EmailVerificationSubject": "old",
                "VerificationMessageTemplate": {"EmailSubject": "new"},
            }),
            INVALID,
            "EmailVerificationSubject",
        ),
        (
            json!({
                "Policies": {"PasswordPolicy": {"TemporaryPasswordValidityDays": 7}},
                "AdminCreateUserConfig": {"UnusedAccountValidityDays": 7},
            }),
            INVALID,
            "Please use TemporaryPasswordValidityDays in PasswordPolicy instead of UnusedAccountValidityDays",
        ),
        (json!({"UserPoolTags": many(51)}), INVALID, "tags"),
        (json!({"UserPoolTags": {"aws:team": "a"}}), INVALID, "aws:"),
    ]
}

#[tokio::test]
async fn neither_a_new_pool_nor_an_update_takes_settings_that_cannot_be_together() {
    for (settings, code, message) in settings() {
        let sandbox = sandbox();
        let told = |refused: Result<Value, (String, String)>, what: &str| {
            let Err((own_code, own_message)) = refused else { panic!("{what} took {settings}") };
            assert_eq!(own_code, code, "{what} of {settings}: {own_message}");
            assert!(own_message.contains(message), "{what} of {settings}: {own_message}");
        };
        told(ask(&sandbox, "CreateUserPool", &with(&json!({"PoolName": "pool"}), &settings)).await, "CreateUserPool");
        assert!(
            sandbox.look(|state| state.accounts.values().flat_map(|a| a.values()).all(|r| r.user_pools.is_empty()))
        );
        let tier = settings.get("UserPoolTier").cloned().unwrap_or_else(|| json!("ESSENTIALS"));
        let id = pool(&sandbox, &json!({"UserPoolTier": tier, "UserPoolTags": {"team": "a"}})).await;
        let before = described(&sandbox, &id).await;
        told(ask(&sandbox, "UpdateUserPool", &with(&json!({"UserPoolId": id}), &settings)).await, "UpdateUserPool");
        assert_eq!(described(&sandbox, &id).await, before, "changed by {settings}, which was refused");
    }
}

#[tokio::test]
async fn only_a_new_pool_says_how_users_are_named_and_what_they_have() {
    let cases = [
        (json!({"AliasAttributes": ["email"], "UsernameAttributes": ["email"]}), "usernameAttributes"),
        (
            json!({"MfaConfiguration": "OPTIONAL"}),
            "SMS configuration and Auto verification for phone_number are required",
        ),
        (json!({"MfaConfiguration": "ON", "SmsConfiguration": sms()}), "SMS configuration and Auto verification"),
        (json!({"Schema": [{"Name": "email", "AttributeDataType": "Number"}]}), "standard schema attribute email"),
        (
            json!({"Schema": [{"Name": "email"}, {"Name": "email"}]}),
            "email: Existing attribute already has name email.",
        ),
        (json!({"Schema": [{"Name": "tenant"}]}), "Invalid AttributeDataType input"),
        (
            json!({"Schema": [{"Name": "tenant", "AttributeDataType": "String", "Required": true}]}),
            "Required custom attributes are not supported currently.",
        ),
    ];
    for (settings, message) in cases {
        let sandbox = sandbox();
        let refused = ask(&sandbox, "CreateUserPool", &with(&json!({"PoolName": "pool"}), &settings)).await;
        let Err((code, own)) = refused else { panic!("a pool was made with {settings}") };
        assert_eq!(code, INVALID, "{settings}");
        assert!(own.contains(message), "{settings}: {own}");
    }
}

#[tokio::test]
async fn an_update_is_refused_for_what_the_pool_has() {
    let phone = json!({"SmsConfiguration": sms(), "AutoVerifiedAttributes": ["phone_number"]});
    let with_sms = with(&phone, &json!({"MfaConfiguration": "OPTIONAL"}));
    let verified = json!({
        "AutoVerifiedAttributes": ["email"],
        "UserAttributeUpdateSettings": {"AttributesRequireVerificationBeforeUpdate": ["email"]},
    });
    let plus = json!({"UserPoolTier": "PLUS", "UserPoolAddOns": {"AdvancedSecurityMode": "ENFORCED"}});
    let passkeys = json!({"Policies": {"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "WEB_AUTHN"]}}});
    let cases = [
        // A small update resets what it leaves out, and so contradicts what is kept.
        (verified, json!({"PoolName": "renamed"}), INVALID, "must exist in AutoVerifiedAttributes"),
        (with_sms, json!({"PoolName": "renamed"}), INVALID, "SMS configuration is required"),
        (
            plus.clone(),
            json!({"UserPoolAddOns": plus["UserPoolAddOns"]}),
            "TierChangeNotAllowedException",
            "from PLUS to ESSENTIALS",
        ),
        (passkeys, json!({"UserPoolTier": "LITE"}), "TierChangeNotAllowedException", "Passwordless"),
        (
            json!({}),
            json!({"MfaConfiguration": "ON"}),
            INVALID,
            "Cannot turn MFA functionality ON, once the user pool has been created",
        ),
        (json!({}), json!({"MfaConfiguration": "OPTIONAL"}), INVALID, "SMS configuration and Auto verification"),
        // The days that a Describe shows here cannot be sent back.
        (
            json!({}),
            json!({"AdminCreateUserConfig": {"UnusedAccountValidityDays": 7}}),
            INVALID,
            "Please use TemporaryPasswordValidityDays in PasswordPolicy instead of UnusedAccountValidityDays",
        ),
    ];
    for (settings, update, code, message) in cases {
        let sandbox = sandbox();
        let id = pool(&sandbox, &settings).await;
        let before = described(&sandbox, &id).await;
        let refused = ask(&sandbox, "UpdateUserPool", &with(&json!({"UserPoolId": id}), &update)).await;
        let Err((own, told)) = refused else { panic!("{update} was taken by a pool with {settings}") };
        assert_eq!(own, code, "{update} of {settings}: {told}");
        assert!(told.contains(message), "{update} of {settings}: {told}");
        assert_eq!(described(&sandbox, &id).await, before, "changed by {update}, which was refused");
    }
}

#[tokio::test]
async fn a_tier_is_not_lowered_below_what_clients_use() {
    let rotated = json!({
        "ExplicitAuthFlows": ["ALLOW_USER_SRP_AUTH"],
        "RefreshTokenRotation": {"Feature": "ENABLED", "RetryGracePeriodSeconds": 10},
    });
    let fixed = json!({
        "ExplicitAuthFlows": ["ALLOW_USER_SRP_AUTH"],
        "RefreshTokenRotation": {"Feature": "DISABLED"},
    });
    let cases = [
        (rotated, Some("Refresh token rotation")),
        (json!({"ExplicitAuthFlows": ["ALLOW_USER_AUTH"]}), Some("Choice-based sign-in")),
        (fixed, None),
    ];
    for (settings, feature) in cases {
        let sandbox = sandbox();
        let id = pool(&sandbox, &json!({})).await;
        let client = with(&json!({"UserPoolId": id, "ClientName": "web"}), &settings);
        let client = done(&sandbox, "CreateUserPoolClient", &client).await["UserPoolClient"]["ClientId"].take();
        let lite = json!({"UserPoolId": id, "UserPoolTier": "LITE"});
        if let Some(feature) = feature {
            let (code, told) = ask(&sandbox, "UpdateUserPool", &lite).await.expect_err(feature);
            assert_eq!(code, "TierChangeNotAllowedException");
            assert!(told.contains(feature), "{told}");
            assert_eq!(described(&sandbox, &id).await["UserPoolTier"], "ESSENTIALS");
            done(&sandbox, "DeleteUserPoolClient", &json!({"UserPoolId": id, "ClientId": client})).await;
        }
        done(&sandbox, "UpdateUserPool", &lite).await;
    }
}

#[tokio::test]
async fn a_domain_holds_a_tier_for_as_long_as_it_stands() {
    let sandbox = sandbox();
    let id = pool(&sandbox, &json!({})).await;
    let certificate = "arn:aws:acm:us-east-1:123456789012:certificate/11111111-2222-3333-4444-555555555555";
    let domain = json!({"UserPoolId": id, "Domain": "login.example.com"});
    let made = json!({"ManagedLoginVersion": 2, "CustomDomainConfig": {"CertificateArn": certificate}});
    done(&sandbox, "CreateUserPoolDomain", &with(&domain, &made)).await;
    sandbox.clock().advance(Duration::from_mins(5));
    done(&sandbox, "DeleteUserPoolDomain", &domain).await;
    let lite = json!({"UserPoolId": id, "UserPoolTier": "LITE"});
    let (code, told) = ask(&sandbox, "UpdateUserPool", &lite).await.expect_err("it is still there");
    assert!(code == "TierChangeNotAllowedException" && told.contains("Managed login"), "{code} {told}");
    sandbox.clock().advance(Duration::from_mins(5));
    done(&sandbox, "UpdateUserPool", &lite).await;
}

#[tokio::test]
async fn cognitos_own_account_may_send_as_an_identity_that_lets_it() {
    let sandbox = sandbox();
    let email = json!({
        "EmailSendingAccount": "COGNITO_DEFAULT",
        "SourceArn": "arn:aws:ses:us-west-2:123456789012:identity/example.com",
    });
    let id = pool(&sandbox, &json!({"EmailConfiguration": email})).await;
    assert_eq!(described(&sandbox, &id).await["EmailConfiguration"], email);
    done(&sandbox, "UpdateUserPool", &json!({"UserPoolId": id, "EmailConfiguration": email})).await;
}
