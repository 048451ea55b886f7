//! The attributes of a pool's users: the standard ones, which every pool has, and the pool's own,
//! which can be added and never be changed or taken away.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::super::refusal::Refusal;
use super::super::state::Body;
use super::world::{World, text};

/// How many attributes of its own a pool can have.
const MOST: usize = 50;

/// The standard attributes, in the order in which a new pool's answer has them.
const STANDARD: &[&str] = &[
    "sub",
    "name",
    "given_name",
    "family_name",
    "middle_name",
    "nickname",
    "preferred_username",
    "profile",
    "picture",
    "website",
    "email",
    "email_verified",
    "gender",
    "birthdate",
    "zoneinfo",
    "locale",
    "phone_number",
    "phone_number_verified",
    "address",
    "updated_at",
];

/// The order in which a Describe has them; the pool's own come before `locale`.
const DESCRIBED: &[&str] = &[
    "profile",
    "address",
    "birthdate",
    "gender",
    "preferred_username",
    "updated_at",
    "website",
    "picture",
    "identities",
    "sub",
    "phone_number",
    "phone_number_verified",
    "zoneinfo",
    "",
    "locale",
    "email",
    "email_verified",
    "given_name",
    "family_name",
    "middle_name",
    "name",
    "nickname",
];

/// `AddCustomAttributes`.
pub(super) fn add_custom_attributes(world: &mut World<'_>, input: &Value) -> Result<Value, Refusal> {
    let date = world.date();
    let pool = world.pool()?;
    let mut all = list(pool.body.get("SchemaAttributes")).to_vec();
    for asked in list(input.get("CustomAttributes")) {
        let attribute = custom(asked)?;
        add(&mut all, attribute)?;
    }
    few(&all)?;
    pool.body.insert("SchemaAttributes".to_owned(), Value::Array(all));
    pool.body.insert("LastModifiedDate".to_owned(), date);
    Ok(json!({}))
}

/// The attributes of a pool that is made with a schema.
pub(super) fn of_new_pool(schema: Option<&Value>) -> Result<Vec<Value>, Refusal> {
    let mut all: Vec<Value> = STANDARD.iter().map(|name| Value::Object(standard(name))).collect();
    let mut declared = BTreeSet::new();
    for asked in list(schema) {
        let name = text(asked, "Name");
        if !STANDARD.contains(&name) {
            add(&mut all, custom(asked)?)?;
            continue;
        }
        if !declared.insert(name) {
            return Err(Refusal::invalid(format!("{name}: Existing attribute already has name {name}.")));
        }
        let declared = declared_standard(name, asked)?;
        if let Some(own) = all.iter_mut().find(|own| text(own, "Name") == name) {
            *own = declared;
        }
    }
    few(&all)?;
    Ok(all)
}

/// The attributes as a Describe shows them: with the one that AWS keeps for identity providers, and
/// in an order of its own.
pub(super) fn described(all: &[Value]) -> Vec<Value> {
    let own = |attribute: &&Value| !DESCRIBED.contains(&text(attribute, "Name"));
    let mut shown = Vec::new();
    for name in DESCRIBED {
        match *name {
            "" => {
                let mut customs: Vec<&Value> = all.iter().filter(own).collect();
                customs.sort_by_key(|attribute| text(attribute, "Name"));
                shown.extend(customs.into_iter().cloned());
            }
            "identities" => {
                let mut identities = plain("identities", "String");
                identities.insert("StringAttributeConstraints".to_owned(), json!({}));
                shown.push(Value::Object(identities));
            }
            name => shown.extend(all.iter().find(|attribute| text(attribute, "Name") == name).cloned()),
        }
    }
    shown
}

fn add(all: &mut Vec<Value>, attribute: Value) -> Result<(), Refusal> {
    let name = text(&attribute, "Name");
    if all.iter().any(|own| text(own, "Name") == name) {
        return Err(Refusal::invalid(format!("{name}: Existing attribute already has name {name}.")));
    }
    all.push(attribute);
    Ok(())
}

fn few(all: &[Value]) -> Result<(), Refusal> {
    if all.iter().filter(|attribute| !DESCRIBED.contains(&text(attribute, "Name"))).count() > MOST {
        return Err(Refusal::invalid(format!("A user pool can have at most {MOST} custom attributes.")));
    }
    Ok(())
}

fn plain(name: &str, data_type: &str) -> Body {
    let mut body = Map::new();
    body.insert("Name".to_owned(), json!(name));
    body.insert("AttributeDataType".to_owned(), json!(data_type));
    body.insert("DeveloperOnlyAttribute".to_owned(), json!(false));
    body.insert("Mutable".to_owned(), json!(true));
    body.insert("Required".to_owned(), json!(false));
    body
}

/// A standard attribute that nothing was said about.
fn standard(name: &str) -> Body {
    let mut body = match name {
        "updated_at" => plain(name, "Number"),
        "email_verified" | "phone_number_verified" => plain(name, "Boolean"),
        _ => plain(name, "String"),
    };
    match name {
        "email_verified" | "phone_number_verified" => {}
        "updated_at" => {
            body.insert("NumberAttributeConstraints".to_owned(), json!({"MinValue": "0"}));
        }
        _ => {
            let (least, most) = match name {
                "sub" => ("1", "2048"),
                "birthdate" => ("10", "10"),
                _ => ("0", "2048"),
            };
            let constraints = json!({"MinLength": least, "MaxLength": most});
            body.insert("StringAttributeConstraints".to_owned(), constraints);
        }
    }
    if name == "sub" {
        body.insert("Mutable".to_owned(), json!(false));
        body.insert("Required".to_owned(), json!(true));
    }
    body
}

/// A standard attribute as the schema of a new pool has it.
fn declared_standard(name: &str, asked: &Value) -> Result<Value, Refusal> {
    let mut body = standard(name);
    let data_type = asked.get("AttributeDataType").and_then(Value::as_str);
    let other_type = data_type.is_some_and(|asked| body.get("AttributeDataType") != Some(&json!(asked)));
    if other_type || flag(asked, "DeveloperOnlyAttribute") == Some(true) {
        return Err(Refusal::invalid(format!(
            "You can not change AttributeDataType or set developerOnlyAttribute for standard schema attribute {name}"
        )));
    }
    constraints(name, &body, asked)?;
    for member in ["Mutable", "Required", "StringAttributeConstraints", "NumberAttributeConstraints"] {
        match (asked.get(member), body.get_mut(member)) {
            (Some(Value::Object(asked)), Some(Value::Object(own))) => own.extend(asked.clone()),
            (Some(asked), _) if !asked.is_null() => {
                body.insert(member.to_owned(), asked.clone());
            }
            _ => {}
        }
    }
    Ok(Value::Object(body))
}

/// An attribute of the pool's own.
fn custom(asked: &Value) -> Result<Value, Refusal> {
    let developer_only = flag(asked, "DeveloperOnlyAttribute").unwrap_or_default();
    let prefix = if developer_only { "dev:custom:" } else { "custom:" };
    let name = format!("{prefix}{}", text(asked, "Name"));
    let Some(data_type) = asked.get("AttributeDataType").and_then(Value::as_str) else {
        return Err(Refusal::invalid(
            "Invalid AttributeDataType input, consider using the provided AttributeDataType enum.",
        ));
    };
    if flag(asked, "Required") == Some(true) {
        return Err(Refusal::invalid("Required custom attributes are not supported currently."));
    }
    let mut body = plain(&name, data_type);
    body.insert("DeveloperOnlyAttribute".to_owned(), json!(developer_only));
    body.insert("Mutable".to_owned(), json!(flag(asked, "Mutable").unwrap_or_default()));
    constraints(&name, &body, asked)?;
    let member = match data_type {
        "String" => "StringAttributeConstraints",
        "Number" => "NumberAttributeConstraints",
        _ => return Ok(Value::Object(body)),
    };
    let given = asked.get(member).filter(|given| given.is_object()).cloned();
    body.insert(member.to_owned(), given.unwrap_or_else(|| json!({})));
    Ok(Value::Object(body))
}

fn flag(value: &Value, member: &str) -> Option<bool> {
    value.get(member)?.as_bool()
}

/// Whether the bounds of an attribute are numbers, in order, and fit its type.
fn constraints(name: &str, body: &Body, asked: &Value) -> Result<(), Refusal> {
    let data_type = body.get("AttributeDataType").and_then(Value::as_str).unwrap_or_default();
    let kinds = [
        ("String", "StringAttributeConstraints", "MinLength", "MaxLength"),
        ("Number", "NumberAttributeConstraints", "MinValue", "MaxValue"),
    ];
    for (own_type, member, least, most) in kinds {
        let Some(given) = asked.get(member).filter(|given| given.is_object()) else { continue };
        let invalid = |what: &str| Err(Refusal::invalid(format!("{name}: {what}")));
        if own_type != data_type {
            return invalid(&format!("{member} are not allowed for an attribute of type {data_type}."));
        }
        let bound = |member: &str| match given.get(member).and_then(Value::as_str) {
            None => Ok(None),
            Some(text) => text.trim().parse::<f64>().map(Some),
        };
        let (Ok(low), Ok(high)) = (bound(least), bound(most)) else {
            return invalid(&format!("{least} and {most} must be numbers."));
        };
        if own_type == "String" && [low, high].into_iter().flatten().any(|bound| !(0.0..=2048.0).contains(&bound)) {
            return invalid(&format!("{least} and {most} must be between 0 and 2048."));
        }
        if low.zip(high).is_some_and(|(low, high)| low > high) {
            return invalid(&format!("{least} must not be greater than {most}."));
        }
    }
    Ok(())
}

fn list(value: Option<&Value>) -> &[Value] {
    value.and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

pub(super) const UNCONFIRMED: &[&str] = &[
    "A Describe shows the attribute `identities` in every pool; the answer to a creation does not.",
    "A custom attribute that does not say whether it is mutable is not.",
    "A custom attribute for developers only is shown as `dev:custom:NAME`.",
    "Bounds of another type than the attribute's are refused, and so are bounds that are no numbers or not in order.",
];
