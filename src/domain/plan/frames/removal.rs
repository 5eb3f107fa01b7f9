//! Something goes away.

use crate::domain::plan::asks::lead_in;
use crate::domain::plan::exported;
use crate::domain::plan::frames::{Claim, Findings, Frame, Risk, Scene};
use crate::domain::plan::longer;
use crate::domain::plan::model::{Place, Question};
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::places;
use crate::domain::plan::reading_list::is_changelog;
use crate::domain::plan::words;

/// The frame.
pub static FRAME: Frame =
    Frame { name: "removal", read, risk: Some(Risk::of("who uses {name} from outside breaks at once")) };

static REMOVED: Pattern = Pattern::new(concat!(
    r"^(?:",
    lead_in!(),
    r")?(?:we |please |the |to |should |must |could |let's )*(?:remove|drop|delete|deprecate|retire)\s+(?:the\s+|all\s+|our\s+|use of\s+|support for\s+|deprecated\s+|unused\s+|old\s+|method\s+|function\s+|class\s+|option\s+)*(?:`([^`]{3,60})`|((?-i:[A-Z][a-z0-9]+(?:[A-Z][A-Za-z0-9]*)+|[a-z][a-z0-9]*(?:_[a-z0-9]+)+))(?: (?:field|class|function|method|type|helper|module|command|filter|decorator|hook|macro|trait|struct|interface|api)\b)?)(.*)$"
));
/// Only some versions or some uses of it go.
static PARTLY: Pattern = Pattern::new(
    r"^\s*(?:\(?(?:<|>|=|~|\^|v?\d)|(?:versions?|before|below|older|from|in|on|for|when|if|where|under|as|parameter|argument|option|header|field|key|entry|line|job|step)\b)",
);
static WARNED: Pattern = Pattern::new(
    r"\b(?:deprecat\w*|major|breaking|backwards?[ -]?incompat\w*|unused|internal|private|dead code)\b",
);

/// So many of the files that hold it are named, the others counted.
const NAMED: usize = 3;

fn read(scene: &Scene<'_>, findings: &mut Findings) {
    for (index, statement) in scene.open(findings) {
        let Some(found) = REMOVED.captures(&statement.text) else { continue };
        let name = found.get(1).or_else(|| found.get(2));
        let (Some(name), rest) = (name, found.get(3).map_or("", |rest| rest.as_str())) else { continue };
        // Words of a sentence are code where the tree has them as a name.
        let bare = found.get(1).is_none();
        if PARTLY.is_in(rest) {
            continue;
        }
        let name = name.as_str();
        let users = users(scene, name.trim_end_matches("()"));
        if bare && !users.iter().any(|place| places::is_source(&place.path)) {
            continue;
        }
        if let Some(line) = longer::told(scene.places, &scene.brief.body, name) {
            findings.reads(line);
        }
        if let Some((path, line)) = exported::at(scene.places, name.trim_end_matches("()")) {
            findings.leaves(
                index,
                format!(
                    "{} is for others, too (`{path}` line {line}): once a release is without it, only another release brings it back",
                    words::code(name)
                ),
            );
        }
        let name = words::code(name);
        let today = match users.as_slice() {
            [] => String::new(),
            users => {
                let paths: Vec<String> = users.iter().map(|place| words::code(&place.path)).collect();
                format!("; today it stands in {}", words::some(&paths, NAMED))
            }
        };
        let cases = vec![format!("a search for {name} finds nothing{today}")];
        let labeled = scene.brief.labels.iter().any(|label| WARNED.is_in(label));
        if !labeled && !WARNED.is_in(&scene.whole()) {
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
        let own = |place: &&Place| places::is_source(&place.path) && !places::is_test(&place.path);
        let places: Vec<Place> = users.iter().filter(own).take(6).cloned().collect();
        findings.claim(
            index,
            Claim { frame: FRAME.name, group: String::new(), kind: "structure", cases, places },
        );
    }
}

/// The files read that hold a name, each with the line that defines it, else with the first that has it: where it is defined
/// before where it is used, the product before its tests and what is written of both.
fn users(scene: &Scene<'_>, name: &str) -> Vec<Place> {
    let holding = scene.places.snapshot.files.iter().filter(|(path, _)| !is_changelog(path));
    let holding = holding.filter(|(_, text)| text.contains(name));
    let mut found: Vec<(bool, Place)> = holding
        .map(|(path, text)| {
            let defined = scene.places.definition(path, name).filter(|_| places::is_source(path));
            let used = || text.lines().position(|line| line.contains(name)).map(|at| at + 1);
            (defined.is_some(), Place { line: defined.or_else(used), ..places::existing(path) })
        })
        .collect();
    let beside = |path: &str| scene.places.holds_tests(path) || scene.places.is_beside(path);
    found.sort_by_key(|(defined, place)| {
        let path = place.path.as_str();
        (!places::is_source(path), beside(path), !defined)
    });
    found.into_iter().map(|(_, place)| place).collect()
}
