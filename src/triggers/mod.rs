//! what makes it start: commands, events, schedules

pub mod commands; // one file per command, and their table
pub mod receipts; // the job of a receipt that has to wait
pub mod look_again; // the job that takes back what was made twice
pub mod run_command; // the job that works one command off
pub mod events; // one file per subscription, and their table
pub mod dispatch; // the job that works one delivery off
pub mod unanswered; // commands that nothing works for any more
pub mod look_through; // the job that looks one repository through
pub mod schedules; // one file per schedule, and their table
pub mod timetable; // whoever comes first to a slot queues its job
pub mod reference; // the reference pages, written from the tables
pub mod samples; // every view with its samples

use crate::ctx::JobCtx;
use crate::domain::message::{
    Dispatch, LateReceipt, LookAgain, LookThrough, Reconcile, Retention, RunCommand, Sweep,
};
use crate::queue::Registry;

/// The jobs of this layer.
pub fn jobs(registry: Registry<JobCtx>) -> Registry<JobCtx> {
    registry
        .with::<Dispatch>()
        .with::<RunCommand>()
        .with::<LateReceipt>()
        .with::<LookAgain>()
        .with::<LookThrough>()
        .with::<Retention>()
        .with::<Sweep>()
        .with::<Reconcile>()
}
