//! Facets and replicas: what they need of their pool, where things are, and files.

use serde_json::{Value, json};

use super::made::{assert_found, found, pool};

const GROUP: &str = "arn:aws:logs:eu-west-1:123456789012:log-group:/aws/vendedlogs/pool";
const MULTI_REGION: &str = "arn:aws:kms:eu-west-1:123456789012:key/mrk-1";

/// A pool with what another has, and more.
fn with(base: &Value, more: &Value) -> Value {
    let mut spec = base.clone();
    spec.as_object_mut().expect("a map").extend(more.as_object().cloned().unwrap_or_default());
    spec
}

fn activity() -> Value {
    json!([{"eventSource": "userAuthEvents", "logLevel": "INFO", "s3Configuration": {"bucketArn": "arn:aws:s3:::logs"}}])
}

#[test]
fn threat_protection() {
    let audit = json!({"userPoolTier": "PLUS", "userPoolAddOns": {"advancedSecurityMode": "AUDIT"}});
    let risk = json!({"riskConfiguration": {"riskExceptionConfiguration": {}}});
    let of_client = json!({"clients": {"web": risk}});
    let logs = json!({"logConfigurations": activity()});
    let off = json!({"userPoolAddOns": {"advancedSecurityMode": "OFF"}});
    let open = json!({"userPoolAddOns": {"advancedSecurityMode": "${var.mode}"}});
    let left = json!({"ignoreChanges": ["userPoolAddOns.advancedSecurityMode"]});
    let undelivered = json!({"logConfigurations": [{"eventSource": "userNotification", "logLevel": "ERROR"}]});
    assert_found([
        (pool(with(&risk, &audit)), ""),
        (pool(with(&of_client, &audit)), ""),
        (pool(with(&logs, &audit)), ""),
        (pool(risk.clone()), "userPools.p.riskConfiguration: `riskConfiguration` needs threat protection"),
        (pool(with(&risk, &off)), "userPools.p.riskConfiguration: `riskConfiguration` needs threat protection"),
        (pool(of_client), "userPools.p.clients.web.riskConfiguration: `riskConfiguration` needs threat protection"),
        (pool(logs.clone()), "userPools.p.logConfigurations[0].eventSource: `userAuthEvents` needs threat protection"),
        (pool(undelivered), ""),
        (pool(with(&logs, &json!({"id": "eu-west-1_shop"}))), ""),
        // What is not known yet, and what others set.
        (pool(with(&risk, &open)), ""),
        (pool(with(&risk, &left)), ""),
        (pool(with(&risk, &json!({"userPoolAddOns": "${var.addOns}"}))), ""),
        (pool(with(&with(&logs, &open), &json!({"userPoolTier": "PLUS"}))), ""),
        (pool(with(&with(&logs, &open), &json!({"userPoolTier": "${var.tier}"}))), ""),
        (
            pool(with(&logs, &open)),
            "`userAuthEvents` needs a higher tier: the user pool's `userPoolTier` is ESSENTIALS",
        ),
        // A tier that the add-ons need is said of them.
        (pool(with(&logs, &json!({"userPoolAddOns": {"advancedSecurityMode": "AUDIT"}}))), ""),
    ]);
}

#[test]
fn pages() {
    let css = json!({"uiCustomization": {"css": ".label-customizable {}"}});
    let style = json!({"clients": {"web": {"managedLoginBranding": {"useCognitoProvidedValues": true}}}});
    let terms = json!({"clients": {"web": {"terms": {"terms-of-use": {"links": {}}}}}});
    let lite = json!({"userPoolTier": "LITE"});
    assert_found([
        (pool(with(&css, &json!({"userPoolTier": "LITE", "domains": {"shop": {}}}))), ""),
        (pool(with(&css, &json!({"domains": {"${var.prefix}": {}}}))), ""),
        (pool(with(&css, &json!({"unmanaged": "ignore"}))), ""),
        (pool(css.clone()), "userPools.p.uiCustomization: `uiCustomization` needs a domain"),
        (pool(json!({"clients": {"web": css}})), "userPools.p.clients.web.uiCustomization: `uiCustomization` needs"),
        (pool(style.clone()), ""),
        (pool(with(&style, &json!({"userPoolTier": "${var.tier}"}))), ""),
        (pool(with(&style, &lite)), "userPools.p.clients.web.managedLoginBranding: managed login needs a higher tier"),
        (pool(with(&terms, &lite)), ""),
    ]);
}

#[test]
fn where_logs_and_senders_are() {
    let logs = |arn: &str| {
        let group = json!({"eventSource": "userNotification", "cloudWatchLogsConfiguration": {"logGroupArn": arn}});
        let pools = pool(json!({"logConfigurations": [group]}));
        with(&pools, &json!({"region": "eu-west-1", "account": "123456789012"}))
    };
    let sender = |pools: Value| with(&pools, &json!({"region": "eu-west-1", "account": "123456789012"}));
    let notify = |arn: &str| json!({"accountTakeoverRiskConfiguration": {"notifyConfiguration": {"sourceArn": arn}}});
    let protected = |risk: Value| {
        let add_ons = json!({"advancedSecurityMode": "AUDIT"});
        pool(json!({"userPoolTier": "PLUS", "userPoolAddOns": add_ons, "riskConfiguration": risk}))
    };
    let key =
        |arn: &str| sender(pool(json!({"keyConfiguration": {"keyType": "CUSTOMER_MANAGED_KEY", "kmsKeyArn": arn}})));
    assert_found([
        (logs(GROUP), ""),
        (logs("arn:aws:logs:${aws.region}:${aws.account}:log-group:shop"), ""),
        (
            logs("arn:aws:logs:us-east-1:123456789012:log-group:shop"),
            "userPools.p.logConfigurations[0].cloudWatchLogsConfiguration.logGroupArn: this is in the region `us-east-1`",
        ),
        (
            logs("arn:aws:logs:eu-west-1:999999999999:log-group:shop"),
            "userPools.p.logConfigurations[0].cloudWatchLogsConfiguration.logGroupArn: this is in the account 999999999999",
        ),
        // Regions of SES are AWS's to judge, as for the pool's own email.
        (sender(protected(notify("arn:aws:ses:us-east-1:123456789012:identity/shop.example"))), ""),
        (
            sender(protected(notify("arn:aws:ses:eu-west-1:999999999999:identity/shop.example"))),
            "riskConfiguration.accountTakeoverRiskConfiguration.notifyConfiguration.sourceArn: this is in the account",
        ),
        (key("arn:aws:kms:eu-west-1:123456789012:key/1"), ""),
        (
            key("arn:aws:kms:us-east-1:123456789012:key/1"),
            "userPools.p.keyConfiguration.kmsKeyArn: this is in the region `us-east-1`, and the stack is in `eu-west-1`",
        ),
    ]);
}

/// A stack in `eu-west-1` whose pool can have a replica, and more in its pool.
fn replicated(replicas: &Value, more: &Value) -> Value {
    let key = json!({"keyType": "CUSTOMER_MANAGED_KEY", "kmsKeyArn": MULTI_REGION});
    let spec = json!({"keyConfiguration": key, "replicas": replicas});
    let file = pool(with(&spec, more));
    with(&file, &json!({"region": "eu-west-1", "functions": {"f": {}}}))
}

#[test]
fn replicas() {
    let one = json!({"us-west-2": {}});
    let with_key = |key: Value| replicated(&one, &json!({"keyConfiguration": key}));
    assert_found([
        (replicated(&one, &json!({})), ""),
        (replicated(&json!({"${var.region}": {}}), &json!({})), ""),
        (
            replicated(&json!({"us-west-2": {}, "us-east-1": {}}), &json!({})),
            "userPools.p.replicas.us-east-1: a user pool has at most one replica",
        ),
        (
            replicated(&json!({"eu-west-1": {}}), &json!({})),
            "userPools.p.replicas.eu-west-1: `eu-west-1` is the stack's own region",
        ),
        (replicated(&json!({"us-gov-west-1": {}}), &json!({})), "`us-gov-west-1` is apart from the stack's region"),
        (
            replicated(&one, &json!({"userPoolTier": "LITE"})),
            "userPools.p.replicas.us-west-2: a replica needs a higher tier",
        ),
        // The key.
        (with_key(json!({})), "userPools.p.replicas.us-west-2: a replica needs a key of your own"),
        (with_key(json!({"keyType": "AWS_OWNED_KEY"})), "a replica needs a key of your own"),
        (with_key(json!({"keyType": "${var.type}"})), ""),
        // Of these the pool itself is told.
        (with_key(json!({"kmsKeyArn": MULTI_REGION})), ""),
        (with_key(json!({"keyType": "CUSTOMER_MANAGED_KEY"})), ""),
        (
            with_key(
                json!({"keyType": "CUSTOMER_MANAGED_KEY", "kmsKeyArn": "arn:aws:kms:eu-west-1:123456789012:key/1"}),
            ),
            "userPools.p.keyConfiguration.kmsKeyArn: a pool with a replica needs a multi-region key",
        ),
        (with_key(json!({"keyType": "CUSTOMER_MANAGED_KEY", "kmsKeyArn": "${var.key}"})), ""),
    ]);
}

#[test]
fn triggers_of_a_replica() {
    let triggers = |triggers: Value| replicated(&json!({"us-west-2": {"triggers": triggers}}), &json!({}));
    let function = |region: &str| format!("arn:aws:lambda:{region}:123456789012:function:f");
    let at_open = json!({"${var.region}": {"triggers": {"preSignUp": function("us-west-2")}}});
    assert_found([
        (triggers(json!({"preSignUp": function("us-west-2")})), ""),
        (triggers(json!({"preSignUp": "${var.function}"})), ""),
        (replicated(&at_open, &json!({})), ""),
        (
            triggers(json!({"preSignUp": function("eu-west-1")})),
            "replicas.us-west-2.triggers.preSignUp: this is in the region `eu-west-1`, and the replica is in `us-west-2`",
        ),
        (
            triggers(json!({"preSignUp": "${functions.f.arn}"})),
            "triggers.preSignUp: `${functions.f.arn}` is a function in the stack's region, and the replica is in `us-west-2`",
        ),
        (triggers(json!({"kmsKeyId": MULTI_REGION})), "triggers.kmsKeyId: this is in the region `eu-west-1`, and the"),
        (triggers(json!({"kmsKeyId": function("us-west-2")})), "is not the ARN of a KMS key"),
    ]);
}

#[test]
fn failover_is_to_a_replica() {
    let routed = |region: &str, more: &Value| {
        let routing = json!({"failover": {"secondaryRegion": region, "primaryRoute53HealthCheckId": "1"}});
        let domain = json!({"customDomainConfig": {"certificateArn": "x"}, "routing": routing});
        with(&json!({"domains": {"auth.example.com": domain}}), more)
    };
    let replicas = json!({"us-west-2": {}});
    assert_found([
        (replicated(&replicas, &routed("us-west-2", &json!({}))), ""),
        (replicated(&replicas, &routed("${var.region}", &json!({}))), ""),
        (replicated(&json!({"${var.region}": {}}), &routed("us-west-2", &json!({}))), ""),
        (
            replicated(&replicas, &routed("us-east-1", &json!({}))),
            "domains[\"auth.example.com\"].routing.failover.secondaryRegion: the user pool has no replica in `us-east-1`",
        ),
        (pool(routed("us-west-2", &json!({}))), "the user pool has no replica in `us-west-2` in the file"),
        (pool(routed("us-west-2", &json!({"unmanaged": "ignore"}))), ""),
    ]);
}

#[test]
fn files_are_there_and_are_what_aws_takes() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = |name: &str, bytes: &[u8]| std::fs::write(folder.path().join(name), bytes).expect("a file");
    let png = |size: usize| [b"\x89PNG\r\n\x1a\n".to_vec(), vec![0; size]].concat();
    file("logo.png", &png(10));
    file("large.png", &png(102_400));
    file("empty.png", b"");
    file("text.png", b"a logo");
    file("page.webp", &png(999_000));
    file("huge.webp", &png(1_000_000));
    std::fs::create_dir(folder.path().join("folder.png")).expect("a folder");
    let logo = |name: &str| {
        let spec = json!({"domains": {"shop": {}}, "uiCustomization": {"imageFile": name}});
        with(&pool(spec), &json!({"folder": folder.path()}))
    };
    let style = |names: &[&str]| {
        let assets: Vec<Value> = names.iter().map(|name| json!({"bytes": name})).collect();
        let spec = json!({"clients": {"web": {"managedLoginBranding": {"assets": assets}}}});
        with(&pool(spec), &json!({"folder": folder.path()}))
    };
    assert_found([
        (logo("logo.png"), ""),
        (logo("./logo.png"), ""),
        (logo("${var.logo}"), ""),
        (logo("none.png"), "userPools.p.uiCustomization.imageFile: there is no file `none.png`"),
        (logo("large.png"), "imageFile: `large.png` has 102408 bytes, and AWS takes 102400"),
        (logo("empty.png"), "imageFile: `empty.png` is empty"),
        (logo("text.png"), "imageFile: `text.png` is no PNG or JPEG image"),
        (logo("folder.png"), "imageFile: `folder.png` is a folder, not a file"),
        (style(&["page.webp"]), ""),
        (
            style(&["page.webp", "none.svg"]),
            "userPools.p.clients.web.managedLoginBranding.assets[1].bytes: there is no file `none.svg`",
        ),
        (style(&["huge.webp"]), "assets[0].bytes: `huge.webp` has 1000008 bytes, and AWS takes 1000000"),
        // They go in as many requests as it takes.
        (style(&["page.webp", "page.webp"]), ""),
    ]);
    let help = super::check(&super::stack(&logo("none.png"))).into_iter().find_map(|finding| finding.help);
    assert!(help.is_some_and(|help| help.starts_with("it is looked for from the stack file's folder: `/")));
    assert_eq!(found(&logo("logo.png")), [""; 0]);
}
