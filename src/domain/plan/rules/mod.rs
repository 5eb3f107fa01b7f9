//! Is a plan fit to be worked on? Rules after INVEST and ISO 29148; only two of them stop anything.
//!
//! To add one: a file here with `pub static RULE`, a `mod` line and a line in [`RULES`].

mod criteria; // WI001
mod resolved; // WI002
mod doubles; // WI003
mod extent; // WI004
mod place; // WI005
mod smells; // WI006
mod placeholders; // WI007
mod evidence; // WI008

use serde::{Deserialize, Serialize};

use crate::domain::plan::frames::{Findings, Scene};
use crate::domain::plan::model::Plan;

/// How much a finding weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// No work item is proposed for it, and its question is asked.
    Block,
    /// A question is asked.
    Ask,
    /// One line in the comment.
    Warn,
    /// Shown by `/why` alone.
    Hint,
}

/// One rule.
pub struct Rule {
    /// `WI001` …
    pub id: &'static str,
    /// How much its findings weigh.
    pub level: Level,
    /// Looks at the finished plan.
    pub check: fn(&Scene<'_>, &Plan) -> Vec<Found>,
}

/// What a rule found, before it has the rule's name.
pub struct Found {
    /// `R2`, the number of a work item, or `issue`.
    pub about: String,
    /// A sentence without its period.
    pub text: String,
}

/// What a rule found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// `WI001` …
    pub rule: String,
    /// How much it weighs.
    pub level: Level,
    /// `R2`, the number of a work item, or `issue`.
    pub about: String,
    /// A sentence without its period.
    pub text: String,
}

/// All rules, by number.
pub static RULES: &[&Rule] = &[
    &criteria::RULE,
    &resolved::RULE,
    &doubles::RULE,
    &extent::RULE,
    &place::RULE,
    &smells::RULE,
    &placeholders::RULE,
    &evidence::RULE,
];

/// Asks what the rules have to know before anything is cut; `true`: nothing may be cut until it is answered.
pub fn ask(scene: &Scene<'_>, findings: &mut Findings, plan: &Plan) -> bool {
    doubles::ask(scene, findings, plan);
    resolved::ask(scene, findings)
}

/// Closed issues that asked for the same, each a way of reading this one.
pub fn earlier(scene: &Scene<'_>, plan: &Plan) -> Vec<String> {
    doubles::earlier(scene, plan).iter().map(doubles::Earlier::read_as).collect()
}

/// Holds the finished plan against every rule.
pub fn check(scene: &Scene<'_>, plan: &Plan) -> Vec<Finding> {
    let of = |rule: &&Rule| {
        let (id, level) = (rule.id.to_owned(), rule.level);
        let found = (rule.check)(scene, plan).into_iter();
        found
            .map(|Found { about, text }| Finding { rule: id.clone(), level, about, text })
            .collect::<Vec<_>>()
    };
    RULES.iter().flat_map(of).collect()
}

impl Finding {
    /// One line for `/why`.
    pub fn told(&self) -> String {
        let level = match self.level {
            Level::Block => "blocks",
            Level::Ask => "asks",
            Level::Warn => "warns",
            Level::Hint => "hints",
        };
        format!("{} {level}: {}", self.rule, self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::RULES;

    #[test]
    fn the_page_has_a_row_for_each_rule_with_its_level() {
        let page = include_str!("../../../../docs/plans.md");
        let rows: Vec<String> = page
            .lines()
            .filter(|line| line.starts_with("| WI"))
            .map(|line| line.split(" | ").take(2).collect::<Vec<_>>().join(" "))
            .collect();
        let told =
            |rule: &&super::Rule| format!("| {} {}", rule.id, format!("{:?}", rule.level).to_lowercase());
        assert_eq!(rows, RULES.iter().map(told).collect::<Vec<_>>());
    }
}
