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
    /// Which requirements have another number than in the revision before, a sentence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub renumbered: Option<String>,
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

    /// What was said since `before`.
    pub fn said_since(&self, before: &Self) -> &[Answer] {
        self.answers.get(before.answers.len()..).unwrap_or_default()
    }

    /// Whether it needs no revision of its own behind `before`: the same, or the same but for what it quotes.
    pub fn stands_as(&self, before: &Self) -> bool {
        self.hash() == before.hash() || self.adds_only_quotes(before)
    }

    /// Whether something was said since `before` and all it did is to be quoted.
    pub fn adds_only_quotes(&self, before: &Self) -> bool {
        !self.said_since(before).is_empty() && self.only_quotes(before)
    }

    /// Whether nothing is planned otherwise than `before`: the plan only quotes what was said since.
    pub fn only_quotes(&self, before: &Self) -> bool {
        let quotes = |line: &String| {
            let behind = |answer: &Answer| line.strip_prefix(&answer.author);
            let mut behind = self.said_since(before).iter().filter_map(behind);
            behind.any(|rest| rest.starts_with(": “") || rest.starts_with(", to question "))
        };
        let mut silent = self.clone();
        silent.plan.read_as.retain(|line| before.plan.read_as.contains(line) || !quotes(line));
        self.target == before.target && silent.hash() == before.hash()
    }
}
