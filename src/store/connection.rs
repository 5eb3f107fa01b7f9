//! Connections: pools, pragmas and transactions for both databases.

use std::sync::Arc;
use std::time::Duration;

use sqlx::any::{AnyConnectOptions, AnyPoolOptions};
use sqlx::{
    Any, AnyConnection, AnyPool, AssertSqlSafe, ConnectOptions as _, Connection as _, Executor as _,
    SqlSafeStr as _, Transaction,
};
use tokio::sync::Notify;

use crate::store::Store;
use crate::store::error::{Refusal, StoreError};
use crate::store::sql::{Bound, Dialect, Statement, Target, statements};

statements! {
    // Held until the transaction ends; whoever changes who is first in a lane holds it. SQLite has one writer anyway.
    LOCK_LANE = postgres_only "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))";
}

const SQLITE_PRAGMAS: &str = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; \
     PRAGMA temp_store = MEMORY; PRAGMA journal_size_limit = 67108864";
/// A process that was stopped in the middle of a transaction must not hold its rows for ever. And every statement here has an
/// index made for it, but the statistics of a lopsided queue (a million jobs in one lane) or of one that was empty a moment
/// ago talk the planner into reading or sorting the whole table; where there is no index, it still may.
const POSTGRES_SETTINGS: &str = "SET statement_timeout = '30s'; SET lock_timeout = '8s'; \
     SET idle_in_transaction_session_timeout = '30s'; \
     SET enable_seqscan = off; SET enable_bitmapscan = off; SET enable_sort = off; SET enable_incremental_sort = off";

/// How long a call may wait before it fails as unavailable, and how many connections there are. The two waits together stay
/// below the 10 s in which GitHub wants an answer.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// For a free connection.
    pub acquire: Duration,
    /// For another process that writes to the same SQLite file.
    pub busy: Duration,
    /// Connections of the pool (PostgreSQL), or reading connections (SQLite).
    pub connections: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self { acquire: Duration::from_secs(4), busy: Duration::from_secs(5), connections: 10 }
    }
}

/// SQLite gets one writing connection, so that writers of this process queue up in order instead of polling for the lock, and
/// reading connections that refuse to write. PostgreSQL gets one pool for both.
#[derive(Clone)]
pub(in crate::store) struct Pools {
    pub(in crate::store) dialect: Dialect,
    reader: AnyPool,
    writer: AnyPool,
}

impl Pools {
    pub(in crate::store) async fn open(url: &str, limits: Limits) -> Result<Self, StoreError> {
        sqlx::any::install_default_drivers();
        match dialect_of(url)? {
            Dialect::Postgres => Self::open_postgres(url, limits).await,
            Dialect::Sqlite => Self::open_sqlite(url, limits).await,
        }
    }

    async fn open_postgres(url: &str, limits: Limits) -> Result<Self, StoreError> {
        let pool = pool_options(limits)
            .max_connections(limits.connections)
            .after_connect(|connection, _| {
                Box::pin(async move { connection.execute(sqlx::raw_sql(POSTGRES_SETTINGS)).await.map(drop) })
            })
            .connect_with(connect_options(url)?)
            .await
            // A server that refuses connections is asked again until the time is up.
            .map_err(|error| match error {
                sqlx::Error::PoolTimedOut => {
                    StoreError::Unavailable(format!("no connection within {} s", limits.acquire.as_secs()))
                }
                other => other.into(),
            })?;
        Ok(Self { dialect: Dialect::Postgres, reader: pool.clone(), writer: pool })
    }

    async fn open_sqlite(url: &str, limits: Limits) -> Result<Self, StoreError> {
        let options = connect_options(&created_when_missing(url)?)?;
        let writer = sqlite_pool(limits, "OFF").max_connections(1).connect_with(options.clone()).await?;
        let reader =
            sqlite_pool(limits, "ON").max_connections(limits.connections).connect_with(options).await?;
        Ok(Self { dialect: Dialect::Sqlite, reader, writer })
    }

    /// Prepares texts on one connection, in a transaction's absence.
    pub(in crate::store) async fn prepare(&self, texts: Vec<&'static str>) -> Result<usize, StoreError> {
        let mut connection = self.writer.acquire().await?;
        for &text in &texts {
            let prepared = (&mut *connection).prepare(text.into_sql_str()).await;
            prepared.map_err(|error| StoreError::Broken(format!("{error} in: {text}")))?;
        }
        Ok(texts.len())
    }

    #[cfg(test)]
    pub(in crate::store) fn writer(&self) -> &AnyPool {
        &self.writer
    }
}

impl Store {
    pub(in crate::store) fn read(&self, statement: &Statement) -> Bound<'_> {
        Bound::new(Target::Pool(&self.pools.reader), statement.text(self.pools.dialect))
    }

    /// One statement that commits by itself.
    pub(in crate::store) fn write(&self, statement: &Statement) -> Bound<'_> {
        Bound::new(Target::Pool(&self.pools.writer), statement.text(self.pools.dialect))
    }

    /// A transaction that may write. Dropped without [`Tx::commit`], it never happened.
    pub(in crate::store) async fn begin(&self) -> Result<Tx, StoreError> {
        let begin = match self.pools.dialect {
            Dialect::Sqlite => "BEGIN IMMEDIATE",
            Dialect::Postgres => "BEGIN",
        };
        let inner = self.pools.writer.begin_with(begin).await?;
        Ok(Tx {
            inner,
            dialect: self.pools.dialect,
            now_ms: self.now_ms(),
            wake: Arc::clone(&self.wake),
            wakes: 0,
        })
    }
}

/// A transaction that may write.
pub(in crate::store) struct Tx {
    inner: Transaction<'static, Any>,
    dialect: Dialect,
    /// The one moment at which everything in this transaction happens.
    pub(in crate::store) now_ms: i64,
    wake: Arc<Notify>,
    wakes: usize,
}

impl Tx {
    pub(in crate::store) fn query(&mut self, statement: &Statement) -> Bound<'_> {
        Bound::new(Target::Connection(&mut self.inner), statement.text(self.dialect))
    }

    /// Several statements in one text, without values.
    pub(in crate::store) async fn script(&mut self, text: String) -> Result<(), StoreError> {
        let connection: &mut AnyConnection = &mut self.inner;
        connection.execute(sqlx::raw_sql(AssertSqlSafe(text))).await?;
        Ok(())
    }

    /// Waits until nobody else changes the order within this lane. Take it before any row of the lane, or two can wait for
    /// each other.
    pub(in crate::store) async fn lock_lane(&mut self, lane: &str) -> Result<(), Refusal> {
        if self.dialect == Dialect::Postgres {
            self.query(&LOCK_LANE).text(lane).rows().await?;
        }
        Ok(())
    }

    pub(in crate::store) fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// Wakes one more idle worker of this process once the transaction is committed.
    pub(in crate::store) fn wake_one(&mut self) {
        self.wakes += 1;
    }

    pub(in crate::store) async fn commit(self) -> Result<(), StoreError> {
        self.inner.commit().await?;
        // A process has far fewer workers than this; more would only spin.
        for _ in 0..self.wakes.min(64) {
            self.wake.notify_one();
        }
        Ok(())
    }
}

fn dialect_of(url: &str) -> Result<Dialect, StoreError> {
    match url.split_once(':').map(|(scheme, _)| scheme) {
        Some("sqlite") => Ok(Dialect::Sqlite),
        Some("postgres" | "postgresql") => Ok(Dialect::Postgres),
        _ => Err(StoreError::Broken(
            "DATABASE_URL has to begin with sqlite:// or postgres://, such as sqlite://millwright.db"
                .to_owned(),
        )),
    }
}

fn created_when_missing(url: &str) -> Result<String, StoreError> {
    if url.contains(":memory:") || url.contains("mode=memory") {
        return Err(StoreError::Broken(
            "DATABASE_URL names an SQLite database in memory, which forgets everything; name a file"
                .to_owned(),
        ));
    }
    Ok(match url.split_once('?') {
        None => format!("{url}?mode=rwc"),
        Some((_, query)) if query.contains("mode=") => url.to_owned(),
        Some(_) => format!("{url}&mode=rwc"),
    })
}

fn connect_options(url: &str) -> Result<AnyConnectOptions, StoreError> {
    // The text of a parse error may hold the password.
    let options: AnyConnectOptions =
        url.parse().map_err(|_| StoreError::Broken("DATABASE_URL is not a valid URL".to_owned()))?;
    Ok(options.disable_statement_logging())
}

fn pool_options(limits: Limits) -> AnyPoolOptions {
    AnyPoolOptions::new().acquire_timeout(limits.acquire)
}

fn sqlite_pool(limits: Limits, query_only: &'static str) -> AnyPoolOptions {
    let busy_ms = limits.busy.as_millis();
    pool_options(limits)
        .test_before_acquire(false)
        .idle_timeout(None)
        .max_lifetime(None)
        .before_acquire(|connection, _| Box::pin(async move { is_between_transactions(connection).await }))
        .after_connect(move |connection, _| {
            let pragmas = format!(
                "PRAGMA busy_timeout = {busy_ms}; {SQLITE_PRAGMAS}; PRAGMA query_only = {query_only}"
            );
            Box::pin(async move { connection.execute(sqlx::raw_sql(AssertSqlSafe(pragmas))).await.map(drop) })
        })
}

/// SQLite ends a transaction by itself when its disk is full; the connection then counts one that is not there, and would
/// begin no other ever again. It is replaced.
async fn is_between_transactions(connection: &mut AnyConnection) -> Result<bool, sqlx::Error> {
    if connection.is_in_transaction() {
        // A rollback may still be on its way.
        connection.ping().await?;
    }
    Ok(!connection.is_in_transaction())
}
