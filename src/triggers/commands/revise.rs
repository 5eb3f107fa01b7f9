//! `/revise`: answers or further wishes make a new revision.

use futures_util::FutureExt;

use crate::domain::failure::Outcome;
use crate::domain::message::Lane;
use crate::domain::permission::Permission;
use crate::features::call::Call;
use crate::features::enhance;
use crate::triggers::commands::{Command, Needs};

/// The row of this file in the table.
pub static COMMAND: Command = Command {
    name: "revise",
    usage: "revise TEXT",
    summary: "makes a new revision with your answers (`1: … 2: …`) or further wishes; `R2: …` says a requirement anew, `drop R2` takes it out",
    example: "/revise 1: the client IP",
    needs: Needs::RoleOrAuthor(Permission::Triage),
    lane: Lane::Work,
    run: |call| run(call).boxed(),
};

async fn run(call: &Call) -> Outcome {
    enhance::revise(call, call.arguments(COMMAND.example).text()).await
}
