//! Something goes away.

use crate::domain::plan::asks::lead_in;
use crate::domain::plan::frames::{Claim, Findings, Frame, Risk, Scene};
use crate::domain::plan::model::{Place, Question};
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::places;
use crate::domain::plan::words;

/// The frame.
pub static FRAME: Frame =
    Frame { name: "removal", read, risk: Some(Risk::of("who uses {name} from outside breaks at once")) };

static REMOVED: Pattern = Pattern::new(concat!(
    r"^(?:",
    lead_in!(),
    r")?(?:we |please |the |to |should |must |could |let's )*(?:remove|drop|delete|deprecate|retire)\s+(?:the\s+|all\s+|our\s+|use of\s+|support for\s+|deprecated\s+|unused\s+|old\s+|method\s+|function\s+|class\s+|option\s+)*`([^`]{3,60})`(.*)$"
));
/// Only some versions or some uses of it go.
static PARTLY: Pattern = Pattern::new(
    r"^\s*(?:\(?(?:<|>|=|~|\^|v?\d)|(?:versions?|before|below|older|from|in|on|for|when|if|where|under|as|parameter|argument|option|header|field|key|entry|line|job|step)\b)",
);
static WARNED: Pattern =
    Pattern::new(r"\b(?:deprecat\w*|major|breaking|unused|internal|private|dead code)\b");

fn read(scene: &Scene<'_>, findings: &mut Findings) {
    for (index, statement) in scene.open(findings) {
        let Some(found) = REMOVED.captures(&statement.text) else { continue };
        let (Some(name), rest) = (found.get(1), found.get(2).map_or("", |rest| rest.as_str())) else {
            continue;
        };
        if PARTLY.is_in(rest) {
            continue;
        }
        let name = name.as_str();
        let users: Vec<&str> = scene
            .places
            .snapshot
            .files
            .iter()
            .filter(|(_, text)| text.contains(name.trim_end_matches("()")))
            .map(|(path, _)| path.as_str())
            .collect();
        let name = words::code(name);
        let today = match users.as_slice() {
            [] => String::new(),
            [only] => format!("; today it stands in `{only}`"),
            users => format!("; today {} of the files read hold it", users.len()),
        };
        let cases = vec![format!("a search for {name} finds nothing{today}")];
        if !WARNED.is_in(&scene.whole()) {
            findings.ask(
                scene,
                &format!("the notice of {name}"),
                Question::new(
                    scene.slot("removal.notice", index),
                    format!("Does a release warn of {name} before it goes?"),
                    format!("yes, {name} is deprecated first"),
                    66,
                ),
            );
        }
        let places: Vec<Place> = users
            .iter()
            .filter(|path| places::is_source(path))
            .take(6)
            .map(|path| places::existing(path))
            .collect();
        findings
            .claim(index, Claim { frame: FRAME.name, group: String::new(), kind: "feature", cases, places });
    }
}
