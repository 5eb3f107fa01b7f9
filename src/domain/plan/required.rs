//! What the issue asks, each with where it is done and with the cases that may be printed.

use crate::domain::plan::frames::{self, Claim, Findings, Scene};
use crate::domain::plan::model::{Place, Requirement};
use crate::domain::plan::statement::{Decision, Origin, Reading, Statement};
use crate::domain::plan::{clause, cover, gate, words};

/// Most cases of one demand.
const CASES: usize = 8;

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
            if !places.iter().any(|seen| seen.path == place.path) {
                places.push(place.clone());
            }
        }
        out.push(Requirement {
            id: format!("R{}", index + 1),
            quote: cover::quoted(&demand.text),
            line: demand.line,
            by: demand.by.clone(),
            likely: likely(scene, &places),
            proposed: None,
            risk: claim.and_then(|claim| frames::risk(claim, &demand.text)),
            places,
            cases: shown(scene, demand, claim),
            within: scene.reading.covered.get(&index).copied(),
        });
    }
    out
}

/// Where who may triage wants one name or number in place of another, cases and titles have it.
pub fn decided(reading: &Reading, findings: &mut Findings, requirements: &mut [Requirement]) {
    for Decision { new, old, by } in &reading.decided {
        let mut turned = false;
        for requirement in requirements.iter_mut().filter(|one| !one.quote.contains(new.as_str())) {
            for case in &mut requirement.cases {
                let now = words::renamed(case, old, new);
                turned |= now != *case;
                *case = now;
            }
        }
        for (_, title) in &mut findings.titles {
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

/// The cases that may be printed.
fn shown(scene: &Scene<'_>, demand: &Statement, claim: Option<&Claim>) -> Vec<String> {
    let found = cases(scene, demand, claim.map_or(&[], |claim| claim.cases.as_slice()));
    let asked = gate::Asked { quote: &demand.text, title: &scene.brief.title };
    let again = |case: &String| demand.origin == Origin::Report || gate::says_again(case, &asked);
    match gate::printed(&found, &asked) {
        shown if shown.is_empty() && found.iter().any(again) => vec![clause::TEST.to_owned()],
        shown => shown,
    }
}

/// The cases that say more than the demand does; where none does, what shows the demand met.
fn cases(scene: &Scene<'_>, demand: &Statement, all: &[String]) -> Vec<String> {
    let telling: Vec<String> =
        all.iter().filter(|case| !clause::is_hollow(case, &demand.text)).cloned().collect();
    if let ([only], Some(subject)) = (all, clause::kept(&demand.text))
        && clause::repeats(only, &demand.text)
    {
        return vec![format!("{subject}: as at {}", scene.base())];
    }
    let shown = |is_owner: bool| {
        let own = scene.reading.declared.iter().filter(move |one| one.is_owner == is_owner);
        let own = own.filter(|one| one.line == demand.line && one.text == demand.text && demand.by.is_none());
        own.flat_map(|one| one.cases.clone()).take(CASES).collect::<Vec<String>>()
    };
    let declared = shown(true);
    if !declared.is_empty() {
        let more = telling.into_iter().filter(|case| !clause::is_bare(case) && !declared.contains(case));
        return declared.iter().cloned().chain(more).take(CASES).collect();
    }
    if telling.is_empty() && !shown(false).is_empty() {
        return shown(false);
    }
    match (telling.is_empty(), all.is_empty()) {
        // Each sentence has its case: one that repeats its own words stands beside one that says more.
        (false, _) if words::sentences(&demand.text).len() > 1 => all.to_vec(),
        (true, false) => clause::proof(&demand.text, &scene.base()).into_iter().collect(),
        _ => telling,
    }
}

/// What speaks for places that nobody named.
fn likely(scene: &Scene<'_>, places: &[Place]) -> Option<String> {
    let first = places.first()?;
    let known = scene.lookups.likely.iter().find(|(path, _)| *path == first.path);
    known.map(|(_, because)| because.clone())
}
