//! Stacks made at random. Each kind's file draws its properties by themselves; what does not go
//! together then is made to in `settle`. So every stack is one that AWS would take, and a failing
//! one shrinks property by property.
//!
//! Names are few, so that two stacks often speak of the same things.

use proptest::prelude::*;
use serde_json::json;

use crate::parts::{Part, flag, joined, map_of, object, object_with, one_of, whole};
use crate::settle::settle;
use crate::stack_file::{ACCOUNT, REGION, StackFile, reference};

pub(crate) mod children;
pub(crate) mod client;
pub(crate) mod facets;
pub(crate) mod function;
pub(crate) mod identity_pool;
pub(crate) mod pool;
mod sign_in;
pub(crate) mod triggers;

/// The keys of user pools.
pub(crate) const POOLS: [&str; 2] = ["customers", "staff"];

/// A stack that AWS would take. It has at least one user pool.
pub(crate) fn stack() -> impl Strategy<Value = StackFile> {
    parts().prop_map(|parts| StackFile(settle(parts)))
}

fn parts() -> Part {
    let fixed = whole(vec![("stack", one_of(["shop"]))]);
    let about = object(
        0.2,
        vec![
            ("description", one_of(["A shop", "Größe: 2"])),
            ("region", one_of([REGION])),
            ("account", one_of([ACCOUNT])),
            ("tags", tags()),
            ("variables", variables()),
        ],
    );
    let first = whole(vec![(POOLS[0], pool::pool(POOLS[0]))]);
    let second = map_of([POOLS[1]], 0.3, pool::pool);
    let either_first = proptest::bool::weighted(0.9);
    let pools = (either_first, first, second).prop_map(|(keep, first, second)| {
        let none = second.as_object().is_none_or(serde_json::Map::is_empty);
        let mut pools = if keep || none { first } else { json!({}) };
        for (key, pool) in crate::stack_file::entries(Some(&second)) {
            pools[key] = pool;
        }
        json!({"userPools": pools})
    });
    let sections = object(
        0.4,
        vec![
            ("functions", function::functions()),
            ("identityPools", identity_pool::identity_pools()),
            ("outputs", outputs()),
        ],
    );
    joined(vec![fixed, about, pools.boxed(), sections])
}

/// The ARN of a role of the stack's account.
pub(crate) fn role(name: &str) -> String {
    format!("arn:aws:iam::{ACCOUNT}:role/{name}")
}

/// Tags of a taggable resource.
fn tags() -> Part {
    map_of(["team", "cost:center"], 0.6, |_| one_of(["identity", "Größe 2", "${var.team}"]))
}

/// The variables that properties may read. One that is read and not here is declared when the file
/// is settled.
fn variables() -> Part {
    let text = || one_of(["identity", "shop"]);
    let full = |default: Part| {
        object_with(vec![("default", default)], 0.6, vec![("description", one_of(["Whose it is"])), ("secret", flag())])
    };
    map_of(["minimumLength", "team", "providerSecret"], 0.6, move |name| match name {
        "minimumLength" => one_of([10, 12]),
        "team" => text(),
        _ => full(one_of(["hush-hush-4", "hush-hush-5"])),
    })
}

/// What is printed after an apply.
fn outputs() -> Part {
    let pool = POOLS[0];
    map_of(["poolId", "issuer", "host", "client", "secret", "function", "group", "where", "number"], 0.3, |name| {
        match name {
            "poolId" => one_of([reference(&["userPools", pool], "id")]),
            "issuer" => one_of([reference(&["userPools", pool], "issuer"), reference(&["userPools", pool], "jwksUri")]),
            "host" => one_of([reference(&["userPools", pool, "domains", children::PREFIXES[0]], "host")]),
            "client" => one_of([reference(&["userPools", pool, "clients", "web"], "id")]),
            "secret" => one_of([reference(&["userPools", pool, "clients", "app"], "secret")]),
            "function" => one_of([reference(&["functions", "confirm"], "name")]),
            "group" => one_of([reference(&["userPools", pool, "groups", "staff"], "name")]),
            "where" => one_of(["${stack.name} in ${aws.region} of ${aws.account}"]),
            _ => one_of([json!(1), json!(true), json!("a $${literal}")]),
        }
    })
}
