//! Runs of the stack of all kinds that faults are put into: its first apply, a change of nearly
//! everything, and its end. What a run does is taken from one without faults, not from a list.

use std::collections::BTreeMap;
use std::time::Duration;

use poolkeeper::error::Error;
use poolkeeper::ownership::{APPLIED, Ledger};
use poolkeeper::path::Path;
use poolkeeper::plan::work::Options;
use poolkeeper::plan::{Action, Report};
use poolkeeper::sandbox::state::State;
use poolkeeper::sandbox::{Logged, Settings};
use tokio::time::Instant;

use crate::all_kinds::{CODE, STACK};
use crate::lab::{Lab, address, is_read, show_report};

/// What the change does to the stack's text: each property of another sort, a child more and one less.
const CHANGES: &[(&str, &str)] = &[
    ("{team: identity}", "{team: platform, cost: c1}"),
    ("environment: {KEY: value}", "environment: {KEY: other}, memorySize: 256"),
    (
        "mfaConfiguration: OPTIONAL",
        "mfaConfiguration: ON\n    policies: {passwordPolicy: {minimumLength: 12, requireLowercase: true, requireNumbers: true, requireSymbols: true, requireUppercase: true, temporaryPasswordValidityDays: 7}}",
    ),
    (
        "stringAttributeConstraints: {minLength: 1, maxLength: 20}}",
        "stringAttributeConstraints: {minLength: 1, maxLength: 20}}\n      - {name: custom:seat, attributeDataType: String, mutable: true, stringAttributeConstraints: {minLength: 1, maxLength: 9}}",
    ),
    ("0a1b2c3d-0000-4000-8000-000000000000", "0a1b2c3d-0000-4000-8000-000000000001"),
    ("authorize_scopes: profile email openid", "authorize_scopes: email openid"),
    (
        "scopeDescription: Write orders}",
        "scopeDescription: Write orders}, {scopeName: void, scopeDescription: Void orders}",
    ),
    ("description: Admins, precedence: 0", "description: All admins, precedence: 1"),
    ("readers: {precedence: 10}", "writers: {precedence: 20}"),
    ("[https://shop.example.com/]", "[https://shop.example.com/, https://shop.example.com/other]"),
    ("role/authenticated\"", "role/authenticated-anew\""),
    ("{department: department}", "{department: division}"),
];

/// The stack's text after the change.
pub(crate) fn changed() -> String {
    CHANGES.iter().fold(STACK.to_owned(), |text, (from, to)| {
        assert!(text.contains(from), "{from}");
        text.replacen(from, to, 1)
    })
}

/// A run, and what a sandbox is like before it.
pub(crate) struct Scenario {
    pub(crate) name: &'static str,
    pub(crate) text: String,
    pub(crate) options: Options,
    code: &'static str,
    before: State,
    /// The calls of a run without faults, with those of the reads before it.
    pub(crate) calls: Vec<Logged>,
    /// What the plan says, by address.
    pub(crate) planned: Vec<(Path, Action)>,
    /// What is there after it.
    pub(crate) found: Vec<String>,
    /// How long it takes, waiting for a custom domain included.
    pub(crate) took: Duration,
}

impl Scenario {
    /// The stack where nothing is.
    pub(crate) async fn create() -> Self {
        Self::of("create", STACK.to_owned(), Options::default(), CODE.1, State::default()).await
    }

    /// The stack where an earlier form of it is.
    pub(crate) async fn change() -> Self {
        let code = "def handler(event, context):\n    return dict(event)\n";
        Self::of("change", changed(), Options::default(), code, applied().await).await
    }

    /// The stack with other keys where it is.
    pub(crate) async fn rename() -> Self {
        Self::of("rename", crate::renamed::renamed(), Options::default(), CODE.1, applied().await).await
    }

    /// Nothing where the stack is.
    pub(crate) async fn destroy() -> Self {
        Self::of("destroy", STACK.to_owned(), destroy(), CODE.1, applied().await).await
    }

    /// The stack where it is already.
    pub(crate) async fn keep() -> Self {
        Self::of("keep", STACK.to_owned(), Options::default(), CODE.1, applied().await).await
    }

    async fn of(name: &'static str, text: String, options: Options, code: &'static str, before: State) -> Self {
        let mut scenario = Self {
            name,
            text,
            options,
            code,
            before,
            calls: Vec::new(),
            planned: Vec::new(),
            found: Vec::new(),
            took: Duration::ZERO,
        };
        let lab = scenario.lab();
        let survey = lab.survey(&scenario.text, &scenario.options).await;
        let plan = survey.unwrap_or_else(|error| panic!("{name}: {error:#?}")).2.planned.plan;
        scenario.planned = plan.items.into_iter().map(|item| (item.address, item.action)).collect();
        lab.calls();
        let begin = Instant::now();
        let report = scenario.run(&lab).await.unwrap_or_else(|error| panic!("{name}: {error:#?}"));
        assert!(report.is_complete(), "{name}: {}", show_report(&report));
        scenario.took = begin.elapsed();
        scenario.calls = lab.calls();
        scenario.found = found(&lab);
        scenario
    }

    /// A sandbox as it is before the run.
    pub(crate) fn lab(&self) -> Lab {
        let lab = fresh();
        lab.file(CODE.0, self.code);
        restore(&lab, &self.before);
        lab
    }

    /// Reads, plans and carries out.
    pub(crate) async fn run(&self, lab: &Lab) -> Result<Report, Error> {
        lab.run(&self.text, &self.options).await
    }

    /// Expects that there is nothing left to do, and that all there is is what a run without faults leaves.
    pub(crate) async fn expect_end(&self, lab: &Lab, context: &str) {
        lab.catch_up();
        let survey = lab.survey(&self.text, &self.options).await;
        let plan = survey.unwrap_or_else(|error| panic!("{}, {context}: {error:#?}", self.name)).2.planned.plan;
        assert!(
            !plan.has_changes() && plan.unmanaged.is_empty(),
            "{}, {context}: {}",
            self.name,
            crate::lab::show_plan(&plan)
        );
        assert_eq!(found(lab), self.found, "{}, {context}", self.name);
    }

    /// How often the run without faults makes each call that is a write, or else each that is not.
    pub(crate) fn counts(&self, reads: bool) -> BTreeMap<String, usize> {
        let mut counts = BTreeMap::new();
        for call in self.calls.iter().filter(|call| is_read(call) == reads) {
            *counts.entry(call.operation.clone()).or_default() += 1;
        }
        counts
    }
}

/// What takes the whole stack away.
pub(crate) fn destroy() -> Options {
    let pools = vec![address("userPools.customers"), address("identityPools.app")];
    Options { destroy: true, allow_delete: pools, ..Options::default() }
}

/// A sandbox in which a custom domain takes long enough to be waited for, and no longer: each look at
/// one is a call.
fn fresh() -> Lab {
    Lab::with(Settings { domain_delay: Duration::from_secs(12), ..Settings::default() })
}

/// All there is once the stack is applied.
pub(crate) async fn applied() -> State {
    let lab = fresh();
    lab.file(CODE.0, CODE.1);
    lab.apply(STACK).await;
    let now = lab.sandbox.clock().now();
    lab.sandbox.look(|state| State { clock: now, ..state.clone() })
}

/// Puts into a sandbox what another one held, at the time that it was there.
pub(crate) fn restore(lab: &Lab, state: &State) {
    let since = state.clock - lab.sandbox.clock().now();
    lab.sandbox.clock().advance(Duration::try_from_secs_f64(since).unwrap_or_default());
    lab.sandbox.meddle(|now| *now = state.clone());
}

/// What is there, with the tags of the roots: the claims of a pool's ledger stand in them.
fn found(lab: &Lab) -> Vec<String> {
    let mut found = lab.inventory();
    lab.sandbox.look(|state| {
        for region in state.accounts.values().flat_map(BTreeMap::values) {
            let pools = region.user_pools.values().map(|pool| &pool.tags);
            let identity = region.identity_pools.values().map(|pool| &pool.tags);
            let functions = region.functions.values().map(|function| &function.tags);
            found.extend(pools.chain(functions).map(|tags| format!("{tags:?}")));
            // What was applied to one names its app clients by their ids, which differ from run to run.
            found.extend(identity.map(|tags| {
                let mut tags = tags.clone();
                let applied = Ledger::read(&tags).root().is_some();
                tags.insert(APPLIED.to_owned(), format!("applied: {applied}"));
                format!("{tags:?}")
            }));
        }
    });
    found
}

/// What a call makes or deletes: the operation and the natural key, which no id of AWS is in.
pub(crate) fn key(call: &Logged) -> String {
    let names = ["PoolName", "IdentityPoolName", "ClientName", "ProviderName", "GroupName", "Domain", "Identifier"];
    let names = names.iter().chain(&["FunctionName", "CustomAttributes"]);
    let ids = ["UserPoolId", "IdentityPoolId", "ClientId"].iter().filter(|_| call.operation.starts_with("Delete"));
    let key: Vec<String> = names.chain(ids).filter_map(|name| Some(call.input.get(*name)?.to_string())).collect();
    assert!(!key.is_empty(), "{} has no key: {}", call.operation, call.input);
    format!("{} {}", call.operation, key.join(" "))
}
