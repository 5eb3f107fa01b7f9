use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::{Value, json};

use crate::domain::alert::{self, Alert, Finding, Place, SCANNERS, Scanner};
use crate::domain::ids::InstallationId;
use crate::github::alerts::Alerts;
use crate::github::error::ErrorKind;
use crate::github::testing::{Fake, Reply, START_MS, Seen, repo_of};

/// The answer to any list of alerts; tokens are granted.
async fn answering(reply: Reply) -> Fake {
    Fake::start(move |seen| seen.path.ends_with("/alerts").then(|| reply.clone())).await
}

async fn listed(scanner: Scanner, alerts: Value) -> Vec<Alert> {
    match answering(Reply::json(200, alerts)).await.repo().alerts(scanner).await.unwrap() {
        Alerts::Open(listed) => listed.items,
        other => panic!("{other:?}"),
    }
}

fn place(path: &str, line: Option<usize>, commit: Option<&str>) -> Option<Place> {
    Some(Place { path: path.to_owned(), line, commit: commit.map(str::to_owned) })
}

#[tokio::test]
async fn a_broken_rule_is_read_with_its_severity_and_place() {
    let broken = json!({
        "number": 4, "html_url": "https://github.com/octo/hello/security/code-scanning/4",
        "created_at": "2026-01-01T00:00:00Z", "state": "open",
        "rule": {"id": "js/sql-injection", "description": "SQL query built from user input", "severity": "error", "security_severity_level": "high"},
        "most_recent_instance": {"commit_sha": "abc", "location": {"path": "src/db/find.js", "start_line": 12}, "message": {"text": "found hunter2"}},
    });
    let bare = json!({"number": 5, "rule": {"id": null, "name": "odd", "severity": "warning"}, "most_recent_instance": []});
    let expected = Alert {
        number: 4,
        page: "https://github.com/octo/hello/security/code-scanning/4".to_owned(),
        severity: "high".to_owned(),
        place: place("src/db/find.js", Some(12), Some("abc")),
        created_at_ms: Some(START_MS),
        finding: Finding::Rule {
            id: "js/sql-injection".to_owned(),
            says: "SQL query built from user input".to_owned(),
        },
    };
    let found = listed(alert::CODE, json!([broken, bare, {"number": 6, "rule": "none"}])).await;
    assert_eq!((found.len(), &found[0]), (2, &expected));
    assert_eq!((found[1].severity.as_str(), &found[1].place), ("warning", &None));
    assert!(!format!("{found:?}").contains("hunter2"), "what is said of one place may quote a secret");
}

#[tokio::test]
async fn a_faulty_package_is_read_with_its_manifest_and_the_patched_version() {
    let faulty = json!({
        "number": 1, "html_url": "https://github.com/octo/hello/security/dependabot/1",
        "created_at": "2026-01-01T00:00:00Z",
        "dependency": {"package": {"ecosystem": "npm", "name": "lodash"}, "manifest_path": "package.json"},
        "security_advisory": {"ghsa_id": "GHSA-35jh-r3h4-6jhm", "summary": "Command injection", "severity": "low"},
        "security_vulnerability": {"severity": "high", "first_patched_version": {"identifier": "4.17.21"}},
    });
    let unpatched = json!({"number": 2, "dependency": {"package": {"name": "left-pad"}}, "security_vulnerability": {"first_patched_version": null}});
    let found = listed(alert::DEPENDENCIES, json!([faulty, unpatched])).await;
    let finding = |name: &str, manifest: &str, patched: Option<&str>, told: (&str, &str)| Finding::Package {
        name: name.to_owned(),
        manifest: manifest.to_owned(),
        patched: patched.map(str::to_owned),
        advisory: told.0.to_owned(),
        says: told.1.to_owned(),
    };
    let told = ("GHSA-35jh-r3h4-6jhm", "Command injection");
    assert_eq!(found[0].finding, finding("lodash", "package.json", Some("4.17.21"), told));
    assert_eq!((found[0].severity.as_str(), &found[0].place), ("high", &place("package.json", None, None)));
    assert_eq!((&found[1].finding, &found[1].place), (&finding("left-pad", "", None, ("", "")), &None));
}

#[tokio::test]
async fn a_secret_is_not_asked_for_and_not_held_where_it_comes_all_the_same() {
    let pushed = json!({
        "number": 9, "html_url": "https://github.com/octo/hello/security/secret-scanning/9",
        "secret": "hunter2", "secret_type": "stripe_api_key", "secret_type_display_name": "Stripe API Key",
        "validity": "active",
        "first_location_detected": {"path": "config/app.toml", "start_line": 3, "commit_sha": "def"},
    });
    let in_an_issue = json!({"number": 8, "secret": "hunter2", "secret_type": "odd", "first_location_detected": {"issue_body_url": "https://api.github.com/x"}});
    let fake = answering(Reply::json(200, json!([pushed, in_an_issue]))).await;
    let Alerts::Open(found) = fake.repo().alerts(alert::SECRETS).await.unwrap() else { panic!("not read") };
    let secret = |name: &str| Finding::Secret { name: name.to_owned() };
    assert_eq!(found.items[0].finding, secret("Stripe API Key"));
    assert_eq!(found.items[0].severity, "active");
    assert_eq!(found.items[0].place, place("config/app.toml", Some(3), Some("def")));
    assert_eq!((&found.items[1].finding, &found.items[1].place), (&secret("odd"), &None));
    assert!(!format!("{found:?}").contains("hunter2"));
    let asked = fake.seen().into_iter().find(|seen| !seen.is_token_request()).unwrap();
    assert_eq!(asked.path, "/repos/octo/hello/secret-scanning/alerts");
    assert_eq!(asked.query, "state=open&sort=created&direction=desc&hide_secret=true&per_page=100");
}

#[tokio::test]
async fn one_page_is_read_and_says_whether_it_was_all() {
    let link = "</repos/octo/hello/dependabot/alerts?after=x>; rel=\"next\"";
    let fake = answering(Reply::json(200, json!([])).header("link", link)).await;
    let Alerts::Open(found) = fake.repo().alerts(alert::DEPENDENCIES).await.unwrap() else {
        panic!("not read")
    };
    assert!(!found.complete);
    assert_eq!(fake.calls(), ["GET /repos/octo/hello/dependabot/alerts"]);
}

#[tokio::test]
async fn each_scanner_is_read_with_a_token_of_its_own_and_all_requests_count_together() {
    let fake = answering(Reply::json(200, json!([]))).await;
    let repo = fake.repo();
    for scanner in SCANNERS {
        assert!(repo.may_read_alerts(scanner).await.unwrap());
        repo.alerts(scanner).await.unwrap();
    }
    let tokens: Vec<Value> =
        fake.seen().into_iter().filter(Seen::is_token_request).map(|seen| seen.body).collect();
    let token = |name: &str| json!({"repository_ids": [5], "permissions": {name: "read"}});
    assert_eq!(tokens, ["security_events", "vulnerability_alerts", "secret_scanning_alerts"].map(token));
    assert_eq!(repo.sent(), 6, "three tokens and three lists");
}

#[tokio::test]
async fn what_is_not_permitted_is_not_asked_for_until_it_is_granted() {
    let granted = Arc::new(AtomicBool::new(false));
    let now = Arc::clone(&granted);
    let refused = json!({"message": "The permissions requested are not granted to this installation."});
    let fake = Fake::start(move |seen| {
        let wants = seen.body["permissions"]["security_events"].is_string();
        match wants && !now.load(Ordering::SeqCst) {
            true => Some(Reply::json(422, refused.clone())),
            false => seen.path.ends_with("/alerts").then(|| Reply::json(200, json!([]))),
        }
    })
    .await;
    let github = fake.github();
    let repo = repo_of(&github, 1);
    for _ in 0..2 {
        assert!(!repo.may_read_alerts(alert::CODE).await.unwrap());
        assert_eq!(repo.alerts(alert::CODE).await.unwrap(), Alerts::NotPermitted);
    }
    assert_eq!((fake.calls().len(), fake.count(Seen::is_token_request)), (0, 1), "a refusal is remembered");
    assert_eq!(repo.sent(), 1);
    assert!(
        matches!(repo.alerts(alert::SECRETS).await.unwrap(), Alerts::Open(_)),
        "the others are not refused"
    );
    granted.store(true, Ordering::SeqCst);
    github.permissions_granted(InstallationId(1));
    assert!(matches!(repo.alerts(alert::CODE).await.unwrap(), Alerts::Open(_)));
}

#[tokio::test]
async fn a_scanner_that_is_switched_off_is_told_from_a_permission_that_was_taken_back() {
    for (status, message, expected) in [
        (404, "no analysis found", Alerts::SwitchedOff),
        (404, "Secret scanning is disabled on this repository.", Alerts::SwitchedOff),
        (403, "Dependabot alerts are disabled for this repository.", Alerts::SwitchedOff),
        (
            403,
            "Advanced Security must be enabled for this repository to use code scanning.",
            Alerts::SwitchedOff,
        ),
        (403, "Resource not accessible by integration", Alerts::NotPermitted),
    ] {
        let fake = answering(Reply::json(status, json!({"message": message}))).await;
        assert_eq!(fake.repo().alerts(alert::CODE).await.unwrap(), expected, "{message}");
    }
    for status in [403, 500] {
        let fake = Fake::start(move |seen| seen.is_token_request().then(|| Reply::status(status))).await;
        let error = fake.repo().may_read_alerts(alert::CODE).await.unwrap_err();
        assert!(
            matches!(error.kind, ErrorKind::Forbidden | ErrorKind::Server),
            "no word about the permission: {error}"
        );
    }
    let failing = answering(Reply::status(503)).await;
    assert_eq!(failing.repo().alerts(alert::CODE).await.unwrap_err().kind, ErrorKind::Server);
}
