//! Whole flows over the sandbox: through HTTP, signature, queue, store and back.

pub mod harness;
pub mod kept;
pub mod post;
pub mod written;
mod said;
mod story;
mod readme;

mod help;
mod enhance;
mod approve;
mod revise;
mod items;
mod why;
mod status;
mod stop;
mod undo;
mod grammar;
mod refusals;
mod bots;
mod modes;
mod config;
mod neighbors;
mod dry_run;
mod receipts;
mod trail;
mod server;
mod offline;
pub mod discover;
mod knowledge;
mod strangers;
