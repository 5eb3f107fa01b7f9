//! WI006: words that everybody reads as they like.

use crate::domain::plan::frames::Scene;
use crate::domain::plan::model::Plan;
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::rules::{Found, Level, Rule};
use crate::domain::plan::words;

/// The rule.
pub static RULE: Rule = Rule { id: "WI006", level: Level::Hint, check };

static SMELLS: Pattern = Pattern::new(
    r"\b(various|properly|appropriate(?:ly)?|robust(?:ly)?|etc|as needed|if necessary|and/or|user-friendly|gracefully|efficient(?:ly)?|seamless(?:ly)?|reasonable|adequate|sufficient(?:ly)?|as (?:fast|soon) as possible|state of the art|intuitive(?:ly)?|easy|easily|flexible|some kind of|usw|angemessen|benutzerfreundlich)\b",
);

fn check(_: &Scene<'_>, plan: &Plan) -> Vec<Found> {
    let all: usize =
        plan.requirements.iter().map(|requirement| requirement.quote.split_whitespace().count()).sum();
    let found: Vec<(&str, Vec<&str>)> = plan
        .requirements
        .iter()
        .map(|requirement| (requirement.id.as_str(), SMELLS.all(&requirement.quote, 1)))
        .filter(|(_, words)| !words.is_empty())
        .collect();
    let count: usize = found.iter().map(|(_, words)| words.len()).sum();
    if count * 100 <= all {
        return Vec::new();
    }
    let told = found.into_iter().map(|(id, smells)| {
        let smells: Vec<String> = smells.into_iter().map(words::quoted).collect();
        Found {
            about: id.to_owned(),
            text: format!("{} can be read in many ways: only the cases count", words::list(&smells)),
        }
    });
    told.collect()
}
