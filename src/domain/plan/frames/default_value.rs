//! Something that nobody gives gets another value.

use crate::domain::plan::frames::{Findings, Frame, Risk, Scene, Taken};
use crate::domain::plan::model::Question;
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::places;
use crate::domain::plan::words;

/// The frame.
pub static FRAME: Frame = Frame {
    name: "changed default",
    read,
    risk: Some(Risk::of("who never set {name} gets the new value without having asked for it")),
};

static CHANGE: Pattern = Pattern::new(
    r"\bdefaults?(?: values?)?\s+(?:(?:of|for)\s+)?(?:the\s+)?`?([\w.:<>()-]+(?: [\w-]+)?)`?\s+(?:from\s+`?[\w.%-]+`?\s+)?(?:to|should be|must be|becomes?)\s+`?([\w.%-]+(?: (?:ms|s|min|h|days|MB|KB)\b)?)",
);

/// Words that two readers fill differently.
static NO_VALUE: Pattern = Pattern::new(
    r"^(?:reasonable|sensible|something|other|better|new|same|an?|the|be|more|less|different|some)$",
);

/// A default without a number: what it is has to be said before anybody can see it.
fn ask_value(scene: &Scene<'_>, findings: &mut Findings, index: usize, name: &str) {
    let slot = scene.slot("default.value", index);
    let value = scene.answer(&slot).map(|answer| words::shorten(&answer.text, 40));
    let known = value.unwrap_or_else(|| format!("the value asked for R{}", index + 1));
    findings.ask(
        scene,
        &format!("the default of {name}"),
        Question::new(
            slot,
            format!("Which value does {name} get where nobody sets it?"),
            "today's stays".to_owned(),
            80,
        ),
    );
    let cases = vec![format!("{name} not given: {known}"), format!("{name} given: as at {}", scene.base())];
    findings.take(scene, index, Taken { frame: FRAME.name, kind: "feature", cases });
}

static FROM: Pattern =
    Pattern::new(r"\bfrom\s+`?([\w.%-]+(?: (?:ms|s|min|h|days|MB|KB)\b)?)`?\s+(?:to|should|must|becomes?)");

/// A value, and the file and line that have it.
type Today<'a> = (String, Option<(&'a str, usize)>);

/// What the one line of the sources gives it that names it and a plain value.
fn today_of<'a>(scene: &Scene<'a>, name: &str) -> Option<Today<'a>> {
    if name.len() < 3 || name.contains([' ', '.', ':']) {
        return None;
    }
    let mut found: Vec<Today<'a>> = Vec::new();
    let own = scene.places.read_sources().filter(|(path, _)| !places::is_aside(path));
    for (path, text) in own.filter(|(_, text)| text.contains(name)) {
        for (at, line) in text.lines().enumerate().filter(|(_, line)| line.len() < places::LINE) {
            let given = GIVES.every(line).find(|given| given.get(1).is_some_and(|it| it.as_str() == name));
            let value = given.and_then(|given| Some(given.get(2)?.as_str().to_owned()));
            found.extend(value.map(|value| (value, Some((path, at + 1)))));
        }
    }
    // Two lines that give it something leave open which of them is the default.
    (found.len() == 1).then(|| found.remove(0))
}

/// `retries = 3`, `retries: u32 = 3`, `retries: 3`.
static GIVES: Pattern = Pattern::new(
    r"\b(\w+)(?:\s*:\s*[A-Za-z][\w<>\[\]| ]*?)?\s*[:=]\s*(\d[\w.]*|true|false|True|False|null|None|'[^']{1,40}'|\x22[^\x22]{1,40}\x22)\s*(?:[,;)}]|$)",
);

fn read(scene: &Scene<'_>, findings: &mut Findings) {
    for (index, statement) in scene.open(findings) {
        let Some(found) = CHANGE.captures(&statement.text) else { continue };
        let (Some(name), Some(value)) = (found.get(1), found.get(2)) else { continue };
        let (name, value) = (words::code(name.as_str()), value.as_str().trim_end_matches('.').to_owned());
        if NO_VALUE.is_in(&value) {
            ask_value(scene, findings, index, &name);
            continue;
        }
        let today = FROM.first(&statement.text, 1).map(str::to_owned).map(|value| (value, None));
        let today = today.or_else(|| today_of(scene, name.trim_matches('`')));
        if let Some((today, at)) = today.filter(|(today, _)| *today != value) {
            if let Some((path, line)) = at {
                findings
                    .reads(format!("today's default of {name} = {today}, as `{path}` line {line} has it"));
            }
            findings.leaves(
                index,
                format!(
                    "whoever needs {today} sets {name} to {today}; that works with and without the change"
                ),
            );
        }
        let cases =
            vec![format!("{name} not given: {value}"), format!("{name} given: as at {}", scene.base())];
        findings.ask(
            scene,
            &format!("the release of {name}"),
            Question::new(
                scene.slot("default.release", index),
                format!("Whoever relies on today's default of {name} sees a change. In which release does {value} come?"),
                "the next major one, named in its notes".to_owned(),
                62,
            ),
        );
        findings.take(scene, index, Taken { frame: FRAME.name, kind: "feature", cases });
    }
}
