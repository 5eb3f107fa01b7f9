//! Opening, editing, closing, locking, deleting and transferring issues.

use serde_json::{Value, json};

use super::check_body;
use crate::sandbox::model::{Change, EventKind, Issue, IssueEvent, IssueSlot};
use crate::sandbox::refusal::Refusal;
use crate::sandbox::state::{Actor, State, node_id};
use crate::sandbox::view;
use crate::sandbox::webhooks::Happening;

const TITLE_LIMIT: usize = 256;

/// A new issue.
#[derive(Debug, Clone, Default)]
pub struct NewIssue {
    /// Title, 1 to 256 characters.
    pub title: String,
    /// Text, at most 65,536 characters.
    pub body: Option<String>,
    /// Label names; unknown ones are made.
    pub labels: Vec<String>,
    /// Logins.
    pub assignees: Vec<String>,
    /// Number, for seeding; the next free one when not given.
    pub number: Option<i64>,
    /// Database id, for seeding.
    pub id: Option<i64>,
    /// Whether it is a pull request, for seeding.
    pub pull_request: bool,
}

/// A change to an issue; what is none stays as it is.
#[derive(Debug, Clone, Default)]
pub struct IssueEdit {
    /// New title.
    pub title: Option<String>,
    /// New text; an inner none empties it.
    pub body: Option<Option<String>>,
    /// Whether it is to be open.
    pub open: Option<bool>,
    /// Why it is closed or reopened.
    pub state_reason: Option<String>,
    /// All labels it is to have.
    pub labels: Option<Vec<String>>,
    /// All assignees it is to have.
    pub assignees: Option<Vec<String>>,
}

impl State {
    /// Opens an issue; answers its database id.
    pub fn open_issue(&mut self, by: &Actor, repo: i64, new: NewIssue) -> Result<i64, Refusal> {
        self.check_writable(repo)?;
        check_title(&new.title)?;
        check_body("Issue", new.body.as_deref().unwrap_or_default())?;
        let id = self.insert_issue(by, repo, &new)?;
        self.tell_issue(by, id, "opened", vec![]);
        self.add_labels(by, id, &new.labels)?;
        self.set_assignees(by, id, &new.assignees)?;
        Ok(id)
    }

    fn insert_issue(&mut self, by: &Actor, repo: i64, new: &NewIssue) -> Result<i64, Refusal> {
        let numbers = &self.repository(repo)?.numbers;
        let next = numbers.keys().next_back().map_or(1, |last| last.saturating_add(1));
        let number = new.number.unwrap_or(next);
        if numbers.contains_key(&number) {
            return Err(Refusal::invalid("Issue", "number", "already_exists"));
        }
        let id = match new.id {
            Some(id) => self.claim_id("issue", id),
            None => self.fresh_id("issue"),
        };
        let now = self.now();
        let issue = Issue {
            id,
            node_id: node_id("I", id),
            repo,
            number,
            title: new.title.clone(),
            body: new.body.clone(),
            author: Some(by.login.clone()),
            via_installation: by.via_installation,
            open: true,
            state_reason: None,
            milestone: None,
            labels: vec![],
            assignees: vec![],
            locked: false,
            pull_request: new.pull_request,
            reactions: vec![],
            sub_issues: vec![],
            parent: None,
            blocked_by: vec![],
            events: vec![],
            created_ms: now,
            updated_ms: now,
            closed_ms: None,
            closed_by: None,
        };
        self.issues.insert(id, issue);
        self.repository_mut(repo)?.numbers.insert(number, IssueSlot::Live(id));
        self.changed(Change::Issue { repo, number });
        Ok(id)
    }

    /// Changes an issue; nothing happens, and nobody is told, where the new value is the old one.
    pub fn edit_issue(&mut self, by: &Actor, id: i64, edit: IssueEdit) -> Result<(), Refusal> {
        self.check_writable(self.issue(id)?.repo)?;
        if let Some(title) = &edit.title {
            check_title(title)?;
        }
        check_body("Issue", edit.body.as_ref().and_then(Option::as_deref).unwrap_or_default())?;
        self.edit_text(by, id, &edit)?;
        if let Some(labels) = &edit.labels {
            self.set_labels(by, id, labels)?;
        }
        if let Some(assignees) = &edit.assignees {
            self.set_assignees(by, id, assignees)?;
        }
        match edit.open {
            Some(open) => self.set_open(by, id, (open, edit.state_reason)),
            None => Ok(()),
        }
    }

    fn edit_text(&mut self, by: &Actor, id: i64, edit: &IssueEdit) -> Result<(), Refusal> {
        let issue = self.issue_mut(id)?;
        let mut changes = serde_json::Map::new();
        let mut renamed = None;
        if let Some(title) = edit.title.as_ref().filter(|title| **title != issue.title) {
            let from = std::mem::replace(&mut issue.title, title.clone());
            changes.insert("title".to_owned(), json!({ "from": from }));
            renamed = Some(EventKind::Renamed { from, to: title.clone() });
        }
        if let Some(body) = edit.body.as_ref().filter(|body| **body != issue.body) {
            let from = std::mem::replace(&mut issue.body, body.clone());
            changes.insert("body".to_owned(), json!({ "from": from.unwrap_or_default() }));
        }
        if changes.is_empty() {
            return Ok(());
        }
        if let Some(kind) = renamed {
            self.record_event(by, id, kind);
        }
        self.touch(id);
        self.tell_issue(by, id, "edited", vec![("changes", Value::Object(changes))]);
        Ok(())
    }

    fn set_open(&mut self, by: &Actor, id: i64, to: (bool, Option<String>)) -> Result<(), Refusal> {
        let (open, reason) = to;
        let now = self.now();
        let issue = self.issue_mut(id)?;
        if issue.open == open {
            if !open && reason.is_some() {
                issue.state_reason = reason;
            }
            return Ok(());
        }
        issue.open = open;
        issue.closed_ms = (!open).then_some(now);
        issue.closed_by = (!open).then(|| by.login.clone());
        let default = if open { "reopened" } else { "completed" };
        issue.state_reason = Some(reason.unwrap_or_else(|| default.to_owned()));
        let kind = match open {
            true => EventKind::Reopened,
            false => EventKind::Closed(issue.state_reason.clone()),
        };
        self.record_event(by, id, kind);
        self.touch(id);
        self.tell_issue(by, id, if open { "reopened" } else { "closed" }, vec![]);
        Ok(())
    }

    fn set_assignees(&mut self, by: &Actor, id: i64, wanted: &[String]) -> Result<(), Refusal> {
        let repo = self.issue(id)?.repo;
        let assignable = |login: &&String| self.role(repo, login) > super::Role::None;
        let wanted: Vec<String> = wanted.iter().filter(assignable).cloned().collect();
        let before = std::mem::replace(&mut self.issue_mut(id)?.assignees, wanted.clone());
        for login in wanted.iter().filter(|login| !before.contains(login)) {
            self.record_event(by, id, EventKind::Assigned(login.clone()));
            let assignee = view::login(self, login);
            self.tell_issue(by, id, "assigned", vec![("assignee", assignee)]);
        }
        for login in before.iter().filter(|login| !wanted.contains(login)) {
            self.record_event(by, id, EventKind::Unassigned(login.clone()));
            let assignee = view::login(self, login);
            self.tell_issue(by, id, "unassigned", vec![("assignee", assignee)]);
        }
        if before != wanted {
            self.touch(id);
        }
        Ok(())
    }

    /// Locks the conversation.
    pub fn lock_issue(&mut self, by: &Actor, id: i64) -> Result<(), Refusal> {
        self.issue_mut(id)?.locked = true;
        self.record_event(by, id, EventKind::Locked);
        self.touch(id);
        self.tell_issue(by, id, "locked", vec![]);
        Ok(())
    }

    /// Unlocks the conversation.
    pub fn unlock_issue(&mut self, by: &Actor, id: i64) -> Result<(), Refusal> {
        self.issue_mut(id)?.locked = false;
        self.record_event(by, id, EventKind::Unlocked);
        self.touch(id);
        self.tell_issue(by, id, "unlocked", vec![]);
        Ok(())
    }

    /// Deletes an issue with its comments; the number answers 410 from now on.
    pub fn delete_issue(&mut self, by: &Actor, id: i64) -> Result<(), Refusal> {
        let issue = self.issue(id)?;
        let (repo, number) = (issue.repo, issue.number);
        self.tell_issue(by, id, "deleted", vec![]);
        self.forget_relations(id);
        self.comments.retain(|_, comment| comment.issue != id);
        self.issues.remove(&id);
        self.repository_mut(repo)?.numbers.insert(number, IssueSlot::Deleted);
        self.changed(Change::Issue { repo, number });
        Ok(())
    }

    /// Moves an issue to another repository of the same owner; the old number answers 301 from now on.
    /// Answers the database id of the new issue.
    pub fn transfer_issue(&mut self, by: &Actor, id: i64, to: i64) -> Result<i64, Refusal> {
        let old = self.issue(id)?.clone();
        if self.repository(to)?.owner != self.repository(old.repo)?.owner || to == old.repo {
            return Err(Refusal::new(422, "Issues can only be transferred within one owner's repositories."));
        }
        let author =
            Actor { login: old.author.clone().unwrap_or_default(), via_installation: old.via_installation };
        let copy = NewIssue { title: old.title.clone(), body: old.body.clone(), ..NewIssue::default() };
        let moved = self.insert_issue(&author, to, &copy)?;
        let (new_issue, new_repository) =
            (view::issue(self, self.issue(moved)?), view::repository(self, self.repository(to)?));
        let changes = json!({ "new_issue": new_issue, "new_repository": new_repository });
        self.tell_issue(by, id, "transferred", vec![("changes", changes)]);
        let old_issue = view::issue(self, &old);
        let old_repository = view::repository(self, self.repository(old.repo)?);
        self.forget_relations(id);
        for comment in self.comments.values_mut().filter(|comment| comment.issue == id) {
            comment.issue = moved;
        }
        self.issues.remove(&id);
        self.repository_mut(old.repo)?.numbers.insert(old.number, IssueSlot::Transferred(moved));
        self.changed(Change::Issue { repo: old.repo, number: old.number });
        let changes = json!({ "old_issue": old_issue, "old_repository": old_repository });
        self.tell_issue(by, moved, "opened", vec![("changes", changes)]);
        Ok(moved)
    }

    /// Writes down what happened to an issue.
    pub(super) fn record_event(&mut self, by: &Actor, id: i64, kind: EventKind) {
        let event = IssueEvent {
            id: self.fresh_id("event"),
            actor: by.login.clone(),
            via_installation: by.via_installation,
            kind,
            at_ms: self.now(),
        };
        if let Some(issue) = self.issues.get_mut(&id) {
            issue.events.push(event);
        }
    }

    /// Queues an `issues` webhook.
    pub(super) fn tell_issue(
        &mut self,
        by: &Actor,
        id: i64,
        action: &'static str,
        extra: Vec<(&'static str, Value)>,
    ) {
        let Ok(issue) = self.issue(id) else { return };
        if issue.pull_request {
            return;
        }
        let (repo, mut fields) = (issue.repo, vec![("issue", view::issue(self, issue))]);
        fields.extend(extra);
        self.tell(by, repo, Happening::new("issues", action, fields));
    }
}

fn check_title(title: &str) -> Result<(), Refusal> {
    if title.trim().is_empty() {
        return Err(Refusal::invalid("Issue", "title", "missing_field"));
    }
    match title.chars().count() > TITLE_LIMIT {
        true => Err(Refusal::rule("Issue", "title", "title is too long (maximum is 256 characters)")),
        false => Ok(()),
    }
}
