//! What a user of pools relies on: that a file and what AWS answers to it are equal, that every
//! rule of AWS is told before a call is made, and that no member of the API is missing.

use serde_json::{Map, Value, json};

use crate::diff::{diff, fill};
use crate::kind::Kind;

mod rules;
mod schema;

fn yaml(text: &str) -> Value {
    serde_yaml::from_str(text).expect("YAML of a test")
}

fn canonical(spec: &Value) -> Value {
    Kind::UserPool.canonical(spec).expect("a pool")
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

/// Asserts that a pool is as a file declares it. It has more attributes than the file names.
fn assert_is_as_declared(live: &Value, declared: &Value, which: &str) {
    let (mut live, mut declared) = (canonical(live), canonical(declared));
    let filled = fill(&declared, &live, Kind::UserPool.schema(), &[]);
    let found = diff(&live, &filled, Kind::UserPool.schema(), &[]);
    assert!(found.is_empty(), "{which}: {:?}", found.iter().map(|found| &found.change.path).collect::<Vec<_>>());
    for pool in [&mut live, &mut declared] {
        pool.as_object_mut().expect("a pool").remove("schema");
    }
    assert_eq!(live, declared, "{which}");
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
    assert_is_as_declared(&live(&bare), &json!({"name": "bare"}), "bare");
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
        assert_is_as_declared(&corpus(file), &declared, file);
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
        ("{schema: [{name: sub}, {name: email, mutable: true}, {name: updated_at}, {name: identities}]}",
            "{schema: [{name: email}, {name: updated_at, numberAttributeConstraints: {minValue: 0}}]}"),
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
