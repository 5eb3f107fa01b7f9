//! What is old is erased: bodies of deliveries, their keys, finished jobs, and what is left of installations that were deleted.

use crate::ctx::JobCtx;
use crate::domain::failure::Outcome;
use crate::domain::message::Retention as Message;
use crate::queue::{Job, new_job};
use crate::store::{PRIORITY_SCHEDULE, Retention};
use crate::triggers::schedules::{AtStart, Schedule};

const DAY_MS: i64 = 86_400_000;

/// Bodies are kept for 14 days or up to 5 GB, whichever comes first; the keys that prevent doubles for 30 days.
const BODIES_MS: i64 = 14 * DAY_MS;
const KEYS_MS: i64 = 30 * DAY_MS;
const MAX_BYTES: i64 = 5_000_000_000;

/// The row of this file in the table.
pub static SCHEDULE: Schedule = Schedule {
    name: "retention",
    summary: "Erases bodies of deliveries after 14 days or above 5 GB, their keys, finished jobs and what mode `observe` wrote down after 30 days, and within the \
              hour whatever is left of an installation that was deleted.",
    line: "0 * * * *",
    spread_ms: 3_600_000,
    at_start: AtStart::Waits,
    priority: PRIORITY_SCHEDULE,
    job: |now_ms| new_job(&Message {}, now_ms),
};

impl Job<JobCtx> for Message {
    const NAME: &'static str = Self::NAME;
    const MAX_ATTEMPTS: i64 = Self::MAX_ATTEMPTS;

    async fn run(self, ctx: &JobCtx) -> Outcome {
        let (store, now_ms) = (&ctx.app.store, ctx.app.clock.now_ms());
        let retention = Retention {
            bodies_before_ms: now_ms - BODIES_MS,
            max_bytes: MAX_BYTES,
            keys_before_ms: now_ms - KEYS_MS,
        };
        let left = store.installations().erase_again(now_ms - KEYS_MS).await?;
        let pruned = store.inbox().prune(retention).await?;
        let finished = store.jobs().prune_finished(now_ms - KEYS_MS).await?;
        let observed = store.prune_observed(now_ms - KEYS_MS).await?;
        let allowances = store.forget_allowances_before(now_ms / DAY_MS).await?;
        let repaired = store.jobs().repair_lanes().await?;
        tracing::debug!(?left, ?pruned, finished, observed, allowances, repaired, "erased what is old");
        Ok(())
    }
}
