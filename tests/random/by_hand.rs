//! What other hands have made: calls drawn at random, in the API's own names, with members that this
//! tool would not send or not send so. What is refused is tried with less, and dropped in the end:
//! whatever was taken is an estate that can be live.

use std::time::Duration;

use poolkeeper::sandbox::model::Service;
use poolkeeper::sandbox::{Reply, wire::Request};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use crate::lab::Lab;
use crate::parts::Part;

mod children;
mod client;
mod facets;
mod identity_pool;
mod user_pool;

/// A call. What it names that only has an id once it is made stands as `@pool0`, `@client1`.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    service: Service,
    operation: &'static str,
    /// What must be sent.
    needed: Value,
    /// What may be left out, if AWS does not take it.
    more: Value,
    /// The region that it is sent to, if it is not the pool's.
    region: Option<&'static str>,
    /// What the id that is answered is known by, and where it is.
    makes: Option<(String, &'static str)>,
}

impl Call {
    fn new(service: Service, operation: &'static str, needed: Value, more: Value) -> Self {
        Self { service, operation, needed, more, region: None, makes: None }
    }

    /// The same in another region.
    fn there(self, region: &'static str) -> Self {
        Self { region: Some(region), ..self }
    }

    fn making(self, name: impl Into<String>, pointer: &'static str) -> Self {
        Self { makes: Some((name.into(), pointer)), ..self }
    }
}

/// A call of which `more` is drawn.
fn call(service: Service, operation: &'static str, needed: Value, more: Part) -> BoxedStrategy<Call> {
    more.prop_map(move |more| Call::new(service, operation, needed.clone(), more)).boxed()
}

/// A call that may be made or not.
fn at_times(chance: f64, call: BoxedStrategy<Call>) -> BoxedStrategy<Vec<Call>> {
    proptest::option::weighted(chance, call).prop_map(|call| call.into_iter().collect()).boxed()
}

/// Some user pools with what is in them, and some identity pools that know them.
pub(crate) fn estate() -> impl Strategy<Value = Vec<Call>> {
    let pools =
        (0..2).map(|number| proptest::option::weighted(if number == 0 { 0.95 } else { 0.3 }, user_pool::pool(number)));
    let identity = (0..2)
        .map(|number| proptest::option::weighted(if number == 0 { 0.5 } else { 0.15 }, identity_pool::pool(number)));
    let all: Vec<_> = pools.map(Strategy::boxed).chain(identity.map(Strategy::boxed)).collect();
    all.prop_map(|calls| calls.into_iter().flatten().flatten().collect())
}

/// Makes the calls, one after another; how many were taken.
pub(crate) async fn make(lab: &Lab, calls: &[Call]) -> usize {
    let mut ids: Vec<(String, String)> = Vec::new();
    let mut taken = 0;
    for call in calls {
        let (needed, more) = (filled(&call.needed, &ids), filled(&call.more, &ids));
        let Some(answer) = insist(lab, call, &needed, &more).await else { continue };
        taken += 1;
        if call.operation == "CreateUserPoolReplica" {
            // It takes its time, and cannot be set before.
            lab.sandbox.clock().advance(Duration::from_mins(10));
        }
        let Some((name, pointer)) = &call.makes else { continue };
        if let Some(id) = answer.pointer(pointer).and_then(Value::as_str) {
            ids.push((format!("@{name}"), id.to_owned()));
        }
    }
    taken
}

/// Makes a call, and where it is refused without what is refused, as far as that is one thing, and
/// else with less and less of what may be left out.
async fn insist(lab: &Lab, call: &Call, needed: &Value, more: &Value) -> Option<Value> {
    let mut more = more.as_object().cloned().unwrap_or_default();
    let input = |more: &Map<String, Value>| {
        let mut input = needed.as_object().cloned().unwrap_or_default();
        input.extend(more.clone());
        Value::Object(input)
    };
    if is_open(needed) {
        return None;
    }
    for round in 0.. {
        // That more than two things are wrong at once is not worth the time that all ways take.
        let less = if round < 2 { one_less(&more) } else { Vec::new() };
        for some in std::iter::once(more.clone()).chain(less) {
            if let Ok(answer) = send(lab, call, &input(&some)).await {
                return Some(answer);
            }
        }
        // Of a map an entry goes, of all else the whole.
        let last = more.keys().next_back().cloned()?;
        match more.get_mut(&last) {
            Some(Value::Object(map)) if map.len() > 1 => {
                drop(map.keys().next_back().cloned().and_then(|key| map.shift_remove(&key)));
            }
            _ => drop(more.shift_remove(&last)),
        }
    }
    None
}

/// All that is left of an object when one member, or one entry of a member, is taken out.
fn one_less(more: &Map<String, Value>) -> Vec<Map<String, Value>> {
    let mut all = Vec::new();
    for (key, value) in more.iter().rev() {
        for (entry, _) in value.as_object().into_iter().flatten() {
            let mut less = more.clone();
            less[key].as_object_mut().expect("a map").shift_remove(entry);
            all.push(less);
        }
        let mut less = more.clone();
        less.shift_remove(key);
        all.push(less);
    }
    all
}

/// Whether a value names what was never made.
fn is_open(value: &Value) -> bool {
    let text = value.to_string();
    ["@pool", "@client", "@identity"].iter().any(|name| text.contains(name))
}

async fn send(lab: &Lab, call: &Call, input: &Value) -> Result<Value, String> {
    let Call { service, operation, .. } = call;
    let prefix = service.target_prefix().expect("a service with targets");
    let region = call.region.unwrap_or(lab.region);
    let scope = format!("AWS4-HMAC-SHA256 Credential=AKIA123456789012/20260101/{region}/x/aws4_request");
    let headers =
        vec![("x-amz-target".to_owned(), format!("{prefix}.{operation}")), ("authorization".to_owned(), scope)];
    let request = Request { method: "POST".into(), path: "/".into(), headers, body: input.to_string().into_bytes() };
    let Reply::Answer(answer) = lab.sandbox.answer(request).await else { return Err("it was cut off".into()) };
    let body: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
    if answer.status < 300 { Ok(body) } else { Err(format!("{operation}: {body}")) }
}

/// A value with ids in place of names, in keys too.
fn filled(value: &Value, ids: &[(String, String)]) -> Value {
    // What a client has is called by the client's name and more, and was made later.
    let fill = |text: &str| ids.iter().rev().fold(text.to_owned(), |text, (name, id)| text.replace(name, id));
    match value {
        Value::String(text) => fill(text).into(),
        // What names something that was never made goes.
        Value::Array(items) => items.iter().map(|item| filled(item, ids)).filter(|item| !is_open(item)).collect(),
        Value::Object(map) => {
            let entries = map.iter().map(|(key, value)| (fill(key), filled(value, ids)));
            Value::Object(entries.filter(|(key, _)| !is_open(&json!(key))).collect::<Map<_, _>>())
        }
        other => other.clone(),
    }
}

/// Tags as people and other tools put them on.
fn tags() -> Part {
    crate::parts::map_of(
        ["Name", "team", "kubernetes.io/cluster/x", "Größe", "empty", "poolkeeper:applied"],
        0.25,
        |key| match key {
            "empty" => crate::parts::always(""),
            // What a run left behind that was cut off, or somebody took half of off.
            "poolkeeper:applied" => crate::parts::one_of(["1.", "1.AAAAAAAA", "broken"]),
            _ => crate::parts::one_of(["yes", "12", "a: b = c/d@e+f", " spaces ", "Über"]),
        },
    )
}

/// The ARN of a role.
fn role(name: &str) -> String {
    crate::generate::role(name)
}

fn empty() -> Value {
    json!({})
}
