//! The filter of a listing of users: one attribute that is a text, or begins with it.

use serde_json::Value;

use super::super::super::refusal::Refusal;
use super::super::super::state::Body;
use super::attribute;

/// What can be looked for.
const SEARCHABLE: [&str; 10] = [
    "username",
    "email",
    "phone_number",
    "name",
    "given_name",
    "family_name",
    "preferred_username",
    "cognito:user_status",
    "status",
    "sub",
];

/// A filter.
pub(super) struct Filter<'a> {
    name: &'a str,
    value: String,
    begins: bool,
}

impl Filter<'_> {
    /// Whether a user is looked for.
    pub(super) fn fits(&self, user: &Body) -> bool {
        let member = |name: &str| user.get(name).and_then(Value::as_str).unwrap_or_default();
        let own = match self.name {
            "username" => member("Username"),
            "cognito:user_status" => member("UserStatus"),
            "status" if user.get("Enabled") == Some(&Value::Bool(true)) => "Enabled",
            "status" => "Disabled",
            name => attribute(user, name),
        };
        if self.begins { own.starts_with(&self.value) } else { own == self.value }
    }
}

/// Reads `name = "value"` or `name ^= "value"`. An empty text filters nothing.
pub(super) fn parse(text: &str) -> Result<Option<Filter<'_>>, Refusal> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let (left, right) = text.split_once('=').ok_or_else(invalid)?;
    let (name, begins) = left.strip_suffix('^').map_or((left, false), |name| (name, true));
    let name = name.trim().trim_matches('"');
    let value = right.trim().strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).ok_or_else(invalid)?;
    let value = value.replace("\\\"", "\u{0}");
    if value.contains('"') {
        return Err(invalid());
    }
    if !SEARCHABLE.contains(&name) {
        return Err(Refusal::invalid(format!("The attribute {name} cannot be searched for.")));
    }
    Ok(Some(Filter { name, value: value.replace('\u{0}', "\""), begins }))
}

fn invalid() -> Refusal {
    Refusal::invalid("Error while parsing filter.")
}
