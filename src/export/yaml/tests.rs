//! What is written reads back: by the tool's own loader, which reads a text twice, by two readers.

use std::collections::BTreeMap;
use std::path::Path as FilePath;

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::{Around, Document};
use crate::export::literal;
use crate::path::Path;
use crate::stack::load::load_text;
use crate::stack::{Inputs, document};

fn render(value: &Value) -> String {
    Document { value: value.clone(), ..Document::default() }.render()
}

/// Texts that readers of YAML are known to stumble over, and any others.
fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just(" ".to_owned()),
        Just("\n".to_owned()),
        Just("\r\n".to_owned()),
        Just("\t".to_owned()),
        Just("${".to_owned()),
        Just("$$${".to_owned()),
        Just("}".to_owned()),
        Just(": ".to_owned()),
        Just(" #".to_owned()),
        Just("'".to_owned()),
        Just("\"".to_owned()),
        Just("\\".to_owned()),
        Just("- ".to_owned()),
        Just("---\n".to_owned()),
        Just("\u{feff}".to_owned()),
        Just("\u{85}".to_owned()),
        Just("\u{2028}".to_owned()),
        Just("\u{0}".to_owned()),
        Just("a word".to_owned()),
        Just("<p>Hello, {username}</p>".to_owned()),
        Just("🦀".to_owned()),
        "[a-z0-9:,?!&*%@`|>\\[\\]{}-]{1,6}",
    ];
    prop_oneof![
        any::<String>(),
        proptest::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat()),
        proptest::sample::select(vec![
            "",
            "~",
            "null",
            "yes",
            "No",
            "on",
            "y",
            "true",
            "1",
            "-1",
            "0x1f",
            "0o7",
            "1_000",
            "1e3",
            ".5",
            "1.",
            ".inf",
            "-.INF",
            ".NaN",
            "2024-01-02",
            "2024-01-02T03:04:05Z",
            "12:30:45",
            "=",
            "<<",
            "!",
            "- a",
            "? a",
            "a: b",
            "a:",
            ":a",
            "#a",
            "a #b",
            "@a",
            "`a",
            "%a",
            "*a",
            "&a",
            "|",
            ">",
            "[",
            "{",
            "}",
            "]",
            ",",
            "a, b",
            "123456789012",
            "arn:aws:iam::123456789012:role/x",
            "0123",
            "+1",
            "+1 555",
            "${",
            "$${",
            "a\n",
            "\na",
            "a\n\n",
            " a\nb",
            "\ta\nb",
            "a \nb",
            "a\n b\n",
            "...",
            "---",
            "a\n---\nb",
            "a\n...\n",
            "infinity",
            "NaN",
        ])
        .prop_map(str::to_owned),
    ]
    .prop_map(|text: String| text.replace(['\u{fdd0}', '\u{fdd1}'], "x"))
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![4 => text().prop_map(Value::String), 1 => any::<bool>().prop_map(Value::Bool), 1 => any::<i32>().prop_map(Value::from)];
    leaf.prop_recursive(4, 24, 5, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..5).prop_map(Value::Array),
            proptest::collection::vec((text().prop_filter("it merges maps", |key| key != "<<"), inner), 0..5)
                .prop_map(|entries| Value::Object(entries.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_value_reads_back_as_written(value in value()) {
        let value = json!({"top": value});
        let text = render(&value);
        let (read, findings) = document::read(&text).map_err(|error| TestCaseError::fail(format!("{}\n{text}", error.message)))?;
        prop_assert_eq!(&read, &value, "{}", text);
        prop_assert_eq!(findings.len(), 0);
    }

    #[test]
    fn any_text_reaches_a_stack_as_it_is(texts in proptest::collection::vec(text(), 1..6)) {
        let outputs: BTreeMap<String, String> =
            texts.iter().enumerate().map(|(at, text)| (format!("o{at}"), literal(text))).collect();
        let written = render(&json!({"stack": "shop", "x-notes": {"list": [texts.iter().map(|text| literal(text)).collect::<Vec<_>>()]}, "outputs": outputs}));
        let loaded = load_text(FilePath::new("s.yaml"), &written, &Inputs::default(), &|_| Err(String::new()));
        let stack = match loaded.stack {
            Ok(stack) => stack,
            Err(found) => return Err(TestCaseError::fail(format!("{found:?}\n{written}"))),
        };
        let read: Vec<&str> = stack.outputs.iter().filter_map(|output| output.value.as_str()).collect();
        prop_assert_eq!(read, texts, "{}", written);
    }
}

#[test]
fn it_reads_as_if_a_person_had_written_it() {
    let value = json!({
        "stack": "shop",
        "account": "123456789012",
        "list": ["openid", "email"],
        "schema": [{"name": "email", "required": true}, {"name": "custom:x", "numberAttributeConstraints": {"minValue": 1}}],
        "policy": {"minimumLength": 12, "requireSymbols": false},
        "message": "Hello {username},\n\nyour code is {####}.\n",
        "windows": "Hello {username},\r\n  your code is {####}.\r\n",
        "long": "A line that goes on and on, and is broken where there is a space, so that nobody has to scroll to the side to read all that it has to say.",
        "quoted": "say \"{####}\"",
        "reference": "${userPools.main.id}",
        "arns": ["arn:aws:iam::123456789012:oidc-provider/a.example.com", "arn:aws:iam::123456789012:oidc-provider/b.example.com"],
        "apart": {"a": {"b": 1}},
        "empty": {},
    });
    let mut document =
        Document { head: vec!["one".into(), String::new(), "two\nthree".into()], value, ..Document::default() };
    let path = Path::root().key("apart");
    *document.around(&path) = Around { apart: true, by_line: true, comments: vec!["why".into()] };
    insta::assert_snapshot!(document.render(), @r#"
    # one
    #
    # two three
    stack: shop
    account: "123456789012"
    list: [openid, email]
    schema:
      - {name: email, required: true}
      - {name: custom:x, numberAttributeConstraints: {minValue: 1}}
    policy: {minimumLength: 12, requireSymbols: false}
    message: |
      Hello {username},

      your code is {####}.
    windows: "Hello {username},\r\n  your code is {####}.\r\n"
    long: >-
      A line that goes on and on, and is broken where there is a space, so that nobody has to scroll to
      the side to read all that it has to say.
    quoted: say "{####}"
    reference: ${userPools.main.id}
    arns:
      - arn:aws:iam::123456789012:oidc-provider/a.example.com
      - arn:aws:iam::123456789012:oidc-provider/b.example.com

    # why
    apart:
      a: {b: 1}
    empty: {}
    "#);
}
