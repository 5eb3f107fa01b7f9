//! Webhooks: what happens in the world becomes a payload, waits for delivery, and stays in the delivery log.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::git::object_id;
use super::model::{AccountKind, Change, Installation};
use super::state::{Actor, State, node_id};
use super::view;
use super::world::World;

/// GitHub's delivery log reaches this far back.
const LOG_REACH_MS: i64 = 3 * 24 * 3_600_000;

/// One attempt to deliver one event.
#[derive(Debug, Clone)]
pub struct HookDelivery {
    /// Database id of the attempt.
    pub id: i64,
    /// Identity of the event; redeliveries share it.
    pub guid: String,
    /// Such as `issue_comment`.
    pub event: String,
    /// Such as `created`.
    pub action: Option<String>,
    /// Database id.
    pub installation: i64,
    /// Database id.
    pub repository: Option<i64>,
    /// The body.
    pub payload: Arc<Value>,
    /// Whether somebody asked for this attempt.
    pub redelivery: bool,
    /// How it went; none while it waits.
    pub outcome: Option<HookOutcome>,
}

/// How an attempt went.
#[derive(Debug, Clone)]
pub struct HookOutcome {
    /// Unix milliseconds.
    pub delivered_ms: i64,
    /// Milliseconds until the answer.
    pub duration_ms: i64,
    /// GitHub's words, such as `OK`.
    pub status: String,
    /// Status of the answer; 502 without a connection, 504 without an answer in time.
    pub status_code: u16,
    /// Headers we sent.
    pub request_headers: BTreeMap<String, String>,
    /// Headers of the answer.
    pub response_headers: BTreeMap<String, String>,
    /// Body of the answer.
    pub response_body: String,
}

/// The delivery log and what waits.
#[derive(Debug, Default)]
pub(super) struct Hooks {
    log: BTreeMap<i64, HookDelivery>,
    waiting: VecDeque<i64>,
}

/// Something to tell the App.
pub(super) struct Happening {
    pub event: &'static str,
    pub action: Option<&'static str>,
    pub fields: Vec<(&'static str, Value)>,
}

impl Happening {
    pub fn new(event: &'static str, action: &'static str, fields: Vec<(&'static str, Value)>) -> Self {
        Self { event, action: Some(action), fields }
    }
}

impl Hooks {
    /// Attempts that GitHub's log still shows, newest first; waiting ones are not in it yet.
    pub fn visible(&self, now_ms: i64) -> impl Iterator<Item = (&HookDelivery, &HookOutcome)> {
        let all = self.log.values().rev().filter_map(|attempt| Some((attempt, attempt.outcome.as_ref()?)));
        all.filter(move |(_, outcome)| outcome.delivered_ms + LOG_REACH_MS > now_ms)
    }

    /// How many wait.
    pub fn waiting(&self) -> usize {
        self.waiting.len()
    }

    /// How many have no outcome yet: they wait, or are on their way.
    pub fn open(&self) -> usize {
        self.log.values().filter(|attempt| attempt.outcome.is_none()).count()
    }

    /// Takes everything that waits, oldest first.
    pub fn take_waiting(&mut self) -> Vec<HookDelivery> {
        let ids: Vec<i64> = self.waiting.drain(..).collect();
        ids.iter().filter_map(|id| self.log.get(id).cloned()).collect()
    }

    /// Records how an attempt went.
    pub fn record(&mut self, id: i64, outcome: HookOutcome) {
        if let Some(attempt) = self.log.get_mut(&id) {
            attempt.outcome = Some(outcome);
        }
    }

    /// Forgets an attempt as if it had never been tried.
    pub fn lose(&mut self, id: i64) {
        self.log.remove(&id);
    }

    fn queue(&mut self, attempt: HookDelivery) {
        self.waiting.push_back(attempt.id);
        self.log.insert(attempt.id, attempt);
    }
}

impl World {
    /// Queues a webhook with a body from outside, just as it is; answers the id of the attempt.
    pub fn add_webhook(&self, event: &str, payload: Value) -> i64 {
        let number = |pointer: &str| payload.pointer(pointer).and_then(Value::as_i64);
        let (installation, repository) =
            (number("/installation/id").unwrap_or_default(), number("/repository/id"));
        let mut state = self.state();
        let id = state.fresh_id("delivery");
        let guid = guid(&format!("{id} {} {}", state.now(), state.app.webhook_secret));
        state.hooks.queue(HookDelivery {
            id,
            guid,
            event: event.to_owned(),
            action: payload.get("action").and_then(Value::as_str).map(str::to_owned),
            installation,
            repository,
            payload: Arc::new(payload),
            redelivery: false,
            outcome: None,
        });
        state.changed(Change::WebhookQueued);
        id
    }
}

impl State {
    /// Queues a webhook for the installation that covers the repository, if there is one that listens.
    pub(super) fn tell(&mut self, by: &Actor, repo: i64, happening: Happening) {
        let Some(installation) = self.installation_of(repo) else { return };
        if installation.suspended.is_some() || !self.app.events.iter().any(|event| event == happening.event) {
            return;
        }
        let reference = installation_reference(installation);
        let id = installation.id;
        let Some(repository) = self.repositories.get(&repo) else { return };
        let mut payload = opening(&happening);
        payload.insert("repository".to_owned(), view::repository(self, repository));
        if let Some(owner) = self.account(&repository.owner)
            && owner.kind == AccountKind::Organization
        {
            payload.insert("organization".to_owned(), view::organization(self, owner));
        }
        payload.insert("sender".to_owned(), view::login(self, &by.login));
        payload.insert("installation".to_owned(), reference);
        self.queue_payload(happening, id, (Some(repo), payload));
    }

    /// Queues a webhook about an installation itself; those need no subscription.
    pub(super) fn tell_installation(&mut self, by: &Actor, installation: i64, happening: Happening) {
        let Some(found) = self.installations.get(&installation) else { return };
        let mut payload = opening(&happening);
        payload.insert("installation".to_owned(), view::installation(self, found));
        payload.insert("sender".to_owned(), view::login(self, &by.login));
        self.queue_payload(happening, installation, (None, payload));
    }

    fn queue_payload(
        &mut self,
        happening: Happening,
        installation: i64,
        content: (Option<i64>, Map<String, Value>),
    ) {
        let id = self.fresh_id("delivery");
        let (repository, payload) = content;
        self.hooks.queue(HookDelivery {
            id,
            guid: guid(&format!("{id} {} {}", self.now(), self.app.webhook_secret)),
            event: happening.event.to_owned(),
            action: happening.action.map(str::to_owned),
            installation,
            repository,
            payload: Arc::new(Value::Object(payload)),
            redelivery: false,
            outcome: None,
        });
        self.changed(Change::WebhookQueued);
    }

    /// Queues another attempt of an earlier delivery, with the same GUID and body; false if there is none.
    pub(super) fn redeliver(&mut self, id: i64) -> bool {
        let Some(attempt) = self.again(id) else { return false };
        self.hooks.queue(HookDelivery { redelivery: true, ..attempt });
        self.changed(Change::WebhookQueued);
        true
    }

    /// A copy of an attempt under an id of its own, entered in the log.
    pub(super) fn duplicate_delivery(&mut self, id: i64) -> Option<HookDelivery> {
        let attempt = self.again(id)?;
        self.hooks.log.insert(attempt.id, attempt.clone());
        Some(attempt)
    }

    fn again(&mut self, id: i64) -> Option<HookDelivery> {
        let earlier = self.hooks.log.get(&id)?.clone();
        Some(HookDelivery { id: self.fresh_id("delivery"), outcome: None, ..earlier })
    }
}

fn opening(happening: &Happening) -> Map<String, Value> {
    let mut payload = Map::new();
    if let Some(action) = happening.action {
        payload.insert("action".to_owned(), json!(action));
    }
    payload.extend(happening.fields.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
    payload
}

fn installation_reference(installation: &Installation) -> Value {
    json!({ "id": installation.id, "node_id": node_id("MDIzOk", installation.id) })
}

/// A UUID's shape from any text.
fn guid(seed: &str) -> String {
    let digits = object_id("guid", seed.as_bytes());
    let part = |from: usize, to: usize| digits.get(from..to).unwrap_or_default();
    format!("{}-{}-{}-{}-{}", part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32))
}
