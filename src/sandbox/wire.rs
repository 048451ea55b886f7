//! AWS's protocols: JSON with the operation in a header (Cognito, the tag query), REST with JSON
//! (Lambda), a form and XML (STS). From HTTP to an operation and its input, and back.

use serde_json::{Value, json};

use super::model::{Operation, Service};
use super::refusal::Refusal;

mod lambda;

/// An HTTP request.
#[derive(Clone)]
pub struct Request {
    /// The method.
    pub method: String,
    /// The path, with the query behind it.
    pub path: String,
    /// Header fields, with names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl Request {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }
}

/// An HTTP response.
#[derive(Clone, PartialEq)]
pub struct Response {
    /// The status.
    pub status: u16,
    /// Header fields.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl Response {
    /// The same, as the answer to the request with this id.
    #[must_use]
    pub(super) fn with_id(mut self, id: &str) -> Self {
        self.headers.push((REQUEST_ID.to_owned(), id.to_owned()));
        self
    }
}

impl std::fmt::Debug for Response {
    // What is in it may be secret.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Response({})", self.status)
    }
}

/// What somebody wants done.
#[derive(Clone)]
pub struct Call {
    /// The service.
    pub service: Service,
    /// The operation's name.
    pub operation: String,
    /// The caller's account.
    pub account: String,
    /// The region.
    pub region: String,
    /// The access key of the caller.
    pub access_key: String,
    /// The members that were sent.
    pub input: Value,
}

impl Call {
    /// A member of the input that is a text.
    #[must_use]
    pub fn text(&self, member: &str) -> Option<&str> {
        self.input.get(member)?.as_str()
    }
}

/// Reads a request. One that says nothing is answered at once.
pub(super) fn parse(request: &Request, account: &str) -> Result<Call, Response> {
    let (access_key, region) = signature(request);
    let own = access_key.get(access_key.len().saturating_sub(12)..).unwrap_or_default();
    let account = if own.len() == 12 && own.bytes().all(|byte| byte.is_ascii_digit()) { own } else { account };
    let call = |service, operation: &str, input| Call {
        service,
        operation: operation.to_owned(),
        account: account.to_owned(),
        region: region.to_owned(),
        access_key: access_key.to_owned(),
        input,
    };
    if let Some(target) = request.header("x-amz-target") {
        let (prefix, operation) = target.split_once('.').ok_or_else(|| unknown(Service::UserPools, target))?;
        let known = Service::ALL.into_iter().find(|service| service.target_prefix() == Some(prefix));
        let service = known.ok_or_else(|| unknown(Service::UserPools, operation))?;
        let body = if request.body.is_empty() { b"{}" } else { request.body.as_slice() };
        return match serde_json::from_slice(body) {
            Ok(input @ Value::Object(_)) => Ok(call(service, operation, input)),
            _ => Err(refuse(service, &Refusal::of("SerializationException", "Start of structure or map expected"))),
        };
    }
    let path = request.path.split('?').next().unwrap_or_default();
    if path == "/" && request.method == "POST" {
        let form = String::from_utf8_lossy(&request.body);
        let action = || Operation::action(&form).unwrap_or_else(|| "a form without `Action`".to_owned());
        let (operation, input) =
            Operation::of_form(Service::Sts, &form).ok_or_else(|| unknown(Service::Sts, &action()))?;
        return Ok(call(Service::Sts, &operation.name, input));
    }
    let body = if request.body.is_empty() { b"{}" } else { request.body.as_slice() };
    let Ok(body @ Value::Object(_)) = serde_json::from_slice(body) else {
        let message = "Could not parse request body into json: an object is expected";
        return Err(refuse(Service::Lambda, &Refusal::of("InvalidRequestContentException", message)));
    };
    match Operation::of_rest(&request.method, &request.path, &body) {
        Some((operation, input)) => Ok(call(Service::Lambda, &operation.name, input)),
        None => Err(unknown(Service::Lambda, &format!("{} {path}", request.method))),
    }
}

/// What a request is called where calls are listed: the operation; where none is to be seen, the
/// method and the path.
pub(super) fn operation(request: &Request) -> String {
    if let Some(target) = request.header("x-amz-target") {
        return target.split_once('.').map_or(target, |(_, operation)| operation).to_owned();
    }
    if let Some(action) = Operation::action(&String::from_utf8_lossy(&request.body)) {
        return action;
    }
    parse(request, "").map_or_else(
        |_| format!("{} {}", request.method, request.path.split('?').next().unwrap_or_default()),
        |call| call.operation,
    )
}

/// AWS's error code in a response, if it is a refusal.
pub(super) fn code(response: &Response) -> Option<String> {
    if let Some((_, code)) = response.headers.iter().find(|(name, _)| name == "x-amzn-errortype") {
        return Some(code.clone());
    }
    let body = std::str::from_utf8(&response.body).ok().filter(|_| response.status >= 400)?;
    let (_, rest) = body.split_once("<Code>")?;
    Some(rest.split_once("</Code>")?.0.to_owned())
}

/// The access key and the region that a request is signed with.
fn signature(request: &Request) -> (&str, &str) {
    let scope = request.header("authorization").and_then(|text| text.split("Credential=").nth(1)).unwrap_or_default();
    let mut parts = scope.split(['/', ',']);
    let key = parts.next().unwrap_or_default();
    (key, parts.nth(1).filter(|region| !region.is_empty()).unwrap_or("us-east-1"))
}

/// The answer to a call.
pub(super) fn render(call: &Call, result: Result<&Value, &Refusal>) -> Response {
    match result {
        Err(refusal) => refuse(call.service, refusal),
        Ok(output) => match call.service {
            Service::Sts => xml(200, &sts_answer(&call.operation, output)),
            Service::Lambda => lambda::answer(&call.operation, output),
            _ => json_answer(200, output, None),
        },
    }
}

/// What AWS says to an operation that it does not have.
fn unknown(service: Service, operation: &str) -> Response {
    refuse(service, &Refusal::unknown(operation))
}

/// A refusal in a service's protocol.
fn refuse(service: Service, refusal: &Refusal) -> Response {
    let Refusal { status, code, message } = refusal;
    match service {
        Service::Sts => {
            let who = if *status < 500 { "Sender" } else { "Receiver" };
            xml(
                *status,
                &format!(
                    "<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><Error><Type>{who}</Type><Code>{}</Code>\
                     <Message>{}</Message></Error></ErrorResponse>",
                    escape(code),
                    escape(message)
                ),
            )
        }
        Service::Lambda => lambda::refuse(refusal),
        _ => json_answer(*status, &json!({"__type": code, "message": message}), Some(code)),
    }
}

/// The header with the id of a request.
const REQUEST_ID: &str = "x-amzn-requestid";

fn json_answer(status: u16, body: &Value, error: Option<&str>) -> Response {
    let mut headers = vec![("content-type".to_owned(), "application/x-amz-json-1.1".to_owned())];
    headers.extend(error.map(|code| ("x-amzn-errortype".to_owned(), code.to_owned())));
    Response { status, headers, body: body.to_string().into_bytes() }
}

fn xml(status: u16, body: &str) -> Response {
    let headers = vec![("content-type".to_owned(), "text/xml".to_owned())];
    Response { status, headers, body: body.as_bytes().to_vec() }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// Members of an answer of STS as elements.
fn sts_answer(operation: &str, output: &Value) -> String {
    fn elements(value: &Value) -> String {
        match value {
            Value::Object(members) => {
                let inner = members.iter().map(|(name, value)| format!("<{name}>{}</{name}>", elements(value)));
                inner.collect::<Vec<_>>().concat()
            }
            Value::String(text) => escape(text),
            other => other.to_string(),
        }
    }
    format!(
        "<{operation}Response xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><{operation}Result>{}</{operation}Result>\
         </{operation}Response>",
        elements(output)
    )
}
