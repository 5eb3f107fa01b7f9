//! Every answer of a long tour fits GitHub's own OpenAPI description.

use std::collections::BTreeSet;

use super::openapi::Contract;
use super::*;

#[tokio::test]
async fn answers_fit_githubs_description() {
    let Some(mut contract) = Contract::from_environment() else { return };
    let bench = Bench::new();
    tour(&bench).await;
    let other = Bench::new();
    alerts::tour(&other).await;
    let requests = [bench.world.requests(), other.world.requests()].concat();
    let problems = requests.iter().flat_map(|request| contract.problems(request)).collect::<Vec<_>>();
    assert!(problems.is_empty(), "{} problems\n{}", problems.len(), problems.join("\n\n"));
    let routes = requests.iter().map(|request| (&request.method, request.route)).collect::<BTreeSet<_>>();
    assert!(routes.len() >= 50, "the tour saw only {} routes", routes.len());
}

async fn tour(bench: &Bench) {
    let world = &bench.world;
    let rita = world.act_as("rita");
    let comment = rita.comment(REPOSITORY, 1, "hello").unwrap();
    world.act_as("walt").label(REPOSITORY, 1, "bug").unwrap();
    let (one, two) = (world.issue(REPOSITORY, 1).unwrap().id, world.issue(REPOSITORY, 2).unwrap().id);
    let base = "/repos/acme/web";
    let new = json!({ "title": "New", "body": "text", "labels": ["bug"], "assignees": ["ada"] });
    assert_eq!(bench.send("POST", &format!("{base}/issues"), new).await.status, 201);
    let three = world.issue(REPOSITORY, 3).unwrap().id;
    for (method, path, body, status) in [
        ("POST", "/issues/1/comments", json!({ "body": "a comment" }), 201),
        ("POST", "/issues/1/reactions", json!({ "content": "eyes" }), 201),
        ("POST", "/labels", json!({ "name": "fresh", "color": "00ff00", "description": "new" }), 201),
        ("POST", "/labels", json!({ "name": "fresh" }), 422),
        ("POST", "/issues/1/labels", json!({ "labels": ["fresh"] }), 200),
        ("DELETE", "/issues/1/labels/fresh", Value::Null, 200),
        ("POST", "/issues/2/sub_issues", json!({ "sub_issue_id": three }), 201),
        ("POST", "/issues/2/sub_issues", json!({ "sub_issue_id": three }), 422),
        ("POST", "/issues/2/dependencies/blocked_by", json!({ "issue_id": one }), 201),
        ("POST", "/issues/1/dependencies/blocked_by", json!({ "issue_id": two }), 422),
        ("PATCH", "/issues/3", json!({ "state": "closed", "state_reason": "completed", "title": "T" }), 200),
        ("POST", "/issues/1/comments", json!({ "body": "" }), 422),
    ] {
        assert_eq!(
            bench.send(method, &format!("{base}{path}"), body).await.status,
            status,
            "{method} {path}"
        );
    }
    let reactions = format!("{base}/issues/comments/{comment}/reactions");
    let reaction = bench.send("POST", &reactions, json!({ "content": "rocket" })).await.body["id"].clone();
    bench.send("DELETE", &format!("{reactions}/{reaction}"), Value::Null).await;
    bench
        .send("POST", &format!("{base}/issues/comments/{comment}/reactions"), json!({ "content": "+1" }))
        .await;
    bench.send("PATCH", &format!("{base}/issues/comments/{comment}"), json!({ "body": "edited" })).await;
    let files = [("src/auth.rs", Some("// less\n")), ("docs/a.md", Some("# a\n")), ("README.md", None)];
    let sha = world.act_as("ada").push(REPOSITORY, "Change files", &files).unwrap();
    let link = NewFile { mode: Mode::Symlink, content: "README.md".into() };
    let push = Push {
        branch: "feature/links".to_owned(),
        message: "Link".to_owned(),
        files: [("link".to_owned(), Some(link))].into(),
    };
    world.act_as("ada").push_to(REPOSITORY, push).unwrap();
    let tree = bench.get(&format!("{base}/git/trees/main?recursive=1")).await;
    let blob = tree.body["tree"].as_array().unwrap().iter().find(|entry| entry["type"] == "blob").unwrap();
    for path in [
        "",
        "/languages",
        "/branches/main",
        "/branches/feature/links",
        "/branches/nope",
        "/commits?path=src/auth.rs",
        &format!("/commits/{sha}"),
        "/contents/src/auth.rs",
        "/contents/src",
        "/contents/link?ref=feature/links",
        "/contents/nothing",
        "/git/ref/heads/main",
        &format!("/git/blobs/{}", blob["sha"].as_str().unwrap()),
        "/actions/workflows",
        "/actions/runs",
        "/actions/workflows/ci.yml/runs?branch=main",
        "/collaborators/tess/permission",
        "/collaborators/nobody/permission",
        "/issues?state=all&labels=bug",
        "/issues/1",
        "/issues/99",
        "/issues/1/comments",
        "/issues/comments",
        &format!("/issues/comments/{comment}"),
        &format!("/issues/comments/{comment}/reactions"),
        "/issues/1/reactions",
        "/labels",
        "/labels/bug",
        "/issues/1/labels",
        "/issues/2/sub_issues",
        "/issues/3/parent",
        "/issues/1/parent",
        "/issues/2/dependencies/blocked_by",
        "/issues/1/dependencies/blocking",
        "/issues/1/timeline",
        "/issues/2/timeline",
        "/issues/3/timeline",
        "/issues/1/events",
        "/issues/3/events",
    ] {
        let sent = bench.get(&format!("{base}{path}")).await;
        assert!(sent.status == 200 || sent.status == 404, "{path}: {}", sent.status);
    }
    for path in [
        "/search/issues?q=repo:acme/web+is:issue+sign",
        "/rate_limit",
        "/meta",
        "/users/ada",
        "/users/nobody",
        "/installation/repositories",
    ] {
        bench.get(path).await;
    }
    bench.send("DELETE", &format!("{base}/issues/2/sub_issue"), json!({ "sub_issue_id": three })).await;
    let dependency = format!("{base}/issues/2/dependencies/blocked_by/{one}");
    bench.send("DELETE", &dependency, Value::Null).await;
    bench.send("DELETE", &format!("{base}/issues/comments/{comment}"), Value::Null).await;
    app_tour(bench).await;
}

async fn app_tour(bench: &Bench) {
    bench.world.set_webhook_url("http://127.0.0.1:9/webhook");
    Deliverer::default().deliver_pending(&bench.world).await;
    let delivery = bench.world.webhook_log()[0].id;
    let installation = format!("/app/installations/{}", bench.installation);
    for path in [
        "/app",
        "/app/installations",
        &installation,
        "/app/hook/deliveries?per_page=2",
        &format!("/app/hook/deliveries/{delivery}"),
        "/repos/acme/web/installation",
    ] {
        assert_eq!(bench.as_app("GET", path, Value::Null).await.status, 200, "{path}");
    }
    let attempts = format!("/app/hook/deliveries/{delivery}/attempts");
    assert_eq!(bench.as_app("POST", &attempts, Value::Null).await.status, 202);
    let tokens = format!("{installation}/access_tokens");
    let asked = json!({ "repositories": ["web"], "permissions": { "issues": "write" } });
    assert_eq!(bench.as_app("POST", &tokens, asked).await.status, 201);
    assert_eq!(bench.as_app("POST", &tokens, json!({ "repositories": ["x"] })).await.status, 422);
    bench.world.suspend_installation(bench.installation).unwrap();
    assert_eq!(bench.as_app("GET", &installation, Value::Null).await.status, 200);
    assert_eq!(bench.get("/repos/acme/web").await.status, 403);
}
