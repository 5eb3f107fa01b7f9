//! Jobs: leases, fences, attempts, dedupe, turns, parking.

use std::collections::HashSet;

use futures_util::future::join_all;
use millwright::clock::Clock;
use millwright::domain::ids::{InstallationId, RepoId};
use millwright::store::{Claimant, Enqueued, JobState, NewJob, PRIORITY_PEOPLE, PRIORITY_SCHEDULE, Store};
use sqlx::{AnyConnection, Connection as _};

use super::bench::{
    Bench, LEASE_MS, START_MS, claimant, delivery, in_lane, job, job_of, on_both, on_postgres, pairs,
};

#[tokio::test]
async fn a_claimed_job_brings_everything_along() {
    on_both(async |bench: &Bench| {
        let new = NewJob { lane: Some("lane".to_owned()), ..job_of("guid") };
        let Enqueued::New(id) = bench.store.jobs().enqueue(&new).await.unwrap() else { panic!("not new") };
        let claimed = bench.claim("w").await.unwrap();
        assert_eq!(claimed.fence.job(), id);
        assert_eq!((claimed.name.as_str(), claimed.payload.as_str()), ("test.v1", "guid"));
        assert_eq!(claimed.lane.as_deref(), Some("lane"));
        assert_eq!((claimed.installation, claimed.repo), (Some(InstallationId(1)), Some(RepoId(1))));
        assert_eq!((claimed.attempt, claimed.max_attempts), (1, 3));
        assert_eq!((claimed.delivery.as_deref(), claimed.created_at_ms), (Some("guid"), START_MS));
        assert!(bench.claim("w").await.is_none());
        let jobs = bench.store.jobs();
        assert!(jobs.done(&claimed.fence, Some("told the person")).await.unwrap());
        let row = jobs.get(id).await.unwrap().unwrap();
        assert_eq!((row.state, row.finished_at_ms), (JobState::Done, Some(START_MS)));
        assert_eq!(row.last_error.as_deref(), Some("told the person"));
    })
    .await;
}

#[tokio::test]
async fn names_this_process_does_not_know_are_left_alone() {
    on_both(async |bench: &Bench| {
        bench.store.jobs().enqueue(&NewJob { name: "newer.v2", ..job("a") }).await.unwrap();
        bench.store.jobs().enqueue(&NewJob { name: "test.v10", ..job("b") }).await.unwrap();
        assert!(bench.claim("old").await.is_none());
        let newer = Claimant::new("new", LEASE_MS, &["test.v1", "newer.v2"]);
        assert_eq!(bench.store.jobs().claim(&newer).await.unwrap().unwrap().payload, "a");
        let nothing = Claimant::new("none", LEASE_MS, &[]);
        assert!(bench.store.jobs().claim(&nothing).await.unwrap().is_none());
    })
    .await;
}

#[tokio::test]
async fn a_job_runs_when_its_time_has_come() {
    on_both(async |bench: &Bench| {
        let jobs = bench.store.jobs();
        assert_eq!(jobs.next_run_at().await.unwrap(), None);
        jobs.enqueue(&NewJob { run_at_ms: START_MS + 500, ..job("later") }).await.unwrap();
        assert!(bench.claim("w").await.is_none());
        assert_eq!(jobs.next_run_at().await.unwrap(), Some(START_MS + 500));
        assert_eq!(jobs.counts().await.unwrap().timed, 1);
        bench.hand.advance_ms(500);
        assert_eq!(bench.claim("w").await.unwrap().payload, "later");
        assert_eq!(jobs.next_run_at().await.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn retries_use_attempts_up_and_deferring_parking_and_releasing_do_not() {
    on_both(async |bench: &Bench| {
        let jobs = bench.store.jobs();
        jobs.enqueue(&job("x")).await.unwrap();
        let first = bench.claim("w").await.unwrap();
        assert!(jobs.retry(&first.fence, START_MS + 10, "GitHub answered 502").await.unwrap());
        let row = jobs.get(first.fence.job()).await.unwrap().unwrap();
        assert_eq!((row.state, row.attempts, row.run_at_ms), (JobState::Ready, 1, START_MS + 10));
        assert_eq!(row.last_error.as_deref(), Some("GitHub answered 502"));
        assert!(bench.claim("w").await.is_none());
        bench.hand.advance_ms(10);
        let second = bench.claim("w").await.unwrap();
        assert_eq!(second.attempt, 2);
        assert!(jobs.defer(&second.fence, START_MS + 20).await.unwrap());
        bench.hand.advance_ms(10);
        let third = bench.claim("w").await.unwrap();
        assert_eq!(third.attempt, 2);
        assert!(jobs.release(&third.fence).await.unwrap());
        let fourth = bench.claim("w").await.unwrap();
        assert_eq!(fourth.attempt, 2);
        assert!(jobs.park(&fourth.fence, InstallationId(1), START_MS + 99, "rate limit").await.unwrap());
        bench.hand.advance_ms(79);
        assert_eq!(bench.claim("w").await.unwrap().attempt, 2);
        for stale in [first, second, third, fourth] {
            assert!(!jobs.done(&stale.fence, None).await.unwrap(), "an old fence of the same worker");
        }
    })
    .await;
}

#[tokio::test]
async fn a_lease_that_ran_out_is_given_to_somebody_else_and_the_zombie_writes_nothing() {
    on_both(async |bench: &Bench| {
        let jobs = bench.store.jobs();
        jobs.enqueue(&in_lane("x", "lane")).await.unwrap();
        let zombie = bench.claim("zombie").await.unwrap();
        bench.hand.advance_ms(LEASE_MS / 2);
        assert!(jobs.heartbeat(&zombie.fence, LEASE_MS).await.unwrap());
        bench.hand.advance_ms(LEASE_MS - 1);
        assert!(jobs.still_mine(&zombie.fence).await.unwrap());
        assert!(bench.claim("heir").await.is_none());
        bench.hand.advance_ms(2);
        assert!(!jobs.still_mine(&zombie.fence).await.unwrap());
        assert!(bench.claim("heir").await.is_none(), "it may be what ended its worker");
        assert_eq!(jobs.counts().await.unwrap().running, 0);
        bench.hand.advance_ms(1_500);
        let heir = bench.claim("heir").await.unwrap();
        assert_eq!(heir.attempt, 2);
        for held in [
            jobs.heartbeat(&zombie.fence, LEASE_MS).await,
            jobs.still_mine(&zombie.fence).await,
            jobs.done(&zombie.fence, None).await,
            jobs.retry(&zombie.fence, START_MS, "e").await,
            jobs.defer(&zombie.fence, START_MS).await,
            jobs.release(&zombie.fence).await,
            jobs.dead(&zombie.fence, "e").await,
            jobs.cancel(&zombie.fence, "e").await,
        ] {
            assert!(!held.unwrap());
        }
        assert!(jobs.still_mine(&heir.fence).await.unwrap());
        assert!(jobs.done(&heir.fence, None).await.unwrap());
    })
    .await;
}

#[tokio::test]
async fn a_job_that_kills_its_process_every_time_ends_dead_and_can_be_requeued() {
    on_both(async |bench: &Bench| {
        let jobs = bench.store.jobs();
        jobs.enqueue(&in_lane("poison", "lane")).await.unwrap();
        jobs.enqueue(&in_lane("next", "lane")).await.unwrap();
        let mut id = None;
        for attempt in 1..=3 {
            let claimed = bench.claim("w").await.unwrap();
            assert_eq!((claimed.payload.as_str(), claimed.attempt), ("poison", attempt));
            id = Some(claimed.fence.job());
            bench.lose_lease(attempt);
        }
        assert_eq!(bench.claim("w").await.unwrap().payload, "next");
        let dead = jobs.dead_list(10).await.unwrap();
        assert_eq!(dead.len(), 1);
        assert_eq!(Some(dead[0].id), id);
        assert_eq!(
            dead[0].last_error.as_deref(),
            Some("the worker w stopped answering while it ran this job")
        );
        assert!(jobs.requeue(dead[0].id).await.unwrap());
        assert!(!jobs.requeue(dead[0].id).await.unwrap());
        assert!(bench.claim("w").await.is_none(), "its lane is taken");
        bench.hand.advance_ms(LEASE_MS + 1);
        let again = bench.claim("w").await.unwrap();
        assert_eq!((again.payload.as_str(), again.attempt), ("poison", 1));
    })
    .await;
}

#[tokio::test]
async fn equal_jobs_are_folded_while_they_wait_but_not_while_one_runs() {
    on_both(async |bench: &Bench| {
        let jobs = bench.store.jobs();
        let equal = NewJob { dedupe: Some("k".to_owned()), ..job("x") };
        let Enqueued::New(first) = jobs.enqueue(&equal).await.unwrap() else { panic!("not new") };
        assert_eq!(jobs.enqueue(&equal).await.unwrap(), Enqueued::Already(first));
        let claimed = bench.claim("w").await.unwrap();
        let Enqueued::New(second) = jobs.enqueue(&equal).await.unwrap() else { panic!("not new") };
        // The first one goes back while the second waits: they are one again.
        assert!(jobs.retry(&claimed.fence, START_MS, "e").await.unwrap());
        assert_eq!(jobs.get(first).await.unwrap().unwrap().state, JobState::Cancelled);
        assert_eq!(bench.claim("w").await.unwrap().fence.job(), second);
        assert!(bench.claim("w").await.is_none());
    })
    .await;
}

#[tokio::test]
async fn an_equal_job_pulls_a_waiting_one_forward_but_not_one_in_backoff() {
    on_both(async |bench: &Bench| {
        let jobs = bench.store.jobs();
        let at = |run_at_ms| NewJob { dedupe: Some("k".to_owned()), run_at_ms, ..job("x") };
        jobs.enqueue(&at(START_MS + 1000)).await.unwrap();
        jobs.enqueue(&at(START_MS)).await.unwrap();
        let claimed = bench.claim("w").await.unwrap();
        jobs.retry(&claimed.fence, START_MS + 1000, "e").await.unwrap();
        assert!(matches!(jobs.enqueue(&at(START_MS)).await.unwrap(), Enqueued::Already(_)));
        assert!(bench.claim("w").await.is_none());
        bench.hand.advance_ms(1000);
        assert!(bench.claim("w").await.is_some());
    })
    .await;
}

#[tokio::test]
async fn an_equal_job_that_may_not_come_earlier_holds_a_waiting_one_back() {
    on_both(async |bench: &Bench| {
        let jobs = bench.store.jobs();
        let at = |ms: i64| NewJob { dedupe: Some("k".to_owned()), run_at_ms: START_MS + ms, ..job("x") };
        let Enqueued::New(first) = jobs.enqueue_no_earlier(&at(30_000)).await.unwrap() else {
            panic!("not new")
        };
        assert_eq!(jobs.enqueue_no_earlier(&at(50_000)).await.unwrap(), Enqueued::Already(first));
        assert_eq!(jobs.enqueue_no_earlier(&at(40_000)).await.unwrap(), Enqueued::Already(first));
        assert_eq!(jobs.next_run_at().await.unwrap(), Some(START_MS + 40_000), "pulled forward as ever");
        assert_eq!(jobs.enqueue_no_earlier(&at(60_000)).await.unwrap(), Enqueued::Already(first));
        assert_eq!(jobs.next_run_at().await.unwrap(), Some(START_MS + 60_000));
        assert_eq!(jobs.counts().await.unwrap().timed, 1);
    })
    .await;
}

#[tokio::test]
async fn many_equal_jobs_at_once_become_one() {
    on_both(async |bench: &Bench| {
        let other = bench.another_instance().await;
        let equal = NewJob { dedupe: Some("k".to_owned()), ..job("x") };
        let all = (0..40).map(|index| {
            let store = if index % 2 == 0 { &bench.store } else { &other };
            let equal = &equal;
            async move { store.jobs().enqueue(equal).await.unwrap() }
        });
        let ids: HashSet<_> =
            join_all(all).await.into_iter().map(|(Enqueued::New(id) | Enqueued::Already(id))| id).collect();
        assert_eq!(ids.len(), 1);
        assert_eq!(bench.work_off().await, ["x"]);
    })
    .await;
}

#[tokio::test]
async fn lower_priority_numbers_run_first() {
    on_both(async |bench: &Bench| {
        let jobs = bench.store.jobs();
        jobs.enqueue(&NewJob { priority: 10, ..job("schedule") }).await.unwrap();
        jobs.enqueue(&job("normal")).await.unwrap();
        jobs.enqueue(&NewJob { priority: PRIORITY_PEOPLE, ..job("person") }).await.unwrap();
        assert_eq!(bench.work_off().await, ["person", "normal", "schedule"]);
    })
    .await;
}

#[tokio::test]
async fn what_nobody_waits_for_gets_through_however_many_people_wait() {
    on_both(async |bench: &Bench| {
        let jobs = bench.store.jobs();
        for payload in ["retention", "reconcile"] {
            jobs.enqueue(&NewJob { priority: PRIORITY_SCHEDULE, ..job(payload) }).await.unwrap();
        }
        for _ in 0..40 {
            jobs.enqueue(&NewJob { priority: PRIORITY_PEOPLE, ..job("person") }).await.unwrap();
        }
        let order = bench.work_off().await;
        let place = |payload: &str| order.iter().position(|other| other == payload).unwrap();
        assert_eq!((place("retention"), place("reconcile")), (15, 31), "one in sixteen");
    })
    .await;
}

#[tokio::test]
async fn an_installation_does_not_get_all_workers() {
    on_both(async |bench: &Bench| {
        let jobs = bench.store.jobs();
        let claimant = claimant("w").per_installation(3);
        for n in 0..9 {
            let priority = if n < 5 { PRIORITY_PEOPLE } else { PRIORITY_SCHEDULE };
            jobs.enqueue(&NewJob { repo: Some(RepoId(n)), priority, ..job("one") }).await.unwrap();
        }
        for priority in [PRIORITY_PEOPLE, PRIORITY_SCHEDULE] {
            let two = NewJob { installation: Some(InstallationId(2)), priority, ..job("two") };
            jobs.enqueue(&two).await.unwrap();
        }
        for _ in 0..4 {
            let none = NewJob { installation: None, repo: None, priority: PRIORITY_SCHEDULE, ..job("none") };
            jobs.enqueue(&none).await.unwrap();
        }
        let mut held = Vec::new();
        while let Some(claimed) = jobs.claim(&claimant).await.unwrap() {
            held.push(claimed);
        }
        let count = |payload: &str| held.iter().filter(|claimed| claimed.payload == payload).count();
        assert_eq!(
            (count("one"), count("two"), count("none")),
            (3, 2, 4),
            "whose work belongs to none has no limit"
        );
        // Whoever ends makes room, and idle workers hear of it.
        let ended = held.iter().position(|claimed| claimed.payload == "one").unwrap();
        let ended = held.remove(ended);
        assert!(jobs.done(&ended.fence, None).await.unwrap());
        assert!(jobs.claim(&claimant).await.unwrap().is_none(), "its worker is not free yet");
        drop(ended);
        bench.store.woken().await;
        assert_eq!(jobs.claim(&claimant).await.unwrap().unwrap().payload, "one");
        // Another process has workers of its own.
        let other = bench.another_instance().await;
        assert_eq!(other.jobs().claim(&claimant).await.unwrap().unwrap().payload, "one");
    })
    .await;
}

#[tokio::test]
async fn a_job_may_be_leased_for_less_than_others() {
    on_both(async |bench: &Bench| {
        let jobs = bench.store.jobs();
        jobs.enqueue(&job("short")).await.unwrap();
        let claimed = jobs.claim(&claimant("w").leasing("test.v1", 10)).await.unwrap().unwrap();
        assert_eq!(claimed.lease_ms, 10);
        bench.hand.advance_ms(11);
        assert!(bench.claim("next").await.is_none());
        bench.hand.advance_ms(1_500);
        assert_eq!(bench.claim("next").await.unwrap().attempt, 2);
    })
    .await;
}

#[tokio::test]
async fn a_flood_of_one_repository_does_not_starve_another() {
    on_both(async |bench: &Bench| {
        let jobs = bench.store.jobs();
        for n in 0..60 {
            jobs.enqueue(&job(&format!("flood {n}"))).await.unwrap();
        }
        let quiet = |name: &str, repo| NewJob { repo: Some(RepoId(repo)), ..job(name) };
        jobs.enqueue(&quiet("second a", 2)).await.unwrap();
        jobs.enqueue(&quiet("second b", 2)).await.unwrap();
        let mut order = Vec::new();
        for _ in 0..20 {
            let claimed = bench.claim("w").await.unwrap();
            jobs.done(&claimed.fence, None).await.unwrap();
            order.push(claimed.payload);
        }
        assert_eq!(order[..5], ["flood 0", "second a", "flood 1", "second b", "flood 2"]);
        // A newcomer does not wait for the rest of the flood, nor does it pass everything that waits longer.
        jobs.enqueue(&quiet("third", 3)).await.unwrap();
        let next: Vec<_> = [bench.claim("w").await, bench.claim("w").await].into_iter().flatten().collect();
        assert!(next.iter().any(|claimed| claimed.payload == "third"));
    })
    .await;
}

/// However many repositories an installation has, and whatever it has been served before: the next one is served next.
#[tokio::test]
async fn an_installation_with_a_thousand_repositories_does_not_starve_one_with_one() {
    on_both(async |bench: &Bench| {
        let jobs = bench.store.jobs();
        for n in 0..1_000 {
            let repo = Some(RepoId(n + 1));
            jobs.enqueue(&NewJob { installation: Some(InstallationId(5)), repo, ..job("flood") })
                .await
                .unwrap();
        }
        for _ in 0..10 {
            assert_eq!(bench.claim("w").await.unwrap().payload, "flood");
        }
        for (installation, repo) in [(1, 5_001), (9, 5_002)] {
            let (installation, repo) = (Some(InstallationId(installation)), Some(RepoId(repo)));
            for payload in ["first", "second", "third"] {
                jobs.enqueue(&NewJob { installation, repo, ..job(payload) }).await.unwrap();
            }
        }
        // Three installations, so each is served every third time.
        for payload in ["first", "second", "third"] {
            let served = [bench.claim("w").await, bench.claim("w").await, bench.claim("w").await];
            let served = served.map(|claimed| claimed.unwrap().payload);
            assert_eq!(served.iter().filter(|it| *it == payload).count(), 2, "{served:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn f21_what_an_old_process_does_not_know_waits_for_a_newer_one_and_holds_its_lane_only() {
    on_both(async |bench: &Bench| {
        let jobs = bench.store.jobs();
        jobs.enqueue(&NewJob { name: "newer.v2", priority: -99, ..in_lane("new", "lane") }).await.unwrap();
        jobs.enqueue(&in_lane("behind it", "lane")).await.unwrap();
        for n in 0..3 {
            jobs.enqueue(&in_lane("elsewhere", &format!("other {n}"))).await.unwrap();
        }
        assert_eq!(bench.work_off().await, ["elsewhere"; 3]);
        let counts = jobs.counts().await.unwrap();
        assert_eq!((counts.open, counts.behind, counts.dead), (1, 1, 0));
        let claimed = jobs.claim(&Claimant::new("new", LEASE_MS, &["newer.v2"])).await.unwrap().unwrap();
        assert_eq!((claimed.payload.as_str(), claimed.attempt), ("new", 1));
        jobs.done(&claimed.fence, None).await.unwrap();
        assert_eq!(bench.work_off().await, ["behind it"]);
    })
    .await;
}

/// F20: a job that kills its process again and again, while other lanes are worked off in between each time.
#[tokio::test]
async fn f20_a_poison_job_holds_up_nobody_else() {
    on_both(async |bench: &Bench| {
        let jobs = bench.store.jobs();
        jobs.enqueue(&in_lane("poison", "lane")).await.unwrap();
        for round in 0..3 {
            assert_eq!(bench.claim(&format!("process {round}")).await.unwrap().payload, "poison");
            jobs.enqueue(&in_lane("other", "another lane")).await.unwrap();
            assert_eq!(bench.work_off().await, ["other"]);
            bench.lose_lease(round + 1);
        }
        assert!(bench.claim("w").await.is_none());
        let counts = jobs.counts().await.unwrap();
        assert_eq!((counts.dead, bench.finished().await, counts.outstanding()), (1, 3, 0));
    })
    .await;
}

/// Two instances on two machines, one of which is two minutes ahead.
#[tokio::test]
async fn a_machine_whose_clock_is_ahead_takes_no_lease_that_still_holds() {
    on_postgres(async |url: String| {
        let ahead_ms = || Clock::system(0).now_ms() + 120_000;
        let one = Store::connect(&url, Clock::system(0)).await.unwrap();
        one.migrate().await.unwrap();
        let other = Store::connect(&url, Clock::of_machine(ahead_ms, 0)).await.unwrap();
        one.jobs().enqueue(&NewJob { run_at_ms: 0, ..job("held") }).await.unwrap();
        let claim = async |store: &Store| store.jobs().claim(&claimant("w")).await.unwrap();
        let held = claim(&one).await.unwrap();
        assert!(claim(&other).await.is_none());
        assert!(one.jobs().still_mine(&held.fence).await.unwrap());
        // It is a matter of the clock: by its own it would have.
        let unset = Store::connect(&url, Clock::manual(ahead_ms()).0).await.unwrap();
        assert!(claim(&unset).await.is_some());
        assert!(!one.jobs().still_mine(&held.fence).await.unwrap());
    })
    .await;
}

/// Two instances of one server: the second sleeps, and wakes because the first wrote a job.
#[tokio::test]
async fn a_job_written_by_one_instance_wakes_another() {
    on_postgres(async |url: String| {
        let clock = Clock::manual(START_MS).0;
        let connect = async || Store::connect(&url, clock.clone()).await.unwrap();
        let (writer, sleeper) = (connect().await, connect().await);
        writer.migrate().await.unwrap();
        let drive = async {
            // Each listens by now.
            writer.woken().await;
            sleeper.woken().await;
            for round in 0..3 {
                writer.jobs().enqueue(&job(&format!("{round}"))).await.unwrap();
                sleeper.woken().await;
                let claimed =
                    sleeper.jobs().claim(&Claimant::new("s", LEASE_MS, &["test.v1"])).await.unwrap();
                assert_eq!(claimed.unwrap().payload, round.to_string());
            }
        };
        tokio::select! {
            ended = writer.relay() => panic!("{ended:?}"),
            ended = sleeper.relay() => panic!("{ended:?}"),
            driven = tokio::time::timeout(std::time::Duration::from_secs(60), drive) => driven.unwrap(),
        }
    })
    .await;
}

#[tokio::test]
async fn a_parked_installation_rests_as_a_whole_and_the_others_go_on() {
    on_both(async |bench: &Bench| {
        let jobs = bench.store.jobs();
        for payload in ["a", "b", "c"] {
            jobs.enqueue(&in_lane(payload, "lane")).await.unwrap();
        }
        let elsewhere =
            |payload| NewJob { installation: Some(InstallationId(2)), repo: Some(RepoId(2)), ..job(payload) };
        jobs.enqueue(&elsewhere("other")).await.unwrap();
        let claimed = bench.claim("w").await.unwrap();
        assert_eq!(claimed.payload, "a");
        let until_ms = START_MS + 5_000;
        assert!(jobs.park(&claimed.fence, InstallationId(1), until_ms, "limit").await.unwrap());
        // A shorter pause does not end a longer one.
        assert_eq!(
            bench.store.installations().pause(InstallationId(1), START_MS + 1).await.unwrap(),
            until_ms
        );
        assert_eq!(bench.work_off().await, ["other"]);
        jobs.enqueue(&job("new in the parked one")).await.unwrap();
        assert!(bench.claim("w").await.is_none());
        assert_eq!(jobs.next_run_at().await.unwrap(), Some(until_ms));
        bench.hand.advance_ms(5_000);
        let mut rest = bench.work_off().await;
        rest.retain(|payload| payload != "new in the parked one");
        assert_eq!(rest, ["a", "b", "c"]);
    })
    .await;
}

#[tokio::test]
async fn a_long_queue_of_a_parked_installation_keeps_nobody_waiting() {
    on_both(async |bench: &Bench| {
        let batch: Vec<_> = (0..5_000).map(|n| (delivery(&n.to_string()), job_of(&n.to_string()))).collect();
        for some in batch.chunks(250) {
            bench.store.inbox().accept_many(&pairs(some)).await.unwrap();
        }
        let jobs = bench.store.jobs();
        let other = NewJob { installation: Some(InstallationId(2)), repo: Some(RepoId(2)), ..job("other") };
        jobs.enqueue(&other).await.unwrap();
        bench.store.installations().pause(InstallationId(1), START_MS + 5_000).await.unwrap();
        assert_eq!(bench.claim("w").await.unwrap().payload, "other");
        let counts = jobs.counts().await.unwrap();
        assert_eq!((counts.timed, counts.open), (1_000, 4_000), "one step, and the round went on");
        assert!(bench.claim("w").await.is_none());
        assert_eq!(jobs.counts().await.unwrap().timed, 5_000);
        bench.hand.advance_ms(5_000);
        assert_eq!(bench.claim("w").await.unwrap().payload, "0");
    })
    .await;
}

#[tokio::test]
async fn eight_workers_of_two_instances_never_take_the_same_job() {
    on_both(async |bench: &Bench| {
        let other = bench.another_instance().await;
        for n in 0..120 {
            let repo = Some(RepoId(n % 5));
            bench.store.jobs().enqueue(&NewJob { repo, ..job(&n.to_string()) }).await.unwrap();
        }
        let workers = (0..8).map(|index| {
            let store = if index % 2 == 0 { &bench.store } else { &other };
            async move {
                let claimant = Claimant::new(format!("w{index}"), LEASE_MS, &["test.v1"]);
                let mut done = Vec::new();
                while let Some(claimed) = store.jobs().claim(&claimant).await.unwrap() {
                    assert!(store.jobs().done(&claimed.fence, None).await.unwrap());
                    done.push(claimed.payload);
                }
                done
            }
        });
        let done: Vec<_> = join_all(workers).await.into_iter().flatten().collect();
        assert_eq!(done.len(), 120);
        assert_eq!(done.iter().collect::<HashSet<_>>().len(), 120);
    })
    .await;
}

/// A claim that waited for one that is under way would make of many workers one.
#[tokio::test]
async fn a_job_that_another_instance_is_about_to_take_is_passed_over() {
    on_postgres(async |url: String| {
        let store = Store::connect(&url, Clock::manual(START_MS).0).await.unwrap();
        store.migrate().await.unwrap();
        let jobs = store.jobs();
        let claim = async || jobs.claim(&claimant("w")).await.unwrap().map(|claimed| claimed.payload);
        for payload in ["first", "second"] {
            jobs.enqueue(&job(payload)).await.unwrap();
        }
        let mut other = AnyConnection::connect(&url).await.unwrap();
        let mut tx = other.begin().await.unwrap();
        let hold = "SELECT seq FROM jobs WHERE payload = 'first' FOR UPDATE";
        sqlx::query(hold).fetch_one(&mut *tx).await.unwrap();
        // One that waited would end with the lock timeout of the store.
        assert_eq!(claim().await.as_deref(), Some("second"));
        assert_eq!(claim().await, None);
        tx.rollback().await.unwrap();
        assert_eq!(claim().await.as_deref(), Some("first"));
        other.close().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn finished_jobs_are_pruned_and_unfinished_and_dead_ones_stay() {
    on_both(async |bench: &Bench| {
        let jobs = bench.store.jobs();
        for payload in ["done", "done too", "dead"] {
            jobs.enqueue(&job(payload)).await.unwrap();
        }
        for _ in 0..2 {
            let claimed = bench.claim("w").await.unwrap();
            jobs.done(&claimed.fence, None).await.unwrap();
        }
        let claimed = bench.claim("w").await.unwrap();
        jobs.dead(&claimed.fence, "e").await.unwrap();
        jobs.enqueue(&job("ready")).await.unwrap();
        assert_eq!(jobs.prune_finished(START_MS).await.unwrap(), 0);
        assert_eq!(jobs.prune_finished(START_MS + 1).await.unwrap(), 2);
        let counts = jobs.counts().await.unwrap();
        assert_eq!((counts.open, counts.dead, bench.finished().await), (1, 1, 0));
    })
    .await;
}

/// More than a step holds, and the first by a clock that was ahead: it would have ended the search for as long as it was ahead.
#[tokio::test]
async fn what_is_old_is_pruned_in_steps_whatever_a_clock_that_was_ahead_wrote_before_it() {
    on_both(async |bench: &Bench| {
        const DAY_MS: i64 = 86_400_000;
        let jobs = bench.store.jobs();
        let finish = async |count: usize| {
            for number in 0..count {
                jobs.enqueue(&job(&number.to_string())).await.unwrap();
                let claimed = bench.claim("w").await.unwrap();
                jobs.done(&claimed.fence, None).await.unwrap();
            }
        };
        bench.hand.advance_ms(300 * DAY_MS);
        finish(1).await;
        bench.hand.advance_ms(-300 * DAY_MS);
        finish(210).await;
        bench.hand.advance_ms(DAY_MS);
        finish(2).await;
        assert_eq!(jobs.prune_finished(START_MS + DAY_MS).await.unwrap(), 210);
        assert_eq!(bench.finished().await, 3);
        bench.hand.advance_ms(DAY_MS);
        assert_eq!(jobs.prune_finished(START_MS + 2 * DAY_MS).await.unwrap(), 2);
    })
    .await;
}

#[tokio::test]
async fn enqueuing_wakes_a_worker() {
    on_both(async |bench: &Bench| {
        bench.store.jobs().enqueue(&job("x")).await.unwrap();
        bench.store.woken().await;
    })
    .await;
}
