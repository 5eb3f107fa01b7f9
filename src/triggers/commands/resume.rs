//! `/continue`: goes on with what was halted.

use futures_util::FutureExt;

use crate::domain::failure::Outcome;
use crate::domain::message::Lane;
use crate::domain::permission::Permission;
use crate::features::call::Call;
use crate::features::halt;
use crate::triggers::commands::{Command, Needs};

/// The row of this file in the table.
pub static COMMAND: Command = Command {
    name: "continue",
    usage: "continue",
    summary: "goes on with what `stop` halted",
    example: "/continue",
    needs: Needs::Role(Permission::Write),
    lane: Lane::Inbox,
    run: |call| run(call).boxed(),
};

async fn run(call: &Call) -> Outcome {
    call.arguments(COMMAND.example).finish()?;
    halt::resume(call).await
}
