//! One name becomes another, everywhere.

use crate::domain::plan::exported;
use crate::domain::plan::frames::{Claim, Findings, Frame, Risk, Scene, has};
use crate::domain::plan::longer;
use crate::domain::plan::mentions;
use crate::domain::plan::model::{Place, Question};
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::places;
use crate::domain::plan::words;

/// The frame.
pub static FRAME: Frame = Frame {
    name: "rename",
    read,
    risk: Some(Risk {
        fits: |cases| !has(cases, "finds its alias"),
        ..Risk::of("who calls {name} from outside breaks at once")
    }),
};

static RENAME: Pattern = Pattern::new(r"\b(?:rename[sd]?|renaming|umbenenn\w+|umbenannt)\b");
static OLD_STAYS: Pattern =
    Pattern::new(r"alias|deprecat|keep\w* (?:the )?(?:old|`)|old name|compat|alter name");
static NO_ALIAS: Pattern = Pattern::new(
    r"\b(?:no|not|without|don['’]t|never)\b[^.;]{0,30}\b(?:alias|deprecat|keep|compat|old name)",
);
/// An answer by which the old name goes.
static GOES: Pattern = Pattern::new(
    r"^(?:no\b|not\b|do not\b|don['’]t\b|without\b|nein\b|never\b|it goes\b|gone\b|drop\b|remove\b)",
);

fn read(scene: &Scene<'_>, findings: &mut Findings) {
    for (index, statement) in scene.open(findings) {
        let spans = mentions::spans(&statement.text);
        let codes: Vec<&str> = spans.iter().filter(|(_, code)| *code).map(|(text, _)| *text).collect();
        // Something may be called `rename`.
        let renames = spans.iter().any(|(text, code)| !code && RENAME.is_in(text));
        if let (true, [old, new, ..]) = (renames, codes.as_slice()) {
            one(scene, findings, index, (old, new));
        }
    }
}

fn one(scene: &Scene<'_>, findings: &mut Findings, index: usize, names: (&str, &str)) {
    let (old, new) = names;
    let users = users(scene, old);
    let group = format!("rename {old}");
    let slot = scene.slot("rename.old", index);
    let told = scene.whole().lines().any(|line| OLD_STAYS.is_in(line) && !NO_ALIAS.is_in(line));
    // What may stay as an alias is still found there.
    let stays = told || scene.answer(&slot).is_some_and(|answer| !GOES.is_in(answer.text.trim()));
    let finds = if stays { "finds its alias at most" } else { "finds nothing" };
    let mut cases = vec![format!("`{new}` does what `{old}` did")];
    cases.push(match users.len() {
        0 => format!("a search for `{old}` {finds}"),
        1 => format!("a search for `{old}` {finds}; today it stands in `{}`", users.join("")),
        count => format!("a search for `{old}` {finds}; today it stands in {count} of the files read"),
    });
    if !told {
        findings.ask(
            scene,
            &words::code(old),
            Question {
                slot,
                text: format!("Does `{old}` stay as a deprecated alias of `{new}`?"),
                default: format!("no, `{old}` goes"),
                why: String::new(),
                weight: 65,
            },
        );
    }
    if let Some(line) = longer::told(scene.places, &scene.brief.body, old) {
        findings.reads(line);
    }
    if scene.places.known() {
        let by = match exported::at(scene.places, old) {
            Some((path, line)) if !stays => {
                format!(
                    "`{old}` is for others, too (`{path}` line {line}): whoever took up `{new}` breaks by a revert"
                )
            }
            _ => format!("whoever uses `{new}` by then has to use `{old}` again"),
        };
        findings.leaves(index, by);
    }
    findings.title(&group, format!("Rename `{old}` to `{new}`"));
    let listed = users.iter().take(12).map(|path| places::existing(path));
    let places: Vec<Place> = listed.collect();
    findings.claim(index, Claim { frame: FRAME.name, group, kind: "structure", cases, places });
}

/// Files read in which a name stands.
fn users<'a>(scene: &Scene<'a>, name: &str) -> Vec<&'a str> {
    let name = name.trim_end_matches("()");
    if name.len() < 3 {
        return Vec::new();
    }
    let holding = scene.places.snapshot.files.iter().filter(|(_, text)| text.contains(name));
    let mut users: Vec<&str> = holding.map(|(path, _)| path.as_str()).collect();
    // It is renamed where it is made; what only speaks of it follows.
    users.sort_by_key(|path| (!places::is_source(path), places::is_test(path) || places::is_aside(path)));
    users
}
