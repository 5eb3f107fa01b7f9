use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::json;

use crate::domain::event::{Person, PersonKind};
use crate::domain::failure::Failure;
use crate::domain::ids::{InstallationId, IssueNumber};
use crate::github::error::ErrorKind;
use crate::github::testing::{Fake, Reply, START_MS, Seen, issue, repo_of};

const ISSUE: IssueNumber = IssueNumber(7);

/// What GitHub checks of an App token, with its clock `ahead_ms` of ours.
fn strict_about_time(ahead_ms: i64) -> impl Fn(&Seen) -> Option<Reply> + Send + Sync + 'static {
    move |seen| {
        if !seen.is_token_request() {
            return Some(Reply::json(200, issue(7)));
        }
        let claims = seen.claims();
        let now_s = (START_MS + ahead_ms) / 1000;
        let (iat, exp) = (claims["iat"].as_i64().unwrap(), claims["exp"].as_i64().unwrap());
        let minds = |message: &str| Some(Reply::json(401, json!({"message": message})));
        match () {
            () if iat > now_s => minds(
                "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued",
            ),
            () if exp > now_s + 600 => minds("'Expiration time' claim ('exp') is too far in the future"),
            () if exp <= now_s => minds(
                "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires",
            ),
            () => None,
        }
    }
}

#[tokio::test]
async fn f9_a_minute_either_way_simply_works() {
    for ahead_ms in [-60_000, -30_000, 0, 30_000, 60_000] {
        let fake = Fake::with_clock_ahead_ms(ahead_ms, strict_about_time(ahead_ms)).await;
        fake.repo().issue(ISSUE).await.unwrap();
        assert_eq!(fake.count(Seen::is_token_request), 1, "{ahead_ms}");
    }
}

#[tokio::test]
async fn f9_beyond_that_githubs_own_clock_is_used_and_kept() {
    for ahead_ms in [-90_000, -600_000, 600_000, 86_400_000] {
        let fake = Fake::with_clock_ahead_ms(ahead_ms, strict_about_time(ahead_ms)).await;
        let github = fake.github();
        repo_of(&github, 1).issue(ISSUE).await.unwrap();
        assert_eq!(fake.count(Seen::is_token_request), 2, "{ahead_ms}");
        repo_of(&github, 2).issue(ISSUE).await.unwrap();
        assert_eq!(fake.count(Seen::is_token_request), 3, "the offset is kept");
        fake.hand.advance_ms(50 * 60_000);
        repo_of(&github, 2).issue(ISSUE).await.unwrap();
        assert_eq!(fake.count(Seen::is_token_request), 3, "a token lasts its hour by GitHub's clock");
    }
}

#[tokio::test]
async fn f9_all_who_were_refused_together_go_on() {
    let fake = Fake::with_clock_ahead_ms(-600_000, |seen| match strict_about_time(-600_000)(seen) {
        Some(refusal) if seen.is_token_request() => Some(Reply::Late(Box::new(refusal))),
        other => other,
    })
    .await;
    let github = fake.github();
    let repos: Vec<_> = (1..=8).map(|installation| repo_of(&github, installation)).collect();
    for read in futures_util::future::join_all(repos.iter().map(|repo| repo.issue(ISSUE))).await {
        read.unwrap();
    }
}

#[tokio::test]
async fn f9_when_that_does_not_help_the_clock_is_named() {
    let minds = json!({"message": "'Issued at' claim ('iat') must be an Integer"});
    let fake = Fake::with_clock_ahead_ms(-600_000, move |seen| {
        seen.is_token_request().then(|| Reply::json(401, minds.clone()))
    })
    .await;
    let error = fake.repo().issue(ISSUE).await.unwrap_err();
    let skew = ErrorKind::ClockSkew { ours_ms: START_MS, theirs_ms: START_MS - 600_000 };
    assert_eq!(error.kind, skew);
    insta::assert_snapshot!(error, @"GitHub refuses our App token because this machine's clock is 600 s ahead of GitHub's: set the clock (NTP)");
    assert!(matches!(Failure::from(error), Failure::Retry { .. }));
    assert_eq!(fake.seen().len(), 2);
}

#[tokio::test]
async fn f9_a_clock_that_is_right_is_not_blamed() {
    for message in ["A JSON web token could not be decoded", "'Issued at' claim ('iat') must be an Integer"] {
        let fake = Fake::start(move |seen| {
            seen.is_token_request().then(|| Reply::json(401, json!({"message": message})))
        })
        .await;
        assert_eq!(fake.repo().issue(ISSUE).await.unwrap_err().kind, ErrorKind::Unauthorized);
        assert_eq!(fake.seen().len(), 1);
    }
}

#[tokio::test]
async fn a_key_that_is_not_the_apps_is_told_with_its_mend_until_github_takes_it() {
    let right = Arc::new(AtomicBool::new(false));
    let is_right = right.clone();
    let fake = Fake::start(move |seen| {
        let refused = !is_right.load(Ordering::Relaxed);
        let app =
            json!({"id": 77, "slug": "millwright", "name": "Millwright", "owner": null, "permissions": {}});
        match (seen.path.as_str(), refused) {
            ("/app", true) => Some(Reply::json(404, json!({"message": "Integration not found"}))),
            ("/app", false) => Some(Reply::json(200, app)),
            (_, true) => Some(Reply::json(401, json!({"message": "A JSON web token could not be decoded"}))),
            _ if seen.is_token_request() => None,
            _ => Some(Reply::json(200, issue(7))),
        }
    })
    .await;
    let github = fake.github();
    let repo = repo_of(&github, 1);
    assert_eq!(github.key_refused_since_ms(), None, "nobody has asked");
    let refused = repo.issue(ISSUE).await.unwrap_err().to_string();
    assert!(refused.contains("could not be decoded; GITHUB_APP_ID and the private key do not"), "{refused}");
    let unknown = github.app_identity().await.unwrap_err().to_string();
    assert!(unknown.contains("Integration not found; GITHUB_APP_ID and"), "{unknown}");
    assert!(github.key_refused_since_ms().is_some());
    right.store(true, Ordering::Relaxed);
    repo.issue(ISSUE).await.unwrap();
    assert_eq!(github.key_refused_since_ms(), None);
}

#[tokio::test]
async fn the_app_is_asked_who_it_is_once() {
    let fake = Fake::start(|seen| {
        let app =
            json!({"id": 77, "slug": "millwright", "name": "Millwright", "owner": null, "permissions": {}});
        (seen.path == "/app")
            .then(|| if seen.before > 0 { Reply::json(200, app) } else { Reply::status(502) })
    })
    .await;
    let github = fake.github();
    github.app_identity().await.unwrap_err();
    let identity = github.app_identity().await.unwrap();
    assert_eq!((identity.id, identity.slug.as_str()), (Some(77), "millwright"));
    github.clone().app_identity().await.unwrap();
    assert_eq!(fake.seen().len(), 2, "a failure is not kept, an answer is");
}

#[tokio::test]
async fn a_server_that_does_not_say_who_we_are_is_gone_on_with_and_asked_again_hourly() {
    let fake = Fake::start(|seen| {
        let app = json!({"id": 77, "slug": "mill", "name": "Mill"});
        (seen.path == "/app" && seen.before > 0).then(|| Reply::json(200, app))
    })
    .await;
    let github = fake.github();
    for _ in 0..3 {
        let assumed = github.app_identity().await.unwrap();
        assert_eq!((assumed.id, assumed.slug.as_str()), (None, "millwright"), "the client id is no id");
    }
    assert_eq!(fake.seen().len(), 1);
    fake.hand.advance_ms(3_600_000);
    assert_eq!(github.app_identity().await.unwrap().slug, "mill");
}

#[tokio::test]
async fn a_page_in_place_of_an_answer_is_not_githubs_and_an_answer_without_an_id_is_gone_on_with() {
    let fake = Fake::start(|seen| {
        let page = Reply::json(200, json!("a page"));
        let answer = if seen.before > 0 { Reply::json(200, json!({"ok": true})) } else { page };
        (seen.path == "/app").then_some(answer)
    })
    .await;
    let github = fake.github();
    let error = github.app_identity().await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::WrongAddress, "{error}");
    assert_eq!(github.app_identity().await.unwrap().slug, "millwright", "it is asked again");
}

#[tokio::test]
async fn an_app_without_a_slug_has_the_usual_one() {
    let fake = Fake::start(|seen| {
        (seen.path == "/app").then(|| Reply::json(200, json!({"id": 77, "name": "Mill", "slug": null})))
    })
    .await;
    let identity = fake.github().app_identity().await.unwrap();
    assert_eq!((identity.id, identity.slug.as_str()), (Some(77), "millwright"));
    let bot = |login: &str, kind| Person { login: login.to_owned(), id: None, kind };
    assert!(identity.is_author(Some(77), None));
    assert!(identity.is_author(None, Some(&bot("Millwright[bot]", PersonKind::Bot))));
    assert!(!identity.is_author(Some(78), Some(&bot("helper[bot]", PersonKind::Bot))));
    assert!(!identity.is_author(None, Some(&bot("millwright[bot]", PersonKind::User))), "anybody's name");
    assert!(!identity.is_author(None, None));
}

#[tokio::test]
async fn an_app_limit_stops_the_app_and_not_the_installations() {
    let fake = Fake::start(|seen| match seen.path.as_str() {
        "/app" => Some(Reply::status(429).header("retry-after", "20")),
        _ if seen.is_token_request() => None,
        _ => Some(Reply::json(200, issue(7))),
    })
    .await;
    let github = fake.github();
    let repo = repo_of(&github, 1);
    repo.issue(ISSUE).await.unwrap();
    let limited = ErrorKind::RateLimited { until_ms: START_MS + 20_000 };
    assert_eq!(github.app_identity().await.unwrap_err().kind, limited);
    assert_eq!(github.app_identity().await.unwrap_err().kind, limited);
    assert_eq!(fake.count(|seen| seen.path == "/app"), 1);
    repo.issue(ISSUE).await.unwrap();
}

#[tokio::test]
async fn the_delivery_log_is_read_page_by_page() {
    let fake = Fake::start(|seen| match (seen.method.as_str(), seen.path.as_str()) {
        ("GET", "/app/hook/deliveries") if seen.query.contains("cursor=v1_9") => {
            Some(Reply::json(200, json!([{"id": 1, "guid": "g1", "installation_id": null}])))
        }
        ("GET", "/app/hook/deliveries") => Some(
            Reply::json(200, json!([{"id": 2, "guid": "g2", "event": "issues", "action": "opened", "status_code": 502,
                "redelivery": true, "installation_id": 4, "repository_id": 5, "delivered_at": "2026-01-01T00:00:00Z"}]))
            .header("link", "<https://api.github.com/app/hook/deliveries?per_page=100&cursor=v1_9>; rel=\"next\""),
        ),
        ("GET", "/app/hook/deliveries/2") => {
            Some(Reply::json(200, json!({"id": 2, "request": {"payload": {"action": "opened", "issue": {"number": 7}}}})))
        }
        _ => None,
    })
    .await;
    let github = fake.github();
    let first = github.hook_deliveries(None).await.unwrap();
    let delivery = &first.deliveries[0];
    assert_eq!((delivery.guid.as_str(), delivery.status_code, delivery.redelivery), ("g2", 502, true));
    assert_eq!(
        (delivery.installation_id, delivery.delivered_at_ms),
        (Some(InstallationId(4)), Some(START_MS))
    );
    let second = github.hook_deliveries(first.next_cursor.as_deref()).await.unwrap();
    assert_eq!((second.deliveries[0].id, second.next_cursor), (1, None));
    let payload = github.hook_delivery_payload(2).await.unwrap();
    assert_eq!(payload, br#"{"action":"opened","issue":{"number":7}}"#);
    assert_eq!(github.hook_delivery_payload(3).await.unwrap_err().kind, ErrorKind::NotFound);
    assert!(fake.seen().iter().all(|seen| seen.claims()["iss"] == "Iv1.test"));
}

/// A page of a proxy, or of GitHub itself where the address lacks `/api/v3`.
#[tokio::test]
async fn a_log_that_cannot_be_read_names_the_address_to_look_at() {
    for body in ["<!DOCTYPE html><html></html>", "{}", ""] {
        let reply = Reply::Answer { status: 200, headers: vec![], body: body.to_owned() };
        let fake = Fake::start(move |_| Some(reply.clone())).await;
        let github = fake.github();
        let errors = [github.hook_deliveries(None).await.err(), github.hook_delivery_payload(2).await.err()];
        for error in errors.into_iter().flatten() {
            assert_eq!(error.kind, ErrorKind::Decode, "{error}");
            let hint = "; GITHUB_API_URL names http://127.0.0.1:";
            assert!(error.to_string().contains(hint), "{body}: {error}");
            assert!(error.to_string().ends_with(": look whether GitHub's API answers there"), "{error}");
        }
        assert_eq!(fake.count(|seen| seen.path.starts_with("/app/hook/deliveries")), 2, "each failed");
    }
}

#[tokio::test]
async fn an_installation_is_read() {
    let fake = Fake::start(|seen| {
        let installation = json!({"id": 4, "account": {"login": "octo", "id": 1, "type": "Organization"},
            "repository_selection": "selected", "suspended_at": "2026-01-01T00:00:00Z"});
        (seen.path == "/app/installations/4").then(|| Reply::json(200, installation))
    })
    .await;
    let github = fake.github();
    let installation = github.installation(InstallationId(4)).await.unwrap();
    assert_eq!(
        (installation.account.unwrap().login.as_str(), installation.suspended_at_ms),
        ("octo", Some(START_MS))
    );
    assert_eq!(github.installation(InstallationId(5)).await.unwrap_err().kind, ErrorKind::NotFound);
}
