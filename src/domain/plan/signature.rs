//! Asks for the signature of a new call that a wish leaves to whoever writes it, with the nearest one that is there.

use crate::domain::plan::frames::{Findings, Scene};
use crate::domain::plan::mentions;
use crate::domain::plan::model::{Place, Question};
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::places;
use crate::domain::plan::proposal;
use crate::domain::plan::statement::Statement;
use crate::domain::plan::words;

/// Wants a call that is not there, or one more thing to pass.
static NEW_CALL: Pattern = Pattern::new(
    r"\b(?:add|adding|provide|introduce|expose|have|need|want|like|offer|implement|is)\b[^.]{0,30}?\b(?:an?|another|new|optional|extra|further|additional)\s(?:\w+\s){0,2}?(?:overload|method|function|parameter|argument|variant)\b",
);

/// Asks, for the first demand that wants a new call of a function that the tree has and that nobody writes down.
pub fn ask(scene: &Scene<'_>, findings: &mut Findings) {
    if scene.reading.tells_fault || !scene.reading.declared.is_empty() {
        return;
    }
    let own = scene.reading.demands.iter().enumerate().filter(|(_, demand)| demand.by.is_none());
    for (index, demand) in own {
        let Some((name, place)) = function(scene, demand) else { continue };
        let sketch = proposal::sketch(scene.reading, index).filter(|block| calls(&block.text, &name));
        if sketch.is_none() && !NEW_CALL.is_in(&demand.text) {
            continue;
        }
        let all = scene.places.signatures(&place.path, &name);
        let Some(like) = places::fullest(&all) else { continue };
        let from = match sketch {
            Some(block) => {
                let verb = if block.last() > block.line { "sketch" } else { "sketches" };
                format!("{} {verb} a call, and no signature", words::capitalized(&block.lines()))
            }
            None => format!("R{} names neither it nor what it takes", index + 1),
        };
        let text = format!("Which signature does it get? {from}.");
        let default = format!(
            "{} `{like}` (`{}` from line {} on)",
            way(&place.path),
            place.path,
            place.line.unwrap_or(1)
        );
        let question = Question::new(scene.slot("signature", index), text, default, 68);
        return findings.ask(scene, &format!("the signature of R{}", index + 1), question);
    }
}

/// The one function of the tree that a demand names as code, where it names no other that is not there.
fn function(scene: &Scene<'_>, demand: &Statement) -> Option<(String, Place)> {
    let mut found: Option<(String, Place)> = None;
    for (code, _) in mentions::spans(&demand.text).into_iter().filter(|(_, is_code)| *is_code) {
        let lookup = scene.lookups.names.iter().find(|lookup| lookup.name == code)?;
        let place = lookup.place.clone().filter(|place| lookup.found && place.line.is_some())?;
        let last = code.split(['(', '<']).next().unwrap_or_default();
        let last = last.rsplit([':', '.', '#', '>']).next().unwrap_or_default().to_owned();
        if found.is_none() && !scene.places.signatures(&place.path, &last).is_empty() {
            found = Some((last, place));
        }
    }
    found
}

fn calls(code: &str, name: &str) -> bool {
    code.contains(&format!("{name}("))
}

/// How the language adds to a call that is there.
fn way(path: &str) -> &'static str {
    match places::ending(path) {
        "java" | "kt" | "cs" | "scala" | "swift" | "cpp" | "cc" | "h" | "hpp" => "an overload beside",
        "py" | "rb" | "php" | "dart" => "one more optional parameter of",
        _ if places::is_script(path) => "one more optional parameter of",
        _ => "a call of its own beside",
    }
}
