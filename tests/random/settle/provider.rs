//! What goes together in identity providers: what they map is there and can be written, and what a
//! user must have is mapped.

use serde_json::{Value, json};

use super::each;

/// Makes a pool's providers go together with its attributes.
pub(super) fn settle(pool: &mut Value) {
    let schema: Vec<Value> = pool.get("schema").and_then(Value::as_array).cloned().unwrap_or_default();
    let named = |name: &str| schema.iter().find(|attribute| attribute.get("name") == Some(&json!(name)));
    let is = |attribute: &Value, property: &str, wanted: bool| attribute.get(property) == Some(&json!(wanted));
    let required: Vec<&str> = schema
        .iter()
        .filter(|attribute| is(attribute, "required", true))
        .filter_map(|attribute| attribute.get("name")?.as_str())
        .collect();
    for provider in each(pool, "identityProviders") {
        if let Some(mapping) = provider.get_mut("attributeMapping").and_then(Value::as_object_mut) {
            mapping.retain(|target, _| match named(target) {
                Some(attribute) => !is(attribute, "mutable", false) && !is(attribute, "developerOnlyAttribute", true),
                None => !target.starts_with("custom:"),
            });
        }
        for name in &required {
            if provider.pointer("/attributeMapping").and_then(|mapping| mapping.get(name)).is_none() {
                provider["attributeMapping"][*name] = json!(name);
            }
        }
    }
}
