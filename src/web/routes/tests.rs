//! Health, figures, headers, and the same over real sockets.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::body::Body;
use futures_util::future::{BoxFuture, FutureExt as _};
use http::Request;
use http_body_util::BodyExt as _;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt as _;

use super::*;
use crate::web::metrics::Peer;
use crate::web::places::Doors;
use crate::web::server::serve_behind;
use crate::web::webhook::tests::{COMMENT, Memory, SECRET, sign, web};

struct Fixed(&'static str, Result<(), String>);

impl Check for Fixed {
    fn name(&self) -> &'static str {
        self.0
    }

    fn run(&self) -> BoxFuture<'_, Result<(), String>> {
        Box::pin(async { self.1.clone() })
    }
}

fn plain() -> Web {
    web(&Arc::default())
}

fn get_request(path: &str, peer: Option<&str>) -> Request<Body> {
    let mut request = Request::get(path).body(Body::empty()).unwrap();
    if let Some(peer) = peer {
        request.extensions_mut().insert(Peer(peer.parse().unwrap()));
    }
    request
}

async fn answer(web: Web, request: Request<Body>) -> (u16, String) {
    let response = routes(web).oneshot(request).await.unwrap();
    let status = response.status().as_u16();
    (status, String::from_utf8(response.into_body().collect().await.unwrap().to_bytes().to_vec()).unwrap())
}

#[tokio::test]
async fn healthz_lives_whatever_the_checks_say() {
    let failing: Arc<dyn Check> = Arc::new(Fixed("database", Err("gone".to_owned())));
    let web = Web { checks: vec![failing], ..plain() };
    assert_eq!(answer(web, get_request("/healthz", None)).await, (200, r#"{"status":"ok"}"#.to_owned()));
}

#[tokio::test]
async fn readyz_names_what_fails_and_not_why() {
    let checks: [Arc<dyn Check>; 3] = [
        Arc::new(Fixed("database", Err("postgres://mill:hunter2@db is gone".to_owned()))),
        Arc::new(Fixed("key", Ok(()))),
        Arc::new(Fixed("queue", Err("stuck".to_owned()))),
    ];
    let web_with = |checks: &[Arc<dyn Check>]| Web { checks: checks.to_vec(), ..plain() };
    let expected = (503, r#"{"status":"unavailable","failing":["database","queue"]}"#.to_owned());
    assert_eq!(answer(web_with(&checks), get_request("/readyz", None)).await, expected);
    let expected = (200, r#"{"status":"ok"}"#.to_owned());
    assert_eq!(answer(web_with(&checks[1..2]), get_request("/readyz", None)).await, expected);
}

/// Counts the looks that were begun; none ends before the gate is open.
struct Gated {
    begun: AtomicUsize,
    gate: Semaphore,
}

impl Check for Gated {
    fn name(&self) -> &'static str {
        "gated"
    }

    fn run(&self) -> BoxFuture<'_, Result<(), String>> {
        self.begun.fetch_add(1, Ordering::SeqCst);
        Box::pin(async { self.gate.acquire().await.map(drop).map_err(|error| error.to_string()) })
    }
}

#[tokio::test]
async fn strangers_that_ask_readyz_at_once_share_one_look_and_the_next_one_gets_a_new_one() {
    let gated = Arc::new(Gated { begun: AtomicUsize::new(0), gate: Semaphore::new(0) });
    let router = routes(Web { checks: vec![Arc::clone(&gated) as Arc<dyn Check>], ..plain() });
    let ask = || Box::pin(router.clone().oneshot(get_request("/readyz", None)));
    let mut first = ask();
    assert!((&mut first).now_or_never().is_none());
    let mut others: Vec<_> = (0..100).map(|_| ask()).collect();
    for other in &mut others {
        assert!(other.now_or_never().is_none());
    }
    assert_eq!(gated.begun.load(Ordering::SeqCst), 1);
    // Who began the look hangs up; it goes on for the others.
    drop(first);
    gated.gate.add_permits(1);
    let mut last = others.pop().unwrap();
    for other in others {
        assert_eq!(other.await.unwrap().status(), 200);
    }
    assert_eq!(gated.begun.load(Ordering::SeqCst), 1);
    // One asker has not read its answer yet; whoever asks now is told how it is now.
    gated.gate.close();
    assert_eq!(ask().await.unwrap().status(), 503);
    assert_eq!(gated.begun.load(Ordering::SeqCst), 2);
    assert_eq!((&mut last).await.unwrap().status(), 200);
}

struct Panics;

impl Check for Panics {
    fn name(&self) -> &'static str {
        "panics"
    }

    fn run(&self) -> BoxFuture<'_, Result<(), String>> {
        Box::pin(async { panic!("a check is wrong") })
    }
}

#[tokio::test]
async fn a_check_that_panics_is_one_that_fails_for_everybody_who_waits() {
    let router = routes(Web { checks: vec![Arc::new(Panics) as Arc<dyn Check>], ..plain() });
    for _ in 0..2 {
        let ask = || router.clone().oneshot(get_request("/readyz", None));
        let (one, other) = tokio::join!(ask(), ask());
        assert_eq!((one.unwrap().status().as_u16(), other.unwrap().status().as_u16()), (503, 503));
    }
}

#[tokio::test]
async fn s22_metrics_are_for_this_machine_only() {
    for (peer, expected) in [
        (Some("127.0.0.1:5"), 200),
        (Some("[::1]:5"), 200),
        (Some("[::ffff:127.0.0.1]:5"), 200),
        (Some("10.0.0.5:5"), 404),
        (Some("[2001:db8::1]:5"), 404),
        (None, 404),
    ] {
        let (status, page) = answer(plain(), get_request("/metrics", peer)).await;
        assert_eq!(status, expected, "{peer:?}");
        assert_eq!(page.contains("millwright_ack_seconds_count"), expected == 200);
    }
    for name in ["x-forwarded-for", "forwarded"] {
        let mut request = get_request("/metrics", Some("127.0.0.1:5"));
        request.headers_mut().insert(name, HeaderValue::from_static("203.0.113.9"));
        assert_eq!(answer(plain(), request).await.0, 404, "a proxy on this machine: {name}");
    }
}

#[tokio::test]
async fn s22_metrics_are_for_whoever_has_the_token_too() {
    for (given, expected) in [
        (None, 404),
        (Some("Bearer a token of the tests"), 200),
        (Some("Bearer a token of the test"), 404),
        (Some("a token of the tests"), 404),
    ] {
        let web = Web { metrics_token: Some("a token of the tests".into()), ..plain() };
        let mut request = get_request("/metrics", Some("10.0.0.5:5"));
        if let Some(given) = given {
            request.headers_mut().insert("authorization", HeaderValue::from_static(given));
        }
        assert_eq!(answer(web, request).await.0, expected, "{given:?}");
    }
}

#[tokio::test]
async fn every_answer_carries_the_security_headers() {
    let table = [
        ("/webhook", 405),
        ("/healthz", 200),
        ("/readyz", 200),
        ("/metrics", 404),
        ("/", 404),
        ("/setup", 404),
        ("/x", 404),
    ];
    for (path, expected) in table {
        let response = routes(plain()).oneshot(get_request(path, None)).await.unwrap();
        assert_eq!(response.status().as_u16(), expected, "{path}");
        for (name, value) in &SECURITY_HEADERS {
            assert_eq!(response.headers().get(name), Some(value), "{path}");
        }
    }
}

#[tokio::test]
async fn a_delivery_over_a_socket_is_stored_and_the_connection_serves_the_next() {
    let server = Server::start().await;
    let mut client = server.client().await;
    for guid in ["one", "two", "one"] {
        client.write_all(http_delivery(guid).as_bytes()).await.unwrap();
        let expected = if server.inbox.guids().contains(&guid.to_owned()) { 200 } else { 202 };
        assert_eq!(read_status(&mut client).await, expected);
    }
    assert_eq!(server.inbox.guids(), ["one", "two"]);
    server.stop().await;
}

#[tokio::test]
async fn a_chunked_body_over_a_socket_is_read() {
    let server = Server::start().await;
    let mut client = server.client().await;
    let (first, second) = COMMENT.split_at(30);
    let request = format!(
        "POST /webhook HTTP/1.1\r\nHost: x\r\nX-GitHub-Event: issue_comment\r\nX-GitHub-Delivery: one\r\n\
         X-Hub-Signature-256: {}\r\nTransfer-Encoding: chunked\r\n\r\n{:x}\r\n{first}\r\n{:x}\r\n{second}\r\n0\r\n\r\n",
        sign(SECRET, COMMENT.as_bytes()),
        first.len(),
        second.len()
    );
    client.write_all(request.as_bytes()).await.unwrap();
    assert_eq!(read_status(&mut client).await, 202);
    server.stop().await;
}

#[tokio::test]
async fn unsigned_and_oversized_requests_are_answered_before_their_body_comes() {
    let server = Server::start().await;
    let signed = format!("X-Hub-Signature-256: {}\r\n", sign(SECRET, b""));
    for (header, length, expected) in [("", 200 << 20, 401), (signed.as_str(), 26 << 20, 413)] {
        let mut client = server.client().await;
        let head = format!("POST /webhook HTTP/1.1\r\nHost: x\r\n{header}Content-Length: {length}\r\n\r\n");
        client.write_all(head.as_bytes()).await.unwrap();
        assert_eq!(read_status(&mut client).await, expected);
    }
    server.stop().await;
}

#[tokio::test]
async fn a_client_that_sends_a_whole_refused_body_still_sees_the_answer() {
    let server = Server::start().await;
    let mut client = server.client().await;
    let head = format!("POST /webhook HTTP/1.1\r\nHost: x\r\nContent-Length: {}\r\n\r\n", 30 << 20);
    client.write_all(head.as_bytes()).await.unwrap();
    client.write_all(&vec![b' '; 30 << 20]).await.unwrap();
    assert_eq!(read_status(&mut client).await, 401);
    server.stop().await;
}

#[tokio::test]
async fn figures_can_be_read_over_loopback() {
    let server = Server::start().await;
    let mut client = server.client().await;
    client.write_all(b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
    assert_eq!(read_status(&mut client).await, 200);
    server.stop().await;
}

#[tokio::test]
async fn f22_shutdown_lets_a_running_request_finish_and_takes_no_new_ones() {
    let server = Server::start().await;
    let mut client = server.client().await;
    let request = http_delivery("late");
    let (begin, rest) = request.split_at(request.len() - 10);
    client.write_all(begin.as_bytes()).await.unwrap();
    // A second connection proves that the first one was taken: they come in order.
    let mut other = server.client().await;
    other.write_all(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
    assert_eq!(read_status(&mut other).await, 200);
    server.shutdown.cancel();
    // The listener is gone once a new connection is refused.
    while TcpStream::connect(server.address).await.is_ok() {
        tokio::task::yield_now().await;
    }
    client.write_all(rest.as_bytes()).await.unwrap();
    assert_eq!(read_status(&mut client).await, 202);
    assert_eq!(server.inbox.guids(), ["late"]);
    server.stop().await;
}

/// So long no test takes.
const NEVER: Duration = Duration::from_secs(3_600);

/// Waits until the server hangs up.
async fn hung_up(client: &mut TcpStream) {
    let mut rest = Vec::new();
    // A reset is a way to hang up, too.
    let _ = client.read_to_end(&mut rest).await;
    assert_eq!(rest, b"", "cut off without a word");
}

#[tokio::test]
async fn f18_who_does_not_send_its_headers_is_cut_off() {
    assert!(Doors::default().silence <= Duration::from_secs(10));
    let server = Server::behind(Doors { silence: Duration::from_millis(20), ..Doors::default() }).await;
    for begin in ["", "P", "POST /webhook HTTP/1.1\r\nHost: x\r\nX-Slow: "] {
        let mut client = server.client().await;
        client.write_all(begin.as_bytes()).await.unwrap();
        hung_up(&mut client).await;
    }
    server.stop().await;
}

/// As many connections as are served are taken by clients that say nothing: pages are still answered, deliveries are not
/// taken, and a place that comes free serves in full again.
#[tokio::test]
async fn f18_with_all_connections_taken_the_pages_are_still_there() {
    let doors = Doors { connections: 2, spare: 1, patience: NEVER, ..Doors::default() };
    let server = Server::behind(doors).await;
    let mut taken = [server.client().await, server.client().await];
    for client in &mut taken {
        client.write_all(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
        assert_eq!(read_status(client).await, 200);
    }
    for path in ["/healthz", "/readyz", "/metrics"] {
        let mut client = server.client().await;
        client.write_all(format!("GET {path} HTTP/1.1\r\nHost: x\r\n\r\n").as_bytes()).await.unwrap();
        assert_eq!(read_status(&mut client).await, 200, "{path}");
        hung_up(&mut client).await;
    }
    let mut client = server.client().await;
    client.write_all(http_delivery("crowded").as_bytes()).await.unwrap();
    assert_eq!(read_status(&mut client).await, 503);
    hung_up(&mut client).await;
    // Nobody is turned away: the next one waits until the place before it is free.
    let mut silent = server.client().await;
    let mut behind = server.client().await;
    behind.write_all(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
    hung_up(&mut silent).await;
    assert_eq!(read_status(&mut behind).await, 200);
    drop(taken);
    deliver(&server, "free").await;
    assert_eq!(server.inbox.guids(), ["free"]);
    server.stop().await;
}

/// Strangers that hold all places and say nothing, or never come to an end of their headers, keep no delivery out.
#[tokio::test]
async fn f18_the_longest_silent_connection_makes_room_and_no_request_does() {
    let (silence, patience) = (NEVER, Duration::from_millis(5));
    let server =
        Server::behind(Doors { connections: 2, spare: 0, silence, patience, ..Doors::default() }).await;
    // A long body has to keep a pace of its own.
    let long = format!("{COMMENT}{}", " ".repeat(70_000));
    let delivery = http_post("begun", &long).replacen("\r\n", "\r\nExpect: 100-continue\r\n", 1);
    let (head, body) = delivery.split_at(delivery.len() - long.len());
    let mut begun = server.client().await;
    begun.write_all(head.as_bytes()).await.unwrap();
    assert_eq!(read_status(&mut begun).await, 100);
    for number in 0..20 {
        let mut stranger = server.client().await;
        stranger.write_all(b"POST /webhook HTTP/1.1\r\nX-Slow: ").await.unwrap();
        deliver(&server, &format!("g{number}")).await;
        hung_up(&mut stranger).await;
    }
    begun.write_all(body.as_bytes()).await.unwrap();
    assert_eq!(read_status(&mut begun).await, 202, "in the middle of a request all the time");
    server.stop().await;
}

/// Strangers that announce a short body and send a byte of it now and then keep no delivery out either.
#[tokio::test]
async fn f18_who_announces_a_body_and_does_not_send_it_makes_room() {
    let (silence, patience) = (NEVER, Duration::from_millis(5));
    let server =
        Server::behind(Doors { connections: 2, spare: 0, silence, patience, ..Doors::default() }).await;
    let head = http_delivery("never").replace(COMMENT, "");
    for number in 0..10 {
        let mut strangers = [server.client().await, server.client().await];
        for stranger in &mut strangers {
            stranger.write_all(head.as_bytes()).await.unwrap();
            // Whoever was sent away at once cannot send any more.
            let _ = stranger.write_all(b"{").await;
        }
        deliver(&server, &format!("g{number}")).await;
        let [mut first, second] = strangers;
        hung_up(&mut first).await;
        drop(second);
    }
    server.stop().await;
}

/// Sends a delivery, again and again while it is not taken.
async fn deliver(server: &Server, guid: &str) {
    let taken = async {
        loop {
            let mut client = server.client().await;
            // Who was sent away meanwhile is told so by the next read.
            let _ = client.write_all(http_delivery(guid).as_bytes()).await;
            if status_of(&mut client).await == Some(202) {
                return;
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(60), taken).await.unwrap();
}

fn http_delivery(guid: &str) -> String {
    http_post(guid, COMMENT)
}

fn http_post(guid: &str, body: &str) -> String {
    format!(
        "POST /webhook HTTP/1.1\r\nHost: x\r\nX-GitHub-Event: issue_comment\r\nX-GitHub-Delivery: {guid}\r\n\
         X-Hub-Signature-256: {}\r\nContent-Length: {}\r\n\r\n{body}",
        sign(SECRET, body.as_bytes()),
        body.len()
    )
}

/// Reads one answer with its body and returns its status.
async fn read_status(client: &mut TcpStream) -> u16 {
    status_of(client).await.expect("closed without an answer")
}

/// The status of the next answer; none where the server hangs up.
async fn status_of(client: &mut TcpStream) -> Option<u16> {
    let mut seen = Vec::new();
    loop {
        if let Some(end) = seen.windows(4).position(|four| four == b"\r\n\r\n") {
            let head = String::from_utf8(seen[..end].to_vec()).unwrap().to_lowercase();
            let length = head.split("content-length: ").nth(1).and_then(|rest| rest.split("\r\n").next());
            let length: usize = length.map_or(0, |length| length.parse().unwrap());
            while seen.len() < end + 4 + length {
                client.read_buf(&mut seen).await.unwrap();
            }
            return Some(head.split(' ').nth(1).unwrap().parse().unwrap());
        }
        if client.read_buf(&mut seen).await.unwrap_or(0) == 0 {
            return None;
        }
    }
}

struct Server {
    address: SocketAddr,
    inbox: Arc<Memory>,
    shutdown: CancellationToken,
    running: tokio::task::JoinSet<()>,
}

impl Server {
    async fn start() -> Self {
        Self::behind(Doors::default()).await
    }

    async fn behind(doors: Doors) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let inbox = Arc::<Memory>::default();
        let shutdown = CancellationToken::new();
        let mut running = tokio::task::JoinSet::new();
        running.spawn(serve_behind(doors, listener, web(&inbox), shutdown.clone()));
        Self { address, inbox, shutdown, running }
    }

    async fn client(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    /// Ends the server; only a hanging one takes longer than this.
    async fn stop(mut self) {
        self.shutdown.cancel();
        tokio::time::timeout(Duration::from_secs(20), self.running.join_next())
            .await
            .unwrap()
            .unwrap()
            .unwrap();
    }
}
