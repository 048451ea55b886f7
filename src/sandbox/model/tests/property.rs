//! A request that is made to satisfy the model passes, and one that is broken at one place gives a
//! violation that names this place.

use std::collections::HashMap;

use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::string::string_regex;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Map, Number, Value, json};

use super::super::check::under;
use super::super::shape::{Kind, Model, Shape};
use super::super::{Service, Violation};

/// Makes requests, each shape's once.
struct Maker {
    model: &'static Model,
    made: HashMap<String, BoxedStrategy<Value>>,
}

impl Maker {
    fn of(&mut self, name: &str) -> BoxedStrategy<Value> {
        if let Some(made) = self.made.get(name) {
            return made.clone();
        }
        let shape = self.model.shape(name).expect("a shape");
        let made = self.make(shape);
        self.made.insert(name.to_owned(), made.clone());
        made
    }

    fn make(&mut self, shape: &Shape) -> BoxedStrategy<Value> {
        let (min, max) = (size(shape.min.as_ref()).unwrap_or(0), size(shape.max.as_ref()));
        let few = min..=max.map_or(min + 3, |max| max.min(min + 3));
        match shape.kind {
            Kind::Structure => {
                let members = shape.members.iter().map(|member| {
                    let (name, value) = (member.name.clone(), self.of(&member.shape));
                    let is_required = shape.required.contains(&name);
                    (value, any::<bool>())
                        .prop_map(move |(value, there)| (is_required || there).then(|| (name.clone(), value)))
                });
                let members: Vec<_> = members.collect();
                members.prop_map(|members| Value::Object(members.into_iter().flatten().collect())).boxed()
            }
            Kind::List => vec(self.of(shape.item.as_ref().expect("items")), few).prop_map(Value::Array).boxed(),
            Kind::Map => {
                let key =
                    self.of(shape.key.as_ref().expect("keys")).prop_map(|key| key.as_str().unwrap_or("").to_owned());
                btree_map(key, self.of(shape.value.as_ref().expect("values")), few)
                    .prop_map(|entries| Value::Object(entries.into_iter().collect::<Map<_, _>>()))
                    .boxed()
            }
            Kind::String if !shape.words.is_empty() => select(shape.words.clone()).prop_map(Value::from).boxed(),
            Kind::String => text(shape, min, max),
            Kind::Blob => Just(json!("UEsDBA==")).boxed(),
            Kind::Boolean => any::<bool>().prop_map(Value::from).boxed(),
            Kind::Document => select(vec![json!({"any": [1, null]}), json!("text"), json!(true)]).boxed(),
            Kind::Integer | Kind::Long => {
                let least = shape.min.as_ref().and_then(Number::as_i64).unwrap_or(-5);
                let most = shape.max.as_ref().and_then(Number::as_i64).unwrap_or(least + 100);
                (least..=most).prop_map(Value::from).boxed()
            }
            Kind::Double => {
                let bound = |bound: &Option<Number>| bound.as_ref().and_then(Number::as_f64);
                let least = bound(&shape.min).unwrap_or(0.0);
                (least..=bound(&shape.max).unwrap_or(least + 9.0)).prop_map(Value::from).boxed()
            }
        }
    }
}

fn size(bound: Option<&Number>) -> Option<usize> {
    usize::try_from(bound?.as_u64()?).ok()
}

/// Texts that match the shape's pattern and are of a length that it allows.
fn text(shape: &Shape, min: usize, max: Option<usize>) -> BoxedStrategy<Value> {
    let allowed = min..=max.unwrap_or(usize::MAX);
    let max = max.unwrap_or(min + 40).min(min + 40);
    let Some(pattern) = &shape.pattern else {
        return string_regex(&format!("[ -~é]{{{min},{max}}}")).expect("a pattern").prop_map(Value::from).boxed();
    };
    let rust = pattern.rust().replace("$|^", "|");
    let bare = rust.strip_prefix('^').unwrap_or(&rust);
    let bare = bare.strip_suffix('$').unwrap_or(bare);
    // One class, repeated: as often as is allowed.
    let class = bare.strip_suffix(['+', '*']).filter(|class| {
        regex::Regex::new(&format!(r"\A{class}\z")).is_ok()
            && class.starts_with('[')
            && !class.contains("]\\")
            && !class.contains(')')
    });
    let sized = class.map(|class| format!("{class}{{{},{max}}}", min.max(1).min(max)));
    let whole = regex::Regex::new(&format!(r"\A(?:{})\z", pattern.rust())).expect("a pattern");
    string_regex(&sized.unwrap_or_else(|| bare.to_owned()))
        .expect("a pattern")
        .prop_filter("a length", move |text| allowed.contains(&text.chars().count()) && whole.is_match(text))
        .prop_map(Value::from)
        .boxed()
}

/// A way to break a request: what to put where, and what AWS says of where it is.
struct Break {
    pointer: String,
    value: Value,
    path: String,
}

/// Every way to break this value that is tried.
fn breaks(model: &Model, shape: &Shape, value: &Value, pointer: &str, path: &str) -> Vec<Break> {
    let mut found = Vec::new();
    let mut by = |value: Value| found.push(Break { pointer: pointer.to_owned(), value, path: path.to_owned() });
    let max = size(shape.max.as_ref());
    match (shape.kind, value) {
        (Kind::String, _) => {
            by(json!(7));
            by(json!({"a": "b"}));
            if let Some(max) = max.filter(|max| *max <= 3000) {
                by(json!("a".repeat(max + 1)));
            }
            if size(shape.min.as_ref()).is_some_and(|min| min > 0) {
                by(json!(""));
            }
            if !shape.words.is_empty() {
                by(json!("no such word"));
            }
        }
        (Kind::Integer | Kind::Long | Kind::Double, _) => {
            by(json!("8"));
            let beyond = [(&shape.max, 1), (&shape.min, -1)];
            for (bound, by_one) in beyond.into_iter().filter_map(|(bound, by_one)| Some((bound.as_ref()?, by_one))) {
                by(bound.as_i64().map_or_else(
                    || json!(bound.as_f64().unwrap_or_default() + f64::from(by_one)),
                    |bound| json!(bound + i64::from(by_one)),
                ));
            }
        }
        (Kind::Boolean, _) => by(json!("true")),
        (Kind::Blob, _) => by(json!([])),
        (Kind::Structure, Value::Object(members)) => {
            by(json!("text"));
            for (name, value) in members {
                let member = shape.members.iter().find(|member| member.name == *name).expect("a member");
                let mut lower = name.clone();
                lower[..1].make_ascii_lowercase();
                let (pointer, path) = (format!("{pointer}/{}", escaped(name)), under(path, &lower));
                if shape.required.contains(name) {
                    found.push(Break { pointer: pointer.clone(), value: Value::Null, path: path.clone() });
                }
                found.extend(breaks(model, model.shape(&member.shape).expect("a shape"), value, &pointer, &path));
            }
        }
        (Kind::List, Value::Array(items)) => {
            by(json!("text"));
            if let Some((item, max)) = items.first().zip(max.filter(|max| *max <= 100)) {
                by(Value::Array(vec![item.clone(); max + 1]));
            }
            let part = model.shape(shape.item.as_ref().expect("items")).expect("a shape");
            for (index, item) in items.iter().enumerate() {
                let (pointer, within) = (format!("{pointer}/{index}"), format!("{path}.{}.member", index + 1));
                found.extend(breaks(model, part, item, &pointer, &within));
            }
        }
        (Kind::Map, Value::Object(entries)) => {
            by(json!([]));
            let part = model.shape(shape.value.as_ref().expect("values")).expect("a shape");
            for (name, value) in entries {
                let (pointer, within) = (format!("{pointer}/{}", escaped(name)), format!("{path}.{name}.member"));
                found.extend(breaks(model, part, value, &pointer, &within));
            }
        }
        _ => {}
    }
    found
}

fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

#[test]
fn what_is_made_to_satisfy_the_model_passes_and_one_break_is_named() {
    let mut runner = TestRunner::new_with_rng(
        Config { cases: 48, failure_persistence: None, ..Config::default() },
        proptest::test_runner::TestRng::deterministic_rng(proptest::test_runner::RngAlgorithm::ChaCha),
    );
    for service in Service::ALL {
        let mut maker = Maker { model: service.model(), made: HashMap::new() };
        for operation in service.operations() {
            let (Some(name), Some(shape)) = (&operation.input, operation.shape()) else { continue };
            let requests = (maker.of(name), any::<Index>());
            let judged = runner.run(&requests, |(request, index)| {
                prop_assert_eq!(operation.check(&request), Ok(()));
                prop_assert_eq!(operation.unknown(&request), Vec::<String>::new());
                let mut ways = breaks(service.model(), shape, &request, "", "");
                let way = ways.swap_remove(index.index(ways.len()));
                let mut broken = request;
                *broken.pointer_mut(&way.pointer).expect("a place") = way.value;
                let violation = operation.check(&broken).expect_err(&format!("no violation at {}", way.path));
                prop_assert!(names(&violation, &way.path), "{violation} ({:?}) at {}", violation.paths(), way.path);
                Ok(())
            });
            judged.unwrap_or_else(|error| panic!("{service} {}: {error}", operation.name));
        }
    }
}

/// Whether a violation names this place: itself, or the list or map whose part it is, as AWS does.
fn names(violation: &Violation, path: &str) -> bool {
    violation.paths().iter().any(|named| {
        let part = path.strip_prefix(named).filter(|_| matches!(violation, Violation::Constraints(_)));
        *named == path || part.is_some_and(|part| part.starts_with('.') && part.ends_with(".member"))
    })
}
