//! Each verb: the address and body it sends, and what it makes of the answer.

use serde_json::{Value, json};

use crate::domain::ids::{CommentId, IssueId, IssueNumber};
use crate::github::comments::Minimize;
use crate::github::error::ErrorKind;
use crate::github::history::CommitQuery;
use crate::github::issues::{IssueChange, NewIssue, StateChange};
use crate::github::labels::Label;
use crate::github::reactions::{ReactTo, Reaction, ReactionId};
use crate::github::testing::{Fake, Reply, START_MS, Seen, issue};

const ISSUE: IssueNumber = IssueNumber(7);
const COMMENT: CommentId = CommentId(9);

async fn answering(status: u16, body: Value) -> Fake {
    Fake::start(move |seen| (!seen.is_token_request()).then(|| Reply::json(status, body.clone()))).await
}

fn last(fake: &Fake) -> (String, Value) {
    let Seen { method, path, query, body, .. } = fake.seen().pop().unwrap();
    let query = if query.is_empty() { query } else { format!("?{query}") };
    (format!("{method} {}{query}", path.strip_prefix("/repos/octo/hello").unwrap_or(&path)), body)
}

fn sent(fake: &Fake, line: &str, body: Value) {
    assert_eq!(last(fake), (line.to_owned(), body));
}

#[tokio::test]
async fn issues_are_read_opened_and_changed() {
    let fake = answering(200, issue(7)).await;
    let repo = fake.repo();
    assert_eq!(repo.issue(ISSUE).await.unwrap().id, IssueId(700));
    sent(&fake, "GET /issues/7", Value::Null);
    let new = NewIssue { title: "T".to_owned(), body: "B".to_owned(), labels: vec!["x".to_owned()] };
    repo.create_issue(&new).await.unwrap();
    sent(&fake, "POST /issues", json!({"title": "T", "body": "B", "labels": ["x"]}));
    for (state, expected) in [
        (StateChange::Reopen, json!({"state": "open", "state_reason": "reopened"})),
        (StateChange::Completed, json!({"state": "closed", "state_reason": "completed"})),
        (StateChange::NotPlanned, json!({"state": "closed", "state_reason": "not_planned"})),
        (StateChange::Duplicate, json!({"state": "closed", "state_reason": "duplicate"})),
    ] {
        repo.update_issue(ISSUE, &IssueChange { state: Some(state), ..Default::default() }).await.unwrap();
        sent(&fake, "PATCH /issues/7", expected);
    }
    let texts = IssueChange { title: Some("t".to_owned()), body: Some("b".to_owned()), state: None };
    repo.update_issue(ISSUE, &texts).await.unwrap();
    sent(&fake, "PATCH /issues/7", json!({"title": "t", "body": "b"}));
}

#[tokio::test]
async fn comments_are_read_written_changed_folded_and_deleted() {
    let fake = answering(200, json!({"id": 9, "node_id": "IC_9", "body": "b"})).await;
    let repo = fake.repo();
    assert_eq!(repo.create_comment(ISSUE, "b").await.unwrap().id, COMMENT);
    sent(&fake, "POST /issues/7/comments", json!({"body": "b"}));
    assert_eq!(repo.update_comment(COMMENT, "c").await.unwrap().node_id, "IC_9");
    sent(&fake, "PATCH /issues/comments/9", json!({"body": "c"}));
    repo.comment(COMMENT).await.unwrap();
    sent(&fake, "GET /issues/comments/9", Value::Null);
    repo.delete_comment(COMMENT).await.unwrap();
    sent(&fake, "DELETE /issues/comments/9", Value::Null);
    let fake = answering(200, json!([{"id": 9}])).await;
    assert_eq!(fake.repo().comments(ISSUE, Some(START_MS)).await.unwrap().items.len(), 1);
    sent(&fake, "GET /issues/7/comments?since=2026-01-01T00%3A00%3A00Z&per_page=100", Value::Null);
    let fake =
        answering(200, json!({"data": {"minimizeComment": {"minimizedComment": {"isMinimized": true}}}}))
            .await;
    fake.repo().minimize_comment("IC_9", Minimize::Outdated).await.unwrap();
    let (line, body) = last(&fake);
    assert_eq!(line, "POST /graphql");
    assert_eq!(body["variables"], json!({"subject": "IC_9", "classifier": "OUTDATED"}));
    assert!(graphql_parser::parse_query::<&str>(body["query"].as_str().unwrap()).is_ok());
}

#[tokio::test]
async fn graphql_errors_are_errors() {
    for (kind, expected) in [
        (json!("NOT_FOUND"), ErrorKind::NotFound),
        (json!("FORBIDDEN"), ErrorKind::Forbidden),
        (json!("RATE_LIMITED"), ErrorKind::RateLimited { until_ms: START_MS + 60_000 }),
        (json!(7), ErrorKind::Validation(vec!["no".to_owned()])),
    ] {
        let fake = answering(200, json!({"data": null, "errors": [{"type": kind, "message": "no"}]})).await;
        let error = fake.repo().minimize_comment("IC_9", Minimize::Outdated).await.unwrap_err();
        assert_eq!(error.kind, expected);
    }
}

#[tokio::test]
async fn reactions_are_put_and_taken_away() {
    let fake = answering(201, json!({"id": 5, "content": "eyes"})).await;
    let repo = fake.repo();
    let added = repo.add_reaction(ReactTo::Comment(COMMENT), Reaction::Eyes).await.unwrap();
    assert_eq!(added, ReactionId(5));
    sent(&fake, "POST /issues/comments/9/reactions", json!({"content": "eyes"}));
    repo.add_reaction(ReactTo::Issue(ISSUE), Reaction::ThumbsUp).await.unwrap();
    sent(&fake, "POST /issues/7/reactions", json!({"content": "+1"}));
    repo.remove_reaction(ReactTo::Comment(COMMENT), added).await.unwrap();
    sent(&fake, "DELETE /issues/comments/9/reactions/5", Value::Null);
    repo.remove_reaction(ReactTo::Issue(ISSUE), added).await.unwrap();
    sent(&fake, "DELETE /issues/7/reactions/5", Value::Null);
    let gone = answering(404, json!({})).await;
    gone.repo().remove_reaction(ReactTo::Issue(ISSUE), added).await.unwrap();
    assert_eq!(
        gone.repo().add_reaction(ReactTo::Issue(ISSUE), Reaction::Rocket).await.unwrap_err().kind,
        ErrorKind::NotFound
    );
}

#[tokio::test]
async fn labels_are_read_and_created() {
    let wire = json!({"id": 1, "name": "good first issue", "color": "ededed", "description": null});
    let fake = answering(200, wire).await;
    let repo = fake.repo();
    let label = repo.label("good first issue").await.unwrap().unwrap();
    assert_eq!((label.color.as_str(), label.description.as_str()), ("ededed", ""));
    sent(&fake, "GET /labels/good%20first%20issue", Value::Null);
    let new = Label { name: "a/b".to_owned(), color: "ededed".to_owned(), description: "d".to_owned() };
    repo.create_label(&new).await.unwrap();
    sent(&fake, "POST /labels", json!({"name": "a/b", "color": "ededed", "description": "d"}));
    let none = answering(404, json!({})).await;
    assert_eq!(none.repo().label("x").await.unwrap(), None);
}

#[tokio::test]
async fn relations_are_read_and_made() {
    let fake = answering(201, issue(7)).await;
    let repo = fake.repo();
    repo.add_sub_issue(ISSUE, IssueId(800)).await.unwrap();
    sent(&fake, "POST /issues/7/sub_issues", json!({"sub_issue_id": 800}));
    repo.add_blocked_by(ISSUE, IssueId(800)).await.unwrap();
    sent(&fake, "POST /issues/7/dependencies/blocked_by", json!({"issue_id": 800}));
    let fake = answering(200, json!([issue(8)])).await;
    let repo = fake.repo();
    assert_eq!(repo.sub_issues(ISSUE).await.unwrap().items[0].number.0, 8);
    sent(&fake, "GET /issues/7/sub_issues?per_page=100", Value::Null);
    assert_eq!(repo.blocked_by(ISSUE).await.unwrap().items[0].id.0, 800);
    sent(&fake, "GET /issues/7/dependencies/blocked_by?per_page=100", Value::Null);
    let old_server = answering(404, json!({})).await;
    assert!(old_server.repo().sub_issues(ISSUE).await.unwrap_err().is_missing());
}

#[tokio::test]
async fn the_repository_its_branch_and_its_tree_are_read() {
    let wire = json!({"id": 5, "name": "hello", "full_name": "octo/hello", "private": true, "default_branch": "main",
        "html_url": "https://github.com/octo/hello", "archived": false});
    let fake = answering(200, wire).await;
    let repository = fake.repo().repository().await.unwrap();
    assert_eq!((repository.default_branch.as_str(), repository.private), ("main", true));
    sent(&fake, "GET ", Value::Null);
    let fake =
        answering(200, json!({"name": "a/b", "commit": {"sha": "c1", "commit": {"tree": {"sha": "t1"}}}}))
            .await;
    let head = fake.repo().branch_head("a/b").await.unwrap().unwrap();
    assert_eq!((head.commit.as_str(), head.tree.as_str()), ("c1", "t1"));
    sent(&fake, "GET /branches/a%2Fb", Value::Null);
    let none = answering(404, json!({})).await;
    assert_eq!(none.repo().branch_head("main").await.unwrap(), None);
    let fake = answering(
        200,
        json!({"sha": "t1", "truncated": true, "tree": [
            {"path": "a", "mode": "100644", "type": "blob", "sha": "s", "size": 3},
            {"path": "b", "mode": "160000", "type": "commit", "sha": "m"}]}),
    )
    .await;
    let tree = fake.repo().tree("t1").await.unwrap();
    sent(&fake, "GET /git/trees/t1?recursive=1", Value::Null);
    assert!(tree.truncated);
    assert_eq!((tree.entries[0].size, tree.entries[1].kind.as_str()), (Some(3), "commit"));
}

#[tokio::test]
async fn permissions_history_and_runs_are_read() {
    let permissions = json!({"admin": false, "maintain": false, "push": false, "triage": true, "pull": true});
    let fake = answering(
        200,
        json!({"permission": "read", "role_name": "triage", "user": {"login": "tess", "permissions": permissions}}),
    )
    .await;
    let permission = fake.repo().collaborator_permission("tess").await.unwrap();
    assert_eq!((permission.role_name.as_str(), permission.triage, permission.push), ("triage", true, false));
    sent(&fake, "GET /collaborators/tess/permission", Value::Null);
    let nobody = answering(200, json!({"permission": "none", "role_name": "none", "user": null})).await;
    let nothing = nobody.repo().collaborator_permission("stan").await.unwrap();
    assert!(!nothing.pull && !nothing.admin);

    let commit = json!([{"sha": "c1", "commit": {"message": "m", "author": {"name": "Ada", "date": "2025-01-01T00:00:00Z"},
        "committer": {"date": "2026-01-01T00:00:00Z"}}, "author": null}]);
    let fake = answering(200, commit).await;
    let query =
        CommitQuery { path: Some("src/a.rs"), from: Some("main"), since_ms: Some(START_MS), limit: 5 };
    let commits = fake.repo().commits(&query).await.unwrap();
    assert_eq!((commits[0].author_login.as_deref(), commits[0].author_name.as_str()), (None, "Ada"));
    assert_eq!(commits[0].committed_at_ms, Some(START_MS));
    sent(
        &fake,
        "GET /commits?path=src%2Fa.rs&sha=main&since=2026-01-01T00%3A00%3A00Z&per_page=5",
        Value::Null,
    );

    let fake =
        answering(200, json!({"total_count": 1, "workflow_runs": [{"id": 3, "conclusion": "success"}]}))
            .await;
    let run = fake.repo().latest_workflow_run("ci.yml", "main").await.unwrap().unwrap();
    assert_eq!((run.id, run.conclusion.as_deref()), (3, Some("success")));
    sent(&fake, "GET /actions/workflows/ci.yml/runs?branch=main&per_page=1", Value::Null);
    let none = answering(404, json!({})).await;
    assert_eq!(none.repo().latest_workflow_run("ci.yml", "main").await.unwrap(), None);
}
