//! A sandbox, a folder with stack files, and the tool between them, as the command line uses it but
//! inside the test's own process.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use poolkeeper::aws::{Aws, Settings};
use poolkeeper::diagnostic::Diagnostic;
use poolkeeper::engine::{self, Done};
use poolkeeper::error::Error;
use poolkeeper::event::Events;
use poolkeeper::path::Path;
use poolkeeper::plan::work::Options;
use poolkeeper::plan::{Action, Cause, Plan, Report, StepResult};
use poolkeeper::read::Shared;
use poolkeeper::sandbox::faults::{Rule, Script};
use poolkeeper::sandbox::{self, ACCOUNT, Logged, Sandbox};
use poolkeeper::stack::{Inputs, Stack, load};
use poolkeeper::survey::{Survey, survey};
use serde_json::Value;
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

/// The region of stacks, where a test says nothing else.
pub(crate) const REGION: &str = "us-east-1";

/// A sandbox with a folder for files.
pub(crate) struct Lab {
    pub(crate) sandbox: Sandbox,
    /// Where stacks live that say nothing of it.
    pub(crate) region: &'static str,
    pub(crate) folder: TempDir,
}

impl Lab {
    /// One that behaves as AWS is said to.
    pub(crate) fn new() -> Self {
        Self::with(sandbox::Settings::default())
    }

    pub(crate) fn with(settings: sandbox::Settings) -> Self {
        Self::around(Sandbox::new(settings))
    }

    pub(crate) fn around(sandbox: Sandbox) -> Self {
        Self { sandbox, region: REGION, folder: tempfile::tempdir().expect("a folder for the test") }
    }

    /// Writes a file; its path.
    pub(crate) fn file(&self, name: &str, text: &str) -> PathBuf {
        self.bytes(name, text.as_bytes())
    }

    /// Writes a file that is no text; its path.
    pub(crate) fn bytes(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.folder.path().join(name);
        fs::create_dir_all(path.parent().expect("it is in the folder")).expect("its folder");
        fs::write(&path, bytes).expect("it is written");
        path
    }

    /// Loads a stack file's text.
    pub(crate) fn load(&self, text: &str) -> Result<Stack, Vec<Diagnostic>> {
        self.load_with(text, &Inputs::default())
    }

    /// Loads a stack file's text with what a run says besides.
    pub(crate) fn load_with(&self, text: &str, inputs: &Inputs) -> Result<Stack, Vec<Diagnostic>> {
        load::load(&self.file("stack.yaml", text), inputs)
    }

    /// The stack of a text that must be right.
    #[track_caller]
    pub(crate) fn stack(&self, text: &str) -> Stack {
        self.load(text).unwrap_or_else(|diagnostics| panic!("{}\n{text}", told(&diagnostics)))
    }

    /// The tool's way into the sandbox.
    pub(crate) async fn connect(&self) -> Result<Aws, Error> {
        let settings = Settings {
            region: Some(self.region.to_owned()),
            sandbox: Some((self.sandbox.clone(), ACCOUNT.to_owned())),
            ..Settings::default()
        };
        Aws::connect(&settings, Events::default()).await
    }

    /// Reads what is live, and plans.
    pub(crate) async fn survey(&self, text: &str, options: &Options) -> Result<(Aws, Stack, Survey), Error> {
        Box::pin(self.survey_stack(self.stack(text), options)).await
    }

    /// Reads what is live for a stack, and plans.
    pub(crate) async fn survey_stack(&self, stack: Stack, options: &Options) -> Result<(Aws, Stack, Survey), Error> {
        let aws = self.connect().await?;
        let survey = survey(&aws, &Shared::default(), &stack, options).await?;
        Ok((aws, stack, survey))
    }

    /// The plan of a text.
    pub(crate) async fn plan(&self, text: &str) -> Result<Plan, Error> {
        Ok(self.survey(text, &Options::default()).await?.2.planned.plan)
    }

    /// The plan of a text, with what the user allows.
    pub(crate) async fn plan_with(&self, text: &str, options: &Options) -> Plan {
        self.survey(text, options).await.expect("a plan").2.planned.plan
    }

    /// Plans and applies; refuses to where something is blocked.
    pub(crate) async fn run(&self, text: &str, options: &Options) -> Result<Report, Error> {
        self.run_until(text, options, CancellationToken::new()).await
    }

    pub(crate) async fn run_until(
        &self,
        text: &str,
        options: &Options,
        cancel: CancellationToken,
    ) -> Result<Report, Error> {
        let (aws, stack, Survey { planned, packages, .. }) = self.survey(text, options).await?;
        assert!(!planned.plan.is_blocked(), "blocked: {}\n{text}", show_plan(&planned.plan));
        let Done { report, .. } = engine::execute(&aws, &stack, planned, packages, cancel).await;
        Ok(report)
    }

    /// Applies, and expects all of it to be done.
    #[track_caller]
    pub(crate) fn apply<'a>(&'a self, text: &'a str) -> impl Future<Output = Report> + 'a {
        self.apply_with(text, Options::default())
    }

    #[track_caller]
    pub(crate) fn apply_with<'a>(&'a self, text: &'a str, options: Options) -> impl Future<Output = Report> + 'a {
        let place = std::panic::Location::caller();
        async move {
            let report = self.run(text, &options).await.unwrap_or_else(|error| panic!("{place}: {error:#?}\n{text}"));
            assert!(report.is_complete(), "{place}: {}\n{text}", show_report(&report));
            report
        }
    }

    /// Expects that there is nothing to do, and that nothing is there that nobody declared.
    #[track_caller]
    pub(crate) fn expect_no_changes<'a>(&'a self, text: &'a str) -> impl Future<Output = ()> + 'a {
        let place = std::panic::Location::caller();
        async move {
            let plan = self.plan(text).await.unwrap_or_else(|error| panic!("{place}: {error:#?}\n{text}"));
            let stale = plan.notes.iter().any(|note| note.contains("ledger"));
            let clean = !plan.has_changes() && plan.unmanaged.is_empty() && !stale;
            assert!(clean, "{place}: {}\n{:?}\n{text}", show_plan(&plan), plan.notes);
        }
    }

    /// Sets what goes wrong, as on the command line.
    pub(crate) fn faults(&self, rules: &[&str]) {
        let rules: Vec<Rule> = rules.iter().map(|rule| rule.parse().expect("a rule")).collect();
        self.sandbox.set_faults(Script::new(rules));
    }

    /// Lets the tag query's index catch up.
    pub(crate) fn catch_up(&self) {
        self.sandbox.clock().advance(std::time::Duration::from_mins(1));
    }

    /// The calls since this was asked last.
    pub(crate) fn calls(&self) -> Vec<Logged> {
        self.sandbox.take_calls()
    }

    /// A count of everything that there is: by kind and, inside pools, by name.
    pub(crate) fn inventory(&self) -> Vec<String> {
        self.sandbox.look(|state| {
            let mut found = Vec::new();
            for region in state.accounts.values().flat_map(BTreeMap::values) {
                for pool in region.user_pools.values() {
                    let name = pool.body.get("Name").and_then(Value::as_str).unwrap_or_default();
                    found.push(format!("pool {name}"));
                    let clients = pool.clients.values().filter_map(|client| client.body.get("ClientName")?.as_str());
                    found.extend(clients.map(|client| format!("pool {name} client {client}")));
                    let rest = [
                        ("provider", pool.providers.keys().collect::<Vec<_>>()),
                        ("resource server", pool.resource_servers.keys().collect()),
                        ("group", pool.groups.keys().collect()),
                        ("domain", pool.domains.keys().collect()),
                    ];
                    for (kind, keys) in rest {
                        found.extend(keys.into_iter().map(|key| format!("pool {name} {kind} {key}")));
                    }
                }
                let identity = region.identity_pools.values();
                let names = identity.filter_map(|pool| pool.body.get("IdentityPoolName")?.as_str());
                found.extend(names.map(|name| format!("identity pool {name}")));
                for (name, function) in &region.functions {
                    found.push(format!("function {name}"));
                    let statements = function.policies.values().map(Vec::len).sum::<usize>();
                    found.extend((0..statements).map(|_| format!("function {name} statement")));
                }
            }
            found.sort();
            found
        })
    }
}

/// Whether an operation changes nothing.
pub(crate) fn is_read(call: &Logged) -> bool {
    ["Describe", "List", "Get", "AdminGet", "AdminList", "AssumeRole"]
        .iter()
        .any(|verb| call.operation.starts_with(verb))
}

/// The operations that can have changed something, in order.
pub(crate) fn writes(calls: &[Logged]) -> Vec<String> {
    calls.iter().filter(|call| !is_read(call)).map(|call| call.operation.clone()).collect()
}

/// Diagnostics in a line each.
pub(crate) fn told(diagnostics: &[Diagnostic]) -> String {
    let lines: Vec<String> = diagnostics.iter().map(|one| format!("{one:?}")).collect();
    lines.join("\n")
}

/// A plan's items that do something, in a line each.
pub(crate) fn show_plan(plan: &Plan) -> String {
    let items = plan.items.iter().filter(|item| item.action != Action::Keep).map(|item| {
        let changes = item.changes.iter().map(|change| {
            let show = |value: &Option<Value>| value.as_ref().map_or("absent".to_owned(), ToString::to_string);
            format!("\n      {}: {} -> {}", change.path, show(&change.live), show(&change.declared))
        });
        let why = item.cause.map_or("", Cause::word);
        let blocked = item.blocked.join("; ");
        format!("  {:?} {} ({why}): {blocked}{}", item.action, item.address, changes.collect::<String>())
    });
    let unmanaged = plan.unmanaged.iter().map(|child| format!("  unmanaged {}", child.address));
    items.chain(unmanaged).collect::<Vec<_>>().join("\n")
}

/// What a report says went wrong.
pub(crate) fn show_report(report: &Report) -> String {
    let lines = report
        .outcomes
        .iter()
        .map(|outcome| format!("  {:?} {}: {:?}", outcome.action, outcome.address, outcome.result));
    lines.collect::<Vec<_>>().join("\n")
}

/// The outcomes that are not done, by address.
pub(crate) fn undone(report: &Report) -> BTreeMap<String, &StepResult> {
    let undone = report.outcomes.iter().filter(|outcome| !matches!(outcome.result, StepResult::Done));
    undone.map(|outcome| (outcome.address.to_string(), &outcome.result)).collect()
}

/// An address.
pub(crate) fn address(text: &str) -> Path {
    text.parse().expect("an address")
}
