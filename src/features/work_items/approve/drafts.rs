//! Work items on their way to becoming issues: their texts, and what of them is there already.

use std::collections::BTreeMap;

use crate::domain::act::IssueRef;
use crate::domain::approval::{self, Draft, Existing, Support, Wait};
use crate::domain::escape;
use crate::domain::event::{Issue, IssueState};
use crate::domain::failure::{Failure, Outcome};
use crate::domain::ids::IssueNumber;
use crate::domain::plan::model::{WaitOn, WorkItem as Planned};
use crate::domain::record::PlanRecord;
use crate::features::call::Call;
use crate::features::work_items::known::{self, Below};
use crate::features::work_items::views::ItemBody;

/// GitHub takes 256.
const TITLE_CHARS: usize = 240;

/// Everything that turning an item into a draft looks at.
pub struct Desk<'a> {
    /// Who approves.
    pub call: &'a Call,
    /// The revision.
    pub rev: i64,
    /// Its comment, where it is posted.
    pub url: Option<&'a str>,
    /// Its content.
    pub record: &'a PlanRecord,
    /// What stands below the issue already.
    pub below: &'a Below,
}

impl Desk<'_> {
    /// The drafts of all items, in the order of the plan.
    pub async fn drafts(&self) -> Outcome<Vec<Draft>> {
        let waits = Waits::gather(self.call, self.record).await?;
        let mut drafts = Vec::new();
        for item in &self.record.plan.work_items {
            drafts.push(self.draft(item, &waits).await?);
        }
        Ok(drafts)
    }

    /// The closed issue that each work item is already, in their order.
    pub async fn closed(&self) -> Outcome<Vec<Option<IssueNumber>>> {
        let mut closed = Vec::new();
        for item in &self.record.plan.work_items {
            let found = self.found((item, &title(item)), &self.fingerprint(item).await?).await?;
            let found = found.filter(|issue| issue.state == IssueState::Closed);
            closed.push(found.map(|issue| issue.number));
        }
        Ok(closed)
    }

    async fn fingerprint(&self, item: &Planned) -> Outcome<String> {
        let fingerprint = known::fingerprint(&self.record.plan, item);
        Ok(match item.already {
            Some(already) => self.remembered(already.issue).await?.unwrap_or(fingerprint),
            None => fingerprint,
        })
    }

    async fn draft(&self, item: &Planned, waits: &Waits) -> Outcome<Draft> {
        let plan = &self.record.plan;
        let fingerprint = self.fingerprint(item).await?;
        let view = ItemBody::new(plan, item, self.rev, self.url);
        let waits_for = item.depends_on.iter().filter_map(|wait| match wait.on {
            WaitOn::Item(ordinal) => Some(Wait::Item(ordinal)),
            WaitOn::Issue(number) => {
                waits.open(number).map(|issue| Wait::Issue(IssueRef::Known { number, id: issue.id }))
            }
        });
        let title = title(item);
        let existing = match self.found((item, &title), &fingerprint).await? {
            Some(issue) => Some(self.standing(issue).await?),
            None => None,
        };
        Ok(Draft {
            ordinal: item.ordinal,
            body: self.call.ctx.app.renderer.render(&view).map_err(Failure::internal)?,
            label: self.label(&item.kind).await?,
            existing,
            title,
            waits_for: waits_for.collect(),
            fingerprint,
        })
    }

    /// The issue that is this work item already.
    async fn found(&self, (item, title): (&Planned, &str), fingerprint: &str) -> Outcome<Option<Issue>> {
        match self.named(item).await? {
            Some(named) => Ok(Some(named)),
            None => self.existing(title, fingerprint).await,
        }
    }

    /// An issue that is there, with what it waits for.
    async fn standing(&self, issue: Issue) -> Outcome<Existing> {
        let asked = issue.state == IssueState::Open && self.below.server.dependencies == Support::Present;
        let blockers = if asked { self.call.ctx.blockers(issue.number).await? } else { None };
        let blocked_by = blockers.unwrap_or_default().iter().map(|blocker| blocker.number).collect();
        let (state, issue) = (issue.state, IssueRef::Known { number: issue.number, id: issue.id });
        Ok(Existing { issue, state, blocked_by })
    }

    /// The repository's own label for a kind of work, where it has one.
    async fn label(&self, kind: &str) -> Outcome<Option<String>> {
        for name in approval::labels_for(kind) {
            if let Some(label) = self.call.ctx.github.label(name).await? {
                return Ok(Some(label.name));
            }
        }
        Ok(None)
    }

    /// The fingerprint under which an issue is known as a work item, from our books or from its own marker.
    async fn remembered(&self, issue: IssueNumber) -> Outcome<Option<String>> {
        let row = self.call.ctx.store.work_items().by_issue(issue).await?;
        if let Some(row) = row.filter(|row| row.parent == self.call.issue) {
            return Ok(Some(row.fingerprint));
        }
        let ctx = &self.call.ctx;
        let app = ctx.app.github.app_identity().await?;
        let shown = self.below.issues.iter().find(|shown| shown.number == issue);
        // A copy of our marker in somebody's own issue says nothing.
        let shown = shown.filter(|shown| app.is_author(shown.app_id, shown.user.as_ref()));
        let marker = shown.and_then(|shown| ctx.app.signer.find(ctx.repo, &shown.body));
        Ok(marker.and_then(|marker| marker.get("fingerprint").map(str::to_owned)))
    }

    /// The sub-issue that the plan names as this work item, unless it was dropped since.
    async fn named(&self, item: &Planned) -> Outcome<Option<Issue>> {
        let Some(already) = item.already else { return Ok(None) };
        let shown = self.below.issues.iter().find(|issue| issue.number == already.issue).cloned();
        let issue = match shown {
            Some(issue) => Some(issue),
            None => self.call.ctx.issue_or_gone(already.issue).await?,
        };
        Ok(issue.filter(|issue| !issue.is_dropped()))
    }

    /// The issue that is this very work item: an open one first, by our marker, opened for another revision, or by its title,
    /// opened by a person; else one that was opened for it and is closed by now.
    async fn existing(&self, title: &str, fingerprint: &str) -> Outcome<Option<Issue>> {
        let app = self.call.ctx.app.github.app_identity().await?;
        let is_open = |issue: &&Issue| issue.state == IssueState::Open;
        let is_ours = |issue: &&Issue| app.is_author(issue.app_id, issue.user.as_ref());
        let ours = |issue: &&Issue| is_ours(issue) && self.marker(issue).as_deref() == Some(fingerprint);
        let same = |issue: &&Issue| {
            self.below.server.sub_issues == Support::Present
                && issue.title.eq_ignore_ascii_case(title)
                && !self.is_another(issue.number)
                // Of ours the marker says which one it is; the title of an issue may be that of its only item twice.
                && !(is_ours(issue) && self.marker(issue).is_some())
        };
        let issues = &self.below.issues;
        // What an earlier try of this very command opened is not "open already" for anybody; the ledger knows it.
        let before = |issue: &&Issue| issue.created_at_ms.is_none_or(|at| at < self.call.written_at_ms);
        let found = issues.iter().filter(is_open).find(|issue| ours(issue) || same(issue)).filter(before);
        if let Some(open) = found {
            return Ok(Some(open.clone()));
        }
        if let Some(closed) = self.closed_since(fingerprint).await? {
            return Ok(Some(closed));
        }
        // A lost database knows nothing of it, but `/undo` closes as not planned, so whoever completed it was a person.
        let done =
            issues.iter().filter(ours).find(|issue| issue.state_reason.as_deref() == Some("completed"));
        Ok(done.filter(|issue| !is_open(issue)).cloned())
    }

    /// The plan names the issue as a work item of its own.
    fn is_another(&self, issue: IssueNumber) -> bool {
        let items = self.record.plan.work_items.iter();
        items.filter_map(|item| item.already).any(|already| already.issue == issue)
    }

    /// The fingerprint that the marker of an issue names, where it was opened for this one.
    fn marker(&self, issue: &Issue) -> Option<String> {
        let parent = self.call.issue.to_string();
        let marker = self.call.ctx.app.signer.find(self.call.ctx.repo, &issue.body)?;
        let is_of_parent = marker.get("parent") == Some(parent.as_str());
        marker.get("fingerprint").filter(|_| is_of_parent).map(str::to_owned)
    }

    /// The issue that an earlier approval has opened for this item, if it is closed now. One that is gone altogether, or that
    /// somebody closed without its being done, is forgotten, so that the item is opened anew.
    async fn closed_since(&self, fingerprint: &str) -> Outcome<Option<Issue>> {
        let (ctx, key) = (&self.call.ctx, approval::item_key(self.call.issue, fingerprint));
        let Some(effect) = ctx.store.effects().get(&key).await? else { return Ok(None) };
        let Some(number) = effect.remote.and_then(|remote| remote.number).map(IssueNumber) else {
            return Ok(None);
        };
        // An issue that this very command has opened may not be shown everywhere yet.
        let is_earlier = effect.intended_at_ms < ctx.github.by_our_clock(self.call.written_at_ms);
        match ctx.issue_or_gone(number).await? {
            Some(issue) if !(is_earlier && issue.is_dropped()) => {
                Ok(Some(issue).filter(|issue| issue.state == IssueState::Closed))
            }
            _ => {
                if is_earlier && !self.call.dry_run {
                    ctx.store.effects().forget(&key).await?;
                }
                Ok(None)
            }
        }
    }
}

/// Issues outside the plan that items wait for.
struct Waits(BTreeMap<IssueNumber, Issue>);

impl Waits {
    async fn gather(call: &Call, record: &PlanRecord) -> Outcome<Self> {
        let mut issues = BTreeMap::new();
        for wait in record.plan.work_items.iter().flat_map(|item| &item.depends_on) {
            if let WaitOn::Issue(number) = wait.on
                && !issues.contains_key(&number)
                && let Some(issue) = call.ctx.issue_or_gone(number).await?
            {
                issues.insert(number, issue);
            }
        }
        Ok(Self(issues))
    }

    fn open(&self, number: IssueNumber) -> Option<&Issue> {
        self.0.get(&number).filter(|issue| issue.state == IssueState::Open)
    }
}

/// The title of an item's issue: on one line, without marks and hidden characters.
fn title(item: &Planned) -> String {
    let visible = escape::visible::visible(&item.title).replace('`', "");
    escape::shorten(&visible.split_whitespace().collect::<Vec<_>>().join(" "), TITLE_CHARS)
}
