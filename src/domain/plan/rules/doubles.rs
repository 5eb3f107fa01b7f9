//! WI003: somebody asks for the same already.

use std::collections::BTreeSet;

use crate::domain::brief::{Brief, ClosedIssue, OpenIssue, State};
use crate::domain::plan::cover;
use crate::domain::plan::frames::{Findings, Scene};
use crate::domain::plan::mentions::{self, MentionKind};
use crate::domain::plan::model::{Plan, Question};
use crate::domain::plan::priority::day;
use crate::domain::plan::rules::{Found, Level, Rule};
use crate::domain::plan::words;

/// The rule. Likeness of titles is asked for by `questions`; this adds issues that name the same files, and names closed ones.
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

/// A closed issue that asked for the same, by its title.
pub struct Earlier {
    /// `issue`, or the number of a work item.
    about: String,
    /// Its number, state and title, and what it asked for.
    told: String,
}

impl Earlier {
    /// For the comment: whoever asks again wants what is left.
    pub fn read_as(&self) -> String {
        format!("{}: planned is what it left", self.told)
    }
}

/// Closed issues of which the title is in the words of this one or of a work item, as far as they were gathered. Nobody is
/// asked: what was asked for twice is often wanted twice.
pub fn earlier(scene: &Scene<'_>, plan: &Plan) -> Vec<Earlier> {
    let brief = scene.brief;
    let known = brief.open_issues.iter().filter(|one| one.state == Some(State::Closed) && !one.pull_request);
    let known = known.map(|one| (one.number, one.title.as_str()));
    let history = brief.history.iter().filter(|one| is_recent(brief, one));
    let history = history.map(|one| (one.number, one.title.as_str()));
    let mut seen = BTreeSet::from([brief.number]);
    seen.extend(brief.blocked_by.iter().map(|blocker| blocker.number));
    seen.extend(plan.dependencies.iter().map(|dependency| dependency.issue));
    let mut out = Vec::new();
    for (number, title) in known.chain(history) {
        let asked = plan.asked.contains_key(&format!("duplicate.{number}"));
        if asked || cover::is_child(brief, scene.reading, number) || !seen.insert(number) {
            continue;
        }
        let closed = format!("#{number} (closed) {}", words::quoted(&words::shorten(title, 60)));
        let mut items = plan.work_items.iter().filter(|item| item.is_new());
        let (about, what) = match items.find(|item| in_the_same_words(&item.title, title)) {
            _ if in_the_same_words(&brief.title, title) => {
                ("issue".to_owned(), "asked for the same".to_owned())
            }
            Some(item) => (item.ordinal.to_string(), format!("asked for what {} does", item.ordinal)),
            None => continue,
        };
        out.push(Earlier { about, told: format!("{closed} {what}") });
    }
    out.truncate(2);
    out
}

/// Days for which one that is closed is told of.
const BOUND: i64 = 90;

/// Was it closed not longer ago? Where a day is not known, nobody can say that it was.
fn is_recent(brief: &Brief, closed: &ClosedIssue) -> bool {
    let age = || Some((day(brief.today.as_deref()?)? - day(closed.closed_at.as_deref()?)?).num_days());
    age().is_none_or(|days| days <= BOUND)
}

/// Word for word, or with the same ones in another order or number; one word alone says too little.
fn in_the_same_words(own: &str, other: &str) -> bool {
    let (bare, words) = (words::bare(own), words::nouns(own));
    !bare.is_empty() && bare == words::bare(other)
        || words.len() > 1 && words == words::nouns(other) && turns(own) == turns(other)
}

/// What makes another matter of the same words: numbers, and what denies.
fn turns(text: &str) -> Vec<String> {
    let words = words::bare(text);
    let telling = |word: &&str| {
        word.contains(|c: char| c.is_ascii_digit()) || matches!(*word, "not" | "no" | "without" | "never")
    };
    let mut own: Vec<String> = words.split(' ').filter(telling).map(str::to_owned).collect();
    own.sort();
    own
}

fn paths(text: &str) -> BTreeSet<String> {
    let lines = text.lines().take(200).filter(|line| line.len() < 2_000);
    let named = lines.flat_map(mentions::mentions).filter(|mention| mention.kind == MentionKind::Path);
    named.map(|mention| mention.text).collect()
}

fn check(scene: &Scene<'_>, plan: &Plan) -> Vec<Found> {
    let asked = plan.questions.iter().filter_map(|question| question.slot.strip_prefix("duplicate."));
    let asked = asked.map(|number| Found {
        about: "issue".to_owned(),
        text: format!("#{number} may be the same: asked, not decided"),
    });
    let named = earlier(scene, plan).into_iter();
    let named =
        named.map(|one| Found { about: one.about, text: format!("{}: named, not decided", one.told) });
    asked.chain(named).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_or_a_denial_makes_another_matter_of_the_same_words() {
        assert!(in_the_same_words("Add a dark theme", "add dark themes"));
        assert!(!in_the_same_words("Upgrade axios to 1.7.2", "Upgrade axios to 1.6.0"));
        assert!(!in_the_same_words("Sessions must expire", "Sessions must not expire"));
    }
}
