//! Ending a run: done, again later, given back, dead, cancelled. Every write is fenced.

use crate::domain::backoff;
use crate::domain::ids::InstallationId;
use crate::store::Store;
use crate::store::connection::Tx;
use crate::store::error::{Refusal, StoreError};
use crate::store::installations;
use crate::store::jobs::{Fence, JobId, JobState, Jobs};
use crate::store::sql::{Bound, statements};
use crate::store::switches::Pause;

/// Tries again when an equal job was written at the same moment (PostgreSQL only).
const TRIES: usize = 5;

/// Jobs let go per statement, so that no transaction is long.
const LET_GO_STEP: i64 = 500;

statements! {
    HEARTBEAT = "UPDATE jobs SET lease_until = $4 WHERE seq = $1 AND worker = $2 AND claims = $3 AND state = 'running'";
    STILL_MINE = "SELECT 1 AS mine FROM jobs WHERE seq = $1 AND worker = $2 AND claims = $3 AND state = 'running'
        AND lease_until > $4";
    FINISH = "UPDATE jobs SET state = $4, last_error = $5, finished_at = $6, worker = NULL, lease_until = NULL
        WHERE seq = $1 AND worker = $2 AND claims = $3 AND state = 'running'";
    // Back to ready, unless an equal job is ready by now. A run that used no attempt keeps its turn; after one that did, the
    // job stands behind the others of its repository, so that failing does not pay.
    BACK = "UPDATE jobs SET state = 'ready', gate = CASE WHEN CAST($4 AS BIGINT) > CAST($5 AS BIGINT) THEN 2 ELSE CAST($8 AS BIGINT) END,
            run_at = $4, attempts = attempts - $6, last_error = COALESCE($7, last_error), worker = NULL, lease_until = NULL,
            turn = CASE WHEN CAST($6 AS BIGINT) = 1 THEN turn ELSE (SELECT COALESCE(MAX(t), 0) FROM (
                SELECT t FROM (SELECT other.turn + 1 AS t FROM jobs other WHERE other.state = 'ready'
                    AND other.repo_id = jobs.repo_id AND other.priority = jobs.priority
                    ORDER BY other.turn DESC LIMIT 1) AS own
                UNION ALL SELECT t FROM (SELECT other.turn AS t FROM jobs other WHERE other.state <> 'ready'
                    AND other.installation_id = jobs.installation_id ORDER BY other.turn DESC LIMIT 1) AS served) AS turns) END
        WHERE seq = $1 AND worker = $2 AND claims = $3 AND state = 'running'
            AND NOT EXISTS (SELECT 1 FROM jobs twin WHERE twin.dedupe_key = jobs.dedupe_key AND twin.state = 'ready')";
    // Whoever ends the pause waits for those who write down that they wait for it, and then lets them go.
    SEE_PAUSE = "UPDATE switches SET value = value WHERE name = 'pause' AND value = 'on'";
    LET_GO = "UPDATE jobs SET gate = 0 WHERE seq IN (SELECT seq FROM jobs WHERE state = 'ready' AND gate = 3
            ORDER BY run_at, seq LIMIT $1) AND state = 'ready' AND gate = 3";
    FOLD = "UPDATE jobs SET state = 'cancelled', last_error = $4, finished_at = $5, worker = NULL, lease_until = NULL
        WHERE seq = $1 AND worker = $2 AND claims = $3 AND state = 'running'
            AND EXISTS (SELECT 1 FROM jobs twin WHERE twin.dedupe_key = jobs.dedupe_key AND twin.state = 'ready')";
    // The first one behind comes forward. Jobs in backoff and timed ones do not hold the lane.
    CALL_NEXT = "UPDATE jobs SET gate = 0 WHERE seq = (
            SELECT seq FROM jobs one WHERE one.lane = $1 AND one.state IN ('ready', 'running') AND one.state = 'ready'
                AND one.gate = 1 ORDER BY seq LIMIT 1)";
    EXPIRED = "SELECT seq, lane, worker, claims, attempts, max_attempts, lease_until FROM jobs WHERE state = 'running' AND lease_until < $1
        ORDER BY lease_until LIMIT 16";
    // Whoever gives a lease back first makes the old fence worthless.
    SEIZE = "UPDATE jobs SET claims = claims + 1 WHERE seq = $1 AND worker = $2 AND claims = $3 AND state = 'running'
        AND lease_until < $4";
    LANE_OF_DEAD = "SELECT lane FROM jobs WHERE seq = $1 AND state = 'dead'";
    REQUEUE = "UPDATE jobs SET state = 'ready', gate = 0, attempts = 0, run_at = $2, finished_at = NULL,
            dedupe_key = CASE WHEN EXISTS (SELECT 1 FROM jobs twin WHERE twin.dedupe_key = jobs.dedupe_key
                AND twin.state = 'ready') THEN NULL ELSE dedupe_key END,
            turn = (SELECT COALESCE(MAX(t), 0) FROM (
                SELECT t FROM (SELECT other.turn + 1 AS t FROM jobs other WHERE other.state = 'ready'
                    AND other.repo_id = jobs.repo_id AND other.priority = jobs.priority
                    ORDER BY other.turn DESC LIMIT 1) AS own
                UNION ALL SELECT t FROM (SELECT other.turn AS t FROM jobs other WHERE other.state <> 'ready'
                    AND other.installation_id = jobs.installation_id ORDER BY other.turn DESC LIMIT 1) AS served) AS turns)
        WHERE seq = $1 AND state = 'dead'";
    CANCEL_LANE = "UPDATE jobs SET state = 'cancelled', last_error = $2, finished_at = $3
        WHERE lane = $1 AND state IN ('ready', 'running') AND state = 'ready'";
    // For what changes many lanes at once without their locks: lets forward whoever stands behind nobody.
    REPAIR = "UPDATE jobs SET gate = 0 WHERE state = 'ready' AND gate = 1
        AND NOT EXISTS (SELECT 1 FROM jobs other WHERE other.lane = jobs.lane AND other.state IN ('ready', 'running')
            AND (other.state = 'running' OR other.seq < jobs.seq))";
}

/// How a job goes back to ready.
struct Back<'a> {
    run_at_ms: i64,
    error: Option<&'a str>,
    attempt: Attempt,
    lane: Lane,
    /// Of one whose time has come.
    gate: i64,
}

/// The gates of a job that need not wait for its time.
const OPEN: i64 = 0;
const PAUSED: i64 = 3;

#[derive(PartialEq)]
enum Attempt {
    Used,
    Refunded,
}

#[derive(PartialEq)]
enum Lane {
    Held,
    Freed,
}

impl Jobs<'_> {
    /// Renews the lease for `lease_ms` from now; `false`: it is somebody else's job by now.
    pub async fn heartbeat(self, fence: &Fence, lease_ms: i64) -> Result<bool, StoreError> {
        let until_ms = self.store.now_ms().saturating_add(lease_ms);
        Ok(fenced(self.store.write(&HEARTBEAT), fence).int(until_ms).run().await? == 1)
    }

    /// Whether the lease still holds: asked before every write to GitHub.
    pub async fn still_mine(self, fence: &Fence) -> Result<bool, StoreError> {
        let now_ms = self.store.now_ms();
        Ok(fenced(self.store.write(&STILL_MINE), fence).int(now_ms).row().await?.is_some())
    }

    /// The job is done; `note` is what a person was told instead of success. `false` here and below: the fence did not hold,
    /// nothing was changed.
    pub async fn done(self, fence: &Fence, note: Option<&str>) -> Result<bool, StoreError> {
        self.finish(fence, JobState::Done, note).await
    }

    /// Runs again at `run_at_ms`; the attempt counts. Does not hold its lane meanwhile.
    pub async fn retry(self, fence: &Fence, run_at_ms: i64, error: &str) -> Result<bool, StoreError> {
        let back =
            Back { run_at_ms, error: Some(error), attempt: Attempt::Used, lane: Lane::Freed, gate: OPEN };
        self.back(fence, &back).await
    }

    /// Runs again when the installation may be used again, like everything else of it; the attempt does not count, and the
    /// lane is held.
    pub async fn park(
        self,
        fence: &Fence,
        installation: InstallationId,
        until_ms: i64,
        error: &str,
    ) -> Result<bool, StoreError> {
        // First, and even when the fence does not hold: the limit is the installation's, not the job's.
        let until_ms = installations::pause(self.store, installation, until_ms).await?;
        let back = Back {
            run_at_ms: until_ms,
            error: Some(error),
            attempt: Attempt::Refunded,
            lane: Lane::Held,
            gate: OPEN,
        };
        self.back(fence, &back).await
    }

    /// Runs again at `until_ms`; nothing is wrong and the attempt does not count. Does not hold its lane meanwhile.
    pub async fn defer(self, fence: &Fence, until_ms: i64) -> Result<bool, StoreError> {
        let back = Back {
            run_at_ms: until_ms,
            error: None,
            attempt: Attempt::Refunded,
            lane: Lane::Freed,
            gate: OPEN,
        };
        self.back(fence, &back).await
    }

    /// Hands the job back as if it had not been claimed; for a shutdown.
    pub async fn release(self, fence: &Fence) -> Result<bool, StoreError> {
        let run_at_ms = self.store.now_ms();
        let back = Back { run_at_ms, error: None, attempt: Attempt::Refunded, lane: Lane::Held, gate: OPEN };
        self.back(fence, &back).await
    }

    /// Waits until the operator ends the pause, and holds its lane meanwhile: what was asked first is done first. The attempt
    /// does not count. Where the pause is over by now, it is handed back at once.
    pub async fn wait_for_pause(self, fence: &Fence) -> Result<bool, StoreError> {
        let run_at_ms = self.store.now_ms();
        let back =
            Back { run_at_ms, error: None, attempt: Attempt::Refunded, lane: Lane::Held, gate: PAUSED };
        self.back(fence, &back).await
    }

    /// Failed for good.
    pub async fn dead(self, fence: &Fence, error: &str) -> Result<bool, StoreError> {
        self.finish(fence, JobState::Dead, Some(error)).await
    }

    /// Its reason is gone.
    pub async fn cancel(self, fence: &Fence, why: &str) -> Result<bool, StoreError> {
        self.finish(fence, JobState::Cancelled, Some(why)).await
    }

    /// Gives a dead job all its attempts again; `false`: there is no such dead job.
    pub async fn requeue(self, job: JobId) -> Result<bool, StoreError> {
        let mut tx = self.store.begin().await?;
        let requeued = requeue_in(&mut tx, job).await?;
        tx.commit().await?;
        Ok(requeued)
    }

    /// Lets forward jobs that stand behind nobody. There are none unless something changed many lanes at once; cheap enough
    /// for an hourly schedule. The number of jobs.
    pub async fn repair_lanes(self) -> Result<u64, StoreError> {
        if self.store.switches().pause().await? == Pause::Off {
            // Whoever ended the pause may have ended before it let them all go.
            let_go(self.store).await?;
        }
        Ok(self.store.write(&REPAIR).run().await?)
    }

    async fn finish(self, fence: &Fence, state: JobState, note: Option<&str>) -> Result<bool, StoreError> {
        let mut tx = self.store.begin().await?;
        lock(&mut tx, fence).await?;
        let held = finish_in(&mut tx, fence, state, note).await?;
        tx.commit().await?;
        Ok(held)
    }

    async fn back(self, fence: &Fence, back: &Back<'_>) -> Result<bool, StoreError> {
        let mut refused = Refusal::Taken;
        for _ in 0..TRIES {
            let mut tx = self.store.begin().await?;
            lock(&mut tx, fence).await?;
            match back_in(&mut tx, fence, back).await {
                Ok(held) => {
                    tx.commit().await?;
                    return Ok(held);
                }
                Err(Refusal::Error(error)) => return Err(error),
                Err(taken) => refused = taken,
            }
        }
        Err(refused.into())
    }
}

/// As [`Jobs::requeue`], in a transaction that does more.
pub(in crate::store) async fn requeue_in(tx: &mut Tx, job: JobId) -> Result<bool, StoreError> {
    let Some(row) = tx.query(&LANE_OF_DEAD).int(job.0).row().await? else { return Ok(false) };
    if let Some(lane) = row.opt_text("lane")? {
        tx.lock_lane(&lane).await?;
    }
    let now_ms = tx.now_ms;
    let changed = tx.query(&REQUEUE).int(job.0).int(now_ms).run().await?;
    tx.wake_one();
    Ok(changed == 1)
}

/// Cancels the ready jobs of a lane whose lock this transaction holds; a running one has to be stopped by its own means. The
/// number of jobs.
pub(in crate::store) async fn cancel_lane_in(tx: &mut Tx, lane: &str, why: &str) -> Result<u64, StoreError> {
    let now_ms = tx.now_ms;
    Ok(tx.query(&CANCEL_LANE).text(lane).text(why).int(now_ms).run().await?)
}

/// Lets go those that wait for the end of a pause which is over, a step after the other.
pub(in crate::store) async fn let_go(store: &Store) -> Result<(), StoreError> {
    loop {
        let let_go = store.write(&LET_GO).int(LET_GO_STEP).run().await?;
        store.wake.announce(usize::try_from(let_go).unwrap_or(usize::MAX));
        if let_go < LET_GO_STEP.unsigned_abs() {
            return Ok(());
        }
    }
}

/// Gives jobs back whose worker has not been heard of, or calls them dead when that was the last attempt: a job that kills its
/// process ends like any other, and those beside it come back at another time than it does.
pub(in crate::store) async fn give_back_expired(store: &Store) -> Result<(), StoreError> {
    let now_ms = store.now_ms();
    for row in store.read(&EXPIRED).int(now_ms).rows().await? {
        let fence = Fence {
            job: JobId(row.int("seq")?),
            worker: row.text("worker")?,
            claims: row.int("claims")?,
            lane: row.opt_text("lane")?,
        };
        let attempts = row.int("attempts")?;
        let then = if attempts >= row.int("max_attempts")? {
            Then::Dead
        } else {
            let wait_ms = backoff::after_loss_ms(attempts, backoff::dice(fence.job.0, attempts));
            // Nobody had it since the lease ran out: that is where the wait begins.
            Then::Again { run_at_ms: row.int("lease_until")?.saturating_add(wait_ms) }
        };
        match give_back(store, fence, then).await {
            // An equal job was written at this very moment; the next claim tries again.
            Ok(()) | Err(Refusal::Taken) => {}
            Err(Refusal::Error(error)) => return Err(error),
        }
    }
    Ok(())
}

enum Then {
    Again { run_at_ms: i64 },
    Dead,
}

async fn give_back(store: &Store, mut fence: Fence, then: Then) -> Result<(), Refusal> {
    let mut tx = store.begin().await?;
    lock(&mut tx, &fence).await?;
    let now_ms = tx.now_ms;
    if fenced(tx.query(&SEIZE), &fence).int(now_ms).run().await? == 0 {
        return Ok(());
    }
    fence.claims += 1;
    let error = format!("the worker {} stopped answering while it ran this job", fence.worker);
    match then {
        Then::Dead => {
            tracing::error!(job = fence.job.0, error, "dead");
            finish_in(&mut tx, &fence, JobState::Dead, Some(&error)).await?;
        }
        Then::Again { run_at_ms } => {
            tracing::warn!(job = fence.job.0, error, "given back");
            let back = Back {
                run_at_ms,
                error: Some(&error),
                attempt: Attempt::Used,
                lane: Lane::Freed,
                gate: OPEN,
            };
            back_in(&mut tx, &fence, &back).await?;
        }
    }
    tx.commit().await?;
    Ok(())
}

async fn lock(tx: &mut Tx, fence: &Fence) -> Result<(), Refusal> {
    match &fence.lane {
        Some(lane) => tx.lock_lane(lane).await,
        None => Ok(()),
    }
}

async fn finish_in(tx: &mut Tx, fence: &Fence, state: JobState, note: Option<&str>) -> Result<bool, Refusal> {
    let now_ms = tx.now_ms;
    let query = fenced(tx.query(&FINISH), fence).text(state.as_str()).opt_text(note).int(now_ms);
    if query.run().await? == 0 {
        return Ok(false);
    }
    call_next(tx, fence).await?;
    Ok(true)
}

async fn back_in(tx: &mut Tx, fence: &Fence, back: &Back<'_>) -> Result<bool, Refusal> {
    let now_ms = tx.now_ms;
    let refund = i64::from(back.attempt == Attempt::Refunded);
    let gate = match back.gate {
        PAUSED if tx.query(&SEE_PAUSE).run().await? == 0 => OPEN,
        gate => gate,
    };
    let query = fenced(tx.query(&BACK), fence).int(back.run_at_ms).int(now_ms).int(refund);
    let query = query.opt_text(back.error).int(gate);
    if query.run().await? == 1 {
        if back.lane == Lane::Freed && back.run_at_ms > now_ms {
            call_next(tx, fence).await?;
        }
        tx.wake_one();
        return Ok(true);
    }
    let why = format!("folded into an equal job that waits; {}", back.error.unwrap_or("nothing was wrong"));
    if fenced(tx.query(&FOLD), fence).text(&why).int(now_ms).run().await? == 0 {
        return Ok(false);
    }
    call_next(tx, fence).await?;
    Ok(true)
}

async fn call_next(tx: &mut Tx, fence: &Fence) -> Result<(), Refusal> {
    if let Some(lane) = &fence.lane
        && tx.query(&CALL_NEXT).text(lane).run().await? == 1
    {
        tx.wake_one();
    }
    Ok(())
}

fn fenced<'a>(query: Bound<'a>, fence: &Fence) -> Bound<'a> {
    query.int(fence.job.0).text(&fence.worker).int(fence.claims)
}
