//! `millwright pause`: holds all writes to GitHub, for all instances that share the database; nothing is lost.

use clap::{Args, ValueEnum};

use crate::cli::database::{Database, Missing};
use crate::cli::start::block_on;
use crate::cli::terminal::{Exit, say};
use crate::config::environment::{self, Env};
use crate::store::StoreError;

/// What `pause` is asked to do.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Whether writes are to be held
    #[arg(value_enum, value_name = "on|off")]
    wanted: Wanted,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Wanted {
    /// Hold all writes; deliveries are still taken, and wait
    On,
    /// Go on
    Off,
}

/// Turns the switch.
pub fn run(arguments: &Arguments) -> Exit {
    block_on(async { pause(&environment::process(), arguments.wanted).await.unwrap_or_else(|exit| exit) })
}

async fn pause(env: &dyn Env, wanted: Wanted) -> Result<Exit, Exit> {
    let database = Database::open(env, Missing::Refuse).await?;
    turn(&database, wanted).await.map_err(|error| database.failed(&error))?;
    say(match wanted {
        Wanted::On => "Writes to GitHub are paused; `millwright pause off` lets them go on.",
        Wanted::Off => "Writes to GitHub go on.",
    });
    Ok(Exit::Done)
}

async fn turn(database: &Database, wanted: Wanted) -> Result<(), StoreError> {
    let switches = database.store.switches();
    match wanted {
        Wanted::On => switches.pause_writes().await,
        Wanted::Off => switches.resume_writes().await,
    }
}
