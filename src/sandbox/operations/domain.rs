//! Domains of user pools. A prefix stands under a host name of AWS and is there at once; a custom
//! domain is a host name of the caller's with a certificate, and takes its time to come, to change
//! and to go.

use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::super::refusal::Refusal;
use super::super::state::{Body, Domain, UserPool};
use super::replica;
use super::world::{SMALL, World, text};

#[cfg(test)]
mod tests;

/// Words that no prefix may have between its hyphens.
const RESERVED: [&str; 3] = ["amazon", "aws", "cognito"];
/// Custom domains of an account in a region.
const CUSTOM: usize = 4;
/// What AWS says its hosted pages are at.
const VERSION: &str = "20250702011951";

/// `CreateUserPoolDomain`.
pub(super) fn create(world: &mut World<'_>, input: &Value) -> Result<Value, Refusal> {
    let now = world.now;
    let (name, id) = (text(input, "Domain"), text(input, "UserPoolId"));
    let custom = given(input, "CustomDomainConfig").is_some();
    let version = version(world.pool()?, input)?;
    check_name(name, custom)?;
    check_settings(world.pool()?, input, now)?;
    if standing(world.pool()?, now).any(|(_, domain)| is_custom(domain) == custom) {
        return Err(Refusal::invalid("User pool already has a domain configured."));
    }
    if taken(world, name, custom) {
        return Err(Refusal::invalid("Domain already associated with another user pool."));
    }
    let others = world.region().user_pools.values();
    let others = others.flat_map(|pool| standing(pool, now)).filter(|(_, domain)| is_custom(domain)).count();
    if custom && others >= CUSTOM {
        return Err(Refusal::of("LimitExceededException", "The number of custom domains exceeds the limit."));
    }
    let mut body = Body::new();
    body.insert("UserPoolId".into(), json!(id));
    body.insert("AWSAccountId".into(), json!(world.call.account));
    body.insert("Domain".into(), json!(name));
    body.insert("S3Bucket".into(), json!(format!("aws-cognito-prod-{}-assets", world.call.region)));
    let distribution = if custom { format!("d{}", world.fresh(SMALL, 13)) } else { shared(&world.call.region) };
    body.insert("CloudFrontDistribution".into(), json!(format!("{distribution}.cloudfront.net")));
    body.insert("Version".into(), json!(VERSION));
    let mut domain = Domain { body, ..Domain::default() };
    set(&mut domain, input, version);
    begin(world, &mut domain, "CREATING");
    let answer = answer(&domain);
    let domains = &mut world.pool()?.domains;
    domains.retain(|_, domain| stands(domain, now));
    domains.insert(name.to_owned(), domain);
    Ok(answer)
}

/// `DescribeUserPoolDomain`. Who asks for a domain that is not there gets a description of nothing.
/// A replica's region has the pool's custom domain as well.
pub(super) fn describe(world: &mut World<'_>, input: &Value) -> Result<Value, Refusal> {
    let (now, name, place) = (world.now, text(input, "Domain"), &world.call.region);
    let regions = world.state.accounts.values().filter_map(|regions| regions.get(place));
    let mut pools = regions.flat_map(|region| region.user_pools.values());
    let found = pools.find_map(|pool| pool.domains.get(name).filter(|domain| stands(domain, now)));
    let found = match (found, replicated(world, name)) {
        (None, Some((home, domain))) if !is_custom(domain) => {
            return Err(replica::not_enabled(&world.call.operation, place, home));
        }
        (None, Some((_, domain))) => Some(domain),
        (found, _) => found,
    };
    let description = found.map_or_else(Map::new, |domain| {
        let mut shown = domain.body.clone();
        shown.insert("Status".into(), json!(status(domain, now)));
        shown
    });
    Ok(json!({ "DomainDescription": description }))
}

/// `UpdateUserPoolDomain`.
pub(super) fn update(world: &mut World<'_>, input: &Value) -> Result<Value, Refusal> {
    let now = world.now;
    let mut domain = idle(world, input)?;
    let custom = given(input, "CustomDomainConfig").is_some();
    if is_custom(&domain) != custom {
        let kind = if custom { "a prefix domain has none" } else { "a custom domain needs one" };
        return Err(Refusal::invalid(format!("CustomDomainConfig is invalid: {kind}.")));
    }
    let version = version(world.pool()?, input)?;
    check_settings(world.pool()?, input, now)?;
    set(&mut domain, input, version);
    begin(world, &mut domain, "UPDATING");
    let answer = answer(&domain);
    world.pool()?.domains.insert(text(input, "Domain").to_owned(), domain);
    Ok(answer)
}

/// `DeleteUserPoolDomain`.
pub(super) fn delete(world: &mut World<'_>, input: &Value) -> Result<Value, Refusal> {
    let mut domain = idle(world, input)?;
    begin(world, &mut domain, "DELETING");
    let now = world.now;
    let domains = &mut world.pool()?.domains;
    domains.insert(text(input, "Domain").to_owned(), domain);
    domains.retain(|_, domain| stands(domain, now));
    Ok(json!({}))
}

/// The domains that a pool has now, those included that come or go.
pub(super) fn standing(pool: &UserPool, now: f64) -> impl Iterator<Item = (&String, &Domain)> {
    pool.domains.iter().filter(move |(_, domain)| stands(domain, now))
}

/// Whether it is a host name of the caller's own.
pub(super) fn is_custom(domain: &Domain) -> bool {
    domain.body.contains_key("CustomDomainConfig")
}

/// Whether its users are sent to a region when the pool's own is not there.
pub(super) fn fails_over_to(domain: &Domain, region: &str) -> bool {
    let routing = domain.body.get("Routing");
    routing.and_then(|routing| routing.pointer("/Failover/SecondaryRegion")?.as_str()) == Some(region)
}

/// A domain of the caller's account whose pool has a replica where the caller stands, and the
/// region with the pool itself.
fn replicated<'a>(world: &'a World<'_>, name: &str) -> Option<(&'a str, &'a Domain)> {
    let (now, place) = (world.now, &world.call.region);
    let regions = world.state.accounts.get(&world.call.account)?;
    regions.iter().find_map(|(home, region)| {
        region.user_pools.values().find_map(|pool| {
            let domain = pool.domains.get(name).filter(|domain| stands(domain, now))?;
            pool.replicas.get(place).filter(|replica| replica::is_there(replica, now))?;
            Some((home.as_str(), domain))
        })
    })
}

fn stands(domain: &Domain, now: f64) -> bool {
    domain.work != "DELETING" || domain.ready > now
}

fn status(domain: &Domain, now: f64) -> &str {
    if domain.ready > now { &domain.work } else { "ACTIVE" }
}

/// Whether a name belongs to a pool already: a prefix somewhere in the region, a host name anywhere.
fn taken(world: &World<'_>, name: &str, custom: bool) -> bool {
    let regions = world.state.accounts.values().flatten();
    let mut reached = regions.filter(|(region, _)| custom || **region == world.call.region);
    reached.any(|(_, region)| {
        region.user_pools.values().any(|pool| pool.domains.get(name).is_some_and(|domain| stands(domain, world.now)))
    })
}

/// The domain that is to be changed, of the pool that is named, with nothing under way.
fn idle(world: &mut World<'_>, input: &Value) -> Result<Domain, Refusal> {
    let (now, name) = (world.now, text(input, "Domain"));
    let pool = match world.pool() {
        Err(why) if why.code == replica::NOT_ENABLED => return Err(why),
        pool => pool.ok(),
    };
    let domain = pool.and_then(|pool| pool.domains.get(name)).filter(|domain| stands(domain, now));
    let domain = domain.ok_or_else(|| Refusal::invalid("No such domain or user pool exists."))?;
    match status(domain, now) {
        "ACTIVE" => Ok(domain.clone()),
        busy => Err(Refusal::invalid(format!("The domain {name} cannot be changed while it is {busy}."))),
    }
}

/// Begins work on a domain, which for a prefix is done at once.
fn begin(world: &World<'_>, domain: &mut Domain, work: &str) {
    let delay = if is_custom(domain) { world.settings.domain_delay.as_secs_f64() } else { 0.0 };
    work.clone_into(&mut domain.work);
    domain.ready = world.now + delay;
}

/// Puts the settings in that a call carries; one that it does not carry is gone.
fn set(domain: &mut Domain, input: &Value, version: u64) {
    domain.body.insert("ManagedLoginVersion".into(), json!(version));
    if let Some(config) = given(input, "CustomDomainConfig") {
        domain.body.insert("CustomDomainConfig".into(), config.clone());
    }
    match failover(input) {
        Some(failover) => domain.body.insert("Routing".into(), json!({"Failover": failover})),
        None => domain.body.remove("Routing"),
    };
}

/// What Create and Update tell.
fn answer(domain: &Domain) -> Value {
    let mut answer = Map::new();
    for (from, to) in [("CloudFrontDistribution", "CloudFrontDomain"), ("ManagedLoginVersion", "ManagedLoginVersion")] {
        if let Some(value) = domain.body.get(from).filter(|_| is_custom(domain) || from == to) {
            answer.insert(to.into(), value.clone());
        }
    }
    Value::Object(answer)
}

/// The version of the hosted pages that is asked for, if the pool's tier has it.
fn version(pool: &UserPool, input: &Value) -> Result<u64, Refusal> {
    let version = given(input, "ManagedLoginVersion").and_then(Value::as_u64);
    match version {
        None if given(input, "ManagedLoginVersion").is_some() => {}
        None => return Ok(1),
        Some(2) if pool.body.get("UserPoolTier").is_some_and(|tier| tier == "LITE") => {
            return Err(Refusal::of(
                "FeatureUnavailableInTierException",
                "Managed login is not available in the LITE tier of the user pool.",
            ));
        }
        Some(version @ (1 | 2)) => return Ok(version),
        Some(_) => {}
    }
    Err(Refusal::invalid("ManagedLoginVersion must be 1 or 2."))
}

fn check_name(name: &str, custom: bool) -> Result<(), Refusal> {
    if custom {
        // The parent must have an address record, which a top-level domain has not.
        return if !is_host_name(name) {
            Err(Refusal::invalid(
                "Custom domain is not a valid host name: it can only contain labels of lower-case letters, numbers, and hyphens, with dots between.",
            ))
        } else if name.split('.').count() < 3 {
            Err(Refusal::invalid(
                "Custom domain is not a valid subdomain: Was not able to resolve the root domain, please ensure an A \
                 record exists for the root domain.",
            ))
        } else {
            Ok(())
        };
    }
    if !is_label(name) {
        return Err(Refusal::invalid(
            "The domain name contains an invalid character. Domain names can only contain lower-case letters, numbers, \
             and hyphens. Please enter a different name that follows this format: \
             ^[a-z0-9](?:[a-z0-9\\-]{0,61}[a-z0-9])?$",
        ));
    }
    match RESERVED.iter().find(|word| name.split('-').any(|part| part == **word)) {
        Some(word) => Err(Refusal::invalid(format!("Domain cannot contain reserved word: {word}"))),
        None => Ok(()),
    }
}

/// Whether it is a host name in lower case, with nothing around it.
pub(super) fn is_host_name(text: &str) -> bool {
    text.split('.').all(is_label)
}

/// Whether it is a host name's part between two dots: the pattern of prefixes.
fn is_label(text: &str) -> bool {
    let inside = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (1..=63).contains(&text.len()) && text.bytes().all(inside) && !text.starts_with('-') && !text.ends_with('-')
}

fn check_settings(pool: &UserPool, input: &Value, now: f64) -> Result<(), Refusal> {
    if let Some(failover) = failover(input) {
        let region = text(failover, "SecondaryRegion");
        if given(input, "CustomDomainConfig").is_none() {
            return Err(Refusal::invalid("Routing is available only for custom domains."));
        }
        if !pool.replicas.get(region).is_some_and(|replica| replica::is_idle(replica, now)) {
            return Err(Refusal::invalid(format!(
                "Routing is available only for user pools with replicas: there is none in {region}."
            )));
        }
    }
    let Some(config) = given(input, "CustomDomainConfig") else { return Ok(()) };
    let mut parts = text(config, "CertificateArn").split(':').skip(2);
    if parts.next() == Some("acm") && parts.next() == Some("us-east-1") {
        return Ok(());
    }
    Err(Refusal::invalid(
        "The specified SSL certificate doesn't exist, isn't in us-east-1 region, isn't valid, or doesn't include a valid \
         certificate chain.",
    ))
}

/// Where users are sent when the pool's own region is not there.
fn failover(input: &Value) -> Option<&Value> {
    given(given(input, "Routing")?, "Failover")
}

/// The name of the distribution that all prefixes of a region share.
pub(super) fn shared(region: &str) -> String {
    let digest = Sha256::digest(region);
    let letters = digest.iter().take(13).filter_map(|byte| SMALL.get(usize::from(*byte) % SMALL.len()));
    letters.fold("d".to_owned(), |name, letter| name + &char::from(*letter).to_string())
}

/// A member that is sent.
fn given<'a>(input: &'a Value, member: &str) -> Option<&'a Value> {
    input.get(member).filter(|value| !value.is_null())
}

/// What AWS's documents leave open here, and what was decided.
pub(super) const UNCONFIRMED: &[&str] = &[
    "A description is given to every account in the region, so its pool must be looked at to know whose it is.",
    "A custom domain that is no host name in lower case is refused, in words that are not AWS's.",
    "A custom domain's parent is not looked up, nor is its certificate; both are judged by their names alone.",
    "While a custom domain is created, changed or deleted, every change and deletion of it is refused.",
    "An update without ManagedLoginVersion sets it to 1, and one without SecurityPolicy removes that.",
    "An update of a custom domain without CustomDomainConfig is refused, and one of a prefix with it as well.",
    "An update of a domain that is not there is refused with the code that a deletion of it gets.",
    "Routing is refused for a prefix, and for a region where the pool has no replica that is INACTIVE or ACTIVE; \
         an update without it removes it, and an empty one is none.",
    "Whether there is the health check that Routing names is not looked at.",
    "A new domain without ManagedLoginVersion gets version 1, whatever the tier.",
    "Only custom domains tell a CloudFrontDomain when they are created or changed.",
];
