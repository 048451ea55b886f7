//! Fills in what `${…}` stands for. Variables, environment variables and files are read now; what
//! is known only once something exists or the account has been asked stays open, as a
//! [`Reference`]. A reference that means nothing is a finding, and stays open too, so that nothing
//! else complains about it.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::{Map, Value};

use super::attributes::Addresses;
use super::spans::SpanMap;
use super::variables::Variable;
use super::{Inputs, secret, shape};
use crate::diagnostic::{Finding, Part};
use crate::kind::{Form, Kind};
use crate::path::{Path, Segment};
use crate::reference::{self, Reference};

mod lookup;

/// Gives the text of a file by its path, relative to the stack file, or why it cannot be read.
pub type Files<'a> = &'a dyn Fn(&str) -> Result<String, String>;

/// What a file that is not there is said to be.
pub const NO_FILE: &str = "there is no such file";

/// How a file's references are to be read.
pub struct Context<'a> {
    /// `stack:`.
    pub stack: &'a str,
    /// The environment that was chosen.
    pub environment: Option<&'a str>,
    /// What the run says.
    pub inputs: &'a Inputs,
    /// What the file declares as variables.
    pub variables: &'a BTreeMap<String, Variable>,
    /// Where everything stands in the text, and how it is written there.
    pub spans: &'a SpanMap,
    /// The files that the file names.
    pub files: Files<'a>,
    /// How many bytes of filled in texts the file may still take, in all its environments.
    pub room: &'a Cell<usize>,
}

/// What came of filling in.
#[derive(Default)]
pub struct Resolved {
    /// The file's values.
    pub value: Value,
    /// What is wrong.
    pub findings: Vec<Finding>,
    /// Where a `${` is no reference at all. Each quotes its text, which may be a secret.
    pub malformed: Vec<Finding>,
    /// The paths of values from secret sources.
    pub secrets: Vec<Path>,
    /// Texts from secret sources.
    pub secret_texts: BTreeSet<String>,
    /// Keys that are written differently: the path of the entry, and its key in the text.
    pub renamed: HashMap<Path, String>,
}

/// Fills in the values of a whole file. `variables` and the environments that are not chosen stay
/// as they are written.
#[must_use]
pub fn resolve(document: &Value, schema: &Value, context: &Context<'_>) -> Resolved {
    let mut resolver = Resolver {
        context,
        declared: Addresses::new(),
        known: BTreeMap::new(),
        open: Vec::new(),
        at_secret: false,
        out: Resolved::default(),
    };
    resolver.declared = resolver.addresses(document);
    for name in context.variables.keys() {
        resolver.variable(name);
    }
    resolver.out.value = resolver.document(document, schema);
    resolver.out
}

/// What a text stands for.
#[derive(Clone, Default)]
struct Filled {
    value: Value,
    /// Of a number, `true` or `false` that a variable has: where it stands.
    scalar_at: Option<Path>,
    /// Whether it came as text from outside the file, so that it has no type of its own.
    outside: bool,
    secret: bool,
}

impl Filled {
    fn open(name: Path) -> Self {
        Self { value: Reference(name).embed().into(), ..Self::default() }
    }

    /// What stands for a value that there is a finding about already.
    fn unusable() -> Self {
        Self::open(Path::root().key("unusable"))
    }
}

/// What may be referred to where.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Scope {
    /// In resources and outputs: everything.
    Resource,
    /// In tags of the stack: not what resources tell.
    Tags,
    /// What must be known before AWS is asked.
    Early,
}

struct Resolver<'a> {
    context: &'a Context<'a>,
    declared: Addresses,
    known: BTreeMap<String, Filled>,
    /// Variables whose values are being looked for.
    open: Vec<String>,
    /// Whether what is being filled in is the value of a secret variable, or stands where the schema
    /// says that a secret does.
    at_secret: bool,
    out: Resolved,
}

impl Resolver<'_> {
    fn document(&mut self, document: &Value, schema: &Value) -> Value {
        let Value::Object(map) = document else { return document.clone() };
        let mut filled = Map::new();
        for (key, value) in map {
            let at = Path::root().key(key);
            let inner = shape::child(schema, key);
            let value = match key.as_str() {
                _ if key.starts_with("x-") => continue,
                "variables" => value.clone(),
                "environments" => self.environments(value, inner, &at),
                "tags" => self.value(value, inner, &at, Scope::Tags),
                "outputs" => self.value(value, inner, &at, Scope::Resource),
                section if Kind::of_section(section).is_some() => self.value(value, inner, &at, Scope::Resource),
                _ => self.value(value, inner, &at, Scope::Early),
            };
            filled.insert(key.clone(), value);
        }
        Value::Object(filled)
    }

    fn environments(&mut self, environments: &Value, schema: Option<&Value>, at: &Path) -> Value {
        let Value::Object(map) = environments else { return environments.clone() };
        let mut filled = Map::new();
        for (name, environment) in map {
            let at = at.key(name);
            let schema = schema.and_then(|schema| shape::child(schema, name));
            let value = match environment {
                Value::Object(entries) if self.context.environment == Some(name) => {
                    let entries = entries.iter().map(|(key, value)| {
                        let inner = schema.and_then(|schema| shape::child(schema, key));
                        let value = match key.as_str() {
                            "variables" => value.clone(),
                            "tags" => self.value(value, inner, &at.key(key), Scope::Tags),
                            _ => self.value(value, inner, &at.key(key), Scope::Early),
                        };
                        (key.clone(), value)
                    });
                    Value::Object(entries.collect())
                }
                other => unfilled(other),
            };
            filled.insert(name.clone(), value);
        }
        Value::Object(filled)
    }

    fn value(&mut self, value: &Value, schema: Option<&Value>, at: &Path, scope: Scope) -> Value {
        let around = self.at_secret;
        self.at_secret |= schema.is_some_and(secret::is_marked);
        let filled = self.filled(value, schema, at, scope);
        self.at_secret = around;
        filled
    }

    fn filled(&mut self, value: &Value, schema: Option<&Value>, at: &Path, scope: Scope) -> Value {
        match value {
            Value::String(text) if text.contains("${") => {
                let filled = self.text(text, at, Part::Value, scope);
                if filled.secret {
                    self.out.secrets.push(at.clone());
                }
                match &filled.scalar_at {
                    Some(declared_at) if takes_only_text(schema) => {
                        self.not_quoted(&filled, declared_at, at);
                        // Two of them are not the same text.
                        Filled::open(Path::root().key("unusable").join(at)).value
                    }
                    _ if filled.outside => typed(filled.value, schema),
                    _ => filled.value,
                }
            }
            Value::Array(items) => {
                let schema = schema.and_then(shape::item);
                items
                    .iter()
                    .enumerate()
                    .map(|(index, item)| self.value(item, schema, &at.index(index), scope))
                    .collect()
            }
            Value::Object(map) => {
                let mut filled = Map::new();
                for (key, value) in map {
                    let name = self.key(key, at, scope);
                    let inside = at.key(&name);
                    let inner = schema.and_then(|schema| shape::child(schema, &name));
                    if filled.contains_key(&name) {
                        let shown = shown(&name);
                        let finding = Finding::new(inside, format!("`{shown}` is given twice, as `{key}` too"));
                        self.out.findings.push(finding.at_key());
                        continue;
                    }
                    let value = self.value(value, inner, &inside, scope);
                    filled.insert(name, value);
                }
                Value::Object(filled)
            }
            other => other.clone(),
        }
    }

    /// A variable's number stands for a text: that is to be mended where the number is.
    fn not_quoted(&mut self, filled: &Filled, declared_at: &Path, at: &Path) {
        let kind = if filled.value.is_boolean() { "`true` or `false`" } else { "a number" };
        let written = self.context.spans.text(declared_at).filter(|_| !filled.secret).unwrap_or("…");
        let property = at.last_key().map_or_else(|| "a text".to_owned(), |key| format!("the text `{key}`"));
        let message = format!("stands for {property}, and is {kind}");
        let finding = Finding::new(declared_at.clone(), message).help(format!("quote it: \"{written}\""));
        if !self.out.findings.contains(&finding) {
            self.out.findings.push(finding);
        }
    }

    fn key(&mut self, key: &str, at: &Path, scope: Scope) -> String {
        if !key.contains("${") {
            return key.to_owned();
        }
        let filled = self.text(key, &at.key(key), Part::Key, scope);
        let name = self.plain(&filled);
        let inside = at.key(&name);
        if filled.secret {
            let finding = Finding::new(inside.clone(), "a key must not come from a secret source");
            self.out.findings.push(finding.at_key());
        }
        self.out.renamed.insert(inside, key.to_owned());
        name
    }

    /// What a value is as a part of a text: a number as it is written.
    fn plain(&self, filled: &Filled) -> String {
        let written = filled.scalar_at.as_ref().and_then(|at| self.context.spans.text(at));
        written.or(filled.value.as_str()).map_or_else(|| filled.value.to_string(), str::to_owned)
    }

    /// What the file declares. Keys may hold variables; what is wrong with those is found later.
    fn addresses(&mut self, document: &Value) -> Addresses {
        let mut found = Addresses::new();
        for kind in Kind::ALL.iter().copied().filter(|kind| kind.parent().is_none()) {
            let section = Path::root().key(kind.section());
            for (address, resource) in self.entries(document.get(kind.section()), &section) {
                self.held_addresses(kind, &address, resource, &mut found);
                found.insert(address, kind);
            }
        }
        // They are all found again, with the values.
        self.known.clear();
        self.out = Resolved::default();
        found
    }

    fn held_addresses(&mut self, holder: Kind, at: &Path, entry: &Value, found: &mut Addresses) {
        for kind in holder.held() {
            let section = at.key(kind.section());
            let Some(value) = entry.get(kind.section()) else { continue };
            let entries = match kind.form() {
                Form::ByKey => self.entries(Some(value), &section),
                Form::One | Form::List => vec![(section, value)],
            };
            for (address, entry) in entries {
                self.held_addresses(kind, &address, entry, found);
                found.insert(address, kind);
            }
        }
    }

    fn entries<'v>(&mut self, section: Option<&'v Value>, at: &Path) -> Vec<(Path, &'v Value)> {
        let entries = section.and_then(Value::as_object).into_iter().flatten();
        entries.map(|(key, value)| (at.key(self.key(key, at, Scope::Early)), value)).collect()
    }
}

/// A text from outside, as the type that is asked for where it stands.
fn typed(value: Value, schema: Option<&Value>) -> Value {
    let types = schema.map(shape::types).unwrap_or_default();
    let Value::String(text) = &value else { return value };
    if types.is_empty() || types.contains(&"string") {
        return value;
    }
    let word = text.trim();
    if types.contains(&"boolean") && (word == "true" || word == "false") {
        return Value::Bool(word == "true");
    }
    let (whole, number) = (types.contains(&"integer"), types.contains(&"number"));
    match (word.parse::<i64>(), word.parse::<f64>()) {
        (Ok(parsed), _) if whole || number => parsed.into(),
        (_, Ok(parsed)) if number => parsed.into(),
        _ => value,
    }
}

/// An environment that is not looked into: its references stand for themselves.
fn unfilled(value: &Value) -> Value {
    match value {
        Value::String(text) if text.contains("${") => Filled::unusable().value,
        Value::Array(items) => items.iter().map(unfilled).collect(),
        Value::Object(map) => map.iter().map(|(key, value)| (key.clone(), unfilled(value))).collect(),
        other => other.clone(),
    }
}

/// Whether a property takes texts, and no other scalar.
fn takes_only_text(schema: Option<&Value>) -> bool {
    let types = schema.map(shape::types).unwrap_or_default();
    types.contains(&"string") && !types.iter().any(|name| ["boolean", "integer", "number"].contains(name))
}

/// A text for people: references as they are written.
#[must_use]
pub fn shown(text: &str) -> String {
    reference::substitute_text(text, &|reference| {
        Some(match reference.0.segments() {
            [Segment::Key(source), Segment::Key(name)] if source == "env" || source == "file" => {
                format!("${{{source}:{name}}}")
            }
            _ => format!("${{{}}}", reference.0),
        })
    })
}
