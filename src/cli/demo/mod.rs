//! `millwright demo`: the real bot in front of a GitHub that runs in memory.

pub mod stage; // the bot and the sandbox, wired over loopback
pub mod folder; // where the demo's database lies
mod running; // a stage at work
mod script; // the story without a person

use std::io;

use clap::Args;

use crate::cli::start::block_on;
use crate::cli::terminal::Exit;

/// What `demo` is asked to do.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Play the whole story without a person and print each comment; exit 1 when something is missing at its end
    #[arg(long)]
    script: bool,
}

/// Runs the demo.
pub fn run(_arguments: &Arguments) -> Exit {
    block_on(script::run(&mut io::stdout(), &mut io::stderr()))
}
