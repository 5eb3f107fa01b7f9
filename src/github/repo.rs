//! The client for one repository; its verbs stand in the files below.

use std::fmt;
use std::sync::atomic::Ordering;
use std::sync::{Arc, PoisonError, RwLock};

use bytes::Bytes;
use http::Method;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::domain::event::Repository;
use crate::domain::ids::{InstallationId, RepoId, RepoName};
use crate::domain::pace::Asker;
use crate::github::audit::Audit;
use crate::github::core::{Answer, Caller, Core};
use crate::github::error::{ApiResult, ErrorKind};
use crate::github::guard::Guard;
use crate::github::request::{Effort, Request};
use crate::github::scope::{PermissionSet, ScopedTo};

/// One repository, with a token that reaches nothing else. Cheap to clone.
///
/// Reads may be repeated by whoever calls; a write is sent once, and when its answer does not arrive the error is
/// [`ErrorKind::Ambiguous`]: look before writing again.
#[derive(Clone)]
pub struct RepoClient {
    pub(super) core: Arc<Core>,
    pub(super) caller: Caller,
    name: Arc<RwLock<RepoName>>,
}

impl RepoClient {
    pub(super) fn new(core: Arc<Core>, caller: Caller, name: RepoName) -> Self {
        Self { core, caller, name: Arc::new(RwLock::new(name)) }
    }

    /// The same client, which tells this audit of its writes instead of the App's.
    #[must_use]
    pub fn with_audit(mut self, audit: Arc<dyn Audit>) -> Self {
        self.caller.audit = Some(audit);
        self
    }

    /// The same client, which asks this guard directly before each of its writes.
    #[must_use]
    pub fn with_guard(mut self, guard: Arc<dyn Guard>) -> Self {
        self.caller.guard = Some(guard);
        self
    }

    /// The same client, which asks for this job: its moments are kept for it, and its urgency counts when room is short.
    #[must_use]
    pub fn for_job(mut self, asker: Asker) -> Self {
        self.caller.asker = asker;
        self
    }

    /// Requests that this client and its clones have sent, whatever came of them; those for tokens are not among them,
    /// but for those by which it was asked for alerts, which not every command needs.
    pub fn sent(&self) -> usize {
        self.caller.sent.load(Ordering::Relaxed)
    }

    /// The installation whose tokens are used.
    pub fn installation(&self) -> InstallationId {
        self.caller.scope.installation
    }

    /// A moment of our clock by GitHub's, as far as its answers have told, unix milliseconds.
    pub fn by_its_clock(&self, ours_ms: i64) -> i64 {
        ours_ms.saturating_add(self.core.ahead_ms.load(Ordering::Relaxed))
    }

    /// A moment of GitHub's clock by ours, as far as its answers have told, unix milliseconds.
    pub fn by_our_clock(&self, its_ms: i64) -> i64 {
        its_ms.saturating_sub(self.core.ahead_ms.load(Ordering::Relaxed))
    }

    /// The name as far as we know it; a renaming that GitHub tells us of changes it.
    pub fn name(&self) -> RepoName {
        self.name.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Whether the installation lets us read workflow runs. Asks for a token when there is none.
    ///
    /// # Errors
    /// As any token request.
    pub async fn may_read_actions(&self) -> ApiResult<bool> {
        self.core.token(&self.caller.scope).await.map(|token| token.has_optional)
    }

    /// The same client with other permissions on the same repository; requests of both count together.
    pub(super) fn permitted(&self, permissions: PermissionSet) -> Self {
        let mut other = self.clone();
        other.caller.scope.permissions = permissions;
        other
    }

    /// The repository as it is now. Source: `GET /repos/{owner}/{repo}`.
    ///
    /// # Errors
    /// `NotFound` when the token does not reach it.
    pub async fn repository(&self) -> ApiResult<Repository> {
        self.call(&self.get(&[])?).await
    }

    /// A read of `repos/OWNER/NAME/…`.
    pub(super) fn get(&self, tail: &[&str]) -> ApiResult<Request> {
        let RepoName { owner, name } = self.name();
        Request::get(&self.core.base, &[&["repos", &owner, &name], tail].concat())
    }

    /// A write to `repos/OWNER/NAME/…`.
    pub(super) fn write(&self, method: Method, tail: &[&str]) -> ApiResult<Request> {
        let RepoName { owner, name } = self.name();
        Request::write(&self.core.base, method, &[&["repos", &owner, &name], tail].concat())
    }

    /// Sends a request and parses the answer.
    pub(super) async fn call<T: DeserializeOwned>(&self, request: &Request) -> ApiResult<T> {
        let answer = self.send(request).await?;
        self.core.parse(request, answer).map(|(value, _)| value)
    }

    /// Sends a request whose answer has no body that matters.
    pub(super) async fn done(&self, request: &Request) -> ApiResult {
        self.send(request).await.map(|_| ())
    }

    /// Sends a GraphQL operation and gives its `data`.
    pub(super) async fn graphql<T: DeserializeOwned>(
        &self,
        operation: (&'static str, Effort),
        variables: &impl Serialize,
    ) -> ApiResult<T> {
        let (text, effort) = operation;
        let request = Request::graphql(&self.core.graphql_url, text, variables)?.effort(effort);
        self.core.graphql(&self.caller, &request).await
    }

    async fn send(&self, request: &Request) -> ApiResult<Answer> {
        match self.core.send(&self.caller, request).await {
            Err(error) if error.kind == ErrorKind::Moved && !request.is_read() => {
                match self.follow(request).await? {
                    Some(renamed) => self.core.send(&self.caller, &renamed).await,
                    None => Err(error),
                }
            }
            other => other,
        }
    }

    /// A write that was refused because the repository has a new name, addressed anew. GitHub has done nothing at the old
    /// address, so this does not repeat a write. `None` when it still has the old name, or is another repository.
    async fn follow(&self, request: &Request) -> ApiResult<Option<Request>> {
        let before = self.name();
        let repository: Repository = self.core.call(&self.caller, &self.get(&[])?).await?;
        let same = self.caller.scope.repository == ScopedTo::Id(repository.id);
        let Some(now) = repository.repo_name().filter(|name| same && *name != before) else {
            return Ok(None);
        };
        let root = |name: &RepoName| self.core.base.below(&["repos", &name.owner, &name.name]);
        let (Some(old), Some(mut url)) = (root(&before), root(&now)) else {
            return Ok(None);
        };
        let Some(tail) = request.url.path().strip_prefix(old.path()) else {
            return Ok(None);
        };
        url.set_path(&format!("{}{tail}", url.path()));
        url.set_query(request.url.query());
        *self.name.write().unwrap_or_else(PoisonError::into_inner) = now;
        Ok(Some(Request::page(url, request)))
    }

    /// The repository's database id.
    pub fn id(&self) -> Option<RepoId> {
        match &self.caller.scope.repository {
            ScopedTo::Id(id) => Some(*id),
            ScopedTo::Name(_) => None,
        }
    }
}

impl fmt::Debug for RepoClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RepoClient({}, installation {})", self.name(), self.installation())
    }
}

/// Nothing for what is not there; any other error stays one.
pub(super) fn if_there<T>(answer: ApiResult<T>) -> ApiResult<Option<T>> {
    match answer {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.is_missing() => Ok(None),
        Err(error) => Err(error),
    }
}

/// Unix milliseconds as GitHub wants an instant.
pub(super) fn timestamp(ms: i64) -> String {
    let time = chrono::DateTime::from_timestamp_millis(ms).unwrap_or_default();
    time.to_rfc3339_opts(chrono::SecondsFormat::Secs, true)
}

/// What a base64 field of GitHub's holds; line breaks inside are GitHub's.
pub(super) fn base64(text: &str) -> Option<Bytes> {
    use ::base64::Engine;
    use ::base64::engine::general_purpose::STANDARD;
    let packed: String = text.split_ascii_whitespace().collect();
    STANDARD.decode(packed).ok().map(Bytes::from)
}
