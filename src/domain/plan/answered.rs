//! Where answers go: into the cases of the demand that they are about, or at least into what the plan says.

use crate::domain::plan::fit::DECIDES;
use crate::domain::plan::frames::{Answered, Findings, Scene};
use crate::domain::plan::left_open::OPEN;
use crate::domain::plan::model::{Plan, Requirement};
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::source;
use crate::domain::plan::words;

/// An answer that no frame has turned into a case is one in its own words: what somebody decided is seen to be done.
pub fn reach(scene: &Scene<'_>, findings: &Findings, requirements: &mut [Requirement]) {
    for answered in &findings.answered {
        let Some(requirement) = asked_of(scene, findings, answered).and_then(|at| requirements.get_mut(at))
        else {
            continue;
        };
        let nouns = words::nouns(&answered.text);
        let says = |case: &String| {
            words::stands_in(case, &answered.text)
                || !nouns.is_empty() && nouns.is_subset(&words::nouns(case))
        };
        // A word without content is no whole proof; it is quoted all the same.
        let is_proof = !requirement.cases.is_empty() || tells(scene, &answered.text);
        if is_proof && !requirement.cases.iter().any(says) {
            requirement.cases.push(format!("{}: {}", answered.about, answered.text));
        }
    }
}

/// One word of letters alone.
static LONE: Pattern = Pattern::new(r"^\W*([A-Za-z\u{c0}-\u{24f}]+)\W*$");

/// Whether an answer tells anything: more than one word, a number, a sign, or a name of the issue or of the tree.
pub fn tells(scene: &Scene<'_>, text: &str) -> bool {
    let Some(word) = LONE.first(text, 1).filter(|_| !text.contains('`')) else { return true };
    let is_it = |other: &str| other.eq_ignore_ascii_case(word);
    let holds = |text: &str| text.split(|c: char| !c.is_alphanumeric()).any(is_it);
    let in_tree = || scene.places.snapshot.tree.iter().any(|entry| holds(&entry.path));
    DECIDES.is_in(word) || holds(&scene.brief.title) || holds(&scene.brief.body) || in_tree()
}

/// The demand that an answer is about: the one whose slot it is, else the first that the asking frame reads, or that holds the
/// name in question.
fn asked_of(scene: &Scene<'_>, findings: &Findings, answered: &Answered) -> Option<usize> {
    if answered.slot.starts_with(OPEN) {
        return closest(scene, &answered.about);
    }
    let mut demands = scene.reading.demands.iter().enumerate();
    let own = scene.demand_of(&answered.slot);
    let reads = |index: usize| {
        let claim = findings.claims.get(index).and_then(Option::as_ref);
        claim.is_some_and(|claim| claim.frame == answered.frame) && own.is_none_or(|own| own == index)
    };
    let name = answered.slot.strip_prefix("missing.");
    let at = demands.position(|(index, demand)| match name {
        Some(name) => demand.text.contains(name),
        None => reads(index),
    });
    // A frame may ask of what another has claimed.
    at.or_else(|| own.filter(|_| !answered.frame.is_empty()))
        .or_else(|| (!answered.frame.is_empty()).then_some(0))
}

/// The demand that shares most words with a question that the issue itself leaves open; the first where none shares any.
fn closest(scene: &Scene<'_>, about: &str) -> Option<usize> {
    let asked = words::nouns(about);
    let shared = |index: &usize| {
        let said = scene.reading.demands.get(*index).map(|demand| words::nouns(&demand.text));
        said.map_or(0, |said| said.intersection(&asked).count())
    };
    (0..scene.reading.demands.len()).max_by_key(|index| (shared(index), std::cmp::Reverse(*index)))
}

/// The last answers to questions that nobody asks any more: no word is lost in silence.
pub fn untold(scene: &Scene<'_>, plan: &Plan) -> Vec<String> {
    let told = |text: &str| {
        let requirements = || plan.requirements.iter();
        let shown = requirements().flat_map(|requirement| &requirement.cases);
        let shown = shown.chain(requirements().map(|requirement| &requirement.quote));
        plan.read_as.iter().chain(shown).any(|line| words::stands_in(line, text))
    };
    let mut out = Vec::new();
    for answer in scene.brief.answers.iter().filter(|answer| answer.slot.is_none()) {
        for piece in source::read(&answer.text).pieces {
            let said = words::shorten(&piece.text, 200);
            if !told(said.trim_end_matches('…')) {
                out.push(format!("{}: {}", answer.author, words::quoted(&said)));
            }
        }
    }
    for (slot, number) in &plan.asked {
        let Some(answer) = scene.answer(slot) else { continue };
        let said = words::on_one_line(&answer.text, 200);
        let start: String = said.chars().take(60).collect();
        if !told(start.trim_end_matches('…')) {
            out.push(format!("{}, to question {number}: {}", answer.author, words::quoted(&said)));
        }
    }
    out
}
