//! Rate limits, shared by all instances through the store: pauses, the points of a minute, and whose turn it is to create content.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;

use crate::domain::ids::InstallationId;
use crate::domain::pace::{Asker, Purse, Sent, Spend, Verdict, spread_ms};
use crate::github::limits::{LimitResult, Limits};
use crate::store::{Holder, Permit, Store};

/// A turn that is never ended, because its process was killed, lasts so long: longer than GitHub is given for an exchange.
pub const TURN_MS: i64 = 45_000;
/// Worth waiting for in place: a job that comes back gathers all its facts again.
const SOON_MS: i64 = 2_000;
/// Waits for another instance's request to end, in milliseconds; after the last one the job comes back later.
const LOOKS_MS: [u64; 8] = [10, 20, 40, 80, 160, 320, 640, 1_280];
/// How much later.
const LATER_MS: i64 = 5_000;

/// Limits over the store.
pub struct StoreLimits {
    store: Store,
    instance: String,
    turn_ms: i64,
    purses: Mutex<HashMap<InstallationId, Purse>>,
    /// Where another instance holds the turn for long: whoever comes before then need not look again and again.
    taken_until: Mutex<HashMap<InstallationId, i64>>,
}

impl StoreLimits {
    /// Books are kept in `store`. A turn that is never ended lasts `turn_ms`: see [`TURN_MS`].
    pub fn new(store: Store, turn_ms: i64) -> Self {
        let instance = ulid::Ulid::generate().to_string();
        Self { store, instance, turn_ms, purses: Mutex::default(), taken_until: Mutex::default() }
    }

    fn now_ms(&self) -> i64 {
        self.store.clock().now_ms()
    }

    async fn read(&self, installation: InstallationId) -> LimitResult<Option<i64>> {
        let known = self.store.installations().get(installation).await?;
        Ok(known.map(|known| known.paused_until_ms))
    }

    /// Many installations may have been told the same moment; they do not come back in the same second.
    async fn write(&self, installation: InstallationId, until_ms: i64) -> LimitResult<()> {
        let spread_ms = spread_ms(installation.0, until_ms - self.now_ms());
        self.store.installations().pause(installation, until_ms.saturating_add(spread_ms)).await?;
        Ok(())
    }

    async fn ask_points(
        &self,
        installation: InstallationId,
        asker: Asker,
        points: i64,
    ) -> LimitResult<Verdict> {
        let mut spend = self.spend_held(installation, asker, points);
        if let Spend::Ask(wanted) = spend {
            let taken = self.store.paces().take(installation, wanted, asker.urgency).await?;
            let now_ms = self.now_ms();
            self.purses().entry(installation).or_default().answered(taken, asker.urgency, now_ms);
            spend = self.spend_held(installation, asker, points);
        }
        Ok(match spend {
            // Others may have emptied the new purse in between; the points were taken by somebody of this process.
            Spend::Now | Spend::Ask(_) => Verdict::Now,
            Spend::NotBefore(at_ms) => {
                Verdict::NotBefore(at_ms.saturating_add(spread_ms(asker.job, at_ms - self.now_ms())))
            }
        })
    }

    fn spend_held(&self, installation: InstallationId, asker: Asker, points: i64) -> Spend {
        let now_ms = self.now_ms();
        let mut purses = self.purses();
        if !purses.contains_key(&installation) {
            purses.retain(|_, purse| !purse.is_idle(now_ms));
        }
        purses.entry(installation).or_default().spend(points, asker.urgency, now_ms)
    }

    async fn ask_content(&self, installation: InstallationId, asker: Asker) -> LimitResult<Verdict> {
        if let Some(at_ms) = self.taken_until(installation) {
            return Ok(later(asker, at_ms));
        }
        let holder = Holder { instance: &self.instance, turn_ms: self.turn_ms };
        let mut looks = LOOKS_MS.into_iter().filter(|_| self.store.clock().runs_by_itself());
        loop {
            match self.store.paces().begin(installation, holder, asker).await? {
                Permit::Begun => return Ok(Verdict::Now),
                Permit::NotBefore(at_ms) => return Ok(Verdict::NotBefore(at_ms)),
                Permit::Taken => match looks.next() {
                    Some(wait_ms) => pause(wait_ms).await,
                    None => {
                        let at_ms = self.now_ms() + LATER_MS;
                        self.all_taken().insert(installation, at_ms);
                        return Ok(later(asker, at_ms));
                    }
                },
            }
        }
    }

    /// When to look again, if that was found out lately.
    fn taken_until(&self, installation: InstallationId) -> Option<i64> {
        let now_ms = self.now_ms();
        let mut all = self.all_taken();
        all.retain(|_, at_ms| *at_ms > now_ms);
        all.get(&installation).copied()
    }

    fn all_taken(&self) -> MutexGuard<'_, HashMap<InstallationId, i64>> {
        self.taken_until.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn wait_until(&self, until_ms: i64) -> bool {
        let wait_ms = until_ms - self.now_ms();
        if wait_ms > SOON_MS || !self.store.clock().runs_by_itself() {
            return false;
        }
        pause(wait_ms.max(1).unsigned_abs()).await;
        true
    }

    fn purses(&self) -> MutexGuard<'_, HashMap<InstallationId, Purse>> {
        self.purses.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Not all in the same second.
fn later(asker: Asker, at_ms: i64) -> Verdict {
    Verdict::NotBefore(at_ms + spread_ms(asker.job, 2 * LATER_MS))
}

impl Limits for StoreLimits {
    fn paused_until(&self, installation: InstallationId) -> BoxFuture<'_, LimitResult<Option<i64>>> {
        self.read(installation).boxed()
    }

    fn pause(&self, installation: InstallationId, until_ms: i64) -> BoxFuture<'_, LimitResult<()>> {
        self.write(installation, until_ms).boxed()
    }

    fn spend(
        &self,
        installation: InstallationId,
        asker: Asker,
        points: i64,
    ) -> BoxFuture<'_, LimitResult<Verdict>> {
        self.ask_points(installation, asker, points).boxed()
    }

    fn give_back(&self, installation: InstallationId, points: i64) {
        let now_ms = self.now_ms();
        self.purses().entry(installation).or_default().give_back(points, now_ms);
    }

    fn begin_content(
        &self,
        installation: InstallationId,
        asker: Asker,
    ) -> BoxFuture<'_, LimitResult<Verdict>> {
        self.ask_content(installation, asker).boxed()
    }

    fn end_content(&self, installation: InstallationId, sent: Sent) -> BoxFuture<'_, LimitResult<()>> {
        async move { Ok(self.store.paces().end(installation, &self.instance, sent).await?) }.boxed()
    }

    fn wait(&self, until_ms: i64) -> BoxFuture<'_, bool> {
        self.wait_until(until_ms).boxed()
    }
}

#[expect(clippy::disallowed_methods, reason = "shorter than the way through the queue and back")]
async fn pause(ms: u64) {
    tokio::time::sleep(Duration::from_millis(ms)).await;
}
