//! `/stop`: halts what is running or waiting on the issue.

use futures_util::FutureExt;

use crate::domain::failure::Outcome;
use crate::domain::message::Lane;
use crate::domain::permission::Permission;
use crate::features::call::Call;
use crate::features::halt;
use crate::triggers::commands::{Command, Needs};

/// The row of this file in the table.
pub static COMMAND: Command = Command {
    name: "stop",
    usage: "stop",
    summary: "halts what is running or waiting on this issue",
    example: "/stop",
    needs: Needs::Role(Permission::Write),
    lane: Lane::Inbox,
    run: |call| run(call).boxed(),
};

async fn run(call: &Call) -> Outcome {
    call.arguments(COMMAND.example).finish()?;
    halt::stop(call).await
}
