//! When we may speak to GitHub: pauses after a rate limit, the points of a minute, and the pace at which content is created.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use futures_util::future::{BoxFuture, FutureExt, ready};

use crate::clock::Clock;
use crate::domain::failure::BoxError;
use crate::domain::ids::InstallationId;
use crate::domain::pace::{Asker, Content, Points, Purse, Sent, Spend, Verdict};

/// What an implementation answers; an error means that its store failed, and nothing is sent.
pub type LimitResult<T> = Result<T, BoxError>;

/// Remembers limits per installation, across instances when it is implemented over the store.
pub trait Limits: Send + Sync {
    /// Unix milliseconds before which nothing may be sent for this installation; `None` or the past: go ahead.
    fn paused_until(&self, installation: InstallationId) -> BoxFuture<'_, LimitResult<Option<i64>>>;

    /// GitHub has told us to wait until then; a later pause that is already known stays.
    fn pause(&self, installation: InstallationId, until_ms: i64) -> BoxFuture<'_, LimitResult<()>>;

    /// Asked before each request with what it costs. [`Verdict::Now`] has taken the points.
    fn spend(
        &self,
        installation: InstallationId,
        asker: Asker,
        points: i64,
    ) -> BoxFuture<'_, LimitResult<Verdict>>;

    /// The request that these points were spent on did not leave.
    fn give_back(&self, installation: InstallationId, points: i64);

    /// Asked before each request that creates content, by one request at a time in this process. After [`Verdict::Now`] no
    /// other instance creates content for this installation until [`Limits::end_content`].
    fn begin_content(
        &self,
        installation: InstallationId,
        asker: Asker,
    ) -> BoxFuture<'_, LimitResult<Verdict>>;

    /// The request has its answer, or has none and is given up; one that never left is not counted.
    fn end_content(&self, installation: InstallationId, sent: Sent) -> BoxFuture<'_, LimitResult<()>>;

    /// Waits until then when that is soon; `false`: it is not, and the job had better come back.
    fn wait(&self, until_ms: i64) -> BoxFuture<'_, bool>;
}

/// Limits of one process.
pub struct InMemoryLimits {
    clock: Clock,
    installations: Mutex<HashMap<InstallationId, Known>>,
}

#[derive(Default)]
struct Known {
    paused_until_ms: Option<i64>,
    content: Content,
    points: Points,
    purse: Purse,
}

impl InMemoryLimits {
    /// Knows of no pause and no content yet.
    pub fn new(clock: Clock) -> Self {
        Self { clock, installations: Mutex::default() }
    }

    fn known(&self) -> MutexGuard<'_, HashMap<InstallationId, Known>> {
        self.installations.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Limits for InMemoryLimits {
    fn paused_until(&self, installation: InstallationId) -> BoxFuture<'_, LimitResult<Option<i64>>> {
        let until_ms = self.known().get(&installation).and_then(|known| known.paused_until_ms);
        ready(Ok(until_ms)).boxed()
    }

    fn pause(&self, installation: InstallationId, until_ms: i64) -> BoxFuture<'_, LimitResult<()>> {
        let mut known = self.known();
        let paused = &mut known.entry(installation).or_default().paused_until_ms;
        *paused = (*paused).max(Some(until_ms));
        ready(Ok(())).boxed()
    }

    fn spend(
        &self,
        installation: InstallationId,
        asker: Asker,
        points: i64,
    ) -> BoxFuture<'_, LimitResult<Verdict>> {
        let now_ms = self.clock.now_ms();
        let mut known = self.known();
        let Known { points: books, purse, .. } = known.entry(installation).or_default();
        let mut spend = purse.spend(points, asker.urgency, now_ms);
        if let Spend::Ask(wanted) = spend {
            purse.answered(books.take(wanted, asker.urgency, now_ms), asker.urgency, now_ms);
            spend = purse.spend(points, asker.urgency, now_ms);
        }
        let verdict = match spend {
            Spend::NotBefore(at_ms) => Verdict::NotBefore(at_ms),
            Spend::Now | Spend::Ask(_) => Verdict::Now,
        };
        ready(Ok(verdict)).boxed()
    }

    fn give_back(&self, installation: InstallationId, points: i64) {
        let now_ms = self.clock.now_ms();
        self.known().entry(installation).or_default().purse.give_back(points, now_ms);
    }

    fn begin_content(
        &self,
        installation: InstallationId,
        asker: Asker,
    ) -> BoxFuture<'_, LimitResult<Verdict>> {
        let now_ms = self.clock.now_ms();
        let verdict = self.known().entry(installation).or_default().content.ask(asker, now_ms);
        ready(Ok(verdict)).boxed()
    }

    fn end_content(&self, installation: InstallationId, sent: Sent) -> BoxFuture<'_, LimitResult<()>> {
        if sent == Sent::No {
            self.known().entry(installation).or_default().content.take_back();
        }
        ready(Ok(())).boxed()
    }

    fn wait(&self, _: i64) -> BoxFuture<'_, bool> {
        ready(false).boxed()
    }
}

#[cfg(test)]
mod tests {
    use super::{InMemoryLimits, Limits};
    use crate::clock::Clock;
    use crate::domain::ids::InstallationId;

    const ONE: InstallationId = InstallationId(1);
    const TWO: InstallationId = InstallationId(2);

    #[tokio::test]
    async fn a_pause_only_grows_and_is_one_installations_own() {
        let limits = InMemoryLimits::new(Clock::manual(0).0);
        limits.pause(ONE, 500).await.unwrap();
        limits.pause(ONE, 400).await.unwrap();
        assert_eq!(limits.paused_until(ONE).await.unwrap(), Some(500));
        assert_eq!(limits.paused_until(TWO).await.unwrap(), None);
    }
}
