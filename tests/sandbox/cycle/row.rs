//! What a row of a table says: a property, two values of it, what a change of it means, and what
//! it takes to be taken out of the file.

use poolkeeper::diff;
use poolkeeper::kind::{Form, Kind};
use poolkeeper::path::{Path, Segment};
use serde_json::{Map, Value, json};

/// What a change of a property means.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Means {
    /// It is made in place.
    InPlace,
    /// AWS has no way to make it, so it is blocked.
    Blocked,
    /// It is blocked until the resource may be made anew.
    Replace,
    /// AWS has a way there and none back.
    OneWay,
}

/// What happens when a property is taken out of the file.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Without {
    /// AWS's default comes back: the state is that of a resource made without it.
    Default,
    /// What is live stays, and is not compared.
    Kept,
    /// AWS has no way to clear it, so it is blocked.
    Blocked,
    /// The file is wrong without it.
    Wrong,
}

/// A difference that a plan is to show.
pub(crate) type Shown = (String, Option<Value>, Option<Value>);

/// A property and how it is changed.
pub(crate) struct Row {
    /// The path in the resource, as the file has it.
    pub(crate) path: &'static str,
    pub(crate) one: Value,
    pub(crate) two: Value,
    /// The resource, where it is not the table's.
    pub(crate) address: Option<&'static str>,
    /// What the resource says besides.
    pub(crate) with: Value,
    /// What the stack says besides.
    pub(crate) stack: Value,
    pub(crate) means: Means,
    pub(crate) without: Without,
    /// The differences that the plan shows, where they are not just the property with its values.
    pub(crate) shown: Option<Vec<Shown>>,
    pub(crate) secret: bool,
    /// Whether it is secret, and the ledger knows what was sent of it.
    pub(crate) remembered: bool,
    /// Members of AWS's bodies, by their paths, that the property is known by there.
    pub(crate) members: Vec<&'static str>,
    /// Whether nobody else can change it.
    pub(crate) no_hand: bool,
    /// Properties that cannot be changed without this one's change, and are changed by it.
    pub(crate) covers: Vec<&'static str>,
}

/// A row whose change is made in place, and whose default comes back.
pub(crate) fn row(path: &'static str, one: impl Into<Value>, two: impl Into<Value>) -> Row {
    Row {
        path,
        one: one.into(),
        two: two.into(),
        address: None,
        with: json!({}),
        stack: json!({}),
        means: Means::InPlace,
        without: Without::Default,
        shown: None,
        secret: false,
        remembered: false,
        members: Vec::new(),
        no_hand: false,
        covers: Vec::new(),
    }
}

#[expect(clippy::needless_pass_by_value, reason = "tables read better without a sign for each object")]
impl Row {
    pub(crate) fn at(self, address: &'static str) -> Self {
        Self { address: Some(address), ..self }
    }

    /// What else the resource says, from the first step on.
    pub(crate) fn with(mut self, more: Value) -> Self {
        lay_over(&mut self.with, &more);
        self
    }

    /// What else the stack says, from the first step on.
    pub(crate) fn stack(mut self, more: Value) -> Self {
        lay_over(&mut self.stack, &more);
        self
    }

    pub(crate) fn blocked(self) -> Self {
        Self { means: Means::Blocked, without: Without::Blocked, ..self }
    }

    pub(crate) fn replace(self) -> Self {
        Self { means: Means::Replace, without: Without::Blocked, ..self }
    }

    pub(crate) fn one_way(self) -> Self {
        Self { means: Means::OneWay, without: Without::Kept, ..self }
    }

    pub(crate) fn without(self, without: Without) -> Self {
        Self { without, ..self }
    }

    /// The differences that the plan shows, from the first value to the second.
    pub(crate) fn shows(mut self, path: &str, live: impl Into<Value>, declared: impl Into<Value>) -> Self {
        let some = |value: Value| Some(value).filter(|value| !value.is_null());
        self.shown.get_or_insert_default().push((path.to_owned(), some(live.into()), some(declared.into())));
        self
    }

    /// The values are shown at another path.
    pub(crate) fn shows_at(self, path: &str) -> Self {
        let (one, two) = (self.one.clone(), self.two.clone());
        self.shows(path, one, two)
    }

    pub(crate) fn secret(self) -> Self {
        Self { secret: true, ..self }
    }

    /// AWS never shows the secret, so it is compared by what the ledger remembers of it.
    pub(crate) fn remembered(self) -> Self {
        let (one, two) = (json!("(another)"), self.two.clone());
        Self {
            secret: true,
            remembered: true,
            no_hand: true,
            shown: Some(vec![(self.path.to_owned(), Some(one), Some(two))]),
            ..self
        }
    }

    /// AWS's members that change with the property, where they are not named like it.
    pub(crate) fn members(mut self, members: &[&'static str]) -> Self {
        self.members.extend(members);
        self
    }

    pub(crate) fn no_hand(self) -> Self {
        Self { no_hand: true, ..self }
    }

    pub(crate) fn covers(mut self, paths: &[&'static str]) -> Self {
        self.covers.extend(paths);
        self
    }

    /// The differences that the plan is to show.
    pub(crate) fn expected(&self) -> Vec<Shown> {
        let own = || {
            let some = |value: &Value| Some(value.clone()).filter(|value| !value.is_null());
            vec![(self.path.to_owned(), some(&self.one), some(&self.two))]
        };
        self.shown.clone().unwrap_or_else(own)
    }
}

/// Rows of one kind.
pub(crate) struct Table {
    /// The resource that the rows are about.
    pub(crate) address: &'static str,
    /// The stack.
    pub(crate) stack: Value,
    pub(crate) rows: Vec<Row>,
}

impl Table {
    /// The stack with a property as the row's first or second value, or without it.
    pub(crate) fn file(&self, row: &Row, value: &Value) -> Value {
        let mut stack = self.stack.clone();
        lay_over(&mut stack, &row.stack);
        let address = self.base(row);
        let mut resource = diff::value_at(&stack, &address).cloned().unwrap_or_else(|| json!({}));
        lay_over(&mut resource, &row.with);
        let path: Path = row.path.parse().expect("a path");
        put(&mut resource, path.segments(), value.clone());
        put(&mut stack, address.segments(), resource);
        stack
    }

    pub(crate) fn address(&self, row: &Row) -> Path {
        row.address.unwrap_or(self.address).parse().expect("an address")
    }

    /// What a row's path is relative to: its resource, or what holds that where it is a list.
    pub(crate) fn base(&self, row: &Row) -> Path {
        let address = self.address(row);
        let is_list = address.last_key().and_then(Kind::of_section).is_some_and(|kind| kind.form() == Form::List);
        if is_list { address.parent().expect("a holder") } else { address }
    }
}

/// Lays an object over another.
pub(crate) fn lay_over(under: &mut Value, over: &Value) {
    match (under, over) {
        (Value::Object(under), Value::Object(over)) => {
            for (key, value) in over {
                lay_over(under.entry(key.clone()).or_insert(Value::Null), value);
            }
        }
        (under, over) => *under = over.clone(),
    }
}

/// Puts a value at a path; nothing takes what is there away, with what is empty without it.
fn put(target: &mut Value, path: &[Segment], value: Value) {
    let Some((first, rest)) = path.split_first() else {
        *target = value;
        return;
    };
    match first {
        Segment::Key(key) => {
            if target.is_null() {
                *target = Value::Object(Map::new());
            }
            let map = target.as_object_mut().expect("an object");
            if value.is_null() && rest.is_empty() {
                map.remove(key);
                return;
            }
            let gone = value.is_null();
            let inner = map.entry(key.clone()).or_insert(Value::Null);
            put(inner, rest, value);
            if gone && *inner == json!({}) && !KEPT_EMPTY.contains(&key.as_str()) {
                map.remove(key);
            }
        }
        Segment::Index(index) => {
            let items = target.as_array_mut().expect("a list");
            put(items.get_mut(*index).expect("an item"), rest, value);
        }
    }
}

/// What means something even when it is empty.
const KEPT_EMPTY: &[&str] = &["smsMfaConfiguration", "emailMfaConfiguration", "deviceConfiguration"];
