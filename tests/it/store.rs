//! The store's promises, on SQLite always and on PostgreSQL when `MILLWRIGHT_TEST_POSTGRES` names a server.

#[cfg(test)]
#[path = "store/bench.rs"]
pub(crate) mod bench;
#[cfg(test)]
#[path = "store/inbox.rs"]
mod inbox;
#[cfg(test)]
#[path = "store/jobs.rs"]
mod jobs;
#[cfg(test)]
#[path = "store/lanes.rs"]
mod lanes;
#[cfg(test)]
#[path = "store/records.rs"]
mod records;
#[cfg(test)]
#[path = "store/paces.rs"]
mod paces;
#[cfg(test)]
#[path = "store/clocks.rs"]
mod clocks;
#[cfg(test)]
#[path = "store/runs.rs"]
mod runs;
#[cfg(test)]
#[path = "store/schedules.rs"]
mod schedules;
