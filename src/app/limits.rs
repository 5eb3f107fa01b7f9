//! Rate limits: pauses are shared by all instances through the store, the pace of content creation is kept by each process.

use futures_util::FutureExt;
use futures_util::future::BoxFuture;

use crate::clock::Clock;
use crate::domain::ids::InstallationId;
use crate::github::limits::{InMemoryLimits, LimitResult, Limits, Pace};
use crate::store::Store;

/// Limits over the store.
pub struct StoreLimits {
    store: Store,
    pace: InMemoryLimits,
}

impl StoreLimits {
    /// Pauses are kept in `store`.
    pub fn new(store: Store, clock: Clock) -> Self {
        Self { store, pace: InMemoryLimits::new(clock) }
    }

    async fn read(&self, installation: InstallationId) -> LimitResult<Option<i64>> {
        let known = self.store.installations().get(installation).await?;
        Ok(known.map(|known| known.paused_until_ms))
    }

    async fn write(&self, installation: InstallationId, until_ms: i64) -> LimitResult<()> {
        self.store.installations().pause(installation, until_ms).await?;
        Ok(())
    }

    async fn ask(&self, installation: InstallationId) -> LimitResult<Pace> {
        self.pace.create_content(installation).await
    }
}

impl Limits for StoreLimits {
    fn paused_until(&self, installation: InstallationId) -> BoxFuture<'_, LimitResult<Option<i64>>> {
        self.read(installation).boxed()
    }

    fn pause(&self, installation: InstallationId, until_ms: i64) -> BoxFuture<'_, LimitResult<()>> {
        self.write(installation, until_ms).boxed()
    }

    fn create_content(&self, installation: InstallationId) -> BoxFuture<'_, LimitResult<Pace>> {
        self.ask(installation).boxed()
    }
}
