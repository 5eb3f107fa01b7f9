//! Paces: one turn at a time among instances, moments and points that all share.

use std::sync::atomic::{AtomicUsize, Ordering};

use futures_util::future::join_all;
use millwright::domain::ids::InstallationId;
use millwright::domain::pace::{Asker, Grant, Sent, Urgency};
use millwright::store::{Holder, Permit, Store};

use super::bench::{Bench, START_MS, on_both};

const ONE: InstallationId = InstallationId(1);
const TURN_MS: i64 = 45_000;

fn person(job: i64) -> Asker {
    Asker { job, urgency: Urgency::Person }
}

async fn begin(store: &Store, instance: &str, job: i64) -> Permit {
    store.paces().begin(ONE, Holder { instance, turn_ms: TURN_MS }, person(job)).await.unwrap()
}

#[tokio::test]
async fn one_instance_at_a_time_creates_content() {
    on_both(async |bench: &Bench| {
        let (a, b) = (&bench.store, &bench.another_instance().await);
        assert_eq!(begin(a, "a", 1).await, Permit::Begun);
        assert_eq!(begin(b, "b", 2).await, Permit::Taken);
        let elsewhere = Holder { instance: "b", turn_ms: TURN_MS };
        assert_eq!(b.paces().begin(InstallationId(2), elsewhere, person(2)).await.unwrap(), Permit::Begun);
        a.paces().end(ONE, "a", Sent::Yes).await.unwrap();
        assert_eq!(begin(b, "b", 2).await, Permit::Begun);
        a.paces().end(ONE, "a", Sent::Yes).await.unwrap();
        assert_eq!(begin(a, "a", 3).await, Permit::Taken, "only the holder ends a turn");
        assert_eq!(begin(b, "b", 4).await, Permit::Begun, "its request before was given up");
    })
    .await;
}

#[tokio::test]
async fn the_turn_of_an_instance_that_was_killed_runs_out() {
    on_both(async |bench: &Bench| {
        assert_eq!(begin(&bench.store, "killed", 1).await, Permit::Begun);
        bench.hand.advance_ms(TURN_MS - 1);
        assert_eq!(begin(&bench.store, "b", 2).await, Permit::Taken);
        bench.hand.advance_ms(1);
        assert_eq!(begin(&bench.store, "b", 2).await, Permit::Begun);
    })
    .await;
}

#[tokio::test]
async fn the_burst_and_the_promised_moments_are_shared() {
    on_both(async |bench: &Bench| {
        let (a, b) = (&bench.store, &bench.another_instance().await);
        for job in 1..=20 {
            let (store, name) = if job % 2 == 0 { (a, "a") } else { (b, "b") };
            assert_eq!(begin(store, name, job).await, Permit::Begun);
            store.paces().end(ONE, name, Sent::Yes).await.unwrap();
        }
        assert_eq!(begin(a, "a", 21).await, Permit::NotBefore(START_MS + 1_000));
        assert_eq!(begin(b, "b", 22).await, Permit::NotBefore(START_MS + 2_000));
        bench.hand.advance_ms(1_000);
        assert_eq!(
            begin(b, "b", 22).await,
            Permit::NotBefore(START_MS + 2_000),
            "its moment is a second later"
        );
        assert_eq!(begin(b, "b", 21).await, Permit::Begun, "the job came to the other instance");
    })
    .await;
}

#[tokio::test]
async fn what_never_left_takes_no_place() {
    on_both(async |bench: &Bench| {
        let (a, b) = (&bench.store, &bench.another_instance().await);
        for job in 1..=30 {
            assert_eq!(begin(a, "a", job).await, Permit::Begun);
            a.paces().end(ONE, "a", Sent::No).await.unwrap();
        }
        // One that has lost its turn meanwhile takes back nothing of anybody's.
        for job in 31..=50 {
            assert_eq!(begin(b, "b", job).await, Permit::Begun);
            a.paces().end(ONE, "a", Sent::No).await.unwrap();
            b.paces().end(ONE, "b", Sent::Yes).await.unwrap();
        }
        assert_eq!(begin(a, "a", 51).await, Permit::NotBefore(START_MS + 1_000));
    })
    .await;
}

#[tokio::test]
async fn points_are_shared() {
    on_both(async |bench: &Bench| {
        let (a, b) = (&bench.store, &bench.another_instance().await);
        let mut size = 0;
        let until_ms = loop {
            let store = if size % 120 == 0 { a } else { b };
            match store.paces().take(ONE, 5, Urgency::Person).await.unwrap() {
                Grant::Block { size: more, level } => {
                    size += more;
                    assert_eq!(level, size);
                }
                Grant::Nothing { until_ms } => break until_ms,
            }
        };
        assert!((700..=900).contains(&size), "{size} points in one minute");
        assert!((START_MS + 60_000..START_MS + 90_000).contains(&until_ms));
    })
    .await;
}

#[tokio::test]
async fn eight_workers_of_two_instances_are_never_in_one_turn() {
    on_both(async |bench: &Bench| {
        let other = bench.another_instance().await;
        let (under_way, done) = (AtomicUsize::new(0), AtomicUsize::new(0));
        // As in a process: one worker of each instance asks at a time.
        let locks = [tokio::sync::Mutex::new(()), tokio::sync::Mutex::new(())];
        let workers = (0..8_usize).map(|index| {
            let (store, name) = if index % 2 == 0 { (&bench.store, "a") } else { (&other, "b") };
            let (under_way, done, lock) = (&under_way, &done, &locks[index % 2]);
            async move {
                for round in 0..4 {
                    let job = i64::try_from(index * 10 + round + 1).unwrap();
                    loop {
                        let turn = lock.lock().await;
                        match begin(store, name, job).await {
                            Permit::Begun => {
                                assert_eq!(under_way.fetch_add(1, Ordering::SeqCst), 0);
                                tokio::task::yield_now().await;
                                under_way.fetch_sub(1, Ordering::SeqCst);
                                store.paces().end(ONE, name, Sent::Yes).await.unwrap();
                                done.fetch_add(1, Ordering::SeqCst);
                                break;
                            }
                            Permit::NotBefore(_) => bench.hand.advance_ms(100),
                            Permit::Taken => {}
                        }
                        drop(turn);
                        tokio::task::yield_now().await;
                    }
                }
            }
        });
        join_all(workers).await;
        assert_eq!(done.load(Ordering::SeqCst), 32);
    })
    .await;
}
