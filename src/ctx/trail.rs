//! The audit trail of one context: every write to GitHub with who and what it was for.

use crate::clock::Clock;
use crate::github::audit::{Audit, Write};
use crate::telemetry::audit::{Audit as File, AuditLine};

/// Writes down what one purpose does.
#[derive(Clone)]
pub struct Trail {
    /// The operator's file.
    pub file: File,
    /// The time.
    pub clock: Clock,
    /// Everything but the request and its answer.
    pub about: AuditLine,
}

impl Audit for Trail {
    fn wrote(&self, write: &Write<'_>) {
        let line = AuditLine {
            time: self.clock.now_ms(),
            request: format!("{} {}", write.method, write.path),
            answer: write.status.map_or_else(|| "no answer".to_owned(), |status| status.to_string()),
            ..self.about.clone()
        };
        self.file.append(&line);
    }
}
