//! What GitHub says when it refuses, and what kind of refusal that is.

use std::sync::LazyLock;

use http::HeaderMap;
use serde::Deserialize;

use crate::domain::escape::visible::visible;
use crate::domain::lenient;
use crate::github::address::same_host;
use crate::github::error::{ApiError, ErrorKind};
use crate::github::json;
use crate::github::request::Request;
use crate::github::transport::Raw;
use crate::telemetry::redact::Redactor;

/// GitHub's error body.
#[derive(Default, Deserialize)]
pub(super) struct Refusal {
    #[serde(default, deserialize_with = "lenient::or_default")]
    pub message: String,
    #[serde(default, deserialize_with = "lenient::scalar")]
    documentation_url: Option<String>,
    #[serde(default)]
    errors: serde_json::Value,
}

/// The shapes of secrets; our own patterns compile.
static SECRETS: LazyLock<Option<Redactor>> = LazyLock::new(|| Redactor::new(&[]).ok());

impl Refusal {
    pub(super) fn read(raw: &Raw) -> Self {
        match raw.status.is_client_error() || raw.status.is_server_error() {
            true => json::parse_object::<Self>(&raw.body).unwrap_or_default().cleaned(),
            false => Self::default(),
        }
    }

    /// Without what looks like a secret and what nobody sees: it is logged, stored and shown.
    fn cleaned(mut self) -> Self {
        self.message = clean(&self.message);
        self.documentation_url = self.documentation_url.map(|url| clean(&url));
        self
    }

    pub(super) fn kind(&self, request: &Request, raw: &Raw) -> ErrorKind {
        match raw.status.as_u16() {
            401 => ErrorKind::Unauthorized,
            403 if self.message.to_ascii_lowercase().contains("suspended") => ErrorKind::InstallationGone,
            403 => ErrorKind::Forbidden,
            404 => ErrorKind::NotFound,
            409 => ErrorKind::Conflict,
            410 => ErrorKind::Gone,
            422 => ErrorKind::Validation(self.reasons()),
            502 | 504 if !request.is_read() => ErrorKind::Ambiguous,
            500.. => ErrorKind::Server,
            300..=399 => match header(&raw.headers, "location").and_then(|to| same_host(&request.url, to)) {
                Some(_) => ErrorKind::Moved,
                None => ErrorKind::ForeignRedirect,
            },
            400..=499 => ErrorKind::Validation(self.reasons()),
            _ => ErrorKind::Decode,
        }
    }

    fn reasons(&self) -> Vec<String> {
        let errors = self.errors.as_array().map(Vec::as_slice).unwrap_or_default();
        errors.iter().map(|error| clean(&reason(error))).collect()
    }

    pub(super) fn error(self, request: &Request, raw: &Raw, kind: ErrorKind) -> ApiError {
        let message = match self.message.is_empty() {
            false => self.message,
            true if kind == ErrorKind::ForeignRedirect => {
                "it leads to another host, and is not followed".to_owned()
            }
            true => raw.status.canonical_reason().unwrap_or("no reason given").to_owned(),
        };
        let mut error = request.error(kind, message);
        error.facts.status = Some(raw.status.as_u16());
        error.facts.request_id = header(&raw.headers, "x-github-request-id").map(str::to_owned);
        error.facts.documentation_url = self.documentation_url;
        if error.kind == ErrorKind::Forbidden {
            error.facts.permissions = header(&raw.headers, "x-accepted-github-permissions").map(clean);
        }
        error
    }
}

/// Words of GitHub's without what looks like a secret and what nobody sees.
pub(super) fn clean(text: &str) -> String {
    SECRETS.as_ref().map_or_else(String::new, |secrets| secrets.redact(&visible(text)).into_owned())
}

/// One element of GitHub's `errors`: a text, or an object with `message`, or with `resource`, `field` and `code`.
fn reason(error: &serde_json::Value) -> String {
    let text =
        |name: &str| error.get(name).and_then(serde_json::Value::as_str).filter(|text| !text.is_empty());
    match (error.as_str().or_else(|| text("message")), text("field"), text("code")) {
        (Some(message), _, _) => message.to_owned(),
        (None, Some(field), Some(code)) => format!("{field}: {code}"),
        (None, _, Some(code)) => code.to_owned(),
        _ => error.to_string(),
    }
}

/// A header, if it is plain text.
pub(super) fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}
