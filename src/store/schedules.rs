//! When what recurs is due, shared by all instances: a slot is run by whoever moves it on, in the same transaction.

use std::collections::BTreeMap;

use crate::domain::schedule::Known;
use crate::store::Store;
use crate::store::error::StoreError;
use crate::store::jobs::{NewJob, enqueue};
use crate::store::sql::statements;

statements! {
    ALL = "SELECT name, next_run, last_slot FROM schedules ORDER BY name";
    BEGIN = "INSERT INTO schedules (name, next_run, updated_at) VALUES ($1, $2, $3) ON CONFLICT (name) DO NOTHING";
    // Compare and set: of several instances that see the same slot, one changes the row.
    TAKE = "UPDATE schedules SET next_run = $3, last_slot = $2, updated_at = $4 WHERE name = $1 AND next_run = $2";
    MOVE = "UPDATE schedules SET next_run = $3, updated_at = $4 WHERE name = $1 AND next_run = $2";
}

/// A slot of a schedule, and the one after it.
#[derive(Debug, Clone, Copy)]
pub struct Slot<'a> {
    /// The schedule.
    pub name: &'a str,
    /// What `next_run` is now; unix ms.
    pub slot_ms: i64,
    /// What it becomes; unix ms.
    pub next_ms: i64,
}

/// How a change ended that several instances may make at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Race {
    /// We made it.
    Won,
    /// Another instance was faster; nothing was changed.
    Lost,
}

/// Schedules of the whole store.
#[derive(Clone, Copy)]
pub struct Schedules<'a> {
    store: &'a Store,
}

impl<'a> Schedules<'a> {
    pub(in crate::store) fn new(store: &'a Store) -> Self {
        Self { store }
    }

    /// Every schedule that was ever begun, by name; those of other versions too.
    pub async fn all(self) -> Result<BTreeMap<String, Known>, StoreError> {
        let mut known = BTreeMap::new();
        for row in self.store.read(&ALL).rows().await? {
            let (next_run_ms, last_slot_ms) = (row.int("next_run")?, row.int("last_slot")?);
            known.insert(row.text("name")?, Known { next_run_ms, last_slot_ms });
        }
        Ok(known)
    }

    /// Writes the first slot of a schedule that nobody has begun yet.
    pub async fn begin(self, name: &str, next_ms: i64) -> Result<(), StoreError> {
        self.store.write(&BEGIN).text(name).int(next_ms).int(self.store.now_ms()).run().await?;
        Ok(())
    }

    /// Takes a slot: moves the schedule on and writes the job, or neither.
    pub async fn take(self, slot: Slot<'_>, job: &NewJob) -> Result<Race, StoreError> {
        let mut tx = self.store.begin().await?;
        let now_ms = tx.now_ms;
        let query = tx.query(&TAKE).text(slot.name).int(slot.slot_ms).int(slot.next_ms);
        if query.int(now_ms).run().await? == 0 {
            return Ok(Race::Lost);
        }
        enqueue::insert(&mut tx, job).await?;
        tx.commit().await?;
        Ok(Race::Won)
    }

    /// Moves a slot without running it.
    pub async fn shift(self, slot: Slot<'_>) -> Result<Race, StoreError> {
        let query = self.store.write(&MOVE).text(slot.name).int(slot.slot_ms).int(slot.next_ms);
        Ok(match query.int(self.store.now_ms()).run().await? {
            0 => Race::Lost,
            _ => Race::Won,
        })
    }
}
