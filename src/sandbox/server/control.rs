//! What tests and people do with a sandbox that is served, and AWS has no call for: the paths below
//! `/_sandbox/`.
//!
//! | request | does | answers |
//! |---|---|---|
//! | `GET clock` | | `{"now": seconds since 1970}` |
//! | `POST clock` with `{"advance": seconds}` | moves the time on | the same |
//! | `POST faults` with `["CreateGroup#2=lost", …]` | puts these in place of all faults | `{"faults": how many}` |
//! | `POST reset` | forgets everything | `{}` |

use std::time::Duration;

use serde_json::{Value, json};

use super::super::Sandbox;
use super::super::faults::{Rule, Script};
use super::super::wire::{Request, Response};

const PREFIX: &str = "/_sandbox/";

/// How far the time can be moved at once: ten years.
const FARTHEST: f64 = 10.0 * 365.0 * 86_400.0;

/// A status, and why.
type Refused = (u16, String);

/// The answer to a request below the prefix; none for all others, which are AWS's.
pub(super) fn answer(sandbox: &Sandbox, request: &Request) -> Option<Response> {
    let name = request.path.strip_prefix(PREFIX)?;
    Some(match obey(sandbox, name, request) {
        Ok(body) => rendered(200, &body),
        Err((status, why)) => rendered(status, &json!({"message": why})),
    })
}

fn rendered(status: u16, body: &Value) -> Response {
    let headers = vec![("content-type".to_owned(), "application/json".to_owned())];
    Response { status, headers, body: format!("{body}\n").into_bytes() }
}

/// The answer to pages in a browser: they must not do anything to the machine that they are shown on.
pub(super) fn no_pages() -> Response {
    let mut answer = rendered(403, &json!({"message": "this is not for pages in a browser"}));
    answer.headers.push(("connection".to_owned(), "close".to_owned()));
    answer
}

fn obey(sandbox: &Sandbox, name: &str, request: &Request) -> Result<Value, Refused> {
    match (request.method.as_str(), name) {
        ("GET", "clock") => {}
        ("POST", "clock") => sandbox.advance(time(&request.body)?).map_err(|why| (500, why))?,
        ("POST", "faults") => {
            let rules = rules(&request.body)?;
            let count = rules.len();
            sandbox.set_faults(Script::new(rules));
            return Ok(json!({"faults": count}));
        }
        ("POST", "reset") => {
            sandbox.reset().map_err(|why| (500, why))?;
            return Ok(json!({}));
        }
        _ => {
            return Err((
                404,
                format!("there are GET and POST {PREFIX}clock, POST {PREFIX}faults, POST {PREFIX}reset"),
            ));
        }
    }
    Ok(json!({"now": sandbox.clock().now()}))
}

/// The time to move on by.
fn time(body: &[u8]) -> Result<Duration, Refused> {
    let body: Option<Value> = serde_json::from_slice(body).ok();
    let seconds = body.as_ref().and_then(|body| body.get("advance")?.as_f64());
    let seconds = seconds.filter(|seconds| (0.0..=FARTHEST).contains(seconds));
    seconds
        .and_then(|seconds| Duration::try_from_secs_f64(seconds).ok())
        .ok_or_else(|| (400, format!("send {{\"advance\": SECONDS}}, with 0 to {FARTHEST} of them")))
}

fn rules(body: &[u8]) -> Result<Vec<Rule>, Refused> {
    let texts: Vec<String> = serde_json::from_slice(body)
        .map_err(|_| (400, "send a JSON list of texts such as \"CreateGroup#2=lost\"".to_owned()))?;
    texts.iter().map(|text| text.parse().map_err(|why| (400, format!("{text}: {why}")))).collect()
}
