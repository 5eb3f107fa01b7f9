//! WI007: text that somebody still wanted to write.

use crate::domain::plan::frames::Scene;
use crate::domain::plan::model::Plan;
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::rules::{Found, Level, Rule};
use crate::domain::plan::words;

/// The rule.
pub static RULE: Rule = Rule { id: "WI007", level: Level::Warn, check };

static OPEN: Pattern = Pattern::new(
    r"(?:^|[^/\w-])(?-i:(TBD|TODO|FIXME|XXX))(?:$|[^/\w-])|(\?\?\?+|<(?:your|describe|insert|add|fill|enter|replace|todo|tbd)\b[^<>]{0,60}>|\[(?:insert|your|describe|fill in)\b[^\]]{0,60}\])",
);

fn check(scene: &Scene<'_>, _: &Plan) -> Vec<Found> {
    let said = scene.reading.demands.iter().chain(&scene.reading.talk);
    let mut lines: Vec<(usize, String)> = Vec::new();
    for statement in said.filter(|statement| statement.by.is_none() && statement.line > 0) {
        // What stands in code is quoted from somewhere.
        let prose = statement.prose();
        if let Some(found) = OPEN.either(&prose) {
            lines.push((statement.line, words::quoted(found)));
        }
    }
    lines.sort();
    let Some((first, word)) = lines.first() else { return Vec::new() };
    let text = match lines.len() {
        1 => format!("Line {first} still holds {word}"),
        2 => format!("Line {first} still holds {word}, and one more line is unfinished"),
        count => format!("Line {first} still holds {word}, and {} more lines are unfinished", count - 1),
    };
    vec![Found { about: "issue".to_owned(), text }]
}
