//! All keys of the repository's file: the one place from which reading, the JSON schema and the documentation follow.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::commands::CommandsKeys;
use super::enhance::EnhanceKeys;
use super::mode::Mode;

/// What one file sets; every key is optional.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(title = "Millwright's configuration of a repository")]
pub struct RepoKeys {
    /// Whether Millwright does anything here.
    #[schemars(with = "bool", extend("default" = true))]
    pub enabled: Option<bool>,
    /// How much it does on its own. Of the modes that the operator, the organization and the repository set, the most cautious wins;
    /// where none is set, an installation of more than 20 repositories begins with `commands`.
    #[schemars(with = "Mode", extend("default" = Mode::Full))]
    pub mode: Option<Mode>,
    /// Commands in comments.
    pub commands: CommandsKeys,
    /// Plans and their work items.
    pub enhance: EnhanceKeys,
    /// Sections that repositories cannot change; counts only in the organization's file.
    #[schemars(with = "Vec<Section>", extend("default" = Vec::<Section>::new(), "examples" = ["enhance"]))]
    pub locked: Option<Vec<Section>>,
}

/// Top-level keys that can be locked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Section {
    /// `enabled`.
    Enabled,
    /// `mode`.
    Mode,
    /// Everything below `commands`.
    Commands,
    /// Everything below `enhance`.
    Enhance,
}

impl Section {
    /// The section a key belongs to, by the key's path; `None` for `locked` itself.
    pub fn of(path: &str) -> Option<Self> {
        match path.split('.').next()? {
            "enabled" => Some(Self::Enabled),
            "mode" => Some(Self::Mode),
            "commands" => Some(Self::Commands),
            "enhance" => Some(Self::Enhance),
            _ => None,
        }
    }

    /// The section as it is written.
    pub fn word(self) -> &'static str {
        match self {
            Self::Enabled => "enabled",
            Self::Mode => "mode",
            Self::Commands => "commands",
            Self::Enhance => "enhance",
        }
    }
}
