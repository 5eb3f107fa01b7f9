//! Workers on real stores: how runs end, what a stop does, who holds a job.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::future::{join_all, pending};
use serde::{Deserialize, Serialize};
use serde_json::json;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::domain::failure::{Failure, Outcome};
use crate::domain::ids::{InstallationId, RepoId, RepoName};
use crate::queue::{Job, JobInfo, Options, Place, Registry, Step, Worker, new_job};
use crate::store::testing::{Bench, START_MS, on_both};
use crate::store::{Claimant, Enqueued, JobId, JobRow, JobState, NewJob};
use crate::telemetry::logs::{self, LogFormat, LogOptions};
use crate::telemetry::redact::Redactor;

/// A hang in a test ends here; no test waits for it.
const NEVER: Duration = Duration::from_secs(60);

#[derive(Clone, Default)]
struct World {
    infos: Arc<Mutex<Vec<JobInfo>>>,
    started: Arc<AtomicUsize>,
    dropped: Arc<AtomicUsize>,
    start: Arc<Notify>,
    go_on: Arc<Notify>,
    /// Lets a run go that computes without end.
    enough: Arc<AtomicBool>,
    late: Arc<AtomicUsize>,
}

struct Ctx {
    world: World,
}

#[derive(Serialize, Deserialize, Clone)]
enum Act {
    Succeed,
    User,
    Retry { after_s: Option<u64> },
    Park,
    Defer,
    Gone,
    Internal,
    Panic,
    Hang,
    Compute,
    WaitForWord,
}

impl Job<Ctx> for Act {
    const NAME: &'static str = "act.v1";
    const MAX_ATTEMPTS: i64 = 3;

    async fn run(self, ctx: &Ctx) -> Outcome {
        let _guard = CountDrop(Arc::clone(&ctx.world.dropped));
        ctx.world.started.fetch_add(1, Ordering::SeqCst);
        ctx.world.start.notify_one();
        match self {
            Self::Succeed => Ok(()),
            Self::User => Err(Failure::User("A maintainer has to run this.".to_owned())),
            Self::Retry { after_s } => Err(Failure::Retry {
                after: after_s.map(Duration::from_secs),
                cause: "GitHub answered 502".into(),
            }),
            Self::Park => Err(Failure::Park { until_ms: START_MS + 72_000, cause: "secondary limit".into() }),
            Self::Defer => {
                Err(Failure::Defer { until_ms: START_MS + 10_000, why: "CI still runs".to_owned() })
            }
            Self::Gone => Err(Failure::Gone("the issue was deleted".to_owned())),
            Self::Internal => Err(Failure::internal("422 from GitHub")),
            Self::Panic => panic!("index out of bounds"),
            Self::Hang => pending().await,
            Self::Compute => {
                while !ctx.world.enough.load(Ordering::SeqCst) {
                    std::hint::spin_loop();
                }
                tokio::task::yield_now().await;
                ctx.world.late.fetch_add(1, Ordering::SeqCst);
                Ok(())
            }
            Self::WaitForWord => {
                ctx.world.go_on.notified().await;
                Ok(())
            }
        }
    }
}

struct CountDrop(Arc<AtomicUsize>);

impl Drop for CountDrop {
    fn drop(&mut self) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }
}

fn options(name: &str) -> Options {
    Options { poll: NEVER, ..Options::named(name) }
}

fn worker(bench: &Bench, world: &World, options: Options) -> Worker<Ctx> {
    let world = world.clone();
    let make = move |info: JobInfo| {
        world.infos.lock().unwrap().push(info);
        Ctx { world: world.clone() }
    };
    Worker::new(bench.store.clone(), Arc::new(Registry::new().with::<Act>()), Arc::new(make), options)
}

async fn enqueue(bench: &Bench, act: &Act) -> JobId {
    let new = NewJob {
        installation: Some(InstallationId(7)),
        repo: Some(RepoId(42)),
        lane: Some(format!("lane {}", bench.store.jobs().counts().await.unwrap().outstanding())),
        delivery: Some("guid".to_owned()),
        ..new_job(act, START_MS).unwrap()
    };
    match bench.store.jobs().enqueue(&new).await.unwrap() {
        Enqueued::New(id) | Enqueued::Already(id) => id,
    }
}

/// How many jobs are done or cancelled.
async fn finished(bench: &Bench) -> i64 {
    bench.raw("SELECT COUNT(*) FROM jobs WHERE state IN ('done', 'cancelled')").await
}

async fn row(bench: &Bench, id: JobId) -> JobRow {
    bench.store.jobs().get(id).await.unwrap().unwrap()
}

/// Runs one job once; how it stands then.
async fn after_one_run(bench: &Bench, act: &Act) -> JobRow {
    let id = enqueue(bench, act).await;
    let step = worker(bench, &World::default(), options("w")).step().await.unwrap();
    assert_eq!(step, Step::Worked);
    row(bench, id).await
}

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn a_line_of_a_job_says_once_what_it_is_and_for_which_repository() {
    on_both(async |bench: &Bench| {
        let (lines, format) = (Lines::default(), LogFormat::Json);
        let (options, writer) = (LogOptions { format, ..LogOptions::default() }, lines.clone());
        let redactor = Redactor::new(&[]).unwrap();
        let subscriber = logs::subscriber(&options, redactor, move || writer.clone()).unwrap();
        logs::let_events_be_heard();
        let guard = tracing::subscriber::set_default(subscriber);
        after_one_run(bench, &Act::Gone).await;
        let name = RepoName { owner: "acme".to_owned(), name: "web".to_owned() };
        bench.store.repositories().upsert(RepoId(42), InstallationId(7), &name).await.unwrap();
        after_one_run(bench, &Act::Gone).await;
        drop(guard);
        let text = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
        let ends = text.lines().filter(|line| line.contains("cancelled")).collect::<Vec<_>>();
        let [unheard_of, known] = ends[..] else { panic!("{text}") };
        for line in [unheard_of, known] {
            let span = line.split_once("\"span\":{").unwrap().1.split_once('}').unwrap().0;
            assert_eq!(span.matches("\"name\":").count(), 1, "{line}");
            let line: serde_json::Value = serde_json::from_str(line).unwrap();
            let told = ["name", "kind", "repository_id"].map(|field| line["span"][field].clone());
            assert_eq!(told, [json!("job"), json!("act.v1"), json!(42)]);
        }
        let repository = |line: &str| {
            serde_json::from_str::<serde_json::Value>(line).unwrap()["span"]["repository"].clone()
        };
        assert_eq!((repository(unheard_of), repository(known)), (json!(null), json!("acme/web")));
    })
    .await;
}

#[tokio::test]
async fn every_end_of_a_run_is_written_down() {
    on_both(async |bench: &Bench| {
        let done = after_one_run(bench, &Act::Succeed).await;
        assert_eq!((done.state, done.last_error), (JobState::Done, None));
        let user = after_one_run(bench, &Act::User).await;
        assert_eq!(user.state, JobState::Done);
        assert_eq!(user.last_error.as_deref(), Some("A maintainer has to run this."));
        let gone = after_one_run(bench, &Act::Gone).await;
        assert_eq!(
            (gone.state, gone.last_error.as_deref()),
            (JobState::Cancelled, Some("the issue was deleted"))
        );
        let internal = after_one_run(bench, &Act::Internal).await;
        assert_eq!(
            (internal.state, internal.last_error.as_deref()),
            (JobState::Dead, Some("422 from GitHub"))
        );
        let defer = after_one_run(bench, &Act::Defer).await;
        assert_eq!((defer.state, defer.run_at_ms, defer.attempts), (JobState::Ready, START_MS + 10_000, 0));
        let retry = after_one_run(bench, &Act::Retry { after_s: Some(72) }).await;
        assert_eq!((retry.state, retry.attempts), (JobState::Ready, 1));
        assert!(retry.run_at_ms >= START_MS + 72_000, "no sooner than asked");
        let backoff = after_one_run(bench, &Act::Retry { after_s: None }).await;
        assert!((START_MS + 800..=START_MS + 1_200).contains(&backoff.run_at_ms));
        let park = after_one_run(bench, &Act::Park).await;
        assert_eq!((park.state, park.run_at_ms, park.attempts), (JobState::Ready, START_MS + 72_000, 0));
        let installation = bench.store.installations().get(InstallationId(7)).await.unwrap().unwrap();
        assert_eq!(installation.paused_until_ms, START_MS + 72_000);
    })
    .await;
}

#[tokio::test]
async fn a_context_learns_what_its_job_is() {
    on_both(async |bench: &Bench| {
        let id = enqueue(bench, &Act::Succeed).await;
        let world = World::default();
        worker(bench, &world, options("w")).step().await.unwrap();
        let info = world.infos.lock().unwrap().pop().unwrap();
        assert_eq!(
            (info.fence.job(), info.name.as_str(), info.lane.as_deref()),
            (id, "act.v1", Some("lane 0"))
        );
        assert_eq!((info.installation, info.repo), (Some(InstallationId(7)), Some(RepoId(42))));
        assert_eq!((info.delivery.as_deref(), info.attempt, info.max_attempts), (Some("guid"), 1, 3));
        assert_eq!(info.created_at_ms, START_MS);
    })
    .await;
}

#[tokio::test]
async fn a_job_that_panics_is_tried_again_and_ends_dead_and_the_worker_lives() {
    on_both(async |bench: &Bench| {
        let id = enqueue(bench, &Act::Panic).await;
        let worker = worker(bench, &World::default(), options("w"));
        for attempt in 1..=3 {
            assert_eq!(worker.step().await.unwrap(), Step::Worked);
            assert_eq!(row(bench, id).await.attempts, attempt);
            bench.hand.advance_ms(3_600_000);
        }
        let dead = row(bench, id).await;
        assert_eq!(
            (dead.state, dead.last_error.as_deref()),
            (JobState::Dead, Some("the job panicked: index out of bounds"))
        );
        let next = enqueue(bench, &Act::Succeed).await;
        worker.step().await.unwrap();
        assert_eq!(row(bench, next).await.state, JobState::Done);
    })
    .await;
}

/// F20: a job that panics and one that hangs, each time. Both end dead, and whoever stands in another lane is worked off in
/// between; requeued, they have all their attempts again.
#[tokio::test]
async fn f20_jobs_that_panic_or_hang_end_dead_and_can_be_queued_again() {
    on_both(async |bench: &Bench| {
        for (act, error) in [
            (Act::Panic, "the job panicked: index out of bounds"),
            (Act::Hang, "the job took longer than 0 s"),
        ] {
            let id = enqueue(bench, &act).await;
            let short = Options { time_limit: Duration::from_millis(5), ..options("w") };
            let worker = worker(bench, &World::default(), short);
            for _ in 0..3 {
                assert_eq!(worker.step().await.unwrap(), Step::Worked);
                let other = enqueue(bench, &Act::Succeed).await;
                assert_eq!(worker.step().await.unwrap(), Step::Worked);
                assert_eq!(row(bench, other).await.state, JobState::Done);
                bench.hand.advance_ms(3_600_000);
            }
            let dead = row(bench, id).await;
            assert_eq!((dead.state, dead.last_error.as_deref()), (JobState::Dead, Some(error)));
            assert_eq!(bench.store.jobs().dead_list(1).await.unwrap()[0].id, id);
            assert!(bench.store.jobs().requeue(id).await.unwrap());
            assert_eq!((row(bench, id).await.state, row(bench, id).await.attempts), (JobState::Ready, 0));
            let claimant = Claimant::new("w", 60_000, &[Act::NAME]);
            let again = bench.store.jobs().claim(&claimant).await.unwrap().unwrap();
            assert!(bench.store.jobs().cancel(&again.fence, "enough").await.unwrap());
        }
    })
    .await;
}

/// F20: a job that computes without end. Where runs have threads of their own it keeps its lease until its time is up, is dead
/// at once, and the worker goes on; when it does come to an end, it gets no further than to the next place where it waits.
#[tokio::test]
async fn f20_a_job_that_never_gives_its_thread_back_ends_dead_and_comes_to_nothing() {
    on_both(async |bench: &Bench| {
        let world = World::default();
        // Also when the test fails: a test does not end before its threads do.
        let _enough = Enough(Arc::clone(&world.enough));
        let id = enqueue(bench, &Act::Compute).await;
        let apart = Options { place: Place::Apart, time_limit: Duration::from_millis(100), ..options("w") };
        let worker = worker(bench, &world, Options { lease_ms: 3_000, ..apart });
        assert_eq!(worker.step().await.unwrap(), Step::Worked);
        let dead = row(bench, id).await;
        assert_eq!((dead.state, dead.attempts), (JobState::Dead, 1));
        let error = dead.last_error.unwrap();
        assert!(error.contains("does not give its thread back"), "{error}");
        assert_eq!(world.dropped.load(Ordering::SeqCst), 0, "it still computes");
        let next = enqueue(bench, &Act::Succeed).await;
        assert_eq!(worker.step().await.unwrap(), Step::Worked);
        assert_eq!(row(bench, next).await.state, JobState::Done);
        world.enough.store(true, Ordering::SeqCst);
        while world.dropped.load(Ordering::SeqCst) < 2 {
            tokio::task::yield_now().await;
        }
        assert_eq!(world.late.load(Ordering::SeqCst), 0);
        assert_eq!(row(bench, id).await.state, JobState::Dead);
    })
    .await;
}

struct Enough(Arc<AtomicBool>);

impl Drop for Enough {
    fn drop(&mut self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

/// On threads of their own runs end as they do elsewhere.
#[tokio::test]
async fn runs_apart_end_as_runs_in_the_workers_task() {
    on_both(async |bench: &Bench| {
        for (act, state, error) in [
            (Act::Succeed, JobState::Done, None),
            (Act::Internal, JobState::Dead, Some("422 from GitHub")),
            (Act::Panic, JobState::Ready, Some("the job panicked: index out of bounds")),
            (Act::Hang, JobState::Ready, Some("the job took longer than 0 s")),
        ] {
            let time_limit = if matches!(act, Act::Hang) { Duration::from_millis(5) } else { NEVER };
            let world = World::default();
            let id = enqueue(bench, &act).await;
            let apart = Options { place: Place::Apart, time_limit, ..options("w") };
            assert_eq!(worker(bench, &world, apart).step().await.unwrap(), Step::Worked);
            let ended = row(bench, id).await;
            assert_eq!((ended.state, ended.last_error.as_deref()), (state, error));
            assert_eq!(world.dropped.load(Ordering::SeqCst), world.started.load(Ordering::SeqCst));
        }
    })
    .await;
}

#[tokio::test]
async fn a_payload_that_cannot_be_read_is_dead_at_once_and_says_why() {
    on_both(async |bench: &Bench| {
        let new =
            NewJob { payload: r#"{"Unheard":1}"#.to_owned(), ..new_job(&Act::Succeed, START_MS).unwrap() };
        let Enqueued::New(id) = bench.store.jobs().enqueue(&new).await.unwrap() else { panic!("folded") };
        worker(bench, &World::default(), options("w")).step().await.unwrap();
        let dead = row(bench, id).await;
        assert_eq!(dead.state, JobState::Dead);
        let error = dead.last_error.unwrap();
        assert!(
            error.starts_with("the stored payload of act.v1 cannot be read: unknown variant `Unheard`"),
            "{error}"
        );
    })
    .await;
}

#[tokio::test]
async fn a_newer_job_is_left_for_a_newer_process() {
    on_both(async |bench: &Bench| {
        let new = NewJob { name: "act.v2", ..new_job(&Act::Succeed, START_MS).unwrap() };
        let Enqueued::New(id) = bench.store.jobs().enqueue(&new).await.unwrap() else { panic!("folded") };
        let step = worker(bench, &World::default(), options("w")).step().await.unwrap();
        assert_eq!(step, Step::Idle { next_run_at_ms: None });
        assert_eq!((row(bench, id).await.state, row(bench, id).await.attempts), (JobState::Ready, 0));
    })
    .await;
}

#[tokio::test]
async fn an_idle_worker_says_when_to_look_again() {
    on_both(async |bench: &Bench| {
        let new = new_job(&Act::Succeed, START_MS + 5).unwrap();
        bench.store.jobs().enqueue(&new).await.unwrap();
        let step = worker(bench, &World::default(), options("w")).step().await.unwrap();
        assert_eq!(step, Step::Idle { next_run_at_ms: Some(START_MS + 5) });
    })
    .await;
}

#[tokio::test]
async fn a_job_that_hangs_is_dropped_when_its_time_is_up() {
    on_both(async |bench: &Bench| {
        let id = enqueue(bench, &Act::Hang).await;
        let world = World::default();
        let short = Options { time_limit: Duration::from_millis(5), ..options("w") };
        worker(bench, &world, short).step().await.unwrap();
        let retry = row(bench, id).await;
        assert_eq!((retry.state, retry.attempts), (JobState::Ready, 1));
        assert_eq!(retry.last_error.as_deref(), Some("the job took longer than 0 s"));
        assert_eq!(world.dropped.load(Ordering::SeqCst), 1);
    })
    .await;
}

#[tokio::test]
async fn a_run_is_dropped_when_its_lease_is_lost_and_the_heir_keeps_the_job() {
    on_both(async |bench: &Bench| {
        let id = enqueue(bench, &Act::Hang).await;
        let world = World::default();
        let zombie = worker(bench, &world, Options { lease_ms: 30, ..options("zombie") });
        let steal = async {
            world.start.notified().await;
            let heir = Claimant::new("heir", 60_000, &[Act::NAME]);
            loop {
                // The zombie's heartbeat may come in between; then time has to pass again.
                bench.hand.advance_ms(31);
                if let Some(claimed) = bench.store.jobs().claim(&heir).await.unwrap() {
                    return claimed;
                }
            }
        };
        let (step, heir) = tokio::join!(zombie.step(), steal);
        assert_eq!(step.unwrap(), Step::Worked);
        assert_eq!((heir.fence.job(), heir.attempt), (id, 2));
        assert_eq!(world.dropped.load(Ordering::SeqCst), 1);
        assert_eq!(row(bench, id).await.state, JobState::Running);
        assert!(bench.store.jobs().done(&heir.fence, None).await.unwrap());
    })
    .await;
}

#[tokio::test]
async fn a_long_job_keeps_its_lease() {
    on_both(async |bench: &Bench| {
        let id = enqueue(bench, &Act::WaitForWord).await;
        let world = World::default();
        let worker = worker(bench, &world, Options { lease_ms: 30, ..options("w") });
        let watch = async {
            world.start.notified().await;
            // Time passes only as fast as the heartbeat allows.
            for _ in 0..5 {
                bench.hand.advance_ms(20);
                let fence = world.infos.lock().unwrap()[0].fence.clone();
                let until_ms = bench.clock.now_ms() + 30;
                while !bench.store.jobs().lease_reaches(&fence, until_ms).await.unwrap() {
                    tokio::task::yield_now().await;
                }
            }
            assert!(
                bench.store.jobs().claim(&Claimant::new("heir", 30, &[Act::NAME])).await.unwrap().is_none()
            );
            world.go_on.notify_one();
        };
        let (step, ()) =
            tokio::time::timeout(NEVER, async { tokio::join!(worker.step(), watch) }).await.unwrap();
        step.unwrap();
        assert_eq!(row(bench, id).await.state, JobState::Done);
    })
    .await;
}

#[tokio::test]
async fn a_worker_wakes_up_for_new_work_and_stops_when_told() {
    on_both(async |bench: &Bench| {
        let world = World::default();
        let worker = worker(bench, &world, options("w"));
        let shutdown = CancellationToken::new();
        let drive = async {
            for _ in 0..3 {
                enqueue(bench, &Act::WaitForWord).await;
                world.start.notified().await;
                world.go_on.notify_one();
            }
            shutdown.cancel();
        };
        let both = async { tokio::join!(worker.run(shutdown.clone()), drive) };
        tokio::time::timeout(NEVER, both).await.unwrap();
        let counts = bench.store.jobs().counts().await.unwrap();
        assert_eq!((finished(bench).await, counts.outstanding()), (3, 0));
    })
    .await;
}

/// Fault F22: twenty jobs run when the process is told to stop; half of them finish in time, the others are handed back
/// without having used an attempt, and nothing new is begun.
#[tokio::test]
async fn a_stop_lets_jobs_finish_or_hands_them_back() {
    on_both(async |bench: &Bench| {
        let (quick, stuck) = (World::default(), World::default());
        let shutdown = CancellationToken::new();
        let mut workers = Vec::new();
        for index in 0..20 {
            enqueue(bench, if index < 10 { &Act::WaitForWord } else { &Act::Hang }).await;
            let grace = if index < 10 { NEVER } else { Duration::from_millis(1) };
            let world = if index < 10 { &quick } else { &stuck };
            let worker = worker(bench, world, Options { grace, ..options(&format!("w{index}")) });
            let before = world.started.load(Ordering::SeqCst);
            // One after the other, so that each worker gets the job made for it.
            let mut run = Box::pin({
                let shutdown = shutdown.clone();
                async move { worker.run(shutdown).await }
            });
            while world.started.load(Ordering::SeqCst) == before {
                tokio::select! {
                    () = &mut run => panic!("the worker stopped by itself"),
                    () = tokio::task::yield_now() => {}
                }
            }
            workers.push(run);
        }
        let waiting = enqueue(bench, &Act::Succeed).await;
        shutdown.cancel();
        for _ in 0..10 {
            quick.go_on.notify_one();
            // One permit is kept at a time; each of the waiting runs takes its own.
            quick.go_on.notify_waiters();
        }
        tokio::time::timeout(NEVER, join_all(workers)).await.unwrap();
        let counts = bench.store.jobs().counts().await.unwrap();
        assert_eq!((finished(bench).await, counts.running, counts.open), (10, 0, 11));
        assert_eq!(stuck.dropped.load(Ordering::SeqCst), 10);
        assert_eq!(row(bench, waiting).await.state, JobState::Ready);
        let claimed =
            bench.store.jobs().claim(&Claimant::new("next", 1, &[Act::NAME])).await.unwrap().unwrap();
        assert_eq!(claimed.attempt, 1);
    })
    .await;
}

#[test]
fn a_registry_lists_its_names_once() {
    let registry = Registry::<Ctx>::new().with::<Act>().join(Registry::new().with::<Act>());
    assert_eq!(registry.names(), ["act.v1"]);
}
