//! A plan as it is kept: with what it was made from, so that a revision starts where the last one stood.

use serde::{Deserialize, Serialize};

use crate::domain::brief::{Answer, Target};
use crate::domain::hash;
use crate::domain::ids::EffectKey;
use crate::domain::plan::Plan;

/// One revision's content.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlanRecord {
    /// The plan.
    pub plan: Plan,
    /// What `revise` had said by then, oldest first.
    pub answers: Vec<Answer>,
    /// What `enhance` was pointed at.
    pub target: Target,
    /// Who pointed it there; plans that were stored before this was kept name nobody.
    #[serde(default)]
    pub aimed_by: Option<String>,
    /// The effect under which its comment is written.
    pub made_by: EffectKey,
}

impl PlanRecord {
    /// The same content, the same hash; the commit it was made at does not count, the blobs it cites do. What `/why` says
    /// of the whole repository does not count either: it changes with every file that nobody plans to touch.
    pub fn hash(&self) -> String {
        let mut timeless = Plan { base_sha: String::new(), ..self.plan.clone() };
        timeless.why.remove("repository");
        hash::hex(&serde_json::to_string(&timeless).unwrap_or_default())
    }
}
