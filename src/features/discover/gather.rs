//! Gathering for candidates: within the same budget as for a plan, each file at one commit.

use std::collections::{BTreeMap, BTreeSet};

use crate::ctx::RepoCtx;
use crate::domain::alert::PUBLIC;
use crate::domain::brief::{OpenIssue, State};
use crate::domain::discover::facts::{Blame, Facts, Run, Unplanned};
use crate::domain::discover::{self, reading};
use crate::domain::event::Issue;
use crate::domain::failure::Outcome;
use crate::domain::ids::IssueNumber;
use crate::domain::snapshot::{Repository, Snapshot, TreeEntry};
use crate::features::discover::alerts;
use crate::features::knowledge::calls::Calls;
use crate::features::knowledge::{self, Head, history, repository};
use crate::github::issues::{IssueQuery, StateFilter};

/// Pages of open issues that are read, 100 each.
const OPEN_PAGES: usize = 2;
/// Workflows whose runs are asked for, a call each.
const MAX_WORKFLOWS: usize = 5;
/// Calls behind the look into commits: files in three, open issues, and the lines of the five best; beside them those for alerts
/// and runs, of which it is known by then how many there are.
const BEHIND_CHURN: usize = 3 + BEHIND_RUNS;
/// Calls behind the runs.
const BEHIND_RUNS: usize = OPEN_PAGES + discover::SHOWN;
/// Lines of one range of blame; no file that is read is longer.
const LONGEST: usize = 300_000;
/// Runs of one workflow.
const RUNS: u8 = 20;

/// Reads what there is to find candidates in.
pub async fn gather(ctx: &RepoCtx) -> Outcome<Facts> {
    let head = knowledge::head(ctx).await?;
    let mut unseen = BTreeSet::new();
    let scanners = match head.private {
        true => alerts::permitted(ctx, &mut unseen).await?,
        // GitHub shows alerts to few, and a comment in a public repository to all.
        false => {
            unseen.insert(PUBLIC.to_owned());
            Vec::new()
        }
    };
    let (tree, truncated) = repository::tree(ctx, &head).await?;
    let workflows = repository::workflow_files(&tree).count().min(MAX_WORKFLOWS);
    let later = BEHIND_CHURN + scanners.len() + workflows;
    let (churn, commits) = history::churn(ctx, &head, later).await?;
    let alerts = alerts::open(ctx, &scanners, &mut unseen).await?;
    let snapshot = snapshot(ctx, &head, (tree, truncated), &churn).await?;
    let runs = match ctx.github.may_read_actions().await? {
        true => runs(ctx, (&snapshot, &mut unseen), &head).await?,
        false => {
            unseen.insert("workflow runs, which need `actions: read`".to_owned());
            Vec::new()
        }
    };
    let query = IssueQuery { state: StateFilter::Open, max_pages: OPEN_PAGES, ..IssueQuery::default() };
    let listed = ctx.github.issues(&query).await?;
    if !listed.complete {
        unseen.insert(format!("open issues beyond the newest {}", OPEN_PAGES * 100));
    }
    if snapshot.truncated {
        unseen.insert("what lies beyond the part of the tree that GitHub listed".to_owned());
    }
    let issues: Vec<Issue> = listed.items.into_iter().filter(|issue| !issue.is_pull_request).collect();
    let planned = planned(ctx).await?;
    let mut facts = Facts {
        snapshot,
        unplanned: issues.iter().filter(|issue| !planned.contains(&issue.number)).map(unplanned).collect(),
        open: issues.into_iter().map(open).collect(),
        runs,
        alerts,
        churn,
        commits,
        blame: BTreeMap::new(),
        now_ms: ctx.app.clock.now_ms(),
        unseen,
    };
    blame(ctx, &mut facts).await?;
    Ok(facts)
}

/// Who wrote the marks that will be shown, a call for each file.
async fn blame(ctx: &RepoCtx, facts: &mut Facts) -> Outcome<()> {
    let paths = discover::to_blame(facts);
    let asked = Calls::of(ctx).up_to(paths.len(), 0);
    if asked < paths.len() {
        facts.unseen.insert(format!(
            "who wrote the lines in {} of {} files",
            paths.len() - asked,
            paths.len()
        ));
    }
    for path in paths.into_iter().take(asked) {
        let Some(ranges) = ctx.github.blame(&facts.snapshot.base_sha, &path).await? else {
            facts.unseen.insert("who wrote a line: the server does not tell".to_owned());
            return Ok(());
        };
        for range in ranges {
            let blame = Blame { who: range.who, commit: range.commit, at_ms: range.committed_at_ms };
            let last = range.last_line.min(range.first_line.saturating_add(LONGEST));
            for line in range.first_line..=last {
                facts.blame.insert((path.clone(), line), blame.clone());
            }
        }
    }
    Ok(())
}

async fn snapshot(
    ctx: &RepoCtx,
    head: &Head,
    (tree, truncated): (Vec<TreeEntry>, bool),
    churn: &BTreeMap<String, usize>,
) -> Outcome<Snapshot> {
    let wanted = reading::wanted(&tree, churn);
    Ok(Snapshot {
        repository: Repository {
            owner: ctx.name.owner.clone(),
            name: ctx.name.name.clone(),
            url: ctx.url(),
            default_branch: head.branch.clone(),
        },
        base_sha: head.tip.commit.clone(),
        files: repository::files(ctx, head, (&tree, &wanted), OPEN_PAGES).await?,
        tree,
        truncated,
        ..Snapshot::default()
    })
}

/// Issues that have a plan, and those that came out of one.
async fn planned(ctx: &RepoCtx) -> Outcome<BTreeSet<IssueNumber>> {
    let mut all: BTreeSet<IssueNumber> = ctx.store.plans().planned_issues().await?.into_iter().collect();
    all.extend(ctx.store.work_items().all_issues().await?);
    Ok(all)
}

async fn runs(
    ctx: &RepoCtx,
    (snapshot, unseen): (&Snapshot, &mut BTreeSet<String>),
    head: &Head,
) -> Outcome<Vec<Run>> {
    let mut out = Vec::new();
    let all = repository::workflow_files(&snapshot.tree).count();
    let asked = Calls::of(ctx).up_to(MAX_WORKFLOWS, BEHIND_RUNS).min(all);
    if asked < all {
        unseen.insert(format!("runs of {} of {all} workflows", all - asked));
    }
    for file in repository::workflow_files(&snapshot.tree).take(asked) {
        for run in ctx.github.workflow_runs(file, &head.branch, RUNS).await? {
            let Some(conclusion) = run.conclusion else { continue };
            let seconds = run.updated_at_ms.zip(run.started_at_ms).map(|(end, start)| (end - start) / 1_000);
            out.push(Run {
                workflow: file.to_owned(),
                conclusion,
                head_sha: run.head_sha,
                url: run.html_url,
                number: run.run_number,
                attempt: run.run_attempt,
                started_at_ms: run.started_at_ms.or(run.created_at_ms),
                seconds,
            });
        }
    }
    Ok(out)
}

fn unplanned(issue: &Issue) -> Unplanned {
    Unplanned {
        number: issue.number,
        title: issue.title.clone(),
        body: issue.body.clone(),
        labels: issue.labels.clone(),
        url: issue.html_url.clone(),
        comments: usize::try_from(issue.comments).unwrap_or(0),
        reactions: usize::try_from(issue.reactions).unwrap_or(0),
        created_at_ms: issue.created_at_ms,
    }
}

fn open(issue: Issue) -> OpenIssue {
    OpenIssue {
        number: issue.number,
        title: issue.title,
        state: Some(State::Open),
        state_reason: None,
        body: issue.body,
        pull_request: issue.is_pull_request,
    }
}
