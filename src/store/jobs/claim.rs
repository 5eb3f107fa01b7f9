//! Taking one job: by priority, then installation by installation, then by turn; never two of one lane, never one of a parked
//! installation.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::domain::ids::{InstallationId, RepoId};
use crate::store::connection::Tx;
use crate::store::error::{Refusal, StoreError};
use crate::store::jobs::round::Seat;
use crate::store::jobs::settle;
use crate::store::jobs::{Claimed, Fence, JobId, Jobs};
use crate::store::optional_id;
use crate::store::sql::{Row, statements};

/// Candidates looked at before the transaction is ended, so that other writers get their turn.
const LOOKS: usize = 64;
/// Jobs of a paused installation that are held at once. More than one, so that a long queue of one installation keeps nobody
/// waiting; not all, so that no transaction is long.
const HOLD_STEP: i64 = 1_000;
/// Jobs opened per claim because their time has come. More than one, so that opening keeps up with coming due.
const RIPE_STEP: i64 = 32;

statements! {
    RIPE = skip_locked "SELECT seq FROM jobs WHERE state = 'ready' AND gate = 2 AND run_at <= $1
        ORDER BY run_at, seq LIMIT $2" "";
    OPEN = "UPDATE jobs SET gate = 0 WHERE seq = $1 AND state = 'ready'";
    // The next installation in the round that has a job of the most urgent priority, and that job.
    NEXT_AROUND = skip_locked "SELECT seq, name, lane, installation_id, priority,
            (SELECT i.paused_until FROM installations i WHERE i.installation_id = jobs.installation_id) AS paused_until
        FROM jobs WHERE state = 'ready' AND gate = 0 AND priority = (SELECT urgent.priority FROM jobs urgent
                WHERE urgent.state = 'ready' AND urgent.gate = 0 AND $1 LIKE '%,' || urgent.name || ',%'
                ORDER BY urgent.priority LIMIT 1)
            AND installation_id > $2 AND $1 LIKE '%,' || name || ',%'
        ORDER BY installation_id, turn, seq LIMIT 1" "";
    // The round begins anew.
    CANDIDATE = skip_locked "SELECT seq, name, lane, installation_id, priority,
            (SELECT i.paused_until FROM installations i WHERE i.installation_id = jobs.installation_id) AS paused_until
        FROM jobs WHERE state = 'ready' AND gate = 0 AND $1 LIKE '%,' || name || ',%'
        ORDER BY priority, installation_id, turn, seq LIMIT 1" "";
    // The same within one priority, and which priorities there are.
    NEXT_WITHIN = skip_locked "SELECT seq, name, lane, installation_id, priority,
            (SELECT i.paused_until FROM installations i WHERE i.installation_id = jobs.installation_id) AS paused_until
        FROM jobs WHERE state = 'ready' AND gate = 0 AND priority = $2 AND installation_id > $3
            AND $1 LIKE '%,' || name || ',%'
        ORDER BY installation_id, turn, seq LIMIT 1" "";
    LESS_URGENT = "SELECT priority FROM jobs WHERE state = 'ready' AND gate = 0 AND priority > $2
            AND $1 LIKE '%,' || name || ',%' ORDER BY priority LIMIT 1";
    LEAST_URGENT = "SELECT priority FROM jobs WHERE state = 'ready' AND gate = 0 AND $1 LIKE '%,' || name || ',%'
        ORDER BY priority DESC LIMIT 1";
    // Somebody of the lane runs, or somebody before this one is due.
    BLOCKED = "SELECT CASE WHEN EXISTS (SELECT 1 FROM jobs WHERE lane = $1 AND state = 'running')
            OR EXISTS (SELECT 1 FROM jobs WHERE lane = $1 AND state IN ('ready', 'running') AND seq < $2
                AND (gate <> 2 OR run_at <= $3)) THEN 1 ELSE 0 END AS blocked";
    TAKE = "UPDATE jobs SET state = 'running', worker = $2, lease_until = $3, claims = claims + 1, attempts = attempts + 1
        WHERE seq = $1 AND state = 'ready' AND gate = 0
        RETURNING seq, name, payload, lane, installation_id, repo_id, delivery_guid, priority, claims, attempts, max_attempts,
            created_at, (SELECT r.owner || '/' || r.name FROM repositories r WHERE r.repo_id = jobs.repo_id) AS repository";
    // One priority of one installation, so that it is one piece of the index.
    HOLD = skip_locked "UPDATE jobs SET gate = 2, run_at = $3 WHERE seq IN
        (SELECT seq FROM jobs WHERE state = 'ready' AND gate = 0 AND priority = $2 AND installation_id = $1
            ORDER BY turn, seq LIMIT $4" ")";
    SEND_BACK = "UPDATE jobs SET gate = 1 WHERE seq = $1 AND state = 'ready' AND gate = 0";
    FIRST_BEHIND = "SELECT seq FROM jobs WHERE lane = $1 AND state IN ('ready', 'running') AND state = 'ready' AND gate = 1
        ORDER BY seq LIMIT 1";
}

/// Who asks for work.
#[derive(Debug, Clone)]
pub struct Claimant {
    worker: String,
    lease_ms: i64,
    names: String,
    shorter: BTreeMap<&'static str, i64>,
    per_installation: usize,
}

impl Claimant {
    /// `worker` is unique among all processes; `names` are the jobs it can run, others are left alone.
    pub fn new(worker: impl Into<String>, lease_ms: i64, names: &[&str]) -> Self {
        let names = format!(",{},", names.join(","));
        Self {
            worker: worker.into(),
            lease_ms,
            names,
            shorter: BTreeMap::new(),
            per_installation: usize::MAX,
        }
    }

    /// Jobs with this name are leased for so long at most.
    #[must_use]
    pub fn leasing(mut self, name: &'static str, lease_ms: i64) -> Self {
        self.shorter.insert(name, lease_ms);
        self
    }

    /// Takes no job of an installation of which this process has so many at work.
    #[must_use]
    pub fn per_installation(mut self, most: usize) -> Self {
        self.per_installation = most;
        self
    }

    fn lease_ms(&self, name: &str) -> i64 {
        self.shorter.get(name).copied().unwrap_or(i64::MAX).min(self.lease_ms)
    }
}

/// Before the first installation, and before the most urgent priority.
const BEGINNING: i64 = i64::MIN;

enum Look {
    Taken(Box<Claimed>),
    /// The candidate was put aside; look again.
    PutAside,
    /// So were others of its installation: many writes, which are to be committed before the next look.
    Held,
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
                Ok(Look::PutAside | Look::Held) | Err(Refusal::Taken) => {}
                Err(Refusal::Error(error)) => return Err(error),
            }
        }
    }

    async fn look_around(self, claimant: &Claimant) -> Result<Look, Refusal> {
        let mut tx = self.store.begin().await?;
        open_ripe(&mut tx).await?;
        let mut look = Look::PutAside;
        for _ in 0..LOOKS {
            look = self.look_once(&mut tx, claimant).await?;
            if !matches!(look, Look::PutAside) {
                break;
            }
        }
        tx.commit().await?;
        Ok(look)
    }

    async fn look_once(self, tx: &mut Tx, claimant: &Claimant) -> Result<Look, Refusal> {
        let (now_ms, round) = (tx.now_ms, &self.store.round);
        let Some((row, seat)) = self.next(tx, claimant).await? else { return Ok(Look::Nothing) };
        let seq = row.int("seq")?;
        if let Some(until_ms) = row.opt_int("paused_until")?.filter(|until_ms| *until_ms > now_ms) {
            let installation = row.int("installation_id")?;
            let hold = tx.query(&HOLD).int(installation).int(row.int("priority")?);
            hold.int(until_ms).int(HOLD_STEP).run().await?;
            // What it has beyond that is held when the round comes back to it.
            round.serve(installation);
            return Ok(Look::Held);
        }
        if let Some(lane) = row.opt_text("lane")?
            && blocked(tx, &lane, seq).await?
        {
            return Ok(Look::Blocked { job: JobId(seq), lane });
        }
        let lease_ms = claimant.lease_ms(&row.text("name")?);
        let lease_until = now_ms.saturating_add(lease_ms);
        let taken = tx.query(&TAKE).int(seq).text(&claimant.worker).int(lease_until).row().await?;
        let Some(taken) = taken else { return Ok(Look::PutAside) };
        round.serve(row.int("installation_id")?);
        round.gave();
        Ok(Look::Taken(Box::new(claimed(&taken, claimant, seat)?)))
    }

    /// The next job in the round, and a seat for it.
    async fn next(self, tx: &mut Tx, claimant: &Claimant) -> Result<Option<(Row, Seat)>, Refusal> {
        let round = &self.store.round;
        if round.is_at_the_floor()
            && let Some(row) = tx.query(&LEAST_URGENT).text(&claimant.names).row().await?
            && let Some(found) = self.next_within(tx, claimant, row.int("priority")?).await?
        {
            return Ok(Some(found));
        }
        let served = round.served();
        let next = match tx.query(&NEXT_AROUND).text(&claimant.names).int(served).row().await? {
            Some(row) => Some(row),
            None => tx.query(&CANDIDATE).text(&claimant.names).row().await?,
        };
        let Some(row) = next else { return Ok(None) };
        if let Some(seat) = round.seat(row.int("installation_id")?, claimant.per_installation) {
            return Ok(Some((row, seat)));
        }
        // That one has as many as it may: whoever else has something, be it less urgent.
        let mut before = BEGINNING;
        while let Some(row) = tx.query(&LESS_URGENT).text(&claimant.names).int(before).row().await? {
            before = row.int("priority")?;
            if let Some(found) = self.next_within(tx, claimant, before).await? {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }

    /// Once around the installations with a job of this priority, past those that have as many as they may.
    async fn next_within(
        self,
        tx: &mut Tx,
        claimant: &Claimant,
        priority: i64,
    ) -> Result<Option<(Row, Seat)>, Refusal> {
        let round = &self.store.round;
        for mut before in [round.served(), BEGINNING] {
            loop {
                let query = tx.query(&NEXT_WITHIN).text(&claimant.names).int(priority).int(before);
                let Some(row) = query.row().await? else { break };
                before = row.int("installation_id")?;
                if let Some(seat) = round.seat(before, claimant.per_installation) {
                    return Ok(Some((row, seat)));
                }
            }
        }
        Ok(None)
    }

    /// A transaction of its own: the lane's lock comes before its rows, and the claim held a row.
    async fn send_back(self, job: JobId, lane: &str) -> Result<(), StoreError> {
        let mut tx = self.store.begin().await?;
        tx.lock_lane(lane).await?;
        if blocked(&mut tx, lane, job.0).await? {
            tx.query(&SEND_BACK).int(job.0).run().await?;
        }
        // If nobody runs or stands open before the first one behind, it comes forward.
        if let Some(row) = tx.query(&FIRST_BEHIND).text(lane).row().await? {
            let first = row.int("seq")?;
            if !blocked(&mut tx, lane, first).await? {
                tx.query(&OPEN).int(first).run().await?;
            }
        }
        tx.commit().await
    }
}

async fn open_ripe(tx: &mut Tx) -> Result<(), Refusal> {
    let now_ms = tx.now_ms;
    for row in tx.query(&RIPE).int(now_ms).int(RIPE_STEP).rows().await? {
        tx.query(&OPEN).int(row.int("seq")?).run().await?;
    }
    Ok(())
}

async fn blocked(tx: &mut Tx, lane: &str, seq: i64) -> Result<bool, Refusal> {
    let now_ms = tx.now_ms;
    let row = tx.query(&BLOCKED).text(lane).int(seq).int(now_ms).row().await?;
    Ok(row.map_or(Ok(false), |row| row.int("blocked").map(|blocked| blocked == 1))?)
}

fn claimed(row: &Row, claimant: &Claimant, seat: Seat) -> Result<Claimed, StoreError> {
    let (name, lane) = (row.text("name")?, row.opt_text("lane")?);
    Ok(Claimed {
        fence: Fence {
            job: JobId(row.int("seq")?),
            worker: claimant.worker.clone(),
            claims: row.int("claims")?,
            lane: lane.clone(),
        },
        lease_ms: claimant.lease_ms(&name),
        name,
        payload: row.text("payload")?,
        lane,
        installation: optional_id(row.int("installation_id")?, InstallationId),
        repo: optional_id(row.int("repo_id")?, RepoId),
        repository: row.opt_text("repository")?,
        attempt: row.int("attempts")?,
        max_attempts: row.int("max_attempts")?,
        priority: row.int("priority")?,
        delivery: row.opt_text("delivery_guid")?,
        created_at_ms: row.int("created_at")?,
        _seat: Arc::new(seat),
    })
}
