use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::{BoxFuture, ready};
use serde_json::json;
use tokio::io::AsyncReadExt;
use tokio::net::TcpListener;

use crate::domain::failure::{BoxError, Failure};
use crate::domain::ids::{CommentId, IssueNumber};
use crate::github::audit::{Audit, Write};
use crate::github::error::ErrorKind;
use crate::github::guard::{Guard, Leave};
use crate::github::testing::{Fake, Reply, Seen, repo_of};

const ISSUE: IssueNumber = IssueNumber(7);

/// Writes a comment to a server that answers so, and gives what the caller is told and how many writes were sent.
async fn write_answered(reply: Reply, timeout: Duration) -> (ErrorKind, usize) {
    let fake = Fake::start(move |seen| (!seen.is_token_request()).then(|| reply.clone())).await;
    let mut options = fake.options();
    options.timeout = timeout;
    let repo = repo_of(&fake.github_with(options), 1);
    let error = repo.create_comment(ISSUE, "once").await.unwrap_err();
    let kind = error.kind.clone();
    assert!(matches!(Failure::from(error), Failure::Retry { .. }));
    (kind, fake.calls().len())
}

const LONG: Duration = Duration::from_secs(30);

#[tokio::test]
async fn f3_an_answer_lost_behind_a_gateway_is_ambiguous_and_never_repeated() {
    for status in [502, 504] {
        assert_eq!(write_answered(Reply::status(status), LONG).await, (ErrorKind::Ambiguous, 1));
    }
    for status in [500, 503] {
        assert_eq!(write_answered(Reply::status(status), LONG).await, (ErrorKind::Server, 1));
    }
}

#[tokio::test]
async fn f3_a_cut_answer_is_ambiguous_and_never_repeated() {
    assert_eq!(write_answered(Reply::Cut, LONG).await, (ErrorKind::Ambiguous, 1));
}

#[tokio::test]
async fn f3_an_answer_that_does_not_come_is_ambiguous_and_never_repeated() {
    assert_eq!(write_answered(Reply::Hang, Duration::from_secs(3)).await, (ErrorKind::Ambiguous, 1));
}

#[tokio::test]
async fn f3_an_answer_that_cannot_be_read_is_ambiguous_and_never_repeated() {
    assert_eq!(write_answered(Reply::json(201, json!({"id": "x"})), LONG).await, (ErrorKind::Ambiguous, 1));
}

#[tokio::test]
async fn f3_a_connection_cut_before_any_answer_is_ambiguous_and_never_repeated() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let fake = Fake::start(|_| None).await;
    let mut options = fake.options();
    options.graphql_url.set_port(Some(listener.local_addr().unwrap().port())).unwrap();
    let repo = repo_of(&fake.github_with(options), 1);
    let why = crate::github::comments::Minimize::Outdated;
    let server = async {
        let (mut connection, _) = listener.accept().await.unwrap();
        let mut buffer = [0; 4096];
        assert!(connection.read(&mut buffer).await.unwrap() > 0);
        drop(connection);
        listener
    };
    let (written, listener) = tokio::join!(repo.minimize_comment("IC_1", why), server);
    assert_eq!(written.unwrap_err().kind, ErrorKind::Ambiguous);
    let nobody_else =
        std::future::poll_fn(|context| std::task::Poll::Ready(listener.poll_accept(context).is_pending()));
    assert!(nobody_else.await, "a second connection was made");
}

#[tokio::test]
async fn a_write_that_never_left_is_not_ambiguous() {
    let fake = Fake::start(|_| None).await;
    let mut options = fake.options();
    options.graphql_url.set_port(Some(1)).unwrap();
    let repo = repo_of(&fake.github_with(options), 1);
    let why = crate::github::comments::Minimize::Outdated;
    let error = repo.minimize_comment("IC_1", why).await.unwrap_err();
    assert!(matches!(error.kind, ErrorKind::Unreachable { .. }) && error.never_left());
}

#[tokio::test]
async fn a_read_whose_answer_is_lost_is_told_and_not_repeated_either() {
    for reply in [Reply::Cut, Reply::status(502), Reply::status(500)] {
        let fake = Fake::start(move |seen| (!seen.is_token_request()).then(|| reply.clone())).await;
        let error = fake.repo().issue(ISSUE).await.unwrap_err();
        assert!(!error.is_ambiguous() && matches!(Failure::from(error), Failure::Retry { .. }));
        assert_eq!(fake.calls().len(), 1);
    }
}

#[tokio::test]
async fn a_write_to_a_renamed_repository_reaches_it_once() {
    let fake = Fake::start(|seen| match (seen.method.as_str(), seen.path.as_str()) {
        ("GET", "/repos/octo/hello") => Some(Reply::status(301).header("location", "/repositories/5")),
        ("GET", "/repositories/5") => Some(Reply::json(200, json!({"id": 5, "full_name": "new/name"}))),
        ("POST", "/repos/new/name/issues/7/comments") => Some(Reply::json(201, json!({"id": 1}))),
        ("POST", path) if path.starts_with("/repos/octo/hello/") => {
            Some(Reply::status(307).header("location", "/repositories/5/issues/7/comments"))
        }
        _ => None,
    })
    .await;
    let repo = fake.repo();
    repo.create_comment(ISSUE, "x").await.unwrap();
    assert_eq!(repo.name().to_string(), "new/name");
    repo.create_comment(ISSUE, "y").await.unwrap();
    let written = "POST /repos/new/name/issues/7/comments";
    let before = ["POST /repos/octo/hello/issues/7/comments", "GET /repos/octo/hello", "GET /repositories/5"];
    assert_eq!(fake.calls(), [&before[..], &[written, written]].concat());
}

#[tokio::test]
async fn f14_a_write_to_a_transferred_issue_is_gone() {
    let fake = Fake::start(|seen| match (seen.method.as_str(), seen.path.as_str()) {
        ("GET", "/repos/octo/hello") => Some(Reply::json(200, json!({"id": 5, "full_name": "octo/hello"}))),
        ("PATCH", _) => Some(Reply::status(301).header("location", "/repos/octo/elsewhere/issues/1")),
        _ => None,
    })
    .await;
    let error = fake.repo().update_issue(ISSUE, &Default::default()).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Moved);
    assert!(matches!(Failure::from(error), Failure::Gone(_)));
    assert_eq!(fake.count(|seen| seen.method == "PATCH"), 1);
}

#[derive(Default)]
struct Journal(Mutex<Vec<String>>);

impl Audit for Journal {
    fn wrote(&self, write: &Write<'_>) {
        let Write { method, path, status, installation } = write;
        self.0.lock().unwrap().push(format!("{method} {path} {status:?} {installation}"));
    }
}

#[tokio::test]
async fn every_write_is_told_to_the_audit_and_no_read() {
    let fake = Fake::start(|seen| match seen.method.as_str() {
        _ if seen.is_token_request() => None,
        "PATCH" => Some(Reply::Cut),
        "DELETE" => Some(Reply::status(404)),
        _ => Some(Reply::json(200, json!({"id": 1, "number": 1}))),
    })
    .await;
    let (all, own) = (Arc::new(Journal::default()), Arc::new(Journal::default()));
    let mut options = fake.options();
    options.audit = Some(all.clone());
    let repo = repo_of(&fake.github_with(options), 3);
    repo.issue(ISSUE).await.unwrap();
    repo.create_comment(ISSUE, "x").await.unwrap();
    let _ = repo.update_comment(CommentId(1), "y").await;
    let _ = repo.clone().with_audit(own.clone()).delete_comment(CommentId(2)).await;
    let expected = [
        "POST /repos/octo/hello/issues/7/comments Some(200) 3",
        "PATCH /repos/octo/hello/issues/comments/1 None 3",
    ];
    // A cut in the body comes after the status, but the write counts as unanswered.
    assert_eq!(*all.0.lock().unwrap(), expected);
    assert_eq!(*own.0.lock().unwrap(), ["DELETE /repos/octo/hello/issues/comments/2 Some(404) 3"]);
    assert_eq!(fake.count(Seen::is_token_request), 1);
}

/// Says yes so many times.
struct Times(Mutex<usize>);

impl Guard for Times {
    fn may_write(&self) -> BoxFuture<'_, Result<Leave, BoxError>> {
        let mut left = self.0.lock().unwrap();
        let leave = if *left == 0 { Leave::Denied } else { Leave::Granted };
        *left = left.saturating_sub(1);
        ready(Ok(leave)).boxed()
    }
}

/// Nobody knows.
struct Broken;

impl Guard for Broken {
    fn may_write(&self) -> BoxFuture<'_, Result<Leave, BoxError>> {
        ready(Err("the database is away".into())).boxed()
    }
}

#[tokio::test]
async fn f25_the_guard_is_asked_before_each_write_and_before_no_read() {
    let fake = Fake::start(|seen| (!seen.is_token_request()).then(|| Reply::status(204))).await;
    let repo = repo_of(&fake.github(), 1).with_guard(Arc::new(Times(Mutex::new(1))));
    repo.delete_comment(CommentId(1)).await.unwrap();
    let denied = repo.delete_comment(CommentId(2)).await.unwrap_err();
    assert_eq!((denied.kind.clone(), denied.is_refusal(), fake.calls().len()), (ErrorKind::Denied, false, 1));
    assert!(matches!(Failure::from(denied), Failure::Defer { .. }));
    let _ = repo.issue(ISSUE).await;
    assert_eq!(fake.calls().len(), 2, "reading is free");
    let unknown = repo.with_guard(Arc::new(Broken)).delete_comment(CommentId(3)).await.unwrap_err();
    assert_eq!((unknown.kind.clone(), fake.calls().len()), (ErrorKind::Limits, 2));
    assert!(matches!(Failure::from(unknown), Failure::Retry { .. }));
}

#[tokio::test]
async fn f25_the_guard_is_asked_again_before_the_second_try_with_a_fresh_token() {
    let fake = Fake::start(|seen| (!seen.is_token_request()).then(|| Reply::status(401))).await;
    let repo = repo_of(&fake.github(), 1).with_guard(Arc::new(Times(Mutex::new(1))));
    let denied = repo.delete_comment(CommentId(1)).await.unwrap_err();
    assert_eq!((denied.kind, fake.calls().len()), (ErrorKind::Denied, 1));
}

#[tokio::test]
async fn f25_what_the_guard_denies_takes_no_place_in_the_pace() {
    let fake = Fake::start(|seen| (!seen.is_token_request()).then(|| Reply::status(404))).await;
    let github = fake.github();
    let denied = repo_of(&github, 1).with_guard(Arc::new(Times(Mutex::new(0))));
    // More than may go unspaced.
    for _ in 0..30 {
        assert_eq!(denied.create_comment(ISSUE, "x").await.unwrap_err().kind, ErrorKind::Denied);
    }
    assert_eq!(fake.calls().len(), 0);
    for _ in 0..20 {
        let sent = repo_of(&github, 1).create_comment(ISSUE, "x").await.unwrap_err();
        assert_eq!(sent.kind, ErrorKind::NotFound);
    }
    let paced = repo_of(&github, 1).create_comment(ISSUE, "x").await.unwrap_err();
    assert!(matches!(paced.kind, ErrorKind::Paced { .. }), "what was sent is counted, whatever the answer");
}
