//! The change that a report proposes, shown at its place and held against the code there.

use crate::domain::plan::frames::Scene;
use crate::domain::plan::mentions;
use crate::domain::plan::model::{Place, Requirement};
use crate::domain::plan::statement::{self, Origin, Remedy};
use crate::domain::plan::words;

/// Longest line of code that is shown.
const LINE: usize = 80;

/// Puts the proposed change beside the place of the demand that it mends.
pub fn show(scene: &Scene<'_>, requirements: &mut [Requirement]) {
    let is_report =
        |index: usize| scene.reading.demands.get(index).is_some_and(|demand| demand.origin == Origin::Report);
    let Some(remedy) = statement::remedy(scene.reading) else { return };
    let first = requirements.iter_mut().enumerate().find(|(index, _)| is_report(*index));
    let Some((_, requirement)) = first else { return };
    requirement.proposed = Some(match remedy {
        Remedy::Shown(block) => format!("the code of {}", block.lines()),
        Remedy::Said(said) => {
            let quote = words::quoted(words::shorten(&said.text, 140).trim_end_matches('.'));
            match requirement.places.as_slice() {
                [only] => format!("{quote}{}", judged(scene, &said.text, only)),
                _ => quote,
            }
        }
    });
}

/// What stands at the place today.
fn judged(scene: &Scene<'_>, said: &str, place: &Place) -> String {
    let codes = || mentions::spans(said).into_iter().filter(|(_, code)| *code).map(|(text, _)| text.trim());
    let Some(source) = scene.places.text(&place.path) else { return String::new() };
    let Some(line) = place.line.and_then(|line| source.lines().nth(line.saturating_sub(1))) else {
        return String::new();
    };
    // A name stands in many lines; an expression is what would be put there.
    let put = codes().find(|code| code.contains(' ') && !line.contains(code));
    let there = put.and_then(|code| Some((code, source.lines().position(|line| line.contains(code))? + 1)));
    match there {
        Some((code, at)) => format!("; {} stands in line {at} already", words::code(code)),
        None if put.is_some() => {
            format!("; today: {}", words::code(&words::shorten(&line.trim().replace('`', "'"), LINE)))
        }
        None => String::new(),
    }
}
