//! Each of AWS's rules that hold without asking AWS, and pools that keep them all.

use serde_json::{Value, json};

use super::{rich, yaml};
use crate::kind::Kind;
use crate::path::Path;
use crate::reference::Reference;

fn findings(spec: &Value) -> Vec<String> {
    let found = Kind::UserPool.check(spec, &Path::root());
    found.into_iter().map(|finding| format!("{}: {}", finding.path, finding.message)).collect()
}

/// What a file declares, and what is said of it, once and alone.
const RULES: &[(&str, &str)] = &[
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
    ("policies: {signInPolicy: {allowedFirstAuthFactors: [PASSWORD, SMS_OTP]}}", "SMS_OTP needs `smsConfiguration`"),
    ("policies: {signInPolicy: {allowedFirstAuthFactors: [EMAIL_OTP]}}", "PASSWORD must be among"),
    ("policies: {signInPolicy: {allowedFirstAuthFactors: [PASSWORD, SOFTWARE_TOKEN]}}", "does not take SOFTWARE_TOKEN"),
    ("mfaConfiguration: 'ON', smsMfaConfiguration: {smsAuthenticationMessage: 'x {####}'}", "SMS as a factor needs"),
    (
        "mfaConfiguration: 'ON', smsMfaConfiguration: {}",
        "smsMfaConfiguration: SMS as a factor needs `smsConfiguration`",
    ),
    (
        "accountRecoverySetting: {recoveryMechanisms: [{priority: 1, name: verified_phone_number}]}",
        "recoveryMechanisms: `verified_phone_number` as the only way of recovery needs `smsConfiguration`",
    ),
    (
        "keyConfiguration: {keyType: CUSTOMER_MANAGED_KEY}",
        "keyConfiguration.keyType: `keyType: CUSTOMER_MANAGED_KEY` needs `kmsKeyArn`",
    ),
    ("keyConfiguration: {kmsKeyArn: k}", "keyConfiguration.keyType: `kmsKeyArn` is a key of your own"),
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
    ("schema: [{name: 'custom:custom:a'}]", "schema[0].name: `custom:` stands twice in `custom:custom:a`"),
    ("schema: [{name: sub, mutable: true}]", "schema[0].mutable: `sub` cannot be mutable"),
    ("schema: [{name: identities}]", "Cognito makes by itself"),
    ("schema: [{name: 'custom:a23456789012345678901'}]", "has 21"),
    ("schema: [{name: 'custom:'}]", "has 0"),
    ("schema: [{name: email}, {name: email, required: true}]", "schema[1].name: the attribute `email` is given twice"),
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
    for (text, expected) in RULES {
        let found = findings(&yaml(&format!("{{{text}}}")));
        let matching = found.iter().filter(|finding| finding.contains(expected)).count();
        assert_eq!(matching, 1, "{text}\nexpected once: {expected}\nfound: {found:#?}");
        assert_eq!(found.len(), 1, "{text}\nfound: {found:#?}");
    }
    let many: Vec<Value> = (0..51).map(|number| json!({"name": format!("custom:a{number}")})).collect();
    assert_eq!(findings(&json!({"schema": many})), ["schema: a pool can have 50 custom attributes, and here are 51"]);
    let email = yaml("{userPoolTier: LITE, mfaConfiguration: 'ON', emailMfaConfiguration: {}}");
    assert!(findings(&email).iter().any(|finding| finding.contains("codes by email as a factor need the tier")));
}

#[test]
fn what_is_not_known_yet_is_not_judged() {
    let open = |path: &str| Reference(path.parse().expect("a path")).embed();
    for spec in [
        json!({"mfaConfiguration": open("var.mfa"), "softwareTokenMfaConfiguration": {"enabled": true}}),
        json!({"mfaConfiguration": "ON", "softwareTokenMfaConfiguration": {"enabled": open("var.totp")}}),
        json!({"keyConfiguration": {"keyType": "CUSTOMER_MANAGED_KEY", "kmsKeyArn": open("var.key")}}),
        json!({"keyConfiguration": {"keyType": open("var.type"), "kmsKeyArn": "k"}}),
        json!({"mfaConfiguration": "ON", "smsMfaConfiguration": {}, "smsConfiguration": open("var.sms")}),
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
