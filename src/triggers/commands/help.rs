//! `/help`: the commands that exist here.

use futures_util::FutureExt;
use serde::Serialize;

use crate::domain::failure::Outcome;
use crate::domain::message::Lane;
use crate::domain::permission::Permission;
use crate::features::call::Call;
use crate::render::view::View;
use crate::triggers::commands::{COMMANDS, Command, Needs};

/// The row of this file in the table.
pub static COMMAND: Command = Command {
    name: "help",
    usage: "help",
    summary: "lists the commands that exist here",
    example: "/help",
    needs: Needs::Role(Permission::Read),
    lane: Lane::Inbox,
    run: |call| run(call).boxed(),
};

/// What help shows.
#[derive(Serialize)]
pub struct Help {
    commands: Vec<Row>,
    neighbors: String,
}

#[derive(Serialize)]
struct Row {
    usage: String,
    who: String,
    summary: &'static str,
}

impl Help {
    fn new(spell: impl Fn(&str) -> String, neighbors: &str) -> Self {
        let commands = COMMANDS
            .iter()
            .map(|command| Row {
                usage: spell(command.usage),
                who: who(command.needs),
                summary: command.summary,
            })
            .collect();
        Self { commands, neighbors: neighbors.to_owned() }
    }
}

impl View for Help {
    const TEMPLATE: &'static str = "answer/help.md.j2";

    fn samples() -> Vec<Self> {
        vec![
            Self::new(|usage| format!("/{usage}"), ""),
            Self::new(|usage| format!("@millwright {usage}"), "Prow"),
        ]
    }
}

/// Who may run a command, in words for people.
pub fn who(needs: Needs) -> String {
    match needs {
        Needs::Role(Permission::Read) => "everybody".to_owned(),
        Needs::Role(role) => role.access().to_owned(),
        Needs::RoleOrAuthor(role) => format!("{}, the author", role.access()),
    }
}

async fn run(call: &Call) -> Outcome {
    // Whoever asks for help, in whatever words, gets it.
    call.answer(&Help::new(|usage| call.voice.plain(usage), &call.voice.neighbors)).await
}
