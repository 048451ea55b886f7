//! How a function is named: by name, ARN or a part of one, with a version or alias behind it or beside it.

use serde_json::Value;

use super::super::super::refusal::Refusal;
use super::super::world::{World, text};
use super::{invalid, missing};

/// A function's name, and the version or alias that is meant.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Named {
    pub(super) name: String,
    pub(super) qualifier: Option<String>,
}

impl Named {
    /// The ARN, without a qualifier.
    pub(super) fn arn(&self, world: &World<'_>) -> String {
        world.arn("lambda", &format!("function:{}", self.name))
    }

    /// The ARN, with the qualifier if there is one.
    pub(super) fn qualified(&self, world: &World<'_>) -> String {
        let arn = self.arn(world);
        self.qualifier.as_ref().map_or_else(|| arn.clone(), |qualifier| format!("{arn}:{qualifier}"))
    }

    /// The same function, at a version or alias.
    pub(super) fn at(&self, qualifier: &str) -> Self {
        Self { name: self.name.clone(), qualifier: Some(qualifier.to_owned()) }
    }
}

/// What the members `FunctionName` and `Qualifier` name.
pub(super) fn named(world: &World<'_>, input: &Value) -> Result<Named, Refusal> {
    let mut named = parse(world, text(input, "FunctionName"))?;
    let beside = input.get("Qualifier").and_then(Value::as_str).filter(|qualifier| !qualifier.is_empty());
    match (&named.qualifier, beside) {
        (Some(own), Some(beside)) if own != beside => {
            Err(invalid("The derived qualifier from the function name does not match the specified qualifier."))
        }
        (None, Some(beside)) => {
            named.qualifier = Some(beside.to_owned());
            Ok(named)
        }
        _ => Ok(named),
    }
}

/// What a name or ARN names.
pub(super) fn parse(world: &World<'_>, given: &str) -> Result<Named, Refusal> {
    let parts: Vec<&str> = given.split(':').collect();
    let (region, account, rest) = match parts.as_slice() {
        ["arn", _, "lambda", region, account, "function", rest @ ..] => (Some(*region), Some(*account), rest),
        [account, "function", rest @ ..] => (None, Some(*account), rest),
        ["function", rest @ ..] if !rest.is_empty() => (None, None, rest),
        rest => (None, None, rest),
    };
    let (name, qualifier) = match rest {
        [name] => (*name, None),
        [name, qualifier] if !qualifier.is_empty() => (*name, Some((*qualifier).to_owned())),
        _ => return Err(invalid(format!("{given} is not a valid function name or ARN."))),
    };
    let own = &world.call.region;
    if let Some(region) = region.filter(|region| region != own) {
        return Err(missing(format!("Functions from '{region}' are not reachable in this region ('{own}')")));
    }
    if account.is_some_and(|account| account != world.call.account) {
        return Err(Refusal::new(
            403,
            "AccessDeniedException",
            format!("User is not authorized to perform: lambda:{} on resource: {given}", world.call.operation),
        ));
    }
    if name.is_empty() {
        return Err(invalid(format!("{given} is not a valid function name or ARN.")));
    }
    Ok(Named { name: name.to_owned(), qualifier })
}
