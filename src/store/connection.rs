//! Connections: pools, pragmas and transactions for both databases.

use std::num::NonZero;
use std::ops::RangeInclusive;
use std::sync::Arc;
use std::thread::available_parallelism;
use std::time::Duration;

use sqlx::any::{AnyConnectOptions, AnyPoolOptions};
use sqlx::postgres::PgConnectOptions;
use sqlx::{
    Any, AnyConnection, AnyPool, AssertSqlSafe, ConnectOptions as _, Connection as _, Executor as _,
    SqlSafeStr as _, Transaction,
};

use crate::store::Store;
use crate::store::error::{Refusal, StoreError};
use crate::store::file::{self, OpenFile};
use crate::store::line::{Line, Place, Turn};
use crate::store::sql::{Bound, Dialect, Statement, Target, clean, statements};
use crate::store::wake::Wake;

statements! {
    // Held until the transaction ends; whoever changes who is first in a lane holds it. SQLite has one writer anyway.
    LOCK_LANE = postgres_only "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))";
    LOCK_LANES = postgres_only "SELECT pg_advisory_xact_lock(hashtextextended(lane, 0))
        FROM json_array_elements_text(CAST(CAST($1 AS TEXT) AS JSON)) AS lanes (lane)";
}

/// A commit is on the disk when it returns. What it wrote is moved from the log into the file by [`Store::keep_log_short`],
/// which takes its time where nobody waits; the automatic checkpoint is the net below, for a process that does not run it.
const SQLITE_WRITER: &str = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; \
     PRAGMA temp_store = MEMORY; PRAGMA journal_size_limit = 67108864; PRAGMA wal_autocheckpoint = 32768; \
     PRAGMA cache_size = -8192";
/// Several of these live side by side and each keeps pages of its own, so they keep few.
const SQLITE_READER: &str = "PRAGMA temp_store = MEMORY; PRAGMA cache_size = -512; PRAGMA query_only = ON";
/// As many as there are cores that could use them, within these bounds; each is a thread and some 0.2 MiB of memory.
const SQLITE_READERS: RangeInclusive<usize> = 2..=4;
/// A process that was stopped in the middle of a transaction must not hold its rows for ever. And every statement here has an
/// index made for it, but the statistics of a lopsided queue (a million jobs in one lane) or of one that was empty a moment
/// ago talk the planner into reading or sorting the whole table; where there is no index, it still may.
pub(in crate::store) const POSTGRES_SETTINGS: &str = "SET statement_timeout = '30s'; SET lock_timeout = '8s'; \
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

/// SQLite gets one writing connection, so that writers of this process stand in line and share their commits instead of polling
/// for the lock, and reading connections that refuse to write. PostgreSQL gets one pool for both.
#[derive(Clone)]
pub(in crate::store) struct Pools {
    pub(in crate::store) dialect: Dialect,
    reader: AnyPool,
    writer: Writer,
    /// PostgreSQL only.
    listens_with: Option<PgConnectOptions>,
}

#[derive(Clone)]
enum Writer {
    Pool(AnyPool),
    Line { line: Line, options: AnyConnectOptions, file: Arc<OpenFile> },
}

fn sqlite_readers() -> u32 {
    let cores = available_parallelism().map_or(1, NonZero::get);
    cores.clamp(*SQLITE_READERS.start(), *SQLITE_READERS.end()) as u32
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
        let listens_with = url.parse().ok();
        let writer = Writer::Pool(pool.clone());
        Ok(Self { dialect: Dialect::Postgres, reader: pool, writer, listens_with })
    }

    async fn open_sqlite(url: &str, limits: Limits) -> Result<Self, StoreError> {
        let options = connect_options(&created_when_missing(url)?)?;
        let mut connection = AnyConnection::connect_with(&options).await?;
        set_up(&mut connection, limits.busy, SQLITE_WRITER).await?;
        let path = file::path_of(url).ok_or_else(unreadable_address)?;
        let file = Arc::new(OpenFile::at(&path));
        // From here on an empty file in the place of one that is gone would only hide that.
        let options = connect_options(&with_mode(url, "rw"))?;
        let (busy, same) = (limits.busy, Arc::clone(&file));
        let reader = pool_options(limits)
            .max_connections(limits.connections.min(sqlite_readers()))
            .test_before_acquire(false)
            .idle_timeout(None)
            .max_lifetime(None)
            .after_connect(move |connection, _| {
                let same = Arc::clone(&same);
                Box::pin(async move {
                    // A connection to another file in its place would read that for ever.
                    same.check().map_err(|error| sqlx::Error::Io(std::io::Error::other(error)))?;
                    set_up(connection, busy, SQLITE_READER).await
                })
            })
            // Opened when somebody reads, for a start is to be short.
            .connect_lazy_with(options.clone());
        let line = Line::new(connection, Arc::clone(&file), limits.acquire);
        let writer = Writer::Line { line, options, file };
        Ok(Self { dialect: Dialect::Sqlite, reader, writer, listens_with: None })
    }

    /// How to open a connection that hears notifications; only PostgreSQL has them.
    pub(in crate::store) fn listens_with(&self) -> Option<PgConnectOptions> {
        self.listens_with.clone()
    }

    /// Prepares texts on one connection, in a transaction's absence.
    pub(in crate::store) async fn prepare(&self, texts: Vec<&'static str>) -> Result<usize, StoreError> {
        match &self.writer {
            Writer::Pool(pool) => prepare(&mut *pool.acquire().await?, &texts).await,
            Writer::Line { line, .. } => {
                line.alone(async |connection: &mut AnyConnection| prepare(connection, &texts).await).await
            }
        }
    }

    /// Whether SQLite's disk takes a few more deliveries.
    pub(in crate::store) fn check_room(&self) -> Result<(), StoreError> {
        match &self.writer {
            Writer::Pool(_) => Ok(()),
            Writer::Line { file, .. } => file.check_room(),
        }
    }

    /// The line in front of SQLite's writing connection, and how to open one more connection to its file.
    pub(in crate::store) fn line(&self) -> Option<(&Line, &AnyConnectOptions)> {
        match &self.writer {
            Writer::Pool(_) => None,
            Writer::Line { line, options, .. } => Some((line, options)),
        }
    }

    /// Runs a text where others write, outside of any transaction.
    #[cfg(test)]
    pub(in crate::store) async fn raw(&self, text: &str) -> Result<Vec<sqlx::any::AnyRow>, StoreError> {
        let text = AssertSqlSafe(text.to_owned());
        match &self.writer {
            Writer::Pool(pool) => Ok(sqlx::query(text).fetch_all(pool).await?),
            Writer::Line { line, .. } => {
                line.alone(async |connection: &mut AnyConnection| {
                    Ok(sqlx::query(text).fetch_all(connection).await?)
                })
                .await
            }
        }
    }
}

impl Store {
    pub(in crate::store) fn read(&self, statement: &Statement) -> Bound<'_> {
        let target = Target::Reader(&self.pools.reader, &self.health);
        Bound::new(target, statement.text(self.pools.dialect))
    }

    /// One statement that commits by itself.
    pub(in crate::store) fn write(&self, statement: &Statement) -> Bound<'_> {
        let target = match &self.pools.writer {
            Writer::Pool(pool) => Target::Pool(pool),
            Writer::Line { line, .. } => Target::Line(line),
        };
        Bound::new(target, statement.text(self.pools.dialect))
    }

    /// A transaction that may write. Dropped without [`Tx::commit`], it never happened.
    pub(in crate::store) async fn begin(&self) -> Result<Tx, StoreError> {
        self.begin_at(Place::Line).await
    }

    /// The same, ahead of everybody who waits.
    pub(in crate::store) async fn begin_first(&self) -> Result<Tx, StoreError> {
        self.begin_at(Place::Front).await
    }

    async fn begin_at(&self, place: Place) -> Result<Tx, StoreError> {
        let inner = match &self.pools.writer {
            Writer::Pool(pool) => Open::Transaction(pool.begin_with("BEGIN").await?),
            Writer::Line { line, .. } => Open::Turn(line.begin(place).await?),
        };
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
    inner: Open,
    dialect: Dialect,
    /// The one moment at which everything in this transaction happens.
    pub(in crate::store) now_ms: i64,
    wake: Arc<Wake>,
    wakes: usize,
}

enum Open {
    Transaction(Transaction<'static, Any>),
    Turn(Turn),
}

impl Tx {
    pub(in crate::store) fn query(&mut self, statement: &Statement) -> Bound<'_> {
        let text = statement.text(self.dialect);
        let target = match &mut self.inner {
            Open::Transaction(transaction) => Target::Connection(transaction),
            Open::Turn(turn) => Target::Turn(turn),
        };
        Bound::new(target, text)
    }

    /// Several statements in one text, without values.
    pub(in crate::store) async fn script(&mut self, text: String) -> Result<(), StoreError> {
        let text = sqlx::raw_sql(AssertSqlSafe(text));
        match &mut self.inner {
            Open::Transaction(transaction) => _ = transaction.execute(text).await?,
            Open::Turn(turn) => {
                turn.connection()?.execute(text).await?;
                turn.succeeded();
            }
        }
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

    /// The same for many lanes, in their order. Whoever takes more than one takes them sorted.
    pub(in crate::store) async fn lock_lanes(&mut self, lanes: &[&str]) -> Result<(), Refusal> {
        if self.dialect == Dialect::Postgres && !lanes.is_empty() {
            let json = serde_json::Value::from(lanes.iter().map(|lane| clean(lane)).collect::<Vec<_>>());
            self.query(&LOCK_LANES).text(&json.to_string()).rows().await?;
        }
        Ok(())
    }

    pub(in crate::store) fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// Wakes one more idle worker once the transaction is committed, here or in another instance.
    pub(in crate::store) fn wake_one(&mut self) {
        self.wakes += 1;
    }

    pub(in crate::store) async fn commit(self) -> Result<(), StoreError> {
        match self.inner {
            Open::Transaction(transaction) => transaction.commit().await?,
            Open::Turn(turn) => turn.commit().await?,
        }
        self.wake.announce(self.wakes);
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
    Ok(if url.contains("mode=") { url.to_owned() } else { with_mode(url, "rwc") })
}

/// The address of a SQLite file with this mode in place of its own; a read-only one stays so.
pub fn with_mode(url: &str, mode: &str) -> String {
    let (path, query) = url.split_once('?').unwrap_or((url, ""));
    let kept = query.split('&').filter(|part| !part.is_empty() && *part != "mode=rwc" && *part != "mode=rw");
    let mut parts: Vec<&str> = kept.collect();
    let mode = format!("mode={mode}");
    if !parts.iter().any(|part| part.starts_with("mode=")) {
        parts.push(&mode);
    }
    format!("{path}?{}", parts.join("&"))
}

fn connect_options(url: &str) -> Result<AnyConnectOptions, StoreError> {
    // The text of a parse error may hold the password.
    let options: AnyConnectOptions = url.parse().map_err(|_| unreadable_address())?;
    Ok(options.disable_statement_logging())
}

fn unreadable_address() -> StoreError {
    StoreError::Broken("the address cannot be read; write it like `sqlite://millwright.db` or `postgres://user:password@host/database`".to_owned())
}

fn pool_options(limits: Limits) -> AnyPoolOptions {
    AnyPoolOptions::new().acquire_timeout(limits.acquire)
}

/// A time to wait for other processes, and pragmas.
async fn set_up(
    connection: &mut AnyConnection,
    busy: Duration,
    pragmas: &'static str,
) -> Result<(), sqlx::Error> {
    let text = format!("PRAGMA busy_timeout = {}; {pragmas}", busy.as_millis());
    connection.execute(sqlx::raw_sql(AssertSqlSafe(text))).await.map(drop)
}

async fn prepare(connection: &mut AnyConnection, texts: &[&'static str]) -> Result<usize, StoreError> {
    for &text in texts {
        let prepared = (&mut *connection).prepare(text.into_sql_str()).await;
        prepared.map_err(|error| StoreError::Broken(format!("{error} in: {text}")))?;
    }
    Ok(texts.len())
}
