//! What was written by a clock that has been set back since: leases, waits, turns and intents would hold until real time has
//! come to where that clock was. The latest time is written down again and again, so that it is seen after a restart, too.

use crate::domain::set_back::{SetBack, TOLERATED_MS};
use crate::store::connection::Tx;
use crate::store::error::{Refusal, StoreError};
use crate::store::sql::statements;
use crate::store::{Store, paces};

const NAME: &str = "clock";
/// Nobody knows when an intent was really written; its effect is looked for from so long ago on.
const LONG_AGO_MS: i64 = 86_400_000;
/// Millwright is younger: whoever reads an earlier time than the first day of 2026 has a clock that nobody has set yet.
const FIRST_MS: i64 = 1_767_225_600_000;

statements! {
    SEEN = "SELECT set_at FROM switches WHERE name = $1";
    GOES_ON = "INSERT INTO switches (name, value, set_at) VALUES ($1, '', $2)
        ON CONFLICT (name) DO UPDATE SET set_at = excluded.set_at WHERE switches.set_at < excluded.set_at";
    // Of several instances that see it, one sets back.
    TAKE = "UPDATE switches SET set_at = $2 WHERE name = $1 AND set_at = $3";
    WAITS = "UPDATE jobs SET run_at = CASE WHEN run_at > CAST($2 AS BIGINT) THEN run_at - CAST($3 AS BIGINT)
            ELSE CAST($1 AS BIGINT) END
        WHERE state = 'ready' AND gate = 2 AND run_at > $1";
    // Those of workers that live are renewed by the right clock already.
    LEASES = "UPDATE jobs SET lease_until = CASE WHEN lease_until > CAST($2 AS BIGINT) THEN lease_until - CAST($3 AS BIGINT)
            ELSE CAST($1 AS BIGINT) END
        WHERE state = 'running' AND lease_until > $4";
    PARKED = "UPDATE installations SET paused_until = CASE WHEN paused_until > CAST($2 AS BIGINT)
            THEN paused_until - CAST($3 AS BIGINT) ELSE CAST($1 AS BIGINT) END
        WHERE paused_until > $1";
    INTENTS = "UPDATE effects SET intended_at = $2 WHERE intended_at > $1 AND state = 'intent'";
    CONFIGURATION = "UPDATE config_cache SET fetched_at = 0 WHERE fetched_at > $1";
}

impl Store {
    /// Sets this process's clock by the server's, writes down what it says, and sets right what was written by one that was
    /// ahead. For the start, before anybody works, and for every now and then.
    ///
    /// # Errors
    /// When the database is away; whoever asks next does what was left.
    pub async fn keep_time(&self) -> Result<(), StoreError> {
        // First what this process has written by, even should its clock be corrected in a moment.
        self.write(&GOES_ON).text(NAME).int(self.now_ms()).run().await?;
        // The clock is asked after it was looked what others have seen: a process that stands still in between is behind nobody.
        let seen = self.read(&SEEN).text(NAME).row().await?;
        self.set_clock().await?;
        let now_ms = self.now_ms();
        let seen_ms = seen.map_or(Ok(now_ms), |row| row.int("set_at"))?;
        match SetBack::between(seen_ms, now_ms).filter(|_| now_ms > FIRST_MS) {
            Some(back) => self.set_back(back).await,
            None => Ok(()),
        }
    }

    async fn set_back(&self, back: SetBack) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        if tx.query(&TAKE).text(NAME).int(back.now_ms).int(back.seen_ms).run().await? == 0 {
            return Ok(());
        }
        let waits = set_right(&mut tx, back).await?;
        paces::set_back(&mut tx, back).await?;
        tx.commit().await?;
        tracing::warn!(
            seconds = back.by_ms() / 1_000,
            waits,
            "the clock was ahead and has been set back; what waits by it waits no longer than it was to"
        );
        self.wake();
        Ok(())
    }
}

/// The number of jobs that wait.
async fn set_right(tx: &mut Tx, back: SetBack) -> Result<u64, Refusal> {
    let SetBack { now_ms, seen_ms } = back;
    let by_ms = back.by_ms();
    let waits = tx.query(&WAITS).int(now_ms).int(seen_ms).int(by_ms).run().await?;
    // A lease is as long as what is tolerated, and may have been renewed a moment ago.
    let held_too_long = now_ms.saturating_add(2 * TOLERATED_MS);
    tx.query(&LEASES).int(now_ms).int(seen_ms).int(by_ms).int(held_too_long).run().await?;
    tx.query(&PARKED).int(now_ms).int(seen_ms).int(by_ms).run().await?;
    tx.query(&INTENTS).int(now_ms).int(now_ms.saturating_sub(LONG_AGO_MS)).run().await?;
    tx.query(&CONFIGURATION).int(now_ms).run().await?;
    Ok(waits)
}
