//! Millwright: a GitHub App that carries an idea from issue to release.
//!
//! The modules stand in reading order, and a module uses only modules above it; `tests/it/layers.rs` holds that.

#[cfg(test)]
mod skips; // where tests say what they could not try; `tests/it` uses it too

pub mod sandbox; // a small GitHub that runs in memory: for `millwright demo` and for the tests; knows nothing of us
pub mod domain; // what things are: plain data, pure rules
pub mod clock; // the only source of time
pub mod telemetry; // logs, metrics, the audit trail
pub mod config; // process settings; the repository's own file
pub mod store; // what we remember
pub mod github; // how we talk to GitHub
pub mod render; // how we write Markdown
pub mod queue; // how work survives a restart
pub mod ctx; // what a handler may touch
pub mod features; // what the bot does
pub mod triggers; // what makes it start: commands, events, schedules
pub mod web; // HTTP: webhook, health, metrics
pub mod app; // wiring
pub mod cli; // the program
