//! `/approve`: turns the work items of a plan into sub-issues.

use futures_util::FutureExt;

use crate::domain::failure::Outcome;
use crate::domain::message::Lane;
use crate::domain::permission::Permission;
use crate::features::call::Call;
use crate::features::plans;
use crate::features::work_items::approve::{self, Request, Shape};
use crate::triggers::commands::{Command, Needs};

/// The row of this file in the table.
pub static COMMAND: Command = Command {
    name: "approve",
    usage: "approve REV [--one]",
    summary: "turns the work items of that revision into sub-issues with dependencies; `--one` keeps them in one pull request",
    example: "/approve 1",
    needs: Needs::Role(Permission::Write),
    lane: Lane::Work,
    run: |call| run(call).boxed(),
};

async fn run(call: &Call) -> Outcome {
    let rev = plans::latest(&call.ctx, call.issue).await?.map_or(1, |newest| newest.rev);
    let mut args = call.arguments(&format!("/approve {rev}"));
    let shape = if args.flag("--one") { Shape::OnePullRequest } else { Shape::SubIssues };
    // As everybody calls it: `/approve rev 1`.
    if args.peek().is_some_and(|word| ["rev", "revision"].iter().any(|name| word.eq_ignore_ascii_case(name)))
    {
        args.next();
    }
    let rev = args.number()?;
    args.finish()?;
    approve::run(call, &Request { rev, shape }).await
}
