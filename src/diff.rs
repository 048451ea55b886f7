//! The difference of two specs, as a list of changes by path, each with what AWS makes of it.
//!
//! Both sides are canonical ([`crate::kind::Kind::canonical`]), so what AWS treats as the same is
//! equal already. Before they are compared, what is not to be compared is copied from live into
//! what is wanted ([`fill`]): where only declared parts count, and at `ignoreChanges` paths. So the
//! difference, the update's body and the check after it all see one and the same wanted value.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use crate::path::{Path, Segment};
use crate::plan::Change;

/// What AWS makes of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rule {
    /// It can be made.
    InPlace,
    /// The property can only be set when the resource is created.
    CreateOnly,
}

/// One difference, and what AWS makes of it.
#[derive(Clone, PartialEq)]
pub struct Difference {
    /// The difference.
    pub change: Change,
    /// What AWS makes of it.
    pub rule: Rule,
}

/// What to show and what to hide of a value, and where a change of it leads.
#[derive(Clone, Copy)]
struct Context<'a> {
    schema: &'a Value,
    secrets: &'a [Path],
    rule: Option<&'a str>,
    secret: bool,
    /// Whether lists that are not there at all are told item by item, as in a change, or as a whole,
    /// as in a create.
    by_item: bool,
}

impl<'a> Context<'a> {
    fn inside(self, schema: Option<&'a Value>) -> Self {
        let schema = schema.unwrap_or(&Value::Null);
        Self {
            schema,
            rule: keyword(schema, "x-change").or(self.rule),
            secret: self.secret || schema.get("x-secret") == Some(&Value::Bool(true)),
            ..self
        }
    }

    fn property(self, key: &str) -> Self {
        let property = self.schema.get("properties").and_then(|properties| properties.get(key));
        self.inside(property.or_else(|| self.schema.get("additionalProperties")))
    }

    fn item(self) -> Self {
        self.inside(self.schema.get("items"))
    }

    fn hides(self, path: &Path) -> bool {
        self.secret || self.secrets.iter().any(|secret| secret.starts_with(path) || path.starts_with(secret))
    }
}

fn keyword<'a>(schema: &'a Value, name: &str) -> Option<&'a str> {
    schema.get(name).and_then(Value::as_str)
}

/// The differences from `live` to `wanted`, by the kind's schema. `secrets` are the paths in
/// `wanted` of values that come from a secret source.
#[must_use]
pub fn diff(live: &Value, wanted: &Value, schema: &Value, secrets: &[Path]) -> Vec<Difference> {
    differences(live, wanted, Context { schema, secrets, rule: None, secret: false, by_item: true })
}

fn differences(live: &Value, wanted: &Value, context: Context) -> Vec<Difference> {
    let mut found = Vec::new();
    compare(Some(live), Some(wanted), &Path::root(), context.inside(Some(context.schema)), &mut found);
    found
}

/// A declared value as the changes that its create makes: every leaf, with nothing live.
#[must_use]
pub fn all_of(declared: &Value, schema: &Value, secrets: &[Path]) -> Vec<Change> {
    diff(&Value::Object(Map::new()), declared, schema, secrets)
        .into_iter()
        .map(|difference| difference.change)
        .collect()
}

fn compare(live: Option<&Value>, wanted: Option<&Value>, at: &Path, context: Context, found: &mut Vec<Difference>) {
    if live == wanted || keyword(context.schema, "x-compare") == Some("never") {
        return;
    }
    let nothing = Value::Object(Map::new());
    match (live, wanted) {
        (Some(Value::Object(live)), Some(Value::Object(wanted))) => {
            let mut keys: Vec<&String> = wanted.keys().collect();
            keys.extend(live.keys().filter(|key| !wanted.contains_key(*key)));
            for key in keys {
                compare(live.get(key), wanted.get(key), &at.key(key), context.property(key), found);
            }
        }
        (None, Some(Value::Object(wanted))) if !wanted.is_empty() => {
            compare(Some(&nothing), Some(&Value::Object(wanted.clone())), at, context, found);
        }
        (Some(Value::Object(live)), None) if !live.is_empty() => {
            compare(Some(&Value::Object(live.clone())), Some(&nothing), at, context, found);
        }
        (Some(Value::Array(live)), Some(Value::Array(wanted))) if keys_of(context.schema).is_some() => {
            compare_keyed(live, wanted, at, context, found);
        }
        (None, Some(Value::Array(wanted))) if wanted.is_empty() => {}
        (Some(Value::Array(live)), None) if live.is_empty() => {}
        (None, Some(Value::Array(wanted))) if context.by_item && keys_of(context.schema).is_some() => {
            compare_keyed(&[], wanted, at, context, found);
        }
        (Some(Value::Array(live)), None) if keys_of(context.schema).is_some() => {
            compare_keyed(live, &[], at, context, found);
        }
        _ => found.push(Difference {
            change: Change {
                path: at.clone(),
                live: live.cloned(),
                declared: wanted.cloned(),
                secret: context.hides(at),
            },
            rule: match context.rule {
                Some("create-only") => Rule::CreateOnly,
                Some("set-once" | "add-only") if live.is_some() => Rule::CreateOnly,
                Some("no-removal") if wanted.is_none() => Rule::CreateOnly,
                _ => Rule::InPlace,
            },
        }),
    }
}

fn compare_keyed(live: &[Value], wanted: &[Value], at: &Path, context: Context, found: &mut Vec<Difference>) {
    let keys = keys_of(context.schema).unwrap_or_default();
    let before = by_key(live, &keys);
    let after = by_key(wanted, &keys);
    let add_only = context.rule == Some("add-only");
    for item in wanted {
        let key = key_of(item, &keys);
        let (old, inside) = (before.get(&key).copied(), at.key(&key));
        if old.is_none() {
            // A new item is shown, and added, as a whole.
            let change =
                Change { secret: context.hides(&inside), path: inside, live: None, declared: Some(item.clone()) };
            found.push(Difference { change, rule: Rule::InPlace });
        } else if !add_only || old != Some(item) {
            compare(old, Some(item), &inside, context.item(), found);
        }
    }
    for item in live {
        let key = key_of(item, &keys);
        if !after.contains_key(&key) {
            let path = at.key(&key);
            let change = Change { secret: context.hides(&path), path, live: Some(item.clone()), declared: None };
            let stays = add_only || context.rule == Some("no-removal");
            found.push(Difference { change, rule: if stays { Rule::CreateOnly } else { Rule::InPlace } });
        }
    }
}

/// The properties that tell the items of a list apart, if the schema names any.
pub(crate) fn keys_of(schema: &Value) -> Option<Vec<&str>> {
    keyword(schema, "x-key").map(|keys| keys.split(',').map(str::trim).collect())
}

/// What tells an item of a list from the others.
pub(crate) fn key_of(item: &Value, keys: &[&str]) -> String {
    let parts: Vec<String> = keys
        .iter()
        .map(|key| match item.get(key) {
            Some(Value::String(text)) => text.clone(),
            Some(other) => other.to_string(),
            None => String::new(),
        })
        .collect();
    parts.join(":")
}

fn by_key<'a>(items: &'a [Value], keys: &[&str]) -> BTreeMap<String, &'a Value> {
    items.iter().map(|item| (key_of(item, keys), item)).collect()
}

/// What is wanted, with live's values where they are not to be compared: under `x-compare:
/// declared` what the file does not say, and at the paths of `ignoreChanges`.
#[must_use]
pub fn fill(wanted: &Value, live: &Value, schema: &Value, ignore: &[Path]) -> Value {
    with_live(&fill_declared(wanted, live, schema, false), live, ignore)
}

/// The value with live's values, or their absence, at some paths.
#[must_use]
pub fn with_live(value: &Value, live: &Value, paths: &[Path]) -> Value {
    let mut filled = value.clone();
    for path in paths {
        set_at(&mut filled, path.segments(), value_at(live, path));
    }
    filled
}

fn fill_declared(wanted: &Value, live: &Value, schema: &Value, inside: bool) -> Value {
    match (wanted, live) {
        (Value::Object(wanted), Value::Object(live)) => {
            let mut filled = Map::new();
            for (key, value) in wanted {
                let schema = property_schema(schema, key);
                let partial = inside || keyword(schema, "x-compare") == Some("declared");
                let value = match live.get(key) {
                    Some(live) => fill_declared(value, live, schema, partial),
                    None => value.clone(),
                };
                filled.insert(key.clone(), value);
            }
            for (key, value) in live {
                let partial = inside || keyword(property_schema(schema, key), "x-compare") == Some("declared");
                if partial && !wanted.contains_key(key) {
                    filled.insert(key.clone(), value.clone());
                }
            }
            Value::Object(filled)
        }
        (Value::Array(wanted), Value::Array(live)) => {
            let Some(keys) = keys_of(schema) else { return Value::Array(wanted.clone()) };
            let item_schema = schema.get("items").unwrap_or(&Value::Null);
            let before = by_key(live, &keys);
            let mut filled: Vec<Value> = wanted
                .iter()
                .map(|item| match before.get(&key_of(item, &keys)) {
                    Some(live) => fill_declared(item, live, item_schema, inside),
                    None => item.clone(),
                })
                .collect();
            if inside {
                let declared = by_key(wanted, &keys);
                filled.extend(live.iter().filter(|item| !declared.contains_key(&key_of(item, &keys))).cloned());
            }
            Value::Array(filled)
        }
        _ => wanted.clone(),
    }
}

/// The schema of what stands under a key.
pub(crate) fn property_schema<'a>(schema: &'a Value, key: &str) -> &'a Value {
    schema
        .get("properties")
        .and_then(|properties| properties.get(key))
        .or_else(|| schema.get("additionalProperties"))
        .unwrap_or(&Value::Null)
}

/// A part of a spec that only counts as far as it is declared.
pub struct Partial {
    /// Where it is.
    pub path: Path,
    /// Whether the file declares anything of it.
    pub declared: bool,
    /// What live has directly in it, and whether the file declares that.
    pub inside: Vec<(Path, bool)>,
}

/// The parts under `x-compare: declared` of a live spec and a wanted one, but for those that only
/// ever grow.
#[must_use]
pub fn partials(live: &Value, wanted: &Value, schema: &Value) -> Vec<Partial> {
    let mut found = Vec::new();
    collect_partials(Some(live), Some(wanted), schema, &Path::root(), &mut found);
    found
}

fn collect_partials(live: Option<&Value>, wanted: Option<&Value>, schema: &Value, at: &Path, found: &mut Vec<Partial>) {
    let inside = |value: Option<&Value>| -> BTreeSet<String> {
        value.and_then(Value::as_object).into_iter().flatten().map(|(key, _)| key.clone()).collect()
    };
    let at_key = |value: Option<&Value>, key: &str| value.and_then(|value| value.get(key)).cloned();
    for key in inside(live).union(&inside(wanted)) {
        let (path, schema) = (at.key(key), property_schema(schema, key));
        let (live, wanted) = (at_key(live, key), at_key(wanted, key));
        if keyword(schema, "x-compare") != Some("declared") {
            collect_partials(live.as_ref(), wanted.as_ref(), schema, &path, found);
        } else if keyword(schema, "x-change") != Some("add-only") {
            let declared = inside(wanted.as_ref());
            let inside = inside(live.as_ref()).iter().map(|key| (path.key(key), declared.contains(key))).collect();
            found.push(Partial { path, declared: wanted.is_some(), inside });
        }
    }
}

/// The value at a path.
#[must_use]
pub fn value_at<'a>(value: &'a Value, path: &Path) -> Option<&'a Value> {
    path.segments().iter().try_fold(value, |value, segment| match segment {
        Segment::Key(key) => value.get(key),
        Segment::Index(index) => value.get(index),
    })
}

/// The place of a value at a path.
#[must_use]
pub fn value_at_mut<'a>(value: &'a mut Value, path: &Path) -> Option<&'a mut Value> {
    path.segments().iter().try_fold(value, |value, segment| match segment {
        Segment::Key(key) => value.get_mut(key),
        Segment::Index(index) => value.get_mut(index),
    })
}

fn set_at(target: &mut Value, path: &[Segment], value: Option<&Value>) {
    match path {
        [] => {}
        [Segment::Key(key)] => {
            let Value::Object(map) = target else { return };
            match value {
                Some(value) => {
                    map.insert(key.clone(), value.clone());
                }
                None => {
                    map.shift_remove(key);
                }
            }
        }
        [Segment::Index(index)] => {
            if let (Some(slot), Some(value)) = (target.get_mut(index), value) {
                *slot = value.clone();
            }
        }
        [Segment::Key(key), rest @ ..] => {
            let Value::Object(map) = target else { return };
            if value.is_some() {
                map.entry(key).or_insert_with(|| Value::Object(Map::new()));
            }
            if let Some(inner) = map.get_mut(key) {
                set_at(inner, rest, value);
            }
        }
        [Segment::Index(index), rest @ ..] => {
            if let Some(inner) = target.get_mut(index) {
                set_at(inner, rest, value);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn schema() -> Value {
        json!({
            "properties": {
                "name": {"type": "string"},
                "alias": {"x-change": "create-only"},
                "schema": {"x-change": "add-only", "x-key": "name", "x-compare": "declared",
                    "items": {"properties": {"name": {}, "mutable": {}, "limits": {}}}},
                "details": {"x-compare": "declared", "additionalProperties": {},
                    "properties": {"secret": {"x-secret": true}}},
                "developer": {"x-change": "set-once"},
                "how": {"x-compare": "never"},
            }
        })
    }

    fn paths(live: &Value, wanted: &Value) -> Vec<(String, Rule, bool)> {
        let wanted = fill(wanted, live, &schema(), &[]);
        diff(live, &wanted, &schema(), &[])
            .into_iter()
            .map(|found| (found.change.path.to_string(), found.rule, found.change.secret))
            .collect()
    }

    #[test]
    fn each_property_says_what_a_change_of_it_means() {
        let live = json!({"name": "a", "alias": ["x"], "schema": [{"name": "sub"}, {"name": "old", "mutable": true}],
            "details": {"secret": "1", "url": "u"}, "how": "this", "developer": "d"});
        let wanted = json!({"name": "b", "alias": ["y"], "schema": [{"name": "old", "mutable": false}, {"name": "new"}],
            "details": {"secret": "2"}, "how": "that", "developer": "e"});
        assert_eq!(
            paths(&live, &wanted),
            vec![
                ("name".into(), Rule::InPlace, false),
                ("alias".into(), Rule::CreateOnly, false),
                ("schema.old.mutable".into(), Rule::CreateOnly, false),
                ("schema.new".into(), Rule::InPlace, false),
                ("details.secret".into(), Rule::InPlace, true),
                ("developer".into(), Rule::CreateOnly, false),
            ]
        );
    }

    #[test]
    fn what_only_live_says_is_no_difference_where_declared_parts_count() {
        let live = json!({"schema": [{"name": "sub"}, {"name": "a", "limits": 3}], "details": {"url": "u"}});
        let wanted = json!({"schema": [{"name": "a"}], "details": {}});
        assert_eq!(paths(&live, &wanted), vec![]);
        assert_eq!(
            paths(&json!({}), &json!({"schema": [{"name": "a"}]})),
            vec![("schema.a".into(), Rule::InPlace, false)]
        );
        assert_eq!(paths(&json!({}), &json!({"developer": "d"})), vec![("developer".into(), Rule::InPlace, false)]);
    }

    #[test]
    fn ignored_paths_take_the_live_value_or_its_absence() {
        let live = json!({"name": "live"});
        let ignore = ["name".parse().unwrap(), "details.url".parse().unwrap()];
        let filled = fill(&json!({"name": "file", "details": {"url": "file", "x": 1}}), &live, &schema(), &ignore);
        assert_eq!(filled, json!({"name": "live", "details": {"x": 1}}));
    }

    #[test]
    fn a_value_from_a_secret_source_is_hidden_wherever_it_stands() {
        let secrets = ["name".parse().unwrap()];
        let found = diff(&json!({}), &json!({"name": "s"}), &schema(), &secrets);
        assert!(found[0].change.secret);
    }
}
