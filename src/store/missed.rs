//! Deliveries that GitHub's log shows and that never reached us, and how far the log has been read.

use crate::store::Store;
use crate::store::error::StoreError;
use crate::store::sql::statements;

/// The row of `progress` that says how far the log has been read.
const PROGRESS: &str = "sweep";

statements! {
    // An attempt of a delivery that is noted already is one attempt too many.
    NOTE = "INSERT INTO missed_deliveries (log_id, guid, event, found_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING";
    BEHIND = "SELECT log_id, guid, event FROM missed_deliveries WHERE log_id > $1 ORDER BY log_id LIMIT 1";
    FORGET = "DELETE FROM missed_deliveries WHERE log_id = $1";
    GET_PROGRESS = "SELECT value FROM progress WHERE name = $1";
    PUT_PROGRESS = "INSERT INTO progress (name, value, updated_at) VALUES ($1, $2, $3)
        ON CONFLICT (name) DO UPDATE SET value = excluded.value, updated_at = excluded.updated_at";
}

/// A delivery to fetch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missed {
    /// GitHub's id of one attempt to deliver it; newer ones are higher.
    pub log_id: i64,
    /// `X-GitHub-Delivery`.
    pub guid: String,
    /// `X-GitHub-Event`.
    pub event: String,
}

/// Missed deliveries of the whole store.
#[derive(Clone, Copy)]
pub struct MissedDeliveries<'a> {
    store: &'a Store,
}

impl<'a> MissedDeliveries<'a> {
    pub(in crate::store) fn new(store: &'a Store) -> Self {
        Self { store }
    }

    /// Notes what one page of the log showed, and how far the log has been read with it (JSON): both or neither.
    pub async fn note(self, found: &[Missed], progress: &str) -> Result<(), StoreError> {
        let mut tx = self.store.begin().await?;
        let now_ms = tx.now_ms;
        for missed in found {
            let query = tx.query(&NOTE).int(missed.log_id).text(&missed.guid).text(&missed.event);
            query.int(now_ms).run().await?;
        }
        tx.query(&PUT_PROGRESS).text(PROGRESS).text(progress).int(now_ms).run().await?;
        tx.commit().await
    }

    /// The oldest delivery to fetch behind this one; 0: of all.
    pub async fn behind(self, log_id: i64) -> Result<Option<Missed>, StoreError> {
        let Some(row) = self.store.read(&BEHIND).int(log_id).row().await? else { return Ok(None) };
        Ok(Some(Missed { log_id: row.int("log_id")?, guid: row.text("guid")?, event: row.text("event")? }))
    }

    /// It is stored, or cannot be had.
    pub async fn forget(self, log_id: i64) -> Result<(), StoreError> {
        self.store.write(&FORGET).int(log_id).run().await?;
        Ok(())
    }

    /// How far the log has been read, as it was noted last.
    pub async fn progress(self) -> Result<Option<String>, StoreError> {
        let row = self.store.read(&GET_PROGRESS).text(PROGRESS).row().await?;
        row.map(|row| row.text("value")).transpose()
    }
}
