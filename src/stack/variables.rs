//! The variables of a file and their values: what `--var` says, then `POOLKEEPER_VAR_NAME`, then
//! the environment of the file, then the default.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{Inputs, suggest};
use crate::error::Error;
use crate::path::Path;

/// What a file says of a variable.
#[derive(Clone)]
pub struct Variable {
    /// Whether its value must never be shown.
    pub secret: bool,
    /// The value that the file gives, as it is written, and where it stands.
    pub written: Option<(Value, Path)>,
    /// Where it is declared.
    pub declared_at: Path,
}

/// The variables that a file declares, with the values that an environment gives them.
#[must_use]
pub fn declared(document: &Value, environment: Option<&str>) -> BTreeMap<String, Variable> {
    let section = Path::root().key("variables");
    let own = document.get("variables").and_then(Value::as_object).into_iter().flatten();
    let mut variables: BTreeMap<String, Variable> = own
        .map(|(name, value)| {
            let declared_at = section.key(name);
            let variable = match value {
                Value::Object(map) => Variable {
                    secret: is_secret(value),
                    written: map.get("default").map(|value| (value.clone(), declared_at.key("default"))),
                    declared_at,
                },
                scalar => Variable { secret: false, written: Some((scalar.clone(), declared_at.clone())), declared_at },
            };
            (name.clone(), variable)
        })
        .collect();
    let environment = environment.and_then(|name| {
        let values = document.get("environments")?.get(name)?.get("variables")?.as_object()?;
        Some((Path::root().key("environments").key(name).key("variables"), values))
    });
    if let Some((at, values)) = environment {
        for (name, value) in values {
            if let Some(variable) = variables.get_mut(name) {
                variable.written = Some((value.clone(), at.key(name)));
            }
        }
    }
    variables
}

/// What is wrong with `--env` where none of the environments which the stacks of a run declare is
/// called so.
#[must_use]
pub fn unknown_environment<'a>(declared: impl IntoIterator<Item = &'a str>, inputs: &Inputs) -> Option<Error> {
    let name = inputs.environment.as_ref()?;
    let declared: Vec<&str> = declared.into_iter().collect();
    if declared.contains(&name.as_str()) {
        return None;
    }
    let error = Error::refused(format!("no stack has the environment `{name}` that --env says"));
    Some(match suggest::help(name, declared) {
        Some(help) => error.with_help(help),
        None => error,
    })
}

/// Whether the value of a variable, as it is declared, must never be shown. Where the declaration
/// has a fault, all but a plain `secret: false` is taken for a secret.
#[must_use]
pub fn is_secret(declared: &Value) -> bool {
    match declared {
        Value::Object(words) => match words.get("secret") {
            Some(Value::Bool(secret)) => *secret,
            Some(_) => true,
            None => is_faulty(declared),
        },
        Value::Array(_) => true,
        _ => false,
    }
}

/// Whether the declaration of a variable says what no variable can be.
#[must_use]
pub fn is_faulty(declared: &Value) -> bool {
    declared.is_array()
        || declared.as_object().into_iter().flatten().any(|(word, value)| match word.as_str() {
            "secret" => !value.is_boolean(),
            "description" => !value.is_string(),
            "default" => value.is_array() || value.is_object(),
            _ => true,
        })
}

/// The `--var`s that none of the variables which the stacks of a run declare is called by.
#[must_use]
pub fn undeclared<'a>(declared: impl IntoIterator<Item = &'a str>, inputs: &Inputs) -> Vec<Error> {
    let declared: Vec<&str> = declared.into_iter().collect();
    let unknown = inputs.variables.keys().filter(|name| !declared.contains(&name.as_str()));
    unknown
        .map(|name| {
            let error = Error::refused(format!("no stack declares the variable `{name}` that --var gives"));
            match suggest::help(name, declared.iter().copied()) {
                Some(help) => error.with_help(help),
                None => error,
            }
        })
        .collect()
}
