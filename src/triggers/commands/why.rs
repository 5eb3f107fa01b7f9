//! `/why`: the evidence behind a statement of the plan.

use futures_util::FutureExt;

use crate::domain::failure::Outcome;
use crate::domain::message::Lane;
use crate::domain::permission::Permission;
use crate::features::call::Call;
use crate::features::explain;
use crate::triggers::commands::{Command, Needs};

/// The row of this file in the table.
pub static COMMAND: Command = Command {
    name: "why",
    usage: "why ID",
    summary: "prints the evidence and the arithmetic behind a requirement (`R1`), a work item (`2`), `size`, `priority` or `order`",
    example: "/why R1",
    needs: Needs::Role(Permission::Read),
    lane: Lane::Inbox,
    run: |call| run(call).boxed(),
};

async fn run(call: &Call) -> Outcome {
    let mut args = call.arguments(COMMAND.example);
    let id = args.rest();
    args.finish()?;
    explain::why(call, &id).await
}
