//! The built program, started as people start it: by its arguments and its environment.

mod browser;
mod commands;
mod disk;
pub mod program;
mod serve;
pub mod stage;
