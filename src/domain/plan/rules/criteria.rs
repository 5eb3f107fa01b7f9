//! WI001: at least one criterion, and each can be observed.

use crate::domain::plan::frames::Scene;
use crate::domain::plan::model::{Plan, Verdict};
use crate::domain::plan::rules::{Found, Level, Rule};
use crate::domain::plan::shown;
use crate::domain::plan::words;

/// The rule. A demand without a case makes no work item, except a box of the author beside others that show something;
/// `questions` asks what shows it done.
pub static RULE: Rule = Rule { id: shown::RULE, level: Level::Block, check };

fn check(_: &Scene<'_>, plan: &Plan) -> Vec<Found> {
    if plan.verdict == Verdict::TooVague {
        let text = "nothing in the issue can be seen to be done: no work item".to_owned();
        return vec![Found { about: "issue".to_owned(), text }];
    }
    let used = |id: &String| plan.work_items.iter().any(|item| item.requirements.contains(id));
    let silent = plan.requirements.iter().filter(|requirement| {
        requirement.cases.is_empty() && requirement.within.is_none() && !used(&requirement.id)
    });
    silent
        .map(|requirement| Found {
            about: requirement.id.clone(),
            text: format!(
                "{} shows nothing when it is done, no number, status, name or outcome: it makes no work item",
                words::quoted(&words::shorten(&requirement.quote, 60))
            ),
        })
        .collect()
}
