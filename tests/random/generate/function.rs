//! Functions for triggers.

use serde_json::json;

use crate::parts::{Part, either, joined, map_of, object, one_of, some_of, whole};
use crate::stack_file::{CODE_FOLDERS, CODE_PACKAGE, reference};

/// The keys of functions.
pub(crate) const KEYS: [&str; 2] = ["confirm", "claims"];

/// The functions of a stack by key.
pub(super) fn functions() -> Part {
    map_of(KEYS, 0.5, function)
}

fn function(key: &str) -> Part {
    let layer = "arn:aws:lambda:eu-west-1:123456789012:layer:";
    let layers = |tools: u8| some_of([format!("{layer}tools:{tools}"), format!("{layer}more:1")], 0);
    let code = CODE_FOLDERS.map(|folder| format!("./{folder}")).into_iter().chain([CODE_PACKAGE.to_owned()]);
    joined(vec![
        whole(vec![
            ("runtime", one_of(["python3.13", "nodejs24.x"])),
            ("handler", one_of(["index.handler", "index.other"])),
            ("code", one_of(code)),
            ("role", one_of(["lambda", "lambda-2"].map(super::role))),
        ]),
        object(
            0.3,
            vec![
                // A function's name holds its key, so that no two functions ever meet in one.
                ("name", one_of([format!("shop-{key}"), format!("shop_{key}_2")])),
                ("description", one_of(["Confirms who signs up", "Größer"])),
                ("architectures", one_of([json!(["arm64"]), json!(["x86_64"])])),
                ("memorySize", one_of([128, 256, 10_240])),
                ("timeout", one_of([3, 5, 900])),
                ("environment", map_of(["POOL", "CLIENT", "STAGE"], 0.5, variable)),
                ("layers", either(vec![layers(1), layers(2)])),
                ("tags", super::tags()),
                ("ignoreChanges", some_of(["code", "description", "memorySize"], 0)),
            ],
        ),
    ])
}

/// An environment variable; some tell the function where it is used.
fn variable(name: &str) -> Part {
    match name {
        "POOL" => one_of([reference(&["userPools", "customers"], "id"), reference(&["userPools", "staff"], "arn")]),
        "CLIENT" => one_of([
            reference(&["userPools", "customers", "clients", "web"], "id"),
            reference(&["userPools", "customers", "clients", "app"], "id"),
        ]),
        _ => one_of(["test", "prod=1"]),
    }
}
