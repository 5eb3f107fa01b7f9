//! What can go wrong below the store: trouble that passes, and trouble that does not.

use sqlx::error::DatabaseError;

use crate::domain::failure::Failure;

/// A failed query, without any SQL type.
#[derive(Debug, Clone, thiserror::Error)]
pub enum StoreError {
    /// The database cannot be used right now (locked, full, restarting, connection lost): the same call may work later.
    #[error("the database cannot be used right now: {0}")]
    Unavailable(String),
    /// The same call will fail again: a wrong statement, unreadable data, a wrong `DATABASE_URL`.
    #[error("the database refused: {0}")]
    Broken(String),
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Unavailable(_) => Self::retry(error),
            StoreError::Broken(_) => Self::internal(error),
        }
    }
}

/// A failed query, or a unique key that somebody else took first: most callers treat both alike, some try again.
pub(in crate::store) enum Refusal {
    Taken,
    Error(StoreError),
}

impl From<sqlx::Error> for Refusal {
    fn from(error: sqlx::Error) -> Self {
        match error.as_database_error() {
            Some(database) if database.is_unique_violation() => Self::Taken,
            _ => Self::Error(error.into()),
        }
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        Self::Error(error)
    }
}

impl From<Refusal> for StoreError {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Taken => {
                Self::Unavailable("somebody else wrote the same row at the same moment".to_owned())
            }
            Refusal::Error(error) => error,
        }
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        let text = error.to_string();
        match &error {
            sqlx::Error::PoolTimedOut => Self::Unavailable("all connections stayed busy".to_owned()),
            sqlx::Error::PoolClosed
            | sqlx::Error::Io(_)
            | sqlx::Error::Protocol(_)
            | sqlx::Error::WorkerCrashed => Self::Unavailable(text),
            sqlx::Error::Database(database) if passes(&**database) => Self::Unavailable(text),
            _ => Self::Broken(text),
        }
    }
}

/// SQLite reports numbers (the low byte is the primary code), PostgreSQL five characters.
fn passes(error: &dyn DatabaseError) -> bool {
    let Some(code) = error.code() else { return false };
    if code.len() == 5 {
        return sqlstate_passes(&code);
    }
    // Busy, locked, read-only, I/O error, full, cannot open.
    matches!(code.parse::<i64>().map(|code| code & 0xff), Ok(5 | 6 | 8 | 10 | 13 | 14))
}

/// Connection trouble, a server that lets nobody in for a while (a password being changed, a database being moved), resources
/// used up (a full disk is 53100), an administrator's hand, deadlock and serialization failures, a lock or statement time-out,
/// and a primary that became a read-only standby.
fn sqlstate_passes(code: &str) -> bool {
    matches!(code.get(..2), Some("08" | "28" | "3D" | "53" | "55" | "57" | "58"))
        || matches!(code, "40001" | "40P01" | "25006" | "25P03")
}
