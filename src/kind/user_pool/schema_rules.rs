//! AWS's rules for the attributes of a pool's users.

use std::collections::BTreeSet;

use super::schema::{AttributeDataType, Bound, CUSTOM, IDENTITIES, SchemaAttribute, standard};
use crate::diagnostic::Findings;
use crate::path::Path;

/// How many custom attributes a pool can have.
const MOST_CUSTOM: usize = 50;

/// The longest name of a custom attribute, without its prefix.
const LONGEST_NAME: usize = 20;

/// The longest text that an attribute can hold.
const LONGEST_TEXT: f64 = 2048.0;

/// Checks the declared attributes.
pub(super) fn check(attributes: &[SchemaAttribute], findings: &mut Findings) {
    let list = Path::root().key("schema");
    let mut seen = BTreeSet::new();
    for (position, attribute) in attributes.iter().enumerate() {
        let at = list.index(position);
        if !seen.insert(&attribute.name) {
            let message = format!("the attribute `{}` is given twice", attribute.name);
            findings.rule_at(&[at.key("name")], message, None);
        }
        name(attribute, &at, findings);
        kind(attribute, &at, findings);
        bounds(attribute, &at, findings);
    }
    let custom = attributes.iter().filter(|attribute| attribute.name.starts_with(CUSTOM)).count();
    if custom > MOST_CUSTOM {
        let message = format!("a pool can have {MOST_CUSTOM} custom attributes, and here are {custom}");
        findings.rule_at(&[list], message, None);
    }
}

fn name(attribute: &SchemaAttribute, at: &Path, findings: &mut Findings) {
    let name = attribute.name.as_str();
    let at = at.key("name");
    if let Some(bare) = name.strip_prefix(CUSTOM) {
        let length = bare.chars().count();
        if let Some(name) = bare.strip_prefix(CUSTOM) {
            let message = format!("`{CUSTOM}` stands twice in `{CUSTOM}{bare}`");
            findings.rule_at(&[at], message, Some(format!("write {CUSTOM}{name}")));
        } else if length == 0 || length > LONGEST_NAME {
            let message = format!("behind `{CUSTOM}` stand 1 to {LONGEST_NAME} characters, and `{bare}` has {length}");
            findings.rule_at(&[at], message, None);
        }
    } else if name == IDENTITIES {
        let message = format!("`{IDENTITIES}` is an attribute that Cognito makes by itself");
        findings.rule_at(&[at], message, Some("leave it out".to_owned()));
    } else if standard(name).is_none() {
        let bare = name.strip_prefix("dev:").unwrap_or(name);
        let bare = bare.strip_prefix(CUSTOM).unwrap_or(bare);
        let message = format!("`{name}` is no standard attribute; custom attributes are written {CUSTOM}NAME");
        findings.rule_at(&[at], message, Some(format!("write {CUSTOM}{bare}")));
    }
}

fn kind(attribute: &SchemaAttribute, at: &Path, findings: &mut Findings) {
    let standard = standard(&attribute.name);
    let (type_at, name_at) = (at.key("attributeDataType"), at.key("name"));
    if let (Some(standard), Some(declared)) = (&standard, attribute.attribute_data_type)
        && standard.data_type != declared
    {
        let message = format!("the type of the standard attribute `{}` is {:?}", standard.name, standard.data_type);
        findings.rule_at(&[type_at.clone(), name_at.clone()], message, Some("leave attributeDataType out".to_owned()));
    }
    if standard.is_none() && attribute.required == Some(true) {
        let message = "a custom attribute cannot be required";
        findings.rule_at(&[at.key("required"), name_at.clone()], message, Some("leave required out".to_owned()));
    }
    if attribute.name == "sub" && attribute.mutable == Some(true) {
        let message = "`sub` cannot be mutable: it is who the user is";
        findings.rule_at(&[at.key("mutable"), name_at.clone()], message, Some("leave mutable out".to_owned()));
    }
    let of_standard = standard.map(|standard| standard.data_type);
    let data_type = of_standard.or(attribute.attribute_data_type).unwrap_or(AttributeDataType::String);
    let mut fits = |key: &str, given: bool, wanted: AttributeDataType| {
        if given && data_type != wanted {
            let message = format!("`{key}` is for the type {wanted:?}, and this attribute's is {data_type:?}");
            findings.rule_at(&[at.key(key), type_at.clone(), name_at.clone()], message, None);
        }
    };
    fits("stringAttributeConstraints", attribute.string_attribute_constraints.is_some(), AttributeDataType::String);
    fits("numberAttributeConstraints", attribute.number_attribute_constraints.is_some(), AttributeDataType::Number);
}

fn bounds(attribute: &SchemaAttribute, at: &Path, findings: &mut Findings) {
    if let Some(strings) = &attribute.string_attribute_constraints {
        let at = at.key("stringAttributeConstraints");
        let (least, greatest) = (at.key("minLength"), at.key("maxLength"));
        for (path, length) in [(&least, &strings.min_length), (&greatest, &strings.max_length)] {
            if length.as_ref().and_then(Bound::size).is_some_and(|size| !(0.0..=LONGEST_TEXT).contains(&size)) {
                let message = format!("a length of text is 0 to {LONGEST_TEXT} characters");
                findings.rule_at(std::slice::from_ref(path), message, None);
            }
        }
        in_order(strings.min_length.as_ref(), strings.max_length.as_ref(), &[least, greatest], findings);
    }
    if let Some(numbers) = &attribute.number_attribute_constraints {
        let at = at.key("numberAttributeConstraints");
        let paths = [at.key("minValue"), at.key("maxValue")];
        in_order(numbers.min_value.as_ref(), numbers.max_value.as_ref(), &paths, findings);
    }
}

fn in_order(least: Option<&Bound>, greatest: Option<&Bound>, paths: &[Path; 2], findings: &mut Findings) {
    let (Some(least), Some(greatest)) = (least.and_then(Bound::size), greatest.and_then(Bound::size)) else { return };
    if least > greatest {
        findings.rule_at(paths, format!("the least, {least}, is more than the greatest, {greatest}"), None);
    }
}
