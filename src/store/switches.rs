//! The operator's switches, shared by all instances.

use crate::store::Store;
use crate::store::error::StoreError;
use crate::store::jobs::settle;
use crate::store::sql::statements;

const PAUSE: &str = "pause";
const READY: &str = "ready";

statements! {
    SET = "INSERT INTO switches (name, value, set_at) VALUES ($1, $2, $3)
        ON CONFLICT (name) DO UPDATE SET value = excluded.value, set_at = excluded.set_at";
    GET = "SELECT value, set_at FROM switches WHERE name = $1";
}

/// Whether anything may be written to GitHub.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pause {
    /// All writes wait, nothing is lost.
    On {
        /// Unix ms.
        since_ms: i64,
    },
    /// As usual.
    Off,
}

/// Switches of the whole store.
#[derive(Clone, Copy)]
pub struct Switches<'a> {
    store: &'a Store,
}

impl<'a> Switches<'a> {
    pub(in crate::store) fn new(store: &'a Store) -> Self {
        Self { store }
    }

    /// Whether writes are paused, for all instances.
    pub async fn pause(self) -> Result<Pause, StoreError> {
        match self.store.read(&GET).text(PAUSE).row().await? {
            Some(row) if row.text("value")? == "on" => Ok(Pause::On { since_ms: row.int("set_at")? }),
            _ => Ok(Pause::Off),
        }
    }

    /// Pauses all writes from now on; a pause that holds already keeps its beginning.
    pub async fn pause_writes(self) -> Result<(), StoreError> {
        match self.pause().await? {
            Pause::On { .. } => Ok(()),
            Pause::Off => set(self.store, PAUSE, "on").await,
        }
    }

    /// Lets writes go on, and what has waited for that: each lane in the order in which it was asked.
    pub async fn resume_writes(self) -> Result<(), StoreError> {
        set(self.store, PAUSE, "off").await?;
        settle::let_go(self.store).await
    }
}

/// A write that changes nothing but its own row.
pub(in crate::store) async fn touch(store: &Store) -> Result<(), StoreError> {
    set(store, READY, "asked").await
}

async fn set(store: &Store, name: &str, value: &str) -> Result<(), StoreError> {
    store.write(&SET).text(name).text(value).int(store.now_ms()).run().await?;
    Ok(())
}
