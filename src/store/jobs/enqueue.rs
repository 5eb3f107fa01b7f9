//! Writing jobs, alone or together with what they follow from.

use crate::store::connection::Tx;
use crate::store::error::{Refusal, StoreError};
use crate::store::id_column;
use crate::store::jobs::{Enqueued, JobId, Jobs, NewJob};
use crate::store::sql::statements;

statements! {
    // Turns are start-time fair queueing within an installation: a repository's next job stands one round behind its last
    // waiting one, and a newcomer stands in the round that is being served, so a flood of one repository is spread over many
    // rounds. Installations need none: a claim goes from one to the next.
    INSERT = "INSERT INTO jobs (name, payload, lane, installation_id, repo_id, delivery_guid, dedupe_key, state, gate,
            priority, turn, run_at, max_attempts, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, 'ready',
            CASE WHEN CAST($8 AS BIGINT) > CAST($9 AS BIGINT) THEN 2
                 WHEN EXISTS (SELECT 1 FROM jobs other WHERE other.lane = $3 AND other.state IN ('ready', 'running')
                     AND (other.state = 'running' OR other.gate <> 2)) THEN 1
                 ELSE 0 END,
            $10,
            (SELECT COALESCE(MAX(t), 0) FROM (
                SELECT t FROM (SELECT turn + 1 AS t FROM jobs WHERE state = 'ready' AND repo_id = $5 AND priority = $10
                    ORDER BY turn DESC LIMIT 1) AS own
                UNION ALL SELECT t FROM (SELECT turn AS t FROM jobs WHERE state <> 'ready' AND installation_id = $4
                    ORDER BY turn DESC LIMIT 1) AS served) AS turns),
            $8, $11, $9)
        ON CONFLICT (dedupe_key) WHERE dedupe_key IS NOT NULL AND state = 'ready' DO NOTHING
        RETURNING seq";
    // A job in backoff keeps its time: a flood of equal jobs must not turn it into a hot loop.
    FOLD = "UPDATE jobs SET run_at = CASE WHEN attempts = 0 AND CAST($2 AS BIGINT) < run_at THEN $2 ELSE run_at END
        WHERE dedupe_key = $1 AND state = 'ready' RETURNING seq";
}

impl Jobs<'_> {
    /// Writes a job and wakes a worker.
    pub async fn enqueue(self, job: &NewJob) -> Result<Enqueued, StoreError> {
        let mut tx = self.store.begin().await?;
        let enqueued = insert(&mut tx, job).await?;
        tx.commit().await?;
        Ok(enqueued)
    }
}

/// Writes a job in a transaction that does more.
pub(in crate::store) async fn insert(tx: &mut Tx, job: &NewJob) -> Result<Enqueued, Refusal> {
    if let Some(lane) = &job.lane {
        tx.lock_lane(lane).await?;
    }
    loop {
        if let Some(id) = try_insert(tx, job).await? {
            tx.wake_one();
            return Ok(Enqueued::New(id));
        }
        // No row: an equal job is ready. It may be claimed between the two statements; then there is room for this one.
        let Some(key) = &job.dedupe else { return Err(Refusal::Taken) };
        if let Some(row) = tx.query(&FOLD).text(key).int(job.run_at_ms).row().await? {
            tx.wake_one();
            return Ok(Enqueued::Already(JobId(row.int("seq")?)));
        }
    }
}

async fn try_insert(tx: &mut Tx, job: &NewJob) -> Result<Option<JobId>, Refusal> {
    let now_ms = tx.now_ms;
    let row = tx
        .query(&INSERT)
        .text(job.name)
        .text(&job.payload)
        .opt_text(job.lane.as_deref())
        .int(id_column(job.installation.map(|id| id.0)))
        .int(id_column(job.repo.map(|id| id.0)))
        .opt_text(job.delivery.as_deref())
        .opt_text(job.dedupe.as_deref())
        .int(job.run_at_ms)
        .int(now_ms)
        .int(job.priority)
        .int(job.max_attempts)
        .row()
        .await?;
    Ok(row.map(|row| row.int("seq").map(JobId)).transpose()?)
}
