//! Lambda's answers: which status each operation has.

use serde_json::Value;

use super::{Response, json_answer};

/// The answer of an operation.
pub(super) fn answer(operation: &str, output: &Value) -> Response {
    let status = match operation {
        "CreateFunction" | "AddPermission" | "PublishVersion" | "CreateAlias" => 201,
        "DeleteFunction" | "RemovePermission" | "TagResource" | "UntagResource" | "DeleteAlias" => 204,
        _ => 200,
    };
    let mut answer = json_answer(status, output, None);
    if status == 204 {
        answer.body.clear();
    }
    answer
}
