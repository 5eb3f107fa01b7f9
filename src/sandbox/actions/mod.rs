//! What can be done in a world, with GitHub's rules: each action checks, changes the state, and tells the App.

use super::model::{Change, Role};
use super::refusal::Refusal;
use super::state::{Actor, State};

mod comments;
mod installations;
mod issues;
mod labels;
mod reactions;
mod relations;
mod repositories;

pub use comments::ReactionTarget;
pub use issues::{IssueEdit, NewIssue};
pub use labels::NewLabel;
pub use reactions::REACTIONS;
pub use relations::ReplaceParent;
pub use repositories::{NewFile, Push};

/// Longest text of an issue or comment, in characters.
pub const BODY_LIMIT: usize = 65_536;

/// Refuses a text that is too long.
fn check_body(resource: &str, body: &str) -> Result<(), Refusal> {
    match body.chars().count() > BODY_LIMIT {
        true => Err(Refusal::rule(
            resource,
            "body",
            format!("body is too long (maximum is {BODY_LIMIT} characters)"),
        )),
        false => Ok(()),
    }
}

impl State {
    /// Refuses any write to an archived repository.
    pub(super) fn check_writable(&self, repo: i64) -> Result<(), Refusal> {
        match self.repository(repo)?.archived {
            true => Err(Refusal::new(403, "Repository was archived so is read-only.")),
            false => Ok(()),
        }
    }

    /// Locked conversations are for people who can write; an App is not one of them.
    fn check_unlocked(&self, by: &Actor, issue: i64) -> Result<(), Refusal> {
        let issue = self.issue(issue)?;
        let writer = by.via_installation.is_none() && self.role(issue.repo, &by.login) >= Role::Write;
        match issue.locked && !writer {
            true => Err(Refusal::new(403, "Unable to create comment because issue is locked.")),
            false => Ok(()),
        }
    }

    /// Marks an issue as changed now.
    fn touch(&mut self, id: i64) {
        let now = self.now();
        if let Some(issue) = self.issues.get_mut(&id) {
            issue.updated_ms = now;
            let change = Change::Issue { repo: issue.repo, number: issue.number };
            self.changed(change);
        }
    }
}
