//! A block of code, and how a plan refers to it.

use crate::domain::plan::asks;

/// Code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// Line of its first line of code.
    pub line: usize,
    /// Its content.
    pub text: String,
    /// The heading above.
    pub section: Option<String>,
    /// The sentence just before, where no other code and no heading stands between.
    pub lead: Option<String>,
}

impl Block {
    /// Line of its last line of code.
    pub fn last(&self) -> usize {
        self.line + self.text.trim_end().lines().count().saturating_sub(1)
    }

    /// Does the sentence before it deny of it what holds of other code?
    pub fn is_denied(&self) -> bool {
        self.lead.as_deref().is_some_and(asks::denies)
    }

    /// Its lines in words: `line 4`, `lines 4–9`.
    pub fn lines(&self) -> String {
        match self.last() {
            last if last > self.line => format!("lines {}–{last}", self.line),
            last => format!("line {last}"),
        }
    }
}
