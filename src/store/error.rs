//! What can go wrong below the store: trouble that passes, and trouble that does not.

use sqlx::error::DatabaseError;

use crate::domain::failure::Failure;

/// A failed query, without any SQL type.
#[derive(Debug, Clone, thiserror::Error)]
pub enum StoreError {
    /// The database cannot be used right now (locked, full, restarting, connection lost): the same call may work later.
    #[error("the database cannot be used right now: {0}")]
    Unavailable(String),
    /// What the database holds cannot be read, or is no database at all. A person has to mend it; what was to be done can be
    /// done afterwards.
    #[error("the database is damaged: {0}")]
    Damaged(String),
    /// The same call will fail again: a wrong statement, unreadable data, a wrong `DATABASE_URL`.
    #[error("the database refused: {0}")]
    Broken(String),
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Unavailable(_) | StoreError::Damaged(_) => Self::retry(error),
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
        if let sqlx::Error::Database(database) = &error {
            return told(&**database);
        }
        let text = error.to_string();
        match &error {
            sqlx::Error::PoolTimedOut => Self::Unavailable("all connections stayed busy".to_owned()),
            sqlx::Error::PoolClosed
            | sqlx::Error::Io(_)
            | sqlx::Error::Protocol(_)
            | sqlx::Error::WorkerCrashed => Self::Unavailable(text),
            _ => Self::Broken(text),
        }
    }
}

impl StoreError {
    /// The database's own code for what happened, where it has told one: five characters of PostgreSQL, or SQLite's number
    /// without what it adds to it.
    pub fn code(&self) -> Option<&str> {
        let (Self::Unavailable(text) | Self::Damaged(text) | Self::Broken(text)) = self;
        let (_, code) = text.strip_suffix(')')?.rsplit_once(" (")?;
        code.strip_prefix(SQLSTATE).or_else(|| code.strip_prefix(SQLITE))
    }
}

const SQLSTATE: &str = "SQLSTATE ";
const SQLITE: &str = "SQLite ";

/// What the database said, without what its driver adds, and its code.
fn told(error: &dyn DatabaseError) -> StoreError {
    let message = error.message().trim();
    let Some(code) = error.code() else { return StoreError::Broken(message.to_owned()) };
    if code.len() == 5 {
        let text = format!("{message} ({SQLSTATE}{code})");
        return match &*code {
            // Data or an index that is damaged.
            "XX001" | "XX002" => StoreError::Damaged(text),
            code if sqlstate_passes(code) => StoreError::Unavailable(text),
            _ => StoreError::Broken(text),
        };
    }
    // The low byte is the code, the others say more of it.
    let Ok(code) = code.parse::<i64>().map(|code| code & 0xff) else {
        return StoreError::Broken(message.to_owned());
    };
    let text = format!("{message} ({SQLITE}{code})");
    match code {
        // Busy, locked, read-only, I/O error, full, cannot open.
        5 | 6 | 8 | 10 | 13 | 14 => StoreError::Unavailable(text),
        // Corrupt, not a database.
        11 | 26 => StoreError::Damaged(text),
        _ => StoreError::Broken(text),
    }
}

/// Connection trouble, a server that lets nobody in for a while (a password being changed, a database being moved), resources
/// used up (a full disk is 53100), an administrator's hand, deadlock and serialization failures, a lock or statement time-out,
/// and a primary that became a read-only standby.
fn sqlstate_passes(code: &str) -> bool {
    matches!(code.get(..2), Some("08" | "28" | "3D" | "53" | "55" | "57" | "58"))
        || matches!(code, "40001" | "40P01" | "25006" | "25P03")
}

#[cfg(test)]
mod tests {
    use super::StoreError;

    #[test]
    fn a_code_is_read_from_what_was_told_and_from_nothing_else() {
        let code = |text: &str| StoreError::Broken(text.to_owned()).code().map(str::to_owned);
        assert_eq!(code("no such table: jobs (SQLite 1)").as_deref(), Some("1"));
        assert_eq!(code("role \"x\" does not exist (SQLSTATE 28000)").as_deref(), Some("28000"));
        for other in
            ["", "all connections stayed busy", "connection refused (os error 111)", "x (SQLite 1) y"]
        {
            assert_eq!(code(other), None, "{other}");
        }
    }
}
