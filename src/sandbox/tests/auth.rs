//! Who gets in.

use super::*;

async fn with_jwt(bench: &Bench, claims: Value) -> (u16, String) {
    let bearer = format!("Bearer {}", bench.jwt(&claims));
    let sent = bench.send_with("GET", "/app", (Value::Null, &[("authorization", &bearer)])).await;
    (sent.status, sent.message().to_owned())
}

#[tokio::test]
async fn a_jwt_is_checked_as_github_checks_it() {
    let bench = Bench::new();
    let (id, now) = (bench.world.app().id, bench.world.now() / 1000);
    let client = bench.world.app().client_id;
    assert_eq!(with_jwt(&bench, json!({ "iss": client, "iat": now, "exp": now + 600 })).await.0, 200);
    assert_eq!(with_jwt(&bench, json!({ "iss": id, "iat": now, "exp": now + 1 })).await.0, 200);
    let (status, message) = with_jwt(&bench, json!({ "iss": id, "iat": now + 1, "exp": now + 60 })).await;
    assert_eq!(status, 401);
    assert!(message.starts_with("'Issued at' claim ('iat') must be an Integer"), "{message}");
    let (status, message) = with_jwt(&bench, json!({ "iss": id, "iat": now, "exp": now + 601 })).await;
    assert_eq!((status, message.as_str()), (401, "'Expiration time' claim ('exp') is too far in the future"));
    assert_eq!(with_jwt(&bench, json!({ "iss": id, "iat": now - 9, "exp": now })).await.0, 401);
    assert_eq!(with_jwt(&bench, json!({ "iat": now, "exp": now + 60 })).await.0, 401);
    assert_eq!(with_jwt(&bench, json!({ "iss": "other", "iat": now, "exp": now + 60 })).await.0, 404);
}

#[tokio::test]
async fn keys_can_be_rotated() {
    let bench = Bench::new();
    let old = format!("Bearer {}", bench.good_jwt());
    bench.world.add_private_key();
    let new = format!("Bearer {}", bench.good_jwt());
    assert_ne!(old, new);
    let status = async |bearer: &str| {
        bench.send_with("GET", "/app", (Value::Null, &[("authorization", bearer)])).await.status
    };
    assert_eq!((status(&old).await, status(&new).await), (200, 200));
    bench.world.revoke_old_private_keys();
    assert_eq!((status(&old).await, status(&new).await), (401, 200));
}

#[tokio::test]
async fn missing_and_bad_tokens_are_401() {
    let bench = Bench::new();
    for bad in ["", "Bearer nonsense", "Basic abc", "nonsense"] {
        let sent = bench.send_with("GET", "/repos/acme/web", (Value::Null, &[("authorization", bad)])).await;
        let expected = if bad.is_empty() { "Requires authentication" } else { "Bad credentials" };
        assert_eq!((sent.status, sent.message()), (401, expected), "{bad}");
    }
}

#[tokio::test]
async fn tokens_are_limited_and_expire_after_an_hour() {
    let bench = Bench::new();
    let path = format!("/app/installations/{}/access_tokens", bench.installation);
    let id = bench.world.repository_id(REPOSITORY).unwrap();
    let asked = json!({ "repository_ids": [id], "permissions": { "issues": "write" } });
    let sent = bench.as_app("POST", &path, asked).await;
    assert_eq!(sent.status, 201);
    assert_eq!(sent.body["permissions"], json!({ "issues": "write", "metadata": "read" }));
    assert_eq!(sent.body["repositories"][0]["full_name"], "acme/web");
    assert_eq!(sent.body["expires_at"], "2026-11-02T09:00:00Z");
    let bearer = format!("token {}", sent.body["token"].as_str().unwrap());
    let read =
        async |path: &str| bench.send_with("GET", path, (Value::Null, &[("authorization", &bearer)])).await;
    assert_eq!(read("/repos/acme/web/issues/1").await.status, 200);
    let refused = read("/repos/acme/web/contents/README.md").await;
    assert_eq!((refused.status, refused.message()), (403, "Resource not accessible by integration"));
    bench.advance(3_599_999);
    assert_eq!(read("/repos/acme/web/issues/1").await.status, 200);
    bench.advance(1);
    assert_eq!(read("/repos/acme/web/issues/1").await.message(), "Bad credentials");
}

#[tokio::test]
async fn a_token_for_too_much_is_422() {
    let bench = Bench::new();
    bench.world.add_repository(NewRepository::named("acme/other"));
    let path = format!("/app/installations/{}/access_tokens", bench.installation);
    for asked in [
        json!({ "permissions": { "contents": "write" } }),
        json!({ "permissions": { "checks": "read" } }),
        json!({ "repositories": ["other"] }),
        json!({ "repositories": ["nothing"] }),
        json!({ "repository_ids": [1] }),
    ] {
        assert_eq!(bench.as_app("POST", &path, asked.clone()).await.status, 422, "{asked}");
    }
    assert_eq!(bench.as_app("POST", "/app/installations/1/access_tokens", json!({})).await.status, 404);
    let other = bench.get("/repos/acme/other").await;
    assert_eq!((other.status, other.message()), (404, "Not Found"));
}

#[tokio::test]
async fn suspended_is_403_and_deleted_is_404() {
    let bench = Bench::new();
    let path = format!("/app/installations/{}/access_tokens", bench.installation);
    bench.world.suspend_installation(bench.installation).unwrap();
    let sent = bench.get("/repos/acme/web").await;
    assert_eq!((sent.status, sent.message()), (403, "This installation has been suspended"));
    assert_eq!(bench.as_app("POST", &path, json!({})).await.status, 403);
    bench.world.unsuspend_installation(bench.installation).unwrap();
    assert_eq!(bench.get("/repos/acme/web").await.status, 200);
    bench.world.delete_installation(bench.installation).unwrap();
    assert_eq!(bench.as_app("POST", &path, json!({})).await.status, 404);
    assert_eq!(bench.get("/repos/acme/web").await.status, 401);
    assert_eq!(bench.as_app("GET", "/repos/acme/web/installation", Value::Null).await.status, 404);
}

#[tokio::test]
async fn what_is_taken_away_is_gone_at_once() {
    let bench = Bench::new();
    bench.world.set_permissions(bench.installation, [("issues".to_owned(), Level::Read)].into()).unwrap();
    let body = json!({ "body": "hello" });
    assert_eq!(bench.send("POST", "/repos/acme/web/issues/1/comments", body).await.status, 403);
    assert_eq!(bench.get("/repos/acme/web/issues/1").await.status, 200);
    bench.world.remove_from_installation(bench.installation, &[REPOSITORY]).unwrap();
    assert_eq!(bench.get("/repos/acme/web/issues/1").await.status, 404);
}

#[tokio::test]
async fn a_request_needs_a_user_agent_and_a_known_version() {
    let bench = Bench::new();
    let sent = bench.send_with("GET", "/repos/acme/web", (Value::Null, &[("user-agent", "")])).await;
    assert_eq!(sent.status, 403);
    assert!(String::from_utf8_lossy(&sent.raw).contains("User-Agent header"));
    let version = [("x-github-api-version", "1999-01-01")];
    assert_eq!(bench.send_with("GET", "/repos/acme/web", (Value::Null, &version)).await.status, 400);
    let version = [("x-github-api-version", "2022-11-28")];
    assert_eq!(bench.send_with("GET", "/repos/acme/web", (Value::Null, &version)).await.status, 200);
}

#[tokio::test]
async fn the_date_is_the_worlds_and_follows_the_skew() {
    let bench = Bench::new();
    assert_eq!(bench.get("/meta").await.header("date"), "Mon, 02 Nov 2026 08:00:00 GMT");
    let jwt = bench.good_jwt();
    bench.world.faults().set_clock_skew_ms(-90_000);
    let bearer = format!("Bearer {jwt}");
    let sent = bench.send_with("GET", "/app", (Value::Null, &[("authorization", &bearer)])).await;
    assert_eq!((sent.status, sent.header("date")), (401, "Mon, 02 Nov 2026 07:58:30 GMT"));
}
