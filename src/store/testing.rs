//! A store per test: SQLite in a temporary folder always, PostgreSQL when `MILLWRIGHT_TEST_POSTGRES` names a server.

use std::any::Any;

use sqlx::{AnyPool, AssertSqlSafe};

use crate::clock::{Clock, ClockHand};
use crate::skips::skip;
use crate::store::{Dialect, Limits, Store};

pub(crate) const START_MS: i64 = 1_800_000_000_000;

pub(crate) struct Bench {
    pub(crate) store: Store,
    pub(crate) clock: Clock,
    pub(crate) hand: ClockHand,
    pub(crate) url: String,
    database: Option<(String, String)>,
    _folder: Option<tempfile::TempDir>,
}

/// Runs a test on every database there is.
pub(crate) async fn on_both(test: impl AsyncFn(&Bench)) {
    let sqlite = sqlite().await;
    test(&sqlite).await;
    if let Some(bench) = postgres().await {
        test(&bench).await;
        bench.drop_database().await;
    }
}

pub(crate) async fn sqlite() -> Bench {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}/test.db", folder.path().display());
    bench(url, None, Some(folder)).await
}

pub(crate) async fn postgres() -> Option<Bench> {
    #[expect(clippy::disallowed_methods, reason = "tests learn from the environment where their server is")]
    let Ok(server) = std::env::var("MILLWRIGHT_TEST_POSTGRES") else {
        skip("PostgreSQL, for MILLWRIGHT_TEST_POSTGRES is not set");
        return None;
    };
    let name = format!("millwright_{}", ulid::Ulid::generate().to_string().to_lowercase());
    administer(&server, format!("CREATE DATABASE {name}")).await;
    let mut url = url::Url::parse(&server).unwrap();
    url.set_path(&name);
    Some(bench(url.to_string(), Some((server, name)), None).await)
}

async fn bench(url: String, database: Option<(String, String)>, folder: Option<tempfile::TempDir>) -> Bench {
    let (clock, hand) = Clock::manual(START_MS);
    let limits = Limits { busy: std::time::Duration::from_millis(200), ..Limits::default() };
    let store = Store::connect_with(&url, clock.clone(), limits).await.unwrap();
    store.migrate().await.unwrap();
    Bench { store, clock, hand, url, database, _folder: folder }
}

async fn administer(server: &str, text: String) {
    sqlx::any::install_default_drivers();
    let pool = AnyPool::connect(server).await.unwrap();
    sqlx::raw_sql(AssertSqlSafe(text)).execute(&pool).await.unwrap();
    pool.close().await;
}

impl Bench {
    pub(crate) async fn drop_database(self) {
        if let Some((server, name)) = self.database {
            administer(&server, format!("DROP DATABASE {name} WITH (FORCE)")).await;
        }
    }
}

impl Bench {
    /// Runs a text on the writing connection; the first number it answers, or 0.
    pub(crate) async fn raw(&self, text: &str) -> i64 {
        let rows = self.store.pools.raw(text).await.unwrap();
        rows.first().map_or(0, |row| sqlx::Row::get(row, 0))
    }
}

impl Store {
    /// Keeps everybody else from writing deliveries, until what it returns is dropped.
    pub(crate) async fn locked(self) -> Box<dyn Any> {
        if self.dialect() == Dialect::Sqlite {
            self.pools.raw("BEGIN EXCLUSIVE").await.unwrap();
            return Box::new(self);
        }
        let mut tx = self.begin().await.unwrap();
        tx.script("LOCK TABLE deliveries".to_owned()).await.unwrap();
        Box::new(tx)
    }
}

impl crate::store::Jobs<'_> {
    /// Whether a lease holds at least until then.
    pub(crate) async fn lease_reaches(
        self,
        fence: &crate::store::Fence,
        until_ms: i64,
    ) -> Result<bool, crate::store::StoreError> {
        let (job, pools) = (fence.job(), &self.store().pools);
        let text = format!("SELECT 1 AS one FROM jobs WHERE seq = {job} AND lease_until >= {until_ms}");
        Ok(!pools.raw(&text).await?.is_empty())
    }
}
