//! What we remember: one store over SQLite or PostgreSQL, the same statements on both. No SQL type leaves this module.

use std::sync::Arc;

use crate::clock::Clock;
use crate::domain::ids::RepoId;

mod error; // passing trouble and lasting trouble
mod health; // whether what is stored can be read
mod file; // SQLite's file, and whether it still lies there
mod line; // SQLite's one writing connection, and commits that are shared
mod rows; // texts that write many rows
mod sql; // statements, binding, reading
mod wake; // idle workers, here and in other instances
mod text_enum; // enums stored as words
mod connection; // pools, pragmas, transactions
mod checkpoints; // SQLite's log, kept short off the way of a commit
mod migrations; // the schema, step by step
mod aged; // what is old goes, step by step
mod jobs; // work to do: enqueue, claim, settle, look up
mod inbox; // deliveries as received
mod effects; // what we did on GitHub
mod installations; // where we are installed
mod removal; // forgetting an installation
mod repositories; // names of repositories
mod counters; // numbers per repository
mod commands; // commands found in comments
mod runs; // long pieces of work on an issue
mod plans; // revisions of plans
mod work_items; // what plans became
mod discoveries; // candidates as they were shown
mod allowances; // how much a person may ask for in a day
mod config_cache; // configuration files by ETag
mod observed; // what mode observe would have written
mod switches; // the operator's switches
mod schedules; // when what recurs is due
mod missed; // deliveries that never reached us
mod reconciled; // repositories that were looked through
mod paces; // how fast GitHub may be written to
mod drift; // one time for all instances
mod set_back; // what a clock has written that was ahead

#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;

pub use allowances::{Allowance, Allowances};
pub use commands::{Command, CommandId, CommandState, Commands, NewCommand};
pub use config_cache::{CachedConfig, ConfigCache, ConfigScope};
pub use connection::{Limits, with_mode};
pub use counters::Counters;
pub use discoveries::Discoveries;
pub use effects::{Begun, Effect, EffectState, Effects, Finished, Intent, NewEffect, Remote};
pub use error::StoreError;
pub use file::path_of;
pub use inbox::{Accepted, Delivery, DeliverySummary, Inbox, NewDelivery, PackedBody, Pruned, Retention};
pub use installations::{Installation, Installations, Suspension};
pub use jobs::{
    Claimant, Claimed, Enqueued, Fence, JobCounts, JobId, JobRow, JobState, Jobs, NewJob, PRIORITY_NORMAL,
    PRIORITY_PEOPLE, PRIORITY_SCHEDULE,
};
pub use missed::{Missed, MissedDeliveries};
pub use observed::{Observation, Observed};
pub use paces::{Holder, Paces, Permit};
pub use plans::{NewPlan, Plan, PlanId, PlanState, Plans, SavedPlan};
pub use reconciled::{Reconciled, Through};
pub use removal::Deleted;
pub use repositories::{Repositories, Repository};
pub use runs::{Ending, Halt, Resumption, Run, RunId, RunState, Runs, Settled};
pub use schedules::{Race, Schedules, Slot};
pub use sql::{Dialect, Statement};
pub use switches::{Pause, Switches};
pub use work_items::{AddedItem, NewWorkItem, WorkItem, WorkItemId, WorkItemState, WorkItems};

/// The database. Cheap to clone; all clones share the connections and the wake-up.
#[derive(Clone)]
pub struct Store {
    pools: connection::Pools,
    clock: Clock,
    wake: Arc<wake::Wake>,
    health: health::Health,
    round: Arc<jobs::round::Round>,
    heard: Arc<repositories::Heard>,
}

impl Store {
    /// Opens `sqlite://FILE` (created when missing) or `postgres://…`, whose clock counts from then on. Does not touch the schema:
    /// see [`Store::migrate`].
    pub async fn connect(url: &str, clock: Clock) -> Result<Self, StoreError> {
        Self::connect_with(url, clock, Limits::default()).await
    }

    /// As [`Store::connect`], with other limits for waiting.
    pub async fn connect_with(url: &str, clock: Clock, limits: Limits) -> Result<Self, StoreError> {
        let pools = connection::Pools::open(url, limits).await?;
        let health = health::Health::new(clock.clone());
        let wake = Arc::new(wake::Wake::new());
        let round = Arc::new(jobs::round::Round::new(Arc::clone(&wake)));
        let store = Self { pools, clock, wake, health, round, heard: Arc::default() };
        store.set_clock().await?;
        Ok(store)
    }

    /// Brings the schema up to date; several instances may do so at once. Returns the names of the migrations it applied.
    pub async fn migrate(&self) -> Result<Vec<String>, StoreError> {
        migrations::apply(self, None).await
    }

    /// As [`Store::migrate`], but stops behind the migration named `last`.
    pub async fn migrate_through(&self, last: &str) -> Result<Vec<String>, StoreError> {
        migrations::apply(self, Some(last)).await
    }

    /// Proves that the database takes a write, so that a full disk shows before a delivery meets it, and that what is there can
    /// be read: by a connection that did not write it, for whoever wrote a page still holds it.
    pub async fn ping(&self) -> Result<(), StoreError> {
        self.pools.check_room()?;
        switches::touch(self).await?;
        self.inbox().newest().await.map(drop)
    }

    /// Whether somebody met damage a moment ago. SQLite goes on writing what it holds in memory, so that a write alone does not
    /// find out.
    pub fn is_damaged(&self) -> bool {
        self.health.is_damaged()
    }

    /// Which database this is.
    pub fn dialect(&self) -> Dialect {
        self.pools.dialect
    }

    /// The clock that stamps every row.
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// Returns when a job may be claimed that could not be at the last call. Other instances' jobs wake us while
    /// [`Store::relay`] runs here and there, and show by polling otherwise.
    pub async fn woken(&self) {
        self.wake.roused().await;
    }

    /// Lets an idle worker look again, for whoever has moved the clock by hand.
    pub fn wake(&self) {
        self.wake.announce(1);
    }

    /// Has the database parse every statement; the number it parsed. Needs the whole schema.
    pub async fn check_statements(&self) -> Result<usize, StoreError> {
        let texts = statements().into_iter().map(|statement| statement.text(self.dialect()));
        self.pools.prepare(texts.filter(|text| !text.is_empty()).collect()).await
    }

    /// Everything that belongs to one repository.
    pub fn repo(&self, repo: RepoId) -> RepoStore {
        RepoStore { store: self.clone(), repo }
    }

    /// Deliveries.
    pub fn inbox(&self) -> Inbox<'_> {
        Inbox::new(self)
    }

    /// Jobs.
    pub fn jobs(&self) -> Jobs<'_> {
        Jobs::new(self)
    }

    /// Installations.
    pub fn installations(&self) -> Installations<'_> {
        Installations::new(self)
    }

    /// Names of repositories.
    pub fn repositories(&self) -> Repositories<'_> {
        Repositories::new(self)
    }

    /// Cached configuration files.
    pub fn config_cache(&self) -> ConfigCache<'_> {
        ConfigCache::new(self)
    }

    /// How fast installations may be written to.
    pub fn paces(&self) -> Paces<'_> {
        Paces::new(self)
    }

    /// The operator's switches.
    pub fn switches(&self) -> Switches<'_> {
        Switches::new(self)
    }

    /// When what recurs is due.
    pub fn schedules(&self) -> Schedules<'_> {
        Schedules::new(self)
    }

    /// Deliveries that never reached us.
    pub fn missed(&self) -> MissedDeliveries<'_> {
        MissedDeliveries::new(self)
    }

    /// Repositories that were looked through.
    pub fn reconciled(&self) -> Reconciled<'_> {
        Reconciled::new(self)
    }

    fn now_ms(&self) -> i64 {
        self.clock.now_ms()
    }
}

/// The store as one repository sees it: no query through it can touch another.
#[derive(Clone)]
pub struct RepoStore {
    store: Store,
    repo: RepoId,
}

impl RepoStore {
    /// The repository.
    pub fn repo(&self) -> RepoId {
        self.repo
    }

    /// The whole store, for what does not belong to one repository.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// What we did on GitHub.
    pub fn effects(&self) -> Effects<'_> {
        Effects::new(self)
    }

    /// Numbers.
    pub fn counters(&self) -> Counters<'_> {
        Counters::new(self)
    }

    /// Commands found in comments.
    pub fn commands(&self) -> Commands<'_> {
        Commands::new(self)
    }

    /// Long pieces of work on issues.
    pub fn runs(&self) -> Runs<'_> {
        Runs::new(self)
    }

    /// Revisions of plans.
    pub fn plans(&self) -> Plans<'_> {
        Plans::new(self)
    }

    /// What plans became.
    pub fn work_items(&self) -> WorkItems<'_> {
        WorkItems::new(self)
    }

    /// Candidates as they were shown.
    pub fn discoveries(&self) -> Discoveries<'_> {
        Discoveries::new(self)
    }

    /// How much a person may ask for in a day.
    pub fn allowances(&self) -> Allowances<'_> {
        Allowances::new(self)
    }

    /// What mode observe would have written.
    pub fn observed(&self) -> Observed<'_> {
        Observed::new(self)
    }
}

/// Every statement that the store may send, in the order of its files.
pub fn statements() -> Vec<Statement> {
    [
        migrations::STATEMENTS,
        connection::STATEMENTS,
        wake::STATEMENTS,
        jobs::enqueue::STATEMENTS,
        jobs::claim::STATEMENTS,
        jobs::settle::STATEMENTS,
        jobs::lookup::STATEMENTS,
        inbox::STATEMENTS,
        inbox::batch::STATEMENTS,
        inbox::retention::STATEMENTS,
        effects::STATEMENTS,
        installations::STATEMENTS,
        repositories::STATEMENTS,
        counters::STATEMENTS,
        commands::STATEMENTS,
        runs::STATEMENTS,
        plans::STATEMENTS,
        work_items::STATEMENTS,
        discoveries::STATEMENTS,
        allowances::STATEMENTS,
        config_cache::STATEMENTS,
        observed::STATEMENTS,
        removal::STATEMENTS,
        switches::STATEMENTS,
        schedules::STATEMENTS,
        missed::STATEMENTS,
        reconciled::STATEMENTS,
        paces::STATEMENTS,
        drift::STATEMENTS,
        set_back::STATEMENTS,
    ]
    .concat()
}

/// 0 stands for "none" in id columns: GitHub's ids start at 1.
fn id_column(id: Option<i64>) -> i64 {
    id.unwrap_or(0)
}

fn optional_id<T>(column: i64, id: impl FnOnce(i64) -> T) -> Option<T> {
    (column != 0).then(|| id(column))
}
