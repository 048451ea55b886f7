//! Answers that AWS would not give: made from its own by changing members, pages, statuses and bytes.

use poolkeeper::sandbox::wire::Response;
use serde_json::{Value, json};

use crate::fuzz::Random;

/// What was done to an answer.
#[derive(Debug)]
pub(crate) struct Garbage {
    pub(crate) what: String,
    /// Whether AWS may answer so where a thing is not there, or another one is.
    pub(crate) honest: bool,
}

/// Members that AWS leaves out where there is nothing to tell: without them a thing is not there.
const MAY_BE_ABSENT: &[&str] = &[
    "Domain",
    "CustomDomain",
    // A domain that is not there is an empty description.
    "DomainDescription",
    "UserPoolId",
    // The listing ends.
    "NextToken",
    "PaginationToken",
    // A function that has none; whose it is then nobody can say.
    "Tags",
    // The index lags, so it says nothing of what is not there.
    "ResourceTagMappingList",
];

/// Texts that are no enum's value, no id and no name.
const TEXTS: &[&str] = &[
    "",
    "FUTURE_VALUE",
    "\u{0}",
    "💥\u{202e}",
    "${userPools.customers.id}",
    "arn:aws:cognito-idp:us-east-1:123456789012:userpool/",
    "arn:",
    "::::::::",
    "v999:!!!",
    "..[",
];

/// Stands for lists in lists, more than a value here could hold.
const DEEP: &str = "(deep)";

/// Garbles an answer.
pub(crate) fn garble(random: &mut Random, operation: &str, answer: &mut Response) -> Garbage {
    let status = answer.status;
    let (what, honest) = match random.below(12) {
        0 => bytes(random, answer),
        1 => {
            answer.status = [200, 204, 302, 400, 404, 429, 500, 503][random.below(8)];
            (format!("status {}", answer.status), false)
        }
        2 => {
            let whole = [json!(null), json!([]), json!({}), json!("text"), json!(-1), json!(true), json!([[{}]])];
            let whole = &whole[random.below(whole.len())];
            answer.body = whole.to_string().into_bytes();
            let may = ["DescribeUserPoolDomain", "GetResources"].contains(&operation);
            (format!("the body is {whole}"), may && *whole == json!({}))
        }
        _ => match serde_json::from_slice::<Value>(&answer.body) {
            Ok(mut body) => {
                let (what, honest) = member(random, &mut body);
                let depth = [3, 100, 200, 10_000][random.below(4)];
                let deep = "[".repeat(depth) + &"]".repeat(depth);
                answer.body = body.to_string().replace(&format!("\"{DEEP}\""), &deep).into_bytes();
                (what, honest)
            }
            Err(_) => bytes(random, answer),
        },
    };
    let what: String = what.chars().take(200).collect();
    Garbage { what: format!("{operation} ({status}): {what}"), honest }
}

/// Cuts the body off, or changes a byte of it.
fn bytes(random: &mut Random, answer: &mut Response) -> (String, bool) {
    let at = random.below(answer.body.len());
    match random.below(3) {
        0 => {
            answer.body.truncate(at);
            (format!("cut off at byte {at}"), false)
        }
        1 => {
            answer.body = (0..at).map(|_| random.next().to_le_bytes()[0]).collect();
            (format!("{at} random bytes"), false)
        }
        _ => {
            if let Some(byte) = answer.body.get_mut(at) {
                *byte ^= 1 << random.below(8);
            }
            // It may have become another name.
            (format!("byte {at} changed"), true)
        }
    }
}

/// Changes a member somewhere in a body.
fn member(random: &mut Random, body: &mut Value) -> (String, bool) {
    let mut places = Vec::new();
    pointers(body, String::new(), &mut places);
    if random.once_in(8) {
        let token = if random.once_in(2) { "same".to_owned() } else { random.next().to_string() };
        let member = random.one(&["NextToken", "PaginationToken"]);
        if let Some(members) = body.as_object_mut() {
            members.insert(member.to_owned(), Value::from(token.clone()));
        }
        return (format!("{member} {token}"), false);
    }
    let place = places.swap_remove(random.below(places.len()));
    let Some((parent, name)) = place.rsplit_once('/') else { return extra(random, body, &place) };
    let may_be_absent = MAY_BE_ABSENT.contains(&name);
    let Some(value) = body.pointer_mut(&place) else { return ("nothing".to_owned(), false) };
    let (what, honest) = match random.below(8) {
        0 => {
            let honest = match body.pointer_mut(parent) {
                Some(Value::Object(members)) => {
                    members.shift_remove(name);
                    may_be_absent || parent.ends_with("/Tags")
                }
                Some(Value::Array(items)) => {
                    name.parse().map(|at: usize| items.remove(at)).expect("it is an item");
                    true
                }
                _ => true,
            };
            ("is missing".to_owned(), honest)
        }
        1 => {
            *value = Value::Null;
            ("is null".to_owned(), may_be_absent || parent.ends_with("/Tags"))
        }
        2 => {
            *value = other_type(random, value);
            (format!("is {value}"), false)
        }
        3 => {
            *value = [json!(u64::MAX), json!(i64::MIN), json!(1e308), json!(-0.5), json!(0)][random.below(5)].clone();
            (format!("is {value}"), false)
        }
        4 => {
            *value = Value::from(DEEP);
            ("is deep".to_owned(), false)
        }
        5 => return extra(random, body, &place),
        6 => match value {
            Value::Array(items) if random.once_in(2) => {
                items.clear();
                ("is empty".to_owned(), true)
            }
            Value::Array(items) => {
                let twice = items.clone();
                items.extend(twice);
                ("is there twice".to_owned(), false)
            }
            _ => text(random, value),
        },
        _ => text(random, value),
    };
    (format!("{place} {what}"), honest)
}

/// Another text, which is as good as another name where one stands.
fn text(random: &mut Random, value: &mut Value) -> (String, bool) {
    let was_text = value.is_string();
    let long = "x".repeat(100_000);
    *value = Value::from(if random.once_in(10) { &long } else { random.one(TEXTS) });
    (format!("is {value}"), was_text)
}

/// A member more.
fn extra(random: &mut Random, body: &mut Value, place: &str) -> (String, bool) {
    match body.pointer_mut(place) {
        Some(Value::Object(members)) => {
            let name = random.one(&["FutureMember", "", "__type", "message", "💥"]);
            members.insert(name.to_owned(), json!({"Of": [null, 1]}));
            (format!("{place} has `{name}` too"), false)
        }
        Some(Value::Array(items)) => {
            items.push(Value::Null);
            (format!("{place} has a null too"), false)
        }
        _ => ("nothing".to_owned(), false),
    }
}

fn other_type(random: &mut Random, value: &Value) -> Value {
    let others = [json!("text"), json!(7), json!(true), json!([]), json!({}), json!(["text"]), json!({"text": 1})];
    let kind = std::mem::discriminant(value);
    let others: Vec<&Value> = others.iter().filter(|other| std::mem::discriminant(*other) != kind).collect();
    others[random.below(others.len())].clone()
}

/// The places of all values in a body.
pub(crate) fn pointers(value: &Value, at: String, found: &mut Vec<String>) {
    let inside: Vec<(String, &Value)> = match value {
        Value::Object(members) => members.iter().map(|(name, value)| (name.clone(), value)).collect(),
        Value::Array(items) => items.iter().enumerate().map(|(number, item)| (number.to_string(), item)).collect(),
        _ => Vec::new(),
    };
    for (name, value) in inside {
        let name = name.replace('~', "~0").replace('/', "~1");
        pointers(value, format!("{at}/{name}"), found);
    }
    found.push(at);
}
