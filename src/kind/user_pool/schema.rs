//! The attributes of a pool's users. In the file a custom attribute is called `custom:NAME`, as
//! AWS calls it wherever it is used; only the calls that make one want the bare NAME. The canonical
//! form leaves out `sub` and the `identities` that AWS adds. It keeps standard attributes that are as
//! AWS makes them: a file may declare one so, and the pool that is there may have it otherwise.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What the names of custom attributes start with.
pub const CUSTOM: &str = "custom:";

/// The attribute that AWS adds to pools for users of identity providers.
pub(super) const IDENTITIES: &str = "identities";

/// An attribute of users.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(deny_unknown_fields)]
pub struct SchemaAttribute {
    /// A standard attribute, such as `email`, or one of your own as `custom:NAME`, NAME having 1 to 20 characters.
    #[schemars(
        length(min = 1),
        regex(pattern = r"^[^\s\x00-\x1f\x7f]+$"),
        extend("x-pattern-help" = "no spaces and no control characters")
    )]
    pub name: String,
    /// The type of its values. A standard attribute has its own. Default for custom ones: String.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attribute_data_type: Option<AttributeDataType>,
    /// Whether only administrators see and change it. Older than the `readAttributes` and `writeAttributes` of clients,
    /// which do this better. Default: false.
    #[serde(default)]
    pub developer_only_attribute: bool,
    /// Whether its value can change once the user exists. What an identity provider is mapped to must be mutable.
    /// Default: true.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mutable: Option<bool>,
    /// Whether a user must have a value. Only standard attributes can be required. Default: false.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub required: Option<bool>,
    /// How long a text may be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub string_attribute_constraints: Option<StringAttributeConstraints>,
    /// How great a number may be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number_attribute_constraints: Option<NumberAttributeConstraints>,
}

/// The type of an attribute's values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum AttributeDataType {
    /// Text.
    String,
    /// A number.
    Number,
    /// A date and time.
    DateTime,
    /// True or false.
    Boolean,
}

/// How long a text may be, in characters.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(deny_unknown_fields)]
pub struct StringAttributeConstraints {
    /// The least length.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_length: Option<Bound>,
    /// The greatest length, at most 2048.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_length: Option<Bound>,
}

/// How great a number may be.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(deny_unknown_fields)]
pub struct NumberAttributeConstraints {
    /// The least value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_value: Option<Bound>,
    /// The greatest value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_value: Option<Bound>,
}

/// A whole number, which the API writes as a text. A file may have either.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(from = "Value", into = "String")]
pub struct Bound(String);

impl Bound {
    /// Its size, for comparisons: these may be far beyond what integers hold.
    pub(super) fn size(&self) -> Option<f64> {
        self.0.parse().ok()
    }
}

impl From<Value> for Bound {
    fn from(value: Value) -> Self {
        match value {
            Value::String(text) => Self(text),
            other => Self(other.to_string()),
        }
    }
}

impl From<Bound> for String {
    fn from(bound: Bound) -> Self {
        bound.0
    }
}

impl JsonSchema for Bound {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Bound".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"anyOf": [
            {"type": "integer"},
            {"type": "string", "pattern": "^-?[0-9]+$", "x-pattern-help": "a whole number"},
        ]})
    }
}

/// A standard attribute as AWS makes it.
pub(super) struct Standard {
    pub(super) name: &'static str,
    pub(super) data_type: AttributeDataType,
    /// The least length or value.
    least: Option<&'static str>,
    /// The greatest length.
    greatest: Option<&'static str>,
}

/// The attributes that every user pool has.
pub const STANDARD_ATTRIBUTES: [&str; 20] = [
    "address",
    "birthdate",
    "email",
    "email_verified",
    "family_name",
    "gender",
    "given_name",
    "locale",
    "middle_name",
    "name",
    "nickname",
    "phone_number",
    "phone_number_verified",
    "picture",
    "preferred_username",
    "profile",
    "sub",
    "updated_at",
    "website",
    "zoneinfo",
];

/// The standard attribute of this name.
pub(super) fn standard(name: &str) -> Option<Standard> {
    use AttributeDataType::{Boolean, Number, String};
    let name = STANDARD_ATTRIBUTES.into_iter().find(|standard| *standard == name)?;
    let (data_type, least, greatest) = match name {
        "birthdate" => (String, Some("10"), Some("10")),
        "sub" => (String, Some("1"), Some("2048")),
        "updated_at" => (Number, Some("0"), None),
        "email_verified" | "phone_number_verified" => (Boolean, None, None),
        _ => (String, Some("0"), Some("2048")),
    };
    Some(Standard { name, data_type, least, greatest })
}

impl Standard {
    /// Whether it is the one attribute that every user has from the start, for good.
    fn is_sub(&self) -> bool {
        self.name == "sub"
    }

    fn strings(&self) -> StringAttributeConstraints {
        StringAttributeConstraints { min_length: bound(self.least), max_length: bound(self.greatest) }
    }

    fn numbers(&self) -> NumberAttributeConstraints {
        NumberAttributeConstraints { min_value: bound(self.least), max_value: bound(self.greatest) }
    }
}

fn bound(text: Option<&str>) -> Option<Bound> {
    text.map(|text| Bound(text.to_owned()))
}

/// The name as the file has it, of one that AWS gives or that was written without its prefix.
fn canonical_name(name: &str) -> String {
    if standard(name).is_some() || name == IDENTITIES {
        return name.to_owned();
    }
    let name = name.strip_prefix("dev:").unwrap_or(name);
    format!("{CUSTOM}{}", name.strip_prefix(CUSTOM).unwrap_or(name))
}

/// The canonical form of a list of attributes.
pub(super) fn normalize(attributes: &mut Vec<SchemaAttribute>) {
    for attribute in attributes.iter_mut() {
        attribute.normalize();
    }
    attributes.retain(|attribute| !attribute.is_sub_as_made() && attribute.name != IDENTITIES);
    attributes.sort_by(|a, b| a.name.cmp(&b.name));
}

impl SchemaAttribute {
    /// Whether this is the canonical form of `sub` where nobody has touched it.
    fn is_sub_as_made(&self) -> bool {
        let Some(standard) = standard(&self.name).filter(Standard::is_sub) else { return false };
        *self
            == Self {
                name: self.name.clone(),
                attribute_data_type: Some(standard.data_type),
                developer_only_attribute: false,
                mutable: Some(false),
                required: Some(true),
                string_attribute_constraints: None,
                number_attribute_constraints: None,
            }
    }

    fn normalize(&mut self) {
        self.name = canonical_name(&self.name);
        let standard = standard(&self.name);
        let is_sub = standard.as_ref().is_some_and(Standard::is_sub);
        let data_type = standard.as_ref().map_or(AttributeDataType::String, |standard| standard.data_type);
        self.attribute_data_type.get_or_insert(data_type);
        self.mutable.get_or_insert(!is_sub);
        self.required.get_or_insert(is_sub);
        // What AWS puts on a standard attribute by itself says no more than nothing does, and of two
        // bounds it puts the one that is not given.
        let (strings, numbers) = standard.map(|standard| (standard.strings(), standard.numbers())).unwrap_or_default();
        self.string_attribute_constraints = self
            .string_attribute_constraints
            .take()
            .map(|given| StringAttributeConstraints {
                min_length: given.min_length.or_else(|| strings.min_length.clone()),
                max_length: given.max_length.or_else(|| strings.max_length.clone()),
            })
            .filter(|given| *given != StringAttributeConstraints::default() && *given != strings);
        self.number_attribute_constraints = self
            .number_attribute_constraints
            .take()
            .map(|given| NumberAttributeConstraints {
                min_value: given.min_value.or_else(|| numbers.min_value.clone()),
                max_value: given.max_value.or_else(|| numbers.max_value.clone()),
            })
            .filter(|given| *given != NumberAttributeConstraints::default() && *given != numbers);
    }
}
