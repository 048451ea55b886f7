//! Whatever stands in an answer, nothing panics and nothing goes on without end; and garbage in what
//! is read is never taken for an absence: nothing is made or deleted that an honest answer would not
//! have had made or deleted.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use poolkeeper::engine::{self, Done};
use poolkeeper::error::Error;
use poolkeeper::plan::{Action, Plan, Report, StepResult};
use poolkeeper::sandbox::Logged;
use poolkeeper::sandbox::wire::Response;
use poolkeeper::survey::Survey;
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use crate::fuzz::{Case, Random, seeds};
use crate::garbage::{Garbage, garble};
use crate::lab::{Lab, show_report};
use crate::scenario::{Scenario, key};

/// No run takes longer, whatever it is told: what it waits for are a domain of an hour, two minutes
/// of patience with each call, and pages.
const LONGEST: Duration = Duration::from_hours(24);

/// Which answers of a run are garbled.
enum Which {
    /// The one with this number.
    One(usize),
    /// All from the one with this number on that are of an operation.
    Operation(String),
    /// Each, once in so many times.
    OnceIn(usize),
}

impl Which {
    fn of(random: &mut Random, scenario: &Scenario) -> Self {
        let number = random.below(scenario.calls.len());
        match random.below(4) {
            0 => Self::Operation(scenario.calls[number].operation.clone()),
            1 => Self::OnceIn(1 + random.below(40)),
            _ => Self::One(number),
        }
    }

    fn is_it(&self, random: &mut Random, number: usize, operation: &str) -> bool {
        match self {
            Self::One(one) => *one == number,
            Self::Operation(one) => one == operation,
            Self::OnceIn(times) => random.once_in(*times),
        }
    }
}

/// Garbles answers from now on; what was done to them, as it happens.
fn garble_some(lab: &Lab, scenario: &Scenario, case: &Case) -> Arc<Mutex<Vec<Garbage>>> {
    let mut random = case.random();
    let which = Which::of(&mut random, scenario);
    let done = Arc::new(Mutex::new(Vec::new()));
    let noted = done.clone();
    let mut number = 0;
    let mangle = move |operation: &str, answer: &mut Response| {
        if which.is_it(&mut random, number, operation) {
            noted.lock().expect("nobody panicked").push(garble(&mut random, operation, answer));
        }
        number += 1;
    };
    lab.sandbox.mangle(Some(Box::new(mangle)));
    done
}

/// What a run comes to.
struct Ran {
    /// The plan, where the reads led to one.
    plan: Option<Plan>,
    /// What was done, where that was tried.
    report: Option<Report>,
}

async fn run(lab: &Lab, scenario: &Scenario) -> Ran {
    let Ok((aws, stack, survey)) = lab.survey(&scenario.text, &scenario.options).await else {
        return Ran { plan: None, report: None };
    };
    let Survey { planned, packages, .. } = survey;
    let plan = Some(planned.plan.clone());
    if planned.plan.is_blocked() {
        return Ran { plan, report: None };
    }
    let Done { report, .. } = engine::execute(&aws, &stack, planned, packages, CancellationToken::new()).await;
    Ran { plan, report: Some(report) }
}

#[tokio::test(start_paused = true)]
async fn garbage_in_a_run_that_has_nothing_to_do_does_no_harm() {
    all(Scenario::keep().await).await;
}

#[tokio::test(start_paused = true)]
async fn garbage_in_a_first_apply_does_no_harm() {
    all(Scenario::create().await).await;
}

#[tokio::test(start_paused = true)]
async fn garbage_in_a_change_does_no_harm() {
    all(Scenario::change().await).await;
}

#[tokio::test(start_paused = true)]
async fn garbage_in_a_destroy_does_no_harm() {
    all(Scenario::destroy().await).await;
}

/// Answers an operation with what `change` makes of its own answer.
fn answer(lab: &Lab, of: &str, change: impl Fn(&mut Value, usize) + Send + 'static) {
    let (of, mut number) = (of.to_owned(), 0);
    let mangle = move |operation: &str, answer: &mut Response| {
        if operation == of {
            let mut body = serde_json::from_slice(&answer.body).expect("JSON");
            change(&mut body, number);
            answer.body = body.to_string().into_bytes();
            number += 1;
        }
    };
    lab.sandbox.mangle(Some(Box::new(mangle)));
}

#[tokio::test(start_paused = true)]
async fn a_listing_without_its_list_or_without_end_is_an_error() {
    let scenario = Scenario::keep().await;
    let listings = scenario.counts(true).into_keys().filter(|name| name.starts_with("List"));
    let listings: Vec<String> = listings.collect();
    assert!(listings.len() > 5, "{listings:?}");
    let changes: [fn(&mut Value, usize); 5] = [
        |body, _| *body = json!({}),
        |body, _| body.as_object_mut().into_iter().flatten().for_each(|(_, list)| *list = Value::Null),
        |body, _| body["NextToken"] = json!("the same"),
        |body, number| body["NextToken"] = json!(number.to_string()),
        |body, number| body["NextToken"] = json!((number % 2).to_string()),
    ];
    for operation in &listings {
        for (number, change) in changes.into_iter().enumerate() {
            let lab = scenario.lab();
            answer(&lab, operation, change);
            let error = lab.plan(&scenario.text).await.err().unwrap_or_else(|| panic!("{operation}, {number}"));
            assert!(error.to_string().contains(operation.as_str()), "{operation}, {number}: {error}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_tag_query_without_end_is_an_error() {
    let scenario = Scenario::keep().await;
    let lab = scenario.lab();
    answer(&lab, "GetResources", |body, number| body["PaginationToken"] = json!((number % 2).to_string()));
    let error = lab.plan(&scenario.text).await.err().expect("an error");
    assert!(error.to_string().contains("GetResources"), "{error}");
}

/// A create whose answer has no id is looked for, like one whose answer was lost.
#[tokio::test(start_paused = true)]
async fn a_create_that_is_answered_without_an_id_is_found() {
    let scenario = Scenario::create().await;
    for operation in ["CreateUserPool", "CreateUserPoolClient", "CreateIdentityPool"] {
        let lab = scenario.lab();
        answer(&lab, operation, |body, _| *body = json!({}));
        let report = scenario.run(&lab).await.expect("a report");
        lab.sandbox.mangle(None);
        assert!(report.is_complete(), "{operation}: {}", show_report(&report));
        scenario.expect_end(&lab, operation).await;
    }
}

async fn all(scenario: Scenario) {
    for seed in seeds() {
        one(&scenario, &Case::of(seed)).await;
    }
}

async fn one(scenario: &Scenario, case: &Case) {
    case.note(format!("{} of the stack of all kinds, with", scenario.name));
    let lab = scenario.lab();
    let done = garble_some(&lab, scenario, case);
    let ran = tokio::time::timeout(LONGEST, run(&lab, scenario)).await;
    lab.sandbox.mangle(None);
    let done = std::mem::take(&mut *done.lock().expect("nobody panicked"));
    for garbage in &done {
        case.note(format!("  {}", garbage.what));
    }
    let ran = ran.expect("it goes on without end");
    if let Some(report) = &ran.report {
        case.note(show_report(report));
        for outcome in &report.outcomes {
            if let StepResult::Failed(Error::Refused { message, .. }) = &outcome.result {
                assert!(!message.contains("broke off inside"), "a step panicked");
            }
        }
    }
    let calls = lab.calls();
    for (what, times) in effects(&calls) {
        assert!(times == 1, "{what}, {times} times");
    }
    if done.iter().any(|garbage| garbage.honest) {
        return;
    }
    let clean = effects(&scenario.calls);
    for what in effects(&calls).into_keys() {
        assert!(clean.contains_key(&what), "{what}, which was not to be done");
    }
    for item in ran.plan.iter().flat_map(|plan| &plan.items) {
        if matches!(item.action, Action::Create | Action::Delete | Action::Replace) {
            let planned = scenario.planned.contains(&(item.address.clone(), item.action));
            assert!(planned, "{:?} {} is planned for nothing", item.action, item.address);
        }
    }
}

/// The creates and deletes that had their effect, by operation and natural key.
fn effects(calls: &[Logged]) -> BTreeMap<String, usize> {
    let mut effects = BTreeMap::new();
    let verbs = ["Create", "Delete", "AddPermission", "RemovePermission"];
    let about = |call: &&Logged| verbs.iter().any(|verb| call.operation.starts_with(verb));
    for call in calls.iter().filter(about).filter(|call| call.refused.is_none()) {
        *effects.entry(key(call)).or_default() += 1;
    }
    effects
}
