//! `If not, …` in a list: the condition is that of the item before, which does not hold.

use crate::domain::plan::frames::Scene;
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::statement::{self, Statement};
use crate::domain::plan::words;

static ELSE: Pattern = Pattern::new(concat!(
    statement::otherwise!(),
    r",?(?: (?:and|but))? (?:(?:if |when )?([^,]{4,80}), (?:then )?)?(\S.{3,})$"
));
static WHEN: Pattern = Pattern::new(r"^\W*(?:if|when|where) ([^,]{4,80}), (?:then )?(\S.{3,})$");
/// Which word a clause is denied at.
static DENIED: Pattern = Pattern::new(r"^(.{2,60}?) (is|are|was|were|has|have|exists) ?(.*)$");

/// Most items of a list that are gone back through.
const BACK: usize = 6;

/// What comes under the condition of an item, and under none of those before it.
pub(super) fn of(scene: &Scene<'_>, index: usize) -> Option<String> {
    let demands = &scene.reading.demands;
    let own = demands.get(index)?;
    let found = ELSE.captures(bare(own))?;
    let mut given: Vec<String> = found.get(1).map(|it| it.as_str().to_owned()).into_iter().collect();
    let outcome = found.get(2)?.as_str();
    let mut line = own.line;
    for before in demands.iter().take(index).rev().take(BACK) {
        // Of another list, or somebody else's.
        if before.line + 1 != line || before.by != own.by {
            break;
        }
        line = before.line;
        let (condition, goes_on) = match (ELSE.captures(bare(before)), WHEN.first(bare(before), 1)) {
            (Some(found), _) => (found.get(1)?.as_str().to_owned(), true),
            (None, Some(when)) => (when.to_owned(), false),
            (None, None) => return None,
        };
        given.insert(0, denied(&condition)?);
        if !goes_on {
            return Some(format!(
                "{}: {}",
                words::clipped(&given.join(", "), 160),
                words::clipped(outcome, 110)
            ));
        }
    }
    None
}

/// That, else what the sentence says by itself.
pub fn cases(scene: &Scene<'_>, index: usize, said: &Statement) -> Vec<String> {
    of(scene, index).map_or_else(|| super::cases(&said.text, said.origin), |case| vec![case])
}

fn bare(said: &Statement) -> &str {
    said.text.trim().trim_end_matches(['.', ';', '!'])
}

fn denied(condition: &str) -> Option<String> {
    let found = DENIED.captures(condition)?;
    let part = |group: usize| found.get(group).map_or("", |it| it.as_str());
    match part(2) {
        "has" | "have" => None,
        "exists" => Some(format!("{} does not exist {}", part(1), part(3)).trim_end().to_owned()),
        verb => Some(format!("{} {verb} not {}", part(1), part(3))),
    }
}
