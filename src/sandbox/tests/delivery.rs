//! Webhooks: derived from what happens, signed, logged, redelivered, lost on purpose.

use std::sync::Mutex;

use axum::body::Bytes;
use axum::routing::post;
use http::{HeaderMap, StatusCode};

use super::*;

/// An App that keeps what it is sent and answers as it is told.
#[derive(Clone, Default)]
struct Receiver {
    got: Arc<Mutex<Vec<(HeaderMap, Bytes)>>>,
    fails: Arc<AtomicI64>,
}

impl Receiver {
    async fn listen(&self, world: &World) {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        world.set_webhook_url(format!("http://{}/webhook", listener.local_addr().unwrap()));
        let receiver = self.clone();
        let answer = async move |headers: HeaderMap, body: Bytes| {
            receiver.got.lock().unwrap().push((headers, body));
            match receiver.fails.load(Ordering::SeqCst) {
                0 => (StatusCode::ACCEPTED, "thanks"),
                _ => (StatusCode::SERVICE_UNAVAILABLE, "later"),
            }
        };
        let app = axum::Router::new().route("/webhook", post(answer));
        #[expect(clippy::disallowed_methods, reason = "the receiver of a test")]
        tokio::spawn(async move { axum::serve(listener, app).await });
    }

    fn events(&self) -> Vec<String> {
        let got = self.got.lock().unwrap();
        let event = |headers: &HeaderMap, body: &Bytes| {
            let action = serde_json::from_slice::<Value>(body).unwrap()["action"].clone();
            let event = headers["x-github-event"].to_str().unwrap();
            format!("{event}.{}", action.as_str().unwrap_or("none"))
        };
        got.iter().map(|(headers, body)| event(headers, body)).collect()
    }

    fn payload(&self, position: usize) -> Value {
        serde_json::from_slice(&self.got.lock().unwrap()[position].1).unwrap()
    }

    fn guids(&self) -> Vec<String> {
        let got = self.got.lock().unwrap();
        got.iter().map(|(headers, _)| headers["x-github-delivery"].to_str().unwrap().to_owned()).collect()
    }
}

#[tokio::test]
async fn a_comment_arrives_signed_and_whole() {
    let bench = Bench::new();
    let receiver = Receiver::default();
    let comment = bench.world.act_as("rita").comment(REPOSITORY, 2, "/enhance").unwrap();
    assert_eq!(Deliverer::default().deliver_pending(&bench.world).await, 0, "no address is known yet");
    receiver.listen(&bench.world).await;
    assert_eq!(Deliverer::default().deliver_pending(&bench.world).await, 1);
    let (headers, body) = receiver.got.lock().unwrap()[0].clone();
    let expected = signature(&bench.world.app().webhook_secret, &body);
    assert_eq!(headers["x-hub-signature-256"].to_str().unwrap(), expected);
    assert_eq!(headers["content-type"], "application/json");
    let payload = receiver.payload(0);
    assert_eq!(payload["action"], "created");
    assert_eq!(payload["comment"]["id"], comment);
    assert_eq!(payload["issue"]["number"], 2);
    assert_eq!(payload["repository"]["full_name"], "acme/web");
    assert_eq!(payload["sender"]["login"], "rita");
    assert_eq!(payload["organization"]["login"], "acme");
    assert_eq!(payload["installation"]["id"], bench.installation);
    assert!(payload["installation"]["node_id"].is_string());
    let log = bench.world.webhook_log();
    assert_eq!(log[0].outcome.as_ref().unwrap().response_body, "thanks");
}

#[tokio::test]
async fn everything_that_happens_is_told() {
    let bench = Bench::new();
    let world = &bench.world;
    let receiver = Receiver::default();
    receiver.listen(world).await;
    let ada = world.act_as("ada");
    let number = ada.open_issue(REPOSITORY, "New", "text").unwrap();
    let edit = IssueEdit { body: Some(Some("better".to_owned())), ..IssueEdit::default() };
    ada.edit_issue(REPOSITORY, number, edit).unwrap();
    ada.label(REPOSITORY, number, "fresh").unwrap();
    ada.unlabel(REPOSITORY, number, "fresh").unwrap();
    ada.close(REPOSITORY, number).unwrap();
    ada.reopen(REPOSITORY, number).unwrap();
    ada.lock(REPOSITORY, number).unwrap();
    let comment = ada.comment(REPOSITORY, number, "one").unwrap();
    ada.edit_comment(REPOSITORY, comment, "two").unwrap();
    ada.delete_comment(REPOSITORY, comment).unwrap();
    ada.push(REPOSITORY, "Change", &[("a.txt", Some("a")), ("README.md", None)]).unwrap();
    ada.add_sub_issue(REPOSITORY, 1, number).unwrap();
    ada.add_blocked_by(REPOSITORY, number, 2).unwrap();
    ada.delete_issue(REPOSITORY, number).unwrap();
    ada.rename_repository(REPOSITORY, "site").unwrap();
    world.suspend_installation(bench.installation).unwrap();
    ada.comment("acme/site", 1, "nobody hears this").unwrap();
    world.unsuspend_installation(bench.installation).unwrap();
    world.remove_from_installation(bench.installation, &["acme/site"]).unwrap();
    world.delete_installation(bench.installation).unwrap();
    Deliverer::default().deliver_pending(world).await;
    assert_eq!(
        receiver.events(),
        [
            "issues.opened",
            "issues.edited",
            "label.created",
            "issues.labeled",
            "issues.unlabeled",
            "issues.closed",
            "issues.reopened",
            "issues.locked",
            "issue_comment.created",
            "issue_comment.edited",
            "issue_comment.deleted",
            "push.none",
            "sub_issues.sub_issue_added",
            "sub_issues.parent_issue_added",
            "issue_dependencies.blocked_by_added",
            "issue_dependencies.blocking_added",
            "issues.deleted",
            "repository.renamed",
            "installation.suspend",
            "installation.unsuspend",
            "installation_repositories.removed",
            "installation.deleted",
        ]
    );
    assert_eq!(receiver.payload(1)["changes"], json!({ "body": { "from": "text" } }));
    assert_eq!(receiver.payload(9)["changes"], json!({ "body": { "from": "one" } }));
    assert_eq!(receiver.payload(3)["label"]["name"], "fresh");
    let push = receiver.payload(11);
    assert_eq!(push["ref"], "refs/heads/main");
    assert_eq!(push["head_commit"]["added"], json!(["a.txt"]));
    assert_eq!(push["head_commit"]["removed"], json!(["README.md"]));
    assert_eq!(push["after"], push["head_commit"]["id"]);
    assert_eq!(receiver.payload(12)["parent_issue"]["number"], 1);
    assert_eq!(receiver.payload(14)["blocking_issue"]["number"], 2);
    assert_eq!(receiver.payload(17)["changes"]["repository"]["name"]["from"], "web");
}

#[tokio::test]
async fn the_apps_own_writes_are_told_too() {
    let bench = Bench::new();
    let receiver = Receiver::default();
    receiver.listen(&bench.world).await;
    bench.send("POST", "/repos/acme/web/issues/1/comments", json!({ "body": "hello" })).await;
    Deliverer::default().deliver_pending(&bench.world).await;
    assert_eq!(receiver.payload(0)["sender"]["login"], "millwright[bot]");
    assert_eq!(receiver.payload(0)["sender"]["type"], "Bot");
}

#[tokio::test]
async fn the_log_is_paged_and_redelivers() {
    let bench = Bench::new();
    let receiver = Receiver::default();
    receiver.listen(&bench.world).await;
    receiver.fails.store(1, Ordering::SeqCst);
    for text in ["one", "two", "three"] {
        bench.world.act_as("rita").comment(REPOSITORY, 1, text).unwrap();
    }
    Deliverer::default().deliver_pending(&bench.world).await;
    let first = bench.as_app("GET", "/app/hook/deliveries?per_page=2&status=failure", Value::Null).await;
    assert_eq!(first.body.as_array().unwrap().len(), 2);
    assert_eq!((&first.body[0]["status_code"], &first.body[0]["redelivery"]), (&json!(503), &json!(false)));
    let next =
        first.header("link").trim_start_matches("<http://github.test").split('>').next().unwrap().to_owned();
    assert!(next.contains("cursor=") && next.contains("per_page=2"), "{next}");
    let second = bench.as_app("GET", &next, Value::Null).await;
    assert_eq!((second.body.as_array().unwrap().len(), second.header("link")), (1, ""));
    receiver.fails.store(0, Ordering::SeqCst);
    let id = second.body[0]["id"].as_i64().unwrap();
    let one = bench.as_app("GET", &format!("/app/hook/deliveries/{id}"), Value::Null).await;
    assert_eq!(one.body["request"]["payload"]["comment"]["body"], "one");
    let again = format!("/app/hook/deliveries/{id}/attempts");
    assert_eq!(bench.as_app("POST", &again, Value::Null).await.status, 202);
    Deliverer::default().deliver_pending(&bench.world).await;
    let guids = receiver.guids();
    assert_eq!((guids.len(), &guids[3]), (4, &guids[0]));
    assert!(bench.world.webhook_log()[0].redelivery);
    bench.advance(3 * 24 * 3_600_000);
    assert!(
        bench.as_app("GET", "/app/hook/deliveries", Value::Null).await.body.as_array().unwrap().is_empty()
    );
    assert_eq!(bench.as_app("POST", &again, Value::Null).await.status, 404);
}

#[tokio::test]
async fn webhooks_get_lost_doubled_and_turned_around() {
    let bench = Bench::new();
    let receiver = Receiver::default();
    receiver.listen(&bench.world).await;
    let say = |texts: &[&str]| {
        for text in texts {
            bench.world.act_as("rita").comment(REPOSITORY, 1, text).unwrap();
        }
    };
    bench.world.faults().add_for_webhooks("issue_comment", 1, HookFault::Lose);
    say(&["lost", "kept"]);
    Deliverer::default().deliver_pending(&bench.world).await;
    assert_eq!(receiver.payload(0)["comment"]["body"], "kept");
    assert_eq!(bench.world.webhook_log().len(), 1, "the log knows nothing of the lost one");
    bench.world.faults().add_for_webhooks("*", 1, HookFault::Fail(503));
    say(&["failed"]);
    assert_eq!(Deliverer::default().deliver_pending(&bench.world).await, 0);
    assert_eq!(receiver.guids().len(), 1, "it never arrived");
    assert_eq!(bench.world.webhook_log()[0].outcome.as_ref().unwrap().status_code, 503);
    bench.world.faults().add_for_webhooks("*", 1, HookFault::Duplicate);
    say(&["twice"]);
    assert_eq!(Deliverer::default().deliver_pending(&bench.world).await, 2);
    assert_eq!(receiver.guids()[1], receiver.guids()[2]);
    bench.world.faults().reverse_webhooks(1);
    say(&["first", "second"]);
    Deliverer::default().deliver_pending(&bench.world).await;
    let order = [receiver.payload(3), receiver.payload(4)].map(|payload| payload["comment"]["body"].clone());
    assert_eq!(order, [json!("second"), json!("first")]);
}

#[tokio::test]
async fn an_app_that_is_down_is_a_failed_attempt() {
    let bench = Bench::new();
    bench.world.set_webhook_url("http://127.0.0.1:9/webhook");
    bench.world.act_as("rita").comment(REPOSITORY, 1, "anybody there").unwrap();
    assert_eq!(Deliverer::default().deliver_pending(&bench.world).await, 1);
    assert_eq!(bench.world.webhook_log()[0].outcome.as_ref().unwrap().status_code, 502);
    assert_eq!(bench.world.waiting_webhooks(), 0, "nothing is sent again by itself");
}

#[tokio::test]
async fn a_running_deliverer_is_woken_by_what_happens() {
    let bench = Bench::new();
    let receiver = Receiver::default();
    receiver.listen(&bench.world).await;
    let world = bench.world.clone();
    let mut changes = bench.world.changes();
    #[expect(clippy::disallowed_methods, reason = "the deliverer runs beside the test")]
    let running = tokio::spawn(async move { Deliverer::default().run(&world).await });
    bench.world.act_as("rita").comment(REPOSITORY, 1, "hello").unwrap();
    while !matches!(changes.recv().await.unwrap(), Change::WebhookDelivered(_)) {}
    assert_eq!(receiver.events(), ["issue_comment.created"]);
    running.abort();
}
