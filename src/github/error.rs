//! What can go wrong between us and GitHub, told apart by what one can do about it.

use std::fmt;
use std::time::Duration;

use http::Method;

use crate::domain::failure::Failure;

/// What every call answers.
pub type ApiResult<T = ()> = Result<T, ApiError>;

/// A request that did not do what it should, with what a person needs to find out why. Carries no secrets.
#[derive(Debug, Clone)]
pub struct ApiError {
    /// What it means for the caller.
    pub kind: ErrorKind,
    /// What was asked and answered.
    pub facts: Box<Facts>,
}

/// What an error means for the caller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ErrorKind {
    /// 404: not there, or not visible to us.
    NotFound,
    /// 410: it was there.
    Gone,
    /// A plain 403: not allowed. Trying again cannot help.
    Forbidden,
    /// 401 after a fresh token.
    Unauthorized,
    /// 422: GitHub does not accept the content; the reasons it gave.
    Validation(Vec<String>),
    /// 409: the state has changed meanwhile.
    Conflict,
    /// A primary or secondary rate limit: nothing may be sent for this installation before `until_ms`.
    RateLimited {
        /// Unix milliseconds by our clock.
        until_ms: i64,
    },
    /// Our own pacing of content: this job may go on at `until_ms`.
    Paced {
        /// Unix milliseconds by our clock.
        until_ms: i64,
    },
    /// 5xx: GitHub failed, and says that it did nothing.
    Server,
    /// A write whose answer did not arrive: it may have happened. Look before writing again.
    Ambiguous,
    /// Nobody was reached, so that nothing has happened: worth a try at `until_ms`, later the longer it lasts.
    Unreachable {
        /// Unix milliseconds by our clock.
        until_ms: i64,
    },
    /// The request cannot be sent, or the answer to a read did not arrive whole.
    Transport,
    /// GitHub refuses our App token because our clock is wrong.
    ClockSkew {
        /// Our clock, unix milliseconds.
        ours_ms: i64,
        /// GitHub's clock, unix milliseconds.
        theirs_ms: i64,
    },
    /// The installation is suspended or deleted, or no longer covers the repository.
    InstallationGone,
    /// What answers is not GitHub's API: `GITHUB_API_URL` is wrong, or something stands in between. Nothing was done.
    WrongAddress,
    /// What was asked for lives elsewhere on this host, as an issue that was transferred. Nothing was done.
    Moved,
    /// The answer points to another host, which is never followed. Nothing was done.
    ForeignRedirect,
    /// The answer is larger than the caller's bound in bytes.
    TooLarge {
        /// The bound.
        limit: usize,
    },
    /// The answer is not what GitHub documents.
    Decode,
    /// A request that cannot be written down, such as a path segment `..`; nothing was sent.
    Malformed,
    /// The store behind the limits or the guard failed; nothing was sent.
    Limits,
    /// The guard says that whoever asks may no longer write; nothing was sent.
    Denied,
}

/// What was asked and answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// HTTP status, when there was an answer.
    pub status: Option<u16>,
    /// HTTP method.
    pub method: Method,
    /// Path of the request, without host and query.
    pub path: String,
    /// GitHub's message, or what happened.
    pub message: String,
    /// `x-github-request-id`, for GitHub's support.
    pub request_id: Option<String>,
    /// Where GitHub explains the refusal.
    pub documentation_url: Option<String>,
    /// What the App would have to be granted, as in `x-accepted-github-permissions`: `contents=read`.
    pub permissions: Option<String>,
}

impl ApiError {
    /// Whether it is a 404 or 410: whatever was asked for is not there.
    pub fn is_missing(&self) -> bool {
        matches!(self.kind, ErrorKind::NotFound | ErrorKind::Gone)
    }

    /// Whether GitHub has said no: nothing was done, and asking again cannot help.
    pub fn is_refusal(&self) -> bool {
        self.is_missing()
            || matches!(
                self.kind,
                ErrorKind::Forbidden | ErrorKind::Validation(_) | ErrorKind::Conflict | ErrorKind::Moved
            )
    }

    /// Whether a limit, GitHub's or our own, or a dead line kept it from being done: nothing has happened, and later it may.
    pub fn was_held_back(&self) -> bool {
        matches!(
            self.kind,
            ErrorKind::RateLimited { .. }
                | ErrorKind::Paced { .. }
                | ErrorKind::Unreachable { .. }
                | ErrorKind::Limits
        )
    }

    /// Whether the request certainly never reached GitHub.
    pub fn never_left(&self) -> bool {
        self.facts.status.is_none() && !self.is_ambiguous()
    }

    /// Whether the write may have happened all the same.
    pub fn is_ambiguous(&self) -> bool {
        self.kind == ErrorKind::Ambiguous
    }

    pub(super) fn new(kind: ErrorKind, method: &Method, path: &str, message: impl Into<String>) -> Self {
        let facts = Facts {
            status: None,
            method: method.clone(),
            path: path.to_owned(),
            message: message.into(),
            request_id: None,
            documentation_url: None,
            permissions: None,
        };
        Self { kind, facts: Box::new(facts) }
    }

    pub(super) fn with_kind(mut self, kind: ErrorKind) -> Self {
        self.kind = kind;
        self
    }
}

impl std::error::Error for ApiError {}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Facts { status, method, path, message, request_id, permissions, .. } = self.facts.as_ref();
        if let ErrorKind::ClockSkew { ours_ms, theirs_ms } = self.kind {
            let offset_s = (ours_ms - theirs_ms) / 1000;
            let (by, side) = (offset_s.abs(), if offset_s > 0 { "ahead of" } else { "behind" });
            return write!(
                f,
                "GitHub refuses our App token because this machine's clock is {by} s {side} GitHub's: set the clock (NTP)"
            );
        }
        write!(f, "{method} {path}")?;
        match status {
            Some(status) => write!(f, " answered {status}: {message}")?,
            None => write!(f, ": {message}")?,
        }
        if let ErrorKind::Validation(reasons) = &self.kind
            && !reasons.is_empty()
        {
            write!(f, " ({})", reasons.join("; "))?;
        }
        if let Some(permissions) = permissions {
            write!(f, "; it takes the permission {permissions}")?;
        }
        if self.is_ambiguous() {
            f.write_str("; it may have happened all the same")?;
        }
        match request_id {
            Some(id) => write!(f, " [request {id}]"),
            None => Ok(()),
        }
    }
}

impl From<ApiError> for Failure {
    fn from(error: ApiError) -> Self {
        match error.kind {
            // However long nobody is reached, what is asked for must not die of it.
            ErrorKind::RateLimited { until_ms } | ErrorKind::Unreachable { until_ms } => {
                Self::Park { until_ms, cause: error.into() }
            }
            ErrorKind::Paced { until_ms } => Self::Defer { until_ms, why: error.to_string() },
            ErrorKind::InstallationGone | ErrorKind::Moved => Self::Gone(error.to_string()),
            // Due at once: whoever has the lease now goes on, and where nobody has, the job must not be lost.
            ErrorKind::Denied => Self::Defer { until_ms: 0, why: error.to_string() },
            ErrorKind::ClockSkew { .. } => {
                Self::Retry { after: Some(Duration::from_secs(60)), cause: error.into() }
            }
            ErrorKind::Server
            | ErrorKind::Ambiguous
            | ErrorKind::Transport
            | ErrorKind::Unauthorized
            | ErrorKind::Conflict
            | ErrorKind::Limits
            // An operator can mend the address; what was asked for has to be there afterwards.
            | ErrorKind::WrongAddress
            // A page of a proxy in place of an answer passes; what stays unreadable ends with the last attempt.
            | ErrorKind::Decode => Self::retry(error),
            ErrorKind::NotFound
            | ErrorKind::Gone
            | ErrorKind::Forbidden
            | ErrorKind::Validation(_)
            | ErrorKind::ForeignRedirect
            | ErrorKind::TooLarge { .. }
            | ErrorKind::Malformed => Self::internal(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use http::Method;

    use super::{ApiError, ErrorKind};
    use crate::domain::failure::Failure;

    fn error(kind: ErrorKind) -> ApiError {
        ApiError::new(kind, &Method::POST, "/repos/o/r/issues", "told")
    }

    #[test]
    fn each_kind_becomes_the_failure_that_says_what_to_do() {
        let failure = |kind| Failure::from(error(kind));
        let passing = [
            ErrorKind::Server,
            ErrorKind::Transport,
            ErrorKind::Ambiguous,
            ErrorKind::Unauthorized,
            ErrorKind::WrongAddress,
        ];
        for kind in passing {
            assert!(matches!(failure(kind), Failure::Retry { .. }));
        }
        let refused =
            [ErrorKind::Forbidden, ErrorKind::NotFound, ErrorKind::Gone, ErrorKind::Validation(vec![])];
        for kind in refused {
            assert!(matches!(failure(kind), Failure::Internal(_)));
        }
        let parked = failure(ErrorKind::RateLimited { until_ms: 7 });
        assert!(matches!(parked, Failure::Park { until_ms: 7, .. }));
        let dead_line = failure(ErrorKind::Unreachable { until_ms: 9 });
        assert!(matches!(dead_line, Failure::Park { until_ms: 9, .. }));
        assert!(matches!(failure(ErrorKind::Paced { until_ms: 8 }), Failure::Defer { until_ms: 8, .. }));
        assert!(matches!(failure(ErrorKind::InstallationGone), Failure::Gone(_)));
        let skew = failure(ErrorKind::ClockSkew { ours_ms: 90_000, theirs_ms: 0 });
        assert!(matches!(skew, Failure::Retry { .. }));
    }

    #[test]
    fn an_error_says_what_was_asked_and_what_to_do() {
        let ahead = error(ErrorKind::ClockSkew { ours_ms: 600_000, theirs_ms: 0 }).to_string();
        insta::assert_snapshot!(ahead, @"GitHub refuses our App token because this machine's clock is 600 s ahead of GitHub's: set the clock (NTP)");
        let mut invalid = error(ErrorKind::Validation(vec!["title is missing".to_owned()]));
        invalid.facts.status = Some(422);
        invalid.facts.request_id = Some("AB:1".to_owned());
        insta::assert_snapshot!(invalid, @"POST /repos/o/r/issues answered 422: told (title is missing) [request AB:1]");
        insta::assert_snapshot!(error(ErrorKind::Ambiguous), @"POST /repos/o/r/issues: told; it may have happened all the same");
    }
}
