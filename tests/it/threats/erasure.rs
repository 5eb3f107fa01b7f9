//! What we hold of somebody goes when they go.

use millwright::sandbox::REPOSITORY;
use millwright::store::Deleted;

use crate::flows::harness::{Setup, Talk, on_both};

#[tokio::test]
async fn s19_what_an_installation_held_is_gone_within_the_hour() {
    on_both(async |setup: Setup| {
        let talk = Talk::with(setup).await;
        talk.says("ada", 2, "/enhance").await;
        talk.app.timetable.tick().await.unwrap();
        let late = talk.world.webhook_log().into_iter().find(|sent| sent.event == "issue_comment").unwrap();
        let installation = talk.world.installation_id(REPOSITORY).unwrap();
        talk.world.delete_installation(installation).unwrap();
        talk.work_through().await;
        // Sent before the removal, arrived after it.
        assert_eq!(talk.deliver("issue_comment", "late", &late.payload).await, 202);
        talk.work().await;
        talk.hand.advance_ms(3_600_000);
        talk.app.timetable.tick().await.unwrap();
        talk.work_through().await;
        let store = &talk.app.ctx.store;
        let held = store.inbox().recent(100).await.unwrap();
        assert!(held.len() >= 3, "the keys stay, so that nothing is taken on again");
        assert!(held.iter().all(|delivery| delivery.stored_bytes == 0), "{held:#?}");
        for delivery in held {
            for job in store.jobs().of_delivery(&delivery.guid).await.unwrap() {
                assert_eq!(job.payload, "{}", "{job:#?}");
            }
        }
        assert_eq!(
            store.installations().erase_again(0).await.unwrap(),
            Deleted::default(),
            "nothing is left"
        );
    })
    .await;
}
