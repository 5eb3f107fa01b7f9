//! Every answer of a long tour fits GitHub's own OpenAPI description.

use std::collections::BTreeSet;

use boon::{Compiler, Schemas};

use super::*;

const HOME: &str = "http://contract.test/openapi.json";

#[tokio::test]
async fn answers_fit_githubs_description() {
    let Ok(file) = env_path() else {
        println!("contract check skipped: MILLWRIGHT_GITHUB_OPENAPI names no file");
        return;
    };
    let text = std::fs::read_to_string(&file).unwrap();
    let mut description: Value = serde_json::from_str(&text).unwrap();
    convert(&mut description);
    let bench = Bench::new();
    tour(&bench).await;
    let mut compiler = Compiler::new();
    compiler.add_resource(HOME, description.clone()).unwrap();
    let mut schemas = Schemas::new();
    let (mut problems, mut routes) = (Vec::new(), BTreeSet::new());
    for request in bench.world.requests() {
        let label = format!("{} {}", request.method, request.path);
        let Some((path, operation)) = described(&description, &request) else {
            problems.push(format!("{label}: not described"));
            continue;
        };
        routes.insert((request.method.clone(), request.route));
        let status = request.status.unwrap().to_string();
        let mut pointer =
            format!("/paths/{}/{}/responses/{status}", escape(&path), request.method.to_lowercase());
        if let Some(shared) = operation["responses"][&status]["$ref"].as_str() {
            pointer = shared.trim_start_matches('#').to_owned();
        }
        let Some(response) = description.pointer(&pointer) else {
            problems.push(format!("{label}: {status} is not described"));
            continue;
        };
        let body =
            (request.body.as_ref(), &operation["requestBody"]["content"]["application/json"]["schema"]);
        if let (Some(body), true) = (body.0, body.1.is_object() && request.status.unwrap() < 400) {
            let at = format!(
                "/paths/{}/{}/requestBody/content/application~1json/schema",
                escape(&path),
                request.method.to_lowercase()
            );
            let schema = compiler.compile(&format!("{HOME}#{}", encoded(&at)), &mut schemas).unwrap();
            problems.extend(schemas.validate(body, schema).err().map(|it| format!("{label} sent: {it:#}")));
        }
        if let (Some(answer), true) =
            (&request.answer, response["content"]["application/json"]["schema"].is_object())
        {
            let at = format!("{pointer}/content/application~1json/schema");
            let schema = compiler.compile(&format!("{HOME}#{}", encoded(&at)), &mut schemas).unwrap();
            problems.extend(schemas.validate(answer, schema).err().map(|it| format!("{label}: {it:#}")));
        }
    }
    assert!(problems.is_empty(), "{} problems\n{}", problems.len(), problems.join("\n\n"));
    assert!(routes.len() >= 50, "the tour saw only {} routes", routes.len());
}

fn env_path() -> Result<String, std::env::VarError> {
    #[expect(clippy::disallowed_methods, reason = "contract data is named by the environment of the tests")]
    std::env::var("MILLWRIGHT_GITHUB_OPENAPI")
}

/// OpenAPI 3.0 says `nullable`, JSON Schema says so by a type.
fn convert(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(convert),
        Value::Object(fields) => {
            fields.values_mut().for_each(convert);
            if fields.remove("nullable") != Some(json!(true)) {
                return;
            }
            let plain = Value::Object(std::mem::take(fields));
            *value = json!({ "anyOf": [plain, { "type": "null" }] });
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// The described path with the most literal segments that fits, and its operation.
fn described(description: &Value, request: &Request) -> Option<(String, Value)> {
    let fits = |pattern: &str| {
        let (wanted, given): (Vec<&str>, Vec<&str>) =
            (pattern.split('/').collect(), request.path.split('/').collect());
        let tail = ["{path}", "{ref}", "{branch}"].iter().any(|name| pattern.ends_with(name));
        (wanted.len() == given.len() || (tail && wanted.len() < given.len()))
            && wanted.iter().zip(&given).all(|(wanted, given)| wanted.starts_with('{') || wanted == given)
    };
    let paths = description["paths"].as_object()?;
    let fitting = paths.iter().filter(|(path, _)| fits(path));
    let (path, item) = fitting.min_by_key(|(path, _)| path.matches('{').count())?;
    Some((path.clone(), item.get(request.method.to_lowercase())?.clone()))
}

fn escape(path: &str) -> String {
    path.replace('~', "~0").replace('/', "~1")
}

fn encoded(pointer: &str) -> String {
    pointer.replace('{', "%7B").replace('}', "%7D")
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
