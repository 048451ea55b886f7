//! The schemas of all kinds: in the form that editors and the checker want.

use serde_json::{Value, json};

use crate::kind::Kind;
use crate::kind::user_pool::MFA_PROPERTIES;

#[test]
fn the_schema_is_what_editors_and_the_checker_want() {
    fn walk(schema: &Value, at: &str) {
        if let Value::Object(map) = schema {
            assert!(!map.contains_key("$ref"), "{at}");
            assert!(map.get("default").is_none_or(|default| !default.is_null()), "{at}");
            assert!(map.contains_key("pattern") == map.contains_key("x-pattern-help"), "{at}");
            let pattern = map.get("pattern").and_then(Value::as_str);
            assert!(pattern.is_none_or(|pattern| regex::Regex::new(pattern).is_ok()), "{at}");
            for (name, property) in map.get("properties").and_then(Value::as_object).into_iter().flatten() {
                assert!(property.get("description").is_some(), "{at}.{name} is described");
                walk(property, &format!("{at}.{name}"));
            }
            for key in ["items", "additionalProperties"] {
                walk(map.get(key).unwrap_or(&Value::Null), &format!("{at}.{key}"));
            }
            for option in ["anyOf", "oneOf"].iter().filter_map(|key| map.get(*key)?.as_array()).flatten() {
                walk(option, &format!("{at}|"));
            }
        }
    }
    for kind in Kind::ALL {
        walk(kind.schema(), kind.section());
        assert!(!kind.schema().to_string().contains("\"null\""), "{kind:?}");
    }
    let schema = Kind::UserPool.schema();
    for name in MFA_PROPERTIES {
        assert!(schema["properties"].get(name).is_some(), "{name}");
    }
    let password = &schema["properties"]["policies"]["properties"]["passwordPolicy"];
    assert_eq!(
        password["required"],
        json!(["requireLowercase", "requireUppercase", "requireNumbers", "requireSymbols"])
    );
}
