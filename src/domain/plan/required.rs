//! What the issue asks, each with where it is done and with the cases that may be printed.

use crate::domain::plan::frames::{self, Findings, Scene};
use crate::domain::plan::model::{Place, Requirement};
use crate::domain::plan::statement::{Decision, Reading};
use crate::domain::plan::{cover, proved, words};

/// The demands, with what the frames made of them.
pub fn all(scene: &Scene<'_>, findings: &Findings) -> Vec<Requirement> {
    let mut out = Vec::new();
    for (index, demand) in scene.reading.demands.iter().enumerate() {
        let claim = findings.claims.get(index).and_then(Option::as_ref);
        let documents = claim.is_some_and(|claim| claim.kind == "docs" && !claim.places.is_empty());
        let mut places: Vec<Place> = if documents { Vec::new() } else { scene.own_places(index).to_vec() };
        let claimed = claim.map_or(&[][..], |claim| claim.places.as_slice());
        let guessed = |place: &Place| scene.lookups.likely.iter().any(|(path, _)| *path == place.path);
        if places.iter().all(guessed) && claimed.iter().any(|place| !guessed(place)) {
            places.clear();
        }
        for place in claimed {
            match places.iter_mut().find(|seen| seen.path == place.path) {
                // Whoever finds the same file may know the line.
                Some(seen) => seen.line = seen.line.or(place.line),
                None => places.push(place.clone()),
            }
        }
        out.push(Requirement {
            id: format!("R{}", index + 1),
            quote: cover::quoted(demand.said.as_deref().unwrap_or(&demand.text)),
            line: demand.line,
            by: demand.by.clone(),
            likely: likely(scene, &places),
            proposed: None,
            risk: claim.and_then(|claim| frames::risk(claim, &demand.text)),
            places,
            cases: proved::by(scene, demand, claim),
            within: scene.reading.covered.get(&index).copied(),
        });
    }
    out
}

/// Where who may triage wants one name or number in place of another, cases and titles have it.
pub fn decided(reading: &Reading, findings: &mut Findings, requirements: &mut [Requirement]) {
    for Decision { new, old, by, of } in &reading.decided {
        let mut turned = of.is_some();
        let is_meant = |one: &Requirement| match of {
            Some(of) => one.quote == *of,
            None => !one.quote.contains(new.as_str()),
        };
        let others = requirements.iter().any(|one| !is_meant(one) && one.quote.contains(old.as_str()));
        for requirement in requirements.iter_mut().filter(|one| is_meant(one)) {
            for case in &mut requirement.cases {
                let now = words::renamed(case, old, new);
                turned |= now != *case;
                *case = now;
            }
        }
        // A title may stand for several.
        for (_, title) in findings.titles.iter_mut().filter(|_| of.is_none() || !others) {
            *title = words::renamed(title, old, new);
        }
        if turned {
            findings.questions.retain(|question| question.slot != format!("missing.{old}"));
            findings.read_as.push(format!(
                "{by} decides: {} in place of {}",
                words::code(new),
                words::code(old)
            ));
        }
    }
}

/// What speaks for places that nobody named.
fn likely(scene: &Scene<'_>, places: &[Place]) -> Option<String> {
    let first = places.first()?;
    let known = scene.lookups.likely.iter().find(|(path, _)| *path == first.path);
    known.map(|(_, because)| because.clone())
}
