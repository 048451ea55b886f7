//! A large stack, what a run of it took, and what no run of it can go below.
//!
//! **The bound** of a run is the time that AWS's rules and the distance to AWS ask for, with the calls
//! that the run made:
//!
//! - each quota lets its calls in one after another at its rate: calls / rate (but one second's calls
//!   at once when nobody has called lately, so that a run may be up to a second below its bound);
//! - a pool is written by one call at a time: its writes × the time that a write takes;
//! - the longest of these is what it takes, since all go on side by side; but some calls can only be
//!   made with the answer of another, before the first of them and after the last: the [`Chain`].

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::time::Duration;

use poolkeeper::path::Path;
use poolkeeper::plan::work::Options;
use poolkeeper::sandbox::{self, Logged};
use tokio::time::Instant;

use crate::lab::{Lab, address};

/// How much is in a stack: so many pools, each with as much, and at least one of each.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Size {
    pub(crate) pools: usize,
    pub(crate) clients: usize,
    pub(crate) groups: usize,
    pub(crate) servers: usize,
    pub(crate) providers: usize,
}

/// A large pool.
pub(crate) const LARGE: Size = Size { pools: 1, clients: 100, groups: 20, servers: 20, providers: 10 };

impl Size {
    /// What lives inside all pools.
    pub(crate) fn children(self) -> usize {
        self.pools * (self.clients + self.groups + self.servers + self.providers)
    }

    /// The stack file. Every tenth client names a provider and a scope, which are made before it.
    pub(crate) fn stack(self, name: &str) -> String {
        let mut text = format!("stack: {name}\nuserPools:\n");
        let mut line = |line: String| writeln!(text, "{line}").expect("memory");
        for pool in 0..self.pools {
            line(format!("  pool-{pool}:\n    name: {name}-{pool}"));
            line("    identityProviders:".to_owned());
            for provider in 0..self.providers {
                line(format!(
                    "      Corp{provider}: {{providerType: OIDC, providerDetails: {{client_id: id, client_secret: \
                     secret-{provider}, authorize_scopes: openid email, attributes_request_method: GET, \
                     oidc_issuer: \"https://corp{provider}.example.com\"}}, attributeMapping: {{email: email}}}}"
                ));
            }
            line("    resourceServers:".to_owned());
            for server in 0..self.servers {
                line(format!(
                    "      https://api{server}.example.com: {{name: api{server}, scopes: [{{scopeName: read, \
                     scopeDescription: Read}}]}}"
                ));
            }
            line("    groups:".to_owned());
            for group in 0..self.groups {
                line(format!("      group-{group}: {{description: Group {group}}}"));
            }
            line("    clients:".to_owned());
            for client in 0..self.clients {
                let names = format!(
                    "allowedOAuthFlowsUserPoolClient: true, allowedOAuthFlows: [code], callbackUrls: \
                     [https://app.example.com/], allowedOAuthScopes: [openid, https://api{}.example.com/read], \
                     supportedIdentityProviders: [COGNITO, Corp{}]",
                    client % self.servers,
                    client / 10 % self.providers
                );
                line(format!("      client-{client}: {{{}}}", if client % 10 == 0 { names } else { String::new() }));
            }
        }
        text
    }

    /// The addresses of the pools.
    pub(crate) fn addresses(self) -> Vec<Path> {
        (0..self.pools).map(|pool| address(&format!("userPools.pool-{pool}"))).collect()
    }
}

/// How long calls take.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Latency {
    pub(crate) read: Duration,
    pub(crate) write: Duration,
}

/// How long AWS takes, about.
pub(crate) const USUAL: Latency = Latency { read: Duration::from_millis(50), write: Duration::from_millis(120) };

impl Latency {
    /// A sandbox in which calls take as long.
    pub(crate) fn lab(self) -> Lab {
        let settings = sandbox::Settings::default();
        Lab::with(sandbox::Settings { read_latency: self.read, write_latency: self.write, ..settings })
    }
}

/// The calls of a run that can only be made one after another.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Chain {
    reads: usize,
    writes: usize,
}

impl Size {
    fn pages(count: usize) -> usize {
        count.div_ceil(60).max(1)
    }

    /// Who we are, what carries the stack's tags, all pools; the pool, its clients; the last client.
    pub(crate) fn plan(self) -> Chain {
        Chain { reads: 2 + Self::pages(self.pools) + 1 + Self::pages(self.clients) + 1, writes: 0 }
    }

    /// Who we are, what carries the stack's tags, all pools, of which there are none; the pool is
    /// made, looked for beside another one, and read with both of its bodies; the last client is
    /// read.
    pub(crate) fn apply() -> Chain {
        Chain { reads: 3 + 3 + 1, writes: 1 }
    }

    /// As in a plan up to the clients; that the pool goes is its one write.
    pub(crate) fn destroy(self) -> Chain {
        Chain { reads: 2 + Self::pages(self.pools) + 1 + Self::pages(self.clients), writes: 0 }
    }
}

/// A run.
pub(crate) struct Measured {
    pub(crate) calls: Vec<Logged>,
    pub(crate) took: Duration,
}

impl Measured {
    /// How long it took, of what it could not have gone below.
    pub(crate) fn ratio(&self, latency: Latency, chain: Chain) -> f64 {
        self.took.as_secs_f64() / self.bound(latency, chain).as_secs_f64()
    }

    /// Does something, and measures it.
    pub(crate) async fn of(lab: &Lab, work: impl Future<Output = ()>) -> Self {
        lab.calls();
        let begin = Instant::now();
        work.await;
        Self { took: begin.elapsed(), calls: lab.calls() }
    }

    /// What the run could not have gone below.
    pub(crate) fn bound(&self, latency: Latency, chain: Chain) -> Duration {
        let mut quotas: BTreeMap<&str, f64> = BTreeMap::new();
        let mut pools: BTreeMap<&str, Duration> = BTreeMap::new();
        for call in &self.calls {
            for (quota, rate) in &call.quotas {
                *quotas.entry(quota).or_default() += 1.0 / rate;
            }
            if let Some(pool) = &call.writes_to {
                *pools.entry(pool).or_default() += latency.write;
            }
        }
        let quotas = quotas.into_values().map(Duration::from_secs_f64);
        let longest = quotas.chain(pools.into_values()).max().unwrap_or_default();
        let times = |count: usize| u32::try_from(count).expect("a few");
        longest + latency.read * times(chain.reads) + latency.write * times(chain.writes)
    }

    /// What AWS refused, by operation and code.
    pub(crate) fn refused(&self) -> Vec<String> {
        let refused = self.calls.iter().filter_map(|call| Some((call, call.refused.as_ref()?)));
        refused.map(|(call, code)| format!("{} {code}", call.operation)).collect()
    }

    /// How often each operation was called.
    pub(crate) fn counts(&self) -> BTreeMap<&str, usize> {
        let mut counts = BTreeMap::new();
        for call in &self.calls {
            *counts.entry(call.operation.as_str()).or_default() += 1;
        }
        counts
    }
}

/// A stack's life: applied, planned without changes, destroyed.
pub(crate) async fn life(lab: &Lab, size: Size) -> [(&'static str, Measured, Chain); 3] {
    let text = size.stack("large");
    let apply = Measured::of(lab, async { drop(lab.apply(&text).await) }).await;
    let plan = Measured::of(lab, lab.expect_no_changes(&text)).await;
    let options = Options { destroy: true, allow_delete: size.addresses(), ..Options::default() };
    let destroy = Measured::of(lab, async { drop(lab.apply_with(&text, options).await) }).await;
    [("apply", apply, Size::apply()), ("plan", plan, size.plan()), ("destroy", destroy, size.destroy())]
}
