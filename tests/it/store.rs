//! The store's promises, on SQLite always and on PostgreSQL when `MILLWRIGHT_TEST_POSTGRES` names a server.

#[path = "store/bench.rs"]
pub(crate) mod bench;
#[path = "store/inbox.rs"]
mod inbox;
#[path = "store/jobs.rs"]
mod jobs;
#[path = "store/lanes.rs"]
mod lanes;
#[path = "store/records.rs"]
mod records;
