//! How much Millwright does on its own.

use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The modes, the most cautious first; of several that are set the most cautious wins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// Writes nothing; the log and the database hold what would have been written.
    Observe,
    /// Answers only when it is spoken to.
    Commands,
    /// Does everything that is switched on.
    Full,
}

impl Mode {
    /// Every mode, the most cautious first.
    pub const ALL: [Self; 3] = [Self::Observe, Self::Commands, Self::Full];

    /// The mode as it is written.
    pub fn word(self) -> &'static str {
        match self {
            Self::Observe => "observe",
            Self::Commands => "commands",
            Self::Full => "full",
        }
    }
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl FromStr for Mode {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|mode| mode.word() == text)
            .ok_or_else(|| "allowed are `observe`, `commands` and `full`".to_owned())
    }
}
