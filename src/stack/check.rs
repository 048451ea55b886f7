//! The checker: a value against a JSON schema, with every fault by path and in words that help.
//! It knows the keywords that our schemas use (and says which ones it does not); the editor, which
//! reads the same schema, and the command line can therefore never disagree. Texts that are not
//! known yet are taken wherever a scalar may stand.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use self::words::{found, name_of, plain, plural, quoted, text_faults, wrong_type};
use super::schema::UNSUPPORTED;
use super::{attributes, shape, suggest};
use crate::diagnostic::Finding;
use crate::kind::Kind;
use crate::path::Path;
use crate::reference;

#[cfg(test)]
mod tests;
mod words;

/// What a check found.
#[derive(Debug, Default)]
pub struct Report {
    /// The faults.
    pub findings: Vec<Finding>,
    /// The paths of entries that have no place here, whose keys are not known or not supported.
    pub strangers: Vec<Path>,
}

/// Checks a value against a schema. Nothing of what is at `secrets` or inside is quoted.
#[must_use]
pub fn check(schema: &Value, value: &Value, secrets: &[Path]) -> Report {
    let secrets: BTreeSet<&Path> = secrets.iter().collect();
    let mut checker = Checker { secrets: &secrets, report: Report::default() };
    checker.walk(schema, value, &Path::root(), false);
    checker.report
}

struct Checker<'a> {
    secrets: &'a BTreeSet<&'a Path>,
    report: Report,
}

impl Checker<'_> {
    fn fault(&mut self, at: &Path, message: impl Into<String>) {
        self.report.findings.push(Finding::new(at.clone(), message));
    }

    fn fault_with_help(&mut self, at: &Path, message: impl Into<String>, help: Option<String>) {
        let mut finding = Finding::new(at.clone(), message);
        finding.help = help;
        self.report.findings.push(finding);
    }

    fn walk(&mut self, schema: &Value, value: &Value, at: &Path, secret: bool) {
        if schema.is_boolean() {
            return;
        }
        if let Some(why) = schema.get(UNSUPPORTED) {
            let word = |name: &str| why.get(name).and_then(Value::as_str);
            let message = format!("{} {}", name_of(at), word("why").unwrap_or("is not supported yet"));
            let help = word("help").map(str::to_owned);
            let finding = Finding { help, ..Finding::new(at.clone(), message).at_key() };
            self.report.strangers.push(at.clone());
            self.report.findings.push(finding);
            return;
        }
        let secret = secret || self.secrets.contains(at);
        if value.is_string() && reference::is_open(value) && shape::takes_scalar(schema) {
            return;
        }
        if !shape::fits(value, &shape::types(schema)) {
            let (message, help) = wrong_type(schema, value, at);
            self.fault_with_help(at, message, help);
            return;
        }
        if let Some(candidates) = shape::candidates(schema) {
            self.one_of(&candidates, value, at, secret);
            return;
        }
        match value {
            Value::Number(number) => self.number(schema, number.as_f64().unwrap_or_default(), at, secret),
            Value::String(text) => self.text(schema, text, at, secret),
            Value::Array(items) => self.list(schema, items, at, secret),
            Value::Object(map) => self.map(schema, map, at, secret),
            Value::Null | Value::Bool(_) => {}
        }
        for part in schema.get("allOf").and_then(Value::as_array).into_iter().flatten() {
            self.walk(part, value, at, secret);
        }
        for word in ["anyOf", "oneOf"] {
            if let Some(options) = schema.get(word).and_then(Value::as_array) {
                self.alternatives(options, value, at, secret);
            }
        }
    }

    /// Only the alternative that is meant complains: the one of the value's type, and of several
    /// the one that has the fewest complaints.
    fn alternatives(&mut self, options: &[Value], value: &Value, at: &Path, secret: bool) {
        let of_type = options.iter().filter(|option| shape::fits(value, &shape::types(option)));
        let reports = of_type.map(|option| {
            let mut checker = Checker { secrets: self.secrets, report: Report::default() };
            checker.walk(option, value, at, secret);
            checker.report
        });
        if let Some(best) = reports.min_by_key(|report| report.findings.len()) {
            self.report.findings.extend(best.findings);
            self.report.strangers.extend(best.strangers);
        }
    }

    fn one_of(&mut self, candidates: &[&Value], value: &Value, at: &Path, secret: bool) {
        if candidates.contains(&value) {
            return;
        }
        let names: Vec<String> = candidates.iter().map(|candidate| plain(candidate)).collect();
        let listed = suggest::listed(names.iter().map(String::as_str));
        let message = match names.as_slice() {
            [only] => format!("must be `{only}`{}", found(value, secret)),
            _ => format!("must be one of {listed}{}", found(value, secret)),
        };
        let near = value.as_str().filter(|_| !secret);
        let near = near.and_then(|text| suggest::nearest(text, names.iter().map(String::as_str)));
        self.fault_with_help(at, message, near.map(|name| format!("did you mean `{name}`?")));
    }

    fn number(&mut self, schema: &Value, number: f64, at: &Path, secret: bool) {
        let bound = |word: &str| schema.get(word).and_then(Value::as_f64);
        let (least, most) = (bound("minimum"), bound("maximum"));
        let shown = if secret { "the number".to_owned() } else { number.to_string() };
        if least.is_some_and(|least| number < least) || most.is_some_and(|most| number > most) {
            let message = match (least, most) {
                (Some(least), Some(most)) => format!("must be {least} to {most}, not {shown}"),
                (Some(least), None) => format!("must be {least} or more, not {shown}"),
                (_, most) => format!("must be {} or less, not {shown}", most.unwrap_or_default()),
            };
            self.fault(at, message);
        }
        if bound("exclusiveMinimum").is_some_and(|least| number <= least) {
            self.fault(at, format!("must be more than {}", bound("exclusiveMinimum").unwrap_or_default()));
        }
        if bound("exclusiveMaximum").is_some_and(|most| number >= most) {
            self.fault(at, format!("must be less than {}", bound("exclusiveMaximum").unwrap_or_default()));
        }
    }

    fn text(&mut self, schema: &Value, text: &str, at: &Path, secret: bool) {
        for (message, help) in text_faults(schema, text, secret) {
            self.fault_with_help(at, message, help);
        }
    }

    fn list(&mut self, schema: &Value, items: &[Value], at: &Path, secret: bool) {
        if items.is_empty() && schema.get("x-empty").and_then(Value::as_str) == Some("error") {
            let help = "leave it out for what AWS does by default".to_owned();
            self.fault_with_help(at, "must not be empty: AWS would read an empty list as \"all\"", Some(help));
            return;
        }
        self.count(schema, "Items", items.len(), "items", at);
        if schema.get("uniqueItems") == Some(&Value::Bool(true)) {
            let mut seen = BTreeSet::new();
            for (index, item) in items.iter().enumerate() {
                if !seen.insert(item.to_string()) {
                    self.fault(&at.index(index), format!("{} is listed twice", quoted(item, secret)));
                }
            }
        }
        if let Some(inner) = schema.get("items") {
            for (index, item) in items.iter().enumerate() {
                self.walk(inner, item, &at.index(index), secret);
            }
        }
    }

    fn count(&mut self, schema: &Value, what: &str, count: usize, unit: &str, at: &Path) {
        let bound = |word: &str| schema.get(format!("{word}{what}")).and_then(Value::as_u64);
        let count = count as u64;
        if let Some(least) = bound("min").filter(|least| count < *least) {
            self.fault(at, format!("must have at least {}, and has {count}", plural(least, unit)));
        }
        if let Some(most) = bound("max").filter(|most| count > *most) {
            self.fault(at, format!("may have at most {}, and has {count}", plural(most, unit)));
        }
    }

    fn map(&mut self, schema: &Value, map: &Map<String, Value>, at: &Path, secret: bool) {
        self.count(schema, "Properties", map.len(), "entries", at);
        let required = schema.get("required").and_then(Value::as_array).into_iter().flatten();
        let missing: Vec<&str> = required.filter_map(Value::as_str).filter(|name| !map.contains_key(*name)).collect();
        if let [first, more @ ..] = missing.as_slice() {
            let verb = if more.is_empty() { "is" } else { "are" };
            self.fault(&at.key(*first), format!("{} {verb} missing", suggest::listed(missing.iter().copied())));
        }
        for (key, value) in map {
            let inside = at.key(key);
            if let Some(names) = schema.get("propertyNames").filter(|_| !reference::is_open(&Value::from(key.as_str())))
            {
                for (message, help) in text_faults(names, key, false).into_iter().chain(unnamed(names, key)) {
                    let mut finding = Finding::new(inside.clone(), format!("the key {message}")).at_key();
                    finding.help = help;
                    self.report.findings.push(finding);
                }
            }
            let closed = schema.get("additionalProperties") == Some(&Value::Bool(false));
            match shape::own_child(schema, key) {
                Some(inner) => self.walk(inner, value, &inside, secret),
                // What stands in an alternative is that alternative's to check.
                None if closed && shape::child(schema, key).is_none() => self.unknown(schema, key, &inside),
                None => {}
            }
        }
    }

    fn unknown(&mut self, schema: &Value, key: &str, at: &Path) {
        let names = shape::property_names(schema);
        self.report.strangers.push(at.clone());
        let mut finding = Finding::new(at.clone(), format!("unknown key {}", name_of(at))).at_key();
        // What has its place elsewhere is looked for there.
        let places = Kind::of_section(key).map(attributes::places).unwrap_or_default();
        let places = places.iter().map(|place| format!("`{place}`")).collect::<Vec<_>>().join(" or ");
        // Who comes from the API brings its names along.
        let kind = at.parent().and_then(|resource| attributes::kind_at(&resource));
        let api_names = kind.map(Kind::api_names).unwrap_or_default();
        let own = api_names.iter().find(|(own, api)| api.eq_ignore_ascii_case(key) && names.contains(own));
        finding.help = match own {
            Some((own, _)) => Some(format!("did you mean `{own}`?")),
            None if !places.is_empty() => Some(format!("its place is {places}")),
            None => suggest::help(key, names.iter().copied()),
        };
        self.report.findings.push(finding);
    }
}

/// What is wrong with a key that is none of the few there are.
fn unnamed(names: &Value, key: &str) -> Option<(String, Option<String>)> {
    let known: Vec<&str> = names.get("enum")?.as_array()?.iter().filter_map(Value::as_str).collect();
    let near = suggest::nearest(key, known.iter().copied()).map(|name| format!("did you mean `{name}`?"));
    let listed = suggest::listed(known.iter().copied());
    (!known.contains(&key)).then(|| (format!("must be one of {listed}, not `{key}`"), near))
}

/// The keywords in a schema that the checker does not heed, and patterns that it cannot read, each
/// with its place.
#[must_use]
pub fn unsupported(schema: &Value) -> Vec<String> {
    let mut found = Vec::new();
    collect_unsupported(schema, "#", &mut found);
    found
}

const HEEDED: &[&str] = &[
    "type",
    "const",
    "enum",
    "required",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
    "uniqueItems",
    "minProperties",
    "maxProperties",
];
const ANNOTATIONS: &[&str] =
    &["title", "description", "default", "examples", "deprecated", "format", "$schema", "$id", "$comment"];

fn collect_unsupported(schema: &Value, at: &str, found: &mut Vec<String>) {
    let Value::Object(words) = schema else { return };
    for (word, value) in words {
        let here = format!("{at}/{word}");
        match word.as_str() {
            "properties" | "patternProperties" => {
                for (key, inner) in value.as_object().into_iter().flatten() {
                    if word == "patternProperties" && shape::matches(key, "").is_none() {
                        found.push(format!("{here}/{key}: unreadable pattern"));
                    }
                    collect_unsupported(inner, &format!("{here}/{key}"), found);
                }
            }
            "items" | "additionalProperties" | "propertyNames" => collect_unsupported(value, &here, found),
            "anyOf" | "oneOf" | "allOf" => {
                for (index, inner) in value.as_array().into_iter().flatten().enumerate() {
                    collect_unsupported(inner, &format!("{here}/{index}"), found);
                }
            }
            "pattern" => {
                if value.as_str().and_then(|pattern| shape::matches(pattern, "")).is_none() {
                    found.push(format!("{here}: unreadable pattern"));
                }
            }
            word if HEEDED.contains(&word) || ANNOTATIONS.contains(&word) || word.starts_with("x-") => {}
            _ => found.push(here),
        }
    }
}
