//! Installation tokens: one per scope and hour, however many jobs ask at once.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures_util::FutureExt as _;
use futures_util::future::{BoxFuture, Shared};
use http::Method;
use secrecy::SecretString;
use serde::Deserialize;

use crate::domain::ids::InstallationId;
use crate::github::core::{Caller, Core};
use crate::github::error::{ApiError, ApiResult, ErrorKind};
use crate::github::json;
use crate::github::request::Request;
use crate::github::scope::{TokenRequest, TokenScope};

/// A token is replaced this long before it ends, so that no job loses it on the way.
const RENEW_BEFORE_MS: i64 = 5 * 60_000;
const HOUR_MS: i64 = 3_600_000;

/// The tokens we hold.
#[derive(Default)]
pub(super) struct Tokens(Mutex<HashMap<TokenScope, Arc<Mutex<Slot>>>>);

/// A token in use. No `Debug`, so that it cannot be printed.
#[derive(Clone)]
pub(super) struct Token {
    pub secret: SecretString,
    /// Unix milliseconds by GitHub's clock.
    expires_at_ms: i64,
    /// Tells one token of a scope from the next.
    serial: u64,
    /// Whether the optional permission was granted.
    pub has_optional: bool,
}

/// A token request under way, for all who wait for it. Whoever is cut off meanwhile loses no answer: the next one who needs the
/// token goes on with the same request.
type Asking = Shared<BoxFuture<'static, ApiResult<Token>>>;

#[derive(Default)]
struct Slot {
    token: Option<Token>,
    /// How many answers to token requests have been received.
    answers: u64,
    asking: Option<Asking>,
    /// Unix milliseconds by GitHub's clock until which the optional permission is not asked for again.
    optional_refused_until_ms: Option<i64>,
}

impl Core {
    /// The token for this scope; asked for when there is none or it is about to end.
    pub(super) async fn token(self: &Arc<Self>, scope: &TokenScope) -> ApiResult<Token> {
        self.token_after(scope, None, &Arc::default()).await
    }

    /// Whether the optional permission of the caller's scope is granted. The requests that it takes to know are counted among those
    /// that the caller has sent.
    pub(super) async fn grants_optional(self: &Arc<Self>, caller: &Caller) -> ApiResult<bool> {
        let slot = self.tokens.slot(&caller.scope, self.github_now_ms());
        let is_refused = || locked(&slot).refuses_optional(self.github_now_ms());
        if is_refused() {
            return Ok(false);
        }
        match self.token_after(&caller.scope, None, &caller.sent).await {
            Ok(token) => Ok(token.has_optional),
            Err(_) if is_refused() => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// A token other than the one that GitHub has just refused; asked for once, however many were refused with it.
    pub(super) async fn fresh_token(
        self: &Arc<Self>,
        scope: &TokenScope,
        refused: &Token,
    ) -> ApiResult<Token> {
        self.token_after(scope, Some(refused.serial), &Arc::default()).await
    }

    async fn token_after(
        self: &Arc<Self>,
        scope: &TokenScope,
        refused: Option<u64>,
        sent: &Arc<AtomicUsize>,
    ) -> ApiResult<Token> {
        let slot = self.tokens.slot(scope, self.github_now_ms());
        loop {
            let (asking, joined) = {
                let mut held = locked(&slot);
                match (&held.asking, held.usable(self.github_now_ms(), refused)) {
                    (Some(asking), _) => (asking.clone(), true),
                    (None, Some(token)) => return Ok(token.clone()),
                    (None, None) => {
                        let counted = (Arc::clone(&slot), Arc::clone(sent));
                        let asking = ask(Arc::clone(self), scope.clone(), counted).boxed().shared();
                        held.asking = Some(asking.clone());
                        (asking, false)
                    }
                }
            };
            let asked = asking.await;
            // Nobody may have waited for the answer since long ago.
            let is_old =
                |token: &Token| joined && token.expires_at_ms - RENEW_BEFORE_MS <= self.github_now_ms();
            if !asked.as_ref().is_ok_and(is_old) {
                return asked;
            }
        }
    }

    /// Asks GitHub. An optional permission that was not granted is left out, and not asked for again within the hour.
    async fn ask_for_token(
        &self,
        scope: &TokenScope,
        (slot, sent): (&Mutex<Slot>, &AtomicUsize),
    ) -> ApiResult<Token> {
        let now_ms = self.github_now_ms();
        let is_all = scope.permissions.required.is_empty();
        let refused = locked(slot).refuses_optional(now_ms);
        // A request that names no permission would be granted all of them.
        let with_optional = scope.permissions.optional.is_some() && (is_all || !refused);
        sent.fetch_add(1, Ordering::Relaxed);
        match self.request_token(&TokenRequest { scope, with_optional }).await {
            Err(error) if with_optional && lacks_permission(&error) => {
                locked(slot).optional_refused_until_ms = Some(now_ms + HOUR_MS);
                if is_all {
                    return Err(error);
                }
                sent.fetch_add(1, Ordering::Relaxed);
                self.request_token(&TokenRequest { scope, with_optional: false }).await
            }
            other => other,
        }
    }

    async fn request_token(&self, body: &TokenRequest<'_>) -> ApiResult<Token> {
        let installation = body.scope.installation;
        let segments = ["app", "installations", &installation.to_string(), "access_tokens"];
        let request = Request::write(&self.base, Method::POST, &segments)?.json(body)?;
        let raw = match self.send_as_app(&request, Some(installation)).await {
            Err(error) if error.is_missing() => return Err(self.gone(error).await),
            other => other.map_err(meaning)?,
        };
        let answer: TokenAnswer = json::parse(&raw.body).map_err(|cause| {
            request
                .error(ErrorKind::Server, format!("the answer to the token request cannot be read: {cause}"))
        })?;
        Ok(Token {
            secret: SecretString::from(answer.token),
            expires_at_ms: answer.expires_at.timestamp_millis(),
            serial: 0,
            has_optional: body.with_optional,
        })
    }
}

/// Asks for a token, and keeps it. Whoever waits meanwhile shares the answer, and a failure as well: 64 jobs do not ask 64 times
/// in a row.
async fn ask(
    core: Arc<Core>,
    scope: TokenScope,
    (slot, sent): (Arc<Mutex<Slot>>, Arc<AtomicUsize>),
) -> ApiResult<Token> {
    let asked = core.ask_for_token(&scope, (&slot, &sent)).await;
    let mut held = locked(&slot);
    held.answers += 1;
    held.asking = None;
    let serial = held.answers;
    let asked = asked.map(|token| Token { serial, ..token });
    held.token = asked.as_ref().ok().cloned();
    asked
}

fn locked(slot: &Mutex<Slot>) -> MutexGuard<'_, Slot> {
    slot.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Tokens {
    fn slot(&self, scope: &TokenScope, now_ms: i64) -> Arc<Mutex<Slot>> {
        let mut slots = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !slots.contains_key(scope) {
            slots.retain(|_, slot| Arc::strong_count(slot) > 1 || locked(slot).is_of_use(now_ms));
        }
        Arc::clone(slots.entry(scope.clone()).or_default())
    }

    /// What an installation was refused may be granted now.
    pub(super) fn forget_refusals(&self, installation: InstallationId) {
        let slots = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for (_, slot) in slots.iter().filter(|(scope, _)| scope.installation == installation) {
            let mut slot = locked(slot);
            if slot.optional_refused_until_ms.take().is_some() {
                // It was asked for without.
                slot.token = None;
            }
        }
    }
}

impl Slot {
    /// The token, where it is not about to end and not the one that was refused.
    fn usable(&self, now_ms: i64, refused: Option<u64>) -> Option<&Token> {
        self.token.as_ref().filter(|token| {
            token.expires_at_ms - RENEW_BEFORE_MS > now_ms
                && refused.is_none_or(|serial| serial != token.serial)
        })
    }

    fn is_of_use(&self, now_ms: i64) -> bool {
        let token_lives = self.token.as_ref().is_some_and(|token| token.expires_at_ms > now_ms);
        token_lives || self.refuses_optional(now_ms)
    }

    fn refuses_optional(&self, now_ms: i64) -> bool {
        self.optional_refused_until_ms.is_some_and(|until_ms| until_ms > now_ms)
    }
}

#[derive(Deserialize)]
struct TokenAnswer {
    token: String,
    expires_at: chrono::DateTime<chrono::Utc>,
}

fn lacks_permission(error: &ApiError) -> bool {
    matches!(error.kind, ErrorKind::Validation(_))
}

/// What a refused token request means: the installation's hold on the repository is gone, or a permission is missing.
/// A request that was lost on the way has done no harm, whatever its method.
fn meaning(error: ApiError) -> ApiError {
    let names_repository = error.facts.message.to_ascii_lowercase().contains("repositor");
    let kind = match &error.kind {
        ErrorKind::Validation(_) if names_repository => ErrorKind::InstallationGone,
        ErrorKind::Ambiguous => ErrorKind::Transport,
        other => other.clone(),
    };
    error.with_kind(kind)
}
