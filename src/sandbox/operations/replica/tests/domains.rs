//! Domains of a pool with a replica: where users are sent, and what the replica's region shows.

use serde_json::{Value, json};

use super::super::super::super::Sandbox;
use super::{AWAY, DELAY, DISABLED, HOME, INVALID, done, pool, refused, replica, replicated, sandbox, settings, to};

const NAME: &str = "login.example.com";

/// A request about the custom domain that sends users to a region, or nowhere.
fn custom(id: &str, region: &str) -> Value {
    let certificate = "arn:aws:acm:us-east-1:123456789012:certificate/11111111-2222-3333-4444-555555555555";
    let mut input = json!({"UserPoolId": id, "Domain": NAME, "CustomDomainConfig": {"CertificateArn": certificate}});
    if !region.is_empty() {
        input["Routing"] = json!({"Failover": failover(region)});
    }
    input
}

fn failover(region: &str) -> Value {
    json!({"SecondaryRegion": region, "PrimaryRoute53HealthCheckId": "11111111-2222-3333-4444-555555555555"})
}

async fn shown(sandbox: &Sandbox, region: &str, name: &str) -> Value {
    done(sandbox, region, "DescribeUserPoolDomain", json!({"Domain": name})).await["DomainDescription"].take()
}

#[tokio::test]
async fn a_custom_domain_fails_over_to_a_replica() {
    let sandbox = sandbox();
    let id = replicated(&sandbox).await;
    done(&sandbox, AWAY, "UpdateUserPoolReplica", to(&id, "ACTIVE")).await;
    done(&sandbox, HOME, "CreateUserPoolDomain", custom(&id, AWAY)).await;
    let description = shown(&sandbox, HOME, NAME).await;
    assert_eq!(description["Routing"], json!({"Failover": failover(AWAY)}));
    assert_eq!(description["Status"], "CREATING");
    assert_eq!(shown(&sandbox, AWAY, NAME).await, description);
    sandbox.clock().advance(DELAY);
    // It is not taken away while users may be sent there.
    done(&sandbox, HOME, "UpdateUserPoolReplica", to(&id, "INACTIVE")).await;
    refused(&sandbox, HOME, "DeleteUserPoolReplica", replica(&id), INVALID, NAME).await;
    let mut emptied = custom(&id, "");
    emptied["Routing"] = json!({});
    for rest in [emptied, custom(&id, "")] {
        done(&sandbox, HOME, "UpdateUserPoolDomain", rest).await;
        assert_eq!(shown(&sandbox, HOME, NAME).await.get("Routing"), None, "an update without it removes it");
        sandbox.clock().advance(DELAY);
        done(&sandbox, HOME, "UpdateUserPoolDomain", custom(&id, AWAY)).await;
        assert_eq!(shown(&sandbox, HOME, NAME).await["Routing"]["Failover"]["SecondaryRegion"], AWAY);
        sandbox.clock().advance(DELAY);
    }
    done(&sandbox, HOME, "UpdateUserPoolDomain", custom(&id, "")).await;
    done(&sandbox, HOME, "DeleteUserPoolReplica", replica(&id)).await;
}

#[tokio::test]
async fn where_users_cannot_be_sent() {
    let sandbox = sandbox();
    let id = pool(&sandbox, settings()).await;
    refused(&sandbox, HOME, "CreateUserPoolDomain", custom(&id, AWAY), INVALID, "none in eu-west-1").await;
    done(&sandbox, HOME, "CreateUserPoolReplica", replica(&id)).await;
    refused(&sandbox, HOME, "CreateUserPoolDomain", custom(&id, AWAY), INVALID, "none in eu-west-1").await;
    sandbox.clock().advance(DELAY);
    for region in ["us-west-2", HOME] {
        refused(&sandbox, HOME, "CreateUserPoolDomain", custom(&id, region), INVALID, region).await;
    }
    let prefix = json!({"UserPoolId": id, "Domain": "shop", "Routing": {"Failover": failover(AWAY)}});
    refused(&sandbox, HOME, "CreateUserPoolDomain", prefix, INVALID, "custom domains").await;
    done(&sandbox, HOME, "CreateUserPoolDomain", custom(&id, "")).await;
    sandbox.clock().advance(DELAY);
    done(&sandbox, HOME, "DeleteUserPoolReplica", replica(&id)).await;
    refused(&sandbox, HOME, "UpdateUserPoolDomain", custom(&id, AWAY), INVALID, "none in eu-west-1").await;
}

#[tokio::test]
async fn a_prefix_belongs_to_the_primarys_region() {
    let sandbox = sandbox();
    let id = replicated(&sandbox).await;
    done(&sandbox, HOME, "CreateUserPoolDomain", json!({"UserPoolId": id, "Domain": "shop"})).await;
    done(&sandbox, HOME, "CreateUserPoolDomain", custom(&id, "")).await;
    refused(&sandbox, AWAY, "DescribeUserPoolDomain", json!({"Domain": "shop"}), DISABLED, HOME).await;
    assert_eq!(shown(&sandbox, AWAY, "other").await, json!({}));
    assert_eq!(shown(&sandbox, "ap-south-1", "shop").await, json!({}));
    let away = done(&sandbox, AWAY, "DescribeUserPool", json!({"UserPoolId": id})).await;
    assert_eq!((&away["UserPool"]["CustomDomain"], away["UserPool"].get("Domain")), (&json!(NAME), None));
    // The same prefix can be another pool's in the replica's region, and is that one's there.
    let own = done(&sandbox, AWAY, "CreateUserPool", json!({"PoolName": "own"})).await;
    let own = own["UserPool"]["Id"].clone();
    done(&sandbox, AWAY, "CreateUserPoolDomain", json!({"UserPoolId": own, "Domain": "shop"})).await;
    assert_eq!(shown(&sandbox, AWAY, "shop").await["UserPoolId"], own);
    assert_eq!(shown(&sandbox, HOME, "shop").await["UserPoolId"], id);
}
