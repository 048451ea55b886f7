//! One schema, a value that is right and one that is wrong; and what must not be said.

use serde_json::json;

use crate::stack::secret;

use super::*;

fn messages(schema: &Value, value: &Value) -> Vec<String> {
    let report = check(schema, value, &[]);
    report.findings.into_iter().map(|finding| format!("{}: {}", finding.path, finding.message)).collect()
}

#[test]
fn each_keyword_has_its_word_to_say() {
    let text = |words: Value| {
        let mut schema = json!({"type": "string"});
        schema.as_object_mut().unwrap().extend(words.as_object().unwrap().clone());
        schema
    };
    for (schema, right, wrong, message) in [
        (json!({"type": "integer"}), json!(1), json!("1"), "`a` must be a whole number, not a text"),
        (json!({"type": "integer"}), json!(1), json!(1.0), "`a` must be a whole number, not a number"),
        (json!({"type": "number"}), json!(1), json!(true), "`a` must be a number, not `true` or `false`"),
        (json!({"type": "string"}), json!("1"), json!(null), "`a` has no value"),
        (json!({"minimum": 1, "maximum": 3}), json!(3), json!(4), "must be 1 to 3, not 4"),
        (json!({"minimum": 1}), json!(1), json!(0), "must be 1 or more, not 0"),
        (json!({"exclusiveMaximum": 1}), json!(0), json!(1), "must be less than 1"),
        (text(json!({"maxLength": 3})), json!("äöü"), json!("äöüß"), "may have at most 3 characters, and has 4"),
        (text(json!({"minLength": 1})), json!("a"), json!(""), "must not be empty"),
        (text(json!({"pattern": "^a"})), json!("ab"), json!("ba"), "`ba` does not have the form `^a`"),
        (json!({"enum": ["x", "y"]}), json!("x"), json!("z"), "must be one of `x`, `y`, not `z`"),
        (
            json!({"oneOf": [{"const": "x", "description": "X"}, {"const": "y"}]}),
            json!("y"),
            json!("z"),
            "must be one of `x`, `y`, not `z`",
        ),
        (json!({"uniqueItems": true}), json!([1, 2]), json!([1, 1]), "`1` is listed twice"),
        (json!({"minItems": 1}), json!([1]), json!([]), "must have at least 1 item, and has 0"),
        (json!({"x-empty": "error"}), json!([1]), json!([]), "must not be empty: AWS would read"),
        (json!({"maxProperties": 1}), json!({"b": 1}), json!({"b": 1, "c": 1}), "may have at most 1 entry"),
        (json!({"required": ["b"]}), json!({"b": 1}), json!({}), "`b` is missing"),
        (json!({"propertyNames": {"pattern": "^b"}}), json!({"b": 1}), json!({"c": 1}), "the key `c` does not have"),
        (
            json!({"patternProperties": {"^x-": {"type": "string"}}, "additionalProperties": false}),
            json!({"x-a": "1"}),
            json!({"y-a": "1"}),
            "unknown key `y-a`",
        ),
        (json!({"additionalProperties": {"type": "string"}}), json!({"b": "1"}), json!({"b": 1}), "`b` must be a text"),
        (
            json!({"anyOf": [{"type": "string"}, {"type": "object", "required": ["b"]}]}),
            json!("text"),
            json!({}),
            "`b` is missing",
        ),
    ] {
        let schema = json!({"properties": {"a": schema}});
        assert_eq!(messages(&schema, &json!({"a": right})), Vec::<String>::new(), "{schema}");
        let found = messages(&schema, &json!({"a": wrong}));
        assert!(found.len() == 1 && found[0].contains(message), "{schema}: {found:?}");
    }
}

#[test]
fn what_is_not_known_yet_stands_for_any_scalar() {
    let open = reference::Reference(Path::root().key("var").key("x")).embed();
    for schema in [json!({"type": "integer"}), json!({"type": "boolean"}), json!({"enum": ["a"]})] {
        assert_eq!(messages(&schema, &json!(open)), Vec::<String>::new());
    }
    assert_eq!(messages(&json!({"type": "array"}), &json!(open)).len(), 1);
}

#[test]
fn secrets_are_named_and_never_quoted() {
    let schema = json!({"properties": {
        "secret": {"type": "string", "x-secret": true, "pattern": "^x"},
        "map": {"x-secret": true, "additionalProperties": {"enum": ["a", "b"]}},
    }, "additionalProperties": false});
    let value = json!({"secret": "geheim", "map": {"inner": "geheim"}, "secrt": "geheim"});
    let secrets = secret::paths(&schema, &value, &[]);
    let report = check(&schema, &value, &secrets);
    assert_eq!(report.findings.len(), 3);
    assert!(report.findings.iter().all(|finding| !finding.message.contains("geheim")), "{report:?}");
    let paths: Vec<String> = secrets.iter().map(ToString::to_string).collect();
    assert_eq!(paths, ["secret", "map", "secrt"]);
}

#[test]
fn keywords_that_are_not_heeded_are_listed() {
    let schema = json!({"properties": {"a": {"not": {}, "multipleOf": 2}}, "items": {"pattern": "(?=x)"}});
    assert_eq!(
        unsupported(&schema),
        ["#/properties/a/not", "#/properties/a/multipleOf", "#/items/pattern: unreadable pattern"]
    );
}
