//! A clock that was ahead and has been set right: what was written by it waits no longer than it was to.

/// Clocks that differ by less set nothing back; a lease is as long.
pub const TOLERATED_MS: i64 = 60_000;

/// How far a clock was set back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SetBack {
    /// What it says now, unix milliseconds.
    pub now_ms: i64,
    /// The latest that it is known to have said, unix milliseconds.
    pub seen_ms: i64,
}

impl SetBack {
    /// Nothing where the clock has gone on, or is back by so little that it may be another machine's.
    pub fn between(seen_ms: i64, now_ms: i64) -> Option<Self> {
        (seen_ms.saturating_sub(now_ms) > TOLERATED_MS).then_some(Self { now_ms, seen_ms })
    }

    /// By so much, in milliseconds.
    pub fn by_ms(self) -> i64 {
        self.seen_ms.saturating_sub(self.now_ms)
    }

    /// A moment that somebody waits for: what was still to come when the clock was last seen is as far away as it was then, and
    /// what had come by then has come.
    pub fn waited_for(self, at_ms: i64) -> i64 {
        match at_ms > self.seen_ms {
            true => at_ms.saturating_sub(self.by_ms()),
            false => at_ms.min(self.now_ms),
        }
    }

    /// A moment at which something was done.
    pub fn done(self, at_ms: i64) -> i64 {
        match at_ms > self.now_ms {
            true => at_ms.saturating_sub(self.by_ms()).min(self.now_ms),
            false => at_ms,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::SetBack;

    #[test]
    fn what_waits_is_as_far_away_as_it_was() {
        let back = SetBack::between(4_600_000, 1_000_000).unwrap();
        assert_eq!(back.by_ms(), 3_600_000);
        let moments = [900_000, 1_000_000, 1_000_001, 4_600_000, 4_600_001, 4_660_000];
        assert_eq!(
            moments.map(|at_ms| back.waited_for(at_ms)),
            [900_000, 1_000_000, 1_000_000, 1_000_000, 1_000_001, 1_060_000]
        );
        assert_eq!(
            moments.map(|at_ms| back.done(at_ms)),
            [900_000, 1_000_000, -2_599_999, 1_000_000, 1_000_000, 1_000_000]
        );
    }

    #[test]
    fn clocks_that_differ_a_little_set_nothing_back() {
        assert_eq!(SetBack::between(1_060_000, 1_000_000), None);
        assert_eq!(SetBack::between(0, 1_000_000), None);
        assert!(SetBack::between(1_060_001, 1_000_000).is_some());
        assert!(SetBack::between(i64::MAX, i64::MIN).is_some());
    }
}
