//! Installation tokens: one per scope and hour, however many jobs ask at once.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use http::Method;
use secrecy::SecretString;
use serde::Deserialize;

use crate::github::core::Core;
use crate::github::error::{ApiError, ApiResult, ErrorKind};
use crate::github::json;
use crate::github::request::Request;
use crate::github::scope::{TokenRequest, TokenScope};

/// A token is replaced this long before it ends, so that no job loses it on the way.
const RENEW_BEFORE_MS: i64 = 5 * 60_000;
const HOUR_MS: i64 = 3_600_000;

/// The tokens we hold.
#[derive(Default)]
pub(super) struct Tokens(Mutex<HashMap<TokenScope, Arc<tokio::sync::Mutex<Slot>>>>);

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

#[derive(Default)]
struct Slot {
    token: Option<Token>,
    /// How many answers to token requests have been received; whoever waited meanwhile shares the last one.
    answers: u64,
    last_failure: Option<ApiError>,
    /// Unix milliseconds by GitHub's clock until which the optional permission is not asked for again.
    optional_refused_until_ms: Option<i64>,
}

impl Core {
    /// The token for this scope; asked for when there is none or it is about to end.
    pub(super) async fn token(&self, scope: &TokenScope) -> ApiResult<Token> {
        self.token_after(scope, None).await
    }

    /// A token other than the one that GitHub has just refused; asked for once, however many were refused with it.
    pub(super) async fn fresh_token(&self, scope: &TokenScope, refused: &Token) -> ApiResult<Token> {
        self.token_after(scope, Some(refused.serial)).await
    }

    async fn token_after(&self, scope: &TokenScope, refused: Option<u64>) -> ApiResult<Token> {
        let slot = self.tokens.slot(scope, self.github_now_ms());
        let (mut slot, waited) = match slot.try_lock() {
            Ok(free) => (free, false),
            Err(_) => (slot.lock().await, true),
        };
        let now_ms = self.github_now_ms();
        let usable = slot.token.as_ref().filter(|token| {
            token.expires_at_ms - RENEW_BEFORE_MS > now_ms
                && refused.is_none_or(|serial| serial != token.serial)
        });
        if let Some(token) = usable {
            return Ok(token.clone());
        }
        // Whoever waited while the request failed shares that failure: 64 jobs do not ask 64 times in a row.
        if let Some(failure) = slot.last_failure.as_ref().filter(|_| waited) {
            return Err(failure.clone());
        }
        let asked = self.ask_for_token(scope, &mut slot).await;
        slot.answers += 1;
        match asked {
            Ok(mut token) => {
                token.serial = slot.answers;
                slot.token = Some(token.clone());
                slot.last_failure = None;
                Ok(token)
            }
            Err(failure) => {
                slot.token = None;
                slot.last_failure = Some(failure.clone());
                Err(failure)
            }
        }
    }

    /// Asks GitHub. An optional permission that was not granted is left out, and not asked for again within the hour.
    async fn ask_for_token(&self, scope: &TokenScope, slot: &mut Slot) -> ApiResult<Token> {
        let now_ms = self.github_now_ms();
        let refused = slot.optional_refused_until_ms.is_some_and(|until_ms| until_ms > now_ms);
        let with_optional = scope.permissions.optional.is_some() && !refused;
        match self.request_token(&TokenRequest { scope, with_optional }).await {
            Err(error) if with_optional && lacks_permission(&error) => {
                slot.optional_refused_until_ms = Some(now_ms + HOUR_MS);
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

impl Tokens {
    fn slot(&self, scope: &TokenScope, now_ms: i64) -> Arc<tokio::sync::Mutex<Slot>> {
        let mut slots = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !slots.contains_key(scope) {
            slots.retain(|_, slot| {
                Arc::strong_count(slot) > 1 || slot.try_lock().is_ok_and(|slot| slot.is_of_use(now_ms))
            });
        }
        Arc::clone(slots.entry(scope.clone()).or_default())
    }
}

impl Slot {
    fn is_of_use(&self, now_ms: i64) -> bool {
        let token_lives = self.token.as_ref().is_some_and(|token| token.expires_at_ms > now_ms);
        token_lives || self.optional_refused_until_ms.is_some_and(|until_ms| until_ms > now_ms)
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
