use serde_json::json;

use crate::domain::failure::Failure;
use crate::domain::ids::IssueNumber;
use crate::github::error::{ApiError, ErrorKind};
use crate::github::testing::{Fake, Reply, issue};

const ISSUE: IssueNumber = IssueNumber(7);

async fn refused(reply: Reply) -> (ApiError, usize) {
    let fake = Fake::start(move |seen| (!seen.is_token_request()).then(|| reply.clone())).await;
    let error = fake.repo().create_comment(ISSUE, "x").await.unwrap_err();
    let again = fake.repo().issue(ISSUE).await.unwrap_err();
    assert_eq!(again.kind, error.kind, "reads and writes are told the same");
    (error, fake.calls().len())
}

#[tokio::test]
async fn f7_refusals_are_told_apart_and_not_retried() {
    let table = [
        (403, ErrorKind::Forbidden),
        (404, ErrorKind::NotFound),
        (410, ErrorKind::Gone),
        (422, ErrorKind::Validation(vec![])),
        (451, ErrorKind::Validation(vec![])),
    ];
    for (status, kind) in table {
        let (error, sent) = refused(Reply::status(status)).await;
        assert_eq!((&error.kind, sent), (&kind, 2));
        assert!(matches!(Failure::from(error), Failure::Internal(_)), "{status}");
    }
}

#[tokio::test]
async fn f7_a_refusal_says_what_and_why() {
    let body = json!({
        "message": "Validation Failed", "documentation_url": "https://docs.github.com/rest",
        "errors": [{"resource": "Issue", "field": "title", "code": "missing_field"}, "plain",
                   {"message": "body is too long"}, {"code": "custom"}, 7]
    });
    let (error, _) = refused(Reply::json(422, body).header("x-github-request-id", "AB:1")).await;
    insta::assert_snapshot!(error, @"POST /repos/octo/hello/issues/7/comments answered 422: Validation Failed (title: missing_field; plain; body is too long; custom; 7) [request AB:1]");
    assert_eq!(error.facts.documentation_url.as_deref(), Some("https://docs.github.com/rest"));
}

/// A proxy may answer in GitHub's shape and repeat what it was sent.
#[tokio::test]
async fn s15_no_part_of_a_refusal_repeats_a_secret() {
    let token = format!("ghs_{}", "a1".repeat(18));
    let body = json!({
        "message": format!("bad {token}"), "documentation_url": format!("https://docs.example/?t={token}"),
        "errors": [format!("plain {token}"), {"message": format!("said {token}")}, {"field": token, "code": "no\u{202e}pe"},
            {"code": format!("code {token}")}, {"other": token}]
    });
    let (error, _) = refused(Reply::json(422, body)).await;
    insta::assert_snapshot!(error, @r#"POST /repos/octo/hello/issues/7/comments answered 422: bad [REDACTED] (plain [REDACTED]; said [REDACTED]; [REDACTED]: nope; code [REDACTED]; {"other":"[REDACTED]"})"#);
    assert!(!format!("{error:?}").contains(&token), "{error:?}");
    assert_eq!(error.facts.documentation_url.as_deref(), Some("https://docs.example/?t=[REDACTED]"));

    let data = json!({"data": null, "errors": [{"type": 7, "message": format!("bad {token}")}]});
    let fake =
        Fake::start(move |seen| (seen.path == "/graphql").then(|| Reply::json(200, data.clone()))).await;
    let why = crate::github::comments::Minimize::Outdated;
    let error = fake.repo().minimize_comment("IC_9", why).await.unwrap_err();
    assert!(format!("{error:?}").contains("bad [REDACTED]"), "{error:?}");
    assert!(!format!("{error:?}").contains(&token), "{error:?}");
}

#[tokio::test]
async fn odd_error_bodies_do_no_harm() {
    let deep = "[".repeat(100_000);
    for body in ["", "<html>", "[]", "null", &deep, r#"{"message":{"a":1},"errors":"x"}"#, "\u{0}"] {
        let reply = Reply::Answer { status: 404, headers: vec![], body: body.to_owned() };
        let (error, _) = refused(reply).await;
        assert_eq!(error.kind, ErrorKind::NotFound);
        assert_eq!(error.facts.message, "Not Found");
    }
}

#[tokio::test]
async fn an_answer_that_is_not_what_github_documents_is_told() {
    for body in ["", "[]", "{}", r#"{"id":1}"#, "{\"id\":1,\"number\":"] {
        let reply = Reply::Answer { status: 200, headers: vec![], body: body.to_owned() };
        let fake = Fake::start(move |seen| (!seen.is_token_request()).then(|| reply.clone())).await;
        assert_eq!(fake.repo().issue(ISSUE).await.unwrap_err().kind, ErrorKind::Decode, "{body}");
    }
}

#[tokio::test]
async fn s11_redirects_to_other_hosts_are_refused() {
    let attacker = Fake::start(|_| Some(Reply::json(200, issue(7)))).await;
    let host = attacker.url.host_str().unwrap().to_owned() + &format!(":{}", attacker.url.port().unwrap());
    for location in [
        format!("http://{host}/repos/octo/hello/issues/7"),
        format!("http://127.0.0.1@{host}/x"),
        format!("//{host}/x"),
        "http://github.com.attacker.tld/x".to_owned(),
        "http://169.254.169.254/latest/meta-data".to_owned(),
    ] {
        for status in [301, 302, 307, 308] {
            let location = location.clone();
            let fake = Fake::start(move |seen| {
                let reply = Reply::status(status).header("location", location.clone());
                (!seen.is_token_request()).then_some(reply)
            })
            .await;
            let repo = fake.repo();
            assert_eq!(repo.issue(ISSUE).await.unwrap_err().kind, ErrorKind::ForeignRedirect);
            let written = repo.create_comment(ISSUE, "x").await.unwrap_err();
            assert_eq!(written.kind, ErrorKind::ForeignRedirect);
            assert!(matches!(Failure::from(written), Failure::Internal(_)));
        }
    }
    assert!(attacker.seen().is_empty());
}

#[tokio::test]
async fn s11_the_next_page_is_read_from_our_host_whatever_the_link_says() {
    let attacker = Fake::start(|_| Some(Reply::json(200, json!([issue(7)])))).await;
    let elsewhere = attacker.url.clone();
    let fake =
        Fake::start(move |seen| match (seen.path.ends_with("/issues"), seen.query.contains("page=2")) {
            (true, true) => Some(Reply::json(200, json!([issue(2)]))),
            (true, false) => {
                let link = format!("<{elsewhere}repos/octo/hello/issues?page=2>; rel=\"next\"");
                Some(Reply::json(200, json!([issue(1)])).header("link", link))
            }
            _ => None,
        })
        .await;
    let listed = fake.repo().issues(&Default::default()).await.unwrap();
    assert_eq!(listed.items.iter().map(|issue| issue.number.0).collect::<Vec<_>>(), [1, 2]);
    assert!(attacker.seen().is_empty());
}

#[tokio::test]
async fn a_read_follows_one_redirect_on_its_host() {
    let fake = Fake::start(|seen| match seen.path.as_str() {
        "/repos/octo/hello/issues/7" => {
            Some(Reply::status(301).header("location", "/repositories/5/issues/7"))
        }
        "/repositories/5/issues/7" => Some(Reply::json(200, issue(7))),
        "/repos/octo/hello/issues/8" => {
            Some(Reply::status(301).header("location", "/repos/octo/hello/issues/8"))
        }
        _ => None,
    })
    .await;
    let repo = fake.repo();
    assert_eq!(repo.issue(ISSUE).await.unwrap().number, ISSUE);
    assert_eq!(fake.seen().last().unwrap().header("authorization"), "Bearer token-1");
    assert_eq!(repo.issue(IssueNumber(8)).await.unwrap_err().kind, ErrorKind::Moved);
    assert_eq!(fake.calls().len(), 4);
}

#[tokio::test]
async fn names_that_would_leave_their_place_are_refused_before_anything_is_sent() {
    let fake = Fake::start(|_| None).await;
    let repo = fake.repo();
    for path in ["../../../user", "a/../b", "", "a//b", "."] {
        let error = repo.content_file(path, "main", 1 << 20).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::Malformed, "{path}");
    }
    assert_eq!(repo.collaborator_permission("..").await.unwrap_err().kind, ErrorKind::Malformed);
    assert!(fake.seen().is_empty());
}
