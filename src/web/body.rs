//! Reads request bodies within bounds: size of one, memory of all, and time.

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::body::Body;
use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt as _;
use hyper::body::{Body as _, Frame};
use memmap2::MmapMut;
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, timeout, timeout_at};

use crate::domain::message::Dispatch;

const MIB: usize = 1024 * 1024;

/// Small bodies that wait for room, at most.
const MOST_WAITING: usize = 32;

/// The bounds.
#[derive(Debug, Clone, Copy)]
pub struct BodyLimits {
    /// The longest body, in bytes. GitHub caps payloads at 25 MB and delivers none that is larger.
    pub body_bytes: usize,
    /// Up to here a body is small: [`Dispatch::SMALL_BYTES`].
    pub small_bytes: usize,
    /// Up to here a body that announces its length takes no room that anybody could take away: nearly all that GitHub sends is
    /// of this size, and no more of them are in flight than there are connections.
    pub slight_bytes: usize,
    /// All other small bodies in flight together, in bytes. No large one takes any of it.
    pub small_room: usize,
    /// All large bodies in flight together, in bytes.
    pub large_room: usize,
    /// From the end of the headers to the answer. GitHub hangs up after 10 seconds.
    pub deadline: Duration,
    /// After so long a large body has to come at the pace that brings it here by the deadline.
    pub grace: Duration,
    /// While others wait for room, a body that has not come within this is sent away. GitHub's come within milliseconds.
    pub patience: Duration,
}

impl Default for BodyLimits {
    fn default() -> Self {
        Self {
            body_bytes: 25 * MIB,
            small_bytes: Dispatch::SMALL_BYTES,
            slight_bytes: 64 * 1024,
            small_room: 24 * MIB,
            large_room: 75 * MIB,
            deadline: Duration::from_secs(9),
            grace: Duration::from_secs(3),
            patience: Duration::from_millis(500),
        }
    }
}

impl BodyLimits {
    /// Within how long more of a body has to be there than came so far, when all of it has to come within `left`. A large one
    /// holds room that others wait for, so it has to keep its pace; one that comes evenly is never late.
    fn due(&self, left: Duration, received: usize, length: usize) -> Duration {
        if length <= self.small_bytes {
            return left;
        }
        let part = received.min(length) as f64 / length as f64;
        self.grace.min(left) + left.saturating_sub(self.grace).mul_f64(part)
    }
}

/// A body in memory.
pub struct Held {
    /// The raw bytes.
    pub bytes: Bytes,
    /// What it takes of the memory for bodies.
    pub share: Share,
}

/// A part of the memory for bodies; given back when it is dropped. Travels with what was made of the body.
#[derive(Debug, Default)]
pub struct Share {
    _room: Option<OwnedSemaphorePermit>,
    _turn: Option<OwnedSemaphorePermit>,
}

/// Why a body was not read to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// Longer than allowed.
    TooLarge,
    /// The memory for bodies is taken by others.
    Busy,
    /// It did not arrive in time.
    TooSlow,
    /// The connection broke or the encoding was wrong.
    Broken,
}

/// The memory that all bodies share.
#[derive(Clone)]
pub struct Budget {
    limits: BodyLimits,
    small: Arc<Room>,
    large: Arc<Room>,
    /// Of large bodies whose signature fits, one at a time is parsed, packed and stored: that takes several times its length.
    turns: Arc<Semaphore>,
}

/// Memory for bodies of one kind, in bytes, and who waits for it.
struct Room {
    bytes: Arc<Semaphore>,
    waiting: AtomicUsize,
    /// Told when somebody begins to wait.
    crowded: Notify,
}

impl Room {
    fn of(bytes: usize) -> Arc<Self> {
        let bytes = Arc::new(Semaphore::new(bytes.min(Semaphore::MAX_PERMITS)));
        Arc::new(Self { bytes, waiting: AtomicUsize::new(0), crowded: Notify::new() })
    }

    /// Waits until `until`, and has those hurried meanwhile that hold what is waited for.
    async fn take(&self, bytes: usize, until: Instant) -> Result<OwnedSemaphorePermit, Refused> {
        let permits = u32::try_from(bytes).map_err(|_| Refused::TooLarge)?;
        if let Ok(room) = Arc::clone(&self.bytes).try_acquire_many_owned(permits) {
            return Ok(room);
        }
        // Nobody is hurried for somebody who does not wait.
        if until <= Instant::now() {
            return Err(Refused::Busy);
        }
        let _waits = Waits::begin(self);
        let room = timeout_at(until, Arc::clone(&self.bytes).acquire_many_owned(permits)).await;
        room.ok().and_then(Result::ok).ok_or(Refused::Busy)
    }

    /// Returns when somebody waits.
    async fn crowds(&self) {
        let mut crowded = pin!(self.crowded.notified());
        crowded.as_mut().enable();
        if self.waiting.load(Ordering::SeqCst) == 0 {
            crowded.await;
        }
    }
}

/// Somebody waits as long as this lives.
struct Waits<'a>(&'a Room);

impl<'a> Waits<'a> {
    fn begin(room: &'a Room) -> Self {
        room.waiting.fetch_add(1, Ordering::SeqCst);
        room.crowded.notify_waiters();
        Self(room)
    }
}

impl Drop for Waits<'_> {
    fn drop(&mut self) {
        self.0.waiting.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Budget {
    /// Nothing is taken yet.
    pub fn new(limits: BodyLimits) -> Self {
        let (small, large) = (Room::of(limits.small_room), Room::of(limits.large_room));
        Self { limits, small, large, turns: Arc::new(Semaphore::new(1)) }
    }

    /// The bounds.
    pub fn limits(&self) -> BodyLimits {
        self.limits
    }

    /// Reads a body whose headers came at `started`, and shows each piece to `look` as it comes.
    ///
    /// A small body takes memory as its bytes arrive. A large one waits until there is room for all of it, while the system
    /// holds its sender back: taken piece by piece, many at once would stop each other half-way. Whoever holds room that others
    /// wait for, and takes too long, is sent away: strangers who announce and do not send shut nobody out.
    ///
    /// # Errors
    /// Why it was not read.
    pub async fn read(
        &self,
        body: &mut Body,
        started: Instant,
        look: impl FnMut(&[u8]),
    ) -> Result<Held, Refused> {
        let length = body.size_hint().exact().map(|length| usize::try_from(length).unwrap_or(usize::MAX));
        let mut reading = Reading { budget: self, started, began: started, length, received: 0, look };
        // What would be let in later could not arrive in time.
        let until = started + self.limits.deadline.saturating_sub(self.limits.grace);
        match length {
            Some(length) if length > self.limits.body_bytes => Err(Refused::TooLarge),
            Some(length) if length > self.limits.small_bytes => {
                let large = self.make_room(length, until).await?;
                reading.began = Instant::now();
                reading.large(body, large).await
            }
            _ => reading.small(body).await,
        }
    }

    /// For a body that is to be kept: waits its turn where that takes much memory.
    ///
    /// # Errors
    /// [`Refused::Busy`] when the deadline of a body that began at `started` would be over.
    pub async fn turn(&self, held: &mut Held, started: Instant) -> Result<(), Refused> {
        if held.bytes.len() > self.limits.small_bytes {
            let turn = Arc::clone(&self.turns).acquire_owned();
            let turn = timeout_at(started + self.limits.deadline, turn).await;
            held.share._turn = turn.ok().and_then(Result::ok);
            return held.share._turn.as_ref().map(|_| ()).ok_or(Refused::Busy);
        }
        Ok(())
    }

    async fn make_room(&self, bytes: usize, until: Instant) -> Result<Large, Refused> {
        let room = self.large.take(bytes, until).await?;
        let memory = MmapMut::map_anon(bytes).map_err(|_| Refused::Busy)?;
        Ok(Large { memory, room })
    }
}

/// Memory for one large body, straight from the system: no page of it is taken before it is written to, and all of it goes back
/// at the end, where an allocator would keep it for the next one.
struct Large {
    memory: MmapMut,
    room: OwnedSemaphorePermit,
}

struct Reading<'b, L> {
    budget: &'b Budget,
    started: Instant,
    /// There was room since then.
    began: Instant,
    /// As announced.
    length: Option<usize>,
    received: usize,
    look: L,
}

impl<L: FnMut(&[u8])> Reading<'_, L> {
    async fn small(&mut self, body: &mut Body) -> Result<Held, Refused> {
        let mut room: Option<OwnedSemaphorePermit> = None;
        let mut first = Bytes::new();
        let mut all = BytesMut::new();
        while let Some(piece) = self.piece(body).await? {
            if self.received > self.budget.limits.small_bytes {
                // Nobody announced how long it would be, so it may become as long as any. It does not wait for that: it holds
                // room of small ones.
                let mut large = self.budget.make_room(self.budget.limits.body_bytes, Instant::now()).await?;
                drop(room);
                let so_far = if all.is_empty() { &first[..] } else { &all[..] };
                put(&mut large, 0, so_far)?;
                put(&mut large, so_far.len(), &piece)?;
                return self.large(body, large).await;
            }
            self.take(&mut room, piece.len()).await?;
            // Most bodies come in one piece, which is then used as it is.
            if first.is_empty() {
                first = piece;
                continue;
            }
            if all.is_empty() {
                all.reserve(self.length.unwrap_or(0).min(self.budget.limits.slight_bytes));
                all.extend_from_slice(&first);
            }
            all.extend_from_slice(&piece);
        }
        let bytes = if all.is_empty() { first } else { all.freeze() };
        Ok(Held { bytes, share: Share { _room: room, _turn: None } })
    }

    async fn large(&mut self, body: &mut Body, mut large: Large) -> Result<Held, Refused> {
        let mut end = self.received;
        while let Some(piece) = self.piece(body).await? {
            put(&mut large, end, &piece)?;
            end = self.received;
        }
        let Large { memory, room } = large;
        Ok(Held {
            bytes: Bytes::from_owner(memory).slice(..end),
            share: Share { _room: Some(room), _turn: None },
        })
    }

    /// The next piece, counted and looked at.
    async fn piece(&mut self, body: &mut Body) -> Result<Option<Bytes>, Refused> {
        loop {
            let Some(frame) = self.frame(body).await? else { return Ok(None) };
            let Ok(piece) = frame.map_err(|_| Refused::Broken)?.into_data() else { continue };
            if piece.is_empty() {
                continue;
            }
            self.received = self.received.saturating_add(piece.len());
            if self.received > self.budget.limits.body_bytes {
                return Err(Refused::TooLarge);
            }
            (self.look)(&piece);
            return Ok(Some(piece));
        }
    }

    /// The next frame, if it comes in time: less of that is left when others begin to wait for the room that this body takes.
    async fn frame(&self, body: &mut Body) -> Result<Option<Result<Frame<Bytes>, axum::Error>>, Refused> {
        if self.is_slight() {
            return timeout_at(self.due(), body.frame()).await.map_err(|_| Refused::TooSlow);
        }
        let room = if self.is_large() { &self.budget.large } else { &self.budget.small };
        tokio::select! {
            biased;
            frame = timeout_at(self.due(), body.frame()) => frame.map_err(|_| Refused::TooSlow),
            () = room.crowds() => {
                let due = self.hurried_due().min(self.due());
                timeout_at(due, body.frame()).await.map_err(|_| Refused::Busy)
            }
        }
    }

    fn due(&self) -> Instant {
        let limits = &self.budget.limits;
        let left = (self.started + limits.deadline).saturating_duration_since(self.began);
        // One of unknown length that is large by now may become as long as any.
        let length = self.length.unwrap_or(if self.is_large() { limits.body_bytes } else { 0 });
        self.began + limits.due(left, self.received, length)
    }

    /// An announced large body has its pace to keep, and that is enough.
    fn hurried_due(&self) -> Instant {
        if self.is_large() && self.length.is_some() {
            self.due()
        } else {
            self.began + self.budget.limits.patience
        }
    }

    fn is_slight(&self) -> bool {
        self.length.is_some_and(|length| length <= self.budget.limits.slight_bytes)
    }

    fn is_large(&self) -> bool {
        self.length.unwrap_or(self.received) > self.budget.limits.small_bytes
    }

    /// Waits as long as it takes to send those away that do not get on. Who waits holds a piece that nobody has counted, so few
    /// may.
    async fn take(&mut self, room: &mut Option<OwnedSemaphorePermit>, bytes: usize) -> Result<(), Refused> {
        if self.is_slight() {
            return Ok(());
        }
        let Budget { limits, small, .. } = self.budget;
        let may_wait = small.waiting.load(Ordering::SeqCst) < MOST_WAITING;
        let patience = if may_wait { limits.patience * 2 } else { Duration::ZERO };
        let asked = Instant::now();
        let more = small.take(bytes, asked + patience).await?;
        // What it has waited for room was not its own delay.
        self.began += asked.elapsed();
        match room {
            Some(room) => room.merge(more),
            None => *room = Some(more),
        }
        Ok(())
    }
}

/// Hyper gives no more than was announced; anything else is a broken body.
fn put(large: &mut Large, at: usize, piece: &[u8]) -> Result<(), Refused> {
    let place = at.checked_add(piece.len()).and_then(|end| large.memory.get_mut(at..end));
    place.ok_or(Refused::Broken)?.copy_from_slice(piece);
    Ok(())
}

/// Lets the rest of a refused body pass by, holding none of it. A connection that is closed with unread bytes is reset,
/// and the client would see that instead of our answer.
pub async fn discard(body: &mut Body) {
    const MOST: usize = 256 * MIB;
    const LONGEST: Duration = Duration::from_secs(2);
    const SILENCE: Duration = Duration::from_millis(250);
    let pass_by = async {
        let mut passed = 0_usize;
        while let Ok(Some(Ok(frame))) = timeout(SILENCE, body.frame()).await {
            passed = passed.saturating_add(frame.data_ref().map_or(0, Bytes::len));
            if passed > MOST {
                return;
            }
        }
    };
    // Whichever ends first: an answer is due either way.
    let _ = timeout(LONGEST, pass_by).await;
}

#[cfg(test)]
mod tests;
