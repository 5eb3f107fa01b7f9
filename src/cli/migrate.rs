//! `millwright migrate`: brings the database's tables up to date. `serve` does so by itself.

use crate::cli::database::{Database, Missing};
use crate::cli::start::block_on;
use crate::cli::terminal::{Exit, say};
use crate::config::environment::{self, Env};

/// Applies what is missing.
pub fn run() -> Exit {
    block_on(async { migrate(&environment::process()).await.unwrap_or_else(|exit| exit) })
}

async fn migrate(env: &dyn Env) -> Result<Exit, Exit> {
    let database = Database::open(env, Missing::Create).await?;
    let applied = database.store.migrate().await.map_err(|error| database.failed(&error))?;
    if applied.is_empty() {
        say("The database is up to date.");
    }
    for name in applied {
        say(format_args!("{name} applied"));
    }
    Ok(Exit::Done)
}
