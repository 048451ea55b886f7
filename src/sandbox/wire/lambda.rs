//! Lambda's answers and refusals: which status each has, and what stands in it.

use serde_json::{Value, json};

use super::super::model::{self, Service};
use super::super::refusal::Refusal;
use super::{Response, json_answer};

/// Codes of refusals that have a status other than 400.
const STATUSES: &[(&str, u16)] = &[
    ("AccessDeniedException", 403),
    ("ExpiredTokenException", 403),
    ("PreconditionFailedException", 412),
    ("RequestEntityTooLargeException", 413),
    ("ResourceConflictException", 409),
    ("ResourceNotFoundException", 404),
    ("TooManyRequestsException", 429),
    ("UnknownOperationException", 404),
];

/// The answer of an operation.
pub(super) fn answer(operation: &str, output: &Value) -> Response {
    let http = model::operation(Service::Lambda, operation).and_then(|operation| operation.http.as_ref());
    let status = match operation {
        // The model has it in the answer, as a number that is the status itself.
        "DeleteFunction" => 204,
        _ => http.map_or(200, |http| http.status),
    };
    let mut answer = plain_json(json_answer(status, output, None));
    if status == 204 {
        answer.body.clear();
    }
    answer
}

/// A refusal.
pub(super) fn refuse(refusal: &Refusal) -> Response {
    let Refusal { status, code, message } = refusal;
    let status = STATUSES.iter().find(|(own, _)| own == code).map_or(*status, |(_, status)| *status);
    let kind = if status < 500 { "User" } else { "Service" };
    plain_json(json_answer(status, &json!({"Type": kind, "Message": message, "message": message}), Some(code)))
}

fn plain_json(mut answer: Response) -> Response {
    for (name, value) in &mut answer.headers {
        if name == "content-type" {
            "application/json".clone_into(value);
        }
    }
    answer
}
