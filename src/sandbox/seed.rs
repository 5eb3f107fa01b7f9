//! Putting a world together without telling the App anything.

use std::collections::BTreeMap;

use serde_json::Value;

use super::actions::{NewFile, NewIssue, Push};
use super::git::Objects;
use super::model::{
    AccountKind, Change, IssueSlot, Label, Milestone, Repository, Role, Selection, WorkflowRun,
};
use super::refusal::Refusal;
use super::state::{Actor, State, node_id};
use super::world::World;

/// A repository to be seeded.
#[derive(Debug, Clone)]
pub struct NewRepository {
    /// `owner/name`; the owner becomes an organization if nobody has the login.
    pub full_name: String,
    /// Database id, when one is given from outside.
    pub id: Option<i64>,
    /// Whether only people with a role see it.
    pub private: bool,
    /// Whether it is read-only.
    pub archived: bool,
    /// Default branch.
    pub default_branch: String,
    /// Description, if any.
    pub description: Option<String>,
}

impl NewRepository {
    /// A public repository with the default branch `main`.
    pub fn named(full_name: impl Into<String>) -> Self {
        Self {
            full_name: full_name.into(),
            id: None,
            private: false,
            archived: false,
            default_branch: "main".to_owned(),
            description: None,
        }
    }
}

/// A workflow run to be seeded.
#[derive(Debug, Clone)]
pub struct NewRun {
    /// Path of the workflow file.
    pub path: String,
    /// `success`, `failure`, …; none for a run that is not completed.
    pub conclusion: Option<String>,
    /// Login of who started it.
    pub actor: String,
}

/// The labels that GitHub makes with a repository.
const DEFAULT_LABELS: &[(&str, &str, &str)] = &[
    ("bug", "d73a4a", "Something isn't working"),
    ("documentation", "0075ca", "Improvements or additions to documentation"),
    ("duplicate", "cfd3d7", "This issue or pull request already exists"),
    ("enhancement", "a2eeef", "New feature or request"),
    ("good first issue", "7057ff", "Good for newcomers"),
    ("help wanted", "008672", "Extra attention is needed"),
    ("invalid", "e4e669", "This doesn't seem right"),
    ("question", "d876e3", "Further information is requested"),
    ("wontfix", "ffffff", "This will not be worked on"),
];

impl World {
    /// Adds a person.
    pub fn add_user(&self, login: &str) {
        self.state().add_account(login, AccountKind::User);
    }

    /// Adds a machine account; its login should end with `[bot]`.
    pub fn add_bot(&self, login: &str) {
        self.state().add_account(login, AccountKind::Bot);
    }

    /// Adds an organization with members.
    pub fn add_organization(&self, login: &str, members: &[&str]) {
        let mut state = self.state();
        let key = state.add_account(login, AccountKind::Organization);
        for member in members {
            let member = state.add_account(member, AccountKind::User);
            if let Some(organization) = state.accounts.get_mut(&key) {
                organization.members.insert(member);
            }
        }
    }

    /// Adds an empty repository with GitHub's default labels; answers its database id.
    pub fn add_repository(&self, new: NewRepository) -> i64 {
        self.state().seed_repository(new)
    }

    /// Says what somebody may do in a repository (`owner/name`).
    pub fn set_role(&self, repo: &str, login: &str, role: Role) -> Result<(), Refusal> {
        let mut state = self.state();
        state.add_account(login, AccountKind::User);
        let repo = state.repository_id(repo).ok_or_else(Refusal::not_found)?;
        state.set_role(repo, login, role)
    }

    /// Commits files to the default branch, in the name of the repository's owner; answers the commit's id.
    pub fn add_files(&self, repo: &str, files: &[(&str, &str)]) -> Result<String, Refusal> {
        let files = files.iter().map(|(path, content)| ((*path).to_owned(), Some(NewFile::from(*content))));
        self.seed(repo, |state, by, repo| {
            let branch = state.repository(repo)?.default_branch.clone();
            let push = Push { branch, message: "Add files".to_owned(), files: files.collect() };
            state.push(by, repo, push)
        })
    }

    /// Adds an issue in somebody's name; answers its number.
    pub fn add_issue(&self, repo: &str, author: &str, new: NewIssue) -> Result<i64, Refusal> {
        self.seed(repo, |state, _, repo| {
            state.add_account(author, AccountKind::User);
            let id = state.open_issue(&Actor::person(author), repo, new)?;
            Ok(state.issue(id)?.number)
        })
    }

    /// Puts an issue into a milestone; the day it is due is in RFC 3339.
    pub fn set_milestone(
        &self,
        repo: &str,
        number: i64,
        milestone: (&str, Option<&str>),
    ) -> Result<(), Refusal> {
        let (title, due_on) = milestone;
        self.seed(repo, |state, _, repo| {
            let issue = state.issue_at(repo, number)?.id;
            state.issue_mut(issue)?.milestone =
                Some(Milestone { title: title.to_owned(), due_on: due_on.map(str::to_owned) });
            Ok(())
        })
    }

    /// Adds a comment in somebody's name; answers its database id.
    pub fn add_comment(&self, repo: &str, number: i64, comment: (&str, &str)) -> Result<i64, Refusal> {
        let (author, body) = comment;
        self.seed(repo, |state, _, repo| {
            state.add_account(author, AccountKind::User);
            let issue = state.issue_at(repo, number)?.id;
            state.add_comment(&Actor::person(author), issue, body)
        })
    }

    /// Adds a workflow run on the head of the default branch; answers its database id.
    pub fn add_workflow_run(&self, repo: &str, new: NewRun) -> Result<i64, Refusal> {
        self.seed(repo, |state, _, repo| {
            let id = state.fresh_id("workflow_run");
            let now = state.now();
            state.add_account(&new.actor, AccountKind::User);
            let repository = state.repository_mut(repo)?;
            let head = repository.branches.get(&repository.default_branch);
            let head_sha = head.cloned().ok_or_else(|| Refusal::new(409, "Git Repository is empty."))?;
            let earlier = repository.runs.iter().filter(|run| run.path == new.path).count();
            repository.runs.push(WorkflowRun {
                id,
                path: new.path,
                head_branch: repository.default_branch.clone(),
                head_sha,
                event: "push".to_owned(),
                status: if new.conclusion.is_some() { "completed" } else { "in_progress" }.to_owned(),
                conclusion: new.conclusion,
                actor: new.actor,
                run_number: i64::try_from(earlier).unwrap_or(0) + 1,
                created_ms: now,
            });
            Ok(id)
        })
    }

    /// Adds an installation of the App for these repositories (`owner/name`), or for all; answers its database id.
    pub fn add_installation(&self, account: &str, repos: &[&str]) -> Result<i64, Refusal> {
        let mut state = self.state();
        let named = repos.iter().map(|repo| state.repository_id(repo).ok_or_else(Refusal::not_found));
        let ids = named.collect::<Result<_, _>>()?;
        let selection = if repos.is_empty() { Selection::All } else { Selection::Selected(ids) };
        Ok(state.insert_installation((None, account), selection))
    }

    /// Acts in the name of the repository's owner and forgets the webhooks that this made.
    fn seed<T>(
        &self,
        repo: &str,
        act: impl FnOnce(&mut State, &Actor, i64) -> Result<T, Refusal>,
    ) -> Result<T, Refusal> {
        let mut state = self.state();
        let repo = state.repository_id(repo).ok_or_else(Refusal::not_found)?;
        let owner = Actor::person(state.repository(repo)?.owner.clone());
        let events = std::mem::take(&mut state.app.events);
        let result = act(&mut state, &owner, repo);
        state.app.events = events;
        result
    }

    /// Turns what a webhook payload tells of (repository, issue, comment, people, installation) into state, with
    /// the payload's own ids. What is already there stays as it is. A payload says nothing of roles and files: a
    /// sender without a role gets [`Role::Write`], and the repository has no commit.
    pub fn seed_from_payload(&self, payload: &Value) {
        let mut state = self.state();
        let events = std::mem::take(&mut state.app.events);
        state.seed_payload(payload);
        state.app.events = events;
    }
}

impl State {
    pub(super) fn seed_repository(&mut self, new: NewRepository) -> i64 {
        let (owner, name) = new.full_name.split_once('/').unwrap_or(("acme", &new.full_name));
        let key = self.add_account(owner, AccountKind::Organization);
        let owner = self.accounts.get(&key).map_or(owner, |account| &account.login).to_owned();
        let id = match new.id {
            Some(id) => self.claim_id("repository", id),
            None => self.fresh_id("repository"),
        };
        let labels = DEFAULT_LABELS.iter().map(|(name, color, description)| Label {
            id: 0,
            name: (*name).to_owned(),
            color: (*color).to_owned(),
            description: Some((*description).to_owned()),
            default: true,
        });
        let mut labels: Vec<Label> = labels.collect();
        for label in &mut labels {
            label.id = self.fresh_id("label");
        }
        let now = self.now();
        let repository = Repository {
            id,
            node_id: node_id("R", id),
            owner,
            name: name.to_owned(),
            private: new.private,
            archived: new.archived,
            description: new.description,
            default_branch: new.default_branch,
            branches: BTreeMap::new(),
            objects: Objects::default(),
            labels,
            roles: BTreeMap::new(),
            runs: Vec::new(),
            alerts: BTreeMap::new(),
            numbers: BTreeMap::new(),
            created_ms: now,
            pushed_ms: now,
        };
        self.names.insert(repository.full_name().to_lowercase(), id);
        self.repositories.insert(id, repository);
        self.changed(Change::Repository(id));
        id
    }

    fn seed_payload(&mut self, payload: &Value) {
        for field in ["sender", "organization"] {
            self.seed_account(payload.get(field));
        }
        let repo = payload.get("repository").and_then(|repository| self.seed_known_repository(repository));
        let account = payload.pointer("/installation/account/login").and_then(Value::as_str);
        let owner = repo.and_then(|repo| self.repositories.get(&repo)).map(|it| it.owner.clone());
        if let Some(id) = number(payload.pointer("/installation/id"))
            && let Some(account) = account.map(str::to_owned).or(owner)
            && !self.installations.contains_key(&id)
        {
            self.insert_installation((Some(id), &account), Selection::All);
        }
        let Some(repo) = repo else { return };
        let issue = payload.get("issue").and_then(|issue| self.seed_known_issue(repo, issue));
        if let (Some(issue), Some(comment)) = (issue, payload.get("comment")) {
            self.seed_known_comment(issue, comment);
        }
        let sender = payload.pointer("/sender/login").and_then(Value::as_str);
        let person =
            payload.pointer("/sender/type").and_then(Value::as_str).is_none_or(|kind| kind == "User");
        let has_role = |sender: &str| {
            self.repositories.get(&repo).is_some_and(|it| it.roles.contains_key(&sender.to_lowercase()))
        };
        if let Some(sender) = sender.filter(|sender| person && !has_role(sender)) {
            self.set_role(repo, sender, Role::Write).ok();
        }
    }

    fn seed_account(&mut self, account: Option<&Value>) -> Option<String> {
        let account = account?;
        let login = account.get("login")?.as_str()?;
        let kind = match account.get("type").and_then(Value::as_str) {
            Some("Bot") => AccountKind::Bot,
            Some("Organization") => AccountKind::Organization,
            Some(_) => AccountKind::User,
            None => AccountKind::Organization,
        };
        let known = self.accounts.contains_key(&login.to_lowercase());
        let key = self.add_account(login, kind);
        if let Some(account_id) = number(account.get("id"))
            && !known
        {
            self.claim_id("account", account_id);
            let node_id = account.get("node_id").and_then(Value::as_str);
            if let Some(found) = self.accounts.get_mut(&key) {
                found.id = account_id;
                found.node_id = node_id.unwrap_or_default().to_owned();
            }
        }
        Some(login.to_owned())
    }

    fn seed_known_repository(&mut self, repository: &Value) -> Option<i64> {
        let id = number(repository.get("id"))?;
        if self.repositories.contains_key(&id) {
            return Some(id);
        }
        self.seed_account(repository.get("owner"));
        let flag = |name: &str| repository.get(name).and_then(Value::as_bool).unwrap_or(false);
        let branch = repository.get("default_branch").and_then(Value::as_str).unwrap_or("main");
        self.seed_repository(NewRepository {
            full_name: repository.get("full_name")?.as_str()?.to_owned(),
            id: Some(id),
            private: flag("private"),
            archived: flag("archived"),
            default_branch: branch.to_owned(),
            description: repository.get("description").and_then(Value::as_str).map(str::to_owned),
        });
        Some(id)
    }

    fn seed_known_issue(&mut self, repo: i64, issue: &Value) -> Option<i64> {
        let (id, issue_number) = (number(issue.get("id"))?, number(issue.get("number"))?);
        match self.repositories.get(&repo)?.numbers.get(&issue_number) {
            Some(IssueSlot::Live(known)) => return Some(*known),
            Some(IssueSlot::Deleted | IssueSlot::Transferred(_)) => return None,
            None => {}
        }
        let author = self.seed_account(issue.get("user"));
        let text = |name: &str| issue.get(name).and_then(Value::as_str);
        let list = |field: &str, name: &str| -> Vec<String> {
            let items = issue.get(field).and_then(Value::as_array).into_iter().flatten();
            items.filter_map(|item| item.get(name)?.as_str()).map(str::to_owned).collect()
        };
        let new = NewIssue {
            title: text("title")
                .filter(|it| !it.trim().is_empty())
                .unwrap_or("Untitled")
                .chars()
                .take(256)
                .collect(),
            body: text("body").map(|body| body.chars().take(super::actions::BODY_LIMIT).collect()),
            labels: list("labels", "name"),
            assignees: vec![],
            number: Some(issue_number),
            id: Some(id),
            pull_request: issue.get("pull_request").is_some_and(|pull| !pull.is_null()),
        };
        let by = Actor::person(author.clone().unwrap_or_else(|| "ghost".to_owned()));
        let id = self.open_issue(&by, repo, new).ok()?;
        let now = self.now();
        let node_id = text("node_id").map(str::to_owned);
        let closed = text("state") == Some("closed");
        let found = self.issues.get_mut(&id)?;
        found.author = author;
        found.node_id = node_id.unwrap_or_else(|| found.node_id.clone());
        found.locked = issue.get("locked").and_then(Value::as_bool).unwrap_or(false);
        found.open = !closed;
        found.closed_ms = closed.then_some(now);
        found.events.clear();
        Some(id)
    }

    fn seed_known_comment(&mut self, issue: i64, comment: &Value) -> Option<()> {
        let id = number(comment.get("id"))?;
        if self.comments.contains_key(&id) {
            return None;
        }
        let author = self.seed_account(comment.get("user"));
        let by = Actor::person(author.clone().unwrap_or_default());
        let body = comment.get("body").and_then(Value::as_str).unwrap_or_default();
        self.insert_comment(&by, issue, (Some(id), body));
        let found = self.comments.get_mut(&id)?;
        found.author = author;
        if let Some(node_id) = comment.get("node_id").and_then(Value::as_str) {
            found.node_id = node_id.to_owned();
        }
        Some(())
    }
}

fn number(value: Option<&Value>) -> Option<i64> {
    value?.as_i64()
}
