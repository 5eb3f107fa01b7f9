//! How commands are spelled in a repository: `/name`, or `@slug name` where another bot answers to one of the short names.

use crate::ctx::RepoCtx;
use crate::domain::failure::Outcome;

/// The spelling of commands in one repository.
#[derive(Debug, Clone)]
pub struct Voice {
    prefix: String,
    /// Names of the other bots, as a sentence wants them; empty when there are none.
    pub neighbors: String,
}

impl Voice {
    /// The spelling in this repository.
    pub async fn of(ctx: &RepoCtx) -> Outcome<Self> {
        let crowded = ctx.standing.neighbors.iter().filter(|neighbor| !neighbor.owns.is_empty()).collect::<Vec<_>>();
        if crowded.is_empty() {
            return Ok(Self { prefix: "/".to_owned(), neighbors: String::new() });
        }
        let names = crowded.iter().map(|neighbor| neighbor.name).collect::<Vec<_>>().join(" and ");
        Ok(Self { prefix: format!("@{} ", ctx.app.github.app_identity().await?.slug), neighbors: names })
    }

    /// A command as people type it here.
    pub fn command(&self, rest: &str) -> String {
        format!("{}{rest}", self.prefix)
    }

    /// What stands before a command's name here.
    pub fn prefix(&self) -> &str {
        &self.prefix
    }
}
