//! `millwright demo`: the real bot in front of a GitHub that runs in memory.

pub mod stage; // the bot and the sandbox, wired over loopback
pub mod folder; // where its database lies
