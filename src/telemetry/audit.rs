//! The audit trail: one JSON line per write to GitHub, in a file of the operator's choice.

use std::fs::OpenOptions;
use std::io::{self, Write};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, SecondsFormat};
use serde::{Serialize, Serializer};

use crate::telemetry::redact::Redactor;

/// One write to GitHub, after its answer came (or did not).
#[derive(Debug, Clone, Default, Serialize)]
pub struct AuditLine {
    /// Unix milliseconds; written as RFC 3339 in UTC.
    #[serde(serialize_with = "rfc3339")]
    pub time: i64,
    /// Login of the person whose doing led to this write; absent for schedules.
    pub actor: Option<String>,
    /// The command or what else started it: `approve`, or `comment` for what is done before it is one.
    pub trigger: String,
    /// The delivery's GUID; absent for schedules.
    pub delivery: Option<String>,
    /// `owner/name`; absent for writes outside a repository, such as a request for a token.
    pub repository: Option<String>,
    /// Method and path: `POST /repos/octo/hello/issues/1/comments`.
    pub request: String,
    /// The HTTP status, or why there is none.
    pub answer: String,
}

/// Appends to the audit trail; cheap to clone, and harmless when none is kept.
#[derive(Clone)]
pub struct Audit(Option<Arc<Trail>>);

struct Trail {
    redactor: Redactor,
    state: Mutex<State>,
}

struct State {
    output: Box<dyn Write + Send>,
    /// Lines that could not be written since the last one that could.
    lost: u64,
}

impl Audit {
    /// Keeps no trail.
    pub fn off() -> Self {
        Self(None)
    }

    /// Appends to `file`, which is created for this user's eyes only when it does not exist.
    ///
    /// # Errors
    /// When the file cannot be opened for appending.
    pub fn open(file: &Path, redactor: Redactor) -> io::Result<Self> {
        let mut options = OpenOptions::new();
        options.append(true).create(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        Ok(Self::to_writer(options.open(file)?, redactor))
    }

    /// Appends to anything that can be written to.
    pub fn to_writer(output: impl Write + Send + 'static, redactor: Redactor) -> Self {
        let state = Mutex::new(State { output: Box::new(output), lost: 0 });
        Self(Some(Arc::new(Trail { redactor, state })))
    }

    /// Writes one line and flushes it. A full disk never stops the work: it is logged once, the lines lost are
    /// counted, and the next line that can be written is preceded by that count in the log.
    pub fn append(&self, line: &AuditLine) {
        let Some(trail) = &self.0 else { return };
        match serde_json::to_string(line) {
            Ok(json) => trail.write(&trail.redactor.redact(&json)),
            Err(error) => tracing::warn!(%error, "an audit line could not be put into JSON"),
        }
    }
}

impl Trail {
    fn write(&self, json: &str) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        // A line that failed may have been written in part: begin a new one, so that this one can be read.
        let line = if state.lost > 0 { format!("\n{json}\n") } else { format!("{json}\n") };
        let written = state.output.write_all(line.as_bytes()).and_then(|()| state.output.flush());
        match (written, state.lost) {
            (Ok(()), 0) => {}
            (Ok(()), lost) => {
                state.lost = 0;
                tracing::info!(lost, "the audit trail can be written again");
            }
            (Err(error), 0) => {
                state.lost = 1;
                tracing::warn!(%error, "the audit trail cannot be written; work goes on without it");
            }
            (Err(_), _) => state.lost += 1,
        }
    }
}

fn rfc3339<S: Serializer>(time_ms: &i64, serializer: S) -> Result<S::Ok, S::Error> {
    match DateTime::from_timestamp_millis(*time_ms) {
        Some(time) => serializer.serialize_str(&time.to_rfc3339_opts(SecondsFormat::Millis, true)),
        None => serializer.serialize_i64(*time_ms),
    }
}

#[cfg(test)]
mod tests;
