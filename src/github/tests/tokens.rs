use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use futures_util::future::join_all;
use serde_json::json;

use crate::domain::failure::Failure;
use crate::domain::ids::{InstallationId, IssueNumber, RepoId, RepoName};
use crate::github::error::ErrorKind;
use crate::github::testing::{Fake, Reply, Seen, issue, repo_of};

const ISSUE: IssueNumber = IssueNumber(7);

fn good(seen: &Seen) -> Option<Reply> {
    (!seen.is_token_request()).then(|| Reply::json(200, issue(7)))
}

fn gone(failure: impl Into<Failure>) -> bool {
    matches!(failure.into(), Failure::Gone(_))
}

#[tokio::test]
async fn sixty_four_jobs_make_one_token_request_each_hour() {
    let fake = Fake::start(good).await;
    let github = fake.github();
    for hour in 1..=2 {
        let jobs: Vec<_> = (0..64).map(|_| repo_of(&github, 1)).collect();
        for read in join_all(jobs.iter().map(|repo| repo.issue(ISSUE))).await {
            read.unwrap();
        }
        assert_eq!(fake.count(Seen::is_token_request), hour);
        fake.hand.advance_ms(55 * 60_000);
    }
}

/// A run that is told to end while it asks loses its lease and not the answer.
#[tokio::test]
async fn p13_whoever_is_cut_off_while_it_asks_costs_no_second_token() {
    let token = json!({"token": "late", "expires_at": "2999-01-01T00:00:00Z"});
    let fake = Fake::start(move |seen| match seen.is_token_request() {
        true => Some(Reply::Late(Box::new(Reply::json(201, token.clone())))),
        false => good(seen),
    })
    .await;
    let github = fake.github();
    let repo = repo_of(&github, 1);
    let asking = repo.issue(ISSUE);
    let asked = async {
        while fake.count(Seen::is_token_request) == 0 {
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        biased;
        _ = asking => panic!("it was still asking"),
        () = asked => {}
    }
    repo_of(&github, 1).issue(ISSUE).await.unwrap();
    assert_eq!(fake.count(Seen::is_token_request), 1);
}

#[tokio::test]
async fn a_token_is_renewed_five_minutes_before_its_end() {
    let fake = Fake::start(good).await;
    let repo = fake.repo();
    repo.issue(ISSUE).await.unwrap();
    fake.hand.advance_ms(55 * 60_000 - 1);
    repo.issue(ISSUE).await.unwrap();
    assert_eq!(fake.count(Seen::is_token_request), 1);
    fake.hand.advance_ms(1);
    repo.issue(ISSUE).await.unwrap();
    assert_eq!(fake.seen().last().unwrap().header("authorization"), "Bearer token-2");
}

#[tokio::test]
async fn sixty_four_jobs_share_one_failed_token_request() {
    let fake =
        Fake::start(|seen| seen.is_token_request().then(|| Reply::Late(Box::new(Reply::status(500))))).await;
    let github = fake.github();
    let jobs: Vec<_> = (0..64).map(|_| repo_of(&github, 1)).collect();
    for read in join_all(jobs.iter().map(|repo| repo.issue(ISSUE))).await {
        assert_eq!(read.unwrap_err().kind, ErrorKind::Server);
    }
    assert_eq!(fake.seen().len(), 1);
    repo_of(&github, 1).issue(ISSUE).await.unwrap_err();
    assert_eq!(fake.seen().len(), 2, "whoever comes later asks again");
}

#[tokio::test]
async fn s16_a_token_is_asked_for_one_repository_and_one_permission_set() {
    let fake = Fake::start(good).await;
    let github = fake.github();
    repo_of(&github, 1).issue(ISSUE).await.unwrap();
    let name = RepoName { owner: "octo".to_owned(), name: "other".to_owned() };
    github.repo(InstallationId(1), RepoId(6), name).issue(ISSUE).await.unwrap();
    let _ =
        github.for_config(InstallationId(1), "octo").content_file(".github/millwright.yml", 1 << 20).await;
    let permissions = json!({"issues": "write", "contents": "read", "metadata": "read", "actions": "read"});
    let bodies: Vec<_> =
        fake.seen().into_iter().filter(Seen::is_token_request).map(|seen| seen.body).collect();
    let expected = [
        json!({"repository_ids": [5], "permissions": permissions}),
        json!({"repository_ids": [6], "permissions": permissions}),
        json!({"repositories": [".github"], "permissions": {"contents": "read"}}),
    ];
    assert_eq!(bodies, expected);
}

#[tokio::test]
async fn f8_a_refused_token_is_replaced_once_and_the_job_goes_on() {
    let fake = Fake::start(|seen| match seen.header("authorization") {
        _ if seen.is_token_request() => None,
        "Bearer token-1" => Some(Reply::json(401, json!({"message": "Bad credentials"}))),
        _ => Some(Reply::json(201, json!({"id": 1}))),
    })
    .await;
    let repo = fake.repo();
    repo.create_comment(ISSUE, "hello").await.unwrap();
    let issue = "POST /repos/octo/hello/issues/7/comments";
    assert_eq!(fake.calls(), [issue, issue]);
    assert_eq!(fake.count(Seen::is_token_request), 2);
}

#[tokio::test]
async fn f8_many_refused_at_once_make_one_new_token() {
    let fake = Fake::start(|seen| match seen.header("authorization") {
        _ if seen.is_token_request() => None,
        "Bearer token-1" => Some(Reply::Late(Box::new(Reply::status(401)))),
        _ => Some(Reply::json(200, issue(7))),
    })
    .await;
    let repo = fake.repo();
    for read in join_all((0..20).map(|_| repo.issue(ISSUE))).await {
        read.unwrap();
    }
    assert_eq!(fake.count(Seen::is_token_request), 2);
}

#[tokio::test]
async fn f8_a_second_refusal_is_told_and_may_be_tried_again() {
    let fake = Fake::start(|seen| (!seen.is_token_request()).then(|| Reply::status(401))).await;
    let error = fake.repo().issue(ISSUE).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Unauthorized);
    assert!(matches!(Failure::from(error), Failure::Retry { .. }));
    assert_eq!((fake.calls().len(), fake.count(Seen::is_token_request)), (2, 2));
}

#[tokio::test]
async fn without_the_optional_permission_we_ask_for_the_rest_and_remember_it_for_an_hour() {
    let refused = json!({"message": "The permissions requested are not granted to this installation."});
    let fake = Fake::start(move |seen| match seen.body["permissions"]["actions"].is_string() {
        true => Some(Reply::json(422, refused.clone())),
        false => good(seen),
    })
    .await;
    let repo = fake.repo();
    assert!(!repo.may_read_actions().await.unwrap());
    repo.issue(ISSUE).await.unwrap();
    let with_actions = |seen: &Seen| seen.body["permissions"]["actions"].is_string();
    assert_eq!((fake.count(Seen::is_token_request), fake.count(with_actions)), (2, 1));
    fake.hand.advance_ms(56 * 60_000);
    assert!(!repo.may_read_actions().await.unwrap());
    assert_eq!((fake.count(Seen::is_token_request), fake.count(with_actions)), (3, 1));
    fake.hand.advance_ms(56 * 60_000);
    repo.may_read_actions().await.unwrap();
    assert_eq!(fake.count(with_actions), 2);
}

#[tokio::test]
async fn what_is_granted_meanwhile_is_asked_for_at_once() {
    let granted = Arc::new(AtomicBool::new(false));
    let refused = json!({"message": "The permissions requested are not granted to this installation."});
    let now = Arc::clone(&granted);
    let fake = Fake::start(move |seen| {
        match seen.body["permissions"]["actions"].is_string() && !now.load(Ordering::SeqCst) {
            true => Some(Reply::json(422, refused.clone())),
            false => good(seen),
        }
    })
    .await;
    let github = fake.github();
    let repo = repo_of(&github, 1);
    assert!(!repo.may_read_actions().await.unwrap());
    granted.store(true, Ordering::SeqCst);
    github.permissions_granted(InstallationId(2));
    assert!(!repo.may_read_actions().await.unwrap());
    github.permissions_granted(InstallationId(1));
    assert!(repo.may_read_actions().await.unwrap());
}

#[tokio::test]
async fn with_the_optional_permission_actions_may_be_read() {
    let fake = Fake::start(good).await;
    assert!(fake.repo().may_read_actions().await.unwrap());
    assert_eq!(fake.seen().len(), 1);
}

#[tokio::test]
async fn f13_an_installation_that_is_gone_cancels() {
    let app = |seen: &Seen| (seen.path == "/app").then(|| Reply::json(200, json!({"id": 1, "slug": "mill"})));
    let fake =
        Fake::start(move |seen| seen.is_token_request().then(|| Reply::status(404)).or_else(|| app(seen)))
            .await;
    assert!(gone(fake.repo().issue(ISSUE).await.unwrap_err()));
    let answers = [
        Reply::json(403, json!({"message": "This installation has been suspended"})),
        Reply::json(
            422,
            json!({"message": "There is at least one repository that does not exist or is not accessible to the parent installation."}),
        ),
    ];
    for answer in answers {
        let fake = Fake::start(move |seen| seen.is_token_request().then(|| answer.clone())).await;
        let error = fake.repo().issue(ISSUE).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::InstallationGone, "{error}");
        assert!(gone(error));
        assert_eq!(fake.seen().len(), 1);
    }
}

/// A server without `GET /app` is GitHub's all the same when it lists the App's installations.
#[tokio::test]
async fn f13_an_installation_that_is_gone_cancels_where_nobody_says_who_the_app_is() {
    for (listed, is_gone) in [(json!([]), true), (json!([{"id": 2}]), true), (json!({"ok": true}), false)] {
        let fake = Fake::start(move |seen| match seen.path.as_str() {
            "/app/installations" => Some(Reply::json(200, listed.clone())),
            _ => Some(Reply::status(404)),
        })
        .await;
        let error = fake.repo().issue(ISSUE).await.unwrap_err();
        let expected = if is_gone { ErrorKind::InstallationGone } else { ErrorKind::WrongAddress };
        assert_eq!(error.kind, expected, "{error}");
        assert_eq!(gone(error), is_gone);
    }
}

/// Each of these is what another server, a proxy, or GitHub under another path answers: no word about the installation.
#[tokio::test]
async fn an_address_that_is_not_githubs_is_named_and_the_work_is_tried_again() {
    let elsewhere = || Reply::status(301).header("location", "/login");
    let answers: [(Reply, Option<Reply>); 5] = [
        (Reply::status(404), Some(Reply::status(404))),
        (Reply::status(404), Some(Reply::json(200, json!({"ok": true})))),
        (Reply::status(404), Some(elsewhere())),
        (elsewhere(), None),
        (Reply::status(302).header("location", "https://sign-in.example/"), None),
    ];
    for (token, app) in answers {
        let (token, app) = (token.clone(), app.clone());
        let fake = Fake::start(move |seen| match seen.is_token_request() {
            true => Some(token.clone()),
            false => Some(app.clone().unwrap_or_else(|| Reply::status(500))),
        })
        .await;
        let error = fake.repo().issue(ISSUE).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::WrongAddress, "{error}");
        let said = error.to_string();
        assert!(said.contains("; GITHUB_API_URL names http://127.0.0.1:"), "{said}");
        assert!(said.contains("set it to https://api.github.com"), "{said}");
        assert!(matches!(Failure::from(error), Failure::Retry { .. }));
    }
}

#[tokio::test]
async fn a_server_that_fails_while_it_is_asked_who_we_are_settles_nothing() {
    let fake = Fake::start(|seen| Some(Reply::status(if seen.is_token_request() { 404 } else { 503 }))).await;
    let error = fake.repo().issue(ISSUE).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Server);
}

#[tokio::test]
async fn f13_a_suspension_in_the_middle_of_a_job_cancels() {
    let suspended = json!({"message": "This installation has been suspended"});
    let fake =
        Fake::start(move |seen| (!seen.is_token_request()).then(|| Reply::json(403, suspended.clone())))
            .await;
    assert!(gone(fake.repo().create_comment(ISSUE, "x").await.unwrap_err()));
}

#[tokio::test]
async fn a_token_request_that_fails_is_no_ambiguous_write() {
    for status in [500, 502, 504] {
        let fake = Fake::start(move |seen| seen.is_token_request().then(|| Reply::status(status))).await;
        let error = fake.repo().create_comment(ISSUE, "x").await.unwrap_err();
        assert!(!error.is_ambiguous() && matches!(Failure::from(error), Failure::Retry { .. }));
        assert_eq!(fake.seen().len(), 1);
    }
    let fake =
        Fake::start(|seen| seen.is_token_request().then(|| Reply::json(201, json!({"token": 5})))).await;
    let error = fake.repo().issue(ISSUE).await.unwrap_err();
    assert!(matches!(Failure::from(error), Failure::Retry { .. }));
}
