//! Housekeeping: the figures that `/metrics` shows, and the clock.

use std::time::Duration;

use tokio::time::{MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;

use crate::store::{Pause, Store, StoreError};
use crate::telemetry::metrics::{Metrics, QueueFigures};

/// How often the queue is counted and the clock is set.
const EVERY: Duration = Duration::from_secs(15);

/// Does what nobody asks for.
pub struct Housekeeping {
    store: Store,
    metrics: Metrics,
}

impl Housekeeping {
    /// Keeps house in `store`.
    pub fn new(store: Store, metrics: Metrics) -> Self {
        Self { store, metrics }
    }

    /// Runs until `shutdown`.
    pub async fn run(self, shutdown: CancellationToken) {
        let mut ticks = interval(EVERY);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                () = shutdown.cancelled() => return,
                _ = ticks.tick() => {}
            }
            if let Err(error) = self.store.keep_time().await {
                tracing::warn!(%error, "the time could not be kept");
            }
            if let Err(error) = self.count().await {
                tracing::warn!(%error, "the queue could not be counted");
            }
        }
    }

    /// Counts what `/metrics` shows of the store.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn count(&self) -> Result<(), StoreError> {
        let (counts, oldest) = (self.store.jobs().counts().await?, self.store.jobs().oldest_due_ms().await?);
        let age = oldest.map_or(0, |due_ms| (self.store.clock().now_ms() - due_ms).max(0));
        self.metrics.queue(QueueFigures {
            ready: counts.open + counts.behind + counts.timed + counts.paused,
            running: counts.running,
            dead: counts.dead,
            depth: counts.open + counts.behind,
            oldest_ready_age_ms: age,
        });
        self.metrics.installations_paused(self.store.installations().paused().await?);
        self.metrics.writes_paused(self.store.switches().pause().await? != Pause::Off);
        self.metrics.counted(self.store.clock().now_ms());
        Ok(())
    }
}
