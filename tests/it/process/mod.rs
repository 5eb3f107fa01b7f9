//! The built program, started as people start it: by its arguments and its environment.

mod browser;
mod commands;
mod program;
mod serve;
mod stage;
