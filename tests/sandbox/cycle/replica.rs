//! A pool's replica in another region: whether it serves, and what that region has of its own.

use serde_json::{Value, json};

use super::row::{Row, Table, Without, row};
use super::run::run;
use super::user_pool_messages::{by_end_user_messaging, by_ses, by_sns, role};

fn arn(name: &str) -> String {
    format!("arn:aws:lambda:us-west-2:123456789012:function:{name}")
}

fn key(name: &str) -> String {
    format!("arn:aws:kms:us-west-2:123456789012:key/{name}")
}

fn identity(name: &str) -> String {
    format!("arn:aws:ses:us-west-2:123456789012:identity/{name}")
}

/// What a pool with a replica has.
pub(crate) fn pool() -> Value {
    json!({
        "issuerConfiguration": {"type": "UPDATED"},
        "keyConfiguration": {"keyType": "CUSTOMER_MANAGED_KEY",
            "kmsKeyArn": "arn:aws:kms:us-east-1:123456789012:key/mrk-1234abcd12ab34cd56ef1234567890ab"},
    })
}

pub(crate) fn table() -> Table {
    let stack = json!({"stack": "cycle", "userPools": {"p": pool()}});
    let mut rows = vec![
        row("status", "INACTIVE", "ACTIVE").members(&["active"]),
        row("status", "ACTIVE", "INACTIVE").members(&["active"]),
        row("tags.team", "one", "two"),
    ];
    rows.extend(messages());
    rows.extend(triggers());
    Table { address: r#"userPools.p.replicas["us-west-2"]"#, stack, rows }
}

/// What is taken out of the file is left as it is.
fn messages() -> Vec<Row> {
    let by_ses = || {
        let mut ses = by_ses();
        ses["emailConfiguration"]["sourceArn"] = json!(identity("example.com"));
        ses
    };
    let mut rows = vec![
        row(
            "emailConfiguration",
            json!({"emailSendingAccount": "COGNITO_DEFAULT"}),
            by_ses()["emailConfiguration"].clone(),
        )
        .shows("emailConfiguration.emailSendingAccount", "COGNITO_DEFAULT", "DEVELOPER")
        .shows("emailConfiguration.sourceArn", Value::Null, identity("example.com"))
        .covers(&["emailConfiguration.emailSendingAccount"])
        .no_hand(),
        row("emailConfiguration.from", "one@example.com", "Two <two@example.com>").with(by_ses()),
        row("emailConfiguration.replyToEmailAddress", "one@example.com", "two@example.com"),
        row("emailConfiguration.configurationSet", "one", "two").with(by_ses()),
        row("smsConfiguration.externalId", "one", "two").with(by_sns()),
        row("smsConfiguration.eumsSms.externalId", "one", "two").with(by_end_user_messaging()),
        row("smsConfiguration.eumsSms.originationIdentity", "+441234567890", "SHOP").with(by_end_user_messaging()),
        row("smsConfiguration.eumsSms.configurationSetName", "one", "two").with(by_end_user_messaging()),
        row("smsConfiguration.eumsSms.inEntityId", "1101", "1102").with(by_end_user_messaging()),
        row("smsConfiguration.eumsSms.inTemplateId", "1201", "1202").with(by_end_user_messaging()),
        row("smsConfiguration.eumsSms.callerArn", role("one"), role("two")).with(by_end_user_messaging()),
    ]
    .into_iter()
    .map(|row| row.without(Without::Kept))
    .collect::<Vec<_>>();
    rows.push(
        row("emailConfiguration.sourceArn", identity("one.example.com"), identity("two.example.com"))
            .with(by_ses())
            .without(Without::Wrong),
    );
    rows.push(row("smsConfiguration.snsCallerArn", role("one"), role("two")).with(by_sns()).without(Without::Wrong));
    rows
}

fn triggers() -> Vec<Row> {
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
        rows.push(row(path, arn("one"), arn("two")).members(&[member]).without(Without::Kept));
    }
    rows.push(
        row("triggers.kmsKeyId", key("one"), key("two")).members(&["LambdaConfig.KMSKeyID"]).without(Without::Kept),
    );
    for (path, block, member) in [
        ("triggers.customSmsSender.lambdaArn", "customSmsSender", "LambdaConfig.CustomSMSSender"),
        ("triggers.customEmailSender.lambdaArn", "customEmailSender", "LambdaConfig.CustomEmailSender"),
        ("triggers.inboundFederation.lambdaArn", "inboundFederation", "LambdaConfig.InboundFederation"),
    ] {
        let with = json!({"triggers": {"kmsKeyId": key("one"), block: {"lambdaVersion": "V1_0"}}});
        rows.push(row(path, arn("one"), arn("two")).members(&[member]).with(with).without(Without::Wrong));
    }
    let tokens = json!({"triggers": {"preTokenGenerationConfig": {"lambdaVersion": "V1_0", "lambdaArn": arn("one")}}});
    let members = ["LambdaConfig.PreTokenGenerationConfig", "LambdaConfig.PreTokenGeneration"];
    for (path, one, two) in [
        ("triggers.preTokenGenerationConfig.lambdaArn", arn("one"), arn("two")),
        ("triggers.preTokenGenerationConfig.lambdaVersion", "V1_0".to_owned(), "V2_0".to_owned()),
        ("triggers.preTokenGenerationConfig.lambdaVersion", "V3_0".to_owned(), "V1_0".to_owned()),
    ] {
        rows.push(row(path, one, two).members(&members).with(tokens.clone()).without(Without::Wrong));
    }
    rows
}

#[tokio::test(start_paused = true)]
async fn each_property_of_a_replica() {
    run(&table()).await;
}
