//! Things that go wrong on purpose, and limits.

use std::time::Duration;

use super::*;

const COMMENTS: &str = "/repos/acme/web/issues/1/comments";

fn comment() -> (Value, &'static [(&'static str, &'static str)]) {
    (json!({ "body": "hello" }), &[])
}

#[tokio::test]
async fn f3_an_answer_can_be_lost_before_and_after_the_deed() {
    let bench = Bench::new();
    let faults = bench.world.faults();
    let after = |effect| Fault::on("POST", "/repos/*/*/issues/*/comments", effect).after();
    faults.add(after(Effect::Answer(FaultAnswer::status(502))).when(When::First(1)));
    assert_eq!(bench.send("POST", COMMENTS, comment().0).await.status, 502);
    assert_eq!(bench.world.comments(REPOSITORY, 1).len(), 1, "stored");
    faults.clear();
    faults.add(after(Effect::Cut));
    assert!(bench.try_send("POST", COMMENTS, comment()).await.is_none());
    assert_eq!(bench.world.comments(REPOSITORY, 1).len(), 2, "stored");
    faults.clear();
    faults.add(Fault::on("POST", "/repos/**", Effect::Cut));
    assert!(bench.try_send("POST", COMMENTS, comment()).await.is_none());
    assert_eq!(bench.world.comments(REPOSITORY, 1).len(), 2, "not stored");
    let log = bench.world.requests();
    let seen: Vec<_> = log.iter().map(|request| (request.status, request.applied)).collect();
    assert_eq!(seen, [(Some(502), true), (None, true), (None, false)]);
}

#[tokio::test]
async fn a_cut_connection_gives_a_client_nothing() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let bench = Bench::new();
    bench.world.faults().add(Fault::on("GET", "/meta", Effect::Cut).when(When::First(1)));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    #[expect(clippy::disallowed_methods, reason = "the server of a test")]
    tokio::spawn(serve(bench.world.clone(), listener));
    let ask = async || {
        let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
        let request =
            format!("GET /meta HTTP/1.1\r\nhost: {address}\r\nuser-agent: x\r\nconnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.map(|_| answer).unwrap_or_default()
    };
    assert_eq!(ask().await, "");
    assert!(ask().await.starts_with("HTTP/1.1 200 OK"));
    assert_eq!(bench.world.api_url(), format!("http://{address}"));
}

#[tokio::test]
async fn f5_limits_come_in_four_scripts() {
    let bench = Bench::new();
    let faults = bench.world.faults();
    for answer in [
        FaultAnswer::secondary_limit(Some(72)),
        FaultAnswer::too_many_requests(30),
        FaultAnswer::primary_limit(600),
        FaultAnswer::secondary_limit(None),
    ] {
        faults.add(Fault::on("*", "/**", Effect::Answer(answer)).when(When::First(1)));
    }
    let sent = bench.get("/meta").await;
    assert_eq!((sent.status, sent.header("retry-after")), (403, "72"));
    assert!(sent.message().contains("secondary rate limit"));
    let sent = bench.get("/meta").await;
    assert_eq!((sent.status, sent.header("retry-after")), (429, "30"));
    let sent = bench.get("/meta").await;
    let reset = (START_MS / 1000 + 600).to_string();
    assert_eq!((sent.status, sent.header("x-ratelimit-remaining")), (403, "0"));
    assert_eq!(sent.header("x-ratelimit-reset"), reset);
    let sent = bench.get("/meta").await;
    assert_eq!((sent.status, sent.header("retry-after"), sent.header("x-ratelimit-reset")), (403, "", ""));
    assert_eq!(bench.get("/meta").await.status, 200);
}

#[tokio::test]
async fn f6_content_is_limited_per_minute() {
    let bench = Bench::new();
    bench.world.set_rates(Rates { points_per_minute: 10_000, ..Rates::default() });
    for _ in 0..80 {
        assert_eq!(bench.send("POST", COMMENTS, comment().0).await.status, 201);
    }
    let sent = bench.send("POST", COMMENTS, comment().0).await;
    assert_eq!((sent.status, sent.header("retry-after")), (403, "60"));
    assert_eq!(bench.world.comments(REPOSITORY, 1).len(), 80);
    assert_eq!(bench.get(COMMENTS).await.status, 200, "reading goes on");
    bench.advance(60_000);
    assert_eq!(bench.send("POST", COMMENTS, comment().0).await.status, 201);
}

#[tokio::test]
async fn the_primary_limit_is_told_and_kept() {
    let bench = Bench::new();
    bench.world.set_rates(Rates { core_per_hour: 2, ..Rates::default() });
    let sent = bench.get("/repos/acme/web").await;
    assert_eq!((sent.header("x-ratelimit-limit"), sent.header("x-ratelimit-remaining")), ("2", "1"));
    bench.get("/repos/acme/web").await;
    let sent = bench.get("/repos/acme/web").await;
    assert_eq!((sent.status, sent.header("x-ratelimit-remaining")), (403, "0"));
    assert_eq!(sent.header("x-ratelimit-reset"), (START_MS / 1000 + 3600).to_string());
    let free = bench.get("/rate_limit").await;
    assert_eq!((free.status, &free.body["rate"]["remaining"]), (200, &json!(0)));
    bench.advance(3_600_000);
    let fresh = bench.world.installation_token(bench.installation, None).unwrap();
    let bearer = [("authorization", &*format!("Bearer {fresh}"))];
    assert_eq!(bench.send_with("GET", "/repos/acme/web", (Value::Null, &bearer)).await.status, 200);
}

#[tokio::test]
async fn f8_all_tokens_can_expire_at_once() {
    let bench = Bench::new();
    assert_eq!(bench.get("/repos/acme/web").await.status, 200);
    bench.world.expire_all_tokens();
    assert_eq!(bench.get("/repos/acme/web").await.message(), "Bad credentials");
}

#[tokio::test]
async fn f2_lists_can_lag() {
    let bench = Bench::new();
    bench.world.faults().set_comment_lag_ms(5_000);
    let sent = bench.send("POST", COMMENTS, comment().0).await;
    let own = format!("/repos/acme/web/issues/comments/{}", sent.body["id"]);
    assert_eq!(bench.get(COMMENTS).await.body, json!([]));
    assert_eq!(bench.get(&own).await.status, 200);
    bench.advance(5_000);
    assert_eq!(bench.get(COMMENTS).await.body.as_array().unwrap().len(), 1);
}

/// Lets a request run until the world shows something, then gives it up. It must not be answered before.
async fn run_until(request: impl Future, done: impl Fn() -> bool) {
    let mut request = std::pin::pin!(request);
    while !done() {
        tokio::select! {
            biased;
            _ = &mut request => panic!("answered"),
            () = tokio::task::yield_now() => {}
        }
    }
}

#[tokio::test]
async fn answers_can_be_late_or_never_come() {
    let bench = Bench::new();
    bench.world.faults().add(Fault::on("GET", "/meta", Effect::Delay(Duration::from_millis(1))));
    assert_eq!(bench.get("/meta").await.status, 200);
    bench.world.faults().add(Fault::on("POST", "/repos/**", Effect::Hang).after());
    let stored = || !bench.world.comments(REPOSITORY, 1).is_empty();
    run_until(bench.send("POST", COMMENTS, comment().0), stored).await;
    assert_eq!(bench.world.requests().last().unwrap().finished_ms, None);
}

#[tokio::test]
async fn content_writes_under_way_are_counted() {
    let bench = Bench::new();
    let post = || bench.send("POST", COMMENTS, comment().0);
    post().await;
    post().await;
    let most = || bench.world.most_content_writes_at_once(bench.installation);
    assert_eq!(most(), 1);
    bench.world.faults().add(Fault::on("POST", "/**", Effect::Hang));
    run_until(async { tokio::join!(post(), post()) }, || most() == 2).await;
    bench.world.faults().clear();
    post().await;
    assert_eq!(most(), 2, "those given up are counted out");
}

#[tokio::test]
async fn the_log_keeps_bodies_but_no_secrets() {
    let bench = Bench::new();
    bench.send("POST", COMMENTS, comment().0).await;
    bench.get("/api/v3/repos/acme/web/nothing?x=1").await;
    let log = bench.world.requests();
    assert_eq!(log[0].body, Some(json!({ "body": "hello" })));
    assert_eq!(log[0].answer.as_ref().unwrap()["body"], "hello");
    assert_eq!(log[0].route, Some("/repos/{owner}/{repo}/issues/{issue_number}/comments"));
    assert_eq!((log[0].token, log[0].content), (TokenKind::Installation(bench.installation), true));
    assert_eq!((log[1].path.as_str(), log[1].query.as_str()), ("/repos/acme/web/nothing", "x=1"));
    assert_eq!((log[1].route, log[1].status), (None, Some(404)));
    assert!(!format!("{log:?}").contains(&bench.token));
}
