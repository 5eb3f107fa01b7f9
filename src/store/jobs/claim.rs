//! Taking one job: by priority, then by turn, never two of one lane, never one of a parked installation.

use crate::domain::ids::{InstallationId, RepoId};
use crate::store::connection::Tx;
use crate::store::error::{Refusal, StoreError};
use crate::store::jobs::settle;
use crate::store::jobs::{Claimed, Fence, JobId, Jobs};
use crate::store::optional_id;
use crate::store::sql::{Row, statements};

/// Candidates looked at before the transaction is ended, so that other writers get their turn.
const LOOKS: usize = 64;

statements! {
    RIPEN = skip_locked "UPDATE jobs SET gate = 0 WHERE seq IN (
            SELECT seq FROM jobs WHERE state = 'ready' AND gate = 2 AND run_at <= $1 ORDER BY run_at, seq LIMIT 100" ")";
    CANDIDATE = skip_locked "SELECT seq, lane,
            (SELECT i.paused_until FROM installations i WHERE i.installation_id = jobs.installation_id) AS paused_until,
            CASE WHEN EXISTS (SELECT 1 FROM jobs other WHERE other.lane = jobs.lane AND other.state = 'running')
                   OR EXISTS (SELECT 1 FROM jobs other WHERE other.lane = jobs.lane AND other.state IN ('ready', 'running')
                       AND other.seq < jobs.seq AND (other.gate <> 2 OR other.run_at <= $1)) THEN 1
                 ELSE 0 END AS blocked
        FROM jobs WHERE state = 'ready' AND gate = 0 AND $2 LIKE '%,' || name || ',%'
        ORDER BY priority, turn, seq LIMIT 1" "";
    TAKE = "UPDATE jobs SET state = 'running', worker = $2, lease_until = $3, claims = claims + 1, attempts = attempts + 1
        WHERE seq = $1 AND state = 'ready' AND gate = 0
        RETURNING seq, name, payload, lane, installation_id, repo_id, delivery_guid, claims, attempts, max_attempts, created_at";
    HOLD = "UPDATE jobs SET gate = 2, run_at = $2 WHERE seq = $1 AND state = 'ready'";
    SEND_BACK = "UPDATE jobs SET gate = 1 WHERE seq = $1 AND state = 'ready' AND gate = 0
        AND (EXISTS (SELECT 1 FROM jobs other WHERE other.lane = jobs.lane AND other.state = 'running')
          OR EXISTS (SELECT 1 FROM jobs other WHERE other.lane = jobs.lane AND other.state IN ('ready', 'running')
              AND other.seq < jobs.seq AND (other.gate <> 2 OR other.run_at <= $2)))";
    // After sending one back: if nobody runs or stands open before it, the first one behind comes forward.
    CALL_FIRST = "UPDATE jobs SET gate = 0 WHERE seq = (
            SELECT seq FROM jobs one WHERE one.lane = $1 AND one.state IN ('ready', 'running') AND one.state = 'ready'
                AND one.gate = 1 ORDER BY seq LIMIT 1)
        AND NOT EXISTS (SELECT 1 FROM jobs other WHERE other.lane = $1 AND other.state IN ('ready', 'running')
            AND (other.state = 'running' OR (other.seq < jobs.seq AND (other.gate = 0 OR other.run_at <= $2))))";
}

/// Who asks for work.
#[derive(Debug, Clone)]
pub struct Claimant {
    worker: String,
    lease_ms: i64,
    names: String,
}

impl Claimant {
    /// `worker` is unique among all processes; `names` are the jobs it can run, others are left alone.
    pub fn new(worker: impl Into<String>, lease_ms: i64, names: &[&str]) -> Self {
        Self { worker: worker.into(), lease_ms, names: format!(",{},", names.join(",")) }
    }
}

enum Look {
    Taken(Box<Claimed>),
    /// The candidate was put aside; look again.
    PutAside,
    /// The candidate's lane is taken.
    Blocked {
        job: JobId,
        lane: String,
    },
    Nothing,
}

impl Jobs<'_> {
    /// Takes the next job that is due, or nothing. Leases that ran out are given back first.
    pub async fn claim(self, claimant: &Claimant) -> Result<Option<Claimed>, StoreError> {
        settle::give_back_expired(self.store).await?;
        loop {
            match self.look_around(claimant).await {
                Ok(Look::Taken(claimed)) => return Ok(Some(*claimed)),
                Ok(Look::Nothing) => return Ok(None),
                Ok(Look::Blocked { job, lane }) => self.send_back(job, &lane).await?,
                // Somebody else won the lane between our look and our write.
                Ok(Look::PutAside) | Err(Refusal::Taken) => {}
                Err(Refusal::Error(error)) => return Err(error),
            }
        }
    }

    async fn look_around(self, claimant: &Claimant) -> Result<Look, Refusal> {
        let mut tx = self.store.begin().await?;
        let now_ms = tx.now_ms;
        tx.query(&RIPEN).int(now_ms).run().await?;
        let mut look = Look::PutAside;
        for _ in 0..LOOKS {
            look = look_once(&mut tx, claimant).await?;
            if !matches!(look, Look::PutAside) {
                break;
            }
        }
        tx.commit().await?;
        Ok(look)
    }

    /// A transaction of its own: the lane's lock comes before its rows, and the claim held a row.
    async fn send_back(self, job: JobId, lane: &str) -> Result<(), StoreError> {
        let mut tx = self.store.begin().await?;
        let now_ms = tx.now_ms;
        tx.lock_lane(lane).await?;
        tx.query(&SEND_BACK).int(job.0).int(now_ms).run().await?;
        tx.query(&CALL_FIRST).text(lane).int(now_ms).run().await?;
        tx.commit().await
    }
}

async fn look_once(tx: &mut Tx, claimant: &Claimant) -> Result<Look, Refusal> {
    let now_ms = tx.now_ms;
    let Some(row) = tx.query(&CANDIDATE).int(now_ms).text(&claimant.names).row().await? else {
        return Ok(Look::Nothing);
    };
    let seq = row.int("seq")?;
    if let Some(until_ms) = row.opt_int("paused_until")?.filter(|until_ms| *until_ms > now_ms) {
        tx.query(&HOLD).int(seq).int(until_ms).run().await?;
        return Ok(Look::PutAside);
    }
    if let Some(lane) = row.opt_text("lane")?
        && row.int("blocked")? == 1
    {
        return Ok(Look::Blocked { job: JobId(seq), lane });
    }
    let lease_until = now_ms.saturating_add(claimant.lease_ms);
    let taken = tx.query(&TAKE).int(seq).text(&claimant.worker).int(lease_until).row().await?;
    match taken {
        Some(row) => Ok(Look::Taken(Box::new(claimed(&row, &claimant.worker)?))),
        None => Ok(Look::PutAside),
    }
}

fn claimed(row: &Row, worker: &str) -> Result<Claimed, StoreError> {
    let lane = row.opt_text("lane")?;
    Ok(Claimed {
        fence: Fence {
            job: JobId(row.int("seq")?),
            worker: worker.to_owned(),
            claims: row.int("claims")?,
            lane: lane.clone(),
        },
        name: row.text("name")?,
        payload: row.text("payload")?,
        lane,
        installation: optional_id(row.int("installation_id")?, InstallationId),
        repo: optional_id(row.int("repo_id")?, RepoId),
        attempt: row.int("attempts")?,
        max_attempts: row.int("max_attempts")?,
        delivery: row.opt_text("delivery_guid")?,
        created_at_ms: row.int("created_at")?,
    })
}
