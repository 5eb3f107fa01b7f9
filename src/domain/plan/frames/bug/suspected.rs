//! What a maintainer takes for the cause: whoever begins looks there first.

use crate::domain::plan::frames::{Findings, Scene};
use crate::domain::plan::mentions;
use crate::domain::plan::model::Place;
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::places::{self, definitions};
use crate::domain::plan::statement::Statement;
use crate::domain::plan::{asks, words};

static GUESSES: Pattern = Pattern::new(
    r"\b(?:my|the) (?:first |best |current )?(?:guess|suspicion|theory|hunch) (?:is|would be)\b|\b(?:i|we)(?:['’]d| would)? (?:suspect|bet|guess|believe)\b|\b(?:the )?(?:root |actual |real |underlying )?(?:cause|culprit|bug|problem|issue|fault) (?:here |then )?(?:is|lies|must be|seems to be|looks to be|might be|may be|could be)\b|\b(?:is|was|are|seems to be|looks to be) (?:probably |likely |most likely )?(?:caused by|due to|because of)\b|\b(?:would|should|could|might) (?:probably |likely )?(?:fix|solve|resolve|cure) (?:it|this|that|the (?:problem|issue|bug))\b",
);
/// Of the talk, or of whoever writes, and of no code.
static NO_CAUSE: Pattern = Pattern::new(
    r"\b(?:already|was|been) (?:fixed|solved|resolved)\b|\bupgrad\w+|\bupdat(?:e|ing) to\b|\bduplicate\b|\bnot (?:a bug|sure)\b|\b(?:your|you (?:can|could|should|need|may|might|must|have))\b",
);

/// Longest sentence that is quoted, in characters.
const QUOTED: usize = 160;

/// The last sentence of somebody who may triage that says where the fault comes from and names code.
fn suspicion<'a>(scene: &Scene<'a>) -> Option<&'a Statement> {
    let all = scene.reading.talk.iter().chain(&scene.reading.demands);
    // The page that is meant often stands on a line of its own.
    let links = |said: &Statement| {
        let mut same = scene.reading.talk.iter().filter(|other| other.by == said.by);
        !said.links.is_empty() || same.any(|other| !other.links.is_empty())
    };
    let names = |said: &Statement| mentions::mentions(&said.text).iter().any(|one| one.code) || links(said);
    let mut guesses = all.filter(|said| {
        let author = scene.brief.author.as_str();
        let by = said.by.as_deref().filter(|login| *login != author && scene.brief.triages(login));
        by.is_some()
            && GUESSES.is_in(&said.text)
            && !NO_CAUSE.is_in(&said.text)
            && !asks::is_question(&said.text)
            && names(said)
    });
    guesses.next_back()
}

/// Quotes it, so that nobody has to read the thread again.
pub(super) fn tell(scene: &Scene<'_>, findings: &mut Findings) {
    let Some(said) = suspicion(scene) else { return };
    let by = said.by.as_deref().unwrap_or_default();
    let told = words::quoted(&words::shorten(said.text.trim_end_matches('.'), QUOTED));
    findings.read_as.push(format!("the cause, as {by} sees it: {told}"));
}

/// The place, at the line of the code that the maintainer names where it stands in that file.
pub(super) fn at(scene: &Scene<'_>, place: Place) -> Place {
    if place.line.is_some() || place.new {
        return place;
    }
    let named = suspicion(scene).map(|said| mentions::mentions(&said.text)).unwrap_or_default();
    let lines = named.iter().filter(|one| one.code).filter_map(|one| {
        let name = one.text.rsplit(['.', ':', '#']).next().unwrap_or_default().trim_end_matches("()");
        let held = |line: &str| !places::is_comment(line) && definitions::position(line, name).is_some();
        let first = || scene.places.text(&place.path)?.lines().position(held).map(|at| at + 1);
        scene.places.definition(&place.path, name).or_else(first)
    });
    let line = lines.min();
    Place { line, ..place }
}
