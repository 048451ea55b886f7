//! Finds the operation that a request asks for, and its input, where these do not simply stand in a
//! header and in a JSON body: Lambda has them in the method, the path and the query, STS in a form.

use serde_json::{Map, Value};

use super::shape::{Kind, Location, Member, Model, Shape};
use super::{Operation, Service, operation};

impl Operation {
    /// The operation of Lambda that `method` and `target`, the path and the query as they were sent,
    /// ask for, and its input: the body's members with those of the path and the query.
    #[must_use]
    pub fn of_rest(method: &str, target: &str, body: &Value) -> Option<(&'static Operation, Value)> {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let (operation, in_path) = Service::Lambda.operations().iter().find_map(|operation| {
            let http = operation.http.as_ref().filter(|http| http.method == method)?;
            Some((operation, captures(&http.uri, path)?))
        })?;
        let model = Service::Lambda.model();
        let query = pairs(query);
        let mut input = body.as_object().cloned().unwrap_or_default();
        for Member { name, shape, location } in &operation.shape()?.members {
            let Some(shape) = model.shape(shape) else { continue };
            let value = match location {
                Location::Body => continue,
                Location::Path(label) => {
                    in_path.iter().find(|(name, _)| name == label).map(|(_, text)| typed(shape, text))
                }
                Location::Query(wire) => {
                    let mut values = query.iter().filter(|(name, _)| name == wire).map(|(_, text)| text.as_str());
                    match shape.item.as_deref().and_then(|item| model.shape(item)) {
                        Some(item) => {
                            let items: Vec<Value> = values.map(|text| typed(item, text)).collect();
                            (!items.is_empty()).then_some(Value::Array(items))
                        }
                        None => values.next().map(|text| typed(shape, text)),
                    }
                }
            };
            // What stands in the body under such a name is not the member.
            input.remove(name);
            input.extend(value.map(|value| (name.clone(), value)));
        }
        Some((operation, Value::Object(input)))
    }

    /// The name that a form has as its `Action`.
    #[must_use]
    pub fn action(form: &str) -> Option<String> {
        let action = form.split('&').find_map(|field| field.strip_prefix("Action="))?;
        Some(decoded(&action.replace('+', " ")))
    }

    /// The operation of `service` that a form asks for by its `Action`, and its input.
    #[must_use]
    pub fn of_form(service: Service, form: &str) -> Option<(&'static Operation, Value)> {
        let pairs = pairs(form);
        let operation = operation(service, &Self::action(form)?)?;
        let input = operation.shape().and_then(|shape| nested(service.model(), shape, &pairs, ""));
        Some((operation, input.unwrap_or_else(|| Value::Object(Map::new()))))
    }
}

/// What stands in `path` where `pattern` has names in braces, if the rest is equal.
fn captures(pattern: &str, path: &str) -> Option<Vec<(String, String)>> {
    let mut found = Vec::new();
    let mut segments = path.trim_matches('/').split('/');
    for part in pattern.trim_matches('/').split('/') {
        let segment = segments.next()?;
        match part.strip_prefix('{').and_then(|name| name.strip_suffix('}')) {
            Some(name) => found.push((name.to_owned(), decoded(segment))),
            None if part == segment => {}
            None => return None,
        }
    }
    segments.next().is_none().then_some(found)
}

/// The names and values of a query or a form.
fn pairs(text: &str) -> Vec<(String, String)> {
    let spaced = text.replace('+', " ");
    spaced
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| (decoded(name), decoded(value)))
        .collect()
}

/// A text whose bytes may be written as `%41`.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let hex = after.get(..2).filter(|digits| first == b'%' && digits.iter().all(u8::is_ascii_hexdigit));
        let byte = hex.and_then(|digits| u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok());
        bytes.push(byte.unwrap_or(first));
        rest = if byte.is_some() { &after[2..] } else { after };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// A text as the JSON value that it stands for. One that cannot be read stays a text, which the
/// check then refuses.
fn typed(shape: &Shape, text: &str) -> Value {
    let read = match shape.kind {
        Kind::Integer | Kind::Long => text.parse::<i64>().ok().map(Value::from),
        Kind::Double => text.parse::<f64>().ok().map(Value::from),
        Kind::Boolean => text.parse::<bool>().ok().map(Value::from),
        _ => None,
    };
    read.unwrap_or_else(|| Value::from(text))
}

/// The value at `path` of a form: `Tags.member.1.Key` is the key of the first tag.
fn nested(model: &Model, shape: &Shape, pairs: &[(String, String)], path: &str) -> Option<Value> {
    match shape.kind {
        Kind::Structure => {
            let members = shape.members.iter().filter_map(|Member { name, shape, .. }| {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                Some((name.clone(), nested(model, model.shape(shape)?, pairs, &path)?))
            });
            let members: Map<String, Value> = members.collect();
            (!members.is_empty()).then_some(Value::Object(members))
        }
        Kind::List => {
            let item = model.shape(shape.item.as_deref()?)?;
            let items = (1..).map_while(|index| nested(model, item, pairs, &format!("{path}.member.{index}")));
            let items: Vec<Value> = items.collect();
            (!items.is_empty()).then_some(Value::Array(items))
        }
        _ => pairs.iter().find(|(name, _)| name == path).map(|(_, text)| typed(shape, text)),
    }
}
