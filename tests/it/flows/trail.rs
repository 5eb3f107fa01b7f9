//! What the operator can read afterwards: who did what, and which delivery and job it belongs to.

use millwright::sandbox::REPOSITORY;
use millwright::telemetry::audit::Audit;
use millwright::telemetry::logs::{LogFormat, LogOptions, subscriber};
use millwright::telemetry::redact::Redactor;
use serde_json::Value;

use super::harness::{Setup, Talk};
use super::kept::{Kept, let_events_be_heard};

/// The GUID of the delivery that told of a comment.
fn delivery_of(talk: &Talk, comment: i64) -> String {
    let log = talk.world.webhook_log();
    log.into_iter().find(|sent| sent.payload["comment"]["id"] == comment).unwrap().guid
}

#[tokio::test]
async fn every_write_of_an_approval_names_its_actor_command_delivery_and_repository() {
    let trail = Kept::default();
    let audit = Audit::to_writer(trail.clone(), Redactor::new(&[]).unwrap());
    let talk = Talk::with(Setup { audit, ..Setup::default() }).await;
    talk.asks("tess", 2, "/enhance").await;
    let before = trail.lines().len();
    let comment = talk.says("walt", 2, "/approve 1").await;
    talk.work_through().await;
    let delivery = delivery_of(&talk, comment);
    let text = String::from_utf8(trail.bytes()).unwrap().replace(&delivery, "DELIVERY");
    let lines = text.lines().skip(before).collect::<Vec<_>>().join("\n");
    insta::assert_snapshot!(lines, @r#"
    {"time":"2026-03-02T09:00:02.000Z","actor":"walt","trigger":"comment","delivery":"DELIVERY","repository":"acme/web","request":"POST /repos/acme/web/issues/comments/3000000003/reactions","answer":"201"}
    {"time":"2026-03-02T09:00:02.000Z","actor":"walt","trigger":"approve","delivery":"DELIVERY","repository":"acme/web","request":"POST /repos/acme/web/labels","answer":"201"}
    {"time":"2026-03-02T09:00:02.000Z","actor":"walt","trigger":"approve","delivery":"DELIVERY","repository":"acme/web","request":"POST /repos/acme/web/issues","answer":"201"}
    {"time":"2026-03-02T09:00:02.000Z","actor":"walt","trigger":"approve","delivery":"DELIVERY","repository":"acme/web","request":"POST /repos/acme/web/issues/2/sub_issues","answer":"201"}
    {"time":"2026-03-02T09:00:02.000Z","actor":"walt","trigger":"approve","delivery":"DELIVERY","repository":"acme/web","request":"POST /repos/acme/web/issues","answer":"201"}
    {"time":"2026-03-02T09:00:02.000Z","actor":"walt","trigger":"approve","delivery":"DELIVERY","repository":"acme/web","request":"POST /repos/acme/web/issues/2/sub_issues","answer":"201"}
    {"time":"2026-03-02T09:00:02.000Z","actor":"walt","trigger":"approve","delivery":"DELIVERY","repository":"acme/web","request":"POST /repos/acme/web/issues/3/dependencies/blocked_by","answer":"201"}
    {"time":"2026-03-02T09:00:02.000Z","actor":"walt","trigger":"approve","delivery":"DELIVERY","repository":"acme/web","request":"POST /repos/acme/web/issues/4/dependencies/blocked_by","answer":"201"}
    {"time":"2026-03-02T09:00:02.000Z","actor":"walt","trigger":"approve","delivery":"DELIVERY","repository":"acme/web","request":"POST /repos/acme/web/issues/2/comments","answer":"201"}
    {"time":"2026-03-02T09:00:02.000Z","actor":"walt","trigger":"approve","delivery":"DELIVERY","repository":"acme/web","request":"DELETE /repos/acme/web/issues/comments/3000000003/reactions/5000000003","answer":"204"}
    {"time":"2026-03-02T09:00:02.000Z","actor":"walt","trigger":"approve","delivery":"DELIVERY","repository":"acme/web","request":"POST /repos/acme/web/issues/comments/3000000003/reactions","answer":"201"}
    "#);
    talk.end().await;
}

#[tokio::test]
async fn every_line_of_a_job_names_its_delivery_repository_and_attempt() {
    let log = Kept::default();
    let output = log.clone();
    let options = LogOptions { filter: "millwright=debug".to_owned(), format: LogFormat::Json };
    let_events_be_heard();
    let _guard = tracing::subscriber::set_default(
        subscriber(&options, Redactor::new(&[]).unwrap(), move || output.clone()).unwrap(),
    );
    let talk = Talk::begin().await;
    // The job of the first delivery is what learns the repository's name.
    talk.asks("tess", 2, "/status").await;
    let comment = talk.says("tess", 2, "/enhance").await;
    let delivery = delivery_of(&talk, comment);
    let repository = talk.world.repository_id(REPOSITORY).unwrap();
    let installation = talk.world.installation_id(REPOSITORY).unwrap();
    let jobs = talk.app.ctx.store.jobs().of_delivery(&delivery).await.unwrap();
    assert_eq!(jobs.len(), 2, "{jobs:?}");
    for job in jobs {
        let lines = log.lines();
        let spans = lines.iter().map(|line| &line["span"]).filter(|span| span["job"] == job.id.0);
        let spans = spans.collect::<Vec<&Value>>();
        assert!(spans.len() >= 2, "claimed and done: {spans:#?}");
        for span in spans {
            let expected = serde_json::json!({
                "name": "job",
                "kind": job.name,
                "job": job.id.0,
                "attempt": 1,
                "delivery": delivery,
                "repository": REPOSITORY,
                "repository_id": repository,
                "installation": installation,
            });
            assert_eq!(*span, expected);
        }
    }
    talk.end().await;
}
