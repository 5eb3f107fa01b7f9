//! A store per test, and small makers of rows.

use millwright::clock::{Clock, ClockHand};
use millwright::domain::ids::{InstallationId, RepoId};
use millwright::store::{Claimant, Claimed, NewDelivery, NewJob, PackedBody, Store};
use sqlx::{AnyPool, AssertSqlSafe};

use crate::skips::skip;

pub const START_MS: i64 = 1_800_000_000_000;
pub const LEASE_MS: i64 = 60_000;

pub struct Bench {
    pub store: Store,
    pub clock: Clock,
    pub hand: ClockHand,
    pub url: String,
    _folder: Option<tempfile::TempDir>,
}

/// Runs a test on every database there is, with the whole schema.
pub async fn on_both(test: impl AsyncFn(&Bench)) {
    on_both_empty(async |bench: &Bench| {
        bench.store.migrate().await.unwrap();
        test(bench).await;
    })
    .await;
}

/// Runs a test on every database there is, without any schema.
pub async fn on_both_empty(test: impl AsyncFn(&Bench)) {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}/test.db", folder.path().display());
    test(&bench(url, Some(folder)).await).await;
    on_postgres(async |url: String| test(&bench(url, None).await).await).await;
}

/// Runs a test on a fresh PostgreSQL database, if there is a server; else says that it was skipped.
pub async fn on_postgres(test: impl AsyncFn(String)) {
    let Some(server) = server() else {
        skip("PostgreSQL, for MILLWRIGHT_TEST_POSTGRES is not set");
        return;
    };
    let name = format!("millwright_{}", ulid::Ulid::generate().to_string().to_lowercase());
    administer(&server, format!("CREATE DATABASE {name}")).await;
    let mut url = url::Url::parse(&server).unwrap();
    url.set_path(&name);
    test(url.to_string()).await;
    administer(&server, format!("DROP DATABASE {name} WITH (FORCE)")).await;
}

async fn bench(url: String, folder: Option<tempfile::TempDir>) -> Bench {
    let (clock, hand) = Clock::manual(START_MS);
    let store = Store::connect(&url, clock.clone()).await.unwrap();
    Bench { store, clock, hand, url, _folder: folder }
}

fn server() -> Option<String> {
    #[expect(clippy::disallowed_methods, reason = "tests learn from the environment where their server is")]
    std::env::var("MILLWRIGHT_TEST_POSTGRES").ok()
}

/// One statement on the database of this address, past the store.
pub async fn raw(url: &str, text: &str) {
    administer(url, text.to_owned()).await;
}

async fn administer(server: &str, text: String) {
    sqlx::any::install_default_drivers();
    let pool = AnyPool::connect(server).await.unwrap();
    sqlx::raw_sql(AssertSqlSafe(text)).execute(&pool).await.unwrap();
    pool.close().await;
}

impl Bench {
    /// Another instance on the same database, with the same clock.
    pub async fn another_instance(&self) -> Store {
        Store::connect(&self.url, self.clock.clone()).await.unwrap()
    }

    /// One statement, past the store.
    pub async fn raw(&self, text: &'static str) {
        administer(&self.url, text.to_owned()).await;
    }

    /// How many jobs are done or cancelled.
    pub async fn finished(&self) -> i64 {
        let pool = AnyPool::connect(&self.url).await.unwrap();
        let text = "SELECT COUNT(*) FROM jobs WHERE state IN ('done', 'cancelled')";
        let count = sqlx::query_scalar(text).fetch_one(&pool).await.unwrap();
        pool.close().await;
        count
    }

    /// Lets the lease of an attempt run out, and the time pass after which it is tried again.
    pub fn lose_lease(&self, attempt: i64) {
        self.hand.advance_ms(LEASE_MS + attempt.pow(4) * 1_500 + 1);
    }

    pub async fn claim(&self, worker: &str) -> Option<Claimed> {
        self.store.jobs().claim(&claimant(worker)).await.unwrap()
    }

    /// Claims and finishes jobs until none is left; their payloads in order.
    pub async fn work_off(&self) -> Vec<String> {
        let mut payloads = Vec::new();
        while let Some(claimed) = self.claim("w").await {
            assert!(self.store.jobs().done(&claimed.fence, None).await.unwrap());
            payloads.push(claimed.payload);
        }
        payloads
    }
}

pub fn claimant(worker: &str) -> Claimant {
    Claimant::new(worker, LEASE_MS, &["test.v1"])
}

pub fn job(payload: &str) -> NewJob {
    NewJob {
        name: "test.v1",
        payload: payload.to_owned(),
        lane: None,
        installation: Some(InstallationId(1)),
        repo: Some(RepoId(1)),
        priority: 0,
        run_at_ms: START_MS,
        dedupe: None,
        max_attempts: 3,
        delivery: None,
    }
}

pub fn in_lane(payload: &str, lane: &str) -> NewJob {
    NewJob { lane: Some(lane.to_owned()), ..job(payload) }
}

pub fn delivery(guid: &str) -> NewDelivery {
    NewDelivery {
        has_work: true,
        repository: None,
        guid: guid.to_owned(),
        event: "issue_comment".to_owned(),
        action: Some("created".to_owned()),
        installation: Some(InstallationId(1)),
        repo: Some(RepoId(1)),
        body: PackedBody::pack(br#"{"action":"created"}"#),
    }
}

pub fn job_of(guid: &str) -> NewJob {
    NewJob { delivery: Some(guid.to_owned()), ..job(guid) }
}

/// A batch as the store wants it.
pub fn pairs(batch: &[(NewDelivery, NewJob)]) -> Vec<(&NewDelivery, &NewJob)> {
    batch.iter().map(|(delivery, job)| (delivery, job)).collect()
}
