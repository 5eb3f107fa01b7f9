//! A clock that was an hour ahead and is set right: what it has written holds nothing up.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use millwright::clock::Clock;
use millwright::domain::ids::{EffectKey, InstallationId, IssueNumber, RepoId};
use millwright::domain::pace::{Asker, Urgency};
use millwright::store::{Holder, NewEffect, NewJob, Permit, Store};

use super::bench::{Bench, LEASE_MS, START_MS, in_lane, job, on_both, on_postgres};

const HOUR_MS: i64 = 3_600_000;
const ONE: InstallationId = InstallationId(1);

fn wrong() -> i64 {
    START_MS + HOUR_MS
}

/// Everybody knows the time; then the clock is an hour ahead, and somebody looks at it.
async fn an_hour_ahead(bench: &Bench) {
    bench.store.keep_time().await.unwrap();
    bench.hand.advance_ms(HOUR_MS);
    bench.store.keep_time().await.unwrap();
}

async fn set_right(bench: &Bench) {
    bench.hand.advance_ms(-HOUR_MS);
    bench.store.keep_time().await.unwrap();
}

#[tokio::test]
async fn f9_a_lease_from_a_clock_that_was_ahead_ends_when_a_lease_ends() {
    on_both(async |bench: &Bench| {
        an_hour_ahead(bench).await;
        bench.store.jobs().enqueue(&in_lane("first", "lane")).await.unwrap();
        bench.store.jobs().enqueue(&in_lane("second", "lane")).await.unwrap();
        let lost = bench.claim("killed").await.unwrap();
        set_right(bench).await;
        assert!(bench.claim("w").await.is_none(), "it may be at work still");
        assert!(bench.store.jobs().still_mine(&lost.fence).await.unwrap());
        bench.hand.advance_ms(LEASE_MS + 1);
        assert_eq!(bench.work_off().await, ["second"], "the first is given back and waits its time");
        bench.hand.advance_ms(LEASE_MS);
        assert_eq!(bench.work_off().await, ["first"]);
    })
    .await;
}

#[tokio::test]
async fn f9_a_lease_that_is_renewed_by_the_right_clock_stays() {
    on_both(async |bench: &Bench| {
        an_hour_ahead(bench).await;
        bench.store.jobs().enqueue(&job("long")).await.unwrap();
        let held = bench.claim("alive").await.unwrap();
        bench.hand.advance_ms(-HOUR_MS);
        // A moment after the other process has looked at its clock.
        assert!(bench.store.jobs().heartbeat(&held.fence, LEASE_MS + 5).await.unwrap());
        bench.store.keep_time().await.unwrap();
        bench.hand.advance_ms(LEASE_MS - 1);
        assert!(bench.store.jobs().still_mine(&held.fence).await.unwrap());
    })
    .await;
}

#[tokio::test]
async fn f9_what_waits_by_a_clock_that_was_ahead_waits_no_longer_than_it_was_to() {
    on_both(async |bench: &Bench| {
        an_hour_ahead(bench).await;
        let jobs = bench.store.jobs();
        let recurring = NewJob { dedupe: Some("sweep".to_owned()), ..job("failed") };
        jobs.enqueue(&recurring).await.unwrap();
        let failed = bench.claim("w").await.unwrap();
        assert!(jobs.retry(&failed.fence, wrong() + 16_000, "502").await.unwrap());
        jobs.enqueue(&NewJob { run_at_ms: wrong() + 2 * HOUR_MS, ..job("later") }).await.unwrap();
        set_right(bench).await;
        // A slot that comes later folds into the one that failed.
        jobs.enqueue(&NewJob { dedupe: Some("sweep".to_owned()), ..job("again") }).await.unwrap();
        assert!(bench.claim("w").await.is_none());
        bench.hand.advance_ms(16_000);
        assert_eq!(bench.work_off().await, ["failed"]);
        // Seeing it once more moves nothing once more.
        bench.another_instance().await.keep_time().await.unwrap();
        bench.hand.advance_ms(2 * HOUR_MS - 16_001);
        assert!(bench.claim("w").await.is_none());
        bench.hand.advance_ms(1);
        assert_eq!(bench.work_off().await, ["later"]);
    })
    .await;
}

#[tokio::test]
async fn f9_an_installation_that_was_parked_by_a_clock_that_was_ahead_goes_on() {
    on_both(async |bench: &Bench| {
        an_hour_ahead(bench).await;
        bench.store.jobs().enqueue(&job("limited")).await.unwrap();
        let limited = bench.claim("w").await.unwrap();
        assert!(bench.store.jobs().park(&limited.fence, ONE, wrong() + 90_000, "limit").await.unwrap());
        set_right(bench).await;
        bench.hand.advance_ms(89_999);
        assert!(bench.claim("w").await.is_none());
        bench.hand.advance_ms(1);
        assert_eq!(bench.work_off().await, ["limited"]);
    })
    .await;
}

#[tokio::test]
async fn f9_turns_and_counts_of_a_clock_that_was_ahead_hold_nobody_up() {
    on_both(async |bench: &Bench| {
        an_hour_ahead(bench).await;
        let paces = bench.store.paces();
        let asker = |job| Asker { job, urgency: Urgency::Person };
        let killed = Holder { instance: "killed", turn_ms: 45_000 };
        // More than may go at once, so that a moment is promised to the last.
        for job in 1..=20 {
            assert_eq!(paces.begin(ONE, killed, asker(job)).await.unwrap(), Permit::Begun);
        }
        let Permit::NotBefore(promised_ms) = paces.begin(ONE, killed, asker(21)).await.unwrap() else {
            panic!("there is no burst")
        };
        assert!(promised_ms > wrong());
        set_right(bench).await;
        let heir = Holder { instance: "heir", turn_ms: 45_000 };
        bench.hand.advance_ms(45_000);
        assert_eq!(paces.begin(ONE, heir, asker(21)).await.unwrap(), Permit::Begun);
    })
    .await;
}

#[tokio::test]
async fn f9_an_intent_from_a_clock_that_was_ahead_is_looked_for_from_long_ago_on() {
    on_both(async |bench: &Bench| {
        an_hour_ahead(bench).await;
        let repo = bench.store.repo(RepoId(1));
        let key = EffectKey("plan/1".to_owned());
        let new = NewEffect {
            key: key.clone(),
            kind: "comment".to_owned(),
            issue: IssueNumber(1),
            content_hash: "h1".to_owned(),
        };
        repo.effects().begin(&new).await.unwrap();
        set_right(bench).await;
        let effect = repo.effects().get(&key).await.unwrap().unwrap();
        assert!(effect.intended_at_ms < START_MS - HOUR_MS);
    })
    .await;
}

#[tokio::test]
async fn f9_what_a_machine_wrote_that_jumped_ahead_while_it_ran_waits_by_the_servers_clock() {
    on_postgres(async |url: String| {
        let ahead = Arc::<AtomicI64>::default();
        let (read, machine) = (Arc::clone(&ahead), Clock::system(0));
        let clock = Clock::of_machine(move || machine.now_ms() + read.load(Ordering::SeqCst), 0);
        let store = Store::connect(&url, clock.clone()).await.unwrap();
        store.migrate().await.unwrap();
        store.keep_time().await.unwrap();
        ahead.store(HOUR_MS, Ordering::SeqCst);
        let job = NewJob { run_at_ms: clock.now_ms() + 16_000, ..job("soon") };
        store.jobs().enqueue(&job).await.unwrap();
        store.keep_time().await.unwrap();
        let next_ms = store.jobs().next_run_at().await.unwrap().unwrap();
        assert!(next_ms - Clock::system(0).now_ms() < 60_000, "{next_ms}");
    })
    .await;
}
