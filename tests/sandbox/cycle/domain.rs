//! Domains, of AWS's and of one's own.

use serde_json::json;

use super::row::{Table, Without, row};
use super::run::run;

const CUSTOM: &str = r#"userPools.p.domains["login.example.com"]"#;

fn certificate(name: &str) -> String {
    format!("arn:aws:acm:us-east-1:123456789012:certificate/{name}")
}

fn check(name: &str) -> String {
    format!("abcdef11-2222-3333-4444-{name:a>12}")
}

pub(crate) fn table() -> Table {
    let stack = json!({"stack": "cycle", "userPools": {"p": {"domains": {
        "cycle-login": {},
        "login.example.com": {"customDomainConfig": {"certificateArn": certificate("one")}},
    }}}});
    let failover = || json!({"routing": {"failover": {"secondaryRegion": "us-west-2", "primaryRoute53HealthCheckId": check("one")}}});
    let mut with_replica = super::replica::pool();
    with_replica["replicas"] = json!({"us-west-2": {}});
    let rows = vec![
        row("managedLoginVersion", 2, 1),
        row("managedLoginVersion", 1, 2),
        row("managedLoginVersion", 1, 2).at(CUSTOM),
        row("customDomainConfig.certificateArn", certificate("one"), certificate("two"))
            .at(CUSTOM)
            .without(Without::Wrong),
        row("customDomainConfig.securityPolicy", "TLS_V1_2_2021", "TLS_V1_3_2025").at(CUSTOM).without(Without::Kept),
        row("routing.failover.primaryRoute53HealthCheckId", check("one"), check("two"))
            .at(CUSTOM)
            .stack(json!({"userPools": {"p": with_replica}}))
            .with(failover())
            .without(Without::Wrong),
    ];
    Table { address: "userPools.p.domains.cycle-login", stack, rows }
}

#[tokio::test(start_paused = true)]
async fn each_property_of_a_domain() {
    run(&table()).await;
}
