//! Everything a world holds at one moment, with the look-ups that all handlers share.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, SecondsFormat};
use tokio::sync::broadcast;

use super::app::App;
use super::faults::Dials;
use super::limits::Limits;
use super::model::{
    Account, AccountKind, Change, Clock, Comment, Installation, Issue, IssueSlot, Repository, Role,
    Selection, Token,
};
use super::refusal::Refusal;
use super::webhooks::Hooks;

/// Who acts: a person in the web interface, or the App through an installation.
#[derive(Debug, Clone)]
pub struct Actor {
    /// Login.
    pub login: String,
    /// Database id of the installation, when it is the App.
    pub via_installation: Option<i64>,
}

impl Actor {
    /// A person.
    pub fn person(login: impl Into<String>) -> Self {
        Self { login: login.into(), via_installation: None }
    }
}

/// What the GitHub of this world can do; older GitHub Enterprise Servers can do less.
#[derive(Debug, Clone)]
pub struct Abilities {
    /// Status of every sub-issue endpoint when the feature is missing (404 or 410).
    pub sub_issues_missing: Option<u16>,
    /// Status of every dependency endpoint when the feature is missing (404 or 410).
    pub dependencies_missing: Option<u16>,
    /// Status of every GraphQL request when the server has no GraphQL.
    pub graphql_missing: Option<u16>,
    /// Recursive trees are cut after so many entries.
    pub tree_entries: usize,
}

impl Default for Abilities {
    fn default() -> Self {
        Self {
            sub_issues_missing: None,
            dependencies_missing: None,
            graphql_missing: None,
            tree_entries: 100_000,
        }
    }
}

/// The whole of a world.
pub struct State {
    pub(super) clock: Clock,
    pub(super) changes: broadcast::Sender<Change>,
    pub(super) dials: Arc<Dials>,
    pub(super) api_url: String,
    pub(super) html_url: String,
    pub(super) app: App,
    pub(super) abilities: Abilities,
    pub(super) accounts: BTreeMap<String, Account>,
    pub(super) repositories: BTreeMap<i64, Repository>,
    pub(super) names: BTreeMap<String, i64>,
    pub(super) issues: BTreeMap<i64, Issue>,
    pub(super) comments: BTreeMap<i64, Comment>,
    pub(super) installations: BTreeMap<i64, Installation>,
    pub(super) tokens: HashMap<String, Token>,
    pub(super) hooks: Hooks,
    pub(super) limits: Limits,
    counters: BTreeMap<&'static str, i64>,
}

impl State {
    /// An empty world whose App nobody has installed.
    pub fn new(clock: Clock, dials: Arc<Dials>) -> Self {
        let mut state = Self {
            clock,
            changes: broadcast::channel(4096).0,
            dials,
            api_url: "https://api.github.example".to_owned(),
            html_url: "https://github.example".to_owned(),
            app: App::default(),
            abilities: Abilities::default(),
            accounts: BTreeMap::new(),
            repositories: BTreeMap::new(),
            names: BTreeMap::new(),
            issues: BTreeMap::new(),
            comments: BTreeMap::new(),
            installations: BTreeMap::new(),
            tokens: HashMap::new(),
            hooks: Hooks::default(),
            limits: Limits::default(),
            counters: BTreeMap::new(),
        };
        let owner = state.app.owner.clone();
        state.add_account(&owner, AccountKind::Organization);
        let bot = state.app.bot_login();
        state.add_account(&bot, AccountKind::Bot);
        state
    }

    /// The world's time in unix milliseconds.
    pub fn now(&self) -> i64 {
        (self.clock)()
    }

    /// Tells whoever follows along. Nobody following is fine.
    pub fn changed(&self, change: Change) {
        self.changes.send(change).ok();
    }

    /// The next database id of a kind, never given out before.
    pub fn fresh_id(&mut self, kind: &'static str) -> i64 {
        let counter = self.counters.entry(kind).or_insert_with(|| first_id(kind));
        let id = *counter;
        *counter = counter.saturating_add(1);
        id
    }

    /// Marks an id of a kind as taken.
    pub fn claim_id(&mut self, kind: &'static str, id: i64) -> i64 {
        let counter = self.counters.entry(kind).or_insert_with(|| first_id(kind));
        *counter = (*counter).max(id.saturating_add(1));
        id
    }

    /// Adds an account unless the login is taken; answers the lower-case login.
    pub fn add_account(&mut self, login: &str, kind: AccountKind) -> String {
        let key = login.to_lowercase();
        if !self.accounts.contains_key(&key) {
            let id = self.fresh_id("account");
            let account = Account {
                id,
                node_id: node_id(account_prefix(kind), id),
                login: login.to_owned(),
                kind,
                members: Default::default(),
                created_ms: self.now(),
            };
            self.accounts.insert(key.clone(), account);
        }
        key
    }

    /// The account of a login, without regard to case.
    pub fn account(&self, login: &str) -> Option<&Account> {
        self.accounts.get(&login.to_lowercase())
    }

    /// A repository by database id.
    pub fn repository(&self, id: i64) -> Result<&Repository, Refusal> {
        self.repositories.get(&id).ok_or_else(Refusal::not_found)
    }

    /// A repository by database id, to be changed.
    pub fn repository_mut(&mut self, id: i64) -> Result<&mut Repository, Refusal> {
        self.repositories.get_mut(&id).ok_or_else(Refusal::not_found)
    }

    /// A repository by `owner/name`, without regard to case; old names lead to the same repository.
    pub fn repository_id(&self, full_name: &str) -> Option<i64> {
        let id = *self.names.get(&full_name.to_lowercase())?;
        self.repositories.contains_key(&id).then_some(id)
    }

    /// The issue behind a number: 404 if there never was one, 410 if it was deleted, 301 if it lives elsewhere.
    pub fn issue_at(&self, repo: i64, number: i64) -> Result<&Issue, Refusal> {
        match self.repository(repo)?.numbers.get(&number) {
            None => Err(Refusal::not_found()),
            Some(IssueSlot::Deleted) => Err(Refusal::new(410, "This issue was deleted")),
            Some(IssueSlot::Transferred(id)) => Err(self.moved_issue(*id)),
            Some(IssueSlot::Live(id)) => self.issue(*id),
        }
    }

    fn moved_issue(&self, id: i64) -> Refusal {
        let Ok(issue) = self.issue(id) else { return Refusal::new(410, "This issue was deleted") };
        let url = format!("{}/repositories/{}/issues/{}", self.api_url, issue.repo, issue.number);
        Refusal { url: Some(url), ..Refusal::new(301, "Moved Permanently") }
    }

    /// An issue by database id.
    pub fn issue(&self, id: i64) -> Result<&Issue, Refusal> {
        self.issues.get(&id).ok_or_else(Refusal::not_found)
    }

    /// An issue by database id, to be changed.
    pub fn issue_mut(&mut self, id: i64) -> Result<&mut Issue, Refusal> {
        self.issues.get_mut(&id).ok_or_else(Refusal::not_found)
    }

    /// A comment by database id, if it belongs to the repository.
    pub fn comment_in(&self, repo: i64, id: i64) -> Result<&Comment, Refusal> {
        let comment = self.comments.get(&id).ok_or_else(Refusal::not_found)?;
        match self.issue(comment.issue)?.repo == repo {
            true => Ok(comment),
            false => Err(Refusal::not_found()),
        }
    }

    /// Comments of an issue, oldest first.
    pub fn comments_of(&self, issue: i64) -> impl Iterator<Item = &Comment> {
        self.comments.values().filter(move |comment| comment.issue == issue)
    }

    /// What an account may do in a repository; everybody reads a public one.
    pub fn role(&self, repo: i64, login: &str) -> Role {
        let Some(repository) = self.repositories.get(&repo) else { return Role::None };
        let key = login.to_lowercase();
        if repository.owner.to_lowercase() == key {
            return Role::Admin;
        }
        let floor = if repository.private { Role::None } else { Role::Read };
        repository.roles.get(&key).copied().unwrap_or(Role::None).max(floor)
    }

    /// Whether an installation covers a repository.
    pub fn covers(&self, installation: &Installation, repo: i64) -> bool {
        let Some(repository) = self.repositories.get(&repo) else { return false };
        let same_owner = repository.owner.eq_ignore_ascii_case(&installation.account);
        match &installation.selection {
            Selection::All => same_owner,
            Selection::Selected(ids) => same_owner && ids.contains(&repo),
        }
    }

    /// The installation that covers a repository.
    pub fn installation_of(&self, repo: i64) -> Option<&Installation> {
        self.installations.values().find(|installation| self.covers(installation, repo))
    }

    /// Database ids of the repositories that an installation covers.
    pub fn covered(&self, installation: &Installation) -> Vec<i64> {
        self.repositories.keys().copied().filter(|id| self.covers(installation, *id)).collect()
    }
}

/// A GraphQL id: opaque to clients, derived from kind and database id.
pub fn node_id(prefix: &str, id: i64) -> String {
    format!("{prefix}_{}", URL_SAFE_NO_PAD.encode(id.to_be_bytes()))
}

/// ISO 8601 in UTC with whole seconds, as GitHub writes times.
pub fn timestamp(ms: i64) -> String {
    let time = DateTime::from_timestamp_millis(ms).unwrap_or_default();
    time.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// Reads an ISO 8601 time into unix milliseconds.
pub fn parse_timestamp(text: &str) -> Option<i64> {
    DateTime::parse_from_rfc3339(text).ok().map(|time| time.timestamp_millis())
}

fn account_prefix(kind: AccountKind) -> &'static str {
    match kind {
        AccountKind::User => "U",
        AccountKind::Organization => "O",
        AccountKind::Bot => "BOT",
    }
}

/// Kinds start far apart, and far above issue numbers, so that an id of one kind is never mistaken for another.
fn first_id(kind: &str) -> i64 {
    match kind {
        "account" => 10_001,
        "repository" => 500_001,
        "installation" => 70_001,
        "issue" => 2_000_000_001,
        "comment" => 3_000_000_001,
        "label" => 4_000_000_001,
        "reaction" => 5_000_000_001,
        "event" => 6_000_000_001,
        "delivery" => 8_000_000_001,
        _ => 9_000_000_001,
    }
}
