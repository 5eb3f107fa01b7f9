//! The commands people type: one file per command, and their table.

pub mod help;
pub mod enhance;
pub mod approve;
pub mod revise;
pub mod items;
pub mod why;
pub mod status;
pub mod stop;
pub mod resume;
pub mod undo;

use futures_util::future::BoxFuture;

use crate::domain::failure::Outcome;
use crate::domain::message::Lane;
use crate::domain::permission::Permission;
use crate::features::call::Call;

/// One command; help, docs, checks and tests read this.
pub struct Command {
    /// What people type behind `/`; lower-case.
    pub name: &'static str,
    /// Name and arguments, as help prints them.
    pub usage: &'static str,
    /// One line of Markdown for help and docs.
    pub summary: &'static str,
    /// A line that works, for refusals.
    pub example: &'static str,
    /// Who may.
    pub needs: Needs,
    /// Where it runs.
    pub lane: Lane,
    /// Parses the arguments, hands over.
    pub run: for<'a> fn(&'a Call) -> BoxFuture<'a, Outcome>,
}

/// Who may run a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needs {
    /// Everybody with this permission or more.
    Role(Permission),
    /// The same, and the author, a few times a day.
    RoleOrAuthor(Permission),
}

/// All commands, in the order of the help.
pub static COMMANDS: &[&Command] = &[
    &enhance::COMMAND,
    &approve::COMMAND,
    &revise::COMMAND,
    &items::COMMAND,
    &why::COMMAND,
    &status::COMMAND,
    &stop::COMMAND,
    &resume::COMMAND,
    &undo::COMMAND,
    &help::COMMAND,
];

/// The command called `name`, lower-case.
pub fn find(name: &str) -> Option<&'static Command> {
    COMMANDS.iter().copied().find(|command| command.name == name)
}

impl Needs {
    /// The permission that is enough for anybody.
    pub fn role(self) -> Permission {
        match self {
            Self::Role(role) | Self::RoleOrAuthor(role) => role,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::command::NAMES;

    #[test]
    fn the_names_that_configuration_knows_are_those_of_the_table() {
        assert_eq!(COMMANDS.iter().map(|command| command.name).collect::<Vec<_>>(), NAMES);
    }
}
