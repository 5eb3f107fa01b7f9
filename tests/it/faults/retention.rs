//! What is kept and for how long, as the schedule itself does it.

use millwright::domain::ids::IssueNumber;
use millwright::store::Allowance;

use crate::flows::harness::{MONDAY, Setup, Talk, on_both};
use crate::store::bench::raw;

const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;

#[tokio::test]
async fn by_itself_a_body_goes_after_14_days_and_its_key_after_30() {
    on_both(async |setup: Setup| {
        let talk = Talk::with(setup).await;
        talk.app.timetable.tick().await.unwrap();
        let guid = delivered(&talk, "kept").await;
        let (store, repo) = (&talk.app.ctx.store, talk.store());
        let began_ms = talk.app.ctx.clock.now_ms();
        repo.observed().append(IssueNumber(2), "{}", None).await.unwrap();
        let allowance = Allowance { person: "ada", kind: "test", day: began_ms / DAY, limit: 1 };
        assert!(repo.allowances().spend(allowance).await.unwrap());
        let jobs = async || store.jobs().of_delivery(guid).await.unwrap().len();
        let body = async || stored_bytes(&talk, guid).await > 0;

        after(&talk, began_ms + 14 * DAY - 2 * HOUR).await;
        assert!(body().await, "two hours less than 14 days");
        assert_eq!(store.forget_allowances_before(began_ms / DAY + 1).await.unwrap(), 0, "of another day");
        after(&talk, began_ms + 14 * DAY + 2 * HOUR).await;
        assert!(!body().await, "two hours more than 14 days");
        assert!(store.inbox().seen(guid).await.unwrap());

        after(&talk, began_ms + 30 * DAY - 2 * HOUR).await;
        assert!(store.inbox().seen(guid).await.unwrap(), "two hours less than 30 days");
        assert!(jobs().await > 0);
        assert_eq!(repo.observed().list(9).await.unwrap().len(), 1);
        after(&talk, began_ms + 30 * DAY + 2 * HOUR).await;
        assert!(!store.inbox().seen(guid).await.unwrap(), "two hours more than 30 days");
        assert_eq!(jobs().await, 0);
        assert_eq!(repo.observed().list(9).await.unwrap(), []);
    })
    .await;
}

#[tokio::test]
async fn by_itself_the_oldest_bodies_above_5_gb_go_and_the_others_stay() {
    on_both(async |setup: Setup| {
        let talk = Talk::with(setup).await;
        talk.app.timetable.tick().await.unwrap();
        for guid in ["older", "newer"] {
            delivered(&talk, guid).await;
        }
        let database = &talk.database;
        raw(
            database,
            "UPDATE deliveries SET body_bytes = 0, body = NULL WHERE guid NOT IN ('older', 'newer')",
        )
        .await;
        raw(database, "UPDATE deliveries SET body_bytes = 2499999999 WHERE guid IN ('older', 'newer')").await;
        after(&talk, MONDAY + 3 * HOUR).await;
        let kept = async |guid: &str| stored_bytes(&talk, guid).await > 0;
        assert!(kept("older").await && kept("newer").await, "two bytes less than 5 GB");
        raw(database, "UPDATE deliveries SET body_bytes = 2500000001 WHERE guid IN ('older', 'newer')").await;
        after(&talk, MONDAY + 6 * HOUR).await;
        assert!(!kept("older").await, "two bytes more than 5 GB");
        assert!(kept("newer").await);
        assert!(talk.app.ctx.store.inbox().seen("older").await.unwrap(), "its key stays");
    })
    .await;
}

/// Receives a delivery under this name and works it off.
async fn delivered<'a>(talk: &Talk, guid: &'a str) -> &'a str {
    talk.says("ada", 2, "/help").await;
    let sent = talk.world.webhook_log().into_iter().find(|sent| sent.event == "issue_comment").unwrap();
    assert_eq!(talk.deliver("issue_comment", guid, &sent.payload).await, 202);
    talk.work().await;
    assert!(stored_bytes(talk, guid).await > 0);
    guid
}

/// It is this moment; what is due by then is done.
async fn after(talk: &Talk, at_ms: i64) {
    talk.hand.advance_ms(at_ms - talk.app.ctx.clock.now_ms());
    talk.app.timetable.tick().await.unwrap();
    talk.work().await;
}

async fn stored_bytes(talk: &Talk, guid: &str) -> i64 {
    let held = talk.app.ctx.store.inbox().recent(1_000).await.unwrap();
    held.iter().find(|delivery| delivery.guid == guid).map_or(0, |delivery| delivery.stored_bytes)
}
