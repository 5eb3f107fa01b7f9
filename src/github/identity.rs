//! Who we are to GitHub, and with it whether what answers is GitHub at all.

use std::sync::atomic::{AtomicI64, Ordering};

use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::domain::event::{Person, PersonKind};
use crate::domain::lenient;
use crate::github::client::GitHub;
use crate::github::core::Core;
use crate::github::error::{ApiError, ApiResult, ErrorKind};
use crate::github::json;
use crate::github::request::Request;

/// What the App answers to where GitHub does not say its slug.
const USUAL_SLUG: &str = "millwright";

/// A server that does not say who we are is asked again after so long.
const ASK_AGAIN_MS: i64 = 3_600_000;

/// Who the App is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppIdentity {
    /// Numeric id, as `performed_via_github_app` names it; `None` where neither GitHub nor the operator tells it.
    pub id: Option<i64>,
    /// The name in addresses and behind `@`; its account is `slug[bot]`.
    pub slug: String,
}

impl AppIdentity {
    /// Whether something on GitHub is by this App: by the App that GitHub names, or by its account. Neither proves that we
    /// wrote the text in it; that does a marker's signature.
    pub fn is_author(&self, app_id: Option<i64>, user: Option<&Person>) -> bool {
        let login = format!("{}[bot]", self.slug);
        let by_account =
            |user: &Person| user.kind == PersonKind::Bot && user.login.eq_ignore_ascii_case(&login);
        (app_id.is_some() && app_id == self.id) || user.is_some_and(by_account)
    }
}

/// What `GET /app` answers. GitHub's description promises an id and no slug; a stand-in may tell neither.
#[derive(Deserialize)]
struct Answer {
    #[serde(default, deserialize_with = "lenient::scalar")]
    id: Option<i64>,
    #[serde(default, deserialize_with = "lenient::scalar")]
    slug: Option<String>,
}

/// Who we are, as far as it was asked.
#[derive(Default)]
pub(super) struct Identity {
    known: tokio::sync::OnceCell<AppIdentity>,
    /// Unix milliseconds until which a server that did not say is not asked again; 0: it was never asked in vain.
    silent_until_ms: AtomicI64,
}

impl GitHub {
    /// Who we are; asked once. A server without `GET /app` is asked again hourly, and meanwhile we go by what we were told.
    ///
    /// # Errors
    /// As any request in the App's name, among them a wrong clock and a key that GitHub does not know; `WrongAddress` where
    /// what answers is not GitHub.
    pub async fn app_identity(&self) -> ApiResult<AppIdentity> {
        let silent_until_ms = self.identity.silent_until_ms.load(Ordering::Relaxed);
        let now_ms = self.core.clock.now_ms();
        if self.identity.known.get().is_none() && now_ms < silent_until_ms {
            return Ok(self.assumed(None));
        }
        let known = self.identity.known.get_or_try_init(async || {
            let answer = self.core.who_we_are().await?;
            ApiResult::Ok(self.assumed(Some(answer)))
        });
        match known.await {
            Err(error) if error.is_missing() => {
                if silent_until_ms == 0 {
                    tracing::warn!(
                        %error,
                        "GitHub does not say who the App is; going on as @{USUAL_SLUG} with the configured id"
                    );
                }
                self.identity.silent_until_ms.store(now_ms + ASK_AGAIN_MS, Ordering::Relaxed);
                Ok(self.assumed(None))
            }
            other => other.cloned(),
        }
    }

    /// What GitHub said, and what we assume of the rest.
    fn assumed(&self, answer: Option<Answer>) -> AppIdentity {
        let (id, slug) = answer.map_or((None, None), |answer| (answer.id, answer.slug));
        AppIdentity {
            id: id.or_else(|| self.core.key.app_id()),
            slug: slug.filter(|slug| !slug.is_empty()).unwrap_or_else(|| USUAL_SLUG.to_owned()),
        }
    }
}

impl Core {
    /// A 404 in place of a token: the installation is gone, unless nothing here is GitHub's. Who the App is, GitHub always
    /// knows. A server that is not asked that may still list whom the App is installed for, and nothing else answers so.
    pub(super) async fn gone(&self, error: ApiError) -> ApiError {
        let answered = match self.who_we_are().await {
            Err(silent) if silent.is_missing() => self.lists_installations().await,
            Ok(Answer { id: None, .. }) => return self.wrong_address(error),
            said => said.map(|_| ()),
        };
        match answered {
            Ok(()) => error.with_kind(ErrorKind::InstallationGone),
            Err(other) if other.is_missing() => self.wrong_address(error),
            Err(other) => other,
        }
    }

    /// What `GET /app` says.
    async fn who_we_are(&self) -> ApiResult<Answer> {
        let request = Request::get(&self.base, &["app"])?;
        let raw = self.send_as_app(&request, None).await?;
        json::parse(&raw.body).map_err(|cause| self.wrong_address(unreadable(&request, &cause)))
    }

    async fn lists_installations(&self) -> ApiResult {
        let request = Request::get(&self.base, &["app", "installations"])?.query("per_page", "1");
        let raw = self.send_as_app(&request, None).await?;
        let listed = json::parse::<Vec<IgnoredAny>>(&raw.body);
        listed.map(drop).map_err(|cause| self.wrong_address(unreadable(&request, &cause)))
    }
}

fn unreadable(request: &Request, cause: &dyn std::fmt::Display) -> ApiError {
    request.error(ErrorKind::Decode, format!("the answer cannot be read: {cause}"))
}
