//! WI002: what comes first exists, and nothing waits in a circle.

use crate::domain::plan::dependencies;
use crate::domain::plan::frames::{Findings, Scene};
use crate::domain::plan::model::{Plan, Question};
use crate::domain::plan::rules::{Found, Level, Rule};

/// The rule. A circle makes the plan not feasible; a number that nobody has is asked for.
pub static RULE: Rule = Rule { id: "WI002", level: Level::Block, check };

/// Asks for each dependency that is not there; `true`: one is still unanswered.
pub fn ask(scene: &Scene<'_>, findings: &mut Findings) -> bool {
    let mut blocked = false;
    for issue in &scene.brief.gone {
        let slot = dependencies::slot(*issue);
        blocked |= scene.answer(&slot).is_none();
        let text =
            format!("The issue waits for #{issue}, which is not in this repository. Which one comes first?");
        findings.ask(
            scene,
            &format!("#{issue}"),
            Question::new(slot, text, "no work item until somebody says".to_owned(), 100),
        );
    }
    blocked
}

fn check(scene: &Scene<'_>, plan: &Plan) -> Vec<Found> {
    let unanswered =
        |issue: &&crate::domain::ids::IssueNumber| scene.answer(&dependencies::slot(**issue)).is_none();
    let mut out: Vec<Found> = scene
        .brief
        .gone
        .iter()
        .filter(unanswered)
        .map(|issue| Found {
            about: "issue".to_owned(),
            text: format!("#{issue} comes first and is not in this repository: no work item"),
        })
        .collect();
    let own = &scene.places.snapshot.repository;
    if let Some(circle) = dependencies::cycle(scene.brief, &plan.dependencies, own) {
        let circle: Vec<String> = circle.iter().map(|issue| format!("#{issue}")).collect();
        out.push(Found {
            about: "issue".to_owned(),
            text: format!("{} wait for each other: no work item", circle.join(" → ")),
        });
    }
    out
}
