//! Who is asked directly before every write that leaves for GitHub.

use futures_util::future::BoxFuture;

use crate::domain::failure::BoxError;

/// Asked when a write is ready to go: behind its turn, its token and its pace, and again before a second try.
pub trait Guard: Send + Sync {
    /// Whether it may leave. An error means that nobody knows, and nothing is sent.
    fn may_write(&self) -> BoxFuture<'_, Result<Leave, BoxError>>;
}

/// The answer of a [`Guard`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Leave {
    /// Go.
    Granted,
    /// Whoever asks has lost the right to write; nothing is sent.
    Denied,
}
