//! What starts by itself, again and again: one file per schedule, and their table.

pub mod retention; // what is old is erased
pub mod sweep; // what GitHub could not deliver is fetched
pub mod reconcile; // what no delivery told us of is found

use crate::domain::failure::Outcome;
use crate::store::NewJob;

/// Something that recurs; the timetable, the docs and the tests read this.
pub struct Schedule {
    /// The name of its file.
    pub name: &'static str,
    /// One sentence for the docs.
    pub summary: &'static str,
    /// When: a cron line of five fields, in UTC wherever the program runs, so that no change of a clock on a wall repeats or
    /// leaves out a slot.
    pub line: &'static str,
    /// Each App runs up to so much later than the line says, always by the same amount; in milliseconds.
    pub spread_ms: i64,
    /// Whether a start of the program waits for the next slot.
    pub at_start: AtStart,
    /// Before whom its job runs: see the priorities of the store.
    pub priority: i64,
    /// Its job, due at this moment (unix ms).
    pub job: fn(i64) -> Outcome<NewJob>,
}

/// What a schedule does when the program starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AtStart {
    /// Runs at once, too, and once more half a minute later: what failed on its way to the process before this one, or while
    /// this one started, is known only then.
    Runs,
    /// Waits for its next slot.
    Waits,
}

/// All schedules.
pub static SCHEDULES: &[&Schedule] = &[&retention::SCHEDULE, &sweep::SCHEDULE, &reconcile::SCHEDULE];
