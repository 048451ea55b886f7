//! How much traffic AWS lets in: so many calls a second of each category, and of each operation in
//! one pool, and one write at a time to a pool with all that is inside it.

use std::collections::BTreeMap;
use std::time::Duration;

use super::Settings;
use super::model::Service;
use super::operations;
use super::refusal::Refusal;
use super::state::State;
use super::wire::Call;

/// Calls a second of one operation in one user pool.
const IN_ONE_POOL: f64 = 5.0;

/// Seconds since 1970 are not exact as floating point numbers; no call is refused for that.
const INEXACT: f64 = 1e-5;

/// A category of calls that share a quota.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Category {
    /// AWS's name for it.
    pub name: &'static str,
    /// Calls a second.
    pub rate: f64,
    /// Whether each operation has a quota of its own in each pool.
    pub by_pool: bool,
}

/// What came in lately.
#[derive(Default)]
pub(super) struct Traffic {
    buckets: BTreeMap<String, Bucket>,
    /// Until when a write is under way, by what is written to.
    busy: BTreeMap<String, f64>,
}

/// Holds as many calls as may come in a second, and fills up again in a second.
struct Bucket {
    level: f64,
    at: f64,
}

impl Bucket {
    fn fill(&mut self, rate: f64, now: f64) {
        self.level = (self.level + (now - self.at) * rate).min(rate);
        self.at = now;
    }
}

/// What a call counts to, and what it has to itself.
pub(super) struct Needs {
    /// The quotas that it counts to, by account, region, service and category or pool and operation,
    /// with their calls a second.
    pub(super) quotas: Vec<(String, f64)>,
    /// What a write has to itself, and what AWS calls that.
    pub(super) subject: Option<(String, &'static str)>,
}

impl Needs {
    /// What a call needs.
    pub(super) fn of(call: &Call, state: &State) -> Self {
        let mut quotas = Vec::new();
        if let Some(category) = operations::category_of(call) {
            let place = format!("{} {} {}", call.account, call.region, call.service.signing_name());
            quotas.push((format!("{place} {}", category.name), category.rate));
            if let (true, Some(pool)) = (category.by_pool, pool_of(call, state)) {
                quotas.push((format!("{place} {pool} {}", call.operation), IN_ONE_POOL));
            }
        }
        let subject = subject(call).filter(|_| !operations::is_read(&call.operation));
        Self { quotas, subject: subject.map(|(id, what)| (id.to_owned(), what)) }
    }
}

impl Traffic {
    /// Lets a call in, for as long as it takes, or refuses it.
    pub(super) fn enter(
        &mut self,
        call: &Call,
        needs: &Needs,
        now: f64,
        settings: &Settings,
    ) -> Result<Duration, Refusal> {
        if settings.quotas {
            for (key, rate) in &needs.quotas {
                let bucket = self.buckets.entry(key.clone()).or_insert(Bucket { level: *rate, at: now });
                bucket.fill(*rate, now);
                if bucket.level < 1.0 - INEXACT {
                    return Err(Refusal::throttled());
                }
            }
            for (key, _) in &needs.quotas {
                if let Some(bucket) = self.buckets.get_mut(key) {
                    bucket.level -= 1.0;
                }
            }
        }
        if operations::is_read(&call.operation) {
            return Ok(settings.read_latency);
        }
        if let Some((subject, what)) = &needs.subject {
            if self.busy.get(subject).is_some_and(|until| *until > now + INEXACT) {
                return Err(Refusal::conflict(what));
            }
            self.busy.insert(subject.clone(), now + settings.write_latency.as_secs_f64());
        }
        Ok(settings.write_latency)
    }
}

/// The user pool that a call is about: a domain's is looked up, since it is read without one.
fn pool_of<'a>(call: &'a Call, state: &'a State) -> Option<&'a str> {
    let by_domain = || {
        let domain = call.text("Domain")?;
        let pools = &state.accounts.get(&call.account)?.get(&call.region)?.user_pools;
        pools.iter().find(|(_, pool)| pool.domains.contains_key(domain)).map(|(id, _)| id.as_str())
    };
    call.text("UserPoolId").or_else(|| by_arn(call)).or_else(by_domain)
}

/// The id at the end of the ARN that a call about tags names.
fn by_arn(call: &Call) -> Option<&str> {
    call.text("ResourceArn")?.rsplit('/').next()
}

/// What a write has to itself, and what AWS calls that.
fn subject(call: &Call) -> Option<(&str, &'static str)> {
    match call.service {
        // What is done to users is many at a time.
        Service::UserPools if call.operation.starts_with("Admin") => None,
        Service::UserPools => {
            let what = if call.operation.contains("UserPoolClient") { "user pool client" } else { "user pool" };
            Some((call.text("UserPoolId").or_else(|| by_arn(call))?, what))
        }
        Service::IdentityPools => {
            Some((call.text("IdentityPoolId").or_else(|| by_arn(call))?, "resource type Identity Pool"))
        }
        _ => None,
    }
}
