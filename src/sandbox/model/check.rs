//! Judges a request by the model, in AWS's words.

use std::fmt::{self, Write as _};

use serde_json::{Map, Value};

use super::Service;
use super::shape::{Kind, Member, Model, Shape};

/// What is wrong with a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Violation {
    /// A value is of another JSON type than its member, so that AWS cannot even read the request: a
    /// `SerializationException`.
    Type {
        /// Where. AWS does not say this, a log may.
        path: String,
        /// AWS's words.
        text: String,
    },
    /// Values that can be read and are not allowed: all of them.
    Constraints(Vec<Failure>),
}

/// A value that is not allowed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// Where, as AWS says it: `schema.1.member.name`.
    pub path: String,
    /// What it does not satisfy, in AWS's words.
    pub constraint: String,
    /// `" 'the value'"`, `" null"`, or nothing where the value is sensitive.
    value: String,
}

impl Violation {
    /// The code of the error with which this service answers.
    #[must_use]
    pub fn code(&self, service: Service) -> &'static str {
        match (self, service) {
            (Violation::Type { .. }, _) => "SerializationException",
            (Violation::Constraints(_), Service::UserPools | Service::Tagging) => "InvalidParameterException",
            (Violation::Constraints(failures), Service::Lambda) if of_runtime(failures).is_some() => {
                "InvalidParameterValueException"
            }
            (Violation::Constraints(_), Service::IdentityPools | Service::Lambda) => "ValidationException",
            (Violation::Constraints(_), Service::Sts) => "ValidationError",
        }
    }

    /// Where the request is wrong.
    #[must_use]
    pub fn paths(&self) -> Vec<&str> {
        match self {
            Violation::Type { path, .. } => vec![path],
            Violation::Constraints(failures) => failures.iter().map(|failure| failure.path.as_str()).collect(),
        }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Violation::Type { text, .. } => f.write_str(text),
            Violation::Constraints(failures) => {
                if let Some(Failure { path, constraint, value }) = of_runtime(failures) {
                    return write!(
                        f,
                        "Value{value} at '{path}' failed to satisfy constraint: {constraint} or be a valid ARN"
                    );
                }
                let errors = if failures.len() == 1 { "error" } else { "errors" };
                write!(f, "{} validation {errors} detected: ", failures.len())?;
                for (index, Failure { path, constraint, value }) in failures.iter().enumerate() {
                    let separator = if index == 0 { "" } else { "; " };
                    write!(f, "{separator}Value{value} at '{path}' failed to satisfy constraint: {constraint}")?;
                }
                Ok(())
            }
        }
    }
}

/// That nothing but a function's runtime is wrong: Lambda judges it apart from its model, with another
/// code and in other words.
fn of_runtime(failures: &[Failure]) -> Option<&Failure> {
    match failures {
        [failure] if failure.path == "runtime" => Some(failure),
        _ => None,
    }
}

impl std::error::Error for Violation {}

/// Judges `input` by this shape.
pub(super) fn check(model: &Model, shape: &Shape, input: &Value) -> Result<(), Violation> {
    let mut judge = Judge { model, failures: Vec::new() };
    judge.value(shape, input, "")?;
    if judge.failures.is_empty() { Ok(()) } else { Err(Violation::Constraints(judge.failures)) }
}

struct Judge<'a> {
    model: &'a Model,
    failures: Vec<Failure>,
}

impl Judge<'_> {
    fn value(&mut self, shape: &Shape, value: &Value, path: &str) -> Result<(), Violation> {
        match (shape.kind, value) {
            (Kind::Structure, Value::Object(members)) => self.structure(shape, members, path),
            (Kind::List, Value::Array(items)) => {
                self.judge(shape, value, path);
                self.items(shape, value, items, path)
            }
            (Kind::Map, Value::Object(entries)) => {
                self.judge(shape, value, path);
                self.entries(shape, value, entries, path)
            }
            _ => {
                readable(shape.kind, value, path)?;
                self.judge(shape, value, path);
                Ok(())
            }
        }
    }

    fn structure(&mut self, shape: &Shape, members: &Map<String, Value>, path: &str) -> Result<(), Violation> {
        for Member { name, shape: member, .. } in &shape.members {
            let path = under(path, &lower_camel(name));
            // To AWS a null is a member that is left out.
            match members.get(name).filter(|value| !value.is_null()) {
                Some(value) => {
                    if let Some(member) = self.model.shape(member) {
                        self.value(member, value, &path)?;
                    }
                }
                None if shape.required.contains(name) => self.failures.push(Failure {
                    path,
                    constraint: "Member must not be null".to_owned(),
                    value: " null".to_owned(),
                }),
                None => {}
            }
        }
        Ok(())
    }

    fn items(&mut self, shape: &Shape, list: &Value, items: &[Value], path: &str) -> Result<(), Violation> {
        let Some(item) = shape.item.as_deref().and_then(|name| self.model.shape(name)) else { return Ok(()) };
        let mut broken = false;
        for (index, value) in items.iter().enumerate() {
            let path = format!("{path}.{}.member", index + 1);
            broken |= self.part(item, value, &path)?;
        }
        if broken {
            self.fail(shape, list, path, format!("Member must satisfy constraint: {}", all_constraints(item)));
        }
        Ok(())
    }

    fn entries(
        &mut self,
        shape: &Shape,
        map: &Value,
        entries: &Map<String, Value>,
        path: &str,
    ) -> Result<(), Violation> {
        let part = |name: &Option<String>| name.as_deref().and_then(|name| self.model.shape(name));
        let (Some(key), Some(item)) = (part(&shape.key), part(&shape.value)) else { return Ok(()) };
        if entries.keys().any(|name| !broken_constraints(key, &Value::from(name.as_str())).is_empty()) {
            self.fail(shape, map, path, format!("Map keys must satisfy constraint: {}", all_constraints(key)));
        }
        let mut broken = false;
        for (name, value) in entries {
            broken |= self.part(item, value, &format!("{path}.{name}.member"))?;
        }
        if broken {
            self.fail(shape, map, path, format!("Map value must satisfy constraint: {}", all_constraints(item)));
        }
        Ok(())
    }

    /// Judges what a list or a map holds, and says whether it breaks a constraint. AWS says this of
    /// the list or map as a whole; only what is within structures has a path of its own.
    fn part(&mut self, shape: &Shape, value: &Value, path: &str) -> Result<bool, Violation> {
        if value.is_null() {
            return Ok(false);
        }
        if matches!(shape.kind, Kind::Structure | Kind::List | Kind::Map) {
            self.value(shape, value, path)?;
            return Ok(false);
        }
        readable(shape.kind, value, path)?;
        Ok(!broken_constraints(shape, value).is_empty())
    }

    /// Judges a value by its own shape's constraints.
    fn judge(&mut self, shape: &Shape, value: &Value, path: &str) {
        for constraint in broken_constraints(shape, value) {
            self.fail(shape, value, path, constraint);
        }
    }

    fn fail(&mut self, shape: &Shape, value: &Value, path: &str, constraint: String) {
        let value = if self.is_sensitive(shape) { String::new() } else { format!(" '{}'", Shown(value)) };
        self.failures.push(Failure { path: path.to_owned(), constraint, value });
    }

    /// Whether it is, or is made of something that is.
    fn is_sensitive(&self, shape: &Shape) -> bool {
        let parts = shape
            .members
            .iter()
            .map(|member| &member.shape)
            .chain([&shape.item, &shape.key, &shape.value].into_iter().flatten());
        shape.sensitive || parts.filter_map(|name| self.model.shape(name)).any(|part| self.is_sensitive(part))
    }
}

/// The constraints of a shape, in AWS's words, each with whether this value breaks it.
fn constraints<'a>(shape: &'a Shape, value: &'a Value) -> impl Iterator<Item = (String, bool)> + 'a {
    let number = matches!(shape.kind, Kind::Integer | Kind::Long | Kind::Double);
    let what = if number { "value" } else { "length" };
    let size = if number {
        value.as_f64()
    } else {
        length(shape.kind, value).and_then(|length| u32::try_from(length).ok()).map(f64::from)
    };
    let beyond = move |bound: &serde_json::Number, order| {
        size.zip(bound.as_f64()).is_some_and(|(size, bound)| size.partial_cmp(&bound) == Some(order))
    };
    let text = value.as_str();
    let max = shape.max.as_ref().map(|max| {
        (format!("Member must have {what} less than or equal to {max}"), beyond(max, std::cmp::Ordering::Greater))
    });
    let min = shape.min.as_ref().map(|min| {
        (format!("Member must have {what} greater than or equal to {min}"), beyond(min, std::cmp::Ordering::Less))
    });
    let pattern = shape.pattern.as_ref().map(|pattern| {
        (
            format!("Member must satisfy regular expression pattern: {pattern}"),
            text.is_some_and(|text| !pattern.allows(text)),
        )
    });
    let words = (!shape.words.is_empty()).then(|| {
        (
            format!("Member must satisfy enum value set: [{}]", shape.words.join(", ")),
            text.is_some_and(|text| !shape.words.iter().any(|word| word == text)),
        )
    });
    [max, min, pattern, words].into_iter().flatten()
}

fn broken_constraints(shape: &Shape, value: &Value) -> Vec<String> {
    constraints(shape, value).filter_map(|(text, broken)| broken.then_some(text)).collect()
}

fn all_constraints(shape: &Shape) -> String {
    let all: Vec<String> = constraints(shape, &Value::Null).map(|(text, _)| text).collect();
    format!("[{}]", all.join(", "))
}

/// Characters, bytes, items or entries.
fn length(kind: Kind, value: &Value) -> Option<usize> {
    match (kind, value) {
        // What Base64 holds, without reading it.
        (Kind::Blob, Value::String(text)) => Some(text.trim_end_matches('=').len() * 3 / 4),
        (_, Value::String(text)) => Some(text.chars().count()),
        (_, Value::Array(items)) => Some(items.len()),
        (_, Value::Object(entries)) => Some(entries.len()),
        _ => None,
    }
}

/// Whether a JSON value can be one of this kind, and what AWS says when it cannot.
fn readable(kind: Kind, value: &Value, path: &str) -> Result<(), Violation> {
    let is_readable = match kind {
        Kind::Structure | Kind::Map => value.is_object(),
        Kind::List => value.is_array(),
        Kind::String | Kind::Blob => value.is_string(),
        Kind::Boolean => value.is_boolean(),
        Kind::Integer => value.as_i64().is_some_and(|number| i32::try_from(number).is_ok()),
        Kind::Long => value.is_i64(),
        Kind::Double => value.is_number(),
        Kind::Document => true,
    };
    if is_readable {
        return Ok(());
    }
    let text = match (kind, value) {
        (_, Value::Array(_)) => "Start of list found where not expected".to_owned(),
        (_, Value::Object(_)) => "Start of structure or map found where not expected.".to_owned(),
        (Kind::List, _) => "Expected list or null".to_owned(),
        (Kind::Map, _) => "Expected map or null".to_owned(),
        (Kind::Structure, _) => "Expected null".to_owned(),
        (Kind::Integer, value) => format!("{} can not be converted to an Integer", token(value)),
        (kind, value) => format!("{} can not be converted to a {kind:?}", token(value)),
    };
    Err(Violation::Type { path: path.to_owned(), text })
}

/// What AWS's reader calls a value.
fn token(value: &Value) -> &'static str {
    match value {
        Value::Null => "NULL_VALUE",
        Value::Bool(true) => "TRUE_VALUE",
        Value::Bool(false) => "FALSE_VALUE",
        Value::Number(_) => "NUMBER_VALUE",
        Value::String(_) => "STRING_VALUE",
        Value::Array(_) => "START_ARRAY",
        Value::Object(_) => "START_OBJECT",
    }
}

pub(super) fn under(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

/// AWS names members by their Java fields.
fn lower_camel(name: &str) -> String {
    let mut rest = name.chars();
    rest.next().map(|first| first.to_ascii_lowercase()).into_iter().chain(rest).collect()
}

/// A value as Java shows it.
struct Shown<'a>(&'a Value);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Value::String(text) => f.write_str(text),
            Value::Array(items) => {
                f.write_char('[')?;
                for (index, item) in items.iter().enumerate() {
                    write!(f, "{}{}", if index == 0 { "" } else { ", " }, Shown(item))?;
                }
                f.write_char(']')
            }
            Value::Object(entries) => {
                f.write_char('{')?;
                for (index, (name, value)) in entries.iter().enumerate() {
                    write!(f, "{}{name}={}", if index == 0 { "" } else { ", " }, Shown(value))?;
                }
                f.write_char('}')
            }
            other => write!(f, "{other}"),
        }
    }
}
