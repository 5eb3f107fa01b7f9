//! What this process has learned about each installation's budget.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::domain::ids::InstallationId;
use crate::github::rate::Left;
use crate::github::request::Resource;

/// Budgets by installation; `None` is the App itself.
#[derive(Default)]
pub(super) struct Budgets(Mutex<HashMap<Option<InstallationId>, Budget>>);

#[derive(Default)]
struct Budget {
    left: Option<Left>,
    strikes: u32,
    refused_until_ms: i64,
    paused_until_ms: HashMap<Resource, i64>,
}

impl Budgets {
    /// Until when requests on this budget have to wait, unix milliseconds.
    pub(super) fn paused_until(&self, whose: Option<InstallationId>, resource: Resource) -> Option<i64> {
        self.budgets().get(&whose)?.paused_until_ms.get(&resource).copied()
    }

    /// Requests on this budget have to wait until then.
    pub(super) fn pause(&self, whose: Option<InstallationId>, resource: Resource, until_ms: i64) {
        let mut budgets = self.budgets();
        let paused = budgets.entry(whose).or_default().paused_until_ms.entry(resource).or_insert(until_ms);
        *paused = (*paused).max(until_ms);
    }

    /// A refusal: everything has to wait until `until_ms`. Answers to requests that were under way at the same time are
    /// one refusal, not many.
    pub(super) fn strike(&self, whose: Option<InstallationId>, now_ms: i64, until_ms: i64) {
        let mut budgets = self.budgets();
        let budget = budgets.entry(whose).or_default();
        if now_ms >= budget.refused_until_ms {
            budget.strikes = budget.strikes.saturating_add(1);
        }
        budget.refused_until_ms = budget.refused_until_ms.max(until_ms);
    }

    /// Refusals in a row so far.
    pub(super) fn strikes(&self, whose: Option<InstallationId>) -> u32 {
        self.budgets().get(&whose).map_or(0, |budget| budget.strikes)
    }

    /// A good answer: the row of refusals is over.
    pub(super) fn good(&self, whose: Option<InstallationId>, left: Option<Left>) {
        let mut budgets = self.budgets();
        let budget = budgets.entry(whose).or_default();
        budget.strikes = 0;
        budget.left = left.or(budget.left);
    }

    /// Requests that GitHub said are left; nothing once its window has ended, or whoever keeps away from what is low would do so for
    /// ever.
    pub(super) fn remaining(&self, whose: Option<InstallationId>, now_ms: i64) -> Option<i64> {
        let left = self.budgets().get(&whose)?.left?;
        (now_ms < left.until_ms).then_some(left.requests)
    }

    fn budgets(&self) -> MutexGuard<'_, HashMap<Option<InstallationId>, Budget>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::Budgets;
    use crate::github::rate::Left;

    #[test]
    fn refusals_that_were_under_way_together_count_once() {
        let budgets = Budgets::default();
        budgets.strike(None, 0, 60_000);
        budgets.strike(None, 5, 60_005);
        assert_eq!(budgets.strikes(None), 1);
        budgets.strike(None, 60_005, 180_000);
        assert_eq!(budgets.strikes(None), 2);
        budgets.good(None, Some(Left { requests: 10, until_ms: 200_000 }));
        assert_eq!((budgets.strikes(None), budgets.remaining(None, 180_000)), (0, Some(10)));
        budgets.good(None, None);
        assert_eq!(budgets.remaining(None, 199_999), Some(10));
        assert_eq!(budgets.remaining(None, 200_000), None, "the window has ended");
    }
}
