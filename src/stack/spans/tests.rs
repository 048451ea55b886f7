//! The text at a place is what the value says; what explodes or nests without end is refused.

use proptest::prelude::*;
use serde_json::Value;

use super::*;

fn any_value() -> impl Strategy<Value = Value> {
    let scalar = prop_oneof![
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        "[ -~äö😀]{0,12}".prop_map(Value::from),
        Just(Value::from("two\nlines")),
    ];
    let key = "[a-z:#. ä]{1,6}";
    scalar.prop_recursive(5, 40, 5, move |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            proptest::collection::btree_map(key, inner, 0..5).prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

/// Each scalar with its path, and each key's path.
fn entries(value: &Value, at: &Path, found: &mut Vec<(Path, Value)>) {
    match value {
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(index, item)| entries(item, &at.index(index), found));
        }
        Value::Object(map) => map.iter().for_each(|(key, item)| entries(item, &at.key(key), found)),
        scalar => found.push((at.clone(), scalar.clone())),
    }
}

proptest! {
    #[test]
    fn the_text_at_each_place_is_what_the_value_says(value in any_value()) {
        let text = serde_yaml::to_string(&value).unwrap();
        let (map, duplicates) = read(&text).unwrap();
        prop_assert_eq!(duplicates, Vec::new());
        let mut found = Vec::new();
        entries(&value, &Path::root(), &mut found);
        for (path, scalar) in found {
            let place = map.place(&path).unwrap();
            let slice = &text[place.value.clone()];
            if scalar.as_str().is_none_or(|text| !text.contains('\n')) {
                prop_assert_eq!(serde_yaml::from_str::<Value>(slice).unwrap(), scalar, "{} in\n{}", path, text);
            }
            if let Some(key) = path.last_key() {
                let slice = &text[place.key.unwrap()];
                prop_assert_eq!(serde_yaml::from_str::<String>(slice).unwrap(), key);
            }
        }
    }
}

#[test]
fn what_comes_through_an_alias_or_a_merge_is_marked_where_it_is_said() {
    let text = "x-a: &a {one: 1, two: 2}\nx-b: &b\n  <<: *a\n  two: zwei\nc:\n  <<: [*b, *a]\nd: *b\n";
    let (map, _) = read(text).unwrap();
    for (path, said) in [("c.one", "1"), ("c.two", "zwei"), ("d.one", "1"), ("x-b.two", "zwei")] {
        let place = map.place(&path.parse().unwrap()).unwrap();
        assert_eq!(&text[place.value], said, "{path}");
    }
    assert_eq!(map.place(&"c.three".parse().unwrap()), None);
}

#[test]
fn a_block_text_ends_where_its_text_ends() {
    let text = "a: |\n  one\n  two\n\nb: 1\n";
    let (map, _) = read(text).unwrap();
    assert_eq!(&text[map.place(&Path::root().key("a")).unwrap().value], "one\n  two");
}

#[test]
fn only_line_feeds_and_carriage_returns_end_lines() {
    let text = "a: x\u{85}y\nb: \"x\u{85}\"\nc: x\u{85}\nd: |\n  x\u{85}\ne: 1\n";
    let (map, _) = read(text).unwrap();
    for (key, said) in [("a", "x\u{85}y"), ("b", "\"x\u{85}\""), ("c", "x\u{85}"), ("d", "x\u{85}"), ("e", "1")] {
        assert_eq!(&text[map.place(&Path::root().key(key)).unwrap().value], said, "{key}");
    }
}

#[test]
fn aliases_may_repeat_but_not_explode() {
    let few = "x: &x [1, 2]\na: [*x, *x, *x]\n";
    assert!(read(few).is_ok());
    let chain: Vec<String> = (1..60).map(|step| format!("x{step}: &x{step} {{a: {{b: *x{}}}}}", step - 1)).collect();
    let fault = read(&format!("x0: &x0 []\n{}", chain.join("\n"))).unwrap_err();
    assert!(fault.message.contains("nests deeper"), "{}", fault.message);
}
