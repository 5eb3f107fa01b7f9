//! Asks what a new thing is called beside those of its kind, what it gives where they give theirs, and where one sets what
//! is to be one's own choice.

use crate::domain::plan::frames::{Findings, Scene};
use crate::domain::plan::model::Question;
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::places;
use crate::domain::plan::{clues, words};

/// Asks, where the issue wants a new thing beside others that the tree has, or its own choice where others are made.
pub fn ask(scene: &Scene<'_>, findings: &mut Findings) {
    set(scene, findings);
    let Some(siblings) = &scene.lookups.siblings else { return };
    let others = words::list(&words::codes(&siblings.others));
    if let Some(registry) = &siblings.registry {
        let line = registry.line.unwrap_or(1);
        let text = format!(
            "What is it called beside {others}, which `{}` lists from line {line} on?",
            registry.path
        );
        let default = words::code(&siblings.name);
        findings.ask(scene, "its name", Question::new("sibling.name".to_owned(), text, default, 66));
    }
    if scene.reading.blocks.is_empty() {
        let text = format!("What comes out of it where {others} give theirs: one example?");
        let default = format!("shown by its tests; every option that `{}` respects holds", siblings.model);
        findings.ask(scene, "what it gives", Question::new("sibling.example".to_owned(), text, default, 74));
    }
}

static CHOICE: Pattern =
    Pattern::new(r"\bcustom(?:i[sz](?:able|ed?|ing))?\b|\bconfigurable\b|\badjustable\b");
/// Files in which one sets up what stands beside them.
static SETS_UP: Pattern = Pattern::new(
    r"^(?:builder|options|config|settings)$|(?:_|-)(?:builder|options|config|settings)$|(?-i:[a-z](?:Builder|Options|Config|Settings)$)",
);
/// So many of the title's words among what is set there are no accident.
const SHARED: usize = 2;

/// Asks whether it is set where what the title names beside it is set.
fn set(scene: &Scene<'_>, findings: &mut Findings) {
    let asked = scene.reading.demands.iter().any(|demand| CHOICE.is_in(&demand.text));
    if !asked || scene.reading.tells_fault {
        return;
    }
    let titled = words::nouns(&scene.brief.title);
    let homes: Vec<String> =
        scene.lookups.places.iter().flatten().flat_map(|place| home(&place.path)).collect();
    let near = |path: &str| {
        homes.iter().any(|home| home == places::folder(path))
            && SETS_UP.is_in(places::stem(places::name(path)))
    };
    let defined: Vec<(&str, usize, &str)> = scene.places.defined(near).collect();
    for own in defined.chunk_by(|(one, ..), (other, ..)| one == other) {
        let path = own.first().map_or("", |(path, ..)| *path);
        let mut set: Vec<(&str, usize)> = Vec::new();
        for word in titled.iter().filter(|word| word.len() > 3 && !clues::is_general(word)) {
            let named =
                own.iter().filter(|(_, _, name)| words::nouns(&places::split_camel(name)).contains(word));
            set.extend(named.map(|(_, line, name)| (*name, *line)).next());
        }
        set.sort_by_key(|(_, line)| *line);
        set.dedup();
        let Some((_, line)) = set.first().filter(|_| set.len() >= SHARED) else { continue };
        let names: Vec<&str> = set.iter().map(|(name, _)| *name).collect();
        let names = words::some(&words::codes(&names), 3);
        let text = format!("Is it set where {names} are, in `{path}` from line {line} on?");
        let default = "yes; without it everything is as before".to_owned();
        let question = Question::new("sibling.set".to_owned(), text, default, 71);
        return findings.ask(scene, "where it is set", question);
    }
}

/// The folder of a file, and the one that bears its name.
fn home(path: &str) -> [String; 2] {
    let folder = places::folder(path);
    [folder.to_owned(), places::within(folder, places::stem(places::name(path)))]
}
