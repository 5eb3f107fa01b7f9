//! Every request that reached the world, with its answer.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::Value;

/// What a request authenticated itself with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenKind {
    /// Nothing.
    None,
    /// A JWT of the App, good or bad.
    Jwt,
    /// A token of this installation, also an expired one.
    Installation(i64),
    /// Something that this world never gave out.
    Unknown,
}

/// One request and its answer.
#[derive(Debug, Clone)]
pub struct Request {
    /// Counts up from 1.
    pub number: u64,
    /// HTTP method.
    pub method: String,
    /// Path without `/api/v3`; `/graphql` for GraphQL.
    pub path: String,
    /// Pattern of the route; none when this world has no such endpoint.
    pub route: Option<&'static str>,
    /// Query as sent, without the question mark.
    pub query: String,
    /// Headers by lower-case name, without the authorization.
    pub headers: BTreeMap<String, String>,
    /// JSON body.
    pub body: Option<Value>,
    /// Kind of authentication.
    pub token: TokenKind,
    /// Whether it makes content that people are notified of.
    pub content: bool,
    /// Whether the request reached its handler (a fault may keep it from that).
    pub applied: bool,
    /// Status of the answer; none while there is none, and when the connection was cut.
    pub status: Option<u16>,
    /// JSON body of the answer.
    pub answer: Option<Value>,
    /// Whether a fault made the answer up.
    pub made_up: bool,
    /// Unix milliseconds of the world.
    pub started_ms: i64,
    /// Unix milliseconds of the world.
    pub finished_ms: Option<i64>,
}

/// The log of a world.
#[derive(Debug, Default)]
pub(super) struct Log(Mutex<Inner>);

#[derive(Debug, Default)]
struct Inner {
    requests: Vec<Request>,
    in_flight: HashMap<i64, InFlight>,
}

#[derive(Debug, Default, Clone, Copy)]
struct InFlight {
    now: usize,
    most: usize,
}

impl Log {
    /// Enters a request; answers its number.
    pub fn begin(&self, mut request: Request) -> u64 {
        let mut inner = self.inner();
        let number = u64::try_from(inner.requests.len()).unwrap_or(u64::MAX).saturating_add(1);
        request.number = number;
        inner.requests.push(request);
        number
    }

    /// Changes an entry.
    pub fn update(&self, number: u64, change: impl FnOnce(&mut Request)) {
        let position = usize::try_from(number).unwrap_or(usize::MAX).saturating_sub(1);
        if let Some(request) = self.inner().requests.get_mut(position) {
            change(request);
        }
    }

    /// Everything so far, in the order of arrival.
    pub fn all(&self) -> Vec<Request> {
        self.inner().requests.clone()
    }

    /// Counts a content write in, until the guard is dropped.
    pub fn content_write(&self, installation: i64) -> ContentWrite<'_> {
        let mut inner = self.inner();
        let entry = inner.in_flight.entry(installation).or_default();
        entry.now += 1;
        entry.most = entry.most.max(entry.now);
        ContentWrite { log: self, installation }
    }

    /// The most content writes of an installation that were under way at the same time.
    pub fn most_content_writes(&self, installation: i64) -> usize {
        self.inner().in_flight.get(&installation).map_or(0, |entry| entry.most)
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A content write under way.
pub(super) struct ContentWrite<'a> {
    log: &'a Log,
    installation: i64,
}

impl Drop for ContentWrite<'_> {
    fn drop(&mut self) {
        if let Some(entry) = self.log.inner().in_flight.get_mut(&self.installation) {
            entry.now = entry.now.saturating_sub(1);
        }
    }
}
