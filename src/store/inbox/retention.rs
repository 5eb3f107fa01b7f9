//! How long bodies are kept: by age and by total size. What an unfinished job still needs stays.

use crate::store::aged::Aged;
use crate::store::error::StoreError;
use crate::store::inbox::Inbox;
use crate::store::sql::{Statement, statements};

/// Bodies per statement, so that no transaction is long and a batch that comes meanwhile waits for one of them at most.
const STEP: i64 = 200;

statements! {
    // Of those in a step, the ones go that nobody needs any more.
    KEPT_AFTER = "SELECT seq, received_at AS at FROM deliveries WHERE body_bytes > 0 AND seq > $1 ORDER BY seq LIMIT $2";
    ALL_AFTER = "SELECT seq, received_at AS at FROM deliveries WHERE seq > $1 ORDER BY seq LIMIT $2";
    ERASE = "UPDATE deliveries SET body = NULL, body_bytes = 0 WHERE seq > $1 AND seq <= $2 AND body_bytes > 0
        AND NOT EXISTS (SELECT 1 FROM jobs WHERE jobs.delivery_seq = deliveries.seq AND jobs.state IN ('ready', 'running'))
        AND NOT EXISTS (SELECT 1 FROM jobs WHERE jobs.delivery_guid = deliveries.guid AND jobs.delivery_seq IS NULL
            AND jobs.state IN ('ready', 'running'))";
    FORGET = "DELETE FROM deliveries WHERE seq > $1 AND seq <= $2 AND body_bytes = 0";
    KEPT_BYTES = "SELECT CAST(COALESCE(SUM(body_bytes), 0) AS BIGINT) AS n FROM deliveries WHERE body_bytes > 0";
    // The oldest bodies that nobody needs any more, and how much each frees.
    OLDEST = "SELECT d.seq, d.body_bytes FROM deliveries d WHERE d.body_bytes > 0 AND NOT EXISTS (
            SELECT 1 FROM jobs WHERE jobs.delivery_seq = d.seq AND jobs.state IN ('ready', 'running'))
        AND NOT EXISTS (SELECT 1 FROM jobs WHERE jobs.delivery_guid = d.guid AND jobs.delivery_seq IS NULL
            AND jobs.state IN ('ready', 'running'))
        ORDER BY d.seq LIMIT $1";
    ERASE_THROUGH = "UPDATE deliveries SET body = NULL, body_bytes = 0 WHERE seq <= $1 AND body_bytes > 0 AND NOT EXISTS (
        SELECT 1 FROM jobs WHERE jobs.delivery_seq = deliveries.seq AND jobs.state IN ('ready', 'running'))
        AND NOT EXISTS (SELECT 1 FROM jobs WHERE jobs.delivery_guid = deliveries.guid AND jobs.delivery_seq IS NULL
            AND jobs.state IN ('ready', 'running'))";
}

/// What may stay.
#[derive(Debug, Clone, Copy)]
pub struct Retention {
    /// Bodies received before this moment go; unix ms.
    pub bodies_before_ms: i64,
    /// Above this many stored bytes the oldest bodies go.
    pub max_bytes: i64,
    /// Keys of deliveries received before this moment go too, and a repeat of one would be accepted again; unix ms. GitHub
    /// redelivers for 3 days, keep 30.
    pub keys_before_ms: i64,
}

/// What went.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Pruned {
    /// Erased bodies.
    pub bodies: u64,
    /// Forgotten keys.
    pub keys: u64,
}

impl Inbox<'_> {
    /// Erases bodies and forgets keys. Bodies that an unfinished job needs stay, whatever their age and size.
    pub async fn prune(self, retention: Retention) -> Result<Pruned, StoreError> {
        let by_age = self.go_through((&KEPT_AFTER, &ERASE), retention.bodies_before_ms).await?;
        let by_size = self.erase_above(retention.max_bytes).await?;
        let keys = self.go_through((&ALL_AFTER, &FORGET), retention.keys_before_ms).await?;
        Ok(Pruned { bodies: by_age + by_size, keys })
    }

    async fn go_through(
        self,
        (look, act): (&'static Statement, &'static Statement),
        older_than_ms: i64,
    ) -> Result<u64, StoreError> {
        let (mut aged, mut changed) = (Aged::new(look, older_than_ms), 0);
        while let Some((after, last)) = aged.next(self.store).await? {
            changed += self.store.write(act).int(after).int(last).run().await?;
        }
        Ok(changed)
    }

    /// Stored bytes of all bodies.
    pub async fn kept_bytes(self) -> Result<i64, StoreError> {
        match self.store.read(&KEPT_BYTES).row().await? {
            Some(row) => row.int("n"),
            None => Ok(0),
        }
    }

    async fn erase_above(self, max_bytes: i64) -> Result<u64, StoreError> {
        let mut excess = self.kept_bytes().await?.saturating_sub(max_bytes);
        let mut erased = 0;
        while excess > 0 {
            let mut last = None;
            for row in self.store.read(&OLDEST).int(STEP).rows().await? {
                if excess <= 0 {
                    break;
                }
                excess -= row.int("body_bytes")?;
                last = Some(row.int("seq")?);
            }
            let Some(last) = last else { break };
            let step = self.store.write(&ERASE_THROUGH).int(last).run().await?;
            erased += step;
            if step == 0 {
                break;
            }
        }
        Ok(erased)
    }
}
