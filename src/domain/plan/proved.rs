//! What a demand is printed with as proof: of all that was found for it, what says more than its own words and can be true.

use crate::domain::plan::frames::{Claim, Scene};
use crate::domain::plan::statement::{Origin, Statement};
use crate::domain::plan::{clause, gate, words};

/// Most cases of one demand.
const CASES: usize = 8;

/// The cases that may be printed.
pub fn by(scene: &Scene<'_>, demand: &Statement, claim: Option<&Claim>) -> Vec<String> {
    let mut found = cases(scene, demand, claim.map_or(&[], |claim| claim.cases.as_slice()));
    found.retain(|case| !keeps_nothing(scene, case));
    let asked = gate::Asked { quote: &demand.text, title: &scene.brief.title };
    let again = |case: &String| demand.origin == Origin::Report || gate::says_again(case, &asked);
    match gate::printed(&found, &asked) {
        shown if shown.is_empty() && found.iter().any(again) => vec![clause::TEST.to_owned()],
        shown => shown,
    }
}

/// Says of a file that is not there that it stays as it is.
fn keeps_nothing(scene: &Scene<'_>, case: &str) -> bool {
    let kept = case.strip_suffix(&format!(": as at {}", scene.base()));
    let missing = |kept| scene.lookups.missing.iter().any(|one| words::code(&one.name) == kept);
    kept.is_some_and(missing)
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
