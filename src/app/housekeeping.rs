//! Housekeeping: the figures that `/metrics` shows, and what is erased when its time is over.

use std::time::Duration;

use tokio::time::{MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;

use crate::store::{Retention, Store, StoreError};
use crate::telemetry::metrics::{Metrics, QueueFigures};

/// How often the queue is counted.
const EVERY: Duration = Duration::from_secs(15);

/// Erasing comes once in so many rounds: hourly.
const ROUNDS: u64 = 240;

const DAY_MS: i64 = 86_400_000;

/// Bodies are kept for 14 days or up to 5 GB, whichever comes first; the keys that prevent doubles for 30 days.
const BODIES_MS: i64 = 14 * DAY_MS;
const KEYS_MS: i64 = 30 * DAY_MS;

/// What mode `observe` would have done is kept as long as people need to compare it with what they see.
const OBSERVED_MS: i64 = 30 * DAY_MS;

/// Jobs that ran while their installation was deleted have ended by then.
const LATE_MS: i64 = 2 * DAY_MS;
const MAX_BYTES: i64 = 5_000_000_000;

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
        for round in 0_u64.. {
            tokio::select! {
                () = shutdown.cancelled() => return,
                _ = ticks.tick() => {}
            }
            if let Err(error) = self.count().await {
                tracing::warn!(%error, "the queue could not be counted");
            }
            if round % ROUNDS == 0
                && let Err(error) = self.erase().await
            {
                tracing::warn!(%error, "old deliveries could not be erased");
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
            ready: counts.open + counts.behind + counts.timed,
            running: counts.running,
            dead: counts.dead,
            depth: counts.open + counts.behind,
            oldest_ready_age_ms: age,
        });
        self.metrics.installations_paused(self.store.installations().paused().await?);
        Ok(())
    }

    /// Erases what is kept no longer.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn erase(&self) -> Result<(), StoreError> {
        let now_ms = self.store.clock().now_ms();
        let retention = Retention {
            bodies_before_ms: now_ms - BODIES_MS,
            max_bytes: MAX_BYTES,
            keys_before_ms: now_ms - KEYS_MS,
        };
        let pruned = self.store.inbox().prune(retention).await?;
        let finished = self.store.jobs().prune_finished(now_ms - KEYS_MS).await?;
        let observed = self.store.prune_observed(now_ms - OBSERVED_MS).await?;
        let late = self.store.installations().erase_again(now_ms - LATE_MS).await?;
        let allowances = self.store.forget_allowances_before(now_ms / DAY_MS).await?;
        let repaired = self.store.jobs().repair_lanes().await?;
        tracing::debug!(?pruned, finished, observed, allowances, ?late, repaired, "erased what is old");
        Ok(())
    }
}
