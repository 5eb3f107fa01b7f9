//! GraphQL answers: data, or errors under a status of 200.

use std::sync::Arc;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::domain::lenient;
use crate::github::core::{Caller, Core};
use crate::github::error::{ApiError, ApiResult, ErrorKind};
use crate::github::refusal;
use crate::github::request::Request;

/// GitHub's GraphQL budget refills within the hour; an answer that names no time is asked again after this.
const LIMIT_WITHOUT_A_TIME_MS: i64 = 60_000;

#[derive(Deserialize)]
struct Envelope<T> {
    #[serde(default = "nothing")]
    data: Option<T>,
    #[serde(default, deserialize_with = "lenient::objects")]
    errors: Vec<Refusal>,
}

#[derive(Deserialize)]
struct Refusal {
    #[serde(default, rename = "type", deserialize_with = "lenient::scalar")]
    kind: Option<String>,
    #[serde(default, deserialize_with = "lenient::or_default")]
    message: String,
}

impl Core {
    /// Sends an operation and gives its data. Any error is an error of the whole.
    pub(super) async fn graphql<T: DeserializeOwned>(
        self: &Arc<Self>,
        caller: &Caller,
        request: &Request,
    ) -> ApiResult<T> {
        let envelope: Envelope<T> = self.call(caller, request).await?;
        match (envelope.errors.first(), envelope.data) {
            (Some(refusal), _) => Err(self.refused(caller, request, refusal)),
            (None, Some(data)) => Ok(data),
            (None, None) => Err(request.error(ErrorKind::Decode, "the answer has neither data nor errors")),
        }
    }

    fn refused(&self, caller: &Caller, request: &Request, refusal: &Refusal) -> ApiError {
        let message = refusal::clean(&refusal.message);
        let kind = match refusal.kind.as_deref() {
            Some("NOT_FOUND") => ErrorKind::NotFound,
            Some("FORBIDDEN" | "INSUFFICIENT_SCOPES") => ErrorKind::Forbidden,
            Some("RATE_LIMITED" | "RATE_LIMIT") => {
                let until_ms = self.clock.now_ms() + LIMIT_WITHOUT_A_TIME_MS;
                self.budgets.pause(Some(caller.scope.installation), request.resource, until_ms);
                ErrorKind::RateLimited { until_ms }
            }
            Some("SERVICE_UNAVAILABLE" | "INTERNAL") => ErrorKind::Server,
            _ => ErrorKind::Validation(vec![message.clone()]),
        };
        request.error(kind, message)
    }
}

fn nothing<T>() -> Option<T> {
    None
}
