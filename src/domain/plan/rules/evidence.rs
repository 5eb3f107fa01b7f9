//! WI008: what would make a plan easier to trust.

use crate::domain::plan::frames::Scene;
use crate::domain::plan::model::Plan;
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::rules::{Found, Level, Rule};
use crate::domain::plan::trace;

/// The rule.
pub static RULE: Rule = Rule { id: "WI008", level: Level::Hint, check };

static SHOWN: Pattern = Pattern::new(r"https?://|!\[|```|#\d+");

fn check(scene: &Scene<'_>, plan: &Plan) -> Vec<Found> {
    if plan.work_items.is_empty() {
        return Vec::new();
    }
    let mut out = Vec::new();
    let mut hint = |text: &str| out.push(Found { about: "issue".to_owned(), text: text.to_owned() });
    if !SHOWN.is_in(&scene.brief.body) && !trace::has_trace(&scene.brief.body) {
        hint("the issue links no log, picture, page or other issue that shows the need");
    }
    if !plan.owners.iter().any(|line| line.contains("review by")) {
        hint("no line of a `CODEOWNERS` file names who answers for the files");
    }
    if scene.reading.excluded.is_empty() && plan.requirements.len() > 3 {
        hint("the issue does not say what is out of scope");
    }
    let large = plan.work_items.iter().any(|item| matches!(item.size.bucket.as_str(), "M" | "L" | "XL"));
    let moves_data =
        plan.work_items.iter().flat_map(|item| &item.paths).any(|path| path.contains("migration"));
    if (large || moves_data) && !scene.brief.body.to_lowercase().contains("rollback") {
        hint("the issue does not say how it is taken back; the plan's own way is under “Back out”");
    }
    out
}
