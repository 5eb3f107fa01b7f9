//! What no delivery told us of is found: every repository with something of ours is looked through now and then.

use std::collections::BTreeMap;

use crate::ctx::JobCtx;
use crate::domain::failure::Outcome;
use crate::domain::message::{LookThrough, Reconcile as Message};
use crate::domain::schedule::share_ms;
use crate::queue::{Job, new_job};
use crate::store::{NewJob, PRIORITY_SCHEDULE};
use crate::triggers::schedules::{AtStart, Schedule};

/// A repository that was not heard of for so long is only looked through while something of ours is open in it.
const LIVELY_MS: i64 = 14 * 86_400_000;

/// Repositories of one installation per run: two requests each, twice an hour, are a sixth of the smallest budget. With more of
/// them, those that waited longest come first.
const REPOSITORIES: usize = 200;

/// The looks of one run are spread over so long: done before the next run, and within the hour after what they find.
const SPREAD_MS: i64 = 25 * 60_000;

/// The row of this file in the table.
pub static SCHEDULE: Schedule = Schedule {
    name: "reconcile",
    summary: "Looks through the repositories that were heard of within 14 days or have an open plan or work item, at most 200 of an \
              installation each time: commands that no delivery told us of, or \
              that nothing works for any more, are answered, and work items follow their issues.",
    line: "*/30 * * * *",
    spread_ms: 1_800_000,
    at_start: AtStart::Waits,
    priority: PRIORITY_SCHEDULE,
    job: |now_ms| new_job(&Message {}, now_ms),
};

impl Job<JobCtx> for Message {
    const NAME: &'static str = Self::NAME;
    const MAX_ATTEMPTS: i64 = Self::MAX_ATTEMPTS;

    async fn run(self, ctx: &JobCtx) -> Outcome {
        let (store, now_ms) = (&ctx.app.store, ctx.app.clock.now_ms());
        let mut taken = BTreeMap::new();
        for (repo, installation) in store.reconciled().due(now_ms - LIVELY_MS).await? {
            let taken: &mut usize = taken.entry(installation).or_default();
            *taken += 1;
            if *taken > REPOSITORIES {
                continue;
            }
            let key = format!("reconcile/{repo}");
            let job = NewJob {
                lane: Some(key.clone()),
                installation: Some(installation),
                repo: Some(repo),
                priority: PRIORITY_SCHEDULE,
                run_at_ms: now_ms + share_ms(&key, SPREAD_MS),
                dedupe: Some(key),
                ..new_job::<JobCtx, _>(&LookThrough {}, now_ms)?
            };
            store.jobs().enqueue(&job).await?;
        }
        for (installation, found) in taken.into_iter().filter(|(_, found)| *found > REPOSITORIES) {
            tracing::info!(%installation, left = found - REPOSITORIES, "some repositories are looked through later");
        }
        Ok(())
    }
}
