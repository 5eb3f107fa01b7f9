//! How far the sweep of GitHub's delivery log has come: what is written down after each page, so that a restart goes on there.

use serde::{Deserialize, Serialize};

/// The log is read again this far behind what was read before: a delivery enters it only once its attempt has ended, and our clock
/// plays no part in it. In milliseconds.
pub const OVERLAP_MS: i64 = 5 * 60_000;

/// What is known of the log.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// Everything that was delivered before this moment (unix ms by GitHub's clock) has been looked at; none before the first
    /// round has ended.
    pub through_ms: Option<i64>,
    /// The round that is under way.
    pub round: Option<Round>,
    /// Missed deliveries up to this one of the log have been asked for by the look through them that is under way; 0: none.
    #[serde(default)]
    pub asked_through: i64,
}

/// One walk through the log, from the newest entry back to what was looked at before.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Round {
    /// Where the next page begins.
    pub cursor: String,
    /// The newest entry when the round began; unix ms by GitHub's clock.
    pub newest_ms: i64,
}

/// What one page tells about the walk.
#[derive(Debug, Clone, Copy)]
pub struct Page<'a> {
    /// When its newest entry was delivered; none for an empty page.
    pub newest_ms: Option<i64>,
    /// When its oldest entry was delivered.
    pub oldest_ms: Option<i64>,
    /// Where the next, older page begins.
    pub next_cursor: Option<&'a str>,
}

impl Progress {
    /// Whether this database has never seen the log to its end.
    pub fn is_first(&self) -> bool {
        self.through_ms.is_none()
    }

    /// Where to read on; none: at the newest entry.
    pub fn cursor(&self) -> Option<&str> {
        self.round.as_ref().map(|round| round.cursor.as_str())
    }

    /// After a page; the round is over when `round` is none.
    pub fn after(&self, page: Page<'_>) -> Self {
        let through_ms = self.through_ms.unwrap_or(0);
        let newest_ms = match &self.round {
            Some(round) => round.newest_ms,
            None => page.newest_ms.map_or(through_ms, |newest_ms| newest_ms.max(through_ms)),
        };
        let reached = page.oldest_ms.is_some_and(|oldest_ms| oldest_ms < through_ms - OVERLAP_MS);
        match page.next_cursor.filter(|_| !reached) {
            Some(cursor) => {
                Self { round: Some(Round { cursor: cursor.to_owned(), newest_ms }), ..self.clone() }
            }
            None => Self { through_ms: Some(newest_ms), round: None, ..*self },
        }
    }

    /// The cursor leads nowhere any more: the next round begins at the newest entry.
    pub fn from_the_top(&self) -> Self {
        Self { round: None, ..*self }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, prop_assert, proptest};

    use super::{OVERLAP_MS, Page, Progress};

    /// Entries per page of the log below.
    const SIZE: usize = 5;

    /// A page of a log that holds an entry per moment, newest first; the cursor is the moment of the last entry seen.
    fn page(log: &[i64], cursor: Option<&str>) -> (Vec<i64>, Option<String>) {
        let before = cursor.map_or(i64::MAX, |cursor| cursor.parse().unwrap());
        let mut older = log.iter().rev().copied().filter(|entry| *entry < before);
        let entries = older.by_ref().take(SIZE).collect::<Vec<_>>();
        let next = older.next().and(entries.last()).map(ToString::to_string);
        (entries, next)
    }

    fn read(progress: &Progress, log: &[i64]) -> (Vec<i64>, Progress) {
        let (entries, next) = page(log, progress.cursor());
        let (newest_ms, oldest_ms) = (entries.first().copied(), entries.last().copied());
        let after = progress.after(Page { newest_ms, oldest_ms, next_cursor: next.as_deref() });
        (entries, after)
    }

    #[test]
    fn the_first_round_reads_everything_and_the_next_one_page() {
        let mut log = (1..=23).map(|minute| minute * 60 * 60_000).collect::<Vec<_>>();
        let mut progress = Progress::default();
        let mut pages = 0;
        loop {
            (_, progress) = read(&progress, &log);
            pages += 1;
            if progress.round.is_none() {
                break;
            }
        }
        assert_eq!((pages, progress.through_ms), (5, Some(23 * 60 * 60_000)));
        log.push(24 * 60 * 60_000);
        let (entries, after) = read(&progress, &log);
        assert_eq!((entries.len(), after.round, after.through_ms), (SIZE, None, Some(24 * 60 * 60_000)));
    }

    #[test]
    fn an_empty_log_ends_the_round_and_keeps_what_is_known() {
        let before = Progress { through_ms: Some(7), asked_through: 3, round: None };
        assert_eq!(read(&before, &[]).1, before);
        let first = read(&Progress::default(), &[]).1;
        assert_eq!((first.is_first(), first.round), (false, None));
    }

    proptest! {
        /// Entries come in while rounds are under way, and each page may be the last before a crash: what was written down after
        /// it is all that is left. In the end no entry was passed over.
        #[test]
        fn no_entry_is_passed_over(steps in proptest::collection::vec((0_usize..4, any::<bool>()), 1..60)) {
            let (mut log, mut seen) = (Vec::new(), std::collections::BTreeSet::new());
            let (mut progress, mut now) = (Progress::default(), 0);
            let mut look = |progress: &mut Progress, log: &[i64]| {
                let (entries, after) = read(progress, log);
                seen.extend(entries);
                *progress = after;
            };
            for (arrivals, reads) in steps {
                for _ in 0..arrivals {
                    now += OVERLAP_MS / 2;
                    log.push(now);
                }
                if reads {
                    look(&mut progress, &log);
                }
            }
            // Two rounds: the one under way, and one that begins now.
            let mut rounds = 0;
            while rounds < 2 {
                look(&mut progress, &log);
                rounds += usize::from(progress.round.is_none());
            }
            prop_assert!(log.iter().all(|entry| seen.contains(entry)), "{log:?} {seen:?}");
        }
    }
}
