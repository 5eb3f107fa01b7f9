//! What a report says of how to see it, so that nobody has to ask for the steps.

use super::input::{TYPED, tells};
use super::under;
use crate::domain::plan::asks;
use crate::domain::plan::examples;
use crate::domain::plan::frames::Scene;
use crate::domain::plan::mentions;
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::words;

/// What was done is shown below its heading, and somebody says what was expected of it: however the title asks, there is a fault.
pub(super) fn is_tried(scene: &Scene<'_>) -> bool {
    let done =
        scene.reading.blocks.iter().filter(|block| block.section.as_deref().is_some_and(asks::is_steps));
    let typed = done
        .flat_map(|block| block.text.lines().take(40))
        .any(|line| examples::typed_at_prompt(line).is_some());
    let own = scene.reading.talk.iter().chain(&scene.reading.demands).filter(|said| said.by.is_none());
    typed && own.filter(|said| said.line > 0).any(|said| asks::expects(&said.text))
}

/// Names a sentence a command with its arguments, or a call, of which it tells something?
pub(super) fn is_called(scene: &Scene<'_>) -> bool {
    let talk = scene.reading.talk.iter().filter(|said| said.by.is_none() && said.line > 0);
    let mut spans = talk.flat_map(|said| mentions::spans(&said.text)).filter(|(_, code)| *code);
    spans.any(|(code, _)| TYPED.is_in(code.trim()) || CALL.is_in(code.trim()))
}

static CALL: Pattern = Pattern::new(r"^[\w.:$>-]+\(.*\S.*\)$");

/// Says a sentence under which condition something fails?
pub(super) fn is_conditioned(scene: &Scene<'_>) -> bool {
    let talk = scene.reading.talk.iter().chain(&scene.reading.demands).filter(|said| said.by.is_none());
    under::titled(&scene.brief.title).is_some()
        || talk.filter(|said| said.line > 0 && tells(said)).any(|said| under::under(&said.text).is_some())
}

/// The command of a sentence that begins with it: `` `crane -w 160` still lifts 120``.
pub(super) fn leading(scene: &Scene<'_>) -> Option<String> {
    let own = scene.reading.talk.iter().filter(|said| said.by.is_none() && said.line > 0);
    own.filter_map(|said| LEADING.first(&said.text, 1)).find(|typed| TYPED.is_in(typed)).map(words::code)
}

static LEADING: Pattern = Pattern::new(
    r"^\W*?`([^`]{4,120})` (?:still |always |now |just |only |then |actually |currently )*(?:[a-z]{2,}s|does|did|has|had|gave|took|is) [^.]",
);

/// `This still happens with …`, whoever meets it.
pub(super) fn still(scene: &Scene<'_>) -> Option<String> {
    let comments = scene.brief.comments.iter().filter(|comment| !comment.is_bot).take(COMMENTS);
    let lines = comments.flat_map(|comment| comment.body.lines().map(move |line| (comment, line)));
    let short = lines.filter(|(_, line)| line.len() < LINE).take(20 * COMMENTS);
    // Only what is an option, a setting or a version: a stranger's words are no case.
    let mut with = short.filter_map(|(comment, line)| Some((comment, STILL.first(line, 1)?)));
    let (comment, with) = with.find(|(_, with)| SEEN_WITH.is_in(with))?;
    Some(format!("the same with {with}, as {} sees it", comment.author))
}

static SEEN_WITH: Pattern = Pattern::new(
    r"^(?:`[\w./=:-]{1,40}`|--?[A-Za-z][\w-]{0,30}|[A-Za-z][\w.-]{1,20} v?\d[\w.]{0,12})(?: (?:flag|option|switch|setting|enabled|disabled))?$",
);
/// Most comments that are looked through for it, and longest line of them.
const COMMENTS: usize = 40;
const LINE: usize = 400;

/// `This still happens on 2.1 with the `--all` flag`: with what else the fault is seen.
static STILL: Pattern = Pattern::new(
    r"^\W*(?:this|it|the same|the (?:issue|problem|bug|error))(?: (?:thing|issue|problem|bug|error))? (?:still |also )?(?:happens|occurs|appears|exists|reproduces|persists)(?: for me| here| too| also| as well| still)*(?: (?:on|in|at|with) (?:version |release )?v?\d[\w.]*)?,? (?:with|when using|using) (?:the )?(.{4,90}?)(?:,? (?:too|as well))?[.!]*$",
);
