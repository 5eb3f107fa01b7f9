//! what the bot does
//!
//! The modules stand in reading order, and a module uses only modules above it.

pub mod words; // lists and counts as a sentence wants them
pub mod voice; // how commands are spelled in a repository
pub mod rehearsal; // what a dry run shows
pub mod call; // one command at work: who asked, where, with which words
pub mod answers; // short answers that every command uses
pub mod plans; // stored plans, read back
pub mod runs; // long pieces of work that people can stop
pub mod receipt; // 👀 and 🚀
pub mod knowledge; // gathering: an issue and a repository as the planner wants them
pub mod discover; // candidates for what to do next
pub mod work_items; // plans become sub-issues: approve, items, undo
pub mod enhance; // an issue becomes a plan
pub mod explain; // why and status
pub mod halt; // stop and continue
pub mod samples; // every view with its samples
