//! A worker: claims one job at a time, keeps its lease, runs it, settles it.

use std::any::Any;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt as _;
use tokio::time::{MissedTickBehavior, interval, timeout};
use tokio_util::sync::CancellationToken;
use tracing::Instrument as _;

use crate::clock;
use crate::domain::backoff;
use crate::domain::ids::InstallationId;
use crate::queue::job::{JobInfo, Registry};
use crate::queue::outcome::{self, Attempt, Ended, Settle};
use crate::queue::place::{Place, Thread};
use crate::store::{Claimant, Claimed, Store, StoreError};

/// Waits between tries to write down how a job ended, while the database is away.
const SETTLE_WAITS_MS: [u64; 6] = [50, 200, 500, 1_000, 2_000, 4_000];

/// A look for work that has begun may end within this time after the process was asked to stop: a database that somebody else
/// holds locked lets it wait for much longer, and what it would find is not worked on any more.
const LAST_LOOK: Duration = Duration::from_secs(1);

/// How long a run that was told to end is waited for, so that the next one of its lane does not overlap with it; a third of its
/// lease at most, so that nobody else takes it meanwhile.
const LETTING_GO: Duration = Duration::from_secs(2);

/// How long a run whose lease is lost may go on: GitHub takes nothing more of it, and what is on its way there already is written
/// down when it has arrived, so that it is known should it be one too many. No longer than a lease.
const LAST_CALL: Duration = Duration::from_secs(30);

/// How a worker behaves.
#[derive(Debug, Clone)]
pub struct Options {
    /// Unique among all workers of all processes, so that a fence cannot be mistaken for another's.
    pub name: String,
    /// How long a job stays with a worker that is not heard of; renewed three times as often.
    pub lease_ms: i64,
    /// How long one run may take.
    pub time_limit: Duration,
    /// How long an idle worker waits before it looks for other processes' jobs.
    pub poll: Duration,
    /// How long a running job may go on after the process was asked to stop.
    pub grace: Duration,
    /// Where runs take place.
    pub place: Place,
    /// How many jobs of one installation all workers of this process may have at work at once.
    pub per_installation: usize,
}

impl Options {
    /// Lease 60 s, 15 minutes per run, look every second, 20 s to finish; runs in the worker's task.
    pub fn named(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            lease_ms: 60_000,
            time_limit: Duration::from_secs(15 * 60),
            poll: Duration::from_secs(1),
            grace: Duration::from_secs(20),
            place: Place::Here,
            per_installation: usize::MAX,
        }
    }
}

/// What one step did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Ran a job.
    Worked,
    /// Found nothing to run.
    Idle {
        /// When the next job that waits for its time will be due; unix ms.
        next_run_at_ms: Option<i64>,
    },
}

/// Makes the context of one run.
pub type MakeContext<C> = Arc<dyn Fn(JobInfo) -> C + Send + Sync>;

/// Runs jobs, one at a time. For more at once, run more workers, each with a name of its own.
pub struct Worker<C> {
    store: Store,
    registry: Arc<Registry<C>>,
    make: MakeContext<C>,
    claimant: Claimant,
    options: Options,
}

impl<C: Send + Sync + 'static> Worker<C> {
    /// A worker that runs the jobs of `registry` in contexts from `make`.
    pub fn new(store: Store, registry: Arc<Registry<C>>, make: MakeContext<C>, options: Options) -> Self {
        let claimant = Claimant::new(options.name.clone(), options.lease_ms, &registry.names());
        let claimant = registry.leases().fold(claimant, |claimant, (name, ms)| claimant.leasing(name, ms));
        let claimant = claimant.per_installation(options.per_installation);
        Self { store, registry, make, claimant, options }
    }

    /// Claims and runs exactly one job, or none when there is none to run.
    pub async fn step(&self) -> Result<Step, StoreError> {
        self.step_until(&CancellationToken::new()).await
    }

    /// Works until `shutdown`; then a running job has the grace time, and is handed back after that.
    pub async fn run(&self, shutdown: CancellationToken) {
        while !shutdown.is_cancelled() {
            let wait = match self.step_until(&shutdown).await {
                Ok(Step::Worked) => continue,
                Ok(Step::Idle { next_run_at_ms }) => self.idle_for(next_run_at_ms),
                Err(error) => {
                    tracing::warn!(worker = %self.options.name, %error, "could not look for work");
                    self.options.poll
                }
            };
            tokio::select! {
                () = shutdown.cancelled() => {}
                _ = timeout(wait, self.store.woken()) => {}
            }
        }
    }

    async fn step_until(&self, shutdown: &CancellationToken) -> Result<Step, StoreError> {
        let claimed = tokio::select! {
            biased;
            claimed = self.store.jobs().claim(&self.claimant) => claimed?,
            () = stopped_for(shutdown, LAST_LOOK) => return Ok(Step::Idle { next_run_at_ms: None }),
        };
        match claimed {
            Some(claimed) => {
                let span = span(&claimed);
                span.in_scope(|| tracing::debug!(lane = claimed.lane.as_deref(), "claimed"));
                self.work(claimed, shutdown).instrument(span).await?;
                Ok(Step::Worked)
            }
            None => Ok(Step::Idle { next_run_at_ms: self.store.jobs().next_run_at().await? }),
        }
    }

    async fn work(&self, claimed: Claimed, shutdown: &CancellationToken) -> Result<(), StoreError> {
        let ended = self.run_job(&claimed, shutdown).await;
        let attempt = Attempt {
            number: claimed.attempt,
            max: claimed.max_attempts,
            now_ms: self.store.clock().now_ms(),
            dice: backoff::dice(claimed.fence.job().0, claimed.attempt),
        };
        let settle = outcome::settle(ended, attempt);
        log(&settle, claimed.installation);
        for wait_ms in SETTLE_WAITS_MS {
            match self.settle(&claimed, &settle).await {
                Err(StoreError::Unavailable(_)) => pause(wait_ms).await,
                other => return other,
            }
        }
        self.settle(&claimed, &settle).await
    }

    /// The race between the job and everything that may end it.
    async fn run_job(&self, claimed: &Claimed, shutdown: &CancellationToken) -> Ended {
        // Asked to stop while it claimed.
        if shutdown.is_cancelled() {
            return Ended::Interrupted;
        }
        // The claim asked for the registry's names, so this is always found.
        let Some(run) = self.registry.get(&claimed.name) else { return Ended::Interrupted };
        // The factory stands inside, so that its panic counts as the job's.
        let (make, info, payload) = (Arc::clone(&self.make), JobInfo::from(claimed), claimed.payload.clone());
        let job = async move {
            let ctx = make(info);
            run(&payload, &ctx).await
        };
        let job = AssertUnwindSafe(job).catch_unwind().map(|ended| match ended {
            Ok(outcome) => Ended::Came(outcome),
            Err(panic) => Ended::Panicked(panic_text(&*panic)),
        });
        let mut job = self.options.place.begin(job);
        let ended = tokio::select! {
            biased;
            ended = job.ended() => return ended,
            () = self.keep_lease(claimed) => Ended::LeaseLost,
            () = pause(millis(self.options.time_limit)) => Ended::TookTooLong(self.options.time_limit),
            () = stopped_for(shutdown, self.options.grace) => Ended::Interrupted,
        };
        if matches!(ended, Ended::LeaseLost) {
            tracing::warn!("the lease is lost; what is under way comes to its end");
            tokio::select! {
                _ = job.ended() => return ended,
                () = pause(millis(LAST_CALL).min(millis_of(claimed.lease_ms))) => {}
                () = stopped_for(shutdown, LETTING_GO) => {}
            }
        }
        let patience = LETTING_GO.min(Duration::from_millis(millis_of(claimed.lease_ms / 3)));
        match (job.let_go(patience).await, ended) {
            (Thread::Free, ended) => ended,
            (Thread::Held, Ended::TookTooLong(limit)) => Ended::KeptItsThread(limit),
            (Thread::Held, ended) => {
                tracing::error!(
                    "the run does not give its thread back; only a restart of the program ends it"
                );
                ended
            }
        }
    }

    /// Renews the lease as long as it is ours; returns when it is not. A run that takes longer than jobs should is told of,
    /// again whenever it has taken twice as long.
    async fn keep_lease(&self, claimed: &Claimed) {
        let third = Duration::from_millis(millis_of(claimed.lease_ms / 3));
        let mut ticks = interval(third);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let (began, mut long) = (ticks.tick().await, Duration::from_millis(millis_of(self.options.lease_ms)));
        loop {
            let taken = ticks.tick().await - began;
            if taken >= long {
                long = taken * 2;
                tracing::warn!(seconds = taken.as_secs(), "still at work");
            }
            match self.store.jobs().heartbeat(&claimed.fence, claimed.lease_ms).await {
                Ok(true) => {}
                Ok(false) => return,
                // The lease may still hold; every write asks again.
                Err(error) => tracing::warn!(%error, "could not renew the lease"),
            }
        }
    }

    async fn settle(&self, claimed: &Claimed, settle: &Settle) -> Result<(), StoreError> {
        let (jobs, fence) = (self.store.jobs(), &claimed.fence);
        let held = match settle {
            Settle::Done { note } => jobs.done(fence, note.as_deref()).await?,
            Settle::Retry { run_at_ms, error } => jobs.retry(fence, *run_at_ms, error).await?,
            Settle::Park { until_ms, error } => match claimed.installation {
                Some(installation) => jobs.park(fence, installation, *until_ms, error).await?,
                None => jobs.defer(fence, *until_ms).await?,
            },
            Settle::Defer { until_ms } => jobs.defer(fence, *until_ms).await?,
            Settle::Pause => jobs.wait_for_pause(fence).await?,
            Settle::Dead { error } => jobs.dead(fence, error).await?,
            Settle::Cancel { why } => jobs.cancel(fence, why).await?,
            Settle::Release => jobs.release(fence).await?,
            Settle::Nothing => false,
        };
        if !held {
            tracing::warn!("the job belongs to somebody else by now; nothing was written");
        }
        Ok(())
    }

    fn idle_for(&self, next_run_at_ms: Option<i64>) -> Duration {
        let Some(next_run_at_ms) = next_run_at_ms else { return self.options.poll };
        let wait_ms = next_run_at_ms.saturating_sub(self.store.clock().now_ms()).max(1);
        Duration::from_millis(wait_ms.unsigned_abs()).min(self.options.poll)
    }
}

/// Returns when the process was asked to stop so long ago.
async fn stopped_for(shutdown: &CancellationToken, time: Duration) {
    shutdown.cancelled().await;
    pause(millis(time)).await;
}

fn span(claimed: &Claimed) -> tracing::Span {
    tracing::info_span!(
        "job",
        // Not `name`: in JSON the span's own name stands there.
        kind = %claimed.name,
        job = claimed.fence.job().0,
        attempt = claimed.attempt,
        delivery = claimed.delivery.as_deref(),
        repository = claimed.repository.as_deref(),
        repository_id = claimed.repo.map(|repo| repo.0),
        installation = claimed.installation.map(|installation| installation.0),
    )
}

fn log(settle: &Settle, installation: Option<InstallationId>) {
    match settle {
        Settle::Done { note: None } => tracing::debug!("done"),
        Settle::Done { note: Some(note) } => tracing::info!(note, "done, with a word to the person"),
        Settle::Retry { run_at_ms, error } => {
            tracing::warn!(next_try = clock::rfc3339(*run_at_ms), error, "failed, will be tried again");
        }
        Settle::Park { until_ms, error } => {
            let next_try = clock::rfc3339(*until_ms);
            match installation {
                Some(_) => tracing::warn!(next_try, error, "the installation is parked"),
                None => tracing::warn!(next_try, error, "GitHub cannot be reached for now"),
            }
        }
        Settle::Defer { until_ms } => tracing::debug!(until_ms, "deferred"),
        Settle::Pause => tracing::debug!("waits for the end of the pause"),
        Settle::Dead { error } => tracing::error!(error, "dead"),
        Settle::Cancel { why } => tracing::info!(why, "cancelled"),
        Settle::Release => tracing::info!("handed back"),
        Settle::Nothing => tracing::warn!("the lease was lost, the run was dropped"),
    }
}

fn panic_text(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "no message".to_owned())
}

/// At least one.
fn millis_of(ms: i64) -> u64 {
    u64::try_from(ms).unwrap_or(0).max(1)
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

async fn pause(ms: u64) {
    #[expect(
        clippy::disallowed_methods,
        reason = "the queue waits for databases that are away and for what a job may take"
    )]
    tokio::time::sleep(Duration::from_millis(ms)).await;
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::sync::Mutex;

    use super::*;

    /// What is logged, as text.
    #[derive(Clone, Default)]
    struct Told(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Told {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_wait_for_github_is_told_with_its_end_and_an_installation_only_where_there_is_one() {
        let told = Told::default();
        let writer = told.clone();
        let subscriber =
            tracing_subscriber::fmt().with_ansi(false).with_writer(move || writer.clone()).finish();
        let park = Settle::Park { until_ms: 1_772_442_000_000, error: "refused".to_owned() };
        tracing::subscriber::with_default(subscriber, || {
            log(&park, None);
            log(&park, Some(InstallationId(7)));
        });
        let told = String::from_utf8(told.0.lock().unwrap().clone()).unwrap();
        let lines: Vec<&str> = told.lines().collect();
        assert!(
            lines[0].contains("GitHub cannot be reached for now next_try=\"2026-03-02T09:00:00Z\""),
            "{told}"
        );
        assert!(lines[1].contains("the installation is parked next_try="), "{told}");
    }
}
