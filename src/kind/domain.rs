//! A domain of a user pool. The domain itself is the key in the file: one with a dot in it is a
//! custom domain, one without is a prefix below `amazoncognito.com`. What depends on that is in
//! `stack::rules`, which knows the key.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Spec;
use crate::diagnostic::Findings;
use crate::reference;

/// Where the sign-in pages are served. The key is a prefix (`my-shop`) or a domain of your own (`auth.example.com`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(deny_unknown_fields)]
pub struct Domain {
    /// The sign-in pages: 1 the classic hosted UI, 2 managed login (not in the LITE tier). Default: 1.
    #[serde(default = "classic")]
    #[schemars(range(min = 1, max = 2))]
    pub managed_login_version: u32,
    /// The certificate of a custom domain. Required there, not allowed for a prefix.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub custom_domain_config: Option<CustomDomainConfig>,
    /// Where a custom domain of a replicated user pool fails over to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub routing: Option<Routing>,
}

fn classic() -> u32 {
    1
}

/// The certificate of a custom domain.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(deny_unknown_fields)]
pub struct CustomDomainConfig {
    /// The ARN of the ACM certificate for the domain. It must be in us-east-1, whatever the pool's region.
    #[schemars(
        length(min = 20, max = 2048),
        pattern(r"^arn:[^:]+:acm:[^:]+:[0-9]{12}:certificate/[A-Za-z0-9_+=/,.@-]+$"),
        extend("x-pattern-help" = "the ARN of an ACM certificate")
    )]
    pub certificate_arn: String,
    /// The least TLS version that browsers may use. Left out, AWS chooses, and what it chose is not compared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-compare" = "declared"))]
    pub security_policy: Option<SecurityPolicy>,
}

/// The least TLS version that browsers may use.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub enum SecurityPolicy {
    /// TLS 1.0: for clients more than a decade old.
    #[serde(rename = "TLS_V1")]
    TlsV1,
    /// TLS 1.2, with TLS 1.3 preferred.
    #[serde(rename = "TLS_V1_2_2021")]
    TlsV12,
    /// TLS 1.3 only.
    #[serde(rename = "TLS_V1_3_2025")]
    TlsV13,
    /// One that AWS has added since, as read.
    #[serde(untagged)]
    #[schemars(skip)]
    Other(String),
}

/// Where requests go.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(deny_unknown_fields)]
pub struct Routing {
    /// The region that takes over when the primary one fails.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failover: Option<Failover>,
}

/// The region that takes over when the primary one fails.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(deny_unknown_fields)]
pub struct Failover {
    /// The region of the pool's replica.
    #[schemars(length(min = 5, max = 32))]
    pub secondary_region: String,
    /// The id of the Route 53 health check that says whether the primary region works.
    pub primary_route53_health_check_id: String,
}

impl Spec for Domain {
    fn normalize(&mut self) {
        self.routing.take_if(|routing| routing.failover.is_none());
    }

    fn check(&self, findings: &mut Findings) {
        let Some(config) = &self.custom_domain_config else { return };
        let mut parts = config.certificate_arn.split(':').skip(1);
        if let (Some("aws"), Some("acm"), Some(region)) = (parts.next(), parts.next(), parts.next())
            && region != "us-east-1"
            && reference::in_text(region).is_empty()
        {
            findings.rule_with_help(
                &["customDomainConfig.certificateArn"],
                format!("the certificate is in `{region}`; a custom domain's certificate must be in us-east-1"),
                "request it in us-east-1, whatever the region of the user pool",
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::kind::Kind;
    use crate::kind::testing::{assert_rules, assert_same, canonical};

    #[test]
    fn a_bare_prefix_is_as_aws_answers() {
        for live in [
            json!({"domain": "shop", "version": "20250702011951", "status": "ACTIVE", "managedLoginVersion": 1}),
            json!({"domain": "shop", "status": "ACTIVE", "customDomainConfig": {}, "routing": {"failover": {}}}),
        ] {
            assert_same(Kind::Domain, &json!({}), &live);
        }
    }

    #[test]
    fn a_policy_that_aws_adds_later_is_read() {
        let live = json!({"customDomainConfig": {"certificateArn": "x", "securityPolicy": "TLS_V1_4_2031"}});
        assert_eq!(canonical(Kind::Domain, &live)["customDomainConfig"]["securityPolicy"], "TLS_V1_4_2031");
    }

    #[test]
    fn the_certificate_is_in_us_east_1() {
        let domain = |region: &str| {
            let arn = format!("arn:aws:acm:{region}:123456789012:certificate/1");
            json!({"customDomainConfig": {"certificateArn": arn}})
        };
        assert_rules(
            Kind::Domain,
            [
                (domain("us-east-1"), ""),
                (domain("eu-west-1"), "customDomainConfig.certificateArn: the certificate is in `eu-west-1`"),
            ],
        );
    }
}
