//! What an update leaves standing of what it does not name.

use serde_json::{Value, json};

use super::{described, done, pool, sandbox, ses, sms, with};

const FUNCTION: &str = "arn:aws:lambda:us-east-1:123456789012:function:one";
const CODE: &str = "Your code is {####}.";

/// A member, the settings of a pool that show it, what else an update must say, where to look, and
/// what stands there after an update without the member: null where nothing does.
type Case = (&'static str, Value, Value, &'static str, Value);

// A table.
#[allow(clippy::too_many_lines)]
fn cases() -> Vec<Case> {
    let none = || json!({});
    let email = || json!({"AutoVerifiedAttributes": ["email"]});
    let key = "arn:aws:kms:us-east-1:123456789012:key/1";
    vec![
        // Kept.
        ("PoolName", none(), none(), "/Name", json!("pool")),
        (
            "Policies",
            json!({"Policies": {"PasswordPolicy": {"MinimumLength": 12}}}),
            none(),
            "/Policies/PasswordPolicy/MinimumLength",
            json!(12),
        ),
        (
            "Policies",
            json!({"Policies": {"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "EMAIL_OTP"]}}}),
            json!({"Policies": {"PasswordPolicy": {"MinimumLength": 12}}}),
            "/Policies/SignInPolicy/AllowedFirstAuthFactors",
            json!(["PASSWORD", "EMAIL_OTP"]),
        ),
        (
            "Policies",
            json!({"Policies": {"PasswordPolicy": {"MinimumLength": 12}}}),
            json!({"Policies": {"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD"]}}}),
            "/Policies/PasswordPolicy/MinimumLength",
            json!(12),
        ),
        (
            "UserAttributeUpdateSettings",
            with(
                &email(),
                &json!({"UserAttributeUpdateSettings": {"AttributesRequireVerificationBeforeUpdate": ["email"]}}),
            ),
            email(),
            "/UserAttributeUpdateSettings/AttributesRequireVerificationBeforeUpdate",
            json!(["email"]),
        ),
        (
            "MfaConfiguration",
            json!({"MfaConfiguration": "OPTIONAL", "SmsConfiguration": sms(), "AutoVerifiedAttributes": ["phone_number"]}),
            json!({"SmsConfiguration": sms()}),
            "/MfaConfiguration",
            json!("OPTIONAL"),
        ),
        ("AliasAttributes", json!({"AliasAttributes": ["email"]}), none(), "/AliasAttributes", json!(["email"])),
        (
            "UsernameAttributes",
            json!({"UsernameAttributes": ["email"]}),
            none(),
            "/UsernameAttributes",
            json!(["email"]),
        ),
        (
            "UsernameConfiguration",
            json!({"UsernameConfiguration": {"CaseSensitive": false}}),
            none(),
            "/UsernameConfiguration/CaseSensitive",
            json!(false),
        ),
        // Reset.
        (
            "DeletionProtection",
            json!({"DeletionProtection": "ACTIVE"}),
            none(),
            "/DeletionProtection",
            json!("INACTIVE"),
        ),
        ("LambdaConfig", json!({"LambdaConfig": {"PreSignUp": FUNCTION}}), none(), "/LambdaConfig", none()),
        ("AutoVerifiedAttributes", email(), none(), "/AutoVerifiedAttributes", Value::Null),
        (
            "SmsVerificationMessage",
            json!({"SmsVerificationMessage": CODE}),
            none(),
            "/SmsVerificationMessage",
            Value::Null,
        ),
        (
            "EmailVerificationMessage",
            json!({"EmailVerificationMessage": CODE}),
            none(),
            "/EmailVerificationMessage",
            Value::Null,
        ),
        (
            "EmailVerificationSubject",
            json!({"EmailVerificationSubject": "Code"}),
            none(),
            "/EmailVerificationSubject",
            Value::Null,
        ),
        (
            "VerificationMessageTemplate",
            json!({"VerificationMessageTemplate": {"DefaultEmailOption": "CONFIRM_WITH_LINK", "EmailMessage": CODE}}),
            none(),
            "/VerificationMessageTemplate",
            json!({"DefaultEmailOption": "CONFIRM_WITH_CODE"}),
        ),
        (
            "SmsAuthenticationMessage",
            json!({"SmsAuthenticationMessage": CODE}),
            none(),
            "/SmsAuthenticationMessage",
            Value::Null,
        ),
        (
            "DeviceConfiguration",
            json!({"DeviceConfiguration": {"ChallengeRequiredOnNewDevice": true}}),
            none(),
            "/DeviceConfiguration",
            Value::Null,
        ),
        (
            "EmailConfiguration",
            json!({"EmailConfiguration": ses()}),
            none(),
            "/EmailConfiguration",
            json!({"EmailSendingAccount": "COGNITO_DEFAULT"}),
        ),
        ("SmsConfiguration", json!({"SmsConfiguration": sms()}), none(), "/SmsConfiguration", Value::Null),
        ("UserPoolTags", json!({"UserPoolTags": {"team": "a"}}), none(), "/UserPoolTags", none()),
        (
            "AdminCreateUserConfig",
            json!({"AdminCreateUserConfig": {"AllowAdminCreateUserOnly": true}}),
            none(),
            "/AdminCreateUserConfig",
            json!({"AllowAdminCreateUserOnly": false, "UnusedAccountValidityDays": 7}),
        ),
        (
            "UserPoolAddOns",
            json!({"UserPoolTier": "PLUS", "UserPoolAddOns": {"AdvancedSecurityMode": "AUDIT"}}),
            json!({"UserPoolTier": "PLUS"}),
            "/UserPoolAddOns",
            Value::Null,
        ),
        (
            "AccountRecoverySetting",
            json!({"AccountRecoverySetting": {"RecoveryMechanisms": [{"Priority": 1, "Name": "admin_only"}]}}),
            none(),
            "/AccountRecoverySetting/RecoveryMechanisms/1/Name",
            json!("verified_phone_number"),
        ),
        ("UserPoolTier", json!({"UserPoolTier": "LITE"}), none(), "/UserPoolTier", json!("ESSENTIALS")),
        (
            "KeyConfiguration",
            json!({"KeyConfiguration": {"KeyType": "CUSTOMER_MANAGED_KEY", "KmsKeyArn": key}}),
            none(),
            "/KeyConfiguration",
            json!({"KeyType": "AWS_OWNED_KEY"}),
        ),
        (
            "IssuerConfiguration",
            json!({"IssuerConfiguration": {"Type": "UPDATED"}}),
            none(),
            "/IssuerConfiguration/Type",
            json!("ORIGINAL"),
        ),
        (
            "AcrConfiguration",
            json!({"AcrConfiguration": {"Level2": {"AcrValue": "two"}}}),
            none(),
            "/AcrConfiguration/Level2/AcrValue",
            json!("urn:cognito:loa:2"),
        ),
    ]
}

/// What an update can say, but for the pool's id.
const MEMBERS: &[&str] = &[
    "Policies",
    "DeletionProtection",
    "LambdaConfig",
    "AutoVerifiedAttributes",
    "SmsVerificationMessage",
    "EmailVerificationMessage",
    "EmailVerificationSubject",
    "VerificationMessageTemplate",
    "SmsAuthenticationMessage",
    "UserAttributeUpdateSettings",
    "MfaConfiguration",
    "DeviceConfiguration",
    "EmailConfiguration",
    "SmsConfiguration",
    "UserPoolTags",
    "AdminCreateUserConfig",
    "UserPoolAddOns",
    "AccountRecoverySetting",
    "PoolName",
    "UserPoolTier",
    "KeyConfiguration",
    "IssuerConfiguration",
    "AcrConfiguration",
];

#[tokio::test]
async fn an_update_resets_what_it_leaves_out_but_for_the_few_members_that_are_kept() {
    let cases = cases();
    for member in MEMBERS {
        assert!(cases.iter().any(|(name, ..)| name == member), "nothing says what omitting {member} does");
    }
    for (member, settings, update, place, expected) in cases {
        let sandbox = sandbox();
        let id = pool(&sandbox, &settings).await;
        done(&sandbox, "UpdateUserPool", &with(&json!({"UserPoolId": id}), &update)).await;
        let shown = described(&sandbox, &id).await;
        assert_eq!(shown.pointer(place), Some(&expected).filter(|value| !value.is_null()), "{member}, {place}");
    }
}

#[tokio::test]
async fn an_update_that_sends_all_of_it_changes_nothing() {
    for (_, settings, ..) in cases() {
        let sandbox = sandbox();
        let id = pool(&sandbox, &settings).await;
        let before = described(&sandbox, &id).await;
        let mut input = with(&before, &json!({"UserPoolId": id}));
        input["AdminCreateUserConfig"].as_object_mut().expect("an object").remove("UnusedAccountValidityDays");
        input
            .as_object_mut()
            .expect("an object")
            .retain(|name, _| name == "UserPoolId" || MEMBERS.contains(&name.as_str()));
        done(&sandbox, "UpdateUserPool", &input).await;
        let mut after = described(&sandbox, &id).await;
        after["LastModifiedDate"] = before["LastModifiedDate"].clone();
        assert_eq!(after, before, "{settings}");
    }
}

#[tokio::test]
async fn an_update_takes_what_it_says() {
    let sandbox = sandbox();
    let id =
        pool(&sandbox, &json!({"Policies": {"PasswordPolicy": {"MinimumLength": 12, "RequireSymbols": true}}})).await;
    let before = described(&sandbox, &id).await;
    sandbox.clock().advance(std::time::Duration::from_secs(5));
    let update = json!({
        "UserPoolId": id,
        "PoolName": "renamed",
        "Policies": {"PasswordPolicy": {"RequireNumbers": true, "TemporaryPasswordValidityDays": 3}},
        "AdminCreateUserConfig": {"AllowAdminCreateUserOnly": true, "UnusedAccountValidityDays": 0},
        "UserPoolTags": {"team": "b"},
    });
    done(&sandbox, "UpdateUserPool", &update).await;
    let shown = described(&sandbox, &id).await;
    assert_eq!(shown["Name"], "renamed");
    assert_eq!(
        shown["Policies"]["PasswordPolicy"],
        json!({
            "MinimumLength": 8,
            "RequireUppercase": false,
            "RequireLowercase": false,
            "RequireNumbers": true,
            "RequireSymbols": false,
            "TemporaryPasswordValidityDays": 3,
        })
    );
    assert_eq!(
        shown["AdminCreateUserConfig"],
        json!({"AllowAdminCreateUserOnly": true, "UnusedAccountValidityDays": 3})
    );
    assert_eq!(shown["UserPoolTags"], json!({"team": "b"}));
    assert_eq!(shown["CreationDate"], before["CreationDate"]);
    assert!(shown["LastModifiedDate"].as_f64() > before["LastModifiedDate"].as_f64());
}
