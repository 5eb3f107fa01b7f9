//! `millwright pause`: holds all writes to GitHub, for all instances that share the database; nothing is lost.

use clap::{Args, ValueEnum};

use crate::app::checks;
use crate::cli::database::{Database, Missing};
use crate::cli::start::block_on;
use crate::cli::terminal::{Exit, say};
use crate::config::environment::{self, Env};
use crate::store::{Pause, StoreError};

/// What `pause` is asked to do.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Whether writes are to be held; without it, it is told whether they are
    #[arg(value_enum, value_name = "on|off", ignore_case = true)]
    wanted: Option<Wanted>,
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

async fn pause(env: &dyn Env, wanted: Option<Wanted>) -> Result<Exit, Exit> {
    let database = Database::open(env, Missing::Refuse).await?;
    say(&turn(&database, wanted).await.map_err(|error| database.failed(&error))?);
    Ok(Exit::Done)
}

/// Does what is wanted; how it stands then.
async fn turn(database: &Database, wanted: Option<Wanted>) -> Result<String, StoreError> {
    let switches = database.store.switches();
    match wanted {
        Some(Wanted::On) => switches.pause_writes().await?,
        Some(Wanted::Off) => switches.resume_writes().await?,
        None => {}
    }
    Ok(match switches.pause().await? {
        Pause::On { since_ms } => checks::paused_since(since_ms),
        Pause::Off => "Writes to GitHub go on.".to_owned(),
    })
}
