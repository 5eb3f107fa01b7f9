//! The work items of an issue as they stand on GitHub, found by what we remember and by our own markers.

use std::collections::BTreeMap;

use crate::ctx::RepoCtx;
use crate::domain::approval::{self, LABEL, Server, Support};
use crate::domain::event::{Issue, IssueState};
use crate::domain::failure::Outcome;
use crate::domain::hash;
use crate::domain::ids::IssueNumber;
use crate::domain::plan::model::{Plan, WaitOn, WorkItem as Planned};
use crate::domain::undo::{self, Seen};
use crate::github::issues::IssueQuery;
use crate::store::{WorkItem, WorkItemState};

/// What GitHub shows below one issue.
pub struct Below {
    /// What the server can do.
    pub server: Server,
    /// Sub-issues, ours and others; on a server without sub-issues the issues with our label, whatever their parent.
    pub issues: Vec<Issue>,
}

/// Reads what stands below `parent`, which is known to exist. Where the server has no sub-issues, our own label leads to the candidates.
pub async fn below(ctx: &RepoCtx, parent: IssueNumber) -> Outcome<Below> {
    let listed = ctx.sub_issues(parent).await?;
    let sub_issues = support(listed.as_ref());
    let issues = match listed {
        Some(issues) => issues,
        None => {
            let labels = vec![LABEL.to_owned()];
            ctx.github.issues(&IssueQuery { labels, ..IssueQuery::default() }).await?.items
        }
    };
    let dependencies = support(ctx.blockers(parent).await?.as_ref());
    Ok(Below { server: Server { sub_issues, dependencies }, issues })
}

fn support(listed: Option<&Vec<Issue>>) -> Support {
    if listed.is_some() { Support::Present } else { Support::Missing }
}

/// One work item with its issue.
pub struct Standing {
    /// What we remember.
    pub row: WorkItem,
    /// What GitHub shows; none when the issue is gone.
    pub issue: Option<Issue>,
}

impl Standing {
    /// Still to be done.
    pub fn is_open(&self) -> bool {
        self.issue.as_ref().is_some_and(|issue| issue.state == IssueState::Open)
    }
}

/// The work items of `parent` in the order of the plan, reconciled: what we remember follows what GitHub shows.
pub async fn standing(ctx: &RepoCtx, parent: IssueNumber) -> Outcome<Vec<Standing>> {
    let rows = newest(ctx.store.work_items().of_parent(parent).await?);
    let rows = rows.into_iter().filter(|row| row.state != WorkItemState::Undone).collect::<Vec<_>>();
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let listed = ctx.sub_issues(parent).await?.unwrap_or_default();
    let mut listed = listed.into_iter().map(|issue| (issue.number, issue)).collect::<BTreeMap<_, _>>();
    let mut standing = Vec::new();
    for row in rows {
        let Some(number) = row.issue else { continue };
        let issue = match listed.remove(&number) {
            Some(issue) => Some(issue),
            None => ctx.issue_or_gone(number).await?,
        };
        let seen = Standing { row, issue };
        let state = if seen.is_open() { WorkItemState::Open } else { WorkItemState::Closed };
        if seen.row.state != state {
            ctx.store.work_items().follow(seen.row.id, state).await?;
        }
        standing.push(seen);
    }
    Ok(standing)
}

/// One row per issue, the newest: an issue that was closed and approved again has a row of each approval. The order stays.
pub fn newest(rows: Vec<WorkItem>) -> Vec<WorkItem> {
    let mut last = BTreeMap::new();
    for row in &rows {
        let newest = last.entry(row.issue).or_insert(row.id);
        *newest = row.id.max(*newest);
    }
    rows.into_iter().filter(|row| row.issue.is_none() || last.get(&row.issue) == Some(&row.id)).collect()
}

/// The fingerprint of an item as its plan has it.
pub fn fingerprint(plan: &Plan, item: &Planned) -> String {
    let quotes = plan.requirements.iter().filter(|requirement| item.requirements.contains(&requirement.id));
    approval::fingerprint(&item.title, quotes.map(|requirement| requirement.quote.as_str()))
}

/// What an item was said to wait for when it was opened.
pub fn waits(row: &WorkItem) -> Vec<WaitOn> {
    serde_json::from_str(&row.depends_on).unwrap_or_default()
}

/// Whether approving has set this label.
fn is_ours(label: &str, kind: &str) -> bool {
    let mut ours = std::iter::once(&LABEL).chain(approval::labels_for(kind));
    ours.any(|name| name.eq_ignore_ascii_case(label))
}

/// Why an issue that approving has opened is left alone by `/undo`; none while nobody has touched it. `kind` is the kind of work,
/// `written` the hash of the text it was opened with.
pub fn touched(issue: &Issue, (item, kind): (&WorkItem, &str), written: &str) -> Option<String> {
    undo::touched(&Seen {
        open: issue.state == IssueState::Open,
        reopened: issue.state_reason.as_deref() == Some("reopened"),
        comments: issue.comments,
        assignees: issue.assignees.iter().map(|person| person.login.clone()).collect(),
        text_is_ours: issue.title == item.title && written == hash::short(&issue.body),
        other_labels: issue.labels.iter().filter(|label| !is_ours(label, kind)).cloned().collect(),
        is_labeled: issue.labels.iter().any(|label| label.eq_ignore_ascii_case(LABEL)),
        milestone: issue.milestone.as_ref().map(|milestone| milestone.title.clone()),
        reactions: issue.reactions,
    })
}

impl RepoCtx {
    /// An issue, or nothing where it was deleted, transferred or never there.
    pub async fn issue_or_gone(&self, number: IssueNumber) -> Outcome<Option<Issue>> {
        match self.github.issue(number).await {
            Ok(issue) => Ok(Some(issue)),
            Err(error) if error.is_missing() => Ok(None),
            Err(error) => Err(error.into()),
        }
    }
}
