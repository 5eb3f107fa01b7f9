//! One request to GitHub, before anybody signs it.

use bytes::Bytes;
use http::Method;
use serde::Serialize;
use url::Url;

use crate::github::address::Base;
use crate::github::error::{ApiError, ApiResult, ErrorKind};

/// What JSON answers may weigh unless a caller says otherwise: GitHub's largest, a tree of 100,000 entries, is 7 MB
/// of listing plus addresses.
const DEFAULT_ANSWER_LIMIT: usize = 64 << 20;

/// A request below the API's base, or to GraphQL.
#[derive(Debug, Clone)]
pub(super) struct Request {
    pub method: Method,
    pub url: Url,
    pub body: Option<Bytes>,
    pub effort: Effort,
    pub resource: Resource,
    /// Bytes of answer to accept.
    pub answer_limit: usize,
}

/// What a request costs GitHub, and so how careful we are with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Effort {
    /// Changes nothing; may be asked again.
    Read,
    /// Changes something; never repeated.
    Edit,
    /// As an edit, and the first to be left out when requests are short: a receipt.
    Receipt,
    /// Makes something that people are told of: never repeated, paced, one at a time per installation.
    Create,
}

/// The budget that a request is counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Resource {
    Core,
    GraphQl,
}

impl Request {
    /// Reads what lies at these path segments.
    pub(super) fn get(base: &Base, segments: &[&str]) -> ApiResult<Self> {
        Self::below(base, Method::GET, segments, Effort::Read)
    }

    /// Writes at these path segments.
    pub(super) fn write(base: &Base, method: Method, segments: &[&str]) -> ApiResult<Self> {
        Self::below(base, method, segments, Effort::Edit)
    }

    /// Reads another page.
    pub(super) fn page(url: Url, of: &Self) -> Self {
        Self { url, ..of.clone() }
    }

    fn below(base: &Base, method: Method, segments: &[&str], effort: Effort) -> ApiResult<Self> {
        let url = base.below(segments).ok_or_else(|| {
            let message = "a name in the address is empty or a step such as `..`";
            ApiError::new(ErrorKind::Malformed, &method, &segments.join("/"), message)
        })?;
        let answer_limit = DEFAULT_ANSWER_LIMIT;
        Ok(Self { method, url, body: None, effort, resource: Resource::Core, answer_limit })
    }

    /// A GraphQL operation with its variables.
    pub(super) fn graphql(url: &Url, operation: &'static str, variables: &impl Serialize) -> ApiResult<Self> {
        #[derive(Serialize)]
        struct Body<'a, V> {
            query: &'static str,
            variables: &'a V,
        }
        let request = Self {
            method: Method::POST,
            url: url.clone(),
            body: None,
            effort: Effort::Read,
            resource: Resource::GraphQl,
            answer_limit: DEFAULT_ANSWER_LIMIT,
        };
        request.json(&Body { query: operation, variables })
    }

    /// With a JSON body.
    pub(super) fn json(mut self, body: &impl Serialize) -> ApiResult<Self> {
        let written = serde_json::to_vec(body);
        let written = written.map_err(|cause| self.error(ErrorKind::Malformed, cause.to_string()))?;
        self.body = Some(written.into());
        Ok(self)
    }

    /// With one more query parameter.
    pub(super) fn query(mut self, name: &str, value: &str) -> Self {
        self.url.query_pairs_mut().append_pair(name, value);
        self
    }

    /// As another kind of effort.
    pub(super) fn effort(mut self, effort: Effort) -> Self {
        self.effort = effort;
        self
    }

    /// With another bound on the answer, in bytes.
    pub(super) fn answer_limit(mut self, bytes: usize) -> Self {
        self.answer_limit = bytes;
        self
    }

    /// What it costs of the minute. Source: GitHub, "Rate limits for the REST API", the table of points.
    pub(super) fn points(&self) -> i64 {
        if self.is_read() { 1 } else { 5 }
    }

    /// Whether asking again is harmless.
    pub(super) fn is_read(&self) -> bool {
        self.effort == Effort::Read
    }

    /// An error about this request.
    pub(super) fn error(&self, kind: ErrorKind, message: impl Into<String>) -> ApiError {
        ApiError::new(kind, &self.method, self.url.path(), message)
    }
}
