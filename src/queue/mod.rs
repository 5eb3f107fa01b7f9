//! How work survives a restart: jobs by name, workers that lease, run and settle them.

mod job; // what a job is, and the table of them
mod outcome; // what a run's end means for its job
mod place; // where a run takes place
mod worker; // claim, run, settle

#[cfg(test)]
mod tests;

pub use job::{Job, JobInfo, Registry, new_job};
pub use place::Place;
pub use worker::{Options, Step, Worker};
