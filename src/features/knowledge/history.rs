//! What the newest commits tell: how large closed issues were, and which files change most.

use std::collections::{BTreeMap, BTreeSet};

use chrono::DateTime;

use crate::ctx::RepoCtx;
use crate::domain::brief::ClosedIssue;
use crate::domain::failure::Outcome;
use crate::domain::ids::IssueNumber;
use crate::domain::plan::size;
use crate::features::knowledge::Head;
use crate::features::knowledge::calls::Calls;
use crate::github::history::{CommitQuery, CommitSummary};
use crate::github::issues::{IssueQuery, StateFilter};

/// Commits whose messages are read.
const MESSAGES: u8 = 100;
/// Closed issues whose commits are looked into, a call each.
const MAX_SIZED: usize = 12;
/// Calls for the lists before: the newest commits, and closed issues.
const LISTS: usize = 2;
/// Commits that are looked into for the files they change, a call each.
const MAX_CHANGES: usize = 20;

/// Closed issues with the size of the commits that name them; none where fewer are named than an estimate needs, or the calls
/// do not reach for so many.
pub async fn sizes(ctx: &RepoCtx, head: &Head) -> Outcome<Vec<ClosedIssue>> {
    let most = Calls::of(ctx).up_to(MAX_SIZED, LISTS);
    if most < size::ENOUGH {
        return Ok(Vec::new());
    }
    let mut by_issue: BTreeMap<IssueNumber, Vec<String>> = BTreeMap::new();
    let mut newest: Vec<IssueNumber> = Vec::new();
    for commit in commits(ctx, head, MESSAGES).await? {
        let Some(number) = size::named_in(&commit.message) else { continue };
        if !newest.contains(&number) {
            newest.push(number);
        }
        by_issue.entry(number).or_default().push(commit.sha);
    }
    if newest.len() < size::ENOUGH {
        return Ok(Vec::new());
    }
    let query = IssueQuery { state: StateFilter::Closed, max_pages: 1, ..IssueQuery::default() };
    let closed = ctx.github.issues(&query).await?.items;
    let mut calls = 0;
    let mut out = Vec::new();
    for number in newest {
        let Some(issue) = closed.iter().find(|issue| issue.number == number) else { continue };
        let shas = by_issue.remove(&number).unwrap_or_default();
        calls += shas.len();
        if calls > most {
            break;
        }
        let (mut changed_lines, mut paths) = (0, BTreeSet::new());
        for sha in shas {
            for file in ctx.github.commit(&sha).await?.files {
                changed_lines += file.changes;
                paths.insert(file.path);
            }
        }
        out.push(ClosedIssue {
            number,
            title: issue.title.clone(),
            labels: issue.labels.clone(),
            paths: paths.into_iter().collect(),
            changed_lines,
            closed_at: issue.closed_at_ms.and_then(DateTime::from_timestamp_millis).map(|at| at.to_rfc3339()),
        });
    }
    Ok(out)
}

/// How often each path was changed, and by how many commits in all; merges are left out, they repeat what others did. `later`
/// calls are still to come.
pub async fn churn(ctx: &RepoCtx, head: &Head, later: usize) -> Outcome<(BTreeMap<String, usize>, usize)> {
    let newest = commits(ctx, head, MESSAGES).await?;
    let most = Calls::of(ctx).up_to(MAX_CHANGES, later);
    let own = newest.into_iter().filter(|commit| !commit.message.starts_with("Merge ")).take(most);
    let mut churn: BTreeMap<String, usize> = BTreeMap::new();
    let mut count = 0;
    for commit in own {
        count += 1;
        for file in ctx.github.commit(&commit.sha).await?.files {
            *churn.entry(file.path).or_default() += 1;
        }
    }
    Ok((churn, count))
}

async fn commits(ctx: &RepoCtx, head: &Head, limit: u8) -> Outcome<Vec<CommitSummary>> {
    let query = CommitQuery { from: Some(&head.tip.commit), limit, ..CommitQuery::default() };
    Ok(ctx.github.commits(&query).await?)
}
