//! What stands in the database, read from outside. Each look opens and closes a connection, so that a killed process is the
//! last one to hold an SQLite file and its write-ahead log has to be recovered.

use std::collections::BTreeSet;
use std::fmt;

use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AssertSqlSafe, Connection as _, Row as _};

/// A database of one test.
#[derive(Clone)]
pub struct Books {
    pub url: String,
}

/// A job.
pub struct JobLine {
    pub seq: i64,
    pub lane: Option<String>,
    pub delivery: Option<String>,
    pub state: String,
    pub attempts: i64,
    pub last_error: Option<String>,
}

impl JobLine {
    pub fn is_terminal(&self) -> bool {
        matches!(self.state.as_str(), "done" | "dead" | "cancelled")
    }
}

impl fmt::Display for JobLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { seq, lane, delivery, state, attempts, last_error } = self;
        let (lane, delivery) = (lane.as_deref().unwrap_or("-"), delivery.as_deref().unwrap_or("-"));
        write!(f, "job {seq} of {delivery} in lane {lane}: {state} after {attempts}: {last_error:?}")
    }
}

/// A line of the ledger.
#[derive(Debug, Clone)]
pub struct EffectLine {
    pub repo: i64,
    pub key: String,
    pub kind: String,
    pub state: String,
    pub remote_id: Option<i64>,
}

/// What is left to do.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Left {
    /// Could run now, or stand behind others.
    pub due: i64,
    /// Wait for their time.
    pub timed: i64,
    pub running: i64,
    /// When the first of those that wait will be due; unix ms.
    pub next_ms: Option<i64>,
}

impl Left {
    pub fn nothing(self) -> bool {
        self.due + self.timed + self.running == 0
    }
}

type Read<T> = Result<T, sqlx::Error>;

impl Books {
    pub fn of(url: &str) -> Self {
        sqlx::any::install_default_drivers();
        Self { url: url.to_owned() }
    }

    pub async fn rows(&self, text: &str) -> Read<Vec<AnyRow>> {
        let mut connection = AnyConnection::connect(&self.url).await?;
        let rows = sqlx::query(AssertSqlSafe(text.to_owned())).fetch_all(&mut connection).await;
        connection.close().await?;
        rows
    }

    /// The jobs of all deliveries; what recurs has none and never comes to an end.
    pub async fn jobs(&self) -> Read<Vec<JobLine>> {
        let text = "SELECT seq, lane, delivery_guid, state, attempts, last_error FROM jobs
            WHERE delivery_guid IS NOT NULL ORDER BY seq";
        let job = |row: AnyRow| {
            Ok(JobLine {
                seq: row.try_get("seq")?,
                lane: row.try_get("lane")?,
                delivery: row.try_get("delivery_guid")?,
                state: row.try_get("state")?,
                attempts: row.try_get("attempts")?,
                last_error: row.try_get("last_error")?,
            })
        };
        self.rows(text).await?.into_iter().map(job).collect()
    }

    /// How often the job of a delivery was taken up that was taken up most often.
    pub async fn most_claims(&self) -> Read<i64> {
        let text = "SELECT COALESCE(MAX(claims), 0) AS n FROM jobs WHERE delivery_guid IS NOT NULL";
        let rows = self.rows(text).await?;
        rows.first().map_or(Ok(0), |row| row.try_get("n"))
    }

    pub async fn effects(&self) -> Read<Vec<EffectLine>> {
        let effect = |row: AnyRow| {
            Ok(EffectLine {
                repo: row.try_get("repo_id")?,
                key: row.try_get("effect_key")?,
                kind: row.try_get("kind")?,
                state: row.try_get("state")?,
                remote_id: row.try_get("remote_id")?,
            })
        };
        let text = "SELECT repo_id, effect_key, kind, state, remote_id FROM effects";
        self.rows(text).await?.into_iter().map(effect).collect()
    }

    /// GUIDs of all deliveries.
    pub async fn deliveries(&self) -> Read<BTreeSet<String>> {
        self.rows("SELECT guid FROM deliveries").await?.iter().map(|row| row.try_get("guid")).collect()
    }

    /// What is left of the jobs of all deliveries.
    pub async fn left(&self) -> Read<Left> {
        let text = "SELECT state, gate, COUNT(*) AS n, MIN(run_at) AS next FROM jobs
            WHERE state IN ('ready', 'running') AND delivery_guid IS NOT NULL GROUP BY state, gate";
        let mut left = Left::default();
        for row in self.rows(text).await? {
            let (state, gate): (String, i64) = (row.try_get("state")?, row.try_get("gate")?);
            let n: i64 = row.try_get("n")?;
            match (state.as_str(), gate) {
                ("running", _) => left.running += n,
                (_, 2) => (left.timed, left.next_ms) = (n, row.try_get("next")?),
                _ => left.due += n,
            }
        }
        Ok(left)
    }
}
