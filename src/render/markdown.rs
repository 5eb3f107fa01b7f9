//! Markdown that we wrote ourselves: templates print it as it is, while they escape every other text.

use std::fmt;

use minijinja::Value;
use serde::{Serialize, Serializer};

/// A rendered piece of Markdown. Never make one from what a user wrote; `domain::escape` turns that into Markdown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Markdown(pub String);

impl fmt::Display for Markdown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Serialize for Markdown {
    /// Marked as safe for templates; an ordinary string for every other format.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Value::from_safe_string(self.0.clone()).serialize(serializer)
    }
}
