//! The same over HTTP, for clients outside this process: each connection a task, any number of
//! requests on it. Where the sandbox cuts a connection, it ends without an answer. What a call does is
//! done before its answer is waited for, so a client that goes away undoes nothing.
//!
//! Who may connect may do anything here, as there is no authentication; what is served should
//! therefore be reachable from this machine alone. A page in a browser is on this machine too, so what
//! has an `Origin` is refused. Paths below `/_sandbox/` are not AWS's:
//! [`control`] has them.

use std::sync::Arc;
use std::time::Duration;

use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::body::{Body, Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::wire::{self, Request, Response};
use super::{Reply, Sandbox};

mod control;
#[cfg(test)]
mod tests;

/// The largest body that is read: a function's package with its encoding, and room to spare.
const LARGEST: usize = 64 * 1024 * 1024;

/// How long a client may take for the head of a request.
const HEAD: Duration = Duration::from_secs(30);

/// How long to wait where no connection can be taken, as where there are too many.
const PAUSE: Duration = Duration::from_millis(100);

/// The longest name of an operation that is told; clients can send any.
const LONGEST_NAME: usize = 100;

/// A call that was served. Says nothing of what was in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Served {
    /// The operation; where none was to be seen, the method and the path.
    pub operation: String,
    /// The status of the answer; none where there was no answer.
    pub status: Option<u16>,
    /// AWS's error code, where it was refused.
    pub code: Option<String>,
}

impl Served {
    /// Whether the sandbox has no such operation.
    #[must_use]
    pub fn is_unknown(&self) -> bool {
        self.code.as_deref() == Some("UnknownOperationException")
    }
}

/// Is told of each call.
pub type Watch = Arc<dyn Fn(&Served) + Send + Sync>;

/// Serves a sandbox until it is cancelled. Calls that are under way then get no answer.
pub async fn serve(sandbox: Sandbox, listener: TcpListener, cancel: CancellationToken, watch: Watch) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            () = cancel.cancelled() => return,
            Some(_) = connections.join_next() => {}
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    connections.spawn(converse(sandbox.clone(), stream, watch.clone()));
                }
                Err(_) => tokio::time::sleep(PAUSE).await,
            },
        }
    }
}

/// Why a connection ends without an answer.
#[derive(Debug, thiserror::Error)]
#[error("the connection is cut")]
struct Cut;

/// Serves a connection to its end.
async fn converse(sandbox: Sandbox, stream: TcpStream, watch: Watch) {
    // Answers are small and written whole, so nothing is gained by waiting for more.
    let _ = stream.set_nodelay(true);
    let service = service_fn(|request| respond(&sandbox, request, &watch));
    let mut builder = http1::Builder::new();
    // How it ends is the client's affair: there is nobody here to be told.
    let _ = builder
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD)
        .serve_connection(TokioIo::new(stream), service)
        .await;
}

async fn respond(
    sandbox: &Sandbox,
    request: hyper::Request<Incoming>,
    watch: &Watch,
) -> Result<hyper::Response<Full<Bytes>>, Cut> {
    let (head, body) = request.into_parts();
    let mut request = Request {
        method: head.method.as_str().to_owned(),
        path: head.uri.path_and_query().map_or("/", |path| path.as_str()).to_owned(),
        headers: head
            .headers
            .iter()
            .map(|(name, value)| (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
            .collect(),
        body: Vec::new(),
    };
    if request.header("origin").is_some() {
        return Ok(rendered(control::no_pages()));
    }
    match read(body).await? {
        Some(body) => request.body = body,
        None => return Ok(rendered(too_large())),
    }
    if let Some(answer) = control::answer(sandbox, &request) {
        return Ok(rendered(answer));
    }
    let mut telling = Telling::new(&request, watch);
    match sandbox.answer(request).await {
        Reply::Answer(answer) => {
            telling.answered(&answer);
            Ok(rendered(answer))
        }
        Reply::Cut => Err(Cut),
    }
}

/// Reads a body; none where it is too large.
async fn read(body: Incoming) -> Result<Option<Vec<u8>>, Cut> {
    if usize::try_from(body.size_hint().lower()).map_or(true, |length| length > LARGEST) {
        return Ok(None);
    }
    match Limited::new(body, LARGEST).collect().await {
        Ok(body) => Ok(Some(body.to_bytes().to_vec())),
        Err(error) if error.is::<LengthLimitError>() => Ok(None),
        Err(_) => Err(Cut),
    }
}

fn too_large() -> Response {
    let headers = vec![("connection".to_owned(), "close".to_owned())];
    Response { status: 413, headers, body: Vec::new() }
}

/// A response as hyper has it.
fn rendered(response: Response) -> hyper::Response<Full<Bytes>> {
    let Response { status, headers, body } = response;
    let mut builder = hyper::Response::builder().status(status);
    for (name, value) in headers {
        builder = builder.header(name, value);
    }
    builder.body(Full::from(body)).unwrap_or_else(|_| {
        let mut failed = hyper::Response::new(Full::default());
        *failed.status_mut() = hyper::StatusCode::INTERNAL_SERVER_ERROR;
        failed
    })
}

/// Tells of a call when it is over, also where its client went away.
struct Telling<'a> {
    served: Served,
    watch: &'a Watch,
}

impl<'a> Telling<'a> {
    fn new(request: &Request, watch: &'a Watch) -> Self {
        let operation = wire::operation(request);
        // Whoever reads this has a terminal that obeys control characters.
        let operation = operation.chars().filter(|sign| !sign.is_control()).take(LONGEST_NAME).collect();
        Self { served: Served { operation, status: None, code: None }, watch }
    }

    fn answered(&mut self, answer: &Response) {
        self.served.status = Some(answer.status);
        self.served.code = wire::code(answer);
    }
}

impl Drop for Telling<'_> {
    fn drop(&mut self) {
        (self.watch)(&self.served);
    }
}
