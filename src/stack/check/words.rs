//! How faults are put into words.

use serde_json::Value;

use crate::kind::Form;
use crate::path::Path;
use crate::stack::attributes;
use crate::stack::secret::is_boolean_word;
use crate::stack::shape;

pub(super) fn text_faults(schema: &Value, text: &str, secret: bool) -> Vec<(String, Option<String>)> {
    let mut faults = Vec::new();
    let length = text.chars().count() as u64;
    let bound = |word: &str| schema.get(word).and_then(Value::as_u64);
    if let Some(least) = bound("minLength").filter(|least| length < *least) {
        let message = match length {
            0 => "must not be empty".to_owned(),
            _ => format!("must have at least {}, and has {length}", plural(least, "characters")),
        };
        faults.push((message, None));
    } else if let Some(most) = bound("maxLength").filter(|most| length > *most) {
        faults.push((format!("may have at most {}, and has {length}", plural(most, "characters")), None));
    } else if let Some(pattern) = schema.get("pattern").and_then(Value::as_str)
        && shape::matches(pattern, text) == Some(false)
    {
        let shown = quoted(&Value::from(text), secret);
        let rule = schema.get("x-pattern-help").and_then(Value::as_str);
        faults.push(match rule {
            Some(rule) => (format!("{shown} does not fit here: expected {rule}"), None),
            None => (format!("{shown} does not have the form `{pattern}`"), None),
        });
    }
    faults
}

pub(super) fn wrong_type(schema: &Value, value: &Value, at: &Path) -> (String, Option<String>) {
    let types = shape::types(schema);
    let wanted: Vec<&str> = types.iter().map(|name| word_for(name)).collect();
    let wanted = wanted.join(" or ");
    if value.is_null() {
        let required = schema.get("required").and_then(Value::as_array).is_some_and(|names| !names.is_empty());
        let help = if !types.contains(&"object") {
            "leave it out, or give it a value"
        } else if required || attributes::kind_at(at).is_some_and(|kind| kind.form() == Form::One) {
            "leave it out, or write its properties below it"
        } else if schema.get("propertyNames").is_some() {
            "leave it out, or write its entries below it"
        } else {
            "write `{}` for one without settings, or leave it out"
        };
        return (format!("{} has no value", name_of(at)), Some(help.to_owned()));
    }
    let expects = |name: &str| types.contains(&name);
    let help = match value {
        Value::Number(_) | Value::Bool(_) if expects("string") => Some("quote it: \"…\""),
        Value::String(text) if expects("boolean") && is_boolean_word(text) => {
            Some("write `true` or `false`, without quotes")
        }
        Value::String(text) if (expects("integer") || expects("number")) && text.parse::<f64>().is_ok() => {
            Some("write it without quotes")
        }
        Value::String(_) | Value::Number(_) | Value::Bool(_) if expects("array") => {
            Some("write a list, also of one: `[…]`")
        }
        Value::Number(_) if expects("integer") => Some("write a whole number"),
        Value::Object(_) if expects("array") => Some("write a list: put `- ` in front of each item"),
        Value::Array(_) if schema.get("propertyNames").is_some() => Some("write each under its key: `KEY: {…}`"),
        _ => None,
    };
    let found = match value {
        Value::String(text) if text.is_empty() => "an empty text",
        _ => word_for(shape::type_of(value)),
    };
    (format!("{} must be {wanted}, not {found}", name_of(at)), help.map(str::to_owned))
}

fn word_for(name: &str) -> &'static str {
    match name {
        "null" => "nothing",
        "boolean" => "`true` or `false`",
        "integer" => "a whole number",
        "number" => "a number",
        "string" => "a text",
        "array" => "a list",
        _ => "a map",
    }
}

pub(super) fn name_of(at: &Path) -> String {
    match (at.last_key(), at.is_root()) {
        (Some(key), _) => format!("`{key}`"),
        (None, true) => "the file".to_owned(),
        (None, false) => "this item".to_owned(),
    }
}

pub(super) fn plural(count: u64, unit: &str) -> String {
    match (count, unit) {
        (1, "entries") => "1 entry".to_owned(),
        (1, _) => format!("1 {}", unit.trim_end_matches('s')),
        _ => format!("{count} {unit}"),
    }
}

pub(super) fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

pub(super) fn found(value: &Value, secret: bool) -> String {
    if secret { String::new() } else { format!(", not {}", quoted(value, false)) }
}

pub(super) fn quoted(value: &Value, secret: bool) -> String {
    const SHOWN: usize = 60;
    if secret {
        return "the value".to_owned();
    }
    let text = plain(value);
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("`{}…`", &text[..end]),
        None => format!("`{text}`"),
    }
}
