//! What we ask in the App's own name: installations, and the log of deliveries.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use url::Url;

use crate::domain::event::{Person, person};
use crate::domain::ids::{InstallationId, RepoId, RepoName};
use crate::domain::lenient;
use crate::github::address::next_link;
use crate::github::client::GitHub;
use crate::github::error::{ApiResult, ErrorKind};
use crate::github::json;
use crate::github::request::Request;
use crate::github::transport::Raw;

/// An installation of the App.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Installation {
    /// Database id.
    pub id: InstallationId,
    /// Whose repositories it covers.
    #[serde(default, deserialize_with = "person")]
    pub account: Option<Person>,
    /// `all` or `selected`.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub repository_selection: String,
    /// Unix milliseconds.
    #[serde(default, rename = "created_at", deserialize_with = "lenient::instant")]
    pub created_at_ms: Option<i64>,
    /// Unix milliseconds; `None` when it is not suspended.
    #[serde(default, rename = "suspended_at", deserialize_with = "lenient::instant")]
    pub suspended_at_ms: Option<i64>,
}

/// A delivery in GitHub's log, without its payload.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct HookDelivery {
    /// The log's own id: for [`GitHub::hook_delivery_payload`].
    pub id: i64,
    /// `X-GitHub-Delivery`; redeliveries have the same.
    pub guid: String,
    /// The event's name.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub event: String,
    /// The payload's `action`.
    #[serde(default, deserialize_with = "lenient::scalar")]
    pub action: Option<String>,
    /// Unix milliseconds.
    #[serde(default, rename = "delivered_at", deserialize_with = "lenient::instant")]
    pub delivered_at_ms: Option<i64>,
    /// Whether this is a redelivery.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub redelivery: bool,
    /// What we answered; 0 when we did not.
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub status_code: i64,
    /// The installation it was for.
    #[serde(default, deserialize_with = "lenient::scalar")]
    pub installation_id: Option<InstallationId>,
    /// The repository it was about.
    #[serde(default, deserialize_with = "lenient::scalar")]
    pub repository_id: Option<RepoId>,
}

/// One page of GitHub's delivery log, newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryPage {
    /// At most 100.
    pub deliveries: Vec<HookDelivery>,
    /// For the next, older page; `None` on the last.
    pub next_cursor: Option<String>,
}

impl GitHub {
    /// An installation as it is now.
    ///
    /// # Errors
    /// `NotFound` when it is gone.
    pub async fn installation(&self, id: InstallationId) -> ApiResult<Installation> {
        let request = Request::get(&self.core.base, &["app", "installations", &id.to_string()])?;
        self.as_app(&request).await.map(|(installation, _)| installation)
    }

    /// Whether this installation lets us into a repository at the moment.
    ///
    /// # Errors
    /// As any request in the App's name.
    pub async fn is_open(&self, id: InstallationId, name: &RepoName) -> ApiResult<bool> {
        let request = Request::get(&self.core.base, &["repos", &name.owner, &name.name, "installation"])?;
        match self.as_app::<Installation>(&request).await {
            Ok((installation, _)) => Ok(installation.id == id && installation.suspended_at_ms.is_none()),
            Err(error) if error.is_missing() => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// A page of the delivery log, from the newest on; it reaches three days back on github.com.
    ///
    /// # Errors
    /// As any request in the App's name.
    pub async fn hook_deliveries(&self, cursor: Option<&str>) -> ApiResult<DeliveryPage> {
        let request = Request::get(&self.core.base, &["app", "hook", "deliveries"])?.query("per_page", "100");
        let request = match cursor {
            Some(cursor) => request.query("cursor", cursor),
            None => request,
        };
        let (deliveries, raw) = self.as_app(&request).await?;
        Ok(DeliveryPage { deliveries, next_cursor: next_cursor(&self.core.base, &raw) })
    }

    /// The payload of a delivery in the log, as JSON text like that of a webhook's body.
    ///
    /// # Errors
    /// `NotFound` when the log no longer has it.
    pub async fn hook_delivery_payload(&self, id: i64) -> ApiResult<Vec<u8>> {
        #[derive(Deserialize)]
        struct Delivery {
            request: Sent,
        }
        #[derive(Deserialize)]
        struct Sent {
            payload: serde_json::Value,
        }
        let request = Request::get(&self.core.base, &["app", "hook", "deliveries", &id.to_string()])?;
        let (delivery, _): (Delivery, _) = self.as_app(&request).await?;
        let written = serde_json::to_vec(&delivery.request.payload);
        written.map_err(|cause| request.error(ErrorKind::Decode, cause.to_string()))
    }

    async fn as_app<T: DeserializeOwned>(&self, request: &Request) -> ApiResult<(T, Raw)> {
        let raw = self.core.send_as_app(request, None).await?;
        let parsed = json::parse(&raw.body);
        let value = parsed.map_err(|cause| {
            let message = format!(
                "the answer cannot be read: {cause}; GITHUB_API_URL names {}: look whether GitHub's API answers there",
                self.core.base
            );
            request.error(ErrorKind::Decode, message)
        })?;
        Ok((value, raw))
    }
}

fn next_cursor(base: &crate::github::address::Base, raw: &Raw) -> Option<String> {
    let next: Url = base.next_page(next_link(raw.headers.get(http::header::LINK)?.to_str().ok()?)?)?;
    let cursor = next.query_pairs().find(|(name, _)| name == "cursor")?.1.into_owned();
    Some(cursor)
}
