//! What the figures have to be, and whether they are: a run that misses a goal fails.
//!
//! The goals were set as multiples of a peer's figures, Probot 14.3.2 on Node 20. They are held against the ceiling here, whose own
//! multiple of the peer is known (docs/performance.md): a ratio within one run does not depend on the machine.

/// What one figure has to be.
pub struct Goal {
    /// On which database; empty where there is but one figure.
    database: &'static str,
    name: &'static str,
    bound: Bound,
    unit: &'static str,
}

enum Bound {
    AtLeast(f64),
    AtMost(f64),
    /// A count, in which neither more nor less is right.
    Exactly(f64),
}

const fn at_least(name: &'static str, bound: f64, unit: &'static str) -> Goal {
    Goal { database: "", name, bound: Bound::AtLeast(bound), unit }
}

const fn at_most(name: &'static str, bound: f64, unit: &'static str) -> Goal {
    Goal { database: "", name, bound: Bound::AtMost(bound), unit }
}

const fn exactly(name: &'static str, bound: f64, unit: &'static str) -> Goal {
    Goal { database: "", name, bound: Bound::Exactly(bound), unit }
}

pub const INGEST: Goal = at_least("SQLite, deliveries per s at 64", 0.6, "× ceiling");
pub const INGEST_POSTGRES: Goal = at_least("PostgreSQL, deliveries per s at 64", 0.2, "× ceiling");
pub const ACK_16: Goal = at_most("SQLite, ack p99 at 16", 1.6, "× ceiling");
pub const ACK_64: Goal = at_most("SQLite, ack p99 at 64", 2.5, "× ceiling");
/// Nobody asked for these four: the ceiling has no workers. They keep what workers take from the receiver within bounds.
pub const INGEST_READ: Goal =
    at_least("SQLite, deliveries per s at 64, each read by a worker", 0.5, "× ceiling");
pub const INGEST_POSTGRES_READ: Goal =
    at_least("PostgreSQL, deliveries per s at 64, each read by a worker", 0.15, "× ceiling");
pub const ACK_16_READ: Goal = at_most("SQLite, ack p99 at 16, each read by a worker", 2.5, "× ceiling");
pub const ACK_64_READ: Goal = at_most("SQLite, ack p99 at 64, each read by a worker", 2.5, "× ceiling");
/// Times are those of deliveries that were taken; a receiver that refuses has an easy time of it.
pub const REFUSED: Goal = exactly("deliveries refused while acks were timed", 0.0, "deliveries");
pub const ACK_FULL: Goal = at_most("ack p99 at 16 with a full queue", 2.0, "× an idle one");
pub const ACK_LONG: Goal = at_most("ack p99 at 16 with a long queue", 2.0, "× a short one");
pub const CLAIM: Goal =
    at_most("claim p99 in plain writes with a long queue, the worst of them", 2.0, "× the shortest queue's");
/// Far below what people notice, and above what the slower of both databases needs on a small machine.
pub const COMMENTS: Goal = at_most("webhook to comment, p99", 500.0, "ms");
/// The whole of it: webhook, reads, plan, comment, and the pauses that GitHub asks for between two writes.
pub const ENHANCE: Goal = at_most("`/enhance` in the demo's repository to the plan, p95", 5_000.0, "ms");
pub const SWEEP: Goal = at_most("7,000 missed deliveries, 270 relevant", 300.0, "s");
pub const FETCHED: Goal = exactly("of 7,000 missed deliveries, fetched", 270.0, "deliveries");
pub const REPAIRED: Goal = at_most("2,000 deliveries, killed in the middle: all made up for", 60.0, "s");
/// One that was missed may stand in line behind a job that the killed program held, and that comes back a minute later.
pub const REPAIRED_DONE: Goal = at_most("the same, until what was missed is handled as well", 90.0, "s");
pub const LOST: Goal = exactly("of those accepted before the kill, lost", 0.0, "deliveries");
pub const DOUBLED: Goal = exactly("of those 2,000, not handled exactly once", 0.0, "deliveries");
pub const START: Goal = at_most("start to ready, p50", 25.0, "ms");
pub const IDLE: Goal = at_most("memory idle", 16.0, "MiB");
pub const AFTER: Goal = at_most("memory after the deliveries", 37.0, "MiB");
pub const AFTER_READ: Goal = at_most("memory after as many that workers have read", 37.0, "MiB");
pub const UNSIGNED: Goal = at_most("growth by an unsigned body of 200 MiB", 32.0, "MiB");
pub const NEXT: Goal = at_most("the next delivery after it, p95", 20.0, "ms");
/// From the table of faults, F18.
pub const ACK_FLOOD: Goal = at_most("ack p99 at 16 in a flood", 1_000.0, "ms");
/// A receiver that refuses nearly all has short times.
pub const TAKEN_FLOOD: Goal = at_least("deliveries taken in a flood", 95.0, "% of those sent");
pub const MANY_UNSIGNED: Goal = at_most("64 unsigned bodies of 24 MiB at once", 256.0, "MiB");

/// The verdicts of one run.
#[derive(Default)]
pub struct Verdicts(Vec<(Goal, f64)>);

impl Verdicts {
    /// Holds a figure against its goal.
    pub fn judge(&mut self, goal: Goal, figure: f64) {
        self.0.push((goal, figure));
    }

    /// Prints one line per goal; whether all are met.
    pub fn print(&self) -> bool {
        println!("\ngoals");
        for (goal, figure) in &self.0 {
            let (word, bound) = match goal.bound {
                Bound::AtLeast(bound) => ("at least", bound),
                Bound::AtMost(bound) => ("at most", bound),
                Bound::Exactly(bound) => ("exactly", bound),
            };
            let verdict = if goal.is_met_by(*figure) { "met" } else { "MISSED" };
            let database = goal.database;
            let comma = if database.is_empty() { "" } else { ", " };
            println!(
                "{verdict:>6}  {database}{comma}{}: {figure:.2}, {word} {bound} {}",
                goal.name, goal.unit
            );
        }
        self.0.iter().all(|(goal, figure)| goal.is_met_by(*figure))
    }
}

impl Goal {
    /// The same goal for the figure of this database.
    pub const fn on(self, database: &'static str) -> Self {
        Self { database, ..self }
    }

    /// What could not be measured meets nothing.
    fn is_met_by(&self, figure: f64) -> bool {
        match self.bound {
            Bound::AtLeast(bound) => figure >= bound,
            Bound::AtMost(bound) => figure <= bound,
            // Counts are small enough to be exact.
            Bound::Exactly(bound) => figure.total_cmp(&bound).is_eq(),
        }
    }
}
