//! A rule of AWS that the tool knows is never met at apply: a stack of which something was spoilt is
//! refused when it is loaded, or else the sandbox takes it.

use std::collections::BTreeMap;

use poolkeeper::error::Error;
use poolkeeper::plan::StepResult;
use poolkeeper::plan::work::Options;
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Value, json};

use crate::any::Trial;
use crate::generate;
use crate::lab::show_report;
use crate::many::{many, pairs};
use crate::settle::{each, take};
use crate::stack_file::{ACCOUNT, REGION, StackFile};

/// One thing that is spoilt: where, how, and with what.
type Spoilt = (Index, Index, Index);

fn spoilt() -> impl Strategy<Value = StackFile> {
    let changes = proptest::collection::vec(any::<Spoilt>(), 1..=3);
    (generate::stack(), generate::stack(), changes).prop_map(|(mut file, other, changes)| {
        let others = by_name(&other.0);
        for (place, how, what) in changes {
            spoil(&mut file.0, &others, place, how, what);
        }
        // What the file does not tell, nobody can know: who else has children in a pool, and where it is.
        for pool in each(&mut file.0, "userPools") {
            take(pool, "unmanaged");
        }
        file.0["account"] = json!(ACCOUNT);
        file.0["region"] = json!(REGION);
        file
    })
}

/// All values by the names of their properties.
fn by_name(value: &Value) -> BTreeMap<String, Vec<Value>> {
    fn collect(value: &Value, into: &mut BTreeMap<String, Vec<Value>>) {
        match value {
            Value::Object(map) => {
                for (key, value) in map {
                    into.entry(key.clone()).or_default().push(value.clone());
                    collect(value, into);
                }
            }
            Value::Array(items) => items.iter().for_each(|item| collect(item, into)),
            _ => {}
        }
    }
    let mut all = BTreeMap::new();
    collect(value, &mut all);
    all
}

/// The pointers to all that is below the stack's sections.
fn pointers(value: &Value, at: &str, into: &mut Vec<String>) {
    let children: Vec<(String, &Value)> = match value {
        Value::Object(map) => map.iter().map(|(key, value)| (key.clone(), value)).collect(),
        Value::Array(items) => items.iter().enumerate().map(|(index, value)| (index.to_string(), value)).collect(),
        _ => vec![],
    };
    for (key, value) in children {
        let at = format!("{at}/{}", key.replace('~', "~0").replace('/', "~1"));
        pointers(value, &at, into);
        into.push(at);
    }
}

fn spoil(stack: &mut Value, others: &BTreeMap<String, Vec<Value>>, place: Index, how: Index, what: Index) {
    let mut all = Vec::new();
    for section in ["userPools", "functions", "identityPools"] {
        if let Some(value) = stack.get(section) {
            pointers(value, &format!("/{section}"), &mut all);
        }
    }
    // The resources themselves, and what they are called, are left alone.
    all.retain(|pointer| pointer.matches('/').count() > 2);
    if all.is_empty() {
        return;
    }
    let pointer = place.get(&all);
    let Some((parent, name)) = pointer.rsplit_once('/') else { return };
    let name = name.replace("~1", "/").replace("~0", "~");
    let alike = others.get(&name).filter(|_| how.index(3) == 0);
    if let Some(alike) = alike {
        *stack.pointer_mut(pointer).expect("it is there") = what.get(alike).clone();
        return;
    }
    if how.index(4) == 0 {
        match stack.pointer_mut(parent) {
            Some(Value::Object(map)) => drop(map.shift_remove(&name)),
            Some(Value::Array(items)) => {
                let item = items.remove(name.parse().expect("a place in a list"));
                if what.index(2) == 0 {
                    items.extend([item.clone(), item]);
                }
            }
            _ => {}
        }
        return;
    }
    let value = stack.pointer_mut(pointer).expect("it is there");
    let spoilt = other_values(value);
    if !spoilt.is_empty() {
        *value = what.get(&spoilt).clone();
    }
}

/// What a value may be spoilt to: at the edges of what there are limits on, and beyond.
fn other_values(value: &Value) -> Vec<Value> {
    match value {
        Value::Bool(flag) => vec![json!(!flag)],
        Value::Number(number) => {
            let number = number.as_i64().unwrap_or_default();
            let near = [number - 1, number + 1, number * 2, number / 2];
            let edges =
                [-1, 0, 1, 5, 6, 15, 16, 24, 25, 60, 61, 99, 100, 365, 366, 900, 901, 3650, 3651, 86_400, 86_401];
            let far = [10_240, 10_241, 315_360_000, 315_360_001, i64::from(i32::MAX), i64::from(i32::MAX) + 1];
            near.into_iter().chain(edges).chain(far).map(Value::from).collect()
        }
        Value::String(text) => {
            // How long a text is with what another resource has to tell is only known at apply.
            let base = if text.contains("${") { "x" } else { text };
            let long = |length: usize| base.chars().chain("x".chars().cycle()).take(length).collect::<String>();
            let edges = [
                1, 2, 3, 19, 20, 21, 24, 25, 32, 33, 40, 41, 50, 51, 63, 64, 65, 100, 101, 128, 129, 131, 132, 140, 141,
            ];
            let more = [256, 257, 1000, 1024, 1025, 2048, 2049, 4096, 20_000, 20_001];
            let odd = [
                "",
                " ",
                "*",
                "a b",
                "a_b",
                "ä",
                "0",
                "-1",
                "\u{1}",
                "https://example.com",
                "http://example.com/",
                "custom:nobody",
                "\u{1}\u{1}",
                "ab😀cd",
            ];
            let mixed = [
                format!("{text} "),
                format!(" {text}"),
                format!("{text}/"),
                format!("{text}#x"),
                format!("{text}?x"),
                format!("{text}\n"),
                format!("{text}\nx"),
                format!("{text}\u{1}"),
                format!("{text}\u{a0}x"),
                format!("{text}😀"),
                text.replace("{####}", ""),
                text.replace("https", "http"),
                text.replace("123456789012", "210987654321"),
                text.replace("eu-west-1", "eu-west-2"),
                text.replace(':', ""),
                text.to_uppercase(),
                text.to_lowercase(),
                text.chars().rev().collect(),
            ];
            let long = edges.into_iter().chain(more).map(long);
            long.chain(odd.map(str::to_owned)).chain(mixed).map(Value::from).collect()
        }
        Value::Array(items) => {
            let doubled: Vec<Value> = items.iter().chain(items).cloned().collect();
            let many: Vec<Value> = items.iter().cycle().take(120).cloned().collect();
            vec![json!([]), json!(doubled), json!(many), json!(items.iter().rev().collect::<Vec<_>>())]
        }
        Value::Object(map) => {
            let without = map.keys().map(|key| {
                let mut map = map.clone();
                map.shift_remove(key);
                Value::Object(map)
            });
            [json!({})].into_iter().chain(without).collect()
        }
        Value::Null => vec![],
    }
}

/// Whether it is a matter of what else is live that AWS refuses something, which no file tells, or of
/// the regions that text messages are sent from and of runtimes, of which AWS's lists change.
fn is_of_the_account(error: &Error) -> bool {
    const ELSEWHERE: [&str; 5] = [
        "Invalid snsRegion",
        "at 'runtime'",
        "Function not found",
        "Cannot find alias arn",
        "lambda:AddPermission on resource",
    ];
    matches!(error.code(), Some("ResourceConflictException" | "DuplicateProviderException"))
        || ELSEWHERE.iter().any(|known| error.to_string().contains(known))
}

async fn is_refused_before_aws_does(file: &StackFile) -> Result<(), String> {
    let trial = Trial::new().await?;
    let Ok(stack) = trial.load(file) else { return Ok(()) };
    let (_, report) = trial.apply(&stack, &Options::default()).await?;
    let refused = report.outcomes.iter().any(|outcome| match &outcome.result {
        StepResult::Failed(error) => error.code().is_some() && !is_of_the_account(error),
        _ => false,
    });
    if refused { Err(format!("AWS refuses what was let pass:\n{}", show_report(&report))) } else { Ok(()) }
}

#[test]
fn what_aws_refuses_for_its_content_is_refused_before() {
    many(pairs() / 4, spoilt, async |file| is_refused_before_aws_does(file).await);
}
