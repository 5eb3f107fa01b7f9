use std::time::Duration;

use axum::body::Body;
use axum::http::{Request, Response, StatusCode, header};
use futures_util::StreamExt as _;
use http_body_util::BodyExt as _;
use serde_json::{Value, json};
use std::sync::Arc;
use tower::ServiceExt as _;

use crate::cli::demo::running::Running;
use crate::cli::demo::site::{Site, routes};
use crate::clock::Clock;
use crate::sandbox::World;

const ORIGIN: &str = "http://127.0.0.1:3000";

fn site() -> Site {
    let clock = Clock::system(0);
    let world = World::with_defaults(Arc::new(move || clock.now_ms()));
    Site { world, origin: ORIGIN.to_owned() }
}

async fn send(site: &Site, request: Request<Body>) -> Response<Body> {
    routes(site.clone()).oneshot(request).await.unwrap()
}

fn get(path: &str) -> Request<Body> {
    Request::get(path).header(header::HOST, "127.0.0.1:3000").body(Body::empty()).unwrap()
}

fn post(path: &str, body: &Value) -> Request<Body> {
    Request::post(path)
        .header(header::HOST, "127.0.0.1:3000")
        .header(header::ORIGIN, ORIGIN)
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from(body.to_string()))
        .unwrap()
}

async fn json(response: Response<Body>) -> Value {
    serde_json::from_slice(&response.into_body().collect().await.unwrap().to_bytes()).unwrap_or_default()
}

async fn plan_in_view(site: &Site, number: &Value) -> Option<Value> {
    let view = json(send(site, get(&format!("/api/view?issue={number}"))).await).await;
    let timeline = view["issue"]["timeline"].as_array().unwrap().clone();
    timeline.into_iter().find(|entry| entry["author"] == "millwright[bot]")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_opens_an_issue_asks_and_sees_the_plan_come() {
    let site = site();
    let running = Running::start(site.world.clone(), Clock::system(0), ORIGIN).await.unwrap();
    let stream = send(&site, get("/api/changes")).await;
    assert_eq!(stream.headers()[header::CONTENT_TYPE], "text/event-stream");
    let mut stream = stream.into_body().into_data_stream();
    let first = stream.next().await.unwrap().unwrap();
    assert_eq!(first, "event: changed\ndata: 0\n\n");

    let new = json!({ "as": "rita", "title": "Sign people out after 30 minutes", "body": "- [ ] `src/auth.rs` ends a session after 30 minutes" });
    let opened = send(&site, post("/api/issues", &new)).await;
    assert_eq!(opened.status(), StatusCode::CREATED);
    let number = json(opened).await["number"].clone();
    let said = post(&format!("/api/issues/{number}/comments"), &json!({ "as": "ada", "body": "/enhance" }));
    assert_eq!(send(&site, said).await.status(), StatusCode::CREATED);

    let plan = tokio::time::timeout(Duration::from_secs(30), async {
        loop {
            let frame = stream.next().await.unwrap().unwrap();
            let is_ours = frame == format!("event: changed\ndata: {number}\n\n");
            if let Some(plan) = plan_in_view(&site, &number).await.filter(|_| is_ours) {
                return plan;
            }
        }
    });
    let plan = plan.await.unwrap();
    let view = json(send(&site, get(&format!("/api/view?issue={number}"))).await).await;
    assert_eq!(view["issue"]["newest"], 1, "what the page offers to approve");
    let html = plan["html"].as_str().unwrap().to_owned();
    assert!(html.contains("<sub>rev 1 · base"), "{html}");
    assert!(!html.contains("millwright:v1"), "{html}");
    assert!(
        html.contains(&format!("/acme/web/blob/{}/src/auth.rs", site.world.head("acme/web").unwrap())),
        "{html}"
    );
    running.stop().await;
}

#[tokio::test]
async fn only_the_page_itself_may_change_anything() {
    let site = site();
    let body = json!({ "as": "ada", "body": "hello" });
    let headers = |host: &str, more: &[(&str, &str)]| {
        let mut request = post("/api/issues/2/comments", &body);
        request.headers_mut().remove(header::ORIGIN);
        request.headers_mut().insert(header::HOST, host.parse().unwrap());
        for (name, value) in more {
            request.headers_mut().insert(http::HeaderName::try_from(*name).unwrap(), value.parse().unwrap());
        }
        request
    };
    let refused = [
        headers("127.0.0.1:3000", &[]),
        headers("127.0.0.1:3000", &[("origin", "https://evil.example")]),
        headers("127.0.0.1:3000", &[("origin", "null")]),
        headers("127.0.0.1:3000", &[("origin", "http://127.0.0.1:4000")]),
        headers("127.0.0.1:3000", &[("origin", ORIGIN), ("sec-fetch-site", "cross-site")]),
        headers("evil.example", &[("origin", "http://evil.example"), ("sec-fetch-site", "same-origin")]),
    ];
    for request in refused {
        let told = format!("{:?}", request.headers());
        assert_eq!(send(&site, request).await.status(), StatusCode::FORBIDDEN, "{told}");
    }
    assert_eq!(site.world.comments("acme/web", 2).len(), 0);
    for request in [
        headers("localhost:3000", &[("origin", "http://localhost:3000")]),
        headers("127.0.0.1:3000", &[("sec-fetch-site", "same-origin")]),
    ] {
        assert_eq!(send(&site, request).await.status(), StatusCode::CREATED);
    }
    let mut read = get("/api/view?issue=2");
    read.headers_mut().insert(header::HOST, "evil.example".parse().unwrap());
    assert_eq!(send(&site, read).await.status(), StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn every_answer_keeps_the_page_alone() {
    let site = site();
    for path in
        ["/", "/acme/web/issues/2", "/demo.css", "/demo.js", "/api/view", "/api/file?path=none", "/api/none"]
    {
        let response = send(&site, get(path)).await;
        let policy = response.headers()[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
        assert!(policy.starts_with(
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self'"
        ));
        assert_eq!(response.headers()["x-content-type-options"], "nosniff");
    }
    assert_eq!(send(&site, get("/")).await.headers()[header::LOCATION], "/acme/web/issues/2");
    assert_eq!(send(&site, get("/api/none")).await.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn mistakes_get_a_sentence() {
    let site = site();
    for (path, body, status, message) in [
        ("/api/issues/2/comments", json!({ "as": "ada", "body": "" }), 422, "Body cannot be blank"),
        ("/api/issues/99/comments", json!({ "as": "ada", "body": "x" }), 404, "Not Found"),
        (
            "/api/issues",
            json!({ "as": "ada", "title": "", "body": "" }),
            422,
            "The title cannot be taken as it is.",
        ),
        (
            "/api/issues",
            json!({ "as": "mallory", "title": "x", "body": "" }),
            422,
            "Nobody here has this name.",
        ),
        (
            "/api/issues/1/state",
            json!({ "as": "stan", "open": false }),
            403,
            "stan needs the role triage for this",
        ),
    ] {
        let response = send(&site, post(path, &body)).await;
        assert_eq!(response.status().as_u16(), status, "{path} {body}");
        assert_eq!(json(response).await["message"], message, "{path} {body}");
    }
    let response = send(&site, post("/api/issues", &json!({ "as": "ada" }))).await;
    assert_eq!(response.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert!(json(response).await["message"].as_str().unwrap().contains("missing field `title`"));
}

#[tokio::test]
async fn hostile_titles_and_texts_reach_the_page_as_text() {
    let site = site();
    let new = json!({ "as": "stan", "title": "<script>alert(1)</script>", "body": "<img src=x onerror=alert(1)> [x](javascript:alert(1))" });
    let number = json(send(&site, post("/api/issues", &new)).await).await["number"].as_i64().unwrap();
    site.world.act_as("ada").add_blocked_by("acme/web", number, 1).unwrap();
    let view = json(send(&site, get(&format!("/api/view?issue={number}"))).await).await;
    let (html, graph) = (view["issue"]["html"].as_str().unwrap(), view["issue"]["graph"].as_str().unwrap());
    assert!(!html.contains("<img") && !html.contains("href"), "{html}");
    assert!(graph.contains("&lt;script&gt;") && !graph.contains("<script"), "{graph}");
}

#[tokio::test]
async fn one_edits_ones_own_comment_and_nobody_elses_without_the_right() {
    let site = site();
    let id = json(send(&site, post("/api/issues/2/comments", &json!({ "as": "rita", "body": "a" }))).await)
        .await["id"]
        .clone();
    let edit = |login: &str| {
        post(&format!("/api/comments/{id}"), &json!({ "as": login, "body": format!("by {login}") }))
    };
    assert_eq!(send(&site, edit("stan")).await.status(), StatusCode::FORBIDDEN);
    assert_eq!(send(&site, edit("rita")).await.status(), StatusCode::NO_CONTENT);
    assert_eq!(site.world.comments("acme/web", 2)[0].body, "by rita");
}

#[tokio::test]
async fn the_page_asks_for_nothing_from_elsewhere() {
    for asset in [super::HTML, super::CSS, super::SCRIPT] {
        for outside in ["http://", "https://", "@import", "url(", "onclick=", "<style", "style=\""] {
            let without_namespaces = asset.replace("http://www.w3.org/2000/svg", "");
            assert!(!without_namespaces.contains(outside), "{outside}");
        }
    }
}
