//! Gathering: an issue and a repository as the planner wants them, within one budget of calls, and of files and bytes.

pub mod calls; // what it may cost
pub mod server; // what the server lacks
pub mod issue; // the issue, its conversation and its neighbors
pub mod repository; // the tree, and the files worth reading
pub mod history; // sizes of closed issues, and what changes most

use std::collections::BTreeMap;

use crate::ctx::RepoCtx;
use crate::domain::brief::{Answer, Brief, Target};
use crate::domain::failure::{Failure, Outcome};
use crate::domain::ids::{CommentId, EffectKey, IssueNumber};
use crate::domain::snapshot::Snapshot;
use crate::github::contents::BranchHead;

/// What a plan is made from.
pub struct Gathered {
    /// What is asked.
    pub brief: Brief,
    /// What there is.
    pub snapshot: Snapshot,
    /// The newest plan comment of ours on the issue: a lost database must not reuse its number.
    pub newest: Option<Posted>,
}

/// A plan comment of ours, known by its marker alone.
pub struct Posted {
    /// Its revision.
    pub rev: i64,
    /// The comment.
    pub comment: CommentId,
    /// Its GraphQL id.
    pub node_id: String,
    /// The effect that made it.
    pub key: EffectKey,
}

/// What a plan is to be made for.
pub struct Subject {
    /// The issue.
    pub issue: IssueNumber,
    /// What `/enhance` was pointed at.
    pub target: Target,
    /// Who pointed it there.
    pub aimed_by: Option<String>,
    /// What `/revise` has said so far.
    pub answers: Vec<Answer>,
    /// What the questions of earlier revisions are called, by slot.
    pub asked: BTreeMap<String, usize>,
}

/// Reads the issue and the repository; everything of the repository at one commit.
pub async fn gather(ctx: &RepoCtx, subject: Subject) -> Outcome<Gathered> {
    let head = head(ctx).await?;
    let (mut brief, newest) = issue::gather(ctx, subject).await?;
    let snapshot = repository::gather(ctx, &mut brief, &head).await?;
    // Last, for the files say more about the issue.
    brief.history = history::sizes(ctx, &head).await?;
    Ok(Gathered { brief, snapshot, newest })
}

/// The default branch and its head.
pub struct Head {
    /// Name of the default branch.
    pub branch: String,
    /// Its tip.
    pub tip: BranchHead,
    /// Whether only people with a role see the repository.
    pub private: bool,
}

/// Where the default branch stands. A person can mend an empty repository, nothing else.
pub async fn head(ctx: &RepoCtx) -> Outcome<Head> {
    let repository = ctx.github.repository().await?;
    let branch = repository.default_branch;
    let tip = ctx.github.branch_head(&branch).await?;
    let empty = || {
        Failure::User(
            "This repository has no commit on its default branch yet, so there is nothing to plan against."
                .to_owned(),
        )
    };
    Ok(Head { tip: tip.ok_or_else(empty)?, branch, private: repository.private })
}
