//! Domains: what hangs on whether the key is a prefix or a domain of one's own, and what a pool can
//! have of each.

use super::pool::Pool;
use super::{Resource, is_open, replica};
use crate::diagnostic::Finding;
use crate::kind::Kind;

/// Words that no part of a prefix between hyphens can be. Whether AWS minds them inside of longer
/// words too is reported both ways.
const RESERVED: [&str; 3] = ["aws", "amazon", "cognito"];

/// How long a domain's name may be.
const LONGEST: usize = 63;

/// The rules for a pool's domains together.
pub(super) fn check_pool(pool: &Pool, findings: &mut Vec<Finding>) {
    for (custom, title) in [(false, "prefix"), (true, "custom")] {
        let of_kind = |domain: &&Resource| !is_open(&domain.key) && is_custom(domain) == custom;
        for extra in pool.children(Kind::Domain).filter(of_kind).skip(1) {
            let message = format!("a user pool has at most one {title} domain, and this is another");
            findings.push(Finding::new(extra.address.clone(), message).at_key());
        }
    }
    let template = pool.resource.declared.get("verificationMessageTemplate");
    let by_link =
        template.and_then(|template| template.get("defaultEmailOption")?.as_str()) == Some("CONFIRM_WITH_LINK");
    if by_link && !pool.is_shared() && pool.children(Kind::Domain).next().is_none() {
        let path = pool.resource.path("verificationMessageTemplate").key("defaultEmailOption");
        let message = "`CONFIRM_WITH_LINK` needs a domain, which the link leads to; the user pool has none in the file";
        let help = format!("declare one under `{}`", pool.resource.path(Kind::Domain.section()));
        findings.push(Finding::new(path, message).help(help));
    }
}

/// The rules for one domain.
pub(super) fn check(pool: &Pool, domain: &Resource, findings: &mut Vec<Finding>) {
    let version = domain.declared.get("managedLoginVersion").and_then(serde_json::Value::as_u64);
    if version == Some(2) && pool.is_lite() {
        let message = "`managedLoginVersion: 2` needs a higher tier: the user pool is in `userPoolTier: LITE`";
        findings.push(
            Finding::new(domain.path("managedLoginVersion"), message)
                .help("set `userPoolTier: ESSENTIALS` on the pool"),
        );
    }
    if is_open(&domain.key) {
        return;
    }
    let fault = if is_custom(domain) { custom_fault(&domain.key) } else { prefix_fault(&domain.key) };
    if let Some((message, help)) = fault {
        findings.push(Finding { help, ..Finding::new(domain.address.clone(), message).at_key() });
    }
    if is_custom(domain) {
        if !domain.has("customDomainConfig") {
            let message = "a custom domain needs `customDomainConfig` with its certificate";
            let help = "add `customDomainConfig: {certificateArn: …}`; the certificate must be in us-east-1";
            findings.push(Finding::new(domain.address.clone(), message).at_key().help(help));
        }
        replica::check_domain(pool, domain, findings);
    } else {
        for property in ["customDomainConfig", "routing"] {
            if domain.has(property) {
                let message = format!("`{property}` is only for a custom domain, and `{}` is a prefix", domain.key);
                findings.push(Finding::new(domain.path(property), message).at_key());
            }
        }
    }
}

/// Whether it is a domain of one's own: with a dot in it.
fn is_custom(domain: &Resource) -> bool {
    domain.key.contains(['.', '/', ':'])
}

fn prefix_fault(prefix: &str) -> Option<(String, Option<String>)> {
    let is_label = is_label(prefix) && !prefix.contains(|char: char| char.is_ascii_uppercase());
    if !is_label {
        let rule = "1 to 63 lower-case letters, digits and hyphens, not with a hyphen at an end";
        return Some((format!("`{prefix}` cannot be a domain prefix: {rule}"), None));
    }
    let word = RESERVED.into_iter().find(|word| prefix.split('-').any(|part| part == *word))?;
    Some((format!("`{prefix}` cannot be a domain prefix: AWS reserves the word `{word}`"), None))
}

fn custom_fault(domain: &str) -> Option<(String, Option<String>)> {
    if let Some((prefix, _)) = domain.split_once(".auth.").filter(|(_, rest)| rest.contains("amazoncognito.")) {
        let message = format!("`{domain}` is a prefix with AWS's own domain");
        return Some((message, Some(format!("write only the prefix, `{prefix}`"))));
    }
    let host = domain.trim_start_matches("https://").trim_end_matches('/');
    if domain.split('.').all(is_label) {
        let help = || Some("name a subdomain of one of your own, such as auth.example.com".to_owned());
        return if domain.len() > LONGEST {
            Some((format!("`{domain}` is longer than the {LONGEST} characters that AWS takes"), None))
        } else if domain.split('.').count() < 3 {
            Some((format!("`{domain}` stands under a top-level domain, which has no address of its own"), help()))
        } else {
            None
        };
    }
    let help = (host != domain).then(|| format!("write `{host}`"));
    Some((format!("`{domain}` is not a domain name"), help))
}

fn is_label(text: &str) -> bool {
    (1..=63).contains(&text.len())
        && text.chars().all(|char| char.is_ascii_alphanumeric() || char == '-')
        && !text.starts_with('-')
        && !text.ends_with('-')
}
