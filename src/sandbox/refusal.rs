//! Why the world says no, in the shape of GitHub's error answers.

use std::fmt;

use serde_json::{Value, json};

use crate::sandbox::model::Level;

/// A refused request or action.
#[derive(Debug, Clone, PartialEq)]
pub struct Refusal {
    /// HTTP status.
    pub status: u16,
    /// Sentence in `message`.
    pub message: String,
    /// Objects in `errors`.
    pub errors: Vec<Value>,
    /// Further headers.
    pub headers: Vec<(&'static str, String)>,
    /// `url` in the body, for redirects.
    pub url: Option<String>,
}

impl Refusal {
    /// A refusal with nothing but a message.
    pub fn new(status: u16, message: impl Into<String>) -> Self {
        Self { status, message: message.into(), errors: Vec::new(), headers: Vec::new(), url: None }
    }

    /// 404, also for what the caller may not know of.
    pub fn not_found() -> Self {
        Self::new(404, "Not Found")
    }

    /// 403 for an App without the permission.
    pub fn not_accessible() -> Self {
        Self::new(403, "Resource not accessible by integration")
    }

    /// The same, with the header that names the permission.
    pub fn not_permitted(resource: &str, level: Level) -> Self {
        let needed = format!("{resource}={}", level.name());
        Self { headers: vec![("x-accepted-github-permissions", needed)], ..Self::not_accessible() }
    }

    /// 422 with one field that breaks a rule; `code` is one of GitHub's: `missing_field`, `invalid`, `already_exists` …
    pub fn invalid(resource: &str, field: &str, code: &str) -> Self {
        let errors = vec![json!({ "resource": resource, "field": field, "code": code })];
        Self { errors, ..Self::new(422, "Validation Failed") }
    }

    /// 422 with one field and a sentence.
    pub fn rule(resource: &str, field: &str, message: impl Into<String>) -> Self {
        let (code, message) = ("unprocessable", message.into());
        let errors = vec![json!({ "resource": resource, "field": field, "code": code, "message": message })];
        Self { errors, ..Self::new(422, "Validation Failed") }
    }

    /// 422 for a body that breaks the request's schema.
    pub fn schema(problem: impl fmt::Display) -> Self {
        Self::new(422, format!("Invalid request.\n\n{problem}"))
    }

    /// The body GitHub would send.
    pub fn body(&self) -> Value {
        let mut body = json!({ "message": self.message });
        if !self.errors.is_empty() {
            body["errors"] = Value::Array(self.errors.clone());
        }
        if let Some(url) = &self.url {
            body["url"] = json!(url);
        }
        body["documentation_url"] = json!("https://docs.github.com/rest");
        body["status"] = json!(self.status.to_string());
        body
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.status, self.message)?;
        self.errors.iter().try_for_each(|error| write!(f, " {error}"))
    }
}

impl std::error::Error for Refusal {}
