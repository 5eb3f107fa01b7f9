//! The handle on a world: making it, seeding it, looking at it, letting people act in it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::broadcast;

use super::app::AppRegistration;
use super::auth::TokenRequest;
use super::faults::{Dials, Faults};
use super::limits::Rates;
use super::log::{Log, Request};
use super::model::{AccountKind, Change, Clock, Comment, Issue, Label, Permissions};
use super::person::Person;
use super::refusal::Refusal;
use super::state::{Abilities, Actor, State};
use super::webhooks::HookDelivery;

/// A small GitHub. Clones are handles on the same world.
#[derive(Clone)]
pub struct World(Arc<Inner>);

struct Inner {
    clock: Clock,
    dials: Arc<Dials>,
    state: Mutex<State>,
    log: Log,
    faults: Faults,
    changes: broadcast::Sender<Change>,
}

impl World {
    /// An empty world: no people, no repositories, an App that nobody installed.
    pub fn new(clock: Clock) -> Self {
        let dials = Arc::new(Dials::default());
        let state = State::new(clock.clone(), dials.clone());
        let changes = state.changes.clone();
        let faults = Faults::new(dials.clone());
        Self(Arc::new(Inner { clock, dials, state: Mutex::new(state), log: Log::default(), faults, changes }))
    }

    /// The world's time in unix milliseconds.
    pub fn now(&self) -> i64 {
        (self.0.clock)()
    }

    /// What this GitHub's own clocks show: the world's time and the skew of a fault, in unix milliseconds.
    pub fn server_now(&self) -> i64 {
        self.now() + self.0.dials.clock_skew_ms()
    }

    /// What the App's operator knows.
    pub fn app(&self) -> AppRegistration {
        self.state().app.registration()
    }

    /// Says where webhooks go. What waited until now is delivered there.
    pub fn set_webhook_url(&self, url: impl Into<String>) {
        self.state().app.webhook_url = Some(url.into());
        self.changed(Change::WebhookQueued);
    }

    /// Changes the secret that webhooks are signed with.
    pub fn set_webhook_secret(&self, secret: impl Into<String>) {
        self.state().app.webhook_secret = secret.into();
    }

    /// Changes which events the App hears of.
    pub fn subscribe(&self, events: &[&str]) {
        self.state().app.events = events.iter().map(|event| (*event).to_owned()).collect();
    }

    /// Makes a new private key, which [`World::app`] shows from now on; the older ones stay in force.
    pub fn add_private_key(&self) {
        self.state().app.add_key();
    }

    /// Takes all private keys but the newest out of force.
    pub fn revoke_old_private_keys(&self) {
        self.state().app.revoke_old_keys();
    }

    /// Address under which the API is reached, without a final slash.
    pub fn api_url(&self) -> String {
        self.state().api_url.clone()
    }

    /// Says under which address the API is reached; `serve` does that by itself.
    pub fn set_api_url(&self, url: impl Into<String>) {
        self.state().api_url = url.into();
    }

    /// Says where the pages are that `html_url` names; `https://github.example` unless set.
    pub fn set_html_url(&self, url: impl Into<String>) {
        self.state().html_url = url.into();
    }

    /// Takes features away, as an older GitHub Enterprise Server lacks them.
    pub fn set_abilities(&self, abilities: Abilities) {
        self.state().abilities = abilities;
    }

    /// Changes the rate limits.
    pub fn set_rates(&self, rates: Rates) {
        self.state().limits.rates = rates;
    }

    /// What a person does in the web interface. The account is made if nobody has the login.
    pub fn act_as(&self, login: &str) -> Person {
        Person::new(self.clone(), login)
    }

    /// An installation token, as if the App had asked for it.
    pub fn installation_token(
        &self,
        installation: i64,
        permissions: Option<Permissions>,
    ) -> Result<String, Refusal> {
        self.state().make_token(installation, TokenRequest { permissions, ..TokenRequest::default() })
    }

    /// Lets all installation tokens expire now.
    pub fn expire_all_tokens(&self) {
        let now = self.now();
        for token in self.state().tokens.values_mut() {
            token.expires_ms = now;
        }
    }

    /// Suspends an installation, in the name of the account it is on.
    pub fn suspend_installation(&self, installation: i64) -> Result<(), Refusal> {
        self.with_owner(installation, |state, owner| state.suspend(owner, installation))
    }

    /// Lifts a suspension.
    pub fn unsuspend_installation(&self, installation: i64) -> Result<(), Refusal> {
        self.with_owner(installation, |state, owner| state.unsuspend(owner, installation))
    }

    /// Uninstalls the App.
    pub fn delete_installation(&self, installation: i64) -> Result<(), Refusal> {
        self.with_owner(installation, |state, owner| state.uninstall(owner, installation))
    }

    /// Adds repositories (`owner/name`) to an installation.
    pub fn add_to_installation(&self, installation: i64, repos: &[&str]) -> Result<(), Refusal> {
        let ids = self.repository_ids(repos)?;
        self.with_owner(installation, |state, owner| state.add_repositories(owner, installation, &ids))
    }

    /// Takes repositories (`owner/name`) out of an installation.
    pub fn remove_from_installation(&self, installation: i64, repos: &[&str]) -> Result<(), Refusal> {
        let ids = self.repository_ids(repos)?;
        self.with_owner(installation, |state, owner| state.remove_repositories(owner, installation, &ids))
    }

    /// Makes a repository (`owner/name`) one that only people with a role see.
    pub fn make_private(&self, repo: &str) -> Result<(), Refusal> {
        let mut state = self.state();
        let repo = state.repository_id(repo).ok_or_else(Refusal::not_found)?;
        state.repository_mut(repo)?.private = true;
        Ok(())
    }

    /// Changes what an installation granted.
    pub fn set_permissions(&self, installation: i64, permissions: Permissions) -> Result<(), Refusal> {
        self.state().grant(installation, permissions)
    }

    fn with_owner(
        &self,
        installation: i64,
        act: impl FnOnce(&mut State, &Actor) -> Result<(), Refusal>,
    ) -> Result<(), Refusal> {
        let mut state = self.state();
        let found = state.installations.get(&installation).ok_or_else(Refusal::not_found)?;
        let owner = Actor::person(found.account.clone());
        act(&mut state, &owner)
    }

    fn repository_ids(&self, repos: &[&str]) -> Result<Vec<i64>, Refusal> {
        let state = self.state();
        repos.iter().map(|name| state.repository_id(name).ok_or_else(Refusal::not_found)).collect()
    }

    /// Database id of a repository (`owner/name`).
    pub fn repository_id(&self, repo: &str) -> Option<i64> {
        self.state().repository_id(repo)
    }

    /// Id of the App behind a bot's login, as `performed_via_github_app` names it.
    pub fn app_of(&self, bot: &str) -> Option<i64> {
        let state = self.state();
        if bot.eq_ignore_ascii_case(&state.app.bot_login()) {
            return Some(state.app.id);
        }
        state.account(bot).filter(|account| account.kind == AccountKind::Bot).map(|account| account.id)
    }

    /// Database id of the installation that covers a repository (`owner/name`).
    pub fn installation_id(&self, repo: &str) -> Option<i64> {
        let state = self.state();
        let repo = state.repository_id(repo)?;
        state.installation_of(repo).map(|installation| installation.id)
    }

    /// Head commit of the default branch of a repository (`owner/name`).
    pub fn head(&self, repo: &str) -> Option<String> {
        let state = self.state();
        let repository = state.repositories.get(&state.repository_id(repo)?)?;
        repository.branches.get(&repository.default_branch).cloned()
    }

    /// Content of a file on the default branch of a repository (`owner/name`).
    pub fn file(&self, repo: &str, path: &str) -> Option<bytes::Bytes> {
        let state = self.state();
        let repository = state.repositories.get(&state.repository_id(repo)?)?;
        let entry = repository.head_files().remove(path)?;
        repository.objects.blob(&entry.sha).cloned()
    }

    /// Paths on the default branch of a repository (`owner/name`).
    pub fn files(&self, repo: &str) -> Vec<String> {
        let state = self.state();
        let found = state.repository_id(repo).and_then(|id| state.repositories.get(&id));
        found.map(|repository| repository.head_files().into_keys().collect()).unwrap_or_default()
    }

    /// An issue of a repository (`owner/name`).
    pub fn issue(&self, repo: &str, number: i64) -> Option<Issue> {
        let state = self.state();
        state.issue_at(state.repository_id(repo)?, number).ok().cloned()
    }

    /// The issues of a repository (`owner/name`), by number.
    pub fn issues(&self, repo: &str) -> Vec<Issue> {
        let state = self.state();
        let Some(repo) = state.repository_id(repo) else { return Vec::new() };
        let mut found: Vec<Issue> =
            state.issues.values().filter(|issue| issue.repo == repo).cloned().collect();
        found.sort_by_key(|issue| issue.number);
        found
    }

    /// The comments of an issue, oldest first.
    pub fn comments(&self, repo: &str, number: i64) -> Vec<Comment> {
        let Some(issue) = self.issue(repo, number) else { return Vec::new() };
        self.state().comments_of(issue.id).cloned().collect()
    }

    /// Names of the labels of an issue, as the repository spells them.
    pub fn labels(&self, repo: &str, number: i64) -> Vec<String> {
        let Some(issue) = self.issue(repo, number) else { return Vec::new() };
        let state = self.state();
        let Some(repository) = state.repositories.get(&issue.repo) else { return Vec::new() };
        let labels = issue.labels.iter().filter_map(|name| repository.label(name));
        labels.map(|label| label.name.clone()).collect()
    }

    /// The labels of a repository (`owner/name`), in the order of their making.
    pub fn repository_labels(&self, repo: &str) -> Vec<Label> {
        let state = self.state();
        let found = state.repository_id(repo).and_then(|id| state.repositories.get(&id));
        found.map(|repository| repository.labels.clone()).unwrap_or_default()
    }

    /// Numbers of the children of an issue, in order.
    pub fn sub_issues(&self, repo: &str, number: i64) -> Vec<i64> {
        self.issue(repo, number).map(|issue| self.numbers(&issue.sub_issues)).unwrap_or_default()
    }

    /// Numbers of the issues that an issue waits for.
    pub fn blocked_by(&self, repo: &str, number: i64) -> Vec<i64> {
        self.issue(repo, number).map(|issue| self.numbers(&issue.blocked_by)).unwrap_or_default()
    }

    fn numbers(&self, ids: &[i64]) -> Vec<i64> {
        let state = self.state();
        ids.iter().filter_map(|id| state.issues.get(id)).map(|issue| issue.number).collect()
    }

    /// Every request so far, in the order of arrival.
    pub fn requests(&self) -> Vec<Request> {
        self.0.log.all()
    }

    /// The most content writes of an installation that were under way at the same time.
    pub fn most_content_writes_at_once(&self, installation: i64) -> usize {
        self.0.log.most_content_writes(installation)
    }

    /// Webhooks that wait for delivery.
    pub fn waiting_webhooks(&self) -> usize {
        self.state().hooks.waiting()
    }

    /// Webhooks that wait for delivery or are on their way.
    pub fn open_webhooks(&self) -> usize {
        self.state().hooks.open()
    }

    /// Webhook attempts of the last three days, newest first.
    pub fn webhook_log(&self) -> Vec<HookDelivery> {
        let state = self.state();
        let now = state.server_now();
        state.hooks.visible(now).map(|(attempt, _)| attempt.clone()).collect()
    }

    /// Sends a delivery of the log again, as the operator does on the App's page; false if there is no such attempt.
    pub fn redeliver(&self, attempt: i64) -> bool {
        self.state().redeliver(attempt)
    }

    /// What goes wrong on purpose.
    pub fn faults(&self) -> &Faults {
        &self.0.faults
    }

    /// Follows changes from now on.
    pub fn changes(&self) -> broadcast::Receiver<Change> {
        self.0.changes.subscribe()
    }

    pub(super) fn changed(&self, change: Change) {
        self.0.changes.send(change).ok();
    }

    pub(super) fn log(&self) -> &Log {
        &self.0.log
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
