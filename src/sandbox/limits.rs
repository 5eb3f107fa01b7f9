//! The primary and secondary rate limits, counted per installation in the world's time.

use std::collections::{BTreeMap, VecDeque};

use super::refusal::Refusal;

const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 3_600_000;

/// The figures that GitHub publishes; a test may lower them.
#[derive(Debug, Clone)]
pub struct Rates {
    /// Requests per hour and installation.
    pub core_per_hour: i64,
    /// Searches per minute and installation.
    pub search_per_minute: i64,
    /// GraphQL points per hour and installation.
    pub graphql_per_hour: i64,
    /// Points per minute and installation: a read is 1, a write 5.
    pub points_per_minute: i64,
    /// New issues, comments and relations per minute and installation.
    pub content_per_minute: usize,
    /// The same per hour.
    pub content_per_hour: usize,
}

impl Default for Rates {
    fn default() -> Self {
        Self {
            core_per_hour: 5_000,
            search_per_minute: 30,
            graphql_per_hour: 5_000,
            points_per_minute: 900,
            content_per_minute: 80,
            content_per_hour: 500,
        }
    }
}

/// A budget of its own, as `x-ratelimit-resource` names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Resource {
    /// Everything that is not below.
    Core,
    /// `/search`.
    Search,
    /// `/graphql`.
    Graphql,
}

impl Resource {
    /// GitHub's word.
    pub fn name(self) -> &'static str {
        match self {
            Self::Core => "core",
            Self::Search => "search",
            Self::Graphql => "graphql",
        }
    }
}

/// State of one budget.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// Requests per window.
    pub limit: i64,
    /// Used in this window.
    pub used: i64,
    /// Unix milliseconds at which the window ends.
    pub reset_ms: i64,
}

impl Budget {
    /// What is left.
    pub fn remaining(&self) -> i64 {
        (self.limit - self.used).max(0)
    }
}

/// What a request costs.
#[derive(Debug, Clone, Copy)]
pub struct Cost {
    /// Budget it is taken from.
    pub resource: Resource,
    /// Points of the per-minute limit.
    pub points: i64,
    /// Whether it makes content that people are notified of.
    pub content: bool,
}

/// All counters.
#[derive(Debug, Default)]
pub(super) struct Limits {
    pub rates: Rates,
    windows: BTreeMap<(i64, Resource), Window>,
    points: BTreeMap<i64, VecDeque<(i64, i64)>>,
    content: BTreeMap<i64, VecDeque<i64>>,
}

#[derive(Debug, Clone, Copy)]
struct Window {
    used: i64,
    reset_ms: i64,
}

impl Limits {
    /// The state of a budget, without using it.
    pub fn budget(&self, installation: i64, resource: Resource, now_ms: i64) -> Budget {
        let (limit, length) = self.size(resource);
        match self.windows.get(&(installation, resource)) {
            Some(window) if window.reset_ms > now_ms => {
                Budget { limit, used: window.used, reset_ms: window.reset_ms }
            }
            _ => Budget { limit, used: 0, reset_ms: now_ms + length },
        }
    }

    /// Takes one request from the budgets, or refuses as GitHub does: the primary limit with `x-ratelimit-reset`
    /// (the caller adds the headers), a secondary one with `Retry-After`.
    pub fn take(&mut self, installation: i64, cost: Cost, now_ms: i64) -> Result<(), Refusal> {
        let budget = self.budget(installation, cost.resource, now_ms);
        if budget.remaining() == 0 {
            return Err(Refusal::new(
                403,
                format!("API rate limit exceeded for installation ID {installation}."),
            ));
        }
        self.check_secondary(installation, cost, now_ms)?;
        let window = Window { used: budget.used + 1, reset_ms: budget.reset_ms };
        self.windows.insert((installation, cost.resource), window);
        self.points.entry(installation).or_default().push_back((now_ms, cost.points));
        if cost.content {
            self.content.entry(installation).or_default().push_back(now_ms);
        }
        Ok(())
    }

    /// Gives a request back: a 304 does not count.
    pub fn give_back(&mut self, installation: i64, resource: Resource) {
        if let Some(window) = self.windows.get_mut(&(installation, resource)) {
            window.used = (window.used - 1).max(0);
        }
    }

    fn size(&self, resource: Resource) -> (i64, i64) {
        match resource {
            Resource::Core => (self.rates.core_per_hour, HOUR_MS),
            Resource::Search => (self.rates.search_per_minute, MINUTE_MS),
            Resource::Graphql => (self.rates.graphql_per_hour, HOUR_MS),
        }
    }

    fn check_secondary(&mut self, installation: i64, cost: Cost, now_ms: i64) -> Result<(), Refusal> {
        let points = self.points.entry(installation).or_default();
        while points.front().is_some_and(|(at, _)| at + MINUTE_MS <= now_ms) {
            points.pop_front();
        }
        let spent: i64 = points.iter().map(|(_, points)| points).sum();
        if spent + cost.points > self.rates.points_per_minute {
            return Err(secondary(points.front().map_or(now_ms, |(at, _)| at + MINUTE_MS) - now_ms));
        }
        if !cost.content {
            return Ok(());
        }
        let content = self.content.entry(installation).or_default();
        while content.front().is_some_and(|at| at + HOUR_MS <= now_ms) {
            content.pop_front();
        }
        if content.len() >= self.rates.content_per_hour {
            return Err(secondary(content.front().map_or(now_ms, |at| at + HOUR_MS) - now_ms));
        }
        let mut recent = content.iter().filter(|at| **at + MINUTE_MS > now_ms);
        let oldest = recent.next().copied();
        match oldest {
            Some(at) if recent.count() + 1 >= self.rates.content_per_minute => {
                Err(secondary(at + MINUTE_MS - now_ms))
            }
            _ => Ok(()),
        }
    }
}

/// GitHub's answer to too much at once.
pub fn secondary(wait_ms: i64) -> Refusal {
    let seconds = (wait_ms.max(1) + 999) / 1000;
    Refusal { headers: vec![("retry-after", seconds.to_string())], ..Refusal::new(403, SECONDARY_MESSAGE) }
}

/// The sentence by which clients know a secondary limit.
pub const SECONDARY_MESSAGE: &str =
    "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.";

#[cfg(test)]
mod tests {
    use super::*;

    const COMMENT: Cost = Cost { resource: Resource::Core, points: 5, content: true };

    #[test]
    fn content_is_limited_in_a_sliding_minute() {
        let mut limits = Limits::default();
        limits.rates.content_per_minute = 3;
        for at in [0, 10_000, 20_000] {
            assert!(limits.take(1, COMMENT, at).is_ok());
        }
        let refused = limits.take(1, COMMENT, 30_000).unwrap_err();
        assert_eq!((refused.status, refused.headers), (403, vec![("retry-after", "30".to_owned())]));
        assert!(limits.take(2, COMMENT, 30_000).is_ok(), "another installation is not affected");
        assert!(limits.take(1, COMMENT, 60_000).is_ok());
        assert!(limits.take(1, COMMENT, 60_001).is_err(), "the window slides");
    }

    #[test]
    fn the_hour_has_its_own_limit() {
        let mut limits = Limits::default();
        limits.rates.content_per_hour = 2;
        assert!(limits.take(1, COMMENT, 0).is_ok());
        assert!(limits.take(1, COMMENT, 120_000).is_ok());
        assert!(limits.take(1, COMMENT, 240_000).is_err());
        assert!(limits.take(1, COMMENT, HOUR_MS).is_ok());
    }

    #[test]
    fn a_budget_refills_at_its_reset() {
        let mut limits = Limits::default();
        limits.rates.core_per_hour = 1;
        let read = Cost { resource: Resource::Core, points: 1, content: false };
        assert!(limits.take(1, read, 5).is_ok());
        assert!(limits.take(1, read, 6).unwrap_err().message.starts_with("API rate limit exceeded"));
        assert_eq!(limits.budget(1, Resource::Core, 6).reset_ms, 5 + HOUR_MS);
        assert!(limits.take(1, read, 5 + HOUR_MS).is_ok());
    }
}
