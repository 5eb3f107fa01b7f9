//! `/enhance`: reads the issue and the code, answers with a plan.

use futures_util::FutureExt;

use crate::domain::failure::Outcome;
use crate::domain::message::Lane;
use crate::domain::permission::Permission;
use crate::features::call::Call;
use crate::features::enhance;
use crate::triggers::commands::{Command, Needs};

/// The row of this file in the table.
pub static COMMAND: Command = Command {
    name: "enhance",
    usage: "enhance [TARGET]",
    summary: "reads the issue and the code and answers with a plan; TARGET: another issue (`#12`), a path, a symbol or a sentence; `discover` lists what could be done next",
    example: "/enhance src/auth.rs",
    needs: Needs::Role(Permission::Triage),
    lane: Lane::Work,
    run: |call| run(call).boxed(),
};

async fn run(call: &Call) -> Outcome {
    let mut args = call.arguments(COMMAND.example);
    let target = args.rest();
    args.finish()?;
    enhance::run(call, &target).await
}
