//! Deliveries: accepted once, kept as received, erased in time.

use futures_util::future::{FutureExt as _, join_all};
use millwright::domain::ids::{InstallationId, RepoId, RepoName};
use millwright::store::{Accepted, JobState, NewDelivery, NewJob, PackedBody, Pruned, Retention};
use proptest::prelude::{Just, ProptestConfig, any, prop_assert, prop_oneof, proptest};

use super::bench::{Bench, START_MS, delivery, in_lane, job, job_of, on_both, pairs};

#[tokio::test]
async fn fifty_concurrent_repeats_of_one_delivery_make_one_job() {
    on_both(async |bench: &Bench| {
        let other = bench.another_instance().await;
        let (new, work) = (delivery("g-1"), job_of("g-1"));
        let all = (0..50).map(|index| {
            let store = if index % 2 == 0 { &bench.store } else { &other };
            let (new, work) = (&new, &work);
            async move { store.inbox().accept(new, work).await.unwrap() }
        });
        let answers = join_all(all).await;
        assert_eq!(answers.iter().filter(|answer| **answer == Accepted::New).count(), 1);
        assert_eq!(bench.store.jobs().counts().await.unwrap().outstanding(), 1);
        assert_eq!(bench.store.jobs().of_delivery("g-1").await.unwrap().len(), 1);
    })
    .await;
}

/// A batch in which some have nothing to do: those are done at once, hold nobody up and take nobody's turn; the others are worked
/// off as if those were not there.
#[tokio::test]
async fn a_delivery_without_work_is_kept_and_its_job_is_done_at_once() {
    on_both(async |bench: &Bench| {
        let lane = |guid: &str| NewJob { delivery: Some(guid.to_owned()), ..in_lane(guid, "repo/1") };
        let idle = |guid: &str| NewDelivery { has_work: false, ..delivery(guid) };
        let batch = [
            (idle("a"), lane("a")),
            (delivery("b"), lane("b")),
            (idle("c"), NewJob { dedupe: Some("k".to_owned()), ..lane("c") }),
            (delivery("d"), lane("d")),
        ];
        let answers = bench.store.inbox().accept_many(&pairs(&batch)).await.unwrap();
        assert_eq!(answers, [Accepted::New; 4]);
        for guid in ["a", "c"] {
            let jobs = bench.store.jobs().of_delivery(guid).await.unwrap();
            assert_eq!(jobs.len(), 1, "{guid}");
            let done = (jobs[0].state, jobs[0].attempts, jobs[0].finished_at_ms);
            assert_eq!(done, (JobState::Done, 0, Some(START_MS)), "{guid}");
            assert!(bench.store.inbox().get(guid).await.unwrap().unwrap().body.is_some(), "{guid}");
        }
        let counts = bench.store.jobs().counts().await.unwrap();
        assert_eq!((counts.outstanding(), bench.finished().await), (2, 2));
        assert_eq!(bench.work_off().await, ["b", "d"]);
        // Said again, it is one that was here; and nobody needs its body any longer than its time.
        let (again, job) = &batch[0];
        assert_eq!(bench.store.inbox().accept(again, job).await.unwrap(), Accepted::Seen);
        let all = Retention { bodies_before_ms: i64::MAX, max_bytes: i64::MAX, keys_before_ms: 0 };
        assert_eq!(bench.store.inbox().prune(all).await.unwrap().bodies, 4);
    })
    .await;
}

#[tokio::test]
async fn a_batch_wakes_a_worker_for_each_delivery_with_work() {
    on_both(async |bench: &Bench| {
        let idle = NewDelivery { has_work: false, ..delivery("a") };
        let batch = [(idle, job_of("a")), (delivery("b"), job_of("b")), (delivery("c"), job_of("c"))];
        let mut workers = [(); 3].map(|()| Box::pin(bench.store.woken()));
        assert!(workers.iter_mut().all(|worker| worker.now_or_never().is_none()), "they wait");
        bench.store.inbox().accept_many(&pairs(&batch)).await.unwrap();
        let woken = workers.iter_mut().filter_map(|worker| worker.now_or_never()).count();
        assert_eq!(woken, 2, "nobody is woken for nothing");
    })
    .await;
}

/// Nobody works on such a delivery, but that its repository was heard of is known, as after any other.
#[tokio::test]
async fn of_a_delivery_without_work_its_repository_is_heard_of() {
    on_both(async |bench: &Bench| {
        let named = |guid: &str, repo: i64, name: &str| NewDelivery {
            has_work: false,
            repo: Some(RepoId(repo)),
            repository: RepoName::parse(name),
            ..delivery(guid)
        };
        let known = async |repo: i64| {
            bench.store.repositories().get(RepoId(repo)).await.unwrap().map(|one| one.name.to_string())
        };
        let batch = [(named("a", 8, "acme/web"), job_of("a")), (named("b", 7, "acme/app"), job_of("b"))];
        bench.store.inbox().accept_many(&pairs(&batch)).await.unwrap();
        assert_eq!(
            (known(8).await, known(7).await),
            (Some("acme/web".to_owned()), Some("acme/app".to_owned()))
        );
        // A repeat and what a worker will read say nothing here; a new name is written at once.
        let working = NewDelivery { has_work: true, ..named("c", 9, "acme/new") };
        bench.store.inbox().accept(&working, &job_of("c")).await.unwrap();
        bench.store.inbox().accept(&named("a", 8, "acme/other"), &job_of("a")).await.unwrap();
        assert_eq!((known(9).await, known(8).await), (None, Some("acme/web".to_owned())));
        bench.store.inbox().accept(&named("d", 8, "acme/renamed"), &job_of("d")).await.unwrap();
        assert_eq!(known(8).await, Some("acme/renamed".to_owned()));
    })
    .await;
}

#[tokio::test]
async fn a_delivery_comes_back_byte_for_byte() {
    on_both(async |bench: &Bench| {
        let body: Vec<u8> =
            (0..100_000_u32).flat_map(|n| (n % 977).to_le_bytes()).chain([0, 255, 0]).collect();
        let new = NewDelivery { body: PackedBody::pack(&body), ..delivery("g") };
        bench.store.inbox().accept(&new, &job_of("g")).await.unwrap();
        let found = bench.store.inbox().get("g").await.unwrap().unwrap();
        assert_eq!(found.body.as_deref(), Some(body.as_slice()));
        assert_eq!((found.installation, found.repo), (Some(InstallationId(1)), Some(RepoId(1))));
        assert_eq!((found.event.as_str(), found.action.as_deref()), ("issue_comment", Some("created")));
        assert_eq!(found.received_at_ms, START_MS);
        let recent = bench.store.inbox().recent(10).await.unwrap();
        assert_eq!(recent.len(), 1);
        assert!(recent[0].stored_bytes < i64::try_from(body.len()).unwrap(), "compressed");
        assert_eq!(bench.store.inbox().get("other").await.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn a_delivery_without_action_installation_and_body_is_kept_too() {
    on_both(async |bench: &Bench| {
        let new = NewDelivery {
            action: None,
            installation: None,
            repo: None,
            body: PackedBody::pack(&[]),
            ..delivery("g")
        };
        bench.store.inbox().accept(&new, &job_of("g")).await.unwrap();
        let found = bench.store.inbox().get("g").await.unwrap().unwrap();
        assert_eq!((found.action, found.installation, found.repo), (None, None, None));
        assert_eq!(found.body, Some(Vec::new()));
    })
    .await;
}

#[tokio::test]
async fn a_batch_is_answered_in_its_order_and_its_jobs_stand_in_its_order() {
    on_both(async |bench: &Bench| {
        bench.store.inbox().accept(&delivery("m"), &job_of("m")).await.unwrap();
        let batch: Vec<_> = ["z", "m", "a", "z", "b"]
            .iter()
            .map(|guid| (delivery(guid), in_lane(guid, "one lane")))
            .collect();
        let answers = bench.store.inbox().accept_many(&pairs(&batch)).await.unwrap();
        use Accepted::{New, Seen};
        assert_eq!(answers, [New, Seen, New, Seen, New]);
        assert_eq!(bench.work_off().await, ["m", "z", "a", "b"]);
    })
    .await;
}

#[tokio::test]
async fn batches_that_share_deliveries_and_lanes_do_not_block_each_other() {
    on_both(async |bench: &Bench| {
        let other = bench.another_instance().await;
        let forward: Vec<_> = (0..40)
            .map(|n| (delivery(&format!("g{n}")), in_lane(&format!("g{n}"), &format!("lane {}", n % 7))))
            .collect();
        let backward: Vec<_> = forward.iter().rev().cloned().collect();
        let (one, two) =
            tokio::join!(async { bench.store.inbox().accept_many(&pairs(&forward)).await }, async {
                other.inbox().accept_many(&pairs(&backward)).await
            });
        let new =
            one.unwrap().into_iter().chain(two.unwrap()).filter(|answer| *answer == Accepted::New).count();
        assert_eq!(new, 40);
        assert_eq!(bench.store.jobs().counts().await.unwrap().outstanding(), 40);
    })
    .await;
}

#[tokio::test]
async fn an_equal_job_is_folded_but_the_delivery_is_kept() {
    on_both(async |bench: &Bench| {
        let equal = NewJob { dedupe: Some("reconcile".to_owned()), ..job("x") };
        assert_eq!(bench.store.inbox().accept(&delivery("a"), &equal).await.unwrap(), Accepted::New);
        assert_eq!(bench.store.inbox().accept(&delivery("b"), &equal).await.unwrap(), Accepted::New);
        assert_eq!(bench.work_off().await, ["x"]);
        assert!(bench.store.inbox().seen("b").await.unwrap());
    })
    .await;
}

#[tokio::test]
async fn old_bodies_go_unless_a_job_still_needs_them_and_keys_stay_longer() {
    on_both(async |bench: &Bench| {
        let inbox = bench.store.inbox();
        for guid in ["done", "waiting"] {
            inbox.accept(&delivery(guid), &job_of(guid)).await.unwrap();
        }
        let claimed = bench.claim("w").await.unwrap();
        assert_eq!(claimed.delivery.as_deref(), Some("done"));
        bench.store.jobs().done(&claimed.fence, None).await.unwrap();
        let retention =
            Retention { bodies_before_ms: START_MS + 1, max_bytes: i64::MAX, keys_before_ms: START_MS - 1 };
        assert_eq!(inbox.prune(retention).await.unwrap(), Pruned { bodies: 1, keys: 0 });
        assert_eq!(inbox.get("done").await.unwrap().unwrap().body, None);
        assert!(inbox.get("waiting").await.unwrap().unwrap().body.is_some());
        assert_eq!(inbox.accept(&delivery("done"), &job_of("done")).await.unwrap(), Accepted::Seen);
        let later = Retention { keys_before_ms: START_MS + 1, ..retention };
        assert_eq!(inbox.prune(later).await.unwrap(), Pruned { bodies: 0, keys: 1 });
        assert!(!inbox.seen("done").await.unwrap());
        assert!(inbox.seen("waiting").await.unwrap());
    })
    .await;
}

/// A row from the future ended the search for what is old for as long as the clock had been ahead.
#[tokio::test]
async fn what_a_clock_that_was_ahead_has_written_keeps_nothing_that_came_behind_it() {
    on_both(async |bench: &Bench| {
        let inbox = bench.store.inbox();
        for (guid, ahead_ms) in [("ahead", 300 * 86_400_000), ("old", 0)] {
            bench.hand.advance_ms(ahead_ms);
            inbox.accept(&delivery(guid), &job_of(guid)).await.unwrap();
            let claimed = bench.claim("w").await.unwrap();
            bench.store.jobs().done(&claimed.fence, None).await.unwrap();
            bench.hand.advance_ms(-ahead_ms);
        }
        bench.hand.advance_ms(10);
        let all =
            Retention { bodies_before_ms: START_MS + 5, max_bytes: i64::MAX, keys_before_ms: START_MS + 5 };
        assert_eq!(inbox.prune(all).await.unwrap(), Pruned { bodies: 2, keys: 2 });
    })
    .await;
}

#[tokio::test]
async fn more_old_deliveries_than_one_step_takes_go_around_those_that_are_needed() {
    on_both(async |bench: &Bench| {
        let inbox = bench.store.inbox();
        let batch =
            (0..450).map(|number| format!("g{number:03}")).map(|guid| (delivery(&guid), job_of(&guid)));
        let batch = batch.collect::<Vec<_>>();
        inbox.accept_many(&pairs(&batch)).await.unwrap();
        // All but every tenth are worked off.
        let mut held = Vec::new();
        while let Some(claimed) = bench.claim("w").await {
            if claimed.payload.ends_with('0') {
                held.push(claimed);
            } else {
                bench.store.jobs().done(&claimed.fence, None).await.unwrap();
            }
        }
        bench.hand.advance_ms(10);
        inbox.accept(&delivery("young"), &job_of("young")).await.unwrap();
        let all =
            Retention { bodies_before_ms: START_MS + 5, max_bytes: i64::MAX, keys_before_ms: START_MS + 5 };
        assert_eq!(inbox.prune(all).await.unwrap(), Pruned { bodies: 405, keys: 405 });
        for claimed in held {
            assert!(inbox.get(&claimed.payload).await.unwrap().unwrap().body.is_some());
        }
        assert!(inbox.get("young").await.unwrap().unwrap().body.is_some());
    })
    .await;
}

#[tokio::test]
async fn the_oldest_bodies_go_when_there_are_too_many_bytes() {
    on_both(async |bench: &Bench| {
        let inbox = bench.store.inbox();
        for n in 0..10_u8 {
            let body =
                (0..1000_u32).map(|i| (i.wrapping_mul(2_654_435_761).wrapping_add(u32::from(n)) >> 13) as u8);
            let new = NewDelivery {
                body: PackedBody::pack(&body.collect::<Vec<_>>()),
                ..delivery(&format!("g{n}"))
            };
            inbox.accept(&new, &job_of("x")).await.unwrap();
        }
        bench.work_off().await;
        let kept = inbox.kept_bytes().await.unwrap();
        let retention = Retention { bodies_before_ms: 0, max_bytes: kept / 2, keys_before_ms: 0 };
        let pruned = inbox.prune(retention).await.unwrap();
        assert!(inbox.kept_bytes().await.unwrap() <= kept / 2);
        assert!((4..=6).contains(&pruned.bodies), "{pruned:?}");
        assert_eq!(inbox.get("g0").await.unwrap().unwrap().body, None);
        assert!(inbox.get("g9").await.unwrap().unwrap().body.is_some());
    })
    .await;
}

/// A job of a batch: repository, lane within it (0: none), priority, minutes to wait.
type Sketch = (i64, u8, i64, i64);

fn sketched((number, (repo, lane, priority, minutes)): (usize, &Sketch)) -> (NewDelivery, NewJob) {
    let guid = format!("g{number}");
    let work = NewJob {
        repo: Some(RepoId(*repo)),
        lane: (*lane > 0).then(|| format!("{repo}/{lane}")),
        priority: *priority,
        run_at_ms: START_MS + minutes * 60_000,
        ..job_of(&guid)
    };
    (delivery(&guid), work)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    /// Fair turns, lanes and waits come out the same whether jobs are written together or one after the other.
    #[test]
    fn a_batch_stands_in_the_queue_as_its_jobs_would_one_by_one(
        sketches in proptest::collection::vec((1..5_i64, 0..3_u8, prop_oneof![Just(-10_i64), Just(0)], 0..2_i64), 1..90),
        already in 0..20_usize,
        worked in 0..6_usize,
    ) {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let batch = sketches.iter().enumerate().map(sketched).collect::<Vec<_>>();
        let (before, batch) = batch.split_at(already.min(batch.len()));
        let orders = std::sync::Mutex::new(Vec::new());
        for together in [false, true] {
            runtime.block_on(on_both(async |bench: &Bench| {
                let inbox = bench.store.inbox();
                for (delivery, job) in before {
                    inbox.accept(delivery, job).await.unwrap();
                }
                for _ in 0..worked {
                    if let Some(claimed) = bench.claim("w").await {
                        bench.store.jobs().done(&claimed.fence, None).await.unwrap();
                    }
                }
                if together {
                    inbox.accept_many(&pairs(batch)).await.unwrap();
                } else {
                    for (delivery, job) in batch {
                        inbox.accept(delivery, job).await.unwrap();
                    }
                }
                let now = bench.work_off().await;
                bench.hand.advance_ms(60_000);
                let later = bench.work_off().await;
                orders.lock().unwrap().push((now, later));
            }));
        }
        let orders = orders.into_inner().unwrap();
        prop_assert!(orders.windows(2).all(|two| two[0] == two[1]), "{orders:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    /// PostgreSQL refuses NUL in a text; both databases get U+FFFD in its place, and everything else comes back.
    #[test]
    fn any_text_can_be_stored(event in any::<String>(), payload in any::<String>(), body in any::<Vec<u8>>()) {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(on_both(async |bench: &Bench| {
            let event = format!("\0{event}");
            let new = NewDelivery { event: event.clone(), body: PackedBody::pack(&body), ..delivery("g") };
            let work = NewJob { payload: payload.clone(), ..job_of("g") };
            bench.store.inbox().accept(&new, &work).await.unwrap();
            let found = bench.store.inbox().get("g").await.unwrap().unwrap();
            assert_eq!(found.event, event.replace('\0', "\u{fffd}"));
            assert_eq!(found.body.as_ref(), Some(&body));
            assert_eq!(bench.work_off().await, [payload.replace('\0', "\u{fffd}")]);
        }));
    }
}
