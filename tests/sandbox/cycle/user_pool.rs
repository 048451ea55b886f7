//! The pool itself: what it is called, what it costs, who may come in, its keys and its triggers.

use serde_json::{Value, json};

use super::row::{Row, Table, Without, row};
use super::run::run;

pub(crate) fn stack() -> Value {
    json!({"stack": "cycle", "userPools": {"p": {}}})
}

fn arn(name: &str) -> String {
    format!("arn:aws:lambda:us-east-1:123456789012:function:{name}")
}

fn key(name: &str) -> String {
    format!("arn:aws:kms:us-east-1:123456789012:key/{name}")
}

pub(crate) fn table() -> Table {
    let mut rows = vec![
        row("name", "One", "Two"),
        row("tags.team", "one", "two"),
        row("userPoolTier", "LITE", "ESSENTIALS"),
        row("userPoolTier", "ESSENTIALS", "PLUS"),
        row("userPoolTier", "PLUS", "LITE"),
        row("deletionProtection", "INACTIVE", "ACTIVE"),
        row("deletionProtection", "ACTIVE", "INACTIVE"),
        row("usernameAttributes", json!(["email"]), json!(["phone_number"])).blocked(),
        row("aliasAttributes", json!(["email"]), json!(["email", "preferred_username"])).blocked(),
        row("usernameConfiguration.caseSensitive", false, true).blocked(),
        row("accountRecoverySetting.recoveryMechanisms[0].priority", 1, 2)
            .with(
                json!({"accountRecoverySetting": {"recoveryMechanisms": [{"priority": 1, "name": "verified_email"}]}}),
            )
            .shows_at("accountRecoverySetting.recoveryMechanisms.verified_email.priority")
            .without(Without::Wrong),
        row("accountRecoverySetting.recoveryMechanisms[0].name", "verified_email", "admin_only")
            .with(
                json!({"accountRecoverySetting": {"recoveryMechanisms": [{"priority": 1, "name": "verified_email"}]}}),
            )
            .shows(
                "accountRecoverySetting.recoveryMechanisms.admin_only",
                Value::Null,
                json!({"priority": 1, "name": "admin_only"}),
            )
            .shows(
                "accountRecoverySetting.recoveryMechanisms.verified_email",
                json!({"priority": 1, "name": "verified_email"}),
                Value::Null,
            )
            .without(Without::Wrong),
        row("adminCreateUserConfig.allowAdminCreateUserOnly", true, false),
        row("adminCreateUserConfig.allowAdminCreateUserOnly", false, true),
        row(
            "policies.signInPolicy.allowedFirstAuthFactors",
            json!(["PASSWORD", "WEB_AUTHN"]),
            json!(["PASSWORD", "EMAIL_OTP"]),
        ),
        row("userPoolAddOns.advancedSecurityMode", "AUDIT", "ENFORCED").with(json!({"userPoolTier": "PLUS"})),
        row("userPoolAddOns.advancedSecurityMode", "OFF", "ENFORCED").with(json!({"userPoolTier": "PLUS"})),
        row("userPoolAddOns.advancedSecurityAdditionalFlows.customAuthMode", "AUDIT", "ENFORCED")
            .with(json!({"userPoolTier": "PLUS", "userPoolAddOns": {"advancedSecurityMode": "AUDIT"}})),
        row("keyConfiguration.kmsKeyArn", key("one"), key("two"))
            .with(json!({"keyConfiguration": {"keyType": "CUSTOMER_MANAGED_KEY"}}))
            .without(Without::Wrong),
        row(
            "keyConfiguration",
            json!({"keyType": "AWS_OWNED_KEY"}),
            json!({"keyType": "CUSTOMER_MANAGED_KEY", "kmsKeyArn": key("one")}),
        )
        .shows("keyConfiguration.keyType", "AWS_OWNED_KEY", "CUSTOMER_MANAGED_KEY")
        .shows("keyConfiguration.kmsKeyArn", Value::Null, key("one"))
        .covers(&["keyConfiguration.keyType"])
        .no_hand(),
        row("issuerConfiguration.type", "ORIGINAL", "UPDATED"),
        row("issuerConfiguration.type", "UPDATED", "ORIGINAL"),
        row("deviceConfiguration.challengeRequiredOnNewDevice", false, true),
        row("deviceConfiguration.deviceOnlyRememberedOnUserPrompt", true, false),
    ];
    for level in [
        "acrConfiguration.Level1.acrValue",
        "acrConfiguration.Level2.acrValue",
        "acrConfiguration.Level3.acrValue",
        "acrConfiguration.Level4.acrValue",
    ] {
        rows.push(row(level, "one", "two").without(Without::Kept));
    }
    rows.extend(schema());
    rows.extend(passwords());
    rows.extend(triggers());
    Table { address: "userPools.p", stack: stack(), rows }
}

fn schema() -> Vec<Row> {
    let with = |attribute: Value| json!({"schema": [attribute]});
    let text = || {
        with(
            json!({"name": "custom:plan", "attributeDataType": "String", "mutable": true, "stringAttributeConstraints": {"minLength": 1, "maxLength": 20}}),
        )
    };
    let number = || {
        with(
            json!({"name": "custom:age", "attributeDataType": "Number", "mutable": true, "numberAttributeConstraints": {"minValue": 0, "maxValue": 150}}),
        )
    };
    let plain = || with(json!({"name": "custom:plan", "attributeDataType": "String", "mutable": true}));
    let whole = |name: &str, required: bool| {
        json!({"name": name, "attributeDataType": "String", "developerOnlyAttribute": false, "mutable": true,
            "required": required})
    };
    let email = || with(json!({"name": "email", "mutable": true}));
    // Once it is there, it is as it was made; only what is declared is compared.
    let stuck = |path: &'static str, one: Value, two: Value| row(path, one, two).blocked().without(Without::Kept);
    vec![
        row("schema[0].name", "custom:plan", "custom:rank")
            .with(plain())
            .one_way()
            .without(Without::Wrong)
            .shows(r#"schema["custom:rank"]"#, Value::Null, whole("custom:rank", false))
            .members(&["SchemaAttributes"]),
        stuck("schema[0].attributeDataType", json!("String"), json!("DateTime"))
            .with(plain())
            .shows_at(r#"schema["custom:plan"].attributeDataType"#),
        stuck("schema[0].developerOnlyAttribute", json!(false), json!(true))
            .with(plain())
            .shows_at(r#"schema["custom:plan"].developerOnlyAttribute"#),
        stuck("schema[0].mutable", json!(true), json!(false))
            .with(plain())
            .shows_at(r#"schema["custom:plan"].mutable"#),
        stuck("schema[0].required", json!(false), json!(true)).with(email()).shows_at("schema.email.required"),
        stuck("schema[0].stringAttributeConstraints.minLength", json!("1"), json!("2"))
            .with(text())
            .shows_at(r#"schema["custom:plan"].stringAttributeConstraints.minLength"#),
        stuck("schema[0].stringAttributeConstraints.maxLength", json!("20"), json!("30"))
            .with(text())
            .shows_at(r#"schema["custom:plan"].stringAttributeConstraints.maxLength"#),
        stuck("schema[0].numberAttributeConstraints.minValue", json!("0"), json!("1"))
            .with(number())
            .shows_at(r#"schema["custom:age"].numberAttributeConstraints.minValue"#),
        stuck("schema[0].numberAttributeConstraints.maxValue", json!("150"), json!("200"))
            .with(number())
            .shows_at(r#"schema["custom:age"].numberAttributeConstraints.maxValue"#),
    ]
}

fn passwords() -> Vec<Row> {
    let all = || {
        json!({"policies": {"passwordPolicy": {"requireLowercase": true, "requireUppercase": true,
            "requireNumbers": true, "requireSymbols": true}}})
    };
    let policy = |path: &'static str, one: Value, two: Value| row(path, one, two).with(all());
    vec![
        policy("policies.passwordPolicy.minimumLength", json!(10), json!(12)),
        policy("policies.passwordPolicy.requireLowercase", json!(true), json!(false)).without(Without::Wrong),
        policy("policies.passwordPolicy.requireUppercase", json!(false), json!(true)).without(Without::Wrong),
        policy("policies.passwordPolicy.requireNumbers", json!(true), json!(false)).without(Without::Wrong),
        policy("policies.passwordPolicy.requireSymbols", json!(false), json!(true)).without(Without::Wrong),
        policy("policies.passwordPolicy.passwordHistorySize", json!(3), json!(5)),
        policy("policies.passwordPolicy.temporaryPasswordValidityDays", json!(3), json!(5))
            .members(&["AdminCreateUserConfig.UnusedAccountValidityDays"]),
    ]
}

fn triggers() -> Vec<Row> {
    let ignore = || json!({"triggerPermissions": "ignore"});
    let mut rows = Vec::new();
    for (path, member) in [
        ("triggers.preSignUp", "LambdaConfig.PreSignUp"),
        ("triggers.customMessage", "LambdaConfig.CustomMessage"),
        ("triggers.postConfirmation", "LambdaConfig.PostConfirmation"),
        ("triggers.preAuthentication", "LambdaConfig.PreAuthentication"),
        ("triggers.postAuthentication", "LambdaConfig.PostAuthentication"),
        ("triggers.defineAuthChallenge", "LambdaConfig.DefineAuthChallenge"),
        ("triggers.createAuthChallenge", "LambdaConfig.CreateAuthChallenge"),
        ("triggers.verifyAuthChallengeResponse", "LambdaConfig.VerifyAuthChallengeResponse"),
        ("triggers.userMigration", "LambdaConfig.UserMigration"),
    ] {
        rows.push(row(path, arn("one"), arn("two")).members(&[member]).with(ignore()));
    }
    rows.push(row("triggers.kmsKeyId", key("one"), key("two")).members(&["LambdaConfig.KMSKeyID"]).with(ignore()));
    for (path, block, member) in [
        ("triggers.customSmsSender.lambdaArn", "customSmsSender", "LambdaConfig.CustomSMSSender"),
        ("triggers.customEmailSender.lambdaArn", "customEmailSender", "LambdaConfig.CustomEmailSender"),
        ("triggers.inboundFederation.lambdaArn", "inboundFederation", "LambdaConfig.InboundFederation"),
    ] {
        let with = json!({"triggers": {"kmsKeyId": key("one"), block: {"lambdaVersion": "V1_0"}}});
        rows.push(
            row(path, arn("one"), arn("two")).members(&[member]).with(ignore()).with(with).without(Without::Wrong),
        );
    }
    let tokens = json!({"triggers": {"preTokenGenerationConfig": {"lambdaVersion": "V1_0", "lambdaArn": arn("one")}}});
    let members = ["LambdaConfig.PreTokenGenerationConfig", "LambdaConfig.PreTokenGeneration"];
    for (path, one, two) in [
        ("triggers.preTokenGenerationConfig.lambdaArn", arn("one"), arn("two")),
        ("triggers.preTokenGenerationConfig.lambdaVersion", "V1_0".to_owned(), "V2_0".to_owned()),
        ("triggers.preTokenGenerationConfig.lambdaVersion", "V3_0".to_owned(), "V1_0".to_owned()),
    ] {
        rows.push(row(path, one, two).members(&members).with(ignore()).with(tokens.clone()).without(Without::Wrong));
    }
    rows
}

#[tokio::test(start_paused = true)]
async fn each_property_of_a_user_pool() {
    run(&table()).await;
}
