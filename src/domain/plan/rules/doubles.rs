//! WI003: somebody asks for the same already.

use std::collections::BTreeSet;

use crate::domain::brief::{OpenIssue, State};
use crate::domain::plan::cover;
use crate::domain::plan::frames::{Findings, Scene};
use crate::domain::plan::mentions::{self, MentionKind};
use crate::domain::plan::model::{Plan, Question};
use crate::domain::plan::rules::{Found, Level, Rule};
use crate::domain::plan::words;

/// The rule. Likeness of titles is asked for by `questions`; this adds issues that name the same files.
pub static RULE: Rule = Rule { id: "WI003", level: Level::Ask, check };

/// Shared part of the paths from which two issues may be one, with at least [`FEWEST`] of them.
const OVERLAP: f64 = 0.7;
/// One file alone is named by many issues.
const FEWEST: usize = 2;

/// Asks about issues that name the same files.
pub fn ask(scene: &Scene<'_>, findings: &mut Findings, plan: &Plan) {
    for (other, shared) in alike(scene, plan) {
        let slot = format!("duplicate.{}", other.number);
        let state = other.state.unwrap_or(State::Open).word();
        let text = format!(
            "#{} ({state}) {} names {} too. Is it the same?",
            other.number,
            words::quoted(&words::shorten(&other.title, 60)),
            words::some(&words::codes(&shared), 2)
        );
        let default = format!("#{} is another matter", other.number);
        findings.ask(scene, &format!("#{}", other.number), Question::new(slot, text, default, 90));
    }
}

fn alike<'s>(scene: &Scene<'s>, plan: &Plan) -> Vec<(&'s OpenIssue, Vec<String>)> {
    let own: BTreeSet<String> = plan
        .requirements
        .iter()
        .flat_map(|requirement| &requirement.places)
        .map(|place| place.path.clone())
        .collect();
    if own.len() < FEWEST {
        return Vec::new();
    }
    let mut out = Vec::new();
    for other in scene.brief.open_issues.iter().filter(|other| !other.pull_request) {
        let child = cover::is_child(scene.brief, scene.reading, other.number)
            || scene.brief.blocked_by.iter().any(|blocker| blocker.number == other.number)
            || plan.dependencies.iter().any(|dependency| dependency.issue == other.number);
        if child || !own.iter().any(|path| other.body.contains(path.as_str())) {
            continue;
        }
        let named = paths(&format!("{}\n{}", other.title, other.body));
        let shared: Vec<String> = own.intersection(&named).cloned().collect();
        if shared.len() >= FEWEST && words::jaccard(&own, &named) >= OVERLAP {
            out.push((other, shared));
        }
    }
    out.truncate(2);
    out
}

fn paths(text: &str) -> BTreeSet<String> {
    let lines = text.lines().take(200).filter(|line| line.len() < 2_000);
    let named = lines.flat_map(mentions::mentions).filter(|mention| mention.kind == MentionKind::Path);
    named.map(|mention| mention.text).collect()
}

fn check(_: &Scene<'_>, plan: &Plan) -> Vec<Found> {
    let asked = plan.questions.iter().filter_map(|question| question.slot.strip_prefix("duplicate."));
    asked
        .map(|number| Found {
            about: "issue".to_owned(),
            text: format!("#{number} may be the same: asked, not decided"),
        })
        .collect()
}
