//! What is wrong with a configuration file, and where.

use std::fmt;

use serde::Serialize;

use crate::domain::escape::visible::visible;

/// One problem: a place and one sentence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// Counted from 1.
    pub line: u64,
    /// In characters, counted from 1.
    pub column: u64,
    /// What is wrong and what is allowed; plain text on one line that may quote the file.
    pub message: String,
    /// The key or value that was probably meant.
    pub nearest: Option<String>,
}

/// A place in a file: line and column, counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Place {
    /// Counted from 1.
    pub line: u64,
    /// In characters, counted from 1.
    pub column: u64,
}

impl Problem {
    /// A problem without a suggestion.
    pub fn at(place: Place, message: impl AsRef<str>) -> Self {
        let message = visible(message.as_ref()).split_whitespace().collect::<Vec<_>>().join(" ");
        Self { line: place.line, column: place.column, message, nearest: None }
    }

    /// The same with what was probably meant.
    pub fn nearest(self, nearest: Option<&str>) -> Self {
        Self { nearest: nearest.map(str::to_owned), ..self }
    }
}

impl Problem {
    /// What is wrong and what was probably meant, without the place.
    pub fn said(&self) -> String {
        match &self.nearest {
            Some(nearest) => format!("{} (nearest: {nearest})", self.message),
            None => self.message.clone(),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.line, self.column, self.said())
    }
}

impl Place {
    /// The start of a file.
    pub const START: Self = Self { line: 1, column: 1 };

    /// The place behind the given text.
    pub fn behind(text: &str) -> Self {
        let line = text.matches('\n').count() + 1;
        let column = text.rsplit('\n').next().map_or(0, |last| last.chars().count()) + 1;
        Self { line: line as u64, column: column as u64 }
    }
}
