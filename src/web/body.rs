//! Reads request bodies within bounds: size of one, memory of all, and time.

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt as _;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, timeout, timeout_at};

/// The bounds.
#[derive(Debug, Clone, Copy)]
pub struct BodyLimits {
    /// The longest body, in bytes. GitHub caps payloads at 25 MB and delivers none that is larger.
    pub body_bytes: usize,
    /// All bodies in flight together, in bytes.
    pub all_bytes: usize,
    /// From the end of the headers to the answer. GitHub hangs up after 10 seconds.
    pub deadline: Duration,
}

impl Default for BodyLimits {
    fn default() -> Self {
        Self { body_bytes: 25 * 1024 * 1024, all_bytes: 96 * 1024 * 1024, deadline: Duration::from_secs(9) }
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
    _permit: Option<OwnedSemaphorePermit>,
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
    free: Arc<Semaphore>,
}

impl Budget {
    /// Nothing is taken yet.
    pub fn new(limits: BodyLimits) -> Self {
        let bytes = limits.all_bytes.min(Semaphore::MAX_PERMITS);
        Self { limits, free: Arc::new(Semaphore::new(bytes)) }
    }

    /// The bounds.
    pub fn limits(&self) -> BodyLimits {
        self.limits
    }

    /// Reads a body until the deadline. Memory is taken as bytes arrive, not as they are announced: a client that
    /// promises 25 MB and sends nothing takes nothing from the others.
    ///
    /// # Errors
    /// Why it was not read.
    pub async fn read(&self, body: &mut Body, deadline: Instant) -> Result<Held, Refused> {
        match timeout_at(deadline, self.read_all(body)).await {
            Ok(held) => held,
            Err(_) => Err(Refused::TooSlow),
        }
    }

    async fn read_all(&self, body: &mut Body) -> Result<Held, Refused> {
        let mut share: Option<OwnedSemaphorePermit> = None;
        let mut first = Bytes::new();
        let mut all = BytesMut::new();
        let mut length = 0_usize;
        while let Some(frame) = body.frame().await {
            let Ok(piece) = frame.map_err(|_| Refused::Broken)?.into_data() else { continue };
            length = length.saturating_add(piece.len());
            if length > self.limits.body_bytes {
                return Err(Refused::TooLarge);
            }
            self.take(&mut share, piece.len())?;
            // Most bodies come in one piece, which is then used as it is.
            if first.is_empty() {
                first = piece;
                continue;
            }
            if all.is_empty() {
                all.extend_from_slice(&first);
            }
            all.extend_from_slice(&piece);
        }
        let bytes = if all.is_empty() { first } else { all.freeze() };
        Ok(Held { bytes, share: Share { _permit: share } })
    }

    fn take(&self, share: &mut Option<OwnedSemaphorePermit>, bytes: usize) -> Result<(), Refused> {
        let bytes = u32::try_from(bytes).map_err(|_| Refused::TooLarge)?;
        let more = Arc::clone(&self.free).try_acquire_many_owned(bytes).map_err(|_| Refused::Busy)?;
        match share {
            Some(share) => share.merge(more),
            None => *share = Some(more),
        }
        Ok(())
    }
}

/// Lets the rest of a refused body pass by, holding none of it. A connection that is closed with unread bytes is reset,
/// and the client would see that instead of our answer.
pub async fn discard(body: &mut Body) {
    const MOST: usize = 256 * 1024 * 1024;
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
