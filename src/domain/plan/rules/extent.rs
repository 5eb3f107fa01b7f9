//! WI004: small enough for one pull request, with one goal.

use crate::domain::plan::frames::Scene;
use crate::domain::plan::model::{Plan, WorkItem};
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::rules::{Found, Level, Rule};
use crate::domain::plan::words;

/// The rule.
pub static RULE: Rule = Rule { id: "WI004", level: Level::Warn, check };

/// Most demands one item should meet.
const MOST: usize = 8;

/// Two goals in one title, each with a verb of its own.
static TWO_GOALS: Pattern = Pattern::new(
    r"^(?:\w+:\s*)?((?:add|remove|fix|support|make|update|change|rename|allow|improve|refactor|move|split|replace|drop|write|document|test)\b.{3,80}?),? and ((?:add|remove|fix|support|make|update|change|rename|allow|improve|refactor|move|split|replace|drop|write|document|test)\b.{3,80})$",
);

fn check(_: &Scene<'_>, plan: &Plan) -> Vec<Found> {
    let mut out: Vec<Found> =
        plan.work_items.iter().filter(|item| item.is_new()).filter_map(too_large).collect();
    if let ([only], Some(goals)) = (plan.work_items.as_slice(), TWO_GOALS.captures(plan.title.trim())) {
        let goal = |group: usize| goals.get(group).map_or("", |it| it.as_str());
        out.push(Found {
            about: only.ordinal.to_string(),
            text: format!(
                "The title asks for two things, {} and {}: each could be reverted alone as an issue of its own",
                words::quoted(goal(1)),
                words::quoted(goal(2))
            ),
        });
    }
    out
}

fn too_large(item: &WorkItem) -> Option<Found> {
    let huge = item.size.bucket == "XL";
    let many = item.requirements.len() > MOST;
    if !huge && !many {
        return None;
    }
    let title = words::quoted(&words::shorten(&item.title, 60));
    let what = match (huge, many) {
        (true, false) => format!("{title} is of size XL"),
        (false, _) => format!("{title} meets {} demands", item.requirements.len()),
        (true, true) => format!("{title} is of size XL and meets {} demands", item.requirements.len()),
    };
    Some(Found { about: item.ordinal.to_string(), text: format!("{what}: {}", cut(&item.requirements)) })
}

/// Where it could be cut: in the middle of its demands.
fn cut(requirements: &[String]) -> String {
    let (first, second) = requirements.split_at(requirements.len().div_ceil(2));
    let span = |ids: &[String]| match ids {
        [] => String::new(),
        [one] => one.clone(),
        [first, .., last] => format!("{first}–{last}"),
    };
    match second {
        [] => "split it before anybody starts".to_owned(),
        second => format!("cut it, such as into {} and {}", span(first), span(second)),
    }
}
