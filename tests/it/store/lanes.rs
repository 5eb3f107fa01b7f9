//! Lanes: one at a time, in order, whatever happens in between.

use std::collections::{BTreeMap, HashMap};

use futures_util::future::join_all;
use millwright::domain::backoff;
use millwright::domain::ids::{InstallationId, RepoId};
use millwright::store::{Claimant, Claimed, JobState, NewJob};
use proptest::prelude::{Just, ProptestConfig, Strategy, prop_oneof, proptest};

use super::bench::{Bench, LEASE_MS, START_MS, in_lane, job, on_both};

#[tokio::test]
async fn a_lane_runs_one_job_at_a_time_in_order() {
    on_both(async |bench: &Bench| {
        let jobs = bench.store.jobs();
        for payload in ["a1", "a2", "a3"] {
            jobs.enqueue(&in_lane(payload, "a")).await.unwrap();
        }
        jobs.enqueue(&in_lane("b1", "b")).await.unwrap();
        let first = bench.claim("w").await.unwrap();
        let other = bench.claim("w").await.unwrap();
        assert_eq!((first.payload.as_str(), other.payload.as_str()), ("a1", "b1"));
        assert!(bench.claim("w").await.is_none());
        assert_eq!(jobs.counts().await.unwrap().behind, 2);
        jobs.done(&first.fence, None).await.unwrap();
        assert_eq!(bench.claim("w").await.unwrap().payload, "a2");
        assert!(bench.claim("w").await.is_none());
    })
    .await;
}

#[tokio::test]
async fn a_job_in_backoff_does_not_hold_its_lane_and_comes_first_when_it_is_due() {
    on_both(async |bench: &Bench| {
        let jobs = bench.store.jobs();
        for payload in ["1", "2", "3"] {
            jobs.enqueue(&in_lane(payload, "lane")).await.unwrap();
        }
        let first = bench.claim("w").await.unwrap();
        jobs.retry(&first.fence, START_MS + 10, "e").await.unwrap();
        let second = bench.claim("w").await.unwrap();
        assert_eq!(second.payload, "2");
        bench.hand.advance_ms(10);
        assert!(bench.claim("w").await.is_none(), "due, but its lane is taken");
        jobs.done(&second.fence, None).await.unwrap();
        assert_eq!(bench.work_off().await, ["1", "3"]);
    })
    .await;
}

#[tokio::test]
async fn a_released_job_keeps_its_place() {
    on_both(async |bench: &Bench| {
        for payload in ["1", "2"] {
            bench.store.jobs().enqueue(&in_lane(payload, "lane")).await.unwrap();
        }
        let first = bench.claim("w").await.unwrap();
        bench.store.jobs().release(&first.fence).await.unwrap();
        assert_eq!(bench.work_off().await, ["1", "2"]);
    })
    .await;
}

#[tokio::test]
async fn cancelling_one_installation_frees_lanes_shared_with_another() {
    on_both(async |bench: &Bench| {
        let jobs = bench.store.jobs();
        jobs.enqueue(&in_lane("gone", "lane")).await.unwrap();
        let other = NewJob { installation: Some(InstallationId(2)), ..in_lane("stays", "lane") };
        jobs.enqueue(&other).await.unwrap();
        let deleted = bench.store.installations().delete(InstallationId(1)).await.unwrap();
        assert_eq!(deleted.cancelled_jobs, 1);
        assert_eq!(bench.work_off().await, ["stays"]);
    })
    .await;
}

#[tokio::test]
async fn concurrent_writers_and_workers_leave_nothing_behind_in_a_lane() {
    on_both(async |bench: &Bench| {
        let other = bench.another_instance().await;
        let parts = (0..6).map(|index| {
            let store = if index % 2 == 0 { bench.store.clone() } else { other.clone() };
            async move {
                let claimant = Claimant::new(format!("w{index}"), LEASE_MS, &["test.v1"]);
                for n in 0..25 {
                    let new = in_lane(&format!("{index}/{n}"), &format!("lane {}", n % 3));
                    store.jobs().enqueue(&new).await.unwrap();
                    if let Some(claimed) = store.jobs().claim(&claimant).await.unwrap() {
                        assert!(store.jobs().done(&claimed.fence, None).await.unwrap());
                    }
                }
            }
        });
        join_all(parts).await;
        bench.work_off().await;
        let counts = bench.store.jobs().counts().await.unwrap();
        assert_eq!((counts.outstanding(), bench.finished().await), (0, 150), "{counts:?}");
        assert_eq!(bench.store.jobs().repair_lanes().await.unwrap(), 0);
    })
    .await;
}

/// What a random history does next. Numbers choose among what there is.
#[derive(Debug, Clone)]
enum Step {
    Enqueue { lane: Option<u8>, repo: u8, delay_ms: i64, priority: i64, installation: u8 },
    Claim,
    Done(usize),
    Retry(usize, i64),
    Defer(usize, i64),
    Release(usize),
    Park(usize, i64),
    Dead(usize),
    Cancel(usize),
    Requeue,
    Advance(i64),
    Zombie(usize),
}

fn step() -> impl Strategy<Value = Step> {
    let delay = prop_oneof![3 => Just(0_i64), 1 => 1..2_000_i64];
    prop_oneof![
        6 => (proptest::option::weighted(0.8, 0..3_u8), 1..4_u8, delay, 0..2_i64, 1..3_u8).prop_map(
            |(lane, repo, delay_ms, priority, installation)| Step::Enqueue { lane, repo, delay_ms, priority, installation }
        ),
        6 => Just(Step::Claim),
        3 => (0..8_usize).prop_map(Step::Done),
        2 => (0..8_usize, 0..2_000_i64).prop_map(|(which, ms)| Step::Retry(which, ms)),
        1 => (0..8_usize, 0..2_000_i64).prop_map(|(which, ms)| Step::Defer(which, ms)),
        1 => (0..8_usize).prop_map(Step::Release),
        1 => (0..8_usize, 0..2_000_i64).prop_map(|(which, ms)| Step::Park(which, ms)),
        1 => (0..8_usize).prop_map(Step::Dead),
        1 => (0..8_usize).prop_map(Step::Cancel),
        1 => Just(Step::Requeue),
        2 => (0..1_000_i64).prop_map(Step::Advance),
        1 => (0..8_usize).prop_map(Step::Zombie),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    /// In every history: a claim gives the earliest due job of its lane and never a second one of a lane, a claim gives
    /// nothing only when nothing can be taken, and in the end everything has ended.
    #[test]
    fn no_history_breaks_a_lane_or_loses_a_job(steps in proptest::collection::vec(step(), 1..70)) {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(on_both(async |bench: &Bench| {
            let mut history = History::default();
            for step in &steps {
                history.take(bench, step).await;
            }
            history.end(bench).await;
        }));
    }
}

#[derive(Default)]
struct History {
    jobs: BTreeMap<i64, Model>,
    running: Vec<Claimed>,
    parked: HashMap<i64, i64>,
    worker: usize,
    given: usize,
}

struct Model {
    lane: Option<String>,
    installation: i64,
    priority: i64,
    run_at_ms: i64,
    state: JobState,
}

impl History {
    async fn take(&mut self, bench: &Bench, step: &Step) {
        let jobs = bench.store.jobs();
        let now_ms = bench.clock.now_ms();
        match *step {
            Step::Enqueue { lane, repo, delay_ms, priority, installation } => {
                let lane = lane.map(|lane| format!("lane {lane} of {installation}"));
                let run_at_ms = now_ms + delay_ms;
                let new = NewJob {
                    lane: lane.clone(),
                    repo: Some(RepoId(i64::from(repo))),
                    installation: Some(InstallationId(i64::from(installation))),
                    priority,
                    run_at_ms,
                    max_attempts: 1_000,
                    ..job("x")
                };
                let millwright::store::Enqueued::New(id) = jobs.enqueue(&new).await.unwrap() else {
                    panic!("folded")
                };
                let installation = i64::from(installation);
                self.jobs
                    .insert(id.0, Model { lane, installation, priority, run_at_ms, state: JobState::Ready });
            }
            Step::Claim => self.claim(bench).await,
            Step::Done(which) => {
                let Some(claimed) = self.pick(which) else { return };
                assert!(jobs.done(&claimed.fence, None).await.unwrap());
                self.model(&claimed).state = JobState::Done;
            }
            Step::Retry(which, delay_ms) => {
                let Some(claimed) = self.pick(which) else { return };
                assert!(jobs.retry(&claimed.fence, now_ms + delay_ms, "e").await.unwrap());
                self.back(&claimed, now_ms + delay_ms);
            }
            Step::Defer(which, delay_ms) => {
                let Some(claimed) = self.pick(which) else { return };
                assert!(jobs.defer(&claimed.fence, now_ms + delay_ms).await.unwrap());
                self.back(&claimed, now_ms + delay_ms);
            }
            Step::Release(which) => {
                let Some(claimed) = self.pick(which) else { return };
                assert!(jobs.release(&claimed.fence).await.unwrap());
                self.back(&claimed, now_ms);
            }
            Step::Park(which, delay_ms) => {
                let Some(claimed) = self.pick(which) else { return };
                let installation = claimed.installation.unwrap();
                assert!(jobs.park(&claimed.fence, installation, now_ms + delay_ms, "limit").await.unwrap());
                let until_ms = self.parked.entry(installation.0).or_insert(0);
                *until_ms = (*until_ms).max(now_ms + delay_ms);
                self.back(&claimed, now_ms);
            }
            Step::Dead(which) => {
                let Some(claimed) = self.pick(which) else { return };
                assert!(jobs.dead(&claimed.fence, "e").await.unwrap());
                self.model(&claimed).state = JobState::Dead;
            }
            Step::Cancel(which) => {
                let Some(claimed) = self.pick(which) else { return };
                assert!(jobs.cancel(&claimed.fence, "e").await.unwrap());
                self.model(&claimed).state = JobState::Cancelled;
            }
            Step::Requeue => {
                let Some(dead) = jobs.dead_list(1).await.unwrap().pop() else { return };
                assert!(jobs.requeue(dead.id).await.unwrap());
                let model = self.jobs.get_mut(&dead.id.0).unwrap();
                (model.state, model.run_at_ms) = (JobState::Ready, now_ms);
            }
            Step::Advance(ms) => {
                bench.hand.advance_ms(ms);
                // Long histories must not lose leases by accident; Zombie does that on purpose.
                for claimed in &self.running {
                    assert!(jobs.heartbeat(&claimed.fence, LEASE_MS).await.unwrap());
                }
            }
            Step::Zombie(which) => {
                let Some(zombie) = self.pick(which) else { return };
                assert!(jobs.heartbeat(&zombie.fence, -1).await.unwrap());
                let dice = backoff::dice(zombie.fence.job().0, zombie.attempt);
                self.back(&zombie, now_ms - 1 + backoff::after_loss_ms(zombie.attempt, dice));
                // Whoever claims next gives the lease back, gets another job, and the zombie is powerless.
                self.claim(bench).await;
                assert!(!jobs.done(&zombie.fence, None).await.unwrap());
            }
        }
    }

    async fn claim(&mut self, bench: &Bench) {
        self.worker += 1;
        let now_ms = bench.clock.now_ms();
        let takeable: Vec<i64> = self.takeable(now_ms);
        match bench.claim(&format!("w{}", self.worker)).await {
            None => assert!(takeable.is_empty(), "nothing was given although {takeable:?} could be taken"),
            Some(claimed) => {
                let id = claimed.fence.job().0;
                assert!(takeable.contains(&id), "{id} was given, but only {takeable:?} can be taken");
                let priority = self.jobs[&id].priority;
                // The floor: one claim in sixteen gives the least urgent.
                let priorities = takeable.iter().map(|id| self.jobs[id].priority);
                let is_floor = self.given % 16 == 15;
                let best = if is_floor { priorities.max() } else { priorities.min() };
                assert_eq!(best, Some(priority), "at the floor: {is_floor}");
                self.given += 1;
                self.jobs.get_mut(&id).unwrap().state = JobState::Running;
                self.running.push(claimed);
            }
        }
    }

    /// The rule, word for word: ready, due, not parked, lane free, and nothing earlier in the lane that is ready and due.
    fn takeable(&self, now_ms: i64) -> Vec<i64> {
        let due = |model: &Model| model.state == JobState::Ready && model.run_at_ms <= now_ms;
        let parked =
            |model: &Model| self.parked.get(&model.installation).is_some_and(|until_ms| *until_ms > now_ms);
        let blocked = |id: i64, model: &Model| {
            model.lane.is_some()
                && self.jobs.iter().any(|(other, one)| {
                    one.lane == model.lane && (one.state == JobState::Running || (*other < id && due(one)))
                })
        };
        let free =
            self.jobs.iter().filter(|(id, model)| due(model) && !parked(model) && !blocked(**id, model));
        free.map(|(id, _)| *id).collect()
    }

    async fn end(mut self, bench: &Bench) {
        for claimed in std::mem::take(&mut self.running) {
            assert!(bench.store.jobs().done(&claimed.fence, None).await.unwrap());
            self.model(&claimed).state = JobState::Done;
        }
        // The longest wait behind a lost lease is an hour and a half.
        bench.hand.advance_ms(5_400_000);
        while let Some(claimed) = bench.claim("last").await {
            assert!(bench.store.jobs().done(&claimed.fence, None).await.unwrap());
            self.model(&claimed).state = JobState::Done;
        }
        assert_eq!(bench.store.jobs().counts().await.unwrap().outstanding(), 0);
        for (id, model) in &self.jobs {
            let row = bench.store.jobs().get(millwright::store::JobId(*id)).await.unwrap().unwrap();
            assert_eq!(row.state, model.state, "job {id}");
        }
    }

    fn pick(&mut self, which: usize) -> Option<Claimed> {
        (!self.running.is_empty()).then(|| self.running.remove(which % self.running.len()))
    }

    fn model(&mut self, claimed: &Claimed) -> &mut Model {
        self.jobs.get_mut(&claimed.fence.job().0).unwrap()
    }

    fn back(&mut self, claimed: &Claimed, run_at_ms: i64) {
        let model = self.model(claimed);
        (model.state, model.run_at_ms) = (JobState::Ready, run_at_ms);
    }
}

#[tokio::test]
async fn a_job_that_waits_for_the_end_of_the_pause_holds_its_lane_and_loses_no_attempt() {
    on_both(async |bench: &Bench| {
        let (jobs, switches) = (bench.store.jobs(), bench.store.switches());
        for payload in ["1", "2"] {
            jobs.enqueue(&in_lane(payload, "lane")).await.unwrap();
        }
        switches.pause_writes().await.unwrap();
        let first = bench.claim("w").await.unwrap();
        assert!(jobs.wait_for_pause(&first.fence).await.unwrap());
        jobs.enqueue(&in_lane("3", "lane")).await.unwrap();
        jobs.enqueue(&in_lane("other", "elsewhere")).await.unwrap();
        bench.hand.advance_ms(3_600_000);
        assert_eq!(bench.work_off().await, ["other"], "what needs no write goes on");
        let counts = jobs.counts().await.unwrap();
        assert_eq!((counts.paused, counts.behind, counts.outstanding()), (1, 2, 3), "{counts:?}");
        assert_eq!(jobs.repair_lanes().await.unwrap(), 0);
        // One that comes when the pause is over still stands behind it.
        switches.resume_writes().await.unwrap();
        jobs.enqueue(&in_lane("4", "lane")).await.unwrap();
        let again = bench.claim("w").await.unwrap();
        assert_eq!((again.payload.as_str(), again.attempt), ("1", 1));
        assert!(bench.claim("w").await.is_none());
        // The pause that this one has met is over: it goes on at once.
        assert!(jobs.wait_for_pause(&again.fence).await.unwrap());
        assert_eq!(bench.work_off().await, ["1", "2", "3", "4"]);
        assert!(!jobs.wait_for_pause(&again.fence).await.unwrap(), "somebody else has it");
    })
    .await;
}

#[tokio::test]
async fn whoever_ended_the_pause_and_ended_before_it_let_all_go_is_made_up_for() {
    on_both(async |bench: &Bench| {
        let jobs = bench.store.jobs();
        bench.store.switches().pause_writes().await.unwrap();
        jobs.enqueue(&in_lane("1", "lane")).await.unwrap();
        let first = bench.claim("w").await.unwrap();
        jobs.wait_for_pause(&first.fence).await.unwrap();
        bench.raw("UPDATE switches SET value = 'off' WHERE name = 'pause'").await;
        assert!(bench.claim("w").await.is_none());
        jobs.repair_lanes().await.unwrap();
        assert_eq!(bench.work_off().await, ["1"]);
    })
    .await;
}
