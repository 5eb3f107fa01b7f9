//! Writing, editing, minimizing and deleting comments.

use serde_json::{Value, json};

use super::check_body;
use crate::sandbox::model::{Change, Comment, Reaction};
use crate::sandbox::refusal::Refusal;
use crate::sandbox::state::{Actor, State, node_id};
use crate::sandbox::view;
use crate::sandbox::webhooks::Happening;

/// What can be reacted to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReactionTarget {
    /// Database id of an issue.
    Issue(i64),
    /// Database id of a comment.
    Comment(i64),
}

impl State {
    /// Writes a comment; answers its database id.
    pub fn add_comment(&mut self, by: &Actor, issue: i64, body: &str) -> Result<i64, Refusal> {
        self.check_writable(self.issue(issue)?.repo)?;
        self.check_unlocked(by, issue)?;
        check_comment(body)?;
        let id = self.insert_comment(by, issue, (None, body));
        self.touch(issue);
        self.tell_comment(by, id, "created", None);
        Ok(id)
    }

    /// Enters a comment without telling anybody; `id` is given when a payload's ids are seeded.
    pub(in crate::sandbox) fn insert_comment(
        &mut self,
        by: &Actor,
        issue: i64,
        content: (Option<i64>, &str),
    ) -> i64 {
        let (id, body) = content;
        let id = match id {
            Some(id) => self.claim_id("comment", id),
            None => self.fresh_id("comment"),
        };
        let now = self.now();
        let comment = Comment {
            id,
            node_id: node_id("IC", id),
            issue,
            author: Some(by.login.clone()),
            via_installation: by.via_installation,
            body: body.to_owned(),
            minimized: None,
            reactions: vec![],
            created_ms: now,
            updated_ms: now,
        };
        self.comments.insert(id, comment);
        self.comment_changed(id);
        id
    }

    /// Changes the text of a comment.
    pub fn edit_comment(&mut self, by: &Actor, id: i64, body: &str) -> Result<(), Refusal> {
        let issue = self.comments.get(&id).ok_or_else(Refusal::not_found)?.issue;
        self.check_writable(self.issue(issue)?.repo)?;
        check_comment(body)?;
        let now = self.now();
        let comment = self.comments.get_mut(&id).ok_or_else(Refusal::not_found)?;
        if comment.body == body {
            return Ok(());
        }
        let from = std::mem::replace(&mut comment.body, body.to_owned());
        comment.updated_ms = now;
        self.touch(issue);
        self.comment_changed(id);
        self.tell_comment(by, id, "edited", Some(json!({ "body": { "from": from } })));
        Ok(())
    }

    /// Deletes a comment.
    pub fn delete_comment(&mut self, by: &Actor, id: i64) -> Result<(), Refusal> {
        let issue = self.comments.get(&id).ok_or_else(Refusal::not_found)?.issue;
        self.check_writable(self.issue(issue)?.repo)?;
        self.tell_comment(by, id, "deleted", None);
        self.comment_changed(id);
        self.comments.remove(&id);
        self.touch(issue);
        Ok(())
    }

    /// Folds a comment away under a classifier such as `outdated`.
    pub fn minimize_comment(&mut self, id: i64, classifier: &str) -> Result<(), Refusal> {
        let comment = self.comments.get_mut(&id).ok_or_else(Refusal::not_found)?;
        comment.minimized = Some(classifier.to_lowercase());
        self.comment_changed(id);
        Ok(())
    }

    /// The reactions of something.
    pub(in crate::sandbox) fn reactions_mut(
        &mut self,
        target: ReactionTarget,
    ) -> Result<&mut Vec<Reaction>, Refusal> {
        match target {
            ReactionTarget::Issue(id) => self.issue_mut(id).map(|issue| &mut issue.reactions),
            ReactionTarget::Comment(id) => {
                let comment = self.comments.get_mut(&id).ok_or_else(Refusal::not_found)?;
                Ok(&mut comment.reactions)
            }
        }
    }

    pub(super) fn comment_changed(&self, id: i64) {
        let Some(comment) = self.comments.get(&id) else { return };
        let Some(issue) = self.issues.get(&comment.issue) else { return };
        self.changed(Change::Comment { repo: issue.repo, number: issue.number, comment: id });
    }

    fn tell_comment(&mut self, by: &Actor, id: i64, action: &'static str, changes: Option<Value>) {
        let Some(comment) = self.comments.get(&id) else { return };
        let Some(issue) = self.issues.get(&comment.issue) else { return };
        let repo = issue.repo;
        let mut fields = vec![("issue", view::issue(self, issue)), ("comment", view::comment(self, comment))];
        fields.extend(changes.map(|changes| ("changes", changes)));
        self.tell(by, repo, Happening::new("issue_comment", action, fields));
    }
}

fn check_comment(body: &str) -> Result<(), Refusal> {
    if body.trim().is_empty() {
        return Err(Refusal::rule("IssueComment", "data", "Body cannot be blank"));
    }
    check_body("IssueComment", body)
}
