//! What a user's attributes and passwords may be in a pool.

use serde_json::{Map, Value};

use super::super::super::refusal::Refusal;
use super::super::super::state::UserPool;
use super::super::world::text;

/// Whether a pool's schema has an attribute.
pub(super) fn is_known(pool: &UserPool, name: &str) -> bool {
    find(pool, name).is_some()
}

fn find<'a>(pool: &'a UserPool, name: &str) -> Option<&'a Value> {
    let schema = pool.body.get("SchemaAttributes").and_then(Value::as_array);
    schema.into_iter().flatten().find(|attribute| text(attribute, "Name") == name)
}

/// Whether attributes are in the schema, with values of their types.
pub(super) fn check(pool: &UserPool, attributes: &Map<String, Value>) -> Result<(), Refusal> {
    for (name, value) in attributes {
        let value = value.as_str().unwrap_or_default();
        let attribute = find(pool, name).ok_or_else(|| unfit(name, "Attribute does not exist in the schema."))?;
        match (name.as_str(), text(attribute, "AttributeDataType")) {
            ("sub" | "identities", _) => return Err(unfit(name, "The attribute cannot be set.")),
            ("email", _) if !is_email(value) => return Err(Refusal::invalid("Invalid email address format.")),
            ("phone_number", _) if !is_phone(value) => return Err(Refusal::invalid("Invalid phone number format.")),
            (_, "Boolean") if !["true", "false"].contains(&value) => {
                return Err(unfit(name, "The value is not a Boolean."));
            }
            (_, "Number") => check_range(name, attribute, "NumberAttributeConstraints", "Value", value.parse().ok())?,
            (_, "String") => {
                let length = i64::try_from(value.chars().count()).ok();
                check_range(name, attribute, "StringAttributeConstraints", "Length", length)?;
            }
            _ => {}
        }
    }
    Ok(())
}

/// Whether a number is between the bounds that the schema sets, which are texts there.
fn check_range(name: &str, attribute: &Value, kind: &str, what: &str, number: Option<i64>) -> Result<(), Refusal> {
    let number = number.ok_or_else(|| unfit(name, "The value is not a Number."))?;
    let bound = |end: &str| text(attribute.get(kind)?, &format!("{end}{what}")).parse::<i64>().ok();
    if bound("Min").is_some_and(|least| number < least) || bound("Max").is_some_and(|most| number > most) {
        return Err(unfit(name, &format!("{what} of the attribute is out of range.")));
    }
    Ok(())
}

fn unfit(name: &str, why: &str) -> Refusal {
    Refusal::invalid(format!("Attributes did not conform to the schema: {name}: {why}"))
}

/// Whether a text can be an address.
pub(super) fn is_email(text: &str) -> bool {
    text.split_once('@').is_some_and(|(who, host)| {
        !who.is_empty() && !host.is_empty() && !host.contains('@') && !text.contains(char::is_whitespace)
    })
}

/// Whether a text is a number as the telephone network has it: a plus sign and up to 15 digits.
pub(super) fn is_phone(text: &str) -> bool {
    let digits = text.strip_prefix('+').unwrap_or_default();
    (1..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a password is as the pool's policy wants it.
pub(super) fn check_password(pool: &UserPool, password: Option<&str>) -> Result<(), Refusal> {
    let policy = pool.body.get("Policies").and_then(|policies| policies.get("PasswordPolicy"));
    let (Some(password), Some(policy)) = (password, policy) else { return Ok(()) };
    let least = policy.get("MinimumLength").and_then(Value::as_u64).and_then(|least| usize::try_from(least).ok());
    if least.is_some_and(|least| password.chars().count() < least) {
        return Err(weak("Password not long enough"));
    }
    let symbol = |character: char| character.is_ascii_punctuation() || character == ' ';
    let classes = [
        ("RequireUppercase", password.chars().any(char::is_uppercase), "Password must have uppercase characters"),
        ("RequireLowercase", password.chars().any(char::is_lowercase), "Password must have lowercase characters"),
        ("RequireNumbers", password.chars().any(char::is_numeric), "Password must have numeric characters"),
        ("RequireSymbols", password.chars().any(symbol), "Password must have symbol characters"),
    ];
    let lacks = |member: &str, has: bool| !has && policy.get(member).and_then(Value::as_bool).unwrap_or_default();
    match classes.iter().find(|(member, has, _)| lacks(member, *has)) {
        Some((_, _, why)) => Err(weak(why)),
        None => Ok(()),
    }
}

fn weak(why: &str) -> Refusal {
    Refusal::of("InvalidPasswordException", format!("Password did not conform with policy: {why}"))
}
