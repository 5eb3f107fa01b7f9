//! Every answer of `POST /webhook`, without a socket.

use std::sync::Mutex;

use futures_util::{StreamExt as _, stream};
use hmac::{Hmac, KeyInit as _, Mac as _};
use http::Request as HttpRequest;
use http_body_util::BodyExt as _;
use proptest::prelude::*;
use secrecy::SecretString;
use sha2::Sha256;
use tower::ServiceExt as _;

use super::*;
use crate::config::allowed::Allowed;
use crate::domain::ids::{InstallationId, IssueNumber};
use crate::telemetry::metrics::Metrics;
use crate::web::body::{BodyLimits, Budget};
use crate::web::health::Looks;
use crate::web::routes::routes;
use crate::web::turned_away::TurnedAway;

pub(crate) const SECRET: &str = "the-webhook-secret";
pub(crate) const COMMENT: &str = r#"{"action":"created","issue":{"number":7},"repository":{"id":1,"full_name":"octo/hello"},"installation":{"id":9}}"#;

/// Remembers what it accepts, and can be told to fail or hang.
#[derive(Default)]
pub(crate) struct Memory {
    pub(crate) kept: Mutex<Vec<Accept>>,
    mood: Mutex<Mood>,
}

#[derive(Default, Clone, Copy)]
enum Mood {
    #[default]
    Well,
    Failing,
    Hanging,
}

impl Memory {
    pub(crate) fn guids(&self) -> Vec<String> {
        self.kept.lock().unwrap().iter().map(|delivery| delivery.guid.clone()).collect()
    }
}

impl Inbox for Memory {
    fn accept(&self, delivery: Accept) -> BoxFuture<'_, Result<Accepted, Unavailable>> {
        Box::pin(async move {
            let mood = *self.mood.lock().unwrap();
            match mood {
                Mood::Well => {}
                Mood::Failing => {
                    return Err(Unavailable {
                        retry_after: Some(Duration::from_secs(7)),
                        cause: "disk full".into(),
                    });
                }
                Mood::Hanging => return std::future::pending().await,
            }
            let mut kept = self.kept.lock().unwrap();
            if kept.iter().any(|other| other.guid == delivery.guid) {
                return Ok(Accepted::SeenBefore);
            }
            // The share is given back: this memory is not that one.
            kept.push(Accept { share: Share::default(), ..delivery });
            Ok(Accepted::New)
        })
    }
}

pub(crate) fn web(inbox: &Arc<Memory>) -> Web {
    Web {
        inbox: Arc::clone(inbox) as Arc<dyn Inbox>,
        webhook_secrets: vec![SecretString::from("an-older-secret"), SecretString::from(SECRET)],
        wanted: Wanted {
            event: |event| matches!(event, "issue_comment" | "push" | "installation"),
            action: |event, action| {
                matches!(
                    (event, action),
                    ("issue_comment", Some("created")) | ("push", None) | ("installation", _)
                )
            },
        },
        allowed: Allowed::default(),
        checks: Vec::new(),
        looks: Looks::default(),
        metrics: Metrics::new(),
        metrics_token: None,
        budget: Budget::new(BodyLimits::default()),
        turned_away: TurnedAway::default(),
    }
}

pub(crate) fn sign(secret: &str, body: &[u8]) -> String {
    let mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap().chain_update(body);
    let hex: String = mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    format!("sha256={hex}")
}

/// A signed delivery of an issue comment.
fn delivery(body: impl Into<Bytes>) -> HttpRequest<Body> {
    let body = body.into();
    HttpRequest::post("/webhook")
        .header("x-github-event", "issue_comment")
        .header("x-github-delivery", "72d3162e-cc78-11e3-81ab-4c9367dc0958")
        .header("x-hub-signature-256", sign(SECRET, &body))
        .body(Body::from(body))
        .unwrap()
}

fn with(mut request: HttpRequest<Body>, name: &'static str, value: &str) -> HttpRequest<Body> {
    request.headers_mut().insert(name, value.parse().unwrap());
    request
}

fn without(mut request: HttpRequest<Body>, name: &str) -> HttpRequest<Body> {
    request.headers_mut().remove(name);
    request
}

async fn answer_of(web: Web, request: HttpRequest<Body>) -> (u16, String) {
    let response = routes(web).oneshot(request).await.unwrap();
    let status = response.status().as_u16();
    let bytes = response.into_body().collect().await.unwrap().to_bytes();
    (status, String::from_utf8(bytes.to_vec()).unwrap())
}

async fn status_of(web: Web, request: HttpRequest<Body>) -> u16 {
    answer_of(web, request).await.0
}

#[tokio::test]
async fn a_wanted_delivery_is_stored_as_it_came_and_answered_202() {
    let inbox = Arc::new(Memory::default());
    assert_eq!(answer_of(web(&inbox), delivery(COMMENT)).await, (202, "Accepted.\n".to_owned()));
    let kept = inbox.kept.lock().unwrap();
    assert_eq!(kept.len(), 1);
    assert_eq!(kept[0].guid, "72d3162e-cc78-11e3-81ab-4c9367dc0958");
    assert_eq!(kept[0].event, "issue_comment");
    assert_eq!(kept[0].body, COMMENT);
    assert_eq!(kept[0].shallow.issue_number, Some(IssueNumber(7)));
    assert_eq!(kept[0].shallow.installation_id, Some(InstallationId(9)));
}

#[tokio::test]
async fn a_delivery_seen_before_is_answered_200() {
    let inbox = Arc::new(Memory::default());
    assert_eq!(status_of(web(&inbox), delivery(COMMENT)).await, 202);
    assert_eq!(status_of(web(&inbox), delivery(COMMENT)).await, 200);
    assert_eq!(inbox.guids().len(), 1);
}

#[tokio::test]
async fn s1_both_secrets_of_a_rotation_pass() {
    let inbox = Arc::new(Memory::default());
    for (guid, secret) in [("new", SECRET), ("old", "an-older-secret")] {
        let request = with(delivery(COMMENT), "x-hub-signature-256", &sign(secret, COMMENT.as_bytes()));
        assert_eq!(status_of(web(&inbox), with(request, "x-github-delivery", guid)).await, 202);
    }
    assert_eq!(inbox.guids(), ["new", "old"]);
}

#[tokio::test]
async fn s1_anything_but_a_fitting_signature_is_401_and_nothing_is_stored() {
    let inbox = Arc::new(Memory::default());
    let good = sign(SECRET, COMMENT.as_bytes());
    let wrong = [
        sign("a-guess", COMMENT.as_bytes()),
        sign(SECRET, b"another body"),
        good[..40].to_owned(),
        format!("{good}00"),
        good.to_uppercase(),
        good.replace("sha256=", ""),
        good.replace("sha256=", "sha1="),
        good.replace("sha256=", "SHA256="),
        format!(" {good} x"),
        String::new(),
    ];
    for header in wrong {
        let request = with(delivery(COMMENT), "x-hub-signature-256", &header);
        assert_eq!(status_of(web(&inbox), request).await, 401, "{header}");
    }
    assert_eq!(status_of(web(&inbox), without(delivery(COMMENT), "x-hub-signature-256")).await, 401);
    let sha1 = with(without(delivery(COMMENT), "x-hub-signature-256"), "x-hub-signature", &good);
    assert_eq!(status_of(web(&inbox), sha1).await, 401);
    assert_eq!(inbox.guids(), Vec::<String>::new());
}

#[tokio::test]
async fn s1_the_signature_is_checked_before_the_body_is_parsed() {
    let inbox = Arc::new(Memory::default());
    let wrong = with(delivery("not json"), "x-hub-signature-256", &sign("a-guess", b"not json"));
    assert_eq!(status_of(web(&inbox), wrong).await, 401);
    assert_eq!(status_of(web(&inbox), delivery("not json")).await, 400);
}

#[tokio::test]
async fn signed_but_incomplete_is_400() {
    let inbox = Arc::new(Memory::default());
    for missing in ["x-github-event", "x-github-delivery"] {
        let (status, sentence) = answer_of(web(&inbox), without(delivery(COMMENT), missing)).await;
        assert_eq!(status, 400, "{missing}");
        assert!(
            sentence.to_lowercase().starts_with(&format!("the {missing} header is missing.")),
            "{sentence}"
        );
        for odd in ["", "two words", "\u{fc}", &"x".repeat(101)] {
            let (status, sentence) = answer_of(web(&inbox), with(delivery(COMMENT), missing, odd)).await;
            assert_eq!(status, 400, "{missing}: {odd}");
            let malformed = format!("the {missing} header is malformed; it is one word");
            assert!(sentence.to_lowercase().starts_with(&malformed), "{odd}: {sentence}");
        }
    }
    assert_eq!(inbox.guids(), Vec::<String>::new());
}

#[tokio::test]
async fn f19_a_body_that_is_not_a_json_object_is_400() {
    let inbox = Arc::new(Memory::default());
    let bodies: [&[u8]; 11] = [
        b"",
        b"[]",
        b"7",
        b"null",
        b"\"text\"",
        b"{\"action\":\"created\"",
        b"{} {}",
        b"payload=%7B%7D",
        b"{\"title\":\"\0\"}",
        b"{\"title\":\"\xff\xfe\"}",
        b"\xef\xbb\xbf{}",
    ];
    for body in bodies {
        assert_eq!(status_of(web(&inbox), delivery(Bytes::copy_from_slice(body))).await, 400, "{body:?}");
    }
    assert_eq!(inbox.guids(), Vec::<String>::new());
}

#[tokio::test]
async fn f19_odd_json_that_is_an_object_is_kept_as_it_is() {
    let inbox = Arc::new(Memory::default());
    let inside = [
        format!(r#","deep":{}{}"#, "[".repeat(100_000), "]".repeat(100_000)),
        r#","title":"a\u0000b\ud800c""#.to_owned(),
        format!(r#","title":"{}""#, "x".repeat(1_000_000)),
        r#","user":null,"sender":null"#.to_owned(),
        r#","number":"x","huge":1e999,"repository2":{"id":"x"}"#.to_owned(),
    ];
    for (n, more) in inside.iter().enumerate() {
        let body = COMMENT.replacen(r#""created""#, &format!(r#""created"{more}"#), 1);
        let request = with(delivery(body), "x-github-delivery", &n.to_string());
        assert_eq!(status_of(web(&inbox), request).await, 202, "{}", &more[..more.len().min(40)]);
    }
    assert_eq!(inbox.guids().len(), inside.len());
}

#[tokio::test]
async fn what_nobody_listens_to_is_200_and_stored_nowhere() {
    let inbox = Arc::new(Memory::default());
    let deleted = COMMENT.replace("created", "deleted");
    let cases = [
        with(delivery(COMMENT), "x-github-event", "ping"),
        with(delivery(COMMENT), "x-github-event", "an_event_of_next_year"),
        delivery(deleted),
        delivery(COMMENT.replace(r#""installation":{"id":9}"#, r#""sender":{"id":9}"#)),
    ];
    for request in cases {
        assert_eq!(status_of(web(&inbox), request).await, 200);
    }
    assert_eq!(inbox.guids(), Vec::<String>::new());
}

#[tokio::test]
async fn owners_and_repositories_off_the_list_are_200_and_stored_nowhere() {
    let installation = r#"{"action":"created","installation":{"id":9,"account":{"login":"octo"}}}"#;
    let nobody = r#"{"action":"created","installation":{"id":9}}"#;
    let lists = |owners: &[&str], repositories: &[&str]| {
        let text = |list: &[&str]| list.iter().map(|entry| (*entry).to_owned()).collect();
        Allowed::new(text(owners), text(repositories))
    };
    let table = [
        (lists(&["Octo"], &[]), "issue_comment", COMMENT, 202),
        (lists(&["acme"], &[]), "issue_comment", COMMENT, 200),
        (lists(&[], &["octo/hello"]), "issue_comment", COMMENT, 202),
        (lists(&[], &["octo/other"]), "issue_comment", COMMENT, 200),
        (lists(&["octo"], &[]), "installation", installation, 202),
        (lists(&["acme"], &[]), "installation", installation, 200),
        (lists(&[], &[]), "installation", nobody, 202),
        (lists(&["octo"], &[]), "installation", nobody, 200),
    ];
    for (allowed, event, body, expected) in table {
        let inbox = Arc::new(Memory::default());
        let web = Web { allowed, ..web(&inbox) };
        let request = with(delivery(body), "x-github-event", event);
        assert_eq!(status_of(web, request).await, expected, "{event} {body}");
        assert_eq!(inbox.guids().len(), usize::from(expected == 202));
    }
}

#[tokio::test]
async fn a_body_over_the_limit_is_413_announced_or_not() {
    let inbox = Arc::new(Memory::default());
    let large = vec![b' '; 26 * 1024 * 1024];
    let announced = with(delivery(large.clone()), "content-length", &large.len().to_string());
    assert_eq!(status_of(web(&inbox), announced).await, 413);

    let signature = sign(SECRET, &large);
    let pieces: Vec<Result<Bytes, std::io::Error>> =
        large.chunks(1024 * 1024).map(|piece| Ok(Bytes::copy_from_slice(piece))).collect();
    let mut chunked = with(delivery(""), "x-hub-signature-256", &signature);
    *chunked.body_mut() = Body::from_stream(stream::iter(pieces));
    assert_eq!(status_of(web(&inbox), chunked).await, 413);
    assert_eq!(inbox.guids(), Vec::<String>::new());
}

#[tokio::test]
async fn a_body_in_many_pieces_is_put_together() {
    let inbox = Arc::new(Memory::default());
    let pieces: Vec<Result<Bytes, std::io::Error>> =
        COMMENT.as_bytes().chunks(7).map(|piece| Ok(Bytes::copy_from_slice(piece))).collect();
    let mut request = delivery(COMMENT);
    *request.body_mut() = Body::from_stream(stream::iter(pieces));
    assert_eq!(status_of(web(&inbox), request).await, 202);
    assert_eq!(inbox.kept.lock().unwrap()[0].body, COMMENT);
}

#[tokio::test]
async fn what_cannot_be_stored_is_503_with_retry_after() {
    let inbox = Arc::new(Memory::default());
    *inbox.mood.lock().unwrap() = Mood::Failing;
    let response = routes(web(&inbox)).oneshot(delivery(COMMENT)).await.unwrap();
    assert_eq!(response.status(), 503);
    assert_eq!(response.headers()["retry-after"], "7");
}

#[tokio::test]
async fn what_was_turned_away_is_told_by_a_server_that_is_ready() {
    let inbox = Arc::new(Memory::default());
    let turned_away = TurnedAway::default();
    let page = async || {
        let web = Web { turned_away: turned_away.clone(), ..web(&inbox) };
        let request = HttpRequest::get("/readyz").body(Body::empty()).unwrap();
        let response = routes(web).oneshot(request).await.unwrap();
        assert_eq!(response.status(), 200);
        String::from_utf8(response.into_body().collect().await.unwrap().to_bytes().to_vec()).unwrap()
    };
    let delivers = async || {
        let web = Web { turned_away: turned_away.clone(), ..web(&inbox) };
        status_of(web, delivery(COMMENT)).await
    };
    assert_eq!((delivers().await, page().await.as_str()), (202, r#"{"status":"ok"}"#));
    *inbox.mood.lock().unwrap() = Mood::Failing;
    assert_eq!(delivers().await, 503);
    let told = "deliveries were turned away within the last minute and have to come again: The delivery could not be stored.";
    assert!(page().await.contains(told), "{}", page().await);
}

#[tokio::test]
async fn f15_a_store_that_hangs_is_503_before_github_hangs_up() {
    assert!(BodyLimits::default().deadline < Duration::from_secs(10));
    let inbox = Arc::new(Memory::default());
    *inbox.mood.lock().unwrap() = Mood::Hanging;
    let limits = BodyLimits { deadline: Duration::from_millis(20), ..BodyLimits::default() };
    let web = Web { budget: Budget::new(limits), ..web(&inbox) };
    let response = routes(web).oneshot(delivery(COMMENT)).await.unwrap();
    assert_eq!(response.status(), 503);
    assert!(response.headers().contains_key("retry-after"));
}

#[tokio::test]
async fn f18_a_body_that_never_ends_is_cut_off() {
    let inbox = Arc::new(Memory::default());
    let limits = BodyLimits { deadline: Duration::from_millis(20), ..BodyLimits::default() };
    let web = Web { budget: Budget::new(limits), ..web(&inbox) };
    let mut request = delivery(COMMENT);
    *request.body_mut() = Body::from_stream(stream::pending::<Result<Bytes, std::io::Error>>());
    assert_eq!(status_of(web, request).await, 503);
    assert_eq!(inbox.guids(), Vec::<String>::new());
}

#[tokio::test]
async fn f18_bodies_share_one_budget_and_give_it_back() {
    let inbox = Arc::new(Memory::default());
    let budget =
        Budget::new(BodyLimits { small_room: COMMENT.len() + 10, slight_bytes: 0, ..BodyLimits::default() });
    let held = budget.read(&mut Body::from("12345678901"), Instant::now(), |_| {}).await.unwrap();
    let with_budget = || Web { budget: budget.clone(), ..web(&inbox) };
    let response = routes(with_budget()).oneshot(delivery(COMMENT)).await.unwrap();
    assert_eq!(response.status(), 503);
    assert!(response.headers().contains_key("retry-after"));
    assert_eq!(inbox.guids(), Vec::<String>::new());
    drop(held);
    assert_eq!(status_of(with_budget(), delivery(COMMENT)).await, 202);
    assert_eq!(status_of(with_budget(), with(delivery(COMMENT), "x-github-delivery", "next")).await, 202);
}

#[tokio::test]
async fn f18_large_bodies_that_stop_in_the_middle_keep_no_small_one_out() {
    let inbox = Arc::new(Memory::default());
    let budget = Budget::new(BodyLimits {
        body_bytes: 2_000,
        small_bytes: 1_000,
        large_room: 2_000,
        ..BodyLimits::default()
    });
    let with_budget = || Web { budget: budget.clone(), ..web(&inbox) };
    let mut stopped = Vec::new();
    for _ in 0..3 {
        let mut request = delivery(COMMENT);
        let begin = stream::iter([Ok::<_, std::io::Error>(Bytes::from(vec![b'x'; 1_001]))]);
        *request.body_mut() = Body::from_stream(begin.chain(stream::pending()));
        let mut pending = Box::pin(routes(with_budget()).oneshot(request));
        assert!(futures_util::poll!(pending.as_mut()).is_pending());
        stopped.push(pending);
    }
    assert_eq!(status_of(with_budget(), delivery(COMMENT)).await, 202);
}

#[tokio::test]
async fn a_large_delivery_is_stored_as_it_came() {
    let inbox = Arc::new(Memory::default());
    let body = COMMENT.replacen("{", &format!(r#"{{"pad":"{}","#, "x".repeat(3 << 20)), 1);
    let mut forged = delivery(body.clone());
    forged.headers_mut().insert("x-hub-signature-256", sign("a-guess", body.as_bytes()).parse().unwrap());
    assert_eq!(status_of(web(&inbox), forged).await, 401);
    assert_eq!(status_of(web(&inbox), delivery(body.clone())).await, 202);
    assert_eq!(inbox.kept.lock().unwrap()[0].body, body);
}

#[tokio::test]
async fn answers_are_counted() {
    let inbox = Arc::new(Memory::default());
    let metrics = Metrics::new();
    for request in [delivery(COMMENT), delivery(COMMENT), without(delivery(COMMENT), "x-hub-signature-256")] {
        status_of(Web { metrics: metrics.clone(), ..web(&inbox) }, request).await;
    }
    let page = metrics.encode();
    for answer in ["202", "200", "401"] {
        assert!(page.contains(&format!(r#"millwright_deliveries_total{{answer="{answer}"}} 1"#)), "{page}");
    }
    assert!(page.contains("millwright_ack_seconds_count 3"), "{page}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn f19_no_signed_body_brings_anything_but_a_clear_answer(body in any::<Vec<u8>>(), event in "[a-z_]{1,20}") {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        let inbox = Arc::new(Memory::default());
        let status = runtime.block_on(status_of(web(&inbox), with(delivery(body), "x-github-event", &event)));
        prop_assert!([200, 202, 400].contains(&status));
    }
}
