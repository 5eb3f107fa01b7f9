//! The one way out: every request to GitHub passes through here.

use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use http::header::{ETAG, LINK};
use http::{HeaderMap, Method, StatusCode};
use serde::de::DeserializeOwned;
use url::Url;

use crate::clock::Clock;
use crate::domain::ids::InstallationId;
use crate::domain::pace::{Asker, Sent, Urgency, Verdict as Pace};
use crate::github::address::{Base, next_link};
use crate::github::audit::{Audit, Limited, Meter, Write};
use crate::github::budget::Budgets;
use crate::github::error::{ApiError, ApiResult, ErrorKind};
use crate::github::etag::{CacheKey, Cached, EtagCache};
use crate::github::guard::{Guard, Leave};
use crate::github::json;
use crate::github::key::AppKey;
use crate::github::key_refusal::KeyRefusal;
use crate::github::limits::Limits;
use crate::github::rate::{self, Scope, Signs, Verdict};
use crate::github::refusal::{Refusal, header};
use crate::github::request::{Effort, Request};
use crate::github::scope::TokenScope;
use crate::github::tokens::{Token, Tokens};
use crate::github::transport::{Authorization, MEDIA_TYPE, Raw, Transport};

/// A clock that is off by less than this cannot be what GitHub minds.
const SKEW_THAT_MATTERS_MS: i64 = 30_000;

/// What all clients of one App share.
pub(super) struct Core {
    pub base: Base,
    pub graphql_url: Url,
    pub transport: Transport,
    pub key: AppKey,
    pub clock: Clock,
    pub limits: Arc<dyn Limits>,
    pub audit: Option<Arc<dyn Audit>>,
    pub meter: Option<Arc<dyn Meter>>,
    pub tokens: Tokens,
    pub budgets: Budgets,
    pub cache: EtagCache,
    /// What has to be added to our clock to get GitHub's, in milliseconds; learned from a refused App token.
    pub clock_offset_ms: AtomicI64,
    pub key_refusal: KeyRefusal,
    /// How far GitHub's clock was ahead of ours at its last answer, in milliseconds, give or take a second and the way.
    pub ahead_ms: AtomicI64,
    pub writers: Mutex<HashMap<InstallationId, Arc<tokio::sync::Mutex<()>>>>,
}

/// For whom a request is sent, who is asked before writes, who is told of them, and how many there were.
#[derive(Clone)]
pub(super) struct Caller {
    pub scope: TokenScope,
    pub asker: Asker,
    pub guard: Option<Arc<dyn Guard>>,
    pub audit: Option<Arc<dyn Audit>>,
    /// Requests sent so far; clones count together.
    pub sent: Arc<AtomicUsize>,
}

/// A good answer (2xx, or 304 filled in from the cache).
pub(super) struct Answer {
    pub headers: HeaderMap,
    body: bytes::Bytes,
    to_cache: Option<CacheKey>,
}

impl Answer {
    /// Where the next page is.
    pub(super) fn next_link(&self) -> Option<&str> {
        next_link(self.headers.get(LINK)?.to_str().ok()?)
    }
}

impl Core {
    /// Sends a request with an installation token and parses the answer.
    pub(super) async fn call<T: DeserializeOwned>(
        self: &Arc<Self>,
        caller: &Caller,
        request: &Request,
    ) -> ApiResult<T> {
        let answer = self.send(caller, request).await?;
        self.parse(request, answer).map(|(value, _)| value)
    }

    /// Parses an answer and only then remembers it for its ETag. Gives the link to the next page as well.
    pub(super) fn parse<T: DeserializeOwned>(
        &self,
        request: &Request,
        answer: Answer,
    ) -> ApiResult<(T, Option<Url>)> {
        let value = json::parse(&answer.body).map_err(|cause| {
            // A write that was answered has happened, even when we cannot read what came of it.
            let kind = if request.is_read() { ErrorKind::Decode } else { ErrorKind::Ambiguous };
            request.error(kind, format!("the answer cannot be read: {cause}"))
        })?;
        let next = answer.next_link().and_then(|link| self.base.next_page(link));
        let Answer { headers, body, to_cache, .. } = answer;
        if let (Some(key), Some(etag)) = (to_cache, headers.get(ETAG)) {
            self.cache.put(key, Cached { etag: etag.clone(), headers, body });
        }
        Ok((value, next))
    }

    /// Sends a request with an installation token: not before a pause is over, within the points of the minute, content one
    /// at a time and at GitHub's pace, and once more only when the token had been refused.
    pub(super) async fn send(self: &Arc<Self>, caller: &Caller, request: &Request) -> ApiResult<Answer> {
        self.check_pause(caller.scope.installation, request).await?;
        if request.effort == Effort::Create {
            return self.create(caller, request).await;
        }
        let token = self.token(&caller.scope).await?;
        self.exchange(caller, request, &token).await
    }

    /// One at a time per installation: within this process by a lock, among all of them by the limits. Waiting for the pace
    /// holds neither.
    ///
    /// Points are taken first: content that was counted and then not sent would be missing from the hour. A turn is one
    /// exchange and not longer, so a refused token costs a second turn.
    async fn create(self: &Arc<Self>, caller: &Caller, request: &Request) -> ApiResult<Answer> {
        let installation = caller.scope.installation;
        let writer = self.writer(installation);
        let (mut is_paid, mut refused) = (false, None);
        loop {
            let turn = writer.lock().await;
            // Whoever waited looks at the pause again.
            self.check_pause(installation, request).await?;
            let token = match &refused {
                Some(refused) => self.fresh_token(&caller.scope, refused).await?,
                None => self.token(&caller.scope).await?,
            };
            if !is_paid {
                self.spend(caller, request).await?;
                is_paid = true;
            }
            let pace = self.limits.begin_content(installation, caller.asker).await;
            match pace.map_err(|cause| request.error(ErrorKind::Limits, cause.to_string()))? {
                Pace::Now => {
                    let answer = self.once(caller, request, &token).await;
                    let never_left = answer.as_ref().is_err_and(ApiError::never_left);
                    let sent = if never_left { Sent::No } else { Sent::Yes };
                    if never_left {
                        self.limits.give_back(installation, request.points());
                    }
                    if let Err(cause) = self.limits.end_content(installation, sent).await {
                        // The request has its answer all the same; the turn ends by itself.
                        tracing::warn!(%cause, "a turn to create content could not be given back");
                    }
                    match answer {
                        Err(error) if error.kind == ErrorKind::Unauthorized && refused.is_none() => {
                            (is_paid, refused) = (false, Some(token));
                        }
                        answer => return answer,
                    }
                }
                Pace::NotBefore(until_ms) => {
                    drop(turn);
                    if !self.limits.wait(until_ms).await {
                        self.limits.give_back(installation, request.points());
                        self.meter(Limited::Paced);
                        let message = "not sent: as much as GitHub allows has been created lately";
                        return Err(request.error(ErrorKind::Paced { until_ms }, message));
                    }
                }
            }
        }
    }

    async fn exchange(
        self: &Arc<Self>,
        caller: &Caller,
        request: &Request,
        token: &Token,
    ) -> ApiResult<Answer> {
        self.spend(caller, request).await?;
        match self.once(caller, request, token).await {
            Err(error) if error.kind == ErrorKind::Unauthorized => {
                let fresh = self.fresh_token(&caller.scope, token).await?;
                self.spend(caller, request).await?;
                self.once(caller, request, &fresh).await
            }
            other => other,
        }
    }

    /// Sends a request in the App's own name. `installation` is the one it is about, if any: its limits count too.
    pub(super) async fn send_as_app(
        &self,
        request: &Request,
        installation: Option<InstallationId>,
    ) -> ApiResult<Raw> {
        let answered = self.ask_as_app(request, installation).await;
        self.key_refusal.heard(answered, self.clock.now_ms())
    }

    /// When GitHub minds the time in our token, the `Date` of its answer tells us its clock; that offset is kept.
    async fn ask_as_app(&self, request: &Request, installation: Option<InstallationId>) -> ApiResult<Raw> {
        if let Some(installation) = installation {
            self.check_pause(installation, request).await?;
        }
        self.check_budget(None, request)?;
        let signed_with_ms = self.clock_offset_ms.load(Ordering::Relaxed);
        let refused = match self.once_as_app(request, installation).await? {
            AppAnswer::Good(raw) => return Ok(raw),
            AppAnswer::Refused(refused) => refused,
        };
        let Some(theirs_ms) = refused.date_ms.filter(|_| minds_the_time(&refused.error.facts.message)) else {
            return Err(refused.error);
        };
        let ours_ms = self.clock.now_ms();
        let offset_ms = theirs_ms - ours_ms;
        if (offset_ms - signed_with_ms).abs() < SKEW_THAT_MATTERS_MS {
            return Err(self.skewed(refused.error, theirs_ms));
        }
        tracing::warn!(
            offset_s = offset_ms / 1000,
            "GitHub refused our App token: this machine's clock differs from GitHub's; using GitHub's from now on, set the clock (NTP)"
        );
        self.clock_offset_ms.store(offset_ms, Ordering::Relaxed);
        match self.once_as_app(request, installation).await? {
            AppAnswer::Good(raw) => Ok(raw),
            AppAnswer::Refused(refused) => Err(self.skewed(refused.error, theirs_ms)),
        }
    }

    /// What answered is not GitHub's API.
    pub(super) fn wrong_address(&self, error: ApiError) -> ApiError {
        let mut error = error.with_kind(ErrorKind::WrongAddress);
        error.facts.message = format!(
            "{}; GITHUB_API_URL names {}, where GitHub's API does not answer: set it to https://api.github.com, or to https://HOST/api/v3 for GitHub Enterprise Server",
            error.facts.message, self.base
        );
        error
    }

    /// Milliseconds since the epoch by GitHub's clock, as far as we know it.
    pub(super) fn github_now_ms(&self) -> i64 {
        self.clock.now_ms().saturating_add(self.clock_offset_ms.load(Ordering::Relaxed))
    }

    fn skewed(&self, error: ApiError, theirs_ms: i64) -> ApiError {
        let ours_ms = self.clock.now_ms();
        match (ours_ms - theirs_ms).abs() < SKEW_THAT_MATTERS_MS {
            true => error,
            false => error.with_kind(ErrorKind::ClockSkew { ours_ms, theirs_ms }),
        }
    }

    async fn once_as_app(
        &self,
        request: &Request,
        installation: Option<InstallationId>,
    ) -> ApiResult<AppAnswer> {
        let unsigned =
            |cause: String| request.error(ErrorKind::Malformed, format!("signing failed: {cause}"));
        let jwt = self.key.jwt(self.github_now_ms()).map_err(|cause| unsigned(cause.to_string()))?;
        let authorization = Authorization::bearer(&jwt).map_err(|cause| unsigned(cause.to_string()))?;
        let exchanged = self.transport.exchange(request, &authorization, None).await;
        self.count(&exchanged);
        let raw = exchanged?;
        self.heard(request, installation, &raw);
        match self.judge(request, Whose { budget: None, parks: installation }, &raw).await {
            Ok(()) => Ok(AppAnswer::Good(raw)),
            Err(error) if error.kind == ErrorKind::Unauthorized => {
                Ok(AppAnswer::Refused(Refused { error, date_ms: rate::date_ms(&raw.headers) }))
            }
            // Nothing that the App asks in its own name ever moves.
            Err(error) if matches!(error.kind, ErrorKind::Moved | ErrorKind::ForeignRedirect) => {
                Err(self.wrong_address(error))
            }
            Err(error) => Err(error),
        }
    }

    async fn once(&self, caller: &Caller, request: &Request, token: &Token) -> ApiResult<Answer> {
        let installation = caller.scope.installation;
        let key = cache_key(caller, request);
        let cached = key.as_ref().and_then(|key| self.cache.get(key));
        let authorization = Authorization::bearer(&token.secret).map_err(|cause| {
            request.error(ErrorKind::Decode, format!("the token cannot be sent: {cause}"))
        })?;
        let etag = cached.as_ref().map(|cached| &cached.etag);
        self.check_guard(caller, request).await?;
        caller.sent.fetch_add(1, Ordering::Relaxed);
        let exchanged = self.transport.exchange(request, &authorization, etag).await;
        self.count(&exchanged);
        self.audit(caller, request, &exchanged);
        let raw = exchanged?;
        self.heard(request, Some(installation), &raw);
        self.judge(request, Whose { budget: Some(installation), parks: Some(installation) }, &raw).await?;
        match (raw.status, cached) {
            (StatusCode::NOT_MODIFIED, Some(Cached { headers, body, .. })) => {
                Ok(Answer { headers, body, to_cache: None })
            }
            _ => Ok(Answer { headers: raw.headers, body: raw.body, to_cache: key }),
        }
    }

    /// Tells good answers from bad ones, and remembers what they say about limits.
    async fn judge(&self, request: &Request, whose: Whose, raw: &Raw) -> ApiResult {
        let refusal = Refusal::read(raw);
        let now_ms = self.clock.now_ms();
        let signs = Signs {
            status: raw.status,
            headers: &raw.headers,
            message: &refusal.message,
            strikes: self.budgets.strikes(whose.budget),
        };
        match rate::weigh(&signs, now_ms) {
            Verdict::Free => {}
            Verdict::Spent { until_ms } => {
                self.meter(Limited::Primary);
                // The answer stands, whatever becomes of the pause: a write has happened.
                if let Err(cause) = self.pause_all(request, whose.budget, until_ms).await {
                    tracing::warn!(%cause, "a pause could not be written down");
                    self.budgets.pause(whose.budget, request.resource, until_ms);
                }
            }
            Verdict::Limited { until_ms, scope } => {
                self.meter(if rate::is_spent(&raw.headers) { Limited::Primary } else { Limited::Secondary });
                self.budgets.strike(whose.budget, now_ms, until_ms);
                match scope {
                    Scope::Installation => self.pause_all(request, whose.parks, until_ms).await?,
                    Scope::Resource => self.budgets.pause(whose.budget, request.resource, until_ms),
                }
                return Err(refusal.error(request, raw, ErrorKind::RateLimited { until_ms }));
            }
        }
        if raw.status.is_success() || raw.status == StatusCode::NOT_MODIFIED {
            self.budgets.good(whose.budget, rate::left(&raw.headers, now_ms));
            return Ok(());
        }
        let kind = refusal.kind(request, raw);
        Err(refusal.error(request, raw, kind))
    }

    async fn pause_all(&self, request: &Request, whose: Option<InstallationId>, until_ms: i64) -> ApiResult {
        match whose {
            Some(installation) => {
                let paused = self.limits.pause(installation, until_ms).await;
                paused.map_err(|cause| request.error(ErrorKind::Limits, cause.to_string()))
            }
            None => {
                self.budgets.pause(None, request.resource, until_ms);
                Ok(())
            }
        }
    }

    async fn check_pause(&self, installation: InstallationId, request: &Request) -> ApiResult {
        let paused = self.limits.paused_until(installation).await;
        let paused = paused.map_err(|cause| request.error(ErrorKind::Limits, cause.to_string()))?;
        match paused.filter(|until_ms| *until_ms > self.clock.now_ms()) {
            Some(until_ms) => Err(waiting(request, until_ms)),
            None => self.check_budget(Some(installation), request),
        }
    }

    fn check_budget(&self, whose: Option<InstallationId>, request: &Request) -> ApiResult {
        let paused = self.budgets.paused_until(whose, request.resource);
        match paused.filter(|until_ms| *until_ms > self.clock.now_ms()) {
            Some(until_ms) => Err(waiting(request, until_ms)),
            None => Ok(()),
        }
    }

    fn writer(&self, installation: InstallationId) -> Arc<tokio::sync::Mutex<()>> {
        let mut writers = self.writers.lock().unwrap_or_else(PoisonError::into_inner);
        writers.retain(|_, writer| Arc::strong_count(writer) > 1);
        Arc::clone(writers.entry(installation).or_default())
    }

    async fn spend(&self, caller: &Caller, request: &Request) -> ApiResult {
        let urgency = match request.effort {
            Effort::Receipt => caller.asker.urgency.max(Urgency::Courtesy),
            Effort::Read | Effort::Edit | Effort::Create => caller.asker.urgency,
        };
        let asker = Asker { urgency, ..caller.asker };
        let spent = self.limits.spend(caller.scope.installation, asker, request.points()).await;
        match spent.map_err(|cause| request.error(ErrorKind::Limits, cause.to_string()))? {
            Pace::Now => Ok(()),
            Pace::NotBefore(until_ms) => {
                self.meter(Limited::Paced);
                let message = "not sent: as many requests as GitHub allows have been sent lately";
                Err(request.error(ErrorKind::Paced { until_ms }, message))
            }
        }
    }

    fn count(&self, exchanged: &ApiResult<Raw>) {
        if let Some(meter) = &self.meter {
            meter.answered(exchanged.as_ref().ok().map(|raw| raw.status.as_u16()));
        }
    }

    fn meter(&self, limit: Limited) {
        if let Some(meter) = &self.meter {
            meter.limited(limit);
        }
    }

    /// The last thing before a write leaves: between any earlier look and now there may have been a long wait.
    async fn check_guard(&self, caller: &Caller, request: &Request) -> ApiResult {
        let Some(guard) = caller.guard.as_ref().filter(|_| !request.is_read()) else { return Ok(()) };
        let leave = guard.may_write().await;
        match leave.map_err(|cause| request.error(ErrorKind::Limits, cause.to_string()))? {
            Leave::Granted => Ok(()),
            Leave::Denied => {
                Err(request.error(ErrorKind::Denied, "not sent: whoever asked may no longer write"))
            }
        }
    }

    fn audit(&self, caller: &Caller, request: &Request, exchanged: &ApiResult<Raw>) {
        let status = match exchanged {
            Ok(raw) => Some(raw.status.as_u16()),
            Err(error) if error.is_ambiguous() => None,
            Err(_) => return, // it never left
        };
        let audit = caller.audit.as_ref().or(self.audit.as_ref()).filter(|_| !request.is_read());
        if let Some(audit) = audit {
            let (method, path) = (&request.method, request.url.path());
            audit.wrote(&Write { method, path, status, installation: caller.scope.installation });
        }
    }

    /// An answer has come, whatever it says: it is logged, and it tells what GitHub's clock says.
    fn heard(&self, request: &Request, installation: Option<InstallationId>, raw: &Raw) {
        if let Some(date_ms) = rate::date_ms(&raw.headers) {
            self.ahead_ms.store(date_ms.saturating_sub(self.clock.now_ms()), Ordering::Relaxed);
        }
        tracing::debug!(
            method = %request.method,
            path = request.url.path(),
            status = raw.status.as_u16(),
            installation = installation.map(|installation| installation.0),
            request_id = header(&raw.headers, "x-github-request-id"),
            remaining = rate::remaining(&raw.headers),
            "github"
        );
    }
}

/// `None` is the App itself.
#[derive(Clone, Copy)]
struct Whose {
    /// In whose budget the request was counted.
    budget: Option<InstallationId>,
    /// Who has to wait when it was refused: an installation whose token was asked for, not the whole App.
    parks: Option<InstallationId>,
}

enum AppAnswer {
    Good(Raw),
    Refused(Refused),
}

struct Refused {
    error: ApiError,
    date_ms: Option<i64>,
}

fn waiting(request: &Request, until_ms: i64) -> ApiError {
    request.error(ErrorKind::RateLimited { until_ms }, "not sent: GitHub has asked us to wait")
}

fn cache_key(caller: &Caller, request: &Request) -> Option<CacheKey> {
    (request.method == Method::GET).then(|| CacheKey {
        installation: caller.scope.installation,
        scope: caller.scope.to_string(),
        method: request.method.clone(),
        uri: request.url.to_string(),
        accept: MEDIA_TYPE,
    })
}

/// Whether a refusal of our App token is about its `iat` or `exp`.
fn minds_the_time(message: &str) -> bool {
    let message = message.to_ascii_lowercase();
    let mut words = message.split(|letter: char| !letter.is_ascii_alphanumeric());
    words.any(|word| matches!(word, "iat" | "exp" | "expired" | "expires" | "expiration"))
        || message.contains("issued at")
}
