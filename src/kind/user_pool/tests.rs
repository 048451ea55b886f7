//! What a user of pools relies on: that a file and what AWS answers to it are equal, that every
//! rule of AWS is told before a call is made, and that no member of the API is missing.

use aws_sdk_cognitoidentityprovider::operation::create_user_pool::CreateUserPoolInput;
use aws_sdk_cognitoidentityprovider::operation::set_user_pool_mfa_config::SetUserPoolMfaConfigInput;
use aws_sdk_cognitoidentityprovider::operation::update_user_pool::UpdateUserPoolInput;
use aws_sdk_cognitoidentityprovider::types;
use serde_json::{Map, Value, json};

use super::{LEFT_OUT, MFA_PROPERTIES};
use crate::kind::Kind;
use crate::path::Path;
use crate::reference::Reference;

fn yaml(text: &str) -> Value {
    serde_yaml::from_str(text).expect("YAML of a test")
}

fn canonical(spec: &Value) -> Value {
    Kind::UserPool.canonical(spec).expect("a pool")
}

fn findings(spec: &Value) -> Vec<String> {
    let found = Kind::UserPool.check(spec, &Path::root());
    found.into_iter().map(|finding| format!("{}: {}", finding.path, finding.message)).collect()
}

/// What AWS answers, by the rule of names: equal without regard to case.
fn from_api(value: &Value, schema: &Value) -> Value {
    match (value, schema.get("properties").and_then(Value::as_object)) {
        (Value::Object(members), Some(properties)) => {
            let named = members.iter().filter_map(|(member, value)| {
                let renamed = Kind::UserPool.api_names().iter().find(|(_, api)| api == member).map(|(name, _)| *name);
                let wanted = renamed.unwrap_or(member);
                let (name, inner) = properties.iter().find(|(name, _)| name.eq_ignore_ascii_case(wanted))?;
                Some((name.clone(), from_api(value, inner)))
            });
            Value::Object(named.collect::<Map<_, _>>())
        }
        (Value::Array(items), _) => {
            let inner = schema.get("items").unwrap_or(&Value::Null);
            items.iter().map(|item| from_api(item, inner)).collect()
        }
        _ => value.clone(),
    }
}

fn live(response: &Value) -> Value {
    from_api(response, Kind::UserPool.schema())
}

fn corpus(name: &str) -> Value {
    let path = format!("{}/tests/data/corpus/{name}.json", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(path).expect("a file of the corpus");
    let answer: Value = serde_json::from_str(&text).expect("JSON");
    live(&answer["response"]["UserPool"])
}

#[test]
fn a_bare_pool_is_what_its_name_alone_declares() {
    let text = |name: &str, least: &str, most: &str| {
        json!({"Name": name, "AttributeDataType": "String", "DeveloperOnlyAttribute": false, "Mutable": true,
            "Required": false, "StringAttributeConstraints": {"MinLength": least, "MaxLength": most}})
    };
    let bare = json!({
        "Name": "bare",
        "Policies": {
            "PasswordPolicy": {"MinimumLength": 8, "RequireUppercase": true, "RequireLowercase": true,
                "RequireNumbers": true, "RequireSymbols": true, "TemporaryPasswordValidityDays": 7},
            "SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD"]},
        },
        "DeletionProtection": "INACTIVE", "LambdaConfig": {}, "AutoVerifiedAttributes": [], "AliasAttributes": [],
        "UsernameAttributes": [], "VerificationMessageTemplate": {"DefaultEmailOption": "CONFIRM_WITH_CODE"},
        "MfaConfiguration": "OFF", "UserPoolTags": {}, "UserPoolTier": "ESSENTIALS",
        "UserAttributeUpdateSettings": {"AttributesRequireVerificationBeforeUpdate": []},
        "EmailConfiguration": {"EmailSendingAccount": "COGNITO_DEFAULT"},
        "AdminCreateUserConfig": {"AllowAdminCreateUserOnly": false, "UnusedAccountValidityDays": 7},
        "AccountRecoverySetting": {"RecoveryMechanisms": [
            {"Priority": 2, "Name": "verified_phone_number"}, {"Priority": 1, "Name": "verified_email"}]},
        "KeyConfiguration": {"KeyType": "AWS_OWNED_KEY"}, "IssuerConfiguration": {"Type": "ORIGINAL"},
        "WebAuthnConfiguration": {"UserVerification": "preferred"},
        "SmsMfaConfiguration": {}, "SoftwareTokenMfaConfiguration": {"Enabled": false},
        "SchemaAttributes": [
            text("email", "0", "2048"), text("birthdate", "10", "10"),
            {"Name": "sub", "AttributeDataType": "String", "Mutable": false, "Required": true,
                "StringAttributeConstraints": {"MinLength": "1", "MaxLength": "2048"}},
            {"Name": "updated_at", "AttributeDataType": "Number", "Mutable": true, "Required": false,
                "NumberAttributeConstraints": {"MinValue": "0"}},
            {"Name": "email_verified", "AttributeDataType": "Boolean", "Mutable": true, "Required": false},
            {"Name": "identities", "AttributeDataType": "String", "Mutable": true, "Required": false,
                "StringAttributeConstraints": {}},
        ],
    });
    assert_eq!(canonical(&live(&bare)), canonical(&json!({"name": "bare"})));
    // What an emulator leaves out stands for the same.
    assert_eq!(canonical(&live(&json!({"Name": "bare"}))), canonical(&json!({"name": "bare"})));
}

#[test]
fn files_are_equal_to_what_aws_answers() {
    let messages = "The verification code to your new account is {####}";
    let cdk = json!({"defaultEmailOption": "CONFIRM_WITH_CODE", "emailMessage": messages, "smsMessage": messages,
        "emailSubject": "Verify your new account"});
    let mut rich = yaml(
        "
        name: cdkrd-userpool-rich
        aliasAttributes: [email]
        usernameConfiguration: {caseSensitive: false}
        schema: [{name: email, required: true}]
        autoVerifiedAttributes: [email]
        accountRecoverySetting: {recoveryMechanisms: [{priority: 1, name: verified_email}]}
        policies: {passwordPolicy: {minimumLength: 12, requireLowercase: true, requireUppercase: true,
          requireNumbers: true, requireSymbols: true, temporaryPasswordValidityDays: 3}}
        mfaConfiguration: OPTIONAL
        deviceConfiguration: {challengeRequiredOnNewDevice: true, deviceOnlyRememberedOnUserPrompt: true}",
    );
    rich["verificationMessageTemplate"] = cdk;
    for (file, declared) in [
        // Answers of 2016, without most of what pools have today.
        (
            "001-DescribeUserPool",
            yaml(
                "{name: c7nusers, autoVerifiedAttributes: [email], schema: [{name: email, required: true}],
            smsAuthenticationMessage: 'Your authentication code is {####}.'}",
            ),
        ),
        ("006-DescribeUserPool", yaml("{name: nadialin, autoVerifiedAttributes: [email], aliasAttributes: [email]}")),
        (
            "009-DescribeUserPool",
            yaml(
                "{name: FugaUserPool, deletionProtection: ACTIVE, autoVerifiedAttributes: [email],
            aliasAttributes: [email], usernameConfiguration: {caseSensitive: false},
            userAttributeUpdateSettings: {attributesRequireVerificationBeforeUpdate: [email]},
            accountRecoverySetting: {recoveryMechanisms: [{priority: 1, name: verified_email}]},
            schema: [{name: email, required: true, mutable: true}]}",
            ),
        ),
        ("derived-004-DescribeUserPool", rich),
    ] {
        assert_eq!(canonical(&corpus(file)), canonical(&declared), "{file}");
    }
}

#[test]
fn what_aws_treats_as_the_same_has_one_form() {
    for (one, other) in [
        ("{tags: {'aws:x': a, 'poolkeeper:stack': b}}", "{}"),
        ("{policies: {passwordPolicy: {requireLowercase: true, requireUppercase: true, requireNumbers: true,
            requireSymbols: true, temporaryPasswordValidityDays: 0, passwordHistorySize: 0}}}", "{}"),
        ("{userPoolAddOns: {advancedSecurityMode: 'OFF'}}", "{}"),
        ("{softwareTokenMfaConfiguration: {enabled: false}}", "{}"),
        ("{smsMfaConfiguration: {}}", "{}"),
        ("{webAuthnConfiguration: {factorConfiguration: SINGLE_FACTOR}}", "{}"),
        ("{smsConfiguration: {snsCallerArn: ''}}", "{}"),
        ("{deviceConfiguration: {}}",
            "{deviceConfiguration: {challengeRequiredOnNewDevice: false, deviceOnlyRememberedOnUserPrompt: false}}"),
        ("{triggers: {preTokenGeneration: f}}",
            "{triggers: {preTokenGeneration: f, preTokenGenerationConfig: {lambdaArn: f, lambdaVersion: V1_0}}}"),
        ("{mfaConfiguration: 'ON', smsConfiguration: {snsCallerArn: r}, smsAuthenticationMessage: m, smsMfaConfiguration: {}}",
            "{mfaConfiguration: 'ON', smsMfaConfiguration: {smsConfiguration: {snsCallerArn: r}, smsAuthenticationMessage: m},
                softwareTokenMfaConfiguration: {enabled: false}}"),
        // AWS still tells of SMS while MFA is off.
        ("{smsConfiguration: {snsCallerArn: r}}", "{smsMfaConfiguration: {smsConfiguration: {snsCallerArn: r}}}"),
        ("{schema: [{name: b, attributeDataType: String}, {name: 'custom:a', numberAttributeConstraints: {minValue: 5}}]}",
            "{schema: [{name: 'custom:a', mutable: true, required: false, attributeDataType: String,
                numberAttributeConstraints: {minValue: '5'}}, {name: 'custom:b', stringAttributeConstraints: {}}]}"),
        ("{schema: [{name: 'dev:custom:x', developerOnlyAttribute: true}]}",
            "{schema: [{name: 'dev:x', developerOnlyAttribute: true}]}"),
        ("{schema: [{name: sub}, {name: email, mutable: true}, {name: updated_at}, {name: identities}]}", "{}"),
    ] {
        assert_eq!(canonical(&yaml(one)), canonical(&yaml(other)), "{one}");
    }
}

#[test]
fn what_differs_to_aws_stays_different() {
    let bare = canonical(&json!({}));
    for text in [
        "{deviceConfiguration: {}}",
        "{usernameConfiguration: {caseSensitive: false}}",
        "{userPoolTier: LITE}",
        "{schema: [{name: email, required: true}]}",
        "{schema: [{name: birthdate, stringAttributeConstraints: {minLength: 8}}]}",
        "{schema: [{name: sub, mutable: true}]}",
        "{accountRecoverySetting: {recoveryMechanisms: [{priority: 1, name: verified_email}]}}",
        "{keyConfiguration: {keyType: CUSTOMER_MANAGED_KEY, kmsKeyArn: k}}",
    ] {
        assert_ne!(canonical(&yaml(text)), bare, "{text}");
    }
    let on = |more: &str| {
        canonical(&yaml(&format!("{{mfaConfiguration: 'ON', smsConfiguration: {{snsCallerArn: r}}{more}}}")))
    };
    assert_ne!(on(", smsMfaConfiguration: {}"), on(""), "SMS as a factor is not the same as being able to send SMS");
    assert_ne!(on(", emailMfaConfiguration: {}"), on(""));
}

#[test]
fn the_canonical_form_is_its_own_canonical_form() {
    let folder = format!("{}/tests/data/corpus", env!("CARGO_MANIFEST_DIR"));
    let mut specs = vec![json!({}), rich()];
    for entry in std::fs::read_dir(folder).expect("the corpus") {
        let name = entry.expect("an entry").file_name().into_string().expect("a name");
        if name.ends_with("UserPool.json") {
            specs.push(corpus(name.trim_end_matches(".json")));
        }
    }
    assert!(specs.len() > 15, "the corpus is there");
    for spec in specs {
        let once = canonical(&spec);
        assert_eq!(canonical(&once), once);
    }
}

/// A pool that uses nearly all there is.
fn rich() -> Value {
    yaml(
        "
        name: Shop
        tags: {team: identity}
        userPoolTier: PLUS
        deletionProtection: ACTIVE
        usernameAttributes: [email, phone_number]
        usernameConfiguration: {caseSensitive: false}
        schema:
          - {name: email, required: true, mutable: true}
          - {name: 'custom:myappid', attributeDataType: String, mutable: false,
             stringAttributeConstraints: {minLength: 5, maxLength: '15'}}
          - {name: 'custom:age', attributeDataType: Number, numberAttributeConstraints: {minValue: -1, maxValue: 150}}
        autoVerifiedAttributes: [email, phone_number]
        userAttributeUpdateSettings: {attributesRequireVerificationBeforeUpdate: [email]}
        accountRecoverySetting: {recoveryMechanisms: [{priority: 2, name: verified_phone_number}, {priority: 1, name: verified_email}]}
        adminCreateUserConfig:
          allowAdminCreateUserOnly: true
          inviteMessageTemplate: {smsMessage: '{username} {####}', emailMessage: '{username} {####}', emailSubject: Hello}
        policies:
          passwordPolicy: {minimumLength: 12, requireLowercase: true, requireUppercase: true, requireNumbers: true,
            requireSymbols: false, temporaryPasswordValidityDays: 3, passwordHistorySize: 4}
          signInPolicy: {allowedFirstAuthFactors: [WEB_AUTHN, PASSWORD]}
        verificationMessageTemplate: {defaultEmailOption: CONFIRM_WITH_LINK, emailMessageByLink: '{##Here##}'}
        mfaConfiguration: 'ON'
        softwareTokenMfaConfiguration: {enabled: true}
        smsMfaConfiguration: {smsAuthenticationMessage: 'Code {####}'}
        emailMfaConfiguration: {}
        webAuthnConfiguration: {relyingPartyId: auth.example.com, userVerification: required,
          factorConfiguration: MULTI_FACTOR_WITH_USER_VERIFICATION}
        emailConfiguration: {emailSendingAccount: DEVELOPER, sourceArn: 'arn:aws:ses:us-east-2:123456789012:identity/a@example.com'}
        smsConfiguration: {snsCallerArn: 'arn:aws:iam::123456789012:role/sms', externalId: x}
        deviceConfiguration: {}
        userPoolAddOns: {advancedSecurityMode: AUDIT, advancedSecurityAdditionalFlows: {customAuthMode: AUDIT}}
        keyConfiguration: {keyType: CUSTOMER_MANAGED_KEY, kmsKeyArn: 'arn:aws:kms:us-east-2:123456789012:key/mrk-1'}
        issuerConfiguration: {type: UPDATED}
        acrConfiguration: {Level2: {acrValue: 'urn:example:two'}}
        triggerPermissions: ignore
        triggers:
          preSignUp: 'arn:aws:lambda:us-east-2:123456789012:function:confirm'
          preTokenGenerationConfig: {lambdaVersion: V3_0, lambdaArn: 'arn:aws:lambda:us-east-2:123456789012:function:claims'}
          customEmailSender: {lambdaVersion: V1_0, lambdaArn: 'arn:aws:lambda:us-east-2:123456789012:function:mail'}
          kmsKeyId: 'arn:aws:kms:us-east-2:123456789012:key/1'",
    )
}

#[test]
fn a_pool_that_aws_takes_gives_no_finding() {
    assert_eq!(findings(&rich()), Vec::<String>::new());
    assert_eq!(findings(&json!({"name": "bare"})), Vec::<String>::new());
    // AWS refuses a factor that is switched off beside MFA that is off; we do not send it.
    assert_eq!(findings(&json!({"softwareTokenMfaConfiguration": {"enabled": false}})), Vec::<String>::new());
    // The phone comes first, as the CDK writes it, and there is email too.
    let recovery = yaml(
        "{accountRecoverySetting: {recoveryMechanisms: [{priority: 1, name: verified_phone_number},
        {priority: 2, name: verified_email}]}}",
    );
    assert_eq!(findings(&recovery), Vec::<String>::new());
}

#[test]
fn each_rule_is_told_once_at_its_place() {
    const SMS: &str = "smsConfiguration: {snsCallerArn: r}";
    let table = [
        ("aliasAttributes: [email], usernameAttributes: [email]", "aliasAttributes: `aliasAttributes` and"),
        (
            "userAttributeUpdateSettings: {attributesRequireVerificationBeforeUpdate: [email]}",
            "attributesRequireVerificationBeforeUpdate: what requires",
        ),
        (
            "adminCreateUserConfig: {inviteMessageTemplate: {emailMessage: 'Hi {username}'}}",
            "emailMessage: `emailMessage` must contain",
        ),
        ("tags: {'poolkeeper:stack': x}", "the tag `poolkeeper:stack` cannot be set"),
        ("autoVerifiedAttributes: [phone_number]", "autoVerifiedAttributes: verifying `phone_number` needs"),
        (
            "policies: {signInPolicy: {allowedFirstAuthFactors: [PASSWORD, SMS_OTP]}}",
            "SMS_OTP needs `smsConfiguration`",
        ),
        ("policies: {signInPolicy: {allowedFirstAuthFactors: [EMAIL_OTP]}}", "PASSWORD must be among"),
        (
            "policies: {signInPolicy: {allowedFirstAuthFactors: [PASSWORD, SOFTWARE_TOKEN]}}",
            "does not take SOFTWARE_TOKEN",
        ),
        (
            "mfaConfiguration: 'ON', smsMfaConfiguration: {smsAuthenticationMessage: 'x {####}'}",
            "SMS as a factor needs",
        ),
        ("smsConfiguration: {snsCallerArn: r, eumsSms: {callerArn: r}}", "exclude each other: SMS"),
        ("smsConfiguration: {externalId: x}", "`snsCallerArn` or `eumsSms` is missing"),
        (
            "mfaConfiguration: 'ON', smsConfiguration: {snsCallerArn: r}, smsMfaConfiguration: {smsConfiguration: {snsCallerArn: q}}",
            "smsMfaConfiguration.smsConfiguration: `smsConfiguration` is given twice",
        ),
        (
            "mfaConfiguration: 'ON', smsConfiguration: {snsCallerArn: r}, smsAuthenticationMessage: a,
            smsMfaConfiguration: {smsAuthenticationMessage: b}",
            "`smsAuthenticationMessage` is given twice",
        ),
        ("emailConfiguration: {emailSendingAccount: DEVELOPER}", "sending as DEVELOPER needs `sourceArn`"),
        ("mfaConfiguration: 'ON', emailMfaConfiguration: {}", "emailMfaConfiguration: codes by email"),
        ("softwareTokenMfaConfiguration: {enabled: true}", "is a factor, but `mfaConfiguration` is OFF"),
        (
            "smsConfiguration: {snsCallerArn: r}, smsMfaConfiguration: {}",
            "smsMfaConfiguration: `smsMfaConfiguration` is a factor, but",
        ),
        ("mfaConfiguration: OPTIONAL", "mfaConfiguration: `mfaConfiguration` is on, but there is no factor"),
        ("mfaConfiguration: OPTIONAL, softwareTokenMfaConfiguration: {enabled: false}", "there is no factor"),
        (
            "mfaConfiguration: 'ON', softwareTokenMfaConfiguration: {enabled: true},
            policies: {signInPolicy: {allowedFirstAuthFactors: [PASSWORD, EMAIL_OTP]}}",
            "EMAIL_OTP cannot be a first factor",
        ),
        (
            "mfaConfiguration: 'ON', softwareTokenMfaConfiguration: {enabled: true},
            policies: {signInPolicy: {allowedFirstAuthFactors: [PASSWORD, WEB_AUTHN]}}",
            "WEB_AUTHN as a first factor while",
        ),
        (
            "accountRecoverySetting: {recoveryMechanisms: [{priority: 1, name: admin_only}, {priority: 2, name: verified_email}]}",
            "`admin_only` must be the only",
        ),
        (
            "accountRecoverySetting: {recoveryMechanisms: [{priority: 1, name: verified_email}, {priority: 1, name: verified_phone_number}]}",
            "recoveryMechanisms[1].priority: two ways",
        ),
        (
            "accountRecoverySetting: {recoveryMechanisms: [{priority: 1, name: verified_email}, {priority: 2, name: verified_email}]}",
            "recoveryMechanisms[1].name: a way of recovery is given twice",
        ),
        (
            "mfaConfiguration: 'ON', smsMfaConfiguration: {}, smsConfiguration: {snsCallerArn: r},
            accountRecoverySetting: {recoveryMechanisms: [{priority: 1, name: verified_phone_number}]}",
            "cannot be the only way",
        ),
        (
            "userPoolTier: LITE, policies: {signInPolicy: {allowedFirstAuthFactors: [PASSWORD, WEB_AUTHN]}}",
            "first factors other than PASSWORD need",
        ),
        (
            "userPoolTier: LITE, policies: {passwordPolicy: {passwordHistorySize: 3}}",
            "`passwordHistorySize` needs the tier",
        ),
        (
            "userPoolTier: LITE, webAuthnConfiguration: {factorConfiguration: MULTI_FACTOR_WITH_USER_VERIFICATION}",
            "passkeys that count",
        ),
        ("userPoolTier: LITE, acrConfiguration: {Level1: {acrValue: a}}", "`acrConfiguration` needs the tier"),
        (
            "userPoolTier: LITE, triggers: {preTokenGenerationConfig: {lambdaVersion: V2_0, lambdaArn: f}}",
            "versions after V1_0 need",
        ),
        ("userPoolAddOns: {advancedSecurityMode: ENFORCED}", "threat protection needs the tier PLUS"),
        (
            "triggers: {customSmsSender: {lambdaVersion: V1_0, lambdaArn: f}}",
            "triggers.customSmsSender.lambdaVersion: a custom sender needs",
        ),
        (
            "triggers: {preTokenGeneration: f, preTokenGenerationConfig: {lambdaVersion: V1_0, lambdaArn: g}}",
            "must name the same function",
        ),
        ("acrConfiguration: {Level1: {acrValue: 'urn:cognito:loa:2'}}", "Level1 and Level2 are both called"),
        ("acrConfiguration: {Level1: {acrValue: a}, Level2: {acrValue: a}}", "Level2 and Level1 are both called `a`"),
        ("schema: [{name: 'custom:a', required: true}]", "schema[0].required: a custom attribute cannot be required"),
        (
            "schema: [{name: plan}]",
            "schema[0].name: `plan` is no standard attribute; custom attributes are written custom:NAME",
        ),
        ("schema: [{name: 'dev:plan'}]", "custom attributes are written custom:NAME"),
        ("schema: [{name: 'custom:email'}]", "`email` is a standard attribute, not a custom one"),
        ("schema: [{name: identities}]", "Cognito makes by itself"),
        ("schema: [{name: 'custom:a23456789012345678901'}]", "has 21"),
        ("schema: [{name: 'custom:'}]", "has 0"),
        (
            "schema: [{name: email}, {name: email, required: true}]",
            "schema[1].name: the attribute `email` is given twice",
        ),
        ("schema: [{name: email, attributeDataType: Number}]", "the type of the standard attribute `email` is String"),
        (
            "schema: [{name: 'custom:a', numberAttributeConstraints: {minValue: 1}}]",
            "`numberAttributeConstraints` is for the type Number",
        ),
        (
            "schema: [{name: updated_at, stringAttributeConstraints: {minLength: 1}}]",
            "`stringAttributeConstraints` is for the type String",
        ),
        (
            "schema: [{name: 'custom:a', stringAttributeConstraints: {minLength: 10, maxLength: '9'}}]",
            "stringAttributeConstraints.minLength: the least, 10, is more than the greatest, 9",
        ),
        (
            "schema: [{name: 'custom:a', stringAttributeConstraints: {maxLength: 2049}}]",
            "maxLength: a length of text is 0 to 2048",
        ),
    ];
    for (text, expected) in table {
        let found = findings(&yaml(&format!("{{{text}}}")));
        let matching = found.iter().filter(|finding| finding.contains(expected)).count();
        assert_eq!(matching, 1, "{text}\nexpected once: {expected}\nfound: {found:#?}");
        assert_eq!(found.len(), 1, "{text}\nfound: {found:#?}");
    }
    let many: Vec<Value> = (0..51).map(|number| json!({"name": format!("custom:a{number}")})).collect();
    assert_eq!(findings(&json!({"schema": many})), ["schema: a pool can have 50 custom attributes, and here are 51"]);
    let email = yaml(&format!("{{userPoolTier: LITE, mfaConfiguration: 'ON', emailMfaConfiguration: {{}}, {SMS}}}"));
    assert!(findings(&email).iter().any(|finding| finding.contains("codes by email as a factor need the tier")));
}

#[test]
fn what_is_not_known_yet_is_not_judged() {
    let open = |path: &str| Reference(path.parse().expect("a path")).embed();
    for spec in [
        json!({"mfaConfiguration": open("var.mfa"), "softwareTokenMfaConfiguration": {"enabled": true}}),
        json!({"mfaConfiguration": "ON", "softwareTokenMfaConfiguration": {"enabled": open("var.totp")}}),
        json!({"userPoolTier": open("var.tier"), "userPoolAddOns": {"advancedSecurityMode": "AUDIT"}}),
        json!({"policies": {"signInPolicy": {"allowedFirstAuthFactors": [open("var.factor")]}}}),
        json!({"schema": [{"name": "custom:a", "stringAttributeConstraints": {"minLength": open("var.least"), "maxLength": 1}}]}),
        json!({"schema": [{"name": open("var.attribute"), "attributeDataType": "String"}]}),
        json!({"triggers": {"preTokenGeneration": open("functions.a.arn"),
            "preTokenGenerationConfig": {"lambdaVersion": "V1_0", "lambdaArn": open("functions.b.arn")}}}),
    ] {
        assert_eq!(findings(&spec), Vec::<String>::new(), "{spec}");
    }
    // A function that is not known yet hides no rule that does not rest on it.
    let sender =
        json!({"triggers": {"customSmsSender": {"lambdaVersion": "V1_0", "lambdaArn": open("functions.a.arn")}}});
    assert_eq!(findings(&sender).len(), 1);
}

#[test]
fn the_schema_has_every_member_of_the_api() {
    let schema = Kind::UserPool.schema();
    for (members, at) in [
        (CreateUserPoolInput::SCHEMA.members(), ""),
        (UpdateUserPoolInput::SCHEMA.members(), ""),
        (SetUserPoolMfaConfigInput::SCHEMA.members(), ""),
        (types::UserPoolPolicyType::SCHEMA.members(), "/properties/policies"),
        (types::PasswordPolicyType::SCHEMA.members(), "/properties/policies/properties/passwordPolicy"),
        (types::SignInPolicyType::SCHEMA.members(), "/properties/policies/properties/signInPolicy"),
        (types::LambdaConfigType::SCHEMA.members(), "/properties/triggers"),
        (types::VerificationMessageTemplateType::SCHEMA.members(), "/properties/verificationMessageTemplate"),
        (types::UserAttributeUpdateSettingsType::SCHEMA.members(), "/properties/userAttributeUpdateSettings"),
        (types::DeviceConfigurationType::SCHEMA.members(), "/properties/deviceConfiguration"),
        (types::EmailConfigurationType::SCHEMA.members(), "/properties/emailConfiguration"),
        (types::SmsConfigurationType::SCHEMA.members(), "/properties/smsConfiguration"),
        (types::EumsSmsConfigurationType::SCHEMA.members(), "/properties/smsConfiguration/properties/eumsSms"),
        (types::AdminCreateUserConfigType::SCHEMA.members(), "/properties/adminCreateUserConfig"),
        (
            types::MessageTemplateType::SCHEMA.members(),
            "/properties/adminCreateUserConfig/properties/inviteMessageTemplate",
        ),
        (types::SchemaAttributeType::SCHEMA.members(), "/properties/schema/items"),
        (types::UserPoolAddOnsType::SCHEMA.members(), "/properties/userPoolAddOns"),
        (types::KeyConfigurationType::SCHEMA.members(), "/properties/keyConfiguration"),
        (types::IssuerConfigurationType::SCHEMA.members(), "/properties/issuerConfiguration"),
        (types::UsernameConfigurationType::SCHEMA.members(), "/properties/usernameConfiguration"),
        (types::WebAuthnConfigurationType::SCHEMA.members(), "/properties/webAuthnConfiguration"),
        (types::SmsMfaConfigType::SCHEMA.members(), "/properties/smsMfaConfiguration"),
        (types::EmailMfaConfigType::SCHEMA.members(), "/properties/emailMfaConfiguration"),
        (types::SoftwareTokenMfaConfigType::SCHEMA.members(), "/properties/softwareTokenMfaConfiguration"),
    ] {
        let properties = schema.pointer(&format!("{at}/properties")).and_then(Value::as_object).expect(at);
        assert!(!members.is_empty(), "{at}");
        for member in members {
            let name = member.member_name().expect("a member's name");
            let id = format!("{}${name}", member.shape_id().shape_name());
            let renamed = Kind::UserPool.api_names().iter().find(|(_, api)| *api == name).map(|(ours, _)| *ours);
            let known = properties.keys().any(|key| key.eq_ignore_ascii_case(renamed.unwrap_or(name)));
            let left_out = LEFT_OUT.iter().any(|(member, _)| *member == id);
            assert!(known != left_out, "{id} must be in the format or be left out for a reason");
        }
    }
    for name in MFA_PROPERTIES {
        assert!(schema["properties"].get(name).is_some(), "{name}");
    }
}

#[test]
fn the_schema_is_what_editors_and_the_checker_want() {
    fn walk(schema: &Value, at: &str) {
        if let Value::Object(map) = schema {
            assert!(!map.contains_key("$ref"), "{at}");
            assert!(map.get("default").is_none_or(|default| !default.is_null()), "{at}");
            assert!(map.contains_key("pattern") == map.contains_key("x-pattern-help"), "{at}");
            let pattern = map.get("pattern").and_then(Value::as_str);
            assert!(pattern.is_none_or(|pattern| regex::Regex::new(pattern).is_ok()), "{at}");
            for (name, property) in map.get("properties").and_then(Value::as_object).into_iter().flatten() {
                assert!(property.get("description").is_some(), "{at}.{name} is described");
                walk(property, &format!("{at}.{name}"));
            }
            for key in ["items", "additionalProperties"] {
                walk(map.get(key).unwrap_or(&Value::Null), &format!("{at}.{key}"));
            }
            for option in ["anyOf", "oneOf"].iter().filter_map(|key| map.get(*key)?.as_array()).flatten() {
                walk(option, &format!("{at}|"));
            }
        }
    }
    let schema = Kind::UserPool.schema();
    walk(schema, "");
    let password = &schema["properties"]["policies"]["properties"]["passwordPolicy"];
    assert_eq!(
        password["required"],
        json!(["requireLowercase", "requireUppercase", "requireNumbers", "requireSymbols"])
    );
    assert!(!schema.to_string().contains("\"null\""));
}
