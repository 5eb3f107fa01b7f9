//! Slots and the log of deliveries: one instance of several takes a slot, and what was noted is noted once.

use futures_util::future::join_all;
use millwright::domain::ids::{InstallationId, IssueNumber, RepoId, RepoName};
use millwright::domain::schedule::Known;
use millwright::store::{Missed, NewPlan, Race, Slot, Store, Suspension, Through};

use super::bench::{Bench, START_MS, delivery, job, job_of, on_both};

const HOUR: i64 = 3_600_000;

#[tokio::test]
async fn f27_of_three_instances_one_takes_a_slot() {
    on_both(async |bench: &Bench| {
        let stores = [bench.store.clone(), bench.another_instance().await, bench.another_instance().await];
        join_all(stores.iter().map(|store| store.schedules().begin("tidy", START_MS))).await;
        for round in 0..20 {
            let slot_ms = START_MS + round * HOUR;
            let slot = Slot { name: "tidy", slot_ms, next_ms: slot_ms + HOUR };
            let job = job(&format!("{round}"));
            // Each tries twice, and the three all at once.
            let tries = stores.iter().chain(&stores).map(|store| store.schedules().take(slot, &job));
            let taken = join_all(tries).await.into_iter().map(Result::unwrap).collect::<Vec<_>>();
            assert_eq!(taken.iter().filter(|taken| **taken == Race::Won).count(), 1, "{taken:?}");
        }
        let known = bench.store.schedules().all().await.unwrap();
        let last = START_MS + 19 * HOUR;
        assert_eq!(known["tidy"], Known { next_run_ms: last + HOUR, last_slot_ms: last });
        let rounds = (0..20).map(|round| round.to_string()).collect::<Vec<_>>();
        assert_eq!(bench.work_off().await, rounds, "one job per slot");
    })
    .await;
}

#[tokio::test]
async fn a_slot_that_was_moved_cannot_be_taken() {
    on_both(async |bench: &Bench| {
        let schedules = bench.store.schedules();
        schedules.begin("tidy", START_MS).await.unwrap();
        schedules.begin("tidy", START_MS + 5).await.unwrap();
        let slot = Slot { name: "tidy", slot_ms: START_MS, next_ms: START_MS - HOUR };
        assert_eq!(schedules.shift(slot).await.unwrap(), Race::Won);
        assert_eq!(schedules.shift(slot).await.unwrap(), Race::Lost);
        assert_eq!(schedules.take(slot, &job("late")).await.unwrap(), Race::Lost);
        let known = schedules.all().await.unwrap()["tidy"];
        assert_eq!(known, Known { next_run_ms: START_MS - HOUR, last_slot_ms: 0 }, "moving runs nothing");
        assert_eq!(bench.work_off().await, [""; 0]);
    })
    .await;
}

/// Refuses every job on its way into the table.
const REFUSE: [&[&str]; 2] = [
    &["CREATE TRIGGER refuse BEFORE INSERT ON jobs BEGIN SELECT RAISE(ABORT, 'not this one'); END"],
    &[
        "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN RAISE EXCEPTION 'not this one'; END $$",
        "CREATE TRIGGER refuse BEFORE INSERT ON jobs FOR EACH ROW EXECUTE FUNCTION refuse()",
    ],
];

#[tokio::test]
async fn f27_a_slot_whose_job_cannot_be_written_is_still_to_be_taken() {
    on_both(async |bench: &Bench| {
        let schedules = bench.store.schedules();
        schedules.begin("tidy", START_MS).await.unwrap();
        let is_postgres = bench.url.starts_with("postgres");
        for text in REFUSE[usize::from(is_postgres)] {
            bench.raw(text).await;
        }
        let slot = Slot { name: "tidy", slot_ms: START_MS, next_ms: START_MS + HOUR };
        let refused = schedules.take(slot, &job("refused")).await.unwrap_err();
        assert!(refused.to_string().contains("not this one"), "{refused}");
        let known = schedules.all().await.unwrap()["tidy"];
        assert_eq!(known, Known { next_run_ms: START_MS, last_slot_ms: 0 });
        bench.raw(if is_postgres { "DROP TRIGGER refuse ON jobs" } else { "DROP TRIGGER refuse" }).await;
        assert_eq!(schedules.take(slot, &job("taken")).await.unwrap(), Race::Won);
        assert_eq!(bench.work_off().await, ["taken"]);
    })
    .await;
}

fn missed(log_id: i64, guid: &str) -> Missed {
    Missed { log_id, guid: guid.to_owned(), event: "issue_comment".to_owned() }
}

#[tokio::test]
async fn what_is_missed_is_noted_once_and_fetched_oldest_first() {
    on_both(async |bench: &Bench| {
        let store = bench.store.missed();
        assert_eq!(store.progress().await.unwrap(), None);
        store.note(&[missed(9, "c"), missed(7, "b")], "page 1").await.unwrap();
        // Another attempt of the same delivery, the same page once more, and an older page.
        store.note(&[missed(8, "b"), missed(9, "c"), missed(3, "a")], "page 2").await.unwrap();
        assert_eq!(store.progress().await.unwrap().as_deref(), Some("page 2"));
        let mut order = Vec::new();
        while let Some(next) = store.behind(0).await.unwrap() {
            order.push((next.log_id, next.guid));
            store.forget(next.log_id).await.unwrap();
        }
        assert_eq!(order, [(3, "a".to_owned()), (7, "b".to_owned()), (9, "c".to_owned())]);
    })
    .await;
}

async fn known(store: &Store, repo: i64, installation: i64) {
    let name = RepoName { owner: "ada".to_owned(), name: format!("repo-{repo}") };
    store.repositories().upsert(RepoId(repo), InstallationId(installation), &name).await.unwrap();
}

#[tokio::test]
async fn repositories_are_looked_through_in_turn_while_something_is_going_on() {
    on_both(async |bench: &Bench| {
        let store = &bench.store;
        for (repo, installation) in [(1, 1), (2, 1), (3, 2), (4, 3), (5, 1), (6, 1)] {
            known(store, repo, installation).await;
        }
        let plan = NewPlan {
            issue: IssueNumber(1),
            rev: 1,
            hash: "h".to_owned(),
            base_sha: "s".to_owned(),
            issue_hash: "i".to_owned(),
            cited: "{}".to_owned(),
            document: "{}".to_owned(),
            actor: "ada".to_owned(),
        };
        store.repo(RepoId(6)).plans().save(&plan).await.unwrap();
        bench.hand.advance_ms(10 * HOUR);
        for repo in [1, 2, 3, 4] {
            known(store, repo, [1, 1, 2, 3][repo as usize - 1]).await;
        }
        store.installations().delete(InstallationId(3)).await.unwrap();
        store.repositories().removed(RepoId(2)).await.unwrap();
        let through = Through { comments_ms: 5, issues_ms: 7 };
        store.reconciled().put(RepoId(1), through).await.unwrap();
        assert_eq!(store.reconciled().get(RepoId(1)).await.unwrap(), Some(through));
        let due = async || {
            let due = store.reconciled().due(START_MS + HOUR).await.unwrap();
            due.into_iter().map(|(repo, _)| repo.0).collect::<Vec<_>>()
        };
        assert_eq!(
            due().await,
            [3, 6, 1],
            "not 2 (removed), 4 (deleted), 5 (silent); 6 has a plan, 1 was looked at"
        );
        store.installations().pause(InstallationId(2), 1).await.unwrap();
        store.installations().set_suspension(InstallationId(2), Suspension::Suspended).await.unwrap();
        assert_eq!(due().await, [6, 1]);
    })
    .await;
}

#[tokio::test]
async fn s19_what_came_late_for_a_deleted_installation_is_erased_too() {
    on_both(async |bench: &Bench| {
        let store = &bench.store;
        store.inbox().accept(&delivery("before"), &job_of("before")).await.unwrap();
        let running = bench.claim("w").await.unwrap();
        store.installations().delete(InstallationId(1)).await.unwrap();
        store.inbox().accept(&delivery("late"), &job_of("late")).await.unwrap();
        store.jobs().done(&running.fence, None).await.unwrap();
        let found = store.installations().erase_again(START_MS - HOUR).await.unwrap();
        assert_eq!((found.erased_bodies, found.cancelled_jobs), (1, 1));
        for guid in ["before", "late"] {
            assert_eq!(store.inbox().get(guid).await.unwrap().unwrap().body, None, "{guid}");
            assert_eq!(store.jobs().of_delivery(guid).await.unwrap()[0].payload, "{}", "{guid}");
        }
        assert_eq!(store.installations().erase_again(START_MS).await.unwrap().erased_bodies, 0);
    })
    .await;
}
