//! `/items`: the work items as they stand.

use futures_util::FutureExt;

use crate::domain::failure::Outcome;
use crate::domain::message::Lane;
use crate::domain::permission::Permission;
use crate::features::call::Call;
use crate::features::work_items::items::{self, Show};
use crate::triggers::commands::{Command, Needs};

/// The row of this file in the table.
pub static COMMAND: Command = Command {
    name: "items",
    usage: "items [next]",
    summary: "lists the work items as they stand on GitHub; `next`: what can be started now",
    example: "/items next",
    needs: Needs::Role(Permission::Read),
    lane: Lane::Inbox,
    run: |call| run(call).boxed(),
};

async fn run(call: &Call) -> Outcome {
    let mut args = call.arguments(COMMAND.example);
    let show = if args.peek() == Some("next") && args.next().is_some() { Show::Startable } else { Show::All };
    args.finish()?;
    items::run(call, show).await
}
