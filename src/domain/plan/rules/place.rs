//! WI005: an item names where it is done.

use crate::domain::plan::frames::Scene;
use crate::domain::plan::model::Plan;
use crate::domain::plan::rules::{Found, Level, Rule};
use crate::domain::plan::words;

/// The rule.
pub static RULE: Rule = Rule { id: "WI005", level: Level::Warn, check };

fn check(scene: &Scene<'_>, plan: &Plan) -> Vec<Found> {
    let asked = plan
        .questions
        .iter()
        .any(|question| question.slot == "place" || question.slot.starts_with("missing."));
    if asked || !scene.places.known() {
        return Vec::new();
    }
    let lost = plan.work_items.iter().filter(|item| item.is_new() && item.paths.is_empty());
    lost.map(|item| Found {
        about: item.ordinal.to_string(),
        text: format!(
            "{} names no file that exists or is to be made: finding its place comes first",
            words::quoted(&words::shorten(&item.title, 60))
        ),
    })
    .collect()
}
