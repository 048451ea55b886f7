//! What generated values are put together from. Each part shrinks towards less: a property towards
//! its absence, a list towards being empty, a choice towards the first that is offered.

use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use serde_json::{Map, Value};

/// Something that makes values.
pub(crate) type Part = BoxedStrategy<Value>;

/// A property and what it may hold.
pub(crate) type Property = (&'static str, Part);

/// Always the same.
pub(crate) fn always(value: impl Into<Value>) -> Part {
    Just(value.into()).boxed()
}

/// One of a few values.
pub(crate) fn one_of<T: Into<Value>>(values: impl IntoIterator<Item = T>) -> Part {
    let values: Vec<Value> = values.into_iter().map(Into::into).collect();
    select(values).boxed()
}

/// True or false.
pub(crate) fn flag() -> Part {
    any::<bool>().prop_map(Value::from).boxed()
}

/// A list of some of these, each at most once; at least `least` of them.
pub(crate) fn some_of<T: Into<Value>>(values: impl IntoIterator<Item = T>, least: usize) -> Part {
    let values: Vec<Value> = values.into_iter().map(Into::into).collect();
    let most = values.len();
    subsequence(values, least..=most).prop_map(Value::from).boxed()
}

/// An object with all of these properties.
pub(crate) fn whole(properties: Vec<Property>) -> Part {
    object_with(properties, 0.5, vec![])
}

/// An object of which each property is there with this chance.
pub(crate) fn object(chance: f64, properties: Vec<Property>) -> Part {
    object_with(vec![], chance, properties)
}

/// An object with properties that are always there, and others that are with this chance.
pub(crate) fn object_with(always: Vec<Property>, chance: f64, maybe: Vec<Property>) -> Part {
    let always = always.into_iter().map(|(name, part)| part.prop_map(move |value| Some((name, value))).boxed());
    let maybe = maybe.into_iter().map(|(name, part)| {
        proptest::option::weighted(chance, part).prop_map(move |value| Some((name, value?))).boxed()
    });
    let properties: Vec<_> = always.chain(maybe).collect();
    properties
        .prop_map(|found| {
            let entries = found.into_iter().flatten().map(|(name, value)| (name.to_owned(), value));
            Value::Object(entries.collect::<Map<_, _>>())
        })
        .boxed()
}

/// An object by key, in which each key is with this chance.
pub(crate) fn map_of<K: Into<String>>(
    keys: impl IntoIterator<Item = K>,
    chance: f64,
    each: impl Fn(&str) -> Part,
) -> Part {
    let entries: Vec<_> = keys
        .into_iter()
        .map(|key| {
            let key = key.into();
            let part = each(&key);
            proptest::option::weighted(chance, part).prop_map(move |value| Some((key.clone(), value?))).boxed()
        })
        .collect();
    entries.prop_map(|found| Value::Object(found.into_iter().flatten().collect::<Map<_, _>>())).boxed()
}

/// One of several parts, the simplest first.
pub(crate) fn either(parts: Vec<Part>) -> Part {
    proptest::strategy::Union::new(parts).boxed()
}

/// Several objects as one.
pub(crate) fn joined(parts: Vec<Part>) -> Part {
    parts
        .prop_map(|objects| {
            let entries = objects.into_iter().filter_map(|object| match object {
                Value::Object(map) => Some(map),
                _ => None,
            });
            Value::Object(entries.flatten().collect::<Map<_, _>>())
        })
        .boxed()
}

/// An object, or nothing in its place: an empty one.
pub(crate) fn at_times(chance: f64, part: Part) -> Part {
    proptest::option::weighted(chance, part)
        .prop_map(|found| found.unwrap_or_else(|| Value::Object(Map::new())))
        .boxed()
}
