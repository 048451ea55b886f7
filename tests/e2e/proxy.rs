//! Stands between the binary and the emulator: writes down every call in order, and answers or
//! breaks the ones that a test asks it to.

use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread;

use serde_json::Value;

use crate::http::Message;

/// One call as it went by.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    /// The operation's name, such as `DescribeUserPool`.
    pub(crate) operation: String,
    /// The JSON that was sent; null where it was none.
    pub(crate) body: Value,
    /// The status of the answer, 0 where the binary got none.
    pub(crate) status: u16,
}

impl Call {
    /// Whether it can change anything.
    pub(crate) fn is_write(&self) -> bool {
        !["Describe", "List", "Get"].iter().any(|verb| self.operation.starts_with(verb))
    }
}

/// What happens to a call instead of the usual.
#[derive(Debug, Clone)]
pub(crate) enum Fault {
    /// It reaches the emulator and has its effect, but the connection ends without an answer.
    CutAfter,
    /// It does not reach the emulator; this is the answer.
    Answer(u16, &'static str, String),
}

/// A running proxy.
pub(crate) struct Proxy {
    pub(crate) port: u16,
    shared: Arc<Mutex<Shared>>,
}

#[derive(Default)]
struct Shared {
    calls: Vec<Call>,
    faults: Vec<Planned>,
}

struct Planned {
    operation: String,
    skip: usize,
    times: usize,
    fault: Fault,
}

impl Proxy {
    /// A proxy in front of a loopback port.
    pub(crate) fn start(upstream: u16) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port for the proxy");
        let port = listener.local_addr().expect("its number").port();
        let shared = Arc::new(Mutex::new(Shared::default()));
        let seen = Arc::clone(&shared);
        thread::spawn(move || {
            for connection in listener.incoming().flatten() {
                let seen = Arc::clone(&seen);
                thread::spawn(move || pass(connection, upstream, &seen));
            }
        });
        Self { port, shared }
    }

    /// From the call of this operation after the next `skip` of them on, `times` calls fail so.
    pub(crate) fn fail(&self, operation: &str, skip: usize, times: usize, fault: Fault) {
        lock(&self.shared).faults.push(Planned { operation: operation.to_owned(), skip, times, fault });
    }

    /// From here on nothing fails.
    pub(crate) fn forget_faults(&self) {
        lock(&self.shared).faults.clear();
    }

    /// All that went by since the last time, in order.
    pub(crate) fn take(&self) -> Vec<Call> {
        std::mem::take(&mut lock(&self.shared).calls)
    }
}

fn lock(shared: &Mutex<Shared>) -> MutexGuard<'_, Shared> {
    shared.lock().expect("no other thread has panicked")
}

fn pass(mut connection: TcpStream, upstream: u16, shared: &Mutex<Shared>) {
    let Ok(Some(request)) = Message::read(&connection) else { return };
    let operation = operation(&request);
    let body = serde_json::from_slice(&request.body).unwrap_or(Value::Null);
    let (index, fault) = {
        let mut shared = lock(shared);
        shared.calls.push(Call { operation: operation.clone(), body, status: 0 });
        (shared.calls.len() - 1, take_fault(&mut shared.faults, &operation))
    };
    let answer = match &fault {
        Some(Fault::Answer(status, code, message)) => {
            let body = serde_json::json!({"__type": code, "message": message});
            Some(Message::json_answer(*status, &body.to_string()))
        }
        Some(Fault::CutAfter) | None => request.exchange(upstream).ok(),
    };
    let answer = answer.filter(|_| !matches!(fault, Some(Fault::CutAfter)));
    if let Some(answer) = answer {
        if let Some(call) = lock(shared).calls.get_mut(index) {
            call.status = answer.status();
        }
        let _ = answer.write(&mut connection);
    }
    let _ = connection.shutdown(Shutdown::Both);
}

fn take_fault(faults: &mut [Planned], operation: &str) -> Option<Fault> {
    let planned = faults.iter_mut().find(|planned| planned.operation == operation && planned.times > 0)?;
    if planned.skip > 0 {
        planned.skip -= 1;
        return None;
    }
    planned.times -= 1;
    Some(planned.fault.clone())
}

/// What a request asks for, in the API's word: from the target header (JSON), the form (query) or
/// method and path (REST).
fn operation(request: &Message) -> String {
    if let Some(target) = request.header("x-amz-target") {
        return target.rsplit('.').next().unwrap_or(target).to_owned();
    }
    let form = String::from_utf8_lossy(&request.body);
    if let Some(action) = form.split('&').find_map(|pair| pair.strip_prefix("Action=")) {
        return action.to_owned();
    }
    let (method, path) = request.method_and_path();
    let path = path.split('?').next().unwrap_or_default().trim_end_matches('/');
    let steps: Vec<&str> = path.split('/').skip(1).collect();
    let name = match (method, steps.as_slice()) {
        ("POST", [_, "functions"]) => "CreateFunction",
        ("GET", [_, "functions"]) => "ListFunctions",
        ("GET", [_, "functions", _]) => "GetFunction",
        ("DELETE", [_, "functions", _]) => "DeleteFunction",
        ("GET", [_, "functions", _, "configuration"]) => "GetFunctionConfiguration",
        ("PUT", [_, "functions", _, "configuration"]) => "UpdateFunctionConfiguration",
        ("PUT", [_, "functions", _, "code"]) => "UpdateFunctionCode",
        ("GET", [_, "functions", _, "policy"]) => "GetPolicy",
        ("POST", [_, "functions", _, "policy"]) => "AddPermission",
        ("DELETE", [_, "functions", _, "policy", _]) => "RemovePermission",
        ("GET", [_, "tags", ..]) => "ListTags",
        ("POST", [_, "tags", ..]) => "TagResource",
        ("DELETE", [_, "tags", ..]) => "UntagResource",
        _ => return format!("{method} {path}"),
    };
    name.to_owned()
}
