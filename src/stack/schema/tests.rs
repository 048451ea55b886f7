use super::*;
use crate::stack::check;

#[test]
fn the_checker_heeds_every_keyword_of_the_schema() {
    assert_eq!(check::unsupported(stack_schema()), Vec::<String>::new());
    for kind in Kind::ALL {
        assert_eq!(check::unsupported(kind.schema()), Vec::<String>::new(), "{kind:?}");
    }
}

/// Editors read patterns with Python's or JavaScript's means, which lack some of Rust's.
#[test]
fn editors_can_read_every_pattern() {
    let text = published().to_string();
    for foreign in ["\\\\p{", "\\\\P{", "\\\\x{", "(?i", "(?s", "(?x", "[[:", "&&"] {
        assert!(!text.contains(foreign), "{foreign} is in a pattern");
    }
}

#[test]
fn schema_json_is_the_published_schema() {
    let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("schema.json");
    let text = format!("{:#}\n", published());
    if std::env::var_os("UPDATE_SCHEMA").is_some() {
        std::fs::write(&file, text).expect("schema.json can be written");
    } else {
        let found = std::fs::read_to_string(&file).expect("schema.json is there");
        assert!(found == text, "schema.json is not what the types say: run the tests with UPDATE_SCHEMA=1");
    }
}

#[test]
fn every_scalar_of_the_published_schema_takes_a_reference() {
    let published = published();
    let found = check::check(
        &published,
        &json!({
            "stack": "${var.name}",
            "account": "${var.account}",
            "outputs": {"a": "${userPools.x.id}"},
            "userPools": {"x": {"unmanaged": "${var.unmanaged}", "id": "${var.id}", "domains": {"${var.d}": {}}}},
            "x-anchors": [1],
        }),
        &[],
    );
    assert_eq!(found.findings, Vec::new());
    let found = check::check(&published, &json!({"stack": "Not a name"}), &[]);
    assert_eq!(found.findings.len(), 1);
}
