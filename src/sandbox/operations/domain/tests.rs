use std::time::Duration;

use serde_json::{Value, json};

use super::super::super::Sandbox;
use super::super::super::state::Domain;
use super::super::fixture::{INVALID, MISSING, add_pool, ask, change_pool, done, recorded, refused, sandbox};

const CERTIFICATE: &str = "arn:aws:acm:us-east-1:123456789012:certificate/11111111-2222-3333-4444-555555555555";

fn custom(name: &str) -> Value {
    json!({"Domain": name, "CustomDomainConfig": {"CertificateArn": CERTIFICATE, "SecurityPolicy": "TLS_V1_3_2025"}})
}

async fn shown(sandbox: &Sandbox, name: &str) -> Value {
    done(sandbox, "DescribeUserPoolDomain", json!({"Domain": name})).await["DomainDescription"].take()
}

async fn status(sandbox: &Sandbox, name: &str) -> String {
    shown(sandbox, name).await["Status"].as_str().unwrap_or("gone").to_owned()
}

#[tokio::test]
async fn a_prefix_is_there_at_once_and_gone_at_once() {
    let sandbox = sandbox();
    let answer = done(&sandbox, "CreateUserPoolDomain", json!({"Domain": "shop-login"})).await;
    assert_eq!(answer, json!({"ManagedLoginVersion": 1}));
    let description = shown(&sandbox, "shop-login").await;
    let real = recorded("087-DescribeUserPoolDomain")["DomainDescription"].take();
    assert_eq!(description["Status"], real["Status"]);
    assert_eq!(description["ManagedLoginVersion"], real["ManagedLoginVersion"]);
    let names = |value: &Value| {
        let mut names: Vec<String> = value.as_object().expect("members").keys().cloned().collect();
        names.sort();
        names
    };
    assert_eq!(names(&description), names(&real));
    done(&sandbox, "DeleteUserPoolDomain", json!({"Domain": "shop-login"})).await;
    assert_eq!(shown(&sandbox, "shop-login").await, json!({}));
}

#[tokio::test]
async fn a_custom_domain_takes_its_time_and_cannot_be_touched_meanwhile() {
    let sandbox = sandbox();
    let name = "login.example.com";
    let (nearly, rest) = (Duration::from_secs(270), Duration::from_secs(30));
    let answer = done(&sandbox, "CreateUserPoolDomain", custom(name)).await;
    let target = answer["CloudFrontDomain"].as_str().expect("a target");
    assert!(target.ends_with(".cloudfront.net"));
    assert_eq!(shown(&sandbox, name).await["CloudFrontDistribution"], target);

    let steps = [("CREATING", "UpdateUserPoolDomain"), ("UPDATING", "DeleteUserPoolDomain"), ("DELETING", "")];
    for (work, next) in steps {
        assert_eq!(status(&sandbox, name).await, work);
        sandbox.clock().advance(nearly);
        assert_eq!(status(&sandbox, name).await, work);
        refused(&sandbox, "UpdateUserPoolDomain", custom(name), INVALID, work).await;
        refused(&sandbox, "DeleteUserPoolDomain", json!({"Domain": name}), INVALID, work).await;
        sandbox.clock().advance(rest);
        if !next.is_empty() {
            assert_eq!(status(&sandbox, name).await, "ACTIVE");
            done(&sandbox, next, if next.starts_with("Update") { custom(name) } else { json!({"Domain": name}) }).await;
        }
    }
    assert_eq!(status(&sandbox, name).await, "gone");
    done(&sandbox, "CreateUserPoolDomain", custom(name)).await;
}

#[tokio::test]
async fn while_a_custom_domain_goes_its_name_is_not_free() {
    let sandbox = sandbox();
    done(&sandbox, "CreateUserPoolDomain", custom("login.example.com")).await;
    sandbox.clock().advance(Duration::from_mins(5));
    done(&sandbox, "DeleteUserPoolDomain", json!({"Domain": "login.example.com"})).await;
    let words = "User pool already has a domain configured.";
    refused(&sandbox, "CreateUserPoolDomain", custom("login.example.com"), INVALID, words).await;
}

#[tokio::test]
async fn an_update_resets_what_it_does_not_say() {
    let sandbox = sandbox();
    done(&sandbox, "CreateUserPoolDomain", json!({"Domain": "shop", "ManagedLoginVersion": 2})).await;
    let answer = done(&sandbox, "UpdateUserPoolDomain", json!({"Domain": "shop"})).await;
    assert_eq!(answer["ManagedLoginVersion"], 1);
    done(&sandbox, "CreateUserPoolDomain", custom("login.example.com")).await;
    sandbox.clock().advance(Duration::from_mins(5));
    let other = json!({"Domain": "login.example.com", "CustomDomainConfig": {"CertificateArn": CERTIFICATE}});
    done(&sandbox, "UpdateUserPoolDomain", other).await;
    let config = json!({"CertificateArn": CERTIFICATE});
    assert_eq!(shown(&sandbox, "login.example.com").await["CustomDomainConfig"], config);
}

#[tokio::test]
async fn names_are_taken_by_region_or_everywhere() {
    let sandbox = sandbox();
    let elsewhere = [
        ("210987654321", "us-east-1", "their-prefix", false),
        ("210987654321", "eu-west-1", "far-prefix", false),
        ("210987654321", "eu-west-1", "far.example.com", true),
    ];
    for (number, (account, region, name, custom)) in elsewhere.into_iter().enumerate() {
        let id = format!("{region}_other{number}");
        add_pool(&sandbox, account, region, &id);
        sandbox.meddle(|state| {
            let mut domain = Domain::default();
            domain.body.insert("Domain".into(), json!(name));
            domain.body.insert("UserPoolId".into(), json!(id));
            if custom {
                domain.body.insert("CustomDomainConfig".into(), json!({"CertificateArn": CERTIFICATE}));
            }
            let region = state.accounts.get_mut(account).and_then(|regions| regions.get_mut(region));
            let pool = region.and_then(|region| region.user_pools.get_mut(&id)).expect("the pool");
            pool.domains.insert(name.to_owned(), domain);
        });
    }
    let taken = "Domain already associated with another user pool.";
    refused(&sandbox, "CreateUserPoolDomain", json!({"Domain": "their-prefix"}), INVALID, taken).await;
    refused(&sandbox, "CreateUserPoolDomain", custom("far.example.com"), INVALID, taken).await;
    done(&sandbox, "CreateUserPoolDomain", json!({"Domain": "far-prefix"})).await;
    // It can be seen whose it is, and that is all that can be done.
    assert_eq!(shown(&sandbox, "their-prefix").await["UserPoolId"], "us-east-1_other0");
    let words = "No such domain or user pool exists";
    refused(&sandbox, "DeleteUserPoolDomain", json!({"Domain": "their-prefix"}), INVALID, words).await;
}

#[tokio::test]
async fn a_pool_has_one_of_each_kind_and_an_account_four_of_one() {
    let sandbox = sandbox();
    done(&sandbox, "CreateUserPoolDomain", json!({"Domain": "shop"})).await;
    done(&sandbox, "CreateUserPoolDomain", custom("one.example.com")).await;
    let words = "User pool already has a domain configured.";
    refused(&sandbox, "CreateUserPoolDomain", json!({"Domain": "shop-two"}), INVALID, words).await;
    refused(&sandbox, "CreateUserPoolDomain", custom("two.example.com"), INVALID, words).await;
    for number in 2..=5 {
        let id = format!("us-east-1_more{number}");
        add_pool(&sandbox, "123456789012", "us-east-1", &id);
        let mut input = custom(&format!("number{number}.example.com"));
        input["UserPoolId"] = json!(id);
        let result = ask(&sandbox, "CreateUserPoolDomain", input).await;
        let code = result.err().map(|(code, _)| code);
        assert_eq!(code.as_deref(), (number == 5).then_some("LimitExceededException"), "{number}");
    }
}

#[tokio::test]
async fn a_reserved_word_may_be_a_part_of_another() {
    let sandbox = sandbox();
    for name in ["amazonia", "laws-shop", "newcognito-2"] {
        done(&sandbox, "CreateUserPoolDomain", json!({"Domain": name})).await;
        done(&sandbox, "DeleteUserPoolDomain", json!({"Domain": name})).await;
    }
}

/// What AWS says to a prefix with other characters.
const ONLY: &str = "The domain name contains an invalid character. Domain names can only contain lower-case letters, \
                    numbers, and hyphens. Please enter a different name that follows this format: \
                    ^[a-z0-9](?:[a-z0-9\\-]{0,61}[a-z0-9])?$";

#[tokio::test]
async fn what_is_refused() {
    let sandbox = sandbox();
    let create = |name: &str| json!({"Domain": name});
    let mut far = custom("login.example.com");
    far["CustomDomainConfig"]["CertificateArn"] = json!(CERTIFICATE.replace("us-east-1", "eu-west-1"));
    let routed = |mut domain: Value| {
        domain["Routing"] =
            json!({"Failover": {"SecondaryRegion": "eu-west-1", "PrimaryRoute53HealthCheckId": "11111111-2222"}});
        domain
    };
    let table = [
        (create("my-aws-shop"), INVALID, "reserved word: aws"),
        (create("amazon"), INVALID, "reserved word: amazon"),
        (create("new-cognito"), INVALID, "reserved word: cognito"),
        (create("login.example.com"), INVALID, ONLY),
        (create("Shop"), INVALID, ONLY),
        (create("my_shop"), INVALID, ONLY),
        (create("-shop"), INVALID, ONLY),
        (create("shop-"), INVALID, ONLY),
        (create("sh\u{f6}p"), INVALID, ONLY),
        (custom("Login.example.com"), INVALID, "Custom domain is not a valid host name"),
        (custom("login..example.com"), INVALID, "Custom domain is not a valid host name"),
        (custom("login_1.example.com"), INVALID, "Custom domain is not a valid host name"),
        (custom("https://login.example.com"), INVALID, "Custom domain is not a valid host name"),
        (custom("*.example.com"), INVALID, "Custom domain is not a valid host name"),
        (custom("example.com"), INVALID, "Custom domain is not a valid subdomain"),
        (far, INVALID, "isn't in us-east-1 region"),
        (routed(create("shop")), INVALID, "custom domains"),
        (routed(custom("login.example.com")), INVALID, "replicas"),
        (json!({"Domain": "shop", "ManagedLoginVersion": 3}), INVALID, "ManagedLoginVersion"),
        (json!({"Domain": "shop", "UserPoolId": "us-east-1_none"}), MISSING, "does not exist"),
    ];
    for (input, code, words) in table {
        refused(&sandbox, "CreateUserPoolDomain", input, code, words).await;
    }
    for operation in ["UpdateUserPoolDomain", "DeleteUserPoolDomain"] {
        refused(&sandbox, operation, create("nowhere"), INVALID, "No such domain or user pool exists").await;
    }
    done(&sandbox, "CreateUserPoolDomain", create("shop")).await;
    refused(&sandbox, "UpdateUserPoolDomain", custom("shop"), INVALID, "CustomDomainConfig").await;
    change_pool(&sandbox, |pool| {
        pool.body.insert("UserPoolTier".into(), json!("LITE"));
    });
    let managed = json!({"Domain": "shop", "ManagedLoginVersion": 2});
    refused(&sandbox, "UpdateUserPoolDomain", managed, "FeatureUnavailableInTierException", "LITE").await;
}
