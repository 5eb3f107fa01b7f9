//! Issues, comments, labels and reactions.

use super::*;

#[tokio::test]
async fn a_comment_of_the_app_is_a_bots() {
    let bench = Bench::new();
    let sent = bench.send("POST", "/repos/acme/web/issues/1/comments", json!({ "body": "a 🦀 \u{0}" })).await;
    assert_eq!(sent.status, 201);
    assert_eq!(sent.body["user"]["login"], "millwright[bot]");
    assert_eq!(sent.body["user"]["type"], "Bot");
    assert_eq!(sent.body["performed_via_github_app"]["slug"], "millwright");
    assert_eq!(sent.body["body"], "a 🦀 \u{0}");
    assert_eq!(sent.header("location"), sent.body["url"]);
    let id = sent.body["id"].as_i64().unwrap();
    let path = format!("/repos/acme/web/issues/comments/{id}");
    assert_eq!(bench.send("PATCH", &path, json!({ "body": "changed" })).await.body["body"], "changed");
    let listed = bench.get("/repos/acme/web/issues/1/comments").await;
    assert_eq!(listed.body[0]["body"], "changed");
    assert_eq!(bench.get("/repos/acme/web/issues/1").await.body["comments"], 1);
    assert_eq!(bench.send("DELETE", &path, Value::Null).await.status, 204);
    assert_eq!(bench.get(&path).await.status, 404);
    assert!(bench.world.comments(REPOSITORY, 1).is_empty());
}

#[tokio::test]
async fn bodies_have_limits() {
    let bench = Bench::new();
    let comments = "/repos/acme/web/issues/1/comments";
    let longest = "é".repeat(65_536);
    assert_eq!(bench.send("POST", comments, json!({ "body": longest })).await.status, 201);
    let sent = bench.send("POST", comments, json!({ "body": format!("{longest}x") })).await;
    assert_eq!((sent.status, sent.message()), (422, "Validation Failed"));
    assert_eq!(sent.body["errors"][0]["message"], "body is too long (maximum is 65536 characters)");
    assert_eq!(sent.body["status"], "422");
    for bad in [json!({ "body": " \n" }), json!({ "body": null }), json!({}), json!({ "body": 7 })] {
        assert_eq!(bench.send("POST", comments, bad.clone()).await.status, 422, "{bad}");
    }
    for broken in ["{\"body\": \"\\ud800\"}", "{", "{\"body\": \"a"] {
        let sent = bench.send("POST", comments, json!(broken)).await;
        assert_eq!((sent.status, sent.message()), (400, "Problems parsing JSON"), "{broken}");
    }
    assert_eq!(bench.world.comments(REPOSITORY, 1).len(), 1);
}

#[tokio::test]
async fn an_issue_is_opened_with_labels_that_are_made() {
    let bench = Bench::new();
    let new = json!({ "title": "New", "body": "text", "labels": ["Bug", "fresh"] });
    let sent = bench.send("POST", "/repos/acme/web/issues", new).await;
    assert_eq!((sent.status, &sent.body["number"]), (201, &json!(3)));
    assert!(sent.body["id"].as_i64().unwrap() > 1_000_000, "the database id is not the number");
    assert_eq!(bench.world.labels(REPOSITORY, 3), ["bug", "fresh"]);
    let label = bench.get("/repos/acme/web/labels/fresh").await;
    assert_eq!((&label.body["color"], &label.body["default"]), (&json!("ededed"), &json!(false)));
    for bad in [json!({}), json!({ "title": "" }), json!({ "title": "x".repeat(257) })] {
        assert_eq!(bench.send("POST", "/repos/acme/web/issues", bad).await.status, 422);
    }
    assert_eq!(bench.world.issues(REPOSITORY).len(), 3);
}

#[tokio::test]
async fn editing_changes_only_what_is_named() {
    let bench = Bench::new();
    let path = "/repos/acme/web/issues/1";
    let before = bench.get(path).await.body;
    let closed = json!({ "state": "closed", "state_reason": "not_planned" });
    let sent = bench.send("PATCH", path, closed).await.body;
    assert_eq!((&sent["state"], &sent["state_reason"]), (&json!("closed"), &json!("not_planned")));
    assert_eq!(sent["closed_by"]["login"], "millwright[bot]");
    assert_eq!((&sent["title"], &sent["body"]), (&before["title"], &before["body"]));
    let sent = bench.send("PATCH", path, json!({ "state": "open", "body": null })).await.body;
    assert_eq!((&sent["state_reason"], &sent["closed_at"]), (&json!("reopened"), &Value::Null));
    assert_eq!(sent["body"], Value::Null);
    assert_eq!(bench.send("PATCH", path, json!({ "state": "gone" })).await.status, 422);
    let open = bench.get("/repos/acme/web/issues?state=open").await.body.as_array().unwrap().len();
    assert_eq!(open, 2);
}

#[tokio::test]
async fn locked_deleted_and_moved_issues_answer_as_such() {
    let bench = Bench::new();
    let ada = bench.world.act_as("ada");
    ada.lock(REPOSITORY, 1).unwrap();
    let sent = bench.send("POST", "/repos/acme/web/issues/1/comments", json!({ "body": "x" })).await;
    assert_eq!((sent.status, sent.message()), (403, "Unable to create comment because issue is locked."));
    ada.unlock(REPOSITORY, 1).unwrap();
    ada.delete_issue(REPOSITORY, 1).unwrap();
    assert_eq!(bench.get("/repos/acme/web/issues/1").await.status, 410);
    bench.world.add_repository(NewRepository::named("acme/docs"));
    bench.world.set_role("acme/docs", "ada", Role::Admin).unwrap();
    bench.world.add_to_installation(bench.installation, &["acme/docs"]).unwrap();
    assert_eq!(ada.transfer(REPOSITORY, 2, "acme/docs").unwrap(), 1);
    let moved = bench.get("/repos/acme/web/issues/2").await;
    assert_eq!(moved.status, 301);
    let target = moved.header("location").strip_prefix("https://api.github.example").unwrap().to_owned();
    let found = bench.get(&target).await;
    assert_eq!((found.status, &found.body["title"]), (200, &json!("Rate limit failed sign-ins")));
    assert_eq!(bench.get("/repos/acme/web/issues/99").await.status, 404);
}

#[tokio::test]
async fn reactions_exist_once_per_account() {
    let bench = Bench::new();
    let comment = bench.world.act_as("rita").comment(REPOSITORY, 1, "hello").unwrap();
    let path = format!("/repos/acme/web/issues/comments/{comment}/reactions");
    let first = bench.send("POST", &path, json!({ "content": "eyes" })).await;
    let second = bench.send("POST", &path, json!({ "content": "eyes" })).await;
    assert_eq!((first.status, second.status), (201, 200));
    assert_eq!(first.body["id"], second.body["id"]);
    let shown = bench.get(&format!("/repos/acme/web/issues/comments/{comment}")).await;
    assert_eq!(
        (&shown.body["reactions"]["eyes"], &shown.body["reactions"]["total_count"]),
        (&json!(1), &json!(1))
    );
    let ritas = bench.world.act_as("rita").react(REPOSITORY, comment, "heart").unwrap();
    assert_eq!(bench.send("DELETE", &format!("{path}/{ritas}"), Value::Null).await.status, 403);
    let own = format!("{path}/{}", first.body["id"]);
    assert_eq!(bench.send("DELETE", &own, Value::Null).await.status, 204);
    assert_eq!(bench.get(&path).await.body.as_array().unwrap().len(), 1);
    assert_eq!(bench.send("POST", &path, json!({ "content": "sparkles" })).await.status, 422);
    let issue =
        bench.send("POST", "/repos/acme/web/issues/1/reactions", json!({ "content": "rocket" })).await;
    assert_eq!(issue.status, 201);
}

#[tokio::test]
async fn labels_are_unique_without_case_and_removed_by_name() {
    let bench = Bench::new();
    let labels = "/repos/acme/web/labels";
    let sent = bench.send("POST", labels, json!({ "name": "size: S", "color": "00FF00" })).await;
    assert_eq!((sent.status, &sent.body["color"]), (201, &json!("00ff00")));
    let again = bench.send("POST", labels, json!({ "name": "SIZE: s" })).await;
    assert_eq!((again.status, &again.body["errors"][0]["code"]), (422, &json!("already_exists")));
    assert_eq!(bench.send("POST", labels, json!({ "name": "x", "color": "#fff" })).await.status, 422);
    let on_issue = "/repos/acme/web/issues/1/labels";
    let added = bench.send("POST", on_issue, json!({ "labels": ["size: S", "bug"] })).await;
    assert_eq!(added.body.as_array().unwrap().len(), 2);
    let removed = bench.send("DELETE", &format!("{on_issue}/size%3A%20s"), Value::Null).await;
    assert_eq!((removed.status, removed.body.as_array().unwrap().len()), (200, 1));
    assert_eq!(bench.send("DELETE", &format!("{on_issue}/size%3A%20s"), Value::Null).await.status, 404);
}

#[tokio::test]
async fn lists_come_in_pages() {
    let bench = Bench::new();
    for number in 0..7 {
        bench.world.act_as("rita").comment(REPOSITORY, 1, &format!("comment {number}")).unwrap();
    }
    let bodies = |sent: &Sent| -> Vec<String> {
        let items = sent.body.as_array().unwrap().iter();
        items.map(|item| item["body"].as_str().unwrap().to_owned()).collect()
    };
    let second = bench.get("/api/v3/repos/acme/web/issues/1/comments?per_page=3&page=2").await;
    assert_eq!(bodies(&second), ["comment 3", "comment 4", "comment 5"]);
    let base = "http://github.test/api/v3/repos/acme/web/issues/1/comments?per_page=3&page=";
    let link = |page: u8, relation: &str| format!("<{base}{page}>; rel=\"{relation}\"");
    let expected = [link(1, "prev"), link(3, "next"), link(3, "last"), link(1, "first")].join(", ");
    assert_eq!(second.header("link"), expected);
    let last = bench.get("/repos/acme/web/issues/1/comments?per_page=3&page=3").await;
    assert_eq!((bodies(&last).len(), last.header("link").contains("next")), (1, false));
    let all = bench.get("/repos/acme/web/issues/1/comments?per_page=1000").await;
    assert_eq!((bodies(&all).len(), all.header("link")), (7, ""));
}

#[tokio::test]
async fn comments_are_listed_since_a_time() {
    let bench = Bench::new();
    bench.world.act_as("rita").comment(REPOSITORY, 1, "old").unwrap();
    bench.advance(60_000);
    bench.world.act_as("rita").comment(REPOSITORY, 1, "new").unwrap();
    for path in ["issues/1/comments", "issues/comments"] {
        let sent = bench.get(&format!("/repos/acme/web/{path}?since=2026-11-02T08:00:30Z")).await;
        assert_eq!(sent.body.as_array().unwrap().len(), 1, "{path}");
        assert_eq!(sent.body[0]["body"], "new");
    }
}

#[tokio::test]
async fn what_has_not_changed_is_304_and_free() {
    let bench = Bench::new();
    let first = bench.get("/repos/acme/web/issues/1").await;
    let tag = first.header("etag").to_owned();
    assert!(tag.starts_with("W/\""), "{tag}");
    let remaining = |sent: &Sent| sent.header("x-ratelimit-remaining").parse::<i64>().unwrap();
    let known = [("if-none-match", tag.as_str())];
    let second = bench.send_with("GET", "/repos/acme/web/issues/1", (Value::Null, &known)).await;
    assert_eq!((second.status, second.raw.len()), (304, 0));
    assert_eq!(remaining(&second), remaining(&first));
    bench.world.act_as("ada").comment(REPOSITORY, 1, "news").unwrap();
    let third = bench.send_with("GET", "/repos/acme/web/issues/1", (Value::Null, &known)).await;
    assert_eq!((third.status, remaining(&third)), (200, remaining(&first) - 1));
}

#[tokio::test]
async fn events_and_timeline_tell_what_happened() {
    let bench = Bench::new();
    let walt = bench.world.act_as("walt");
    walt.label(REPOSITORY, 1, "bug").unwrap();
    bench.advance(1000);
    walt.comment(REPOSITORY, 1, "working on it").unwrap();
    bench.advance(1000);
    walt.close(REPOSITORY, 1).unwrap();
    let names = |sent: &Sent| -> Vec<String> {
        let items = sent.body.as_array().unwrap().iter();
        items.map(|item| item["event"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(
        names(&bench.get("/repos/acme/web/issues/1/timeline").await),
        ["labeled", "commented", "closed"]
    );
    assert_eq!(names(&bench.get("/repos/acme/web/issues/1/events").await), ["labeled", "closed"]);
}

#[tokio::test]
async fn search_finds_words_in_what_the_token_reaches() {
    let bench = Bench::new();
    let found = async |query: &str| {
        let query: String = url::form_urlencoded::byte_serialize(query.as_bytes()).collect();
        bench.get(&format!("/search/issues?q={query}")).await
    };
    let sent = found("repo:acme/web is:issue is:open in:title \"failed sign-ins\" rate").await;
    assert_eq!((sent.status, &sent.body["total_count"]), (200, &json!(1)));
    assert_eq!(sent.body["items"][0]["number"], 2);
    assert_eq!(sent.header("x-ratelimit-resource"), "search");
    assert_eq!(found("repo:acme/web is:issue in:title proxies").await.body["total_count"], 0);
    assert_eq!(found("repo:acme/nothing is:issue x").await.status, 422);
    assert_eq!(found("repo:acme/web x").await.status, 422);
    assert_eq!(bench.get("/search/issues").await.status, 422);
}
