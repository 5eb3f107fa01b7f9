//! `/status`: what is planned, running and open.

use futures_util::FutureExt;

use crate::domain::failure::Outcome;
use crate::domain::message::Lane;
use crate::domain::permission::Permission;
use crate::features::call::Call;
use crate::features::explain;
use crate::triggers::commands::{Command, Needs};

/// The row of this file in the table.
pub static COMMAND: Command = Command {
    name: "status",
    usage: "status",
    summary: "says what is planned, running and open on this issue",
    example: "/status",
    needs: Needs::Role(Permission::Read),
    lane: Lane::Inbox,
    run: |call| run(call).boxed(),
};

async fn run(call: &Call) -> Outcome {
    call.arguments(COMMAND.example).finish()?;
    explain::status(call).await
}
