//! The kinds of text that several properties of a pool, and of what belongs to it, take, as schemas: ARNs, message texts with
//! their placeholders, subjects. AWS counts characters, as JSON Schema does.

use schemars::{Schema, SchemaGenerator, json_schema};
use serde_json::Value;

pub(super) use crate::kind::arn::any as arn;

/// What AWS takes in an email, as a class of characters: of spaces and controls the plain ones alone, and
/// nothing that is not to be seen.
const EMAIL: &str = r"[^\x00-\x08\x0e-\x1f\x7f-\xa0\xad\u1680\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff]";

/// What AWS takes in an SMS, as a class of characters: one line.
const SMS: &str = r"[^\n\r\x85\u2028\u2029]";

/// A message that carries a code by SMS.
pub(super) fn sms_with_code(_: &mut SchemaGenerator) -> Schema {
    message(140, &around(SMS, r"\{####\}"), "a text of one line with {####}, where the code goes")
}

/// A message that carries a code by email. AWS takes the placeholder of a link in its place too.
pub(super) fn email_with_code(_: &mut SchemaGenerator) -> Schema {
    message(20_000, &around(EMAIL, r"(\{####\}|\{##[\s\S]*##\})"), "a text with {####}, where the code goes")
}

/// A message that carries a link by email.
pub(super) fn email_with_link(_: &mut SchemaGenerator) -> Schema {
    message(
        20_000,
        &around(EMAIL, r"\{##[\s\S]*##\}"),
        "a text with {##Click here##}, where the link goes, in words of your own",
    )
}

/// An email that carries neither.
pub(in crate::kind) fn email(_: &mut SchemaGenerator) -> Schema {
    message(20_000, &format!("^{EMAIL}*$"), "no control characters, and no spaces but plain ones")
}

/// An invitation by SMS.
pub(super) fn sms_invitation(_: &mut SchemaGenerator) -> Schema {
    message(140, r"\{username\}", "a text with {username} and {####}, the temporary password")
}

/// An invitation by email.
pub(super) fn email_invitation(_: &mut SchemaGenerator) -> Schema {
    message(20_000, &around(EMAIL, r"\{username\}"), "a text with {username} and {####}, the temporary password")
}

/// The subject of an email.
pub(in crate::kind) fn subject(_: &mut SchemaGenerator) -> Schema {
    json_schema!({
        "type": "string",
        "minLength": 1,
        "maxLength": 140,
        "pattern": format!("^{EMAIL}+$"),
        "x-pattern-help": "no control characters, and no spaces but plain ones",
    })
}

/// The pattern of a text of such characters that holds a placeholder.
fn around(characters: &str, placeholder: &str) -> String {
    format!("^{characters}*{placeholder}{characters}*$")
}

fn message(longest: u32, pattern: &str, help: &str) -> Schema {
    json_schema!({"type": "string", "minLength": 6, "maxLength": longest, "pattern": pattern, "x-pattern-help": help})
}

/// Takes the `default` from properties that must be given: what the type holds where a value is
/// not known yet is no offer to the user.
pub(in crate::kind) fn required_have_no_default(schema: &mut Schema) {
    let required: Vec<String> =
        schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(text).collect();
    let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) else { return };
    for name in required {
        if let Some(Value::Object(property)) = properties.get_mut(&name) {
            property.remove("default");
        }
    }
}

fn text(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}
