//! The places for connections, and who gives one up.
//!
//! A connection costs nothing to open, so as many as there are places can be held by somebody who never says a word. Whoever is
//! between requests longest makes room, so that a place is free before the next one asks for it; whoever is in the middle of a
//! request is left alone. One whose short body does not come is as silent as one that never asked.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use hyper::body::{Body, Frame, Incoming, SizeHint};
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, sleep_until, timeout};

/// How many connections there may be, and how long they may say nothing.
#[derive(Debug, Clone, Copy)]
pub struct Doors {
    /// Connections that are served in full.
    pub connections: usize,
    /// Connections beyond those: pages are answered, so that the server can be looked after, and deliveries are not.
    pub spare: usize,
    /// A client that has not sent its headers by then is cut off, and so is one that says nothing more.
    pub silence: Duration,
    /// The same for spare connections: their places have to come free soon.
    pub spare_silence: Duration,
    /// The same for connections that are served in full while there is no place for another one.
    pub patience: Duration,
}

impl Default for Doors {
    fn default() -> Self {
        Self {
            connections: 512,
            spare: 32,
            silence: Duration::from_secs(10),
            spare_silence: Duration::from_secs(2),
            patience: Duration::from_millis(500),
        }
    }
}

/// A connection that was sent away is gone much sooner.
const SENT_AWAY: Duration = Duration::from_secs(1);

/// The places that are free.
pub(super) struct Places {
    doors: Doors,
    usual: Arc<Semaphore>,
    spare: Arc<Semaphore>,
    silent: Arc<Silent>,
}

/// A place for one connection, free again when it is dropped.
pub(super) struct Place {
    /// How long its connection may say nothing.
    pub silence: Duration,
    /// None for a spare one, which comes free soon by itself.
    silent: Option<Arc<Silent>>,
    _permit: Option<OwnedSemaphorePermit>,
}

impl Places {
    pub(super) fn new(doors: Doors) -> Self {
        let places = |number| Arc::new(Semaphore::new(number));
        Self { doors, usual: places(doors.connections), spare: places(doors.spare), silent: Arc::default() }
    }

    /// The next free place: a usual one, that of the longest silent connection, or a spare one. Whoever comes meanwhile waits
    /// with the system.
    pub(super) async fn take(&self) -> Place {
        loop {
            if let Ok(permit) = Arc::clone(&self.usual).try_acquire_owned() {
                return self.usual(Some(permit));
            }
            if self.silent.send_longest_away(self.doors.patience)
                && let Ok(permit) = timeout(SENT_AWAY, Arc::clone(&self.usual).acquire_owned()).await
            {
                return self.usual(permit.ok());
            }
            tokio::select! {
                biased;
                permit = Arc::clone(&self.usual).acquire_owned() => return self.usual(permit.ok()),
                permit = Arc::clone(&self.spare).acquire_owned() => return self.spare(permit.ok()),
                () = self.silent.long_enough(self.doors.patience) => {}
            }
        }
    }

    /// Between the choice of a place and the connection for it a better one may have come free.
    pub(super) fn better(&self, place: Place) -> Place {
        match Arc::clone(&self.usual).try_acquire_owned() {
            Ok(permit) if place.is_spare() => self.usual(Some(permit)),
            _ => place,
        }
    }

    fn usual(&self, permit: Option<OwnedSemaphorePermit>) -> Place {
        let silent = Some(Arc::clone(&self.silent));
        Place { silence: self.doors.silence, silent, _permit: permit }
    }

    fn spare(&self, permit: Option<OwnedSemaphorePermit>) -> Place {
        Place { silence: self.doors.spare_silence, silent: None, _permit: permit }
    }
}

impl Place {
    /// Pages are answered there, and deliveries are not.
    pub(super) fn is_spare(&self) -> bool {
        self.silent.is_none()
    }

    /// The visit of a connection, which begins in silence.
    pub(super) fn visit(&self) -> Arc<Visit> {
        let visit =
            Visit { leave: Arc::default(), silent: self.silent.clone(), doing: Mutex::new(Doing::Speaks) };
        visit.falls_silent();
        Arc::new(visit)
    }
}

/// What a connection is doing, told to those who look for a place. One that is still sending its headers is silent, too.
pub(super) struct Visit {
    leave: Arc<Notify>,
    silent: Option<Arc<Silent>>,
    doing: Mutex<Doing>,
}

#[derive(Clone, Copy)]
enum Doing {
    /// A request is answered.
    Speaks,
    /// It waits for its client, with this turn among the silent; a spare one has none.
    Silent(Option<Turn>),
}

impl Visit {
    /// A request has begun.
    pub(super) fn speaks(&self) {
        self.now(Doing::Speaks);
    }

    /// It waits for its client.
    pub(super) fn falls_silent(&self) {
        self.is_silent_since(Instant::now());
    }

    fn is_silent_since(&self, since: Instant) {
        let turn = self.silent.as_ref().map(|silent| silent.add(since, Arc::clone(&self.leave)));
        self.now(Doing::Silent(turn));
    }

    /// Returns when its place was given to somebody else. A request that has begun meanwhile is answered.
    pub(super) async fn is_sent_away(&self) {
        loop {
            self.leave.notified().await;
            if matches!(*self.doing(), Doing::Silent(_)) {
                return;
            }
        }
    }

    fn now(&self, doing: Doing) {
        let before = std::mem::replace(&mut *self.doing(), doing);
        if let (Some(silent), Doing::Silent(Some(turn))) = (&self.silent, before) {
            silent.rows().by_turn.remove(&turn);
        }
    }

    fn doing(&self) -> MutexGuard<'_, Doing> {
        self.doing.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Visit {
    fn drop(&mut self) {
        self.now(Doing::Speaks);
    }
}

/// A short body on its way. While it does not come, its connection is silent, from the end of the headers on: a byte now and then
/// is no speech.
pub(super) struct Awaited {
    body: Incoming,
    visit: Arc<Visit>,
    since: Instant,
    waits: bool,
}

impl Awaited {
    pub(super) fn new(body: Incoming, visit: Arc<Visit>) -> Self {
        Self { body, visit, since: Instant::now(), waits: false }
    }

    /// Longer ones have to keep a pace of their own.
    fn is_short(&self) -> bool {
        self.body.size_hint().upper().is_some_and(|length| length <= SHORT)
    }
}

/// Nearly all that GitHub sends is of this size, and comes within milliseconds.
const SHORT: u64 = 64 * 1024;

impl Body for Awaited {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        let polled = Pin::new(&mut self.body).poll_frame(context);
        if polled.is_pending() && !self.waits && self.is_short() {
            self.visit.is_silent_since(self.since);
            self.waits = true;
        } else if polled.is_ready() && std::mem::take(&mut self.waits) {
            self.visit.speaks();
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// The connections that are between requests.
#[derive(Default)]
struct Silent {
    rows: Mutex<Rows>,
    /// One more fell silent.
    joined: Notify,
}

/// Since when one is silent, and which one of those that are since that moment.
type Turn = (Instant, u64);

/// The longest silent first.
#[derive(Default)]
struct Rows {
    turns: u64,
    by_turn: BTreeMap<Turn, Arc<Notify>>,
}

impl Silent {
    /// The turn of one that says nothing since then.
    fn add(&self, since: Instant, leave: Arc<Notify>) -> Turn {
        let mut rows = self.rows();
        rows.turns += 1;
        let turn = (since, rows.turns);
        rows.by_turn.insert(turn, leave);
        self.joined.notify_one();
        turn
    }

    /// Whether one was silent for so long, and was told to leave.
    fn send_longest_away(&self, patience: Duration) -> bool {
        let mut rows = self.rows();
        let Some(first) = rows.by_turn.first_entry() else { return false };
        if first.key().0.elapsed() < patience {
            return false;
        }
        first.remove().notify_one();
        true
    }

    /// Returns when the longest silent one was so for so long.
    async fn long_enough(&self, patience: Duration) {
        let first = || self.rows().by_turn.first_key_value().map(|((since, _), _)| *since);
        loop {
            match first() {
                Some(since) => return sleep_until(since + patience).await,
                None => self.joined.notified().await,
            }
        }
    }

    fn rows(&self) -> MutexGuard<'_, Rows> {
        self.rows.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
