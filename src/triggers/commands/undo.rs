//! `/undo`: closes untouched work items again.

use futures_util::FutureExt;

use crate::domain::failure::Outcome;
use crate::domain::message::Lane;
use crate::domain::permission::Permission;
use crate::features::call::Call;
use crate::features::work_items::undo;
use crate::triggers::commands::{Command, Needs};

/// The row of this file in the table.
pub static COMMAND: Command = Command {
    name: "undo",
    usage: "undo",
    summary: "closes the work items that the last `approve` opened and nobody has touched",
    example: "/undo",
    needs: Needs::Role(Permission::Write),
    lane: Lane::Work,
    run: |call| run(call).boxed(),
};

async fn run(call: &Call) -> Outcome {
    call.arguments(COMMAND.example).finish()?;
    undo::run(call).await
}
