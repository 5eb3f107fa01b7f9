//! How much of its work the bot may do on its own.

use serde::{Deserialize, Serialize};

/// From the most cautious to the freest; the most cautious of all that are set wins, which is the smallest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// Writes nothing.
    Observe,
    /// Answers only when spoken to.
    Commands,
    /// Does everything that is switched on.
    Full,
}

impl Mode {
    /// Reads `observe`, `commands` or `full`.
    ///
    /// # Errors
    /// One sentence with the values there are.
    pub fn parse(text: &str) -> Result<Self, String> {
        match text.to_lowercase().as_str() {
            "observe" => Ok(Self::Observe),
            "commands" => Ok(Self::Commands),
            "full" => Ok(Self::Full),
            _ => Err("is none of `observe`, `commands` and `full`; set it to one of them".to_owned()),
        }
    }
}
