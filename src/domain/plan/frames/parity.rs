//! One thing is to do what another does already.

use crate::domain::plan::examples::{self, Side};
use crate::domain::plan::frames::{Findings, Frame, Risk, Scene, Taken};
use crate::domain::plan::mentions;
use crate::domain::plan::model::Question;
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::statement::Statement;
use crate::domain::plan::words;

/// The frame.
pub static FRAME: Frame = Frame {
    name: "parity",
    read,
    risk: Some(Risk::of("what the model does wrong is done twice from then on")),
};

static LIKE: Pattern = Pattern::new(
    r"^(.{3,160}?),?\s+(?:in )?(?:the same way as|the same (?:manner|format|form) as|consistent(?:ly)? with|(?:to )?match(?:es)? the behaviou?r of|(?:behaves?|works?) (?:exactly |just )?like|(?:just|exactly) like|genauso wie)\s+(.{3,160})$",
);
static SAME_FOR: Pattern = Pattern::new(
    r"\b(?:like|want|need|add|allow|support) the same (?:thing |feature |option |behaviou?r )?(?:for|in|on|with)\s+([^,.:;]{3,80})",
);

static WISHES: Pattern = Pattern::new(r"^\W*(?:i|we|it would|there)\b");

fn read(scene: &Scene<'_>, findings: &mut Findings) {
    for (index, statement) in scene.open(findings) {
        let text = statement.text.trim_end_matches(['.', '!']);
        if let Some(found) = LIKE.captures(text) {
            let (Some(left), Some(right)) = (found.get(1), found.get(2)) else { continue };
            // `I wish there was an option just like …`: who wishes is no subject.
            if WISHES.is_in(left.as_str()) {
                continue;
            }
            like(scene, findings, index, (&named(left.as_str()), &named(right.as_str())));
        } else if let Some(other) = SAME_FOR.first(text, 1) {
            same_for(scene, findings, (index, statement), other.trim());
        }
    }
}

/// Its first name of code, else its words.
fn named(part: &str) -> String {
    match mentions::spans(part).into_iter().find(|(_, code)| *code) {
        Some((name, _)) => words::code(name),
        None => {
            let part = part.trim();
            words::quoted(&words::shorten(SAID_OF.first(part, 1).unwrap_or(part), 60))
        }
    }
}

/// The verb behind a subject.
static SAID_OF: Pattern =
    Pattern::new(r"^(.{3,}?)(?:\s+(?:should|must|shall|can|could|would|will|to|be|do|work|behave|act))+$");

fn like(scene: &Scene<'_>, findings: &mut Findings, index: usize, names: (&str, &str)) {
    let (subject, model) = names;
    let cases = vec![
        format!("{subject} given what {model} gets: the same result"),
        format!("{model}: as at {}", scene.base()),
    ];
    // A model in words may be anything that somebody remembers.
    if scene.places.known() && model.starts_with('`') {
        let base = scene.base();
        findings.reads(format!(
            "“like” {model} = as it is at {base}; what changes there later does not follow by itself"
        ));
        findings.leaves(
            index,
            format!(
                "{model} has to be as at {base} after a revert, also where {subject} came to share its code"
            ),
        );
    }
    ask(scene, findings, index, names);
    findings.take(scene, index, Taken { frame: FRAME.name, kind: "feature", cases });
}

/// `I'd like the same for …`: what the sentence before says there is.
fn same_for(scene: &Scene<'_>, findings: &mut Findings, said: (usize, &Statement), subject: &str) {
    let (index, statement) = said;
    let before = scene
        .reading
        .talk
        .iter()
        .filter(|talk| talk.line < statement.line && talk.section == statement.section)
        .max_by_key(|talk| talk.line);
    let quoted = words::quoted(subject);
    let model = before.map_or_else(
        || format!("what R{} compares it with", index + 1),
        |talk| words::quoted(&words::clipped(talk.text.trim_end_matches('.'), 80)),
    );
    let mut cases = vec![format!(
        "{quoted}: what line {} says of others",
        before.map_or(statement.line, |talk| talk.line)
    )];
    let block = scene.reading.blocks.iter().find(|block| block.line > statement.line);
    if let Some(block) = block {
        let last = block.last();
        let key = examples::new_key(block, &scene.places.snapshot.files);
        let key_known = key.is_some();
        let name = key.map_or_else(|| format!("lines {}–{last}", block.line), |key| words::code(&key));
        cases.push(match key_known {
            true => format!("{name} as in lines {}–{last}: accepted", block.line),
            false => format!("{name} as given there: accepted"),
        });
        cases.push(format!("without {name}: as at {}", scene.base()));
    }
    let shown = examples::of(scene.reading);
    cases.extend(shown.iter().filter(|example| example.side == Side::Wanted).take(2).map(examples::case));
    ask(scene, findings, index, (&quoted, &model));
    findings.take(scene, index, Taken { frame: FRAME.name, kind: "feature", cases });
}

fn ask(scene: &Scene<'_>, findings: &mut Findings, index: usize, names: (&str, &str)) {
    let (subject, model) = names;
    findings.ask(
        scene,
        &format!("the likeness of R{}", index + 1),
        Question::new(
            scene.slot("parity.errors", index),
            format!("Does {subject} follow {model} in errors and limits, too?"),
            format!("yes; {subject} differs in nothing that one can see"),
            44,
        ),
    );
}
