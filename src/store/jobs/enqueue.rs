//! Writing jobs, alone or together with what they follow from.

use std::collections::{BTreeMap, BTreeSet};

use crate::store::connection::Tx;
use crate::store::error::{Refusal, StoreError};
use crate::store::id_column;
use crate::store::jobs::{Enqueued, JobId, Jobs, NewJob};
use crate::store::rows::{Rows, size_for};
use crate::store::sql::{Bound, Dialect, Statement, statements};

// The same as INSERT, for jobs without a key to fold by. The rows do not see each other, so each brings along how many of its
// repository and priority stand before it (`place`), and whether one of its lane does (`behind`). Rows without a name fill up.
// Whether others of the lane wait (`#2`) is asked on SQLite alone, where there is one writer. On PostgreSQL the answer would
// need the locks of all the lanes, and a batch of many would wait for every worker that commits in one of them; without the
// answer the first of a lane stands open, which the claim puts right.
const JOBS: Rows = Rows {
    before: "INSERT INTO jobs (name, payload, lane, installation_id, repo_id, delivery_guid, delivery_seq, state, gate, priority, turn, run_at,
            max_attempts, created_at, finished_at)
        WITH new (name, payload, lane, installation_id, repo_id, delivery_guid, priority, run_at, max_attempts, place, behind, is_done)
        AS (VALUES ",
    columns: "tttiitiiiiii",
    after: ") SELECT name, payload, lane, installation_id, repo_id, delivery_guid,
            (SELECT seq FROM deliveries WHERE guid = new.delivery_guid),
            CASE WHEN is_done = 1 THEN 'done' ELSE 'ready' END,
            CASE WHEN is_done = 1 THEN 0
                 WHEN run_at > CAST(#1 AS BIGINT) THEN 2
                 WHEN behind = 1 THEN 1
                 WHEN CAST(#2 AS BIGINT) = 1 AND EXISTS (SELECT 1 FROM jobs other WHERE other.lane = new.lane AND other.state IN ('ready', 'running')
                     AND (other.state = 'running' OR other.gate <> 2)) THEN 1
                 ELSE 0 END,
            priority,
            CASE WHEN is_done = 1 THEN 0 ELSE place + (SELECT COALESCE(MAX(t), 0) FROM (
                SELECT t FROM (SELECT other.turn + 1 AS t FROM jobs other WHERE other.state = 'ready'
                    AND other.repo_id = new.repo_id AND other.priority = new.priority
                    ORDER BY other.turn DESC LIMIT 1) AS own
                UNION ALL SELECT t FROM (SELECT other.turn AS t FROM jobs other WHERE other.state <> 'ready'
                    AND other.installation_id = new.installation_id ORDER BY other.turn DESC LIMIT 1) AS served) AS turns) END,
            run_at, max_attempts, #1, CASE WHEN is_done = 1 THEN CAST(#1 AS BIGINT) END
        FROM new WHERE name <> ''",
};

statements! {
    // Turns are start-time fair queueing within an installation: a repository's next job stands one round behind its last
    // waiting one, and a newcomer stands in the round that is being served, so a flood of one repository is spread over many
    // rounds. Installations need none: a claim goes from one to the next.
    INSERT = "INSERT INTO jobs (name, payload, lane, installation_id, repo_id, delivery_guid, delivery_seq, dedupe_key, state,
            gate, priority, turn, run_at, max_attempts, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, (SELECT seq FROM deliveries WHERE guid = $6), $7, 'ready',
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
    // One that waits for an earlier moment; a job in backoff keeps its time.
    LATER = "UPDATE jobs SET run_at = $2 WHERE dedupe_key = $1 AND state = 'ready' AND gate = 2 AND attempts = 0
        AND run_at < CAST($2 AS BIGINT)";
    INSERT_1 = rows JOBS 1;
    INSERT_4 = rows JOBS 4;
    INSERT_16 = rows JOBS 16;
    INSERT_64 = rows JOBS 64;
    INSERT_256 = rows JOBS 256;
}

impl Jobs<'_> {
    /// Writes a job and wakes a worker.
    pub async fn enqueue(self, job: &NewJob) -> Result<Enqueued, StoreError> {
        let mut tx = self.store.begin().await?;
        let enqueued = insert(&mut tx, job).await?;
        tx.commit().await?;
        Ok(enqueued)
    }

    /// Writes a job; an equal one that waits for an earlier moment waits for this one's instead.
    pub async fn enqueue_no_earlier(self, job: &NewJob) -> Result<Enqueued, StoreError> {
        let mut tx = self.store.begin().await?;
        if let Some(lane) = &job.lane {
            tx.lock_lane(lane).await?;
        }
        if let Some(key) = &job.dedupe {
            tx.query(&LATER).text(key).int(job.run_at_ms).run().await?;
        }
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

/// A job to write, or to write down as done.
#[derive(Clone, Copy)]
pub(in crate::store) struct Row<'a> {
    pub(in crate::store) job: &'a NewJob,
    pub(in crate::store) is_done: bool,
}

/// Writes jobs in their order.
pub(in crate::store) async fn insert_many(tx: &mut Tx, rows: &[Row<'_>]) -> Result<(), Refusal> {
    let folds = |row: &Row<'_>| row.job.dedupe.is_some() && !row.is_done;
    if rows.iter().any(folds) {
        // Two that share lanes must not wait for each other crosswise: everybody locks in one order.
        let mut lanes = rows.iter().filter_map(|row| row.job.lane.as_deref()).collect::<Vec<_>>();
        lanes.sort_unstable();
        lanes.dedup();
        tx.lock_lanes(&lanes).await?;
        for row in rows {
            match row.is_done {
                true => insert_chunk(tx, &[*row], 1).await?,
                false => drop(insert(tx, row.job).await?),
            }
        }
        return Ok(());
    }
    let mut rest = rows;
    while !rest.is_empty() {
        let size = size_for(rest.len());
        let (chunk, others) = rest.split_at(rest.len().min(size));
        insert_chunk(tx, chunk, size).await?;
        rest = others;
    }
    for _ in rows.iter().filter(|row| !row.is_done) {
        tx.wake_one();
    }
    Ok(())
}

async fn insert_chunk(tx: &mut Tx, chunk: &[Row<'_>], size: usize) -> Result<(), Refusal> {
    let now_ms = tx.now_ms;
    let one_writer = i64::from(tx.dialect() == Dialect::Sqlite);
    let mut query = tx.query(&statement(size));
    let mut places = BTreeMap::<_, i64>::new();
    let mut lanes = BTreeSet::new();
    for Row { job, is_done } in chunk {
        query = bind(query, job);
        // It stands in nobody's way.
        if *is_done {
            query = query.int(0).int(0).int(1);
            continue;
        }
        let place = places.entry((job.repo, job.priority)).or_default();
        let is_timed = job.run_at_ms > now_ms;
        let lane = job.lane.as_deref();
        let is_behind = !is_timed && lane.is_some_and(|lane| !lanes.insert(lane));
        query = query.int(*place).int(i64::from(is_behind)).int(0);
        *place += 1;
    }
    for _ in chunk.len()..size {
        query = query.text("").text("").opt_text(None).int(0).int(0).opt_text(None);
        query = query.int(0).int(0).int(0).int(0).int(0).int(0);
    }
    query.int(now_ms).int(one_writer).run().await?;
    Ok(())
}

fn bind<'a>(query: Bound<'a>, job: &NewJob) -> Bound<'a> {
    query
        .text(job.name)
        .text(&job.payload)
        .opt_text(job.lane.as_deref())
        .int(id_column(job.installation.map(|id| id.0)))
        .int(id_column(job.repo.map(|id| id.0)))
        .opt_text(job.delivery.as_deref())
        .int(job.priority)
        .int(job.run_at_ms)
        .int(job.max_attempts)
}

fn statement(size: usize) -> Statement {
    match size {
        256 => INSERT_256,
        64 => INSERT_64,
        16 => INSERT_16,
        4 => INSERT_4,
        _ => INSERT_1,
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
