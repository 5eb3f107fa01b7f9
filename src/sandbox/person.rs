//! What a person does in the web interface, with the rights that the person has.

use super::actions::{IssueEdit, NewFile, NewIssue, NewLabel, Push, ReactionTarget};
use super::model::{AccountKind, Issue, Role, Selection};
use super::refusal::Refusal;
use super::state::{Actor, State};
use super::world::World;

/// A person at work. Repositories are named `owner/name`, issues by number, comments by database id.
pub struct Person {
    world: World,
    actor: Actor,
}

impl Person {
    pub(super) fn new(world: World, login: &str) -> Self {
        let actor = {
            let mut state = world.state();
            let key = state.add_account(login, AccountKind::User);
            let spelled = state.accounts.get(&key).map_or(login, |account| &account.login);
            Actor::person(spelled)
        };
        Self { world, actor }
    }

    /// Opens an issue; answers its number.
    pub fn open_issue(&self, repo: &str, title: &str, body: &str) -> Result<i64, Refusal> {
        let new = NewIssue { title: title.to_owned(), body: Some(body.to_owned()), ..NewIssue::default() };
        self.open(repo, new)
    }

    /// Opens an issue with everything that can be said at once; answers its number.
    pub fn open(&self, repo: &str, new: NewIssue) -> Result<i64, Refusal> {
        let (mut state, repo) = self.enter(repo, Role::Read)?;
        let id = state.open_issue(&self.actor, repo, new)?;
        Ok(state.issue(id)?.number)
    }

    /// Comments; answers the comment's database id.
    pub fn comment(&self, repo: &str, number: i64, body: &str) -> Result<i64, Refusal> {
        let (mut state, repo) = self.enter(repo, Role::Read)?;
        let issue = state.issue_at(repo, number)?.id;
        state.add_comment(&self.actor, issue, body)
    }

    /// Edits a comment: one's own, or any with the right to write.
    pub fn edit_comment(&self, repo: &str, comment: i64, body: &str) -> Result<(), Refusal> {
        let mut state = self.enter_comment(repo, comment)?;
        state.edit_comment(&self.actor, comment, body)
    }

    /// Deletes a comment: one's own, or any with the right to write.
    pub fn delete_comment(&self, repo: &str, comment: i64) -> Result<(), Refusal> {
        let mut state = self.enter_comment(repo, comment)?;
        state.delete_comment(&self.actor, comment)
    }

    /// Reacts to a comment; answers the reaction's database id.
    pub fn react(&self, repo: &str, comment: i64, content: &str) -> Result<i64, Refusal> {
        let (mut state, repo) = self.enter(repo, Role::Read)?;
        state.comment_in(repo, comment)?;
        let reacted = state.react(&self.actor, ReactionTarget::Comment(comment), content)?;
        Ok(reacted.reaction.id)
    }

    /// Edits title and text of an issue: one's own, or any with the right to write.
    pub fn edit_issue(&self, repo: &str, number: i64, edit: IssueEdit) -> Result<(), Refusal> {
        let (mut state, issue) = self.enter_issue(repo, number, Role::Write)?;
        state.edit_issue(&self.actor, issue.id, edit)
    }

    /// Closes an issue: one's own, or any with the right to triage.
    pub fn close(&self, repo: &str, number: i64) -> Result<(), Refusal> {
        self.change_state(repo, number, IssueEdit { open: Some(false), ..IssueEdit::default() })
    }

    /// Reopens an issue: one's own, or any with the right to triage.
    pub fn reopen(&self, repo: &str, number: i64) -> Result<(), Refusal> {
        self.change_state(repo, number, IssueEdit { open: Some(true), ..IssueEdit::default() })
    }

    fn change_state(&self, repo: &str, number: i64, edit: IssueEdit) -> Result<(), Refusal> {
        let (mut state, issue) = self.enter_issue(repo, number, Role::Triage)?;
        state.edit_issue(&self.actor, issue.id, edit)
    }

    /// Labels an issue; a label that does not exist is made first.
    pub fn label(&self, repo: &str, number: i64, label: &str) -> Result<(), Refusal> {
        let (mut state, repo) = self.enter(repo, Role::Triage)?;
        let issue = state.issue_at(repo, number)?.id;
        state.add_labels(&self.actor, issue, &[label.to_owned()])
    }

    /// Takes a label off an issue.
    pub fn unlabel(&self, repo: &str, number: i64, label: &str) -> Result<(), Refusal> {
        let (mut state, repo) = self.enter(repo, Role::Triage)?;
        let issue = state.issue_at(repo, number)?.id;
        state.remove_label(&self.actor, issue, label)
    }

    /// Makes a label.
    pub fn create_label(&self, repo: &str, label: NewLabel) -> Result<(), Refusal> {
        let (mut state, repo) = self.enter(repo, Role::Write)?;
        state.create_label(&self.actor, repo, label).map(|_| ())
    }

    /// Makes one issue the child of another of the same repository.
    pub fn add_sub_issue(&self, repo: &str, parent: i64, child: i64) -> Result<(), Refusal> {
        let (mut state, repo) = self.enter(repo, Role::Triage)?;
        let (parent, child) = (state.issue_at(repo, parent)?.id, state.issue_at(repo, child)?.id);
        state.add_sub_issue(&self.actor, parent, child, super::actions::ReplaceParent::No)
    }

    /// Makes one issue wait for another of the same repository.
    pub fn add_blocked_by(&self, repo: &str, blocked: i64, blocker: i64) -> Result<(), Refusal> {
        let (mut state, repo) = self.enter(repo, Role::Triage)?;
        let (blocked, blocker) = (state.issue_at(repo, blocked)?.id, state.issue_at(repo, blocker)?.id);
        state.add_blocked_by(&self.actor, blocked, blocker)
    }

    /// Lets an issue no longer wait for another of the same repository.
    pub fn remove_blocked_by(&self, repo: &str, blocked: i64, blocker: i64) -> Result<(), Refusal> {
        let (mut state, repo) = self.enter(repo, Role::Triage)?;
        let (blocked, blocker) = (state.issue_at(repo, blocked)?.id, state.issue_at(repo, blocker)?.id);
        state.remove_blocked_by(&self.actor, blocked, blocker)
    }

    /// Commits to the default branch: new content by path, none removes the file. Answers the commit's id.
    pub fn push(&self, repo: &str, message: &str, files: &[(&str, Option<&str>)]) -> Result<String, Refusal> {
        let (mut state, repo) = self.enter(repo, Role::Write)?;
        let branch = state.repository(repo)?.default_branch.clone();
        let files = files.iter().map(|(path, content)| ((*path).to_owned(), content.map(NewFile::from)));
        let push = Push { branch, message: message.to_owned(), files: files.collect() };
        state.push(&self.actor, repo, push)
    }

    /// Commits to any branch; answers the commit's id.
    pub fn push_to(&self, repo: &str, push: Push) -> Result<String, Refusal> {
        let (mut state, repo) = self.enter(repo, Role::Write)?;
        state.push(&self.actor, repo, push)
    }

    /// Sets what somebody else may do.
    pub fn set_role(&self, repo: &str, login: &str, role: Role) -> Result<(), Refusal> {
        let (mut state, repo) = self.enter(repo, Role::Admin)?;
        state.add_account(login, AccountKind::User);
        state.set_role(repo, login, role)
    }

    /// Gives the repository another name.
    pub fn rename_repository(&self, repo: &str, name: &str) -> Result<(), Refusal> {
        let (mut state, repo) = self.enter(repo, Role::Admin)?;
        state.rename_repository(&self.actor, repo, name)
    }

    /// Locks an issue's conversation.
    pub fn lock(&self, repo: &str, number: i64) -> Result<(), Refusal> {
        let (mut state, repo) = self.enter(repo, Role::Write)?;
        let issue = state.issue_at(repo, number)?.id;
        state.lock_issue(&self.actor, issue)
    }

    /// Unlocks it.
    pub fn unlock(&self, repo: &str, number: i64) -> Result<(), Refusal> {
        let (mut state, repo) = self.enter(repo, Role::Write)?;
        let issue = state.issue_at(repo, number)?.id;
        state.unlock_issue(&self.actor, issue)
    }

    /// Moves an issue to another repository of the same owner; answers its new number.
    pub fn transfer(&self, repo: &str, number: i64, to: &str) -> Result<i64, Refusal> {
        let (mut state, repo) = self.enter(repo, Role::Write)?;
        let to = state.repository_id(to).ok_or_else(Refusal::not_found)?;
        self.check(&state, to, Role::Write)?;
        let issue = state.issue_at(repo, number)?.id;
        let moved = state.transfer_issue(&self.actor, issue, to)?;
        Ok(state.issue(moved)?.number)
    }

    /// Deletes an issue.
    pub fn delete_issue(&self, repo: &str, number: i64) -> Result<(), Refusal> {
        let (mut state, repo) = self.enter(repo, Role::Admin)?;
        let issue = state.issue_at(repo, number)?.id;
        state.delete_issue(&self.actor, issue)
    }

    /// Installs the App on an account, for these repositories or for all; answers the installation's database id.
    pub fn install(&self, account: &str, repos: &[&str]) -> Result<i64, Refusal> {
        let mut state = self.world.state();
        let named = repos.iter().map(|repo| state.repository_id(repo).ok_or_else(Refusal::not_found));
        let ids = named.collect::<Result<_, _>>()?;
        let selection = if repos.is_empty() { Selection::All } else { Selection::Selected(ids) };
        Ok(state.install_app(&self.actor, account, selection))
    }

    fn enter(&self, repo: &str, needed: Role) -> Result<(std::sync::MutexGuard<'_, State>, i64), Refusal> {
        let state = self.world.state();
        let repo = state.repository_id(repo).ok_or_else(Refusal::not_found)?;
        self.check(&state, repo, needed)?;
        Ok((state, repo))
    }

    fn check(&self, state: &State, repo: i64, needed: Role) -> Result<(), Refusal> {
        match state.role(repo, &self.actor.login) {
            Role::None => Err(Refusal::not_found()),
            role if role < needed => {
                let login = &self.actor.login;
                Err(Refusal::new(403, format!("{login} needs the role {} for this", needed.name())))
            }
            _ => Ok(()),
        }
    }

    fn enter_issue(
        &self,
        repo: &str,
        number: i64,
        needed: Role,
    ) -> Result<(std::sync::MutexGuard<'_, State>, Issue), Refusal> {
        let (state, repo) = self.enter(repo, Role::Read)?;
        let issue = state.issue_at(repo, number)?.clone();
        if issue.author.as_deref() != Some(&self.actor.login) {
            self.check(&state, repo, needed)?;
        }
        Ok((state, issue))
    }

    fn enter_comment(&self, repo: &str, comment: i64) -> Result<std::sync::MutexGuard<'_, State>, Refusal> {
        let (state, repo) = self.enter(repo, Role::Read)?;
        let author = state.comment_in(repo, comment)?.author.clone();
        if author.as_deref() != Some(&self.actor.login) {
            self.check(&state, repo, Role::Write)?;
        }
        Ok(state)
    }
}
