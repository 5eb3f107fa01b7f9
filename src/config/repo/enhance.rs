//! `enhance:` in the repository's file.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Most work items of one plan when nothing else is set.
pub const DEFAULT_MAX_ITEMS: u32 = 5;

/// Who decides that a plan becomes sub-issues.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Approval {
    /// A person with write access, by `/approve`.
    #[default]
    Required,
    /// Nobody: a plan without open questions is carried out at once.
    Automatic,
}

/// What the file says about plans.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct EnhanceKeys {
    /// Whether a person has to approve a plan before its work items become sub-issues.
    #[schemars(with = "Approval", extend("default" = Approval::default()))]
    pub approval: Option<Approval>,
    /// The most work items of one plan; what exceeds them is merged, and the plan says so.
    #[schemars(with = "u32", range(min = 1, max = 20), extend("default" = DEFAULT_MAX_ITEMS))]
    pub max_items: Option<u32>,
}

impl fmt::Display for Approval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Required => "required",
            Self::Automatic => "automatic",
        })
    }
}
