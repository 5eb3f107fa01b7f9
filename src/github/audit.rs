//! Who is told of every write that leaves for GitHub, and who counts.

use http::Method;

use crate::domain::ids::InstallationId;

/// Told of every write, after its answer. Must not block.
pub trait Audit: Send + Sync {
    /// One request that was meant to change something.
    fn wrote(&self, write: &Write<'_>);
}

/// A write and its answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Write<'a> {
    /// HTTP method.
    pub method: &'a Method,
    /// Path, without host and query.
    pub path: &'a str,
    /// HTTP status; `None` when no answer arrived, and it may have happened all the same.
    pub status: Option<u16>,
    /// The installation it was made for.
    pub installation: InstallationId,
}

/// Counts what passes between us and GitHub. Must not block.
pub trait Meter: Send + Sync {
    /// A request was answered with this status; `None` when no answer came.
    fn answered(&self, status: Option<u16>);

    /// A limit was met.
    fn limited(&self, limit: Limited);
}

/// How a limit was met.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limited {
    /// The hourly budget is used up.
    Primary,
    /// Too much in too short a time.
    Secondary,
    /// Our own pacing held a request back before GitHub had to: as many points were spent, or as much content was created, as
    /// GitHub allows.
    Paced,
}
