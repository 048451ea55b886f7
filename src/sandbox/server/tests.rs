//! A client's view, over a socket and byte by byte.

use std::collections::BTreeMap;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::super::faults::Script;
use super::super::state::State;
use super::super::wire::Request;
use super::super::{Reply, Sandbox, Settings};
use super::{LARGEST, Served, control, serve};

/// A sandbox that is served for as long as this is there.
struct Server {
    address: SocketAddr,
    cancel: CancellationToken,
    served: mpsc::UnboundedReceiver<Served>,
    done: tokio::task::JoinHandle<()>,
}

impl Server {
    async fn start(sandbox: &Sandbox) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("its address");
        let cancel = CancellationToken::new();
        let (tell, served) = mpsc::unbounded_channel();
        let watch = Arc::new(move |served: &Served| drop(tell.send(served.clone())));
        let done = tokio::spawn(serve(sandbox.clone(), listener, cancel.clone(), watch));
        Self { address, cancel, served, done }
    }

    async fn client(&self) -> Client {
        Client(TcpStream::connect(self.address).await.expect("a connection"))
    }
}

struct Client(TcpStream);

impl Client {
    async fn send(&mut self, head: &str, body: &str) {
        let request = format!("{head}\r\nhost: sandbox\r\ncontent-length: {}\r\n\r\n{body}", body.len());
        self.0.write_all(request.as_bytes()).await.expect("it is sent");
    }

    /// The status and the body of an answer; none where the connection ended without one.
    async fn answer(&mut self) -> Option<(u16, String)> {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            match self.0.read_u8().await {
                Ok(byte) => head.push(byte),
                Err(_) if head.is_empty() => return None,
                Err(why) => panic!("an answer that ends in its head: {why}"),
            }
        }
        let head = String::from_utf8(head).expect("text").to_lowercase();
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
        let length = head.split_once("content-length: ").and_then(|(_, rest)| rest.split("\r\n").next()?.parse().ok());
        let mut body = vec![0; length.unwrap_or(0)];
        self.0.read_exact(&mut body).await.expect("the whole body");
        Some((status, String::from_utf8(body).expect("text")))
    }

    async fn ask(&mut self, head: &str, body: &str) -> Option<(u16, String)> {
        self.send(head, body).await;
        self.answer().await
    }

    async fn json(&mut self, head: &str, body: &str) -> (u16, Value) {
        let (status, body) = self.ask(head, body).await.expect("an answer");
        (status, serde_json::from_str(&body).expect("JSON"))
    }
}

const WHO: &str = "POST / HTTP/1.1\r\ncontent-type: application/x-www-form-urlencoded";
const WHO_BODY: &str = "Action=GetCallerIdentity&Version=2011-06-15";
const TAGGED: &str = "POST / HTTP/1.1\r\nx-amz-target: ResourceGroupsTaggingAPI_20170126.GetResources";

fn sandbox(faults: &[&str]) -> Sandbox {
    let sandbox = Sandbox::new(Settings::rehearsal());
    sandbox.set_faults(Script::new(faults.iter().map(|rule| rule.parse().expect("a rule")).collect()));
    sandbox
}

#[tokio::test]
async fn a_connection_serves_many_calls_and_many_connections_are_served_at_once() {
    let server = Server::start(&sandbox(&["GetResources#1=hang-before"])).await;
    let (mut hanging, mut client) = (server.client().await, server.client().await);
    hanging.send(TAGGED, "{}").await;
    for account in ["123456789012", "210987654321"] {
        let signed =
            format!("{WHO}\r\nauthorization: AWS4-HMAC-SHA256 Credential=AKIA{account}/20260101/eu-west-1/sts/x");
        let (status, body) = client.ask(&signed, WHO_BODY).await.expect("an answer");
        assert!(status == 200 && body.contains(&format!("<Account>{account}</Account>")), "{status} {body}");
    }
}

#[tokio::test]
async fn a_cut_connection_ends_without_an_answer_and_each_call_is_told_of() {
    let mut server = Server::start(&sandbox(&["GetResources#1=cut-before", "GetResources#2=throttled"])).await;
    assert_eq!(server.client().await.ask(TAGGED, "{}").await, None);
    let mut client = server.client().await;
    assert_eq!(client.json(TAGGED, "{}").await.0, 400);
    assert_eq!(client.json(TAGGED, "{}").await.0, 200);
    assert_eq!(client.ask(WHO, "Action=Get\x1b[2JStranger").await.expect("an answer").0, 400);
    let mut told = Vec::new();
    while told.len() < 4 {
        let Served { operation, status, code } = server.served.recv().await.expect("a call");
        told.push((operation, status, code.unwrap_or_default()));
    }
    let row = |operation: &str, status, code: &str| (operation.to_owned(), status, code.to_owned());
    assert_eq!(
        told,
        [
            row("GetResources", None, ""),
            row("GetResources", Some(400), "TooManyRequestsException"),
            row("GetResources", Some(200), ""),
            row("Get[2JStranger", Some(400), "UnknownOperationException"),
        ]
    );
}

#[tokio::test]
async fn a_client_that_does_not_wait_for_a_late_answer_undoes_nothing() {
    let sandbox = sandbox(&["CreateUserPool=slow:86400"]);
    let mut server = Server::start(&sandbox).await;
    let mut client = server.client().await;
    let create = "POST / HTTP/1.1\r\nx-amz-target: AWSCognitoIdentityProviderService.CreateUserPool";
    client.send(create, "{\"PoolName\": \"pool\"}").await;
    // The call comes in before its client is gone.
    while sandbox.calls() == 0 {
        tokio::task::yield_now().await;
    }
    drop(client);
    let gone = server.served.recv().await.expect("the call ends");
    assert_eq!(gone, Served { operation: "CreateUserPool".to_owned(), status: None, code: None });
    let pools = |state: &State| state.accounts["123456789012"]["us-east-1"].user_pools.len();
    assert_eq!(sandbox.look(pools), 1);
}

#[tokio::test(start_paused = true)]
async fn a_late_answer_is_late() {
    use super::super::testing::{USER_POOLS, call};

    let sandbox = sandbox(&["CreateUserPool=slow:30"]);
    let begin = tokio::time::Instant::now();
    call(&sandbox, USER_POOLS, "CreateUserPool", &json!({"PoolName": "pool"})).await.expect("a pool");
    assert!(begin.elapsed().as_secs() == 30, "{:?}", begin.elapsed());
}

#[tokio::test]
async fn a_client_that_goes_away_is_told_of() {
    let mut server = Server::start(&sandbox(&["GetResources=hang-before"])).await;
    let mut client = server.client().await;
    client.send(TAGGED, "{}").await;
    drop(client);
    let gone = server.served.recv().await.expect("the call ends");
    assert_eq!(gone, Served { operation: "GetResources".to_owned(), status: None, code: None });
}

#[tokio::test]
async fn cancelling_ends_it_whatever_hangs() {
    let server = Server::start(&sandbox(&["GetResources=hang-before"])).await;
    let mut client = server.client().await;
    client.send(TAGGED, "{}").await;
    server.cancel.cancel();
    server.done.await.expect("it ends");
    assert_eq!(client.answer().await, None);
    assert!(TcpStream::connect(server.address).await.is_err(), "nobody listens any more");
}

#[tokio::test]
async fn a_body_that_is_too_large_is_refused_before_it_is_read() {
    let server = Server::start(&sandbox(&[])).await;
    let mut client = server.client().await;
    let head = format!("{TAGGED}\r\nhost: sandbox\r\ncontent-length: {}\r\n\r\n", LARGEST + 1);
    client.0.write_all(head.as_bytes()).await.expect("it is sent");
    assert_eq!(client.answer().await.expect("an answer").0, 413);
}

#[tokio::test]
async fn the_clock_the_faults_and_all_that_is_there_are_in_a_clients_hand() {
    let sandbox = sandbox(&[]);
    let server = Server::start(&sandbox).await;
    let mut client = server.client().await;
    let (_, begin) = client.json("GET /_sandbox/clock HTTP/1.1", "").await;
    let (status, moved) = client.json("POST /_sandbox/clock HTTP/1.1", "{\"advance\": 3600.5}").await;
    let by = moved["now"].as_f64().expect("a number") - begin["now"].as_f64().expect("a number");
    assert!(status == 200 && (3600.5..3700.0).contains(&by), "{status} {by}");

    let faults = client.json("POST /_sandbox/faults HTTP/1.1", "[\"GetResources#1=denied\", \"*#9=lost\"]").await;
    assert_eq!(faults, (200, json!({"faults": 2})));
    assert_eq!(client.json(TAGGED, "{}").await.1["__type"], "AccessDeniedException");

    sandbox.meddle(|state| state.accounts.insert("123456789012".to_owned(), BTreeMap::new()));
    assert_eq!(client.json("POST /_sandbox/reset HTTP/1.1", "").await, (200, json!({})));
    assert!(sandbox.look(|state| state.accounts.is_empty()), "nothing is left");
}

#[tokio::test]
async fn control_tells_what_it_does_not_take() {
    let server = Server::start(&sandbox(&[])).await;
    let mut client = server.client().await;
    let refused = [
        ("POST /_sandbox/clock", "", 400),
        ("POST /_sandbox/clock", "{\"advance\": -1}", 400),
        ("POST /_sandbox/clock", "{\"advance\": 1e300}", 400),
        ("POST /_sandbox/clock", "{\"advance\": \"1\"}", 400),
        ("POST /_sandbox/faults", "{}", 400),
        ("POST /_sandbox/faults", "[1]", 400),
        ("POST /_sandbox/faults", "[\"GetGroup=sideways\"]", 400),
        ("GET /_sandbox/reset", "", 404),
        ("POST /_sandbox/", "", 404),
    ];
    for (head, body, status) in refused {
        let (answered, why) = client.json(&format!("{head} HTTP/1.1"), body).await;
        assert_eq!(answered, status, "{head} {body}");
        assert!(why["message"].is_string(), "{head} {body}");
    }
}

#[tokio::test]
async fn a_page_in_a_browser_can_do_nothing() {
    let sandbox = sandbox(&[]);
    let server = Server::start(&sandbox).await;
    let create = "POST / HTTP/1.1\r\nx-amz-target: AWSCognitoIdentityProviderService.CreateUserPool";
    let create = (create, "{\"PoolName\": \"taken over\"}");
    let (reset, clock) = (("POST /_sandbox/reset HTTP/1.1", ""), ("GET /_sandbox/clock HTTP/1.1", ""));
    for (head, body) in [create, (TAGGED, "{}"), (WHO, WHO_BODY), reset, clock, ("OPTIONS / HTTP/1.1", "")] {
        for origin in ["https://example.com", "null"] {
            let (status, why) = server.client().await.json(&format!("{head}\r\norigin: {origin}"), body).await;
            assert_eq!((status, &why["message"]), (403, &json!("this is not for pages in a browser")), "{head}");
        }
    }
    assert_eq!(sandbox.calls(), 0);
    assert_eq!(server.client().await.json(create.0, create.1).await.0, 200);
}

#[test]
fn the_time_that_it_was_moved_to_is_kept_over_restarts() {
    let folder = tempfile::tempdir().expect("a folder");
    let open = || Sandbox::open(folder.path(), Settings::rehearsal()).expect("a sandbox");
    let ask = |sandbox: &Sandbox, method: &str, body: &str| {
        let request = Request {
            method: method.to_owned(),
            path: "/_sandbox/clock".to_owned(),
            headers: Vec::new(),
            body: body.as_bytes().to_vec(),
        };
        let answer = control::answer(sandbox, &request).expect("an answer");
        serde_json::from_slice::<Value>(&answer.body).expect("JSON")["now"].as_f64().expect("a number")
    };
    let begin = ask(&open(), "GET", "");
    ask(&open(), "POST", "{\"advance\": 1000000}");
    assert!(ask(&open(), "GET", "") >= begin + 1e6);
}

#[tokio::test(start_paused = true)]
async fn a_rehearsal_lets_one_write_at_a_time_into_a_pool() {
    use super::super::testing::{USER_POOLS, call};

    let sandbox = sandbox(&[]);
    let pool = call(&sandbox, USER_POOLS, "CreateUserPool", &json!({"PoolName": "pool"})).await.expect("a pool");
    let group = |name: &str| json!({"UserPoolId": pool["UserPool"]["Id"], "GroupName": name});
    let (one, two) = (group("one"), group("two"));
    let make = |input| call(&sandbox, USER_POOLS, "CreateGroup", input);
    let (first, second) = tokio::join!(make(&one), make(&two));
    assert!(first.is_ok(), "{first:?}");
    assert_eq!(second.expect_err("it is too early").0, "ConcurrentModificationException");
    assert!(make(&two).await.is_ok());
}

#[tokio::test]
async fn what_is_no_operation_is_named() {
    let server = Server::start(&sandbox(&[])).await;
    let mut client = server.client().await;
    let target = |target: &str| format!("POST / HTTP/1.1\r\nx-amz-target: {target}");
    let table = [
        (target("CreateUserPool"), "{}", "CreateUserPool is not"),
        (target("AWSCognitoIdentityProviderService.CreateUsrePool"), "{}", "CreateUsrePool is not"),
        (WHO.to_owned(), "Version=2011-06-15&Action=GetSession%54oken", "GetSessionToken is not"),
        (WHO.to_owned(), "Version=2011-06-15", "a form without `Action` is not"),
        ("GET /2015-03-31/nothing HTTP/1.1".to_owned(), "", "GET /2015-03-31/nothing is not"),
    ];
    for (head, body, told) in table {
        let (status, answer) = client.ask(&head, body).await.expect("an answer");
        assert!(status >= 400 && answer.contains(told), "{head} {body}: {status} {answer}");
    }
}

#[tokio::test]
async fn what_is_no_http_harms_nobody() {
    let server = Server::start(&sandbox(&[])).await;
    let bad: [&[u8]; 7] = [
        b"\0\0\0\0",
        b"POST",
        b"GET / HTTP/9.9\r\n\r\n",
        b"POST / HTTP/1.1\r\ncontent-length: -1\r\n\r\n",
        b"POST / HTTP/1.1\r\ncontent-length: 18446744073709551615\r\n\r\n{}",
        b"POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
        b"POST / HTTP/1.1\r\nx-amz-target: \xff\xfe.\xff\r\ncontent-length: 3\r\n\r\n\xff\xff\xff",
    ];
    for bytes in bad {
        let mut client = server.client().await;
        client.0.write_all(bytes).await.expect("it is sent");
        client.0.shutdown().await.expect("it is all");
        let mut answer = Vec::new();
        // An answer or none; but it comes to an end.
        let _: io::Result<usize> = client.0.read_to_end(&mut answer).await;
    }
    let many = format!("{WHO}\r\nx-long: {}", "x".repeat(1 << 20));
    let mut client = server.client().await;
    let _: io::Result<()> = client.0.write_all(format!("{many}\r\n\r\n").as_bytes()).await;
    assert_eq!(server.client().await.ask(WHO, WHO_BODY).await.expect("an answer").0, 200);
}

/// Header fields as clients send them, and as they do not.
fn headers() -> impl Strategy<Value = Vec<(String, String)>> {
    let target = prop_oneof![
        "(AWSCognitoIdentityProviderService|AWSCognitoIdentityService|ResourceGroupsTaggingAPI_20170126|\\PC{0,8})\\.\
         (CreateUserPool|UpdateUserPoolClient|ListUsers|GetResources|CreateGroup|CreateIdentityPool|\\PC{0,8})",
        "\\PC{0,20}",
    ];
    let scope = "(AWS4-HMAC-SHA256 )?(Credential=)?\\PC{0,6}[0-9]{0,13}(/\\PC{0,4}){0,5}";
    (option::weighted(0.8, target), option::of(scope), option::of("\\PC{0,20}")).prop_map(|(target, scope, other)| {
        let named = [("x-amz-target", target), ("authorization", scope), ("content-type", other)];
        named.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()
    })
}

/// Any JSON, with the names of members that operations look at, and the wrong types in them.
fn document() -> impl Strategy<Value = Value> {
    let name = "(UserPoolId|PoolName|ClientName|GroupName|IdentityPoolId|FunctionName|Username|Policies|Schema|\
                LambdaConfig|MaxResults|Limit|NextToken|PaginationToken|ResourcesPerPage|TagFilters|Key|Values|Filter|\\PC{0,5})";
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "\\PC{0,12}".prop_map(Value::from),
        "us-east-1_[0-9A-Za-z]{0,9}".prop_map(Value::from),
        "[0-9]{0,25}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 5, move |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            vec((name, inner), 0..6).prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

fn body() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        4 => document().prop_map(|document| document.to_string().into_bytes()),
        1 => "(Action=(AssumeRole|GetCallerIdentity|[%&=+\\PC]{0,9}))?(&?[A-Za-z]{0,8}=[%0-9a-fA-F\\PC]{0,12}){0,4}".prop_map(String::into_bytes),
        1 => "(Action=AssumeRole&RoleArn=(arn:aws:iam::[0-9]{11,13}:role/\\PC{0,4}|[:\\PC]{0,12}))".prop_map(String::into_bytes),
        1 => vec(any::<u8>(), 0..64),
        1 => (1_usize..400).prop_map(|depth| "[".repeat(depth).into_bytes()),
    ]
}

fn path() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => Just("/".to_owned()),
        2 => "/20(15-03-31|17-03-31)/(functions|tags)(/[%:0-9A-Za-z\\PC]{0,12}){0,4}(\\?[A-Za-z]{0,8}=[%0-9a-f&=\\PC]{0,8})?",
        1 => "\\PC{0,20}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_comes_is_answered(
        requests in vec(("(GET|POST|PUT|DELETE|\\PC{0,4})", path(), headers(), body()), 1..4)
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build();
        let sandbox = Sandbox::new(Settings::default());
        runtime.expect("a runtime").block_on(async {
            for (method, path, headers, body) in requests {
                let reply = sandbox.answer(Request { method, path, headers, body }).await;
                let Reply::Answer(answer) = reply else { panic!("cut without a fault") };
                prop_assert!((200..600).contains(&answer.status) && answer.status != 500, "{}", answer.status);
            }
            Ok(())
        })?;
    }
}
