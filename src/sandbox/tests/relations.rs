//! Sub-issues and dependencies.

use super::*;

fn id(bench: &Bench, number: i64) -> i64 {
    bench.world.issue(REPOSITORY, number).unwrap().id
}

async fn nest(bench: &Bench, parent: i64, child: i64) -> u16 {
    let body = json!({ "sub_issue_id": child });
    bench.send("POST", &format!("/repos/acme/web/issues/{parent}/sub_issues"), body).await.status
}

async fn block(bench: &Bench, blocked: i64, blocker: i64) -> u16 {
    let body = json!({ "issue_id": blocker });
    bench
        .send("POST", &format!("/repos/acme/web/issues/{blocked}/dependencies/blocked_by"), body)
        .await
        .status
}

fn open(bench: &Bench, count: usize) {
    for number in 0..count {
        bench.world.act_as("ada").open_issue(REPOSITORY, &format!("Issue {number}"), "").unwrap();
    }
}

#[tokio::test]
async fn sub_issues_go_by_database_id() {
    let bench = Bench::new();
    assert_eq!(nest(&bench, 2, 1).await, 422, "a number is no database id");
    assert_eq!(nest(&bench, 2, id(&bench, 1)).await, 201);
    assert_eq!(bench.world.sub_issues(REPOSITORY, 2), [1]);
    assert_eq!(nest(&bench, 2, id(&bench, 1)).await, 422, "already its child");
    assert_eq!(nest(&bench, 1, id(&bench, 2)).await, 422, "its own grandchild");
    assert_eq!(nest(&bench, 2, id(&bench, 2)).await, 422, "its own child");
    let parent = bench.get("/repos/acme/web/issues/1/parent").await;
    assert_eq!(parent.body["number"], 2);
    assert_eq!(
        parent.body["sub_issues_summary"],
        json!({ "total": 1, "completed": 0, "percent_completed": 0 })
    );
    bench.world.act_as("ada").close(REPOSITORY, 1).unwrap();
    let summary = bench.get("/repos/acme/web/issues/2").await.body["sub_issues_summary"].clone();
    assert_eq!(summary, json!({ "total": 1, "completed": 1, "percent_completed": 100 }));
    let gone = json!({ "sub_issue_id": id(&bench, 1) });
    assert_eq!(bench.send("DELETE", "/repos/acme/web/issues/2/sub_issue", gone).await.status, 200);
    assert_eq!(bench.get("/repos/acme/web/issues/1/parent").await.status, 404);
}

#[tokio::test]
async fn a_child_has_one_parent_unless_replaced() {
    let bench = Bench::new();
    open(&bench, 1);
    let child = id(&bench, 3);
    assert_eq!(nest(&bench, 1, child).await, 201);
    assert_eq!(nest(&bench, 2, child).await, 422);
    let body = json!({ "sub_issue_id": child, "replace_parent": true });
    assert_eq!(bench.send("POST", "/repos/acme/web/issues/2/sub_issues", body).await.status, 201);
    assert_eq!(bench.world.sub_issues(REPOSITORY, 1), Vec::<i64>::new());
    assert_eq!(bench.world.sub_issues(REPOSITORY, 2), [3]);
}

#[tokio::test]
async fn trees_of_issues_are_bounded() {
    let bench = Bench::new();
    bench.world.set_rates(Rates { content_per_minute: 1000, points_per_minute: 100_000, ..Rates::default() });
    open(&bench, 101);
    for child in 3..=102 {
        assert_eq!(nest(&bench, 1, id(&bench, child)).await, 201);
    }
    assert_eq!(nest(&bench, 1, id(&bench, 103)).await, 422, "more than 100 children");
    let deep = Bench::new();
    open(&deep, 7);
    for number in 1..8 {
        assert_eq!(nest(&deep, number, id(&deep, number + 1)).await, 201, "level {number}");
    }
    assert_eq!(nest(&deep, 8, id(&deep, 9)).await, 422, "a ninth level");
}

#[tokio::test]
async fn dependencies_make_no_cycle() {
    let bench = Bench::new();
    open(&bench, 1);
    assert_eq!(block(&bench, 2, 1).await, 422, "a number is no database id");
    assert_eq!(block(&bench, 2, id(&bench, 1)).await, 201);
    assert_eq!(block(&bench, 2, id(&bench, 1)).await, 422, "twice");
    assert_eq!(block(&bench, 3, id(&bench, 2)).await, 201);
    assert_eq!(block(&bench, 1, id(&bench, 3)).await, 422, "a cycle");
    assert_eq!(block(&bench, 1, id(&bench, 1)).await, 422, "itself");
    assert_eq!(bench.world.blocked_by(REPOSITORY, 2), [1]);
    let blocking = bench.get("/repos/acme/web/issues/1/dependencies/blocking").await;
    assert_eq!(blocking.body[0]["number"], 2);
    let summary = bench.get("/repos/acme/web/issues/2").await.body["issue_dependencies_summary"].clone();
    assert_eq!(
        summary,
        json!({ "blocked_by": 1, "total_blocked_by": 1, "blocking": 1, "total_blocking": 1 })
    );
    let path = format!("/repos/acme/web/issues/2/dependencies/blocked_by/{}", id(&bench, 1));
    assert_eq!(bench.send("DELETE", &path, Value::Null).await.status, 200);
    assert_eq!(bench.send("DELETE", &path, Value::Null).await.status, 404);
}

#[tokio::test]
async fn an_older_server_lacks_both() {
    let bench = Bench::new();
    bench.world.set_abilities(Abilities {
        sub_issues_missing: Some(404),
        dependencies_missing: Some(410),
        ..Abilities::default()
    });
    assert_eq!(nest(&bench, 2, id(&bench, 1)).await, 404);
    assert_eq!(block(&bench, 2, id(&bench, 1)).await, 410);
    let issue = bench.get("/repos/acme/web/issues/2").await.body;
    assert!(issue.get("sub_issues_summary").is_none() && issue.get("issue_dependencies_summary").is_none());
}
