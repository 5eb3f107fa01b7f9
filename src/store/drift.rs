//! One time for all instances: leases and intents that one writes another one compares, so that where several share a PostgreSQL
//! server, its clock counts and not each machine's own.

use crate::store::error::StoreError;
use crate::store::sql::statements;
use crate::store::{Dialect, Store};

/// The clock stays as it is while it differs by less: its time is to be even rather than exact, and a lease is a minute.
const TOLERATED_MS: i64 = 250;
/// What the operator is told of.
const WORTH_TELLING_MS: i64 = 1_000;
/// The first answer is slow where the connection is opened for it; the quickest one says most.
const LOOKS: usize = 3;

statements! {
    SERVER_TIME = postgres_only "SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT) AS now_ms";
}

/// What one question has told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Look {
    /// How far the server is ahead.
    ahead_ms: i64,
    /// It may be so much more or less.
    unsure_ms: i64,
}

impl Look {
    /// Nothing where the machine's clock was set back meanwhile.
    fn new(asked_ms: i64, server_ms: i64, answered_ms: i64) -> Option<Self> {
        let unsure_ms = answered_ms.checked_sub(asked_ms).filter(|took_ms| *took_ms >= 0)? / 2;
        Some(Self { ahead_ms: server_ms.saturating_sub(asked_ms).saturating_sub(unsure_ms), unsure_ms })
    }

    /// By how much the machine's clock is to be corrected instead of `corrected_ms`; nothing where that is good enough.
    fn instead_of(self, corrected_ms: i64) -> Option<i64> {
        let off_ms = self.ahead_ms.saturating_sub(corrected_ms).saturating_abs();
        (off_ms > self.unsure_ms.saturating_add(TOLERATED_MS)).then_some(self.ahead_ms)
    }
}

impl Store {
    /// Sets this process's clock by the database server's, which all instances share; SQLite has none of its own.
    ///
    /// # Errors
    /// When the database cannot be asked; the clock stays as it was.
    pub async fn set_clock(&self) -> Result<(), StoreError> {
        let Some(machine) = self.clock.machine().filter(|_| self.dialect() == Dialect::Postgres) else {
            return Ok(());
        };
        let mut best: Option<Look> = None;
        for _ in 0..LOOKS {
            let asked_ms = machine.uncorrected_ms();
            let Some(row) = self.read(&SERVER_TIME).row().await? else { continue };
            let Some(look) = Look::new(asked_ms, row.int("now_ms")?, machine.uncorrected_ms()) else {
                continue;
            };
            best = best.filter(|best| best.unsure_ms <= look.unsure_ms).or(Some(look));
        }
        if let Some(ahead_ms) = best.and_then(|look| look.instead_of(machine.corrected_ms())) {
            machine.correct_by(ahead_ms);
            if ahead_ms.saturating_abs() > WORTH_TELLING_MS {
                tracing::warn!(
                    ahead_ms,
                    "the database server's clock differs from this machine's and is used; set both by NTP"
                );
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::Look;

    #[test]
    fn the_middle_of_question_and_answer_is_compared() {
        assert_eq!(Look::new(1_000, 4_050, 1_100), Some(Look { ahead_ms: 3_000, unsure_ms: 50 }));
        assert_eq!(Look::new(1_000, 500, 900), None, "it was set meanwhile");
    }

    #[test]
    fn a_clock_is_set_only_where_it_is_off_for_sure() {
        let look = |ahead_ms, unsure_ms| Look { ahead_ms, unsure_ms };
        assert_eq!(look(200, 10).instead_of(0), None);
        assert_eq!(look(3_000, 2_900).instead_of(0), None);
        assert_eq!(look(3_000, 100).instead_of(0), Some(3_000));
        assert_eq!(look(3_000, 100).instead_of(2_900), None);
        assert_eq!(look(-90_000, 1).instead_of(0), Some(-90_000));
        assert_eq!(look(0, 1).instead_of(5_000), Some(0), "it was set right");
        assert_eq!(look(i64::MAX, 1).instead_of(-1), Some(i64::MAX));
    }
}
