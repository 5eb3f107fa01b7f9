//! How commands are spelled in a repository: `/name`, or `@slug name` for the names that another bot answers to there.

use std::collections::BTreeSet;

use crate::ctx::RepoCtx;
use crate::domain::command::Dialect;
use crate::domain::escape;
use crate::domain::failure::Outcome;
use crate::features::words;
use crate::render::view::Stamp;

/// The spelling of commands in one repository.
#[derive(Debug, Clone)]
pub struct Voice {
    /// The App's slug, and the names that belong to others.
    pub dialect: Dialect,
    /// The other bots that answer to some of our names, as a sentence begins with them; empty when there are none.
    pub neighbors: String,
}

impl Voice {
    /// The spelling in this repository.
    pub async fn of(ctx: &RepoCtx) -> Outcome<Self> {
        let app = ctx.app.github.app_identity().await?;
        let crowded =
            ctx.standing.neighbors.iter().filter(|neighbor| !neighbor.owns.is_empty()).collect::<Vec<_>>();
        let ignored = &ctx.standing.effective.ignored_commands.value;
        let mut names = crowded.iter().map(|neighbor| neighbor.name.to_owned()).collect::<Vec<_>>();
        if names.is_empty() && !ignored.is_empty() {
            names.push("Another bot".to_owned());
        }
        let owned = crowded.iter().flat_map(|neighbor| neighbor.owns).map(|name| (*name).to_owned());
        let taken = owned.chain(ignored.iter().cloned());
        Ok(Self {
            dialect: Dialect { slug: app.slug, taken: taken.collect::<BTreeSet<_>>() },
            neighbors: words::listed(&names),
        })
    }

    /// What stands before the names in a text that names several commands.
    pub fn prefix(&self) -> String {
        if self.dialect.taken.is_empty() { "/".to_owned() } else { format!("@{} ", self.dialect.slug) }
    }

    /// A command as people type it here, plain text.
    pub fn plain(&self, command: &str) -> String {
        self.dialect.spell(command)
    }

    /// The same as Markdown.
    pub fn code(&self, command: &str) -> String {
        escape::code_span(&self.plain(command))
    }

    /// The last line of an answer that is more than a sentence; empty where it has none.
    pub fn footer(&self, stamp: &Stamp) -> String {
        let help = self.code("help");
        match stamp {
            Stamp::None => String::new(),
            Stamp::Bare => format!("<sub>no model · {help}</sub>"),
            Stamp::Commit { base } => format!("<sub>base {base} · no model · {help}</sub>"),
            Stamp::Plan { rev, base } => format!("<sub>rev {rev} · base {base} · no model · {help}</sub>"),
        }
    }
}
