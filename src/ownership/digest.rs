//! What was applied to a resource, as a short hash: of its canonical spec without AWS's defaults,
//! so that a version of poolkeeper that knows more properties makes the same of it, and without what
//! is not compared or must not be remembered: what `ignoreChanges` names, secrets, and of what only
//! counts as far as it is declared the rest. Nor is a pool's `schema` in it, which grows and never
//! changes, so that any difference there is the file's.
//!
//! The same function serves both sides: what the file says now, and what is live now. An apply
//! leaves the two equal, and the hash of that is kept in the [ledger](super::ledger).

use serde_json::{Map, Value};

use super::ledger::digest_of;
use crate::diff;
use crate::kind::Kind;
use crate::path::{Path, Segment};

/// The digest of a canonical spec, `without` some of its paths.
#[must_use]
pub fn digest(kind: Kind, spec: &Value, without: &[Path]) -> String {
    let without: Vec<Vec<&str>> = without.iter().map(up_to_a_list).collect();
    let kept = stripped(kind, spec, &Strip { without: &without, hidden: true });
    digest_of(&format!("{}\0{kept}", kind.section()))
}

/// A canonical spec without what is as AWS has it by default.
#[must_use]
pub fn beyond_defaults(kind: Kind, spec: &Value) -> Value {
    stripped(kind, spec, &Strip { without: &[], hidden: false })
}

fn stripped(kind: Kind, spec: &Value, strip: &Strip) -> Value {
    let spec = spec.as_object().cloned().unwrap_or_default();
    Value::Object(strip.object(&spec, Some(kind.defaults()), kind.schema(), &mut Vec::new()).map)
}

/// The keys of a path up to the first item of a list: lists are sorted, so no item has a place.
fn up_to_a_list(path: &Path) -> Vec<&str> {
    path.segments().iter().map_while(Segment::key).collect()
}

/// What is taken out of a spec besides AWS's defaults.
struct Strip<'a> {
    without: &'a [Vec<&'a str>],
    /// Whether also what the schema marks as secret, what only says how to work, and what is only
    /// ever added to.
    hidden: bool,
}

impl Strip<'_> {
    /// An object with its keys in the order of the alphabet where they are for a hash, and whether
    /// anything was left out of it other than defaults.
    fn object(&self, map: &Map<String, Value>, default: Option<&Value>, schema: &Value, at: &mut Vec<String>) -> Left {
        let mut keys: Vec<&String> = map.keys().collect();
        if self.hidden {
            keys.sort();
        }
        let mut left = Left::default();
        for key in keys {
            let schema = diff::property_schema(schema, key);
            let default = default.and_then(|default| default.get(key)).or_else(|| schema.get("default"));
            at.push(key.clone());
            match self.value(&map[key], default, schema, at) {
                Kept::Value(value) => drop(left.map.insert(key.clone(), value)),
                Kept::LeftOut => left.out = true,
                Kept::Default => {}
            }
            at.pop();
        }
        left
    }

    fn value(&self, value: &Value, default: Option<&Value>, schema: &Value, at: &mut Vec<String>) -> Kept {
        let says = |keyword: &str, word: &str| schema.get(keyword).is_some_and(|says| says == word);
        // Nobody can change live what only ever grows.
        let hidden = || schema.get("x-secret").is_some() || says("x-compare", "never") || says("x-change", "add-only");
        if self.leaves_out(at) || self.hidden && hidden() {
            return Kept::LeftOut;
        }
        match value {
            value if default == Some(value) => Kept::Default,
            Value::Object(map) => match self.object(map, default, schema, at) {
                // That it is there says nothing where all that it held is left out, but where it does.
                Left { map, out: true } if map.is_empty() && !says("x-empty", "on") => Kept::LeftOut,
                Left { map, .. } => Kept::Value(Value::Object(map)),
            },
            Value::Array(items) if items.is_empty() => Kept::Default,
            Value::Array(items) => match self.list(items, schema, at) {
                items if items.is_empty() => Kept::LeftOut,
                items => Kept::Value(Value::Array(items)),
            },
            scalar => Kept::Value(scalar.clone()),
        }
    }

    fn leaves_out(&self, at: &[String]) -> bool {
        self.without.iter().any(|path| path.iter().eq(at))
    }

    fn list(&self, items: &[Value], schema: &Value, at: &mut Vec<String>) -> Vec<Value> {
        let inner = schema.get("items").unwrap_or(&Value::Null);
        let Some(keys) = diff::keys_of(schema) else {
            let item = |item: &Value| match item {
                Value::Object(map) => Value::Object(self.object(map, None, inner, at).map),
                other => other.clone(),
            };
            return items.iter().map(item).collect();
        };
        let mut left: Vec<(String, Value)> = Vec::new();
        for item in items {
            let key = diff::key_of(item, &keys);
            at.push(key.clone());
            if !self.leaves_out(at)
                && let Some(map) = item.as_object()
            {
                left.push((key, Value::Object(self.object(map, None, inner, at).map)));
            }
            at.pop();
        }
        if self.hidden {
            left.sort_by(|one, other| one.0.cmp(&other.0));
        }
        left.into_iter().map(|(_, item)| item).collect()
    }
}

/// What is left of an object.
#[derive(Default)]
struct Left {
    map: Map<String, Value>,
    /// Whether anything was left out that is no default.
    out: bool,
}

/// What is left of a value.
enum Kept {
    Value(Value),
    /// Nothing: it is as AWS has it by default.
    Default,
    /// Nothing: it does not count.
    LeftOut,
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn of(kind: Kind, spec: &Value) -> String {
        digest(kind, &kind.canonical(spec).expect("a spec"), &[])
    }

    #[test]
    fn what_is_as_by_default_makes_no_difference() {
        for kind in [Kind::Client, Kind::Group, Kind::IdentityPool, Kind::UserPool] {
            let bare = kind.canonical(&json!({})).expect("a spec");
            assert_eq!(digest(kind, &bare, &[]), digest(kind, &json!({}), &[]), "{kind:?}");
        }
        assert_eq!(of(Kind::UserPool, &json!({"deletionProtection": "INACTIVE"})), of(Kind::UserPool, &json!({})));
        assert_ne!(of(Kind::UserPool, &json!({"deletionProtection": "ACTIVE"})), of(Kind::UserPool, &json!({})));
        assert_ne!(of(Kind::UserPool, &json!({"deviceConfiguration": {}})), of(Kind::UserPool, &json!({})));
        assert_ne!(of(Kind::Group, &json!({})), of(Kind::Client, &json!({})));
    }

    #[test]
    fn the_order_in_which_a_set_is_written_makes_no_difference() {
        let client = |urls: &[&str]| of(Kind::Client, &json!({"callbackUrls": urls, "name": "web"}));
        assert_eq!(client(&["https://a/", "https://b/"]), client(&["https://b/", "https://a/"]));
        let spec = json!({"scopes": [{"scopeName": "b", "scopeDescription": "B"}, {"scopeName": "a", "scopeDescription": "A"}]});
        let turned = json!({"scopes": [{"scopeDescription": "A", "scopeName": "a"}, {"scopeDescription": "B", "scopeName": "b"}]});
        assert_eq!(of(Kind::ResourceServer, &spec), of(Kind::ResourceServer, &turned));
    }

    #[test]
    fn secrets_and_what_is_ignored_are_not_in_it() {
        let provider = |secret: &str, id: &str| json!({"providerType": "Google", "providerDetails": {"client_id": id, "client_secret": secret}});
        assert_eq!(
            of(Kind::IdentityProvider, &provider("one", "x")),
            of(Kind::IdentityProvider, &provider("two", "x"))
        );
        assert_ne!(
            of(Kind::IdentityProvider, &provider("one", "x")),
            of(Kind::IdentityProvider, &provider("one", "y"))
        );
        let client = |url: &str| Kind::Client.canonical(&json!({"callbackUrls": [url]})).expect("a spec");
        for path in ["callbackUrls", "callbackUrls[0]"] {
            let without = [path.parse().expect("a path")];
            let of = |url| digest(Kind::Client, &client(url), &without);
            assert_eq!(of("https://a/"), of("https://b/"), "{path}");
        }
    }

    #[test]
    fn beyond_the_defaults_there_is_what_somebody_set() {
        let spec = Kind::Client.canonical(&json!({"name": "web", "callbackUrls": ["https://a/"]})).expect("a spec");
        assert_eq!(beyond_defaults(Kind::Client, &spec), json!({"name": "web", "callbackUrls": ["https://a/"]}));
    }
}
