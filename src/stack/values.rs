//! Fills in what `${…}` stands for. Variables, environment variables and files are read now; what
//! is known only once something exists or the account has been asked stays open, as a
//! [`Reference`]. A reference that means nothing is a finding, and stays open too, so that nothing
//! else complains about it.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::{Map, Value};

use super::attributes::{self, Addresses};
use super::template::{self, Piece};
use super::variables::Variable;
use super::{Inputs, shape, suggest};
use crate::diagnostic::{Finding, Part};
use crate::kind::Kind;
use crate::path::Path;
use crate::reference::{self, Reference};

/// Gives the text of a file by its path, relative to the stack file, or why it cannot be read.
pub type Files<'a> = &'a dyn Fn(&str) -> Result<String, String>;

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
    /// The files that the file names.
    pub files: Files<'a>,
}

/// What came of filling in.
#[derive(Default)]
pub struct Resolved {
    /// The file's values.
    pub value: Value,
    /// What is wrong.
    pub findings: Vec<Finding>,
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
#[derive(Clone)]
struct Filled {
    value: Value,
    /// Whether it came as text from outside the file, so that it has no type of its own.
    outside: bool,
    secret: bool,
}

impl Filled {
    fn open(name: Path) -> Self {
        Self { value: Reference(name).embed().into(), outside: false, secret: false }
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
        match value {
            Value::String(text) if text.contains("${") => {
                let filled = self.text(text, at, Part::Value, scope);
                if filled.secret {
                    self.out.secrets.push(at.clone());
                }
                if filled.outside { typed(filled.value, schema) } else { filled.value }
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

    fn key(&mut self, key: &str, at: &Path, scope: Scope) -> String {
        if !key.contains("${") {
            return key.to_owned();
        }
        let filled = self.text(key, &at.key(key), Part::Key, scope);
        let name = plain(&filled.value);
        let inside = at.key(&name);
        if filled.secret {
            let finding = Finding::new(inside.clone(), "a key must not come from a secret source");
            self.out.findings.push(finding.at_key());
        }
        self.out.renamed.insert(inside, key.to_owned());
        name
    }

    /// Fills in a text; what is wrong with it is a finding at `at`.
    fn text(&mut self, text: &str, at: &Path, part: Part, scope: Scope) -> Filled {
        let pieces = match template::parse(text) {
            Ok(pieces) => pieces,
            Err(rest) => {
                let start: String = rest.chars().take(40).collect();
                let help = "close it with `}`; a plain `${` is written `$${`".to_owned();
                return self.unusable(at, part, (format!("`{start}` is not closed"), Some(help)));
            }
        };
        if let [Piece::Reference(inside)] = pieces.as_slice() {
            return self.reference(inside, at, part, scope);
        }
        let mut whole = Filled { value: Value::Null, outside: false, secret: false };
        let mut text = String::new();
        for piece in &pieces {
            match piece {
                Piece::Text(plain) => text.push_str(plain),
                Piece::Reference(inside) => {
                    let filled = self.reference(inside, at, part, scope);
                    whole.secret |= filled.secret;
                    text.push_str(&plain(&filled.value));
                }
            }
        }
        whole.value = text.into();
        whole
    }

    fn unusable(&mut self, at: &Path, part: Part, (message, help): (String, Option<String>)) -> Filled {
        self.out.findings.push(Finding { path: at.clone(), part, message, help });
        Filled::unusable()
    }

    fn reference(&mut self, inside: &str, at: &Path, part: Part, scope: Scope) -> Filled {
        let nested;
        let inside = if inside.contains("${") {
            nested = self.text(inside, at, part, Scope::Early);
            if reference::is_open(&nested.value) {
                return Filled::unusable();
            }
            &plain(&nested.value)
        } else {
            inside
        };
        let filled = self.named(inside, scope);
        filled.unwrap_or_else(|fault| self.unusable(at, part, fault))
    }

    fn named(&mut self, inside: &str, scope: Scope) -> Result<Filled, (String, Option<String>)> {
        let inputs = self.context.inputs;
        if let Some((form, name)) = inside.split_once(':').filter(|(form, _)| is_word(form)) {
            return match form {
                "env" => match inputs.process.get(name) {
                    Some(text) => outside_text(text, inside),
                    None if inputs.lenient => Ok(Filled::open(Path::root().key("env").key(name))),
                    None => Err((format!("the environment variable `{name}` is not set"), None)),
                },
                "file" => match (self.context.files)(name) {
                    Ok(text) => outside_text(&text, inside),
                    Err(why) => Err((format!("the file `{name}` cannot be read: {why}"), None)),
                },
                "ssm" | "secretsmanager" => {
                    let help = "use a variable with `secret: true`, or `${env:NAME}`".to_owned();
                    Err((format!("`${{{form}:…}}` is not supported yet"), Some(help)))
                }
                _ => Err(unknown_form(inside)),
            };
        }
        let path: Path = inside.parse().map_err(|_| unknown_form(inside))?;
        let words: Vec<&str> = inside.split('.').collect();
        match words.as_slice() {
            ["var", name] => self.context.variables.contains_key(*name).then(|| self.variable(name)).ok_or_else(|| {
                let names = self.context.variables.keys().map(String::as_str);
                (format!("there is no variable `{name}`"), suggest::help(name, names))
            }),
            ["stack", "name"] => Ok(known(self.context.stack)),
            ["stack", "environment"] => match self.context.environment {
                Some(name) => Ok(known(name)),
                None if inputs.lenient => Ok(Filled::open(path)),
                None => Err(("`${stack.environment}` has no value: this file has no environments".to_owned(), None)),
            },
            ["aws", "region" | "account" | "partition"] if scope != Scope::Early => Ok(Filled::open(path)),
            ["aws", "region" | "account" | "partition"] => Err(too_early(inside)),
            [section, ..] if is_root_section(section.split('[').next().unwrap_or_default()) => {
                let secret = attributes::check(&path, &self.declared)?;
                if scope != Scope::Resource {
                    return Err(too_early(inside));
                }
                Ok(Filled { secret, ..Filled::open(path) })
            }
            _ => Err(unknown_form(inside)),
        }
    }

    /// A declared variable's value. What is wrong with it is found once, where it is declared.
    fn variable(&mut self, name: &str) -> Filled {
        if let Some(filled) = self.known.get(name) {
            return filled.clone();
        }
        let Some(variable) = self.context.variables.get(name) else { return Filled::unusable() };
        if let Some(start) = self.open.iter().position(|open| open == name) {
            let mut way: Vec<String> = self.open[start..].iter().map(|name| format!("`{name}`")).collect();
            way.push(format!("`{name}`"));
            let at = variable.written.as_ref().map_or(&variable.declared_at, |(_, at)| at).clone();
            return self.unusable(&at, Part::Value, (format!("variables go in a circle: {}", way.join(" → ")), None));
        }
        self.open.push(name.to_owned());
        let inputs = self.context.inputs;
        let outside = inputs.variables.get(name).or_else(|| inputs.process.get(&format!("POOLKEEPER_VAR_{name}")));
        let mut filled = match (outside, &variable.written) {
            (Some(text), _) => {
                outside_text(text, name).unwrap_or_else(|fault| self.unusable(&variable.declared_at, Part::Key, fault))
            }
            (None, Some((Value::String(text), at))) if text.contains("${") => {
                self.text(text, at, Part::Value, Scope::Early)
            }
            // What is wrong with the form of a default the checker says.
            (None, Some((Value::Null | Value::Array(_) | Value::Object(_), _))) => Filled::unusable(),
            (None, Some((value, _))) => Filled { value: value.clone(), outside: false, secret: false },
            (None, None) if inputs.lenient => Filled::open(Path::root().key("var").key(name)),
            (None, None) => {
                let help = format!("--var {name}=…, or the environment variable POOLKEEPER_VAR_{name}");
                let fault = (format!("the variable `{name}` has no value"), Some(help));
                self.unusable(&variable.declared_at, Part::Key, fault)
            }
        };
        self.open.pop();
        filled.secret |= variable.secret;
        if filled.secret && !reference::is_open(&filled.value) {
            let text = plain(&filled.value);
            if !text.is_empty() {
                self.out.secret_texts.insert(text);
            }
        }
        self.known.insert(name.to_owned(), filled.clone());
        filled
    }

    /// What the file declares. Keys may hold variables; what is wrong with those is found later.
    fn addresses(&mut self, document: &Value) -> Addresses {
        let mut found = Addresses::new();
        for kind in Kind::ALL.iter().copied().filter(|kind| kind.parent().is_none()) {
            let section = Path::root().key(kind.section());
            for (address, resource) in self.entries(document.get(kind.section()), &section) {
                for child in kind.children() {
                    let section = address.key(child.section());
                    let children = self.entries(resource.get(child.section()), &section);
                    found.extend(children.into_iter().map(|(address, _)| (address, child)));
                }
                found.insert(address, kind);
            }
        }
        // They are all found again, with the values.
        self.known.clear();
        self.out = Resolved::default();
        found
    }

    fn entries<'v>(&mut self, section: Option<&'v Value>, at: &Path) -> Vec<(Path, &'v Value)> {
        let entries = section.and_then(Value::as_object).into_iter().flatten();
        entries.map(|(key, value)| (at.key(self.key(key, at, Scope::Early)), value)).collect()
    }
}

fn known(text: &str) -> Filled {
    Filled { value: text.into(), outside: false, secret: false }
}

fn outside_text(text: &str, name: &str) -> Result<Filled, (String, Option<String>)> {
    if reference::has_reserved(text) {
        return Err((format!("`{name}` holds the character U+FDD0 or U+FDD1, which no text may hold"), None));
    }
    Ok(Filled { value: text.into(), outside: true, secret: false })
}

fn too_early(inside: &str) -> (String, Option<String>) {
    (
        format!("`${{{inside}}}` is not known yet where it stands here"),
        Some("write it out, or use a variable".to_owned()),
    )
}

fn unknown_form(inside: &str) -> (String, Option<String>) {
    let start: String = inside.chars().take(60).collect();
    let help = "references are `${var.NAME}`, `${env:NAME}`, `${file:PATH}`, `${stack.name}`, `${stack.environment}`, \
        `${aws.region}`, `${aws.account}`, `${aws.partition}` and `${ADDRESS.ATTRIBUTE}`; a plain `${` is written `$${`";
    (format!("`${{{start}}}` is not a reference"), Some(help.to_owned()))
}

fn is_word(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphabetic())
}

fn is_root_section(word: &str) -> bool {
    Kind::of_section(word).is_some_and(|kind| kind.parent().is_none())
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

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// A text for people: references as they are written.
#[must_use]
pub fn shown(text: &str) -> String {
    reference::substitute_text(text, &|reference| {
        let name = reference.0.to_string();
        Some(match name.strip_prefix("env.") {
            Some(name) => format!("${{env:{name}}}"),
            None => format!("${{{name}}}"),
        })
    })
}
